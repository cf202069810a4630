"""Amphion: the selected generator counts, bases lie under a config, content features have steps of their own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vocoder_files import LISTS, V3, codes, figures, infos, loud, model_of

from rflint.engine import Asked, Reading, judge, understand

PREPROCESS = {"sample_rate": 24000, "n_fft": 1024, "win_size": 1024, "hop_size": 256, "n_mel": 100, "cut_mel_frame": 32}


def vocoder(name: str, params: dict[str, Any], **changes: Any) -> str:
    model = {"generator": name, name: params, **changes.pop("model", {})}
    return json.dumps({"model_type": "GANVocoder", "preprocess": {**PREPROCESS, **changes}, "model": model})


def vits(params: dict[str, Any], **preprocess: Any) -> str:
    return json.dumps(
        {"model_type": "VITS", "preprocess": {**PREPROCESS, "segment_size": 8192, **preprocess}, "model": params}
    )


APNET = {
    **{f"{part}_resblock_kernel_sizes": [3, 7, 11] for part in ("ASP", "PSP")},
    **{f"{part}_resblock_dilation_sizes": [[1, 3, 5]] * 3 for part in ("ASP", "PSP")},
    **{f"{part}_input_conv_kernel_size": 7 for part in ("ASP", "PSP")},
    "ASP_output_conv_kernel_size": 7,
    "PSP_output_R_conv_kernel_size": 7,
}
DIFFWAVE = {"residual_layers": 30, "dilation_cycle_length": 10, "upsample_factors": [16, 16]}
DEAD = {"hifigan": {**LISTS, "upsample_rates": [2, 2]}}
SOUND = [
    # What it is, config, samples a frame, receptive field in frames.
    ("HiFi-GAN V3", vocoder("hifigan", V3), 256, 22),
    ("BigVGAN", vocoder("bigvgan", {"resblock": "1", "activation": "snakebeta", **LISTS}), 256, 36),
    ("NSF HiFi-GAN", vocoder("nsfhifigan", {"resblock": "1", **LISTS}), 256, 27),
    ("MelGAN", vocoder("melgan", {"ratios": [8, 8, 2, 2], "n_residual_layers": 3}), 256, 13),
    ("MelGAN beside a map that is not selected", vocoder("melgan", {"ratios": [8, 8, 2, 2]}, model=DEAD), 256, 13),
    ("DiffWave", vocoder("diffwave", DIFFWAVE), 256, 27),
    # 133 positions of the widest branch between two convolutions of 7, and 3 more frames in a window of 1024 every 256.
    ("APNet, upsampled by the inverse STFT alone", vocoder("apnet", APNET), 256, 136),
    ("Vocos", json.dumps({"preprocess": PREPROCESS, "model_type": "Vocos",
                          "model": {"vocos": {"num_layers": 8, "n_fft": 1024, "hop_size": 256}}}), 256, 58),
    ("VITS", vits({"resblock": "1", **LISTS}), 256, 27),
    ("VITS with a generator of its own section",
     vits({"generator": "hifigan",
           "generator_config": {"hifigan": {"resblock": "1", **LISTS}, "melgan": {"ratios": [8]}}}), 256, 27),
]  # fmt: skip


@pytest.mark.parametrize(("text", "upsampling", "field"), [s[1:] for s in SOUND], ids=[s[0] for s in SOUND])
def test_sound_configs_are_read_exactly_and_in_silence(text: str, upsampling: int, field: int) -> None:
    assert (model_of(text).dialect, figures(text), loud(text)) == ("amphion", (upsampling, field), [])


BROKEN = [
    ("product", vocoder("hifigan", V3, hop_size=300), "RF301", "256"),
    ("hop of the head", json.dumps({"preprocess": PREPROCESS, "model_type": "Vocos",
                                    "model": {"vocos": {"num_layers": 8, "n_fft": 800, "hop_size": 200}}}), "RF301", "200"),
    ("odd factors of DiffWave",
     vocoder("diffwave", {**DIFFWAVE, "upsample_factors": [15, 20]}, hop_size=300), "RF302", "15·T+1"),
    ("three factors of DiffWave", vocoder("diffwave", {**DIFFWAVE, "upsample_factors": [16, 4, 4]}), "RF201", "3 entries"),
    ("crop of VITS", vits({"resblock": "1", **LISTS}, segment_size=8000), "RF501", "8000"),
    ("odd tail of the source", vocoder("nsfhifigan", {"resblock": "1", **LISTS, "upsample_rates": [8, 8, 5],
     "upsample_kernel_sizes": [16, 16, 11]}, hop_size=320), "RF305", "2047"),
    ("window", vocoder("hifigan", V3, win_size=2048), "RF401", "2048"),
    ("step of MERT told twice", json.dumps({"preprocess": {**PREPROCESS, "mert_hop_size": 320, "mert_sample_rate": 16000,
                                                           "mert_frameshift": 0.01333}}), "RF504", "320"),
    ("step of Whisper in samples", json.dumps({"preprocess": {**PREPROCESS, "sample_rate": 22050, "whisper_frameshift": 0.0125,
                                                              "whisper_downsample_rate": 1}}), "RF407", "275.625"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "words"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text)), loud(text)


@pytest.mark.parametrize(("rate", "strides", "found"), [(16000, [2, 4, 5, 5], []), (16000, [2, 4, 5, 8], ["RF504"]),
                                                        (32000, [4, 4, 5, 5], [])])  # fmt: skip
def test_pitch_is_cut_at_the_frames_of_the_codec(rate: int, strides: list[int], found: list[str]) -> None:
    codec = {"sample_rate": rate, "strides": strides}

    assert codes(json.dumps({"preprocess": {"sample_rate": 16000, "hop_size": 200}, "codec": codec})) == found


def test_steps_of_content_features_are_silent_where_they_are_whole() -> None:
    keys = {"whisper_frameshift": 0.01, "whisper_downsample_rate": 2, "contentvec_frameshift": 0.02, "wenet_frameshift": 0.01,
            "wenet_downsample_rate": 4, "mert_hop_size": 320, "mert_sample_rate": 16000, "mert_frameshift": 0.02}  # fmt: skip

    assert codes(json.dumps({"preprocess": {**PREPROCESS, **keys}})) == []


def test_keys_that_are_not_read_are_told_quietly() -> None:
    text = vocoder("hifigan", V3, model={"mpd": {"discriminator_channel_multi": 1}})

    assert codes(text) == []
    assert any("discriminator_channel_multi" in message for message in infos(text))


BASE = {
    "base_config": "config/base.json",
    "preprocess": {**PREPROCESS, "hop_size": 300},
    "model": {"melgan": {"ratios": [5, 5, 4, 3]}},
}


def below(text: str, files: dict[str, dict[str, Any]]) -> Reading:
    def read(name: str) -> bytes | None:
        found = files.get(name.removeprefix("../../"))
        return json.dumps(found).encode() if name.startswith("../../") and found else None

    return understand(text, "egs/vocoder/exp_config.json", asked=Asked((), read, True))


def test_bases_are_merged_key_by_key() -> None:
    text = json.dumps(
        {"base_config": "config/vocoder.json", "model_type": "GANVocoder", "model": {"generator": "melgan"}}
    )
    reading = below(
        text, {"config/vocoder.json": BASE, "config/base.json": {"model": {"melgan": {"n_residual_layers": 4}}}}
    )
    (model,) = reading.models
    decoder = model.stack("decoder")

    assert decoder is not None
    assert decoder.coverage.upsampling == 300
    assert len(decoder.stages[2].layer.layers) == 4  # type: ignore[attr-defined]
    assert judge(reading).findings == []


def test_a_config_that_misses_the_hop_of_its_base_is_told_of_its_own_key() -> None:
    model = {"generator": "hifigan", "hifigan": V3}
    text = json.dumps({"base_config": "config/vocoder.json", "model_type": "GANVocoder", "model": model})
    found = judge(below(text, {"config/vocoder.json": BASE})).findings

    assert [(f.code, f.path) for f in found] == [("RF301", "egs/vocoder/exp_config.json")]
