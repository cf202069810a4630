"""Coqui TTS: vocoders of every kind, VITS with and without an encoder of another rate, analysis in samples or milliseconds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vocoder_files import codes, figures, infos, loud, model_of

AUDIO = {
    "fft_size": 1024,
    "win_length": 1024,
    "hop_length": 256,
    "sample_rate": 22050,
    "num_mels": 80,
    "mel_fmax": 8000.0,
}
LISTS = {
    "upsample_factors": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4], "resblock_kernel_sizes": [3, 7, 11],
    "resblock_dilation_sizes": [[1, 3, 5]] * 3, "resblock_type": "1",
}  # fmt: skip


def vocoder(name: str, params: dict[str, Any], audio: dict[str, Any] | None = None, **top: Any) -> str:
    whole = {"model": name, "generator_model": f"{name}_generator", "audio": {**AUDIO, **(audio or {})}, "seq_len": 8192,
             "generator_model_params": params}  # fmt: skip
    return json.dumps({**whole, **top})


def vits(args: dict[str, Any], audio: dict[str, Any] | None = None) -> str:
    return json.dumps({"model": "vits", "audio": {**AUDIO, **(audio or {})}, "model_args": args})


def other(name: str, section: str, params: dict[str, Any], **top: Any) -> str:
    return json.dumps({"model": name, "audio": AUDIO, "seq_len": 6144, section: params, **top})


WAVERNN = {"upsample_factors": [4, 8, 8], "pad": 2}
SOUND = [
    # What it is, config, samples a frame, receptive field in frames.
    ("HiFi-GAN", vocoder("hifigan", LISTS), 256, 27),
    ("HiFi-GAN of 50 ms frames", vocoder("hifigan", LISTS, {"mel_fmax": None}), 256, 27),
    ("MelGAN", vocoder("melgan", {"upsample_factors": [8, 8, 2, 2], "num_res_blocks": 3}), 256, 13),
    ("full-band MelGAN by default", vocoder("fullband_melgan", {}), 256, 21),
    ("multi-band MelGAN, four bands in the class", vocoder("multiband_melgan", {"upsample_factors": [8, 4, 2]}), 256, 23),
    ("Parallel WaveGAN, no context", vocoder("parallel_wavegan", {"upsample_factors": [4, 4, 4, 4]}), 256, 28),
    ("UnivNet", vocoder("univnet", {"upsample_factors": [8, 8, 4]}), 256, 32),
    ("WaveGrad by default", other("wavegrad", "model_params", {}), 256, 8),
    ("WaveRNN", other("wavernn", "model_args", WAVERNN), 256, 5),
    ("WaveRNN of old files", json.dumps({"generator_model": "Wavernn", "audio": AUDIO, "seq_len": 1280, **WAVERNN}), 256, 5),
    ("VITS by default", vits({}), 256, 27),
    ("VITS with an encoder at half the rate",
     vits({"encoder_sample_rate": 22050, "interpolate_z": False, "upsample_rates_decoder": [8, 8, 4, 2],
           "upsample_kernel_sizes_decoder": [16, 16, 8, 4]}, {"sample_rate": 44100}), 512, 26),
    ("VITS that interpolates its latents", vits({"encoder_sample_rate": 22050}, {"sample_rate": 44100}), 256, 27),
]  # fmt: skip


@pytest.mark.parametrize(("text", "upsampling", "field"), [s[1:] for s in SOUND], ids=[s[0] for s in SOUND])
def test_sound_configs_are_read_exactly_and_in_silence(text: str, upsampling: int, field: int) -> None:
    assert (model_of(text).dialect, figures(text), loud(text)) == ("coqui", (upsampling, field), [])


BROKEN = [
    ("product", vocoder("hifigan", LISTS, {"hop_length": 600, "win_length": 600}, seq_len=9600), "RF301", "256"),
    ("product times four bands", vocoder("multiband_melgan", {"upsample_factors": [8, 8, 2]}), "RF301", "512"),
    ("product of WaveRNN", other("wavernn", "model_args", {"upsample_factors": [4, 8, 4]}), "RF301", "128"),
    ("product of VITS with an encoder of another rate",
     vits({"encoder_sample_rate": 22050, "interpolate_z": False, "upsample_rates_decoder": [8, 8, 2, 2]}, {"sample_rate": 44100}),
     "RF301", "512"),
    ("product of a generator that no key names",
     json.dumps({"audio": {**AUDIO, "hop_length": 300}, "generator_model_params": LISTS}), "RF301", "256"),
    ("parity", vocoder("hifigan", {**LISTS, "upsample_kernel_sizes": [15, 16, 4, 4]}), "RF302", "8·T+1"),
    ("crop", vocoder("hifigan", LISTS, seq_len=1000), "RF501", "1000"),
    ("window", vocoder("hifigan", LISTS, {"win_length": 2048}), "RF401", "2048"),
    ("highest mel frequency", vocoder("hifigan", LISTS, {"sample_rate": 8000}), "RF405", "4000"),
    ("rate of the loss", vocoder("hifigan", LISTS, {"sample_rate": 16000}, l1_spec_loss_params={"sample_rate": 22050}),
     "RF403", "22050"),
    ("a number selects the other block", vocoder("hifigan", {**LISTS, "resblock_type": 1}), "RF201", "3 entries"),
    ("kernels", vocoder("hifigan", {**LISTS, "upsample_kernel_sizes": [16, 16, 4]}), "RF201", "3 entries"),
    ("blocks of WaveGrad",
     other("wavegrad", "model_params", {"upsample_factors": [4, 4, 4, 2, 2], "upsample_dilations": [[1, 2, 1, 2]] * 4}),
     "RF201", "4 entries"),
    ("two rates of one trainer",
     json.dumps({"audio": {"sample_rate": 22050, "output_sample_rate": 24000},
                 "decoder": {"sample_rate": 24000, "upsample_rates": [8, 8, 2, 2]}}), "RF403", "24000"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "words"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text)), loud(text)


def test_a_loss_that_is_switched_off_may_have_any_rate() -> None:
    text = vocoder(
        "hifigan", LISTS, {"sample_rate": 24000}, use_l1_spec_loss=False, l1_spec_loss_params={"sample_rate": 22050}
    )

    assert codes(text) == []


def test_milliseconds_count_where_the_hop_is_null() -> None:
    audio = {"hop_length": None, "win_length": None, "frame_length_ms": 50, "frame_shift_ms": 12.5}
    model = model_of(vocoder("hifigan", LISTS, audio))

    # int(50 · 22.05) = 1102, and a fourth of that
    assert [(d.value.value, d.quantity) for d in model.durations if d.quantity == "step"] == [(275, "step")]
    assert any("275.625" in message for message in infos(vocoder("hifigan", LISTS, audio)))


def test_milliseconds_beside_a_hop_have_no_effect() -> None:
    assert any("frame_shift_ms" in m for _, m in loud(vocoder("hifigan", LISTS, {"frame_shift_ms": 12.5})))
    assert not any("frame_shift_ms" in m for _, m in loud(vocoder("hifigan", LISTS, {"frame_shift_ms": None})))


def test_comments_of_old_files_are_read() -> None:
    text = """{"model": "Tacotron2", "audio": {
        "num_mels": 80, "num_freq": 513, "sample_rate": 22050,
        "hop_length": 256,   // stft window hop-lengh, 12.5 ms
        "win_length": 1024}}"""

    assert codes(text) == ["RF110"]
    assert codes(text.replace("12.5 ms", "11.6 ms")) == []


def test_an_acoustic_model_gives_frames() -> None:
    assert [e.side for e in model_of(json.dumps({"model": "Tacotron2", "audio": AUDIO})).exchanges] == ["gives"]
