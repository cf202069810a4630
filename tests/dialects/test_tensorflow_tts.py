"""TensorFlowTTS: vocoders whose transposed convolutions are exact for every factor, and preprocessing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vocoder_files import codes, figures, loud, model_of

NAME = "config.yaml"
HIFIGAN = {
    "upsample_scales": [8, 8, 2, 2],
    "stacks": 3,
    "stack_kernel_size": [3, 7, 11],
    "stack_dilation_rate": [[1, 3, 5]] * 3,
}
BANDS = {"upsample_scales": [8, 4, 2], "stacks": 4, "out_channels": 4}


def vocoder(kind: str, params: dict[str, Any], **top: Any) -> str:
    whole = {"model_type": f"{kind}_generator", f"{kind}_generator_params": params, "sampling_rate": 22050, "hop_size": 256,
             "batch_max_steps": 8192, "batch_max_steps_valid": 81920}  # fmt: skip
    return json.dumps({**whole, **top})


SOUND = [
    # What it is, config, samples a frame, receptive field in frames.
    ("MelGAN by default", vocoder("melgan", {}), 256, 13),
    ("multi-band MelGAN", vocoder("multiband_melgan", BANDS), 256, 23),
    ("multi-band MelGAN of odd factors",
     vocoder("multiband_melgan", {**BANDS, "upsample_scales": [3, 5, 5]}, hop_size=300, batch_max_steps=9600,
             batch_max_steps_valid=48000), 300, 42),
    ("HiFi-GAN", vocoder("hifigan", HIFIGAN), 256, 27),
    ("Parallel WaveGAN", vocoder("parallel_wavegan", {"n_layers": 30}), 256, 32),
]  # fmt: skip


@pytest.mark.parametrize(("text", "upsampling", "field"), [s[1:] for s in SOUND], ids=[s[0] for s in SOUND])
def test_sound_configs_are_read_exactly_and_in_silence(text: str, upsampling: int, field: int) -> None:
    found = model_of(text, NAME).dialect, figures(text, NAME), loud(text, NAME)

    assert found == ("tensorflow_tts", (upsampling, field), [])


BROKEN = [
    ("product times bands", vocoder("multiband_melgan", BANDS, hop_size=300, batch_max_steps=9600), "RF301", "256"),
    ("bands", vocoder("multiband_melgan", {**BANDS, "out_channels": 2}), "RF405", "2"),
    ("crop", vocoder("melgan", {}, batch_max_steps=8000), "RF501", "8000"),
    ("crop in validation", vocoder("melgan", {}, batch_max_steps_valid=81000), "RF501", "81000"),
    ("stacks", vocoder("hifigan", {**HIFIGAN, "stacks": 2}), "RF201", "2 entries"),
    ("dilations", vocoder("hifigan", {**HIFIGAN, "stack_dilation_rate": [[1, 3, 5]] * 2}), "RF201", "2 entries"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "words"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text, NAME)), loud(text, NAME)


def test_the_type_decides_among_several_generators() -> None:
    text = vocoder("melgan", {}, multiband_melgan_generator_params=BANDS)

    assert model_of(text, NAME).name == "melgan"


def test_preprocessing_gives_frames() -> None:
    keys: dict[str, object] = {"sampling_rate": 24000, "fft_size": 2048, "hop_size": 300, "win_length": 1200}
    keys |= {"num_mels": 80, "trim_frame_size": 2048, "format": "npy", "fmax": 7600}

    assert [e.side for e in model_of(json.dumps(keys), NAME).exchanges] == ["gives"]
    assert codes(json.dumps({**keys, "win_length": 4096}), NAME) == ["RF401"]
