"""Basenji and Borzoi: blocks along the sequence, bins, and what the data says of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import JSON, figures, infos, loud, messages, model_of, stack_of

TOWER = [
    {"name": "conv_block", "kernel_size": 15, "pool_size": 8},
    {"name": "conv_tower", "kernel_size": 5, "pool_size": 4, "repeat": 2},
]
BORZOI = [
    {"name": "conv_dna", "kernel_size": 11, "pool_size": 2},
    {"name": "res_tower", "kernel_size": 5, "num_convs": 2, "repeat": 3},
    {"name": "transformer_tower", "repeat": 4},
    {"name": "unet_conv", "kernel_size": 3},
    {"name": "Cropping1D", "cropping": 4},
]


def params(*trunk: dict[str, Any], **model: Any) -> str:
    return json.dumps({"train": {}, "model": {"seq_length": 131072, "trunk": list(trunk), **model}})


@pytest.mark.parametrize(
    ("trunk", "step", "field"),
    [
        ([], 1, 1),
        (TOWER, 128, 15 + 7 + 8 * (4 + 3) + 32 * (4 + 3)),
        ([{"name": "conv_block"}], 1, 1),  # a kernel of 1
        ([{"name": "conv_dna"}], 1, 15),
        ([{"name": "conv_next"}], 1, 7),
        ([{"name": "res_tower", "kernel_size": 5}], 2, 6),
        ([{"name": "convnext_tower", "kernel_size": 5}], 2, 10),
        ([{"name": "dilated_residual", "repeat": 4}], 1, 1 + 2 * (1 + 2 + 4 + 8)),
        # 1.5, 2.25, 3.375 rounded for each layer; with `round` 1, 2, 3, 4 (halves to even)
        ([{"name": "dilated_residual", "repeat": 4, "rate_mult": 1.5}], 1, 1 + 2 * (1 + 2 + 2 + 3)),
        ([{"name": "dilated_residual", "repeat": 4, "rate_mult": 1.5, "round": True}], 1, 1 + 2 * (1 + 2 + 3 + 4)),
        ([{"name": "wheeze_excite", "pool_size": 129}], 1, 129),
        ([{"name": "Conv1D", "kernel_size": 3, "strides": 2, "padding": "same"}], 2, 3),
        ([{"name": "conv_block", "kernel_size": 9, "stride": 3}, {"name": "tconv_nac", "kernel_size": 3, "stride": 3}], 1, 9),
        # behind attention only the resampling counts
        (BORZOI, 8, 11 + 1 + (2 * 4 + 2) + (4 * 4 + 4) + (8 * 4 + 8)),
    ],
)  # fmt: skip
def test_blocks_are_read_exactly_and_in_silence(trunk: list[dict[str, Any]], step: int, field: int) -> None:
    text = params(*trunk)
    assert (figures(text, name=JSON), loud(text, JSON)) == ((step, field), [])


def test_positions_are_base_pairs() -> None:
    stack = stack_of(params(*BORZOI), name=JSON)
    assert (stack.input_unit, stack.input_rate) == ("bp", None)
    assert "attention" in [mixer.name for mixer in stack.coverage.unbounded_by]


@pytest.mark.parametrize("declared", [1024, 1020])
def test_a_target_length_may_be_that_before_or_behind_the_cropping(declared: int) -> None:
    text = params(*TOWER, {"name": "Cropping1D", "cropping": 2}, target_length=declared)
    assert (loud(text, JSON), infos(text, JSON)) == ([], [])


def test_another_target_length_is_information() -> None:
    text = params(*TOWER, target_length=1000)
    assert loud(text, JSON) == []
    assert infos(text, JSON) == ["`target_length` 1000 declared, but 1024 come out"]


def test_a_unet_link_needs_whole_bins() -> None:
    text = params(*BORZOI, seq_length=131080)
    assert loud(text, JSON) == [("RF502", "error")]
    assert loud(params(*TOWER, seq_length=131080), JSON) == []  # the last bin is padded


STRANGE = [
    {"name": "mystery"},
    {"name": "conv_block", "kernel_size": 0},
    {"kernel_size": 3},
    {"name": "dilated_residual", "repeat": 900},
    {"name": "Cropping1D", "cropping": [1]},
]


@pytest.mark.parametrize("block", STRANGE)
def test_what_cannot_be_derived_is_a_note(block: dict[str, Any]) -> None:
    model = model_of(params(block), JSON)
    assert model.stacks == [] and model.notes


DATA = {"seq_length": 131072, "pool_width": 128, "crop_bp": 8192, "target_length": 896}


def test_statistics_agree() -> None:
    pairs = {"seq_length": 8192, "pool_width": 512, "crop_bp": 0, "diagonal_offset": 2, "target_length": 14 * 15 // 2}
    for data in (DATA, pairs):
        assert loud(json.dumps(data), JSON) == []
    assert figures(json.dumps(DATA), name=JSON) == (128, 128)


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [({"target_length": 1024}, "RF504", "but 896 come out"), ({"crop_bp": 8200}, "RF502", "not a whole number")],
)
def test_statistics_that_disagree_are_reported(change: dict[str, int], code: str, words: str) -> None:
    text = json.dumps({**DATA, **change})
    assert (code, "warning") in loud(text, JSON)
    assert words in messages(text, JSON)
