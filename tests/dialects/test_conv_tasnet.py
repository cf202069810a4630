"""Conv-TasNet by letters: the same network in three layouts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import figures, loud, messages, model_of, stack_of

LETTERS = {"N": 8, "L": 16, "B": 8, "H": 8, "P": 3, "X": 3, "R": 2}
FIELD = 16 + 8 * 2 * 7 * 2  # three blocks of dilation 1, 2, 4, twice


def titled(**net: Any) -> str:
    clips = {"sample_rate": 8000, "chunk_size": 32000}
    return json.dumps({"datasets": {"audio_setting": clips}, "Conv_Tasnet": {**LETTERS, "norm": "gln", **net}})


def flat(*path: str, **net: Any) -> str:
    model: dict[str, Any] = {**LETTERS, "norm_type": "gLN", "mask_nonlinear": "relu", "causal": 0, **net}
    for name in path:
        model = {name: model}
    return json.dumps({"data": {"sample_rate": 8000, "segment": 4.0}, "model": model})


def spelt(**net: Any) -> str:
    """With the length of the filters in full, and a stride that the decoder alone takes."""
    letters = {key: value for key, value in LETTERS.items() if key != "L"}
    model = {**letters, "kernel_size": 16, "stride": 8, "mask_nonlinear": "relu", **net}
    return json.dumps({"model": {"convtasnet": model}})


@pytest.mark.parametrize("text", [titled(), flat(), flat("gen"), spelt()])
def test_layouts_are_read_exactly_and_in_silence(text: str) -> None:
    assert (figures(text), loud(text)) == ((8, FIELD), [])
    assert stack_of(text).coverage.unbounded


@pytest.mark.parametrize("text", [titled(norm="cln", causal=True), flat(norm_type="cLN", causal=1)])
def test_a_causal_one_looks_no_further_than_its_filter(text: str) -> None:
    coverage = stack_of(text).coverage

    assert (coverage.right, coverage.unbounded) == (15, False)


def test_the_rate_is_told_or_not() -> None:
    assert model_of(spelt()).sample_rate is None
    assert [(d.value.value, d.unit) for d in model_of(titled()).durations] == [(32000, "samples")]
    assert [(d.value.value, d.unit) for d in model_of(flat()).durations] == [(4, "s")]


def test_causal_layers_of_another_framework_are_not_counted() -> None:
    assert "SpeechBrain" in model_of(spelt(causal=True)).notes[0].reason


@pytest.mark.parametrize(
    ("text", "code", "words"), [(spelt(stride=4), "RF305", "4"), (titled(P=0), "RF002", "P"), (flat(L=1), "RF005", "L")]
)
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert code in [found for found, _ in loud(text)]
    assert words in messages(text)
