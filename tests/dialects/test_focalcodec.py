"""FocalCodec: as a recipe of SpeechBrain makes it, and as it is published."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hostile import defects, with_an_odd_value, with_an_odd_word
from hypothesis import given, settings, strategies as st
from speech_files import dialect_of, figures, loud, model_of, notes, stack_of, told

RECIPE = """
sample_rate: 16000
encoder: !new:focalcodec.wavlm.WavLM
    kernel_sizes: [10, 3, 3, 3, 3, 2, 2]
    strides: [5, 2, 2, 2, 2, 2, 2]
    conv_pos: 128
    causal: False
compressor: !new:focalcodec.focalnet.FocalEncoder
    downscale_factors: [2, 1]
    focal_window: 7
    focal_level: 2
    focal_factor: 2
    causal: False
generator: !new:focalcodec.vocos.Vocos
    num_layers: 8
    kernel_size: 7
    hop_length: 320
    n_fft: 1024
    causal: False
"""
BARE = """
encoder: !new:focalcodec.wavlm.WavLM {dim: 1024}
compressor: !new:focalcodec.focalnet.FocalEncoder {input_dim: 1024}
decoder: !new:focalcodec.vocos.Vocos {dim: 512}
"""
PUBLISHED: dict[str, Any] = {
    "encoder_name": "WavLM",
    "encoder_config": {"strides": [5, 2, 2, 2, 2, 2, 2]},
    "compressor_config": {"downscale_factors": [1, 2, 2]},
    "decoder_name": "WaveNeXt",
    "decoder_config": {"hop_length": 480, "num_layers": 2},
}
POSITIONS = 127 * 320  # of the transformer
FOCAL = 7 - 1 + 9 - 1  # focal windows of two levels, one behind the other


def test_the_encoder_is_that_of_wavlm() -> None:
    assert figures(RECIPE) == (320, 400)
    assert not stack_of(RECIPE).coverage.unbounded
    assert loud(RECIPE) == []


def test_tokens_are_thinner_than_frames() -> None:
    expected = 400 + POSITIONS + (2 - 1) * 320 + 2 * FOCAL * 640

    assert figures(RECIPE, "context") == (640, expected)
    assert stack_of(RECIPE, "context").coverage.unbounded
    assert stack_of(RECIPE.replace("[2, 1]", "[1]"), "context").coverage.left == (64 + 3 + 4) * 320


def test_the_decoder_lays_windows_over_each_other() -> None:
    decoder = stack_of(RECIPE, "decoder")

    assert decoder.coverage.step == Fraction(1, 320)
    assert decoder.input_rate == 50
    assert decoder.coverage.receptive_field == 1 + 6 + 8 * 6 + 3


def test_defaults() -> None:
    assert figures(BARE) == (320, 400)
    assert figures(BARE, "context") == (320, 400 + POSITIONS + 3 * (13 + 17) * 320)
    assert stack_of(BARE, "decoder").coverage == stack_of(RECIPE, "decoder").coverage


def test_streaming_convolutions_look_back() -> None:
    streaming = RECIPE.replace("causal: False", "causal: True")

    assert (stack_of(streaming).coverage.left, stack_of(streaming).coverage.right) == (399, 0)
    assert notes(streaming) == ["streaming attention is not counted"]
    assert stack_of(streaming, "decoder").coverage.receptive_field == 1 + 6 + 8 * 6
    assert stack_of(streaming, "decoder").coverage.right == 0
    assert notes(RECIPE.replace("2\n    causal: False", "2\n    causal: True")) == [
        "streaming focal modulation is not counted"
    ]


def test_a_published_codec_may_give_another_rate() -> None:
    text = json.dumps(PUBLISHED)
    decoder = stack_of(text, "decoder")

    assert figures(text) == (320, 400)
    assert figures(text, "context")[0] == 1280
    assert decoder.factors[0].terms == (480,)
    assert decoder.coverage.receptive_field == 1 + 6 + 2 * 6
    assert loud(text) == []


def test_a_recipe_compares_with_what_it_reads() -> None:
    assert told(RECIPE.replace("hop_length: 320", "hop_length: 256"), "RF305", "`hop_length` 256 does not fit 320")
    assert told(RECIPE.replace("sample_rate: 16000", "sample_rate: 24000"), "RF403", "24000")


@pytest.mark.parametrize(
    "text",
    [
        "generator: !new:focalcodec.vocos.Vocos {dim: 512}\n",
        "encoder: focalcodec.wavlm.WavLM\n",
        json.dumps({**PUBLISHED, "encoder_name": "HuBERT"}),
        json.dumps({"encoder_name": "WavLM", "encoder_config": {}}),
    ],
)
def test_other_files_are_left_alone(text: str) -> None:
    assert dialect_of(text) is None


def test_an_unknown_decoder_is_left_out() -> None:
    text = json.dumps({**PUBLISHED, "decoder_name": "HiFiGAN"})

    assert [stack.role for stack in model_of(text).stacks] == ["encoder", "context"]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_value_is_a_defect(data: st.DataObject) -> None:
    assert defects(with_an_odd_word(RECIPE, data), "hparams.yaml") == []
    assert defects(with_an_odd_value(PUBLISHED, data), "config.json") == []


@pytest.mark.parametrize(("up", "wrong"), [("[2, 1]", False), ("[1, 2]", False), ("[1, 1]", True)])
def test_the_decompressor_gives_back_the_rate_of_the_frames(up: str, wrong: bool) -> None:
    text = RECIPE + f"decompressor: !new:focalcodec.focalnet.FocalDecoder {{upscale_factors: {up}}}\n"
    published = {**PUBLISHED, "decompressor_config": {"upscale_factors": [4, 1, 2 if wrong else 1]}}

    assert bool(loud(text)) is wrong
    assert bool(loud(json.dumps(published))) is wrong
