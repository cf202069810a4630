"""WaveNet of r9y9: conditioning to samples, hops in samples or milliseconds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vocoder_files import codes, decoder_of, figures, given, infos, loud, model_of


def config(**changes: Any) -> str:
    sound = {"name": "wavenet_vocoder", "sample_rate": 22050, "fft_size": 1024, "hop_size": 256, "frame_shift_ms": None,
             "win_length": 1024, "win_length_ms": -1.0, "layers": 24, "stacks": 4, "kernel_size": 3, "cin_channels": 80,
             "cin_pad": 2, "upsample_conditional_features": True, "upsample_params": {"upsample_scales": [4, 4, 4, 4]},
             "max_time_steps": 10240}  # fmt: skip
    return json.dumps({**sound, **changes})


def test_conditioning_is_read_exactly_and_in_silence() -> None:
    text = config()

    # 1960 samples behind the upsampling network, 504 - 2 more through the dilated convolutions but the first: 2462 / 256
    assert (model_of(text).dialect, figures(text), loud(text)) == ("wavenet_vocoder", (256, 10), [])


@pytest.mark.parametrize(("layers", "stacks", "field"), [(24, 4, 505), (30, 3, 6139), (12, 2, 253), (2, 1, 7)])
def test_the_samples_that_the_next_one_is_made_from(layers: int, stacks: int, field: int) -> None:
    """The numbers of the project's tests/test_misc.py."""
    stack = model_of(config(layers=layers, stacks=stacks)).stack("context")

    assert stack is not None
    assert (stack.coverage.receptive_field, stack.coverage.step, stack.coverage.right) == (field, 1, 0)


def test_the_wavenet_looks_back_and_the_upsampling_both_ways() -> None:
    coverage = decoder_of(config()).coverage

    assert (coverage.left, coverage.right) == (6, 4)


BROKEN = [
    (config(hop_size=300), "RF301", "256"),
    (config(win_length=2048), "RF401", "2048"),
    (config(fmax=12000), "RF405", "11025"),
]


@pytest.mark.parametrize(("text", "code", "words"), BROKEN)
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text)), loud(text)


def test_a_crop_is_rounded_down_so_it_is_told_quietly() -> None:
    assert codes(config(max_time_steps=10000)) == []
    assert any("max_time_steps" in message for message in infos(config(max_time_steps=10000)))


def test_milliseconds_are_cut_to_samples_where_the_hop_is_null() -> None:
    text = config(
        hop_size=None, frame_shift_ms=12.5, upsample_params={"upsample_scales": [5, 5, 11]}, max_time_steps=11000
    )

    assert codes(text) == []
    assert any("275.625" in message for message in infos(text))


def test_a_negative_window_stands_for_milliseconds() -> None:
    windows = [
        d.value.value for d in model_of(config(win_length=-1, win_length_ms=40.0)).durations if d.quantity == "window"
    ]

    assert 882 in windows


def test_milliseconds_beside_a_hop_have_no_effect() -> None:
    assert codes(config(frame_shift_ms=12.5)) == ["RF408"]
    assert codes(config(frame_shift_ms=None)) == []


def test_an_analysis_alone_is_read() -> None:
    text = json.dumps(given({"sample_rate": 22050, "fft_size": 1024, "hop_size": 256}) | {"frame_shift_ms": None})

    assert (model_of(text).dialect, codes(text)) == ("wavenet_vocoder", [])
