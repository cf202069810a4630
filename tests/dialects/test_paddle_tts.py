"""PaddleSpeech text-to-speech: vocoders, end-to-end models with crops in frames, acoustic models with an analysis alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pwg_files import HIFIGAN, without_nothing
from vocoder_files import codes, figures, infos, loud, model_of

NAME = "default.yaml"
ANALYSIS = {"fs": 24000, "n_fft": 2048, "n_shift": 300, "win_length": 1200, "n_mels": 80}
E2E = {"fs": 22050, "n_fft": 1024, "n_shift": 256, "win_length": None}
VITS = {
    "segment_size": 32,
    "decoder_upsample_scales": [8, 8, 2, 2],
    "decoder_upsample_kernel_sizes": [16, 16, 4, 4],
    "decoder_resblock_kernel_sizes": [3, 7, 11],
    "decoder_resblock_dilations": [[1, 3, 5]] * 3,
}
JETS = {key.replace("decoder_", "generator_"): value for key, value in VITS.items()} | {"segment_size": 64}
STYLE = {
    "noise_upsample_scales": [10, 2, 2, 2], "upsample_scales": [5, 1, 5, 1, 3, 1, 2, 2, 1], "upsample_mode": "nearest",
}  # fmt: skip


def vocoder(params: dict[str, Any], **top: Any) -> str:
    return json.dumps(without_nothing({**ANALYSIS, "generator_params": params, "batch_max_steps": 8400, **top}))


def whole(params: dict[str, Any], **model: Any) -> str:
    return json.dumps({**E2E, "model": {"generator_params": params, "sampling_rate": 22050, **model}})


SOUND = [
    # What it is, config, samples a frame, receptive field in frames.
    ("Parallel WaveGAN", vocoder({"layers": 30, "stacks": 3, "upsample_scales": [4, 5, 3, 5]}), 300, 29),
    ("multi-band MelGAN", vocoder({"out_channels": 4, "upsample_scales": [5, 5, 3], "stacks": 4}), 300, 29),
    ("StyleMelGAN", vocoder(STYLE, batch_max_steps=24000), 300, 38),
    ("HiFi-GAN", vocoder(HIFIGAN), 300, 39),
    ("HiFi-GAN with an inverse STFT of hop 4·3", vocoder({**HIFIGAN, "use_istft": True, "istft_layer_id": 2}), 300, 38),
    ("WaveRNN", json.dumps({**ANALYSIS, "model": {"upsample_scales": [4, 5, 3, 5]}, "batch_max_steps": 4500}), 300, 5),
    ("VITS, whose crop counts frames", whole(VITS), 256, 27),
    ("JETS, whose crop counts frames", whole(JETS), 256, 27),
]  # fmt: skip


@pytest.mark.parametrize(("text", "upsampling", "field"), [s[1:] for s in SOUND], ids=[s[0] for s in SOUND])
def test_sound_configs_are_read_exactly_and_in_silence(text: str, upsampling: int, field: int) -> None:
    assert (model_of(text, NAME).dialect, figures(text, NAME), loud(text, NAME)) == (
        "paddle_tts",
        (upsampling, field),
        [],
    )


BROKEN = [
    ("product", vocoder({**HIFIGAN, "upsample_scales": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4]}), "RF301", "256"),
    ("product of VITS", whole({**VITS, "decoder_upsample_scales": [8, 8, 4, 2]}), "RF301", "512"),
    ("kernel", vocoder({**HIFIGAN, "upsample_kernel_sizes": [15, 10, 8, 6]}), "RF302", "5·T+5"),
    ("rate of the model", whole(VITS, sampling_rate=24000), "RF403", "24000"),
    ("crop of WaveRNN",
     json.dumps({**ANALYSIS, "model": {"upsample_scales": [4, 5, 3, 5]}, "batch_max_steps": 4600}), "RF501", "4600"),
    ("window", vocoder(HIFIGAN, win_length=4096), "RF401", "4096"),
    ("noise", vocoder(STYLE, batch_max_steps=8400), "RF504", "80"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "words"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text, NAME)), loud(text, NAME)


def test_the_collater_rounds_a_crop_down_so_it_is_told_quietly() -> None:
    assert codes(vocoder(HIFIGAN, batch_max_steps=8500), NAME) == []
    assert any("batch_max_steps" in message for message in infos(vocoder(HIFIGAN, batch_max_steps=8500), NAME))


ACOUSTIC = """\
fs: {}
n_fft: 2048
n_shift: 300   # Hop size (samples). 12.5ms
win_length: {}  # Window length (samples). 50ms
n_mels: 80
"""


def test_comments_are_compared_at_the_rate_of_the_file() -> None:
    assert codes(ACOUSTIC.format(24000, 1200), NAME) == []
    assert codes(ACOUSTIC.format(16000, 1200), NAME) == ["RF110", "RF110"]


def test_a_window_of_null_is_as_long_as_the_fft_and_its_comment_speaks_of_that() -> None:
    assert any("85.33 ms" in message for _, message in loud(ACOUSTIC.format(24000, "null"), NAME))


def test_an_acoustic_model_gives_frames_and_a_vocoder_takes_them() -> None:
    given = model_of(ACOUSTIC.format(24000, 1200), NAME).exchanges
    taken = model_of(vocoder(HIFIGAN), NAME).exchanges

    assert [(e.side, e.hop.value, e.rate.value) for e in (*given, *taken)] == [
        ("gives", 300, 24000),
        ("takes", 300, 24000),
    ]
