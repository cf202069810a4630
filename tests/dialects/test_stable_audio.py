"""stable-audio-tools: Oobleck, DAC, SEANet and TAAE as autoencoders and pretransforms; Oobleck of diffusers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from codec_files import codes, decoder, dialect, encoder, infos, loud, model, models, told

OOBLECK = {"c_mults": [1, 2, 4, 8, 16], "strides": [2, 4, 4, 8, 8], "latent_dim": 64}


def sides(encoder: dict[str, Any], decoder: dict[str, Any], kinds: tuple[str, str], ratio: int) -> dict[str, Any]:
    return {
        "encoder": {"type": kinds[0], "config": encoder},
        "decoder": {"type": kinds[1], "config": decoder},
        "bottleneck": {"type": "vae"},
        "latent_dim": 64,
        "downsampling_ratio": ratio,
        "io_channels": 2,
    }


def top(model: dict[str, Any], size: int = 65536, rate: int = 44100, kind: str = "autoencoder") -> str:
    return json.dumps({"model_type": kind, "sample_size": size, "sample_rate": rate, "model": model})


def oobleck(ratio: int = 2048, size: int = 65536, down: Any = None, up: Any = None) -> str:
    encoder, decoder = ({**OOBLECK, **(side or {})} for side in (down, up))
    return top(sides(encoder, decoder, ("oobleck", "oobleck"), ratio), size)


def seanet(down: list[int], up: list[int]) -> str:
    return top(sides({"ratios": down}, {"ratios": up}, ("seanet", "seanet"), 640), 64000, 32000)


def dac(strides: list[int], rates: list[int], ratio: int) -> str:
    return top(sides({"strides": strides}, {"rates": rates}, ("dac", "dac"), ratio), ratio * 100)


def taae(up: list[int], **more: Any) -> str:
    shape = {"c_mults": [8, 8], "transformer_depths": [8, 8], "sliding_window": [63, 64], **more}
    down = {**shape, "strides": [200, 2]}
    return top(sides(down, {**shape, "strides": up}, ("taae", "taae"), 400), 51200, 16000)


WAVE = {"type": "autoencoder", "iterate_batch": True, "config": sides(OOBLECK, OOBLECK, ("oobleck", "oobleck"), 2048)}
DIFFUSION = top({"pretransform": WAVE, "diffusion": {"type": "dit"}}, 2097152, kind="diffusion_cond")
DIFFUSERS: dict[str, Any] = {
    "_class_name": "AutoencoderOobleck",
    "downsampling_ratios": [2, 4, 4, 8, 8],
    "sampling_rate": 44100,
}


@pytest.mark.parametrize(
    "text",
    [
        oobleck(),
        seanet([4, 4, 5, 8], [8, 5, 4, 4]),
        dac([2, 4, 4, 8, 8], [8, 8, 4, 4, 2], 2048),
        taae([200, 2]),
        DIFFUSION,
        json.dumps(DIFFUSERS),
        json.dumps({"_class_name": "AutoencoderOobleck"}),
        top({"type": "dit", "config": {}}, kind="diffusion_uncond"),
    ],
)
def test_sound_configs_are_read_in_silence(text: str) -> None:
    assert (dialect(text), loud(text), models(text)[0].notes) == ("stable_audio", [], [])


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"model_type": "autoencoder", "model": {}}),
        json.dumps({"model_type": "bert", "sample_size": 1, "model": {}}),
    ],
)
def test_other_files_are_not_claimed(text: str) -> None:
    assert dialect(text) != "stable_audio"


def test_oobleck() -> None:
    assert (encoder(oobleck()), decoder(oobleck())) == ((2048, 31818, 14885, 14885), (2048, 20, 10, 10))


def test_the_pretransform_is_a_model_of_its_own() -> None:
    assert [each.name for each in models(DIFFUSION)] == ["", "pretransform"]
    assert int(models(DIFFUSION)[1].stacks[0].coverage.step) == 2048


def test_diffusers_takes_the_decoders_list_backwards() -> None:
    text = json.dumps({**DIFFUSERS, "downsampling_ratios": [2, 3, 8]})

    # up 8, 3, 2: ((8T)·3 - 1)·2
    assert told(text, "RF302", "3·T-1")
    assert model(text).stacks[1].coverage.length(10) == 478


def test_seanet_takes_the_encoders_list_as_it_stands() -> None:
    # 7 + 2·1 + (8-1)·1 + 2·4 + (8-1)·4 + 2·16 + (10-1)·16 + 2·80 + (16-1)·80 + 6·640 = 5428
    text = seanet([4, 4, 5, 8], [8, 5, 4, 4])

    assert (encoder(text), decoder(text)) == ((640, 5428, 2402, 2386), (640, 9, 4, 4))


def test_attention_of_a_taae_is_limited_to_its_window() -> None:
    coverage = model(taae([200, 2])).stacks[0].coverage

    # 3 frames of 400: 8 of 200, 7·200 + 400 samples, 6 more
    assert (coverage.unbounded, coverage.receptive_field) == (False, 1806)


def test_antialiasing_filters_before_the_last_convolution_of_the_encoder_alone() -> None:
    text = oobleck(down={"antialias_activation": True})

    assert encoder(text)[1] == 31818 + 10 * 2048
    assert decoder(oobleck(up={"antialias_activation": True}))[1] > 20


def test_nearest_upsampling_keeps_odd_strides() -> None:
    odd = {"c_mults": [1, 2], "strides": [3, 8]}
    nearest = oobleck(24, 24000, odd, {**odd, "use_nearest_upsample": True})

    assert codes(nearest) == []
    assert codes(oobleck(24, 24000, odd, odd)) == ["RF302"]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (oobleck(1024), "RF503", "`downsampling_ratio` 1024 is declared, the model has 2048"),
        (oobleck(size=65000), "RF501", "65000"),
        (oobleck(up={"strides": [8, 8, 4, 4, 2]}), "RF202", "is not equal to `strides` [2, 4, 4, 8, 8]"),
        (oobleck(up={"strides": [2, 4, 4, 8, 4]}), "RF301", "multiplies to 1024"),
        (oobleck(down={"strides": [2, 4, 4, 8]}), "RF201", "4 entries"),
        (seanet([4, 4, 5, 8], [4, 4, 5, 8]), "RF202", "[4, 4, 5, 8] is not the reverse of `ratios` [4, 4, 5, 8]"),
        (dac([2, 4, 5, 8], [8, 5, 4, 2], 320), "RF302", "5·T-1"),
        (taae([2, 200]), "RF202", "[2, 200]"),
        (json.dumps({**DIFFUSERS, "hop_length": 1024}), "RF503", "2048"),
    ],
)
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert told(text, code, words), loud(text)


def test_lists_of_dac_need_not_mirror() -> None:
    text = dac([2, 4, 4, 8, 8], [2, 4, 4, 8, 8], 2048)

    assert (codes(text), [code for code, _ in infos(text)]) == ([], ["RF202"])


@pytest.mark.parametrize(
    "part", [{"encoder": {"type": "local_attn", "config": {}}}, {"pretransform": {"type": "patched", "config": {}}}]
)
def test_what_is_not_derived_is_a_note(part: dict[str, Any]) -> None:
    text = top({**sides(OOBLECK, OOBLECK, ("oobleck", "oobleck"), 2048), **part})

    assert (len(models(text)[0].notes), codes(text)) == (1, [])
