"""WaveNets that denoise: the field that both their sides make."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import JSON, figures, loud, messages, model_of, stack_of


def config(**net: Any) -> str:
    lengths = {"res": net.pop("res", 3), "final": net.pop("final", [3, 3])}
    shape = {"dilations": 4, "num_stacks": 2, "target_field_length": 101, "filters": {"lengths": lengths}, **net}
    return json.dumps({"dataset": {"sample_rate": 16000}, "model": shape})


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (config(), 1 + 2 + 2 * 2 * 31 + 4),  # dilations of 1 to 16, since both ends count
        (config(dilations=[1, 2, 4]), 1 + 2 + 2 * 2 * 7 + 4),
        (config(num_stacks=3, dilations=9), 1 + 2 + 3 * 2 * 1023 + 4),
        (config(res=5, final=[1, 1]), 1 + 4 + 2 * 4 * 31),
    ],
)
def test_the_field_looks_as_far_ahead_as_back(text: str, field: int) -> None:
    assert (figures(text, name=JSON), loud(text, JSON)) == ((1, field), [])
    coverage = stack_of(text, name=JSON).coverage
    assert coverage.left == coverage.right == field // 2


def test_what_the_program_counted_is_told() -> None:
    durations = model_of(config(receptive_field_length=125, input_length=225), JSON).durations

    assert [d.value.value for d in durations] == [225, 125, 101]


@pytest.mark.parametrize(
    ("text", "words"),
    [(config(dilations=-1), "dilations"), (config(num_stacks=0), "num_stacks"), (config(final=[3]), "final")],
)
def test_numbers_of_no_network_are_reported(text: str, words: str) -> None:
    assert words in messages(text, JSON)
    assert [code for code, _ in loud(text, JSON)] == ["RF002"]


def test_a_dilation_beyond_reason_is_not_counted() -> None:
    assert "`dilations` is 60" in model_of(config(dilations=60), JSON).notes[0].reason
