"""Asteroid: filterbank and masker by recipe, and what both rely on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import figures, loud, messages, model_of, stack_of

TCN = {"n_blocks": 8, "n_repeats": 3}
DUAL = {"in_chan": 64, "chunk_size": 100, "hop_size": 50, "n_repeats": 6}


def recipe(mask: dict[str, Any], bank: dict[str, Any] | None = None, **sections: Any) -> str:
    filterbank = {"n_filters": 64, "kernel_size": 16, "stride": 8, **(bank or {})}
    return json.dumps({"filterbank": filterbank, "masknet": mask, "data": {"sample_rate": 8000}, **sections})


@pytest.mark.parametrize(
    ("text", "step", "field"),
    [
        (recipe(TCN), 8, 16 + 8 * 3 * 2 * 255),  # 1.53 s at 8 kHz, as Conv-TasNet's paper has it
        (recipe({**TCN, "causal": True}), 8, 16 + 8 * 3 * 2 * 255),
        (recipe({"n_blocks": 8}), 8, 16 + 8 * 3 * 2 * 255),
        (recipe({**TCN, "conv_kernel_size": 5}), 8, 16 + 8 * 3 * 4 * 255),
        (recipe(TCN, {"stride": None}), 8, 16 + 8 * 3 * 2 * 255),
        # the two-step recipe loops n_blocks outside and n_repeats inside
        (
            recipe({"n_blocks": 8, "n_repeats": 4}, {"kernel_size": 21, "stride": 10}, separator_training={}),
            10,
            21 + 2400,
        ),
        (recipe(DUAL), 8, 16),
        (recipe({"rnn_type": "lstm"}, {"kernel_size": 512, "stride": 256}), 256, 512),
        # an U-block of two levels: 5, then down to half, and back: outputs 0 and 1 read -6..7 and -6..7
        (recipe({"in_chan": 64, "upsampling_depth": 1, "num_blocks": 3}), 8, 16 + 8 * 12),
        (json.dumps({"model": {"nhop": 1024, "window_length": 4096, "in_chan": 4096}}), 1024, 4096),
        (json.dumps({"net": {"window_ms": 4, "context_ms": 16, "chunk_size": 50, "hop_size": 25}}), 32, 64 + 512),
    ],
)
def test_recipes_are_read_exactly_and_in_silence(text: str, step: int, field: int) -> None:
    assert (figures(text), loud(text)) == ((step, field), [])


def test_the_two_step_recipe_pads_its_frames_and_norms_over_time() -> None:
    bank = {"kernel_size": 21, "stride": 10}
    model = model_of(recipe({"n_blocks": 8, "n_repeats": 4}, bank, separator_training={}))
    frontend, network = (model.stack(role) for role in ("frontend", "encoder"))

    assert frontend is not None
    assert frontend.coverage.left == 10
    assert network is not None
    assert [stage.name for stage in network.stages if stage.layer.kind == "mixer"] == ["norm"]


def test_a_causal_network_looks_no_frame_ahead() -> None:
    causal, both = (stack_of(recipe({**TCN, "causal": flag})).coverage for flag in (True, False))
    assert (causal.right, both.right) == (15, 15 + 8 * 3 * 255)


def test_the_rate_is_that_of_the_class_where_the_file_has_none() -> None:
    model = model_of(recipe(TCN, data={}))
    assert model.sample_rate is not None and (model.sample_rate.value, model.sample_rate.origin) == (
        8000,
        "framework default",
    )


def test_an_architecture_by_name_gives_its_filterbank_alone() -> None:
    bank = {"stft_n_filters": 512, "stft_kernel_size": 400, "stft_stride": 100}
    model = model_of(json.dumps({"filterbank": bank, "masknet": {"architecture": "DCCRN-CL"}}))
    assert [(stack.role, stack.coverage.receptive_field) for stack in model.stacks] == [("frontend", 400)]
    assert [note.subject for note in model.notes] == ["masknet"]


BROKEN = [
    (recipe({**TCN, "conv_kernel_size": 4}), ("RF203", "error"), "branches"),
    (recipe({**DUAL, "hop_size": 30}), ("RF502", "warning"), "not a whole number"),
    (recipe({**DUAL, "in_chan": 128}), ("RF405", "error"), "128"),
    (recipe(TCN, {"stride": 20}), ("RF601", "error"), "never read"),
    (recipe(TCN, {"fb_name": "stft", "kernel_size": 128}), ("RF401", "error"), "128"),
    (recipe({"in_chan": 64, "upsampling_depth": 4}, {"kernel_size": 41, "stride": 10}), ("RF305", "warning"), "10"),
    (json.dumps({"model": {"nhop": 1024, "window_length": 4096, "in_chan": 2048}}), ("RF405", "error"), "2048"),
]


@pytest.mark.parametrize(("text", "expected", "words"), BROKEN)
def test_contradictions_are_reported(text: str, expected: tuple[str, str], words: str) -> None:
    assert expected in loud(text), loud(text)
    assert words in messages(text)


@pytest.mark.parametrize(
    ("norm", "causal", "reasons"),
    [
        ("gLN", False, ["norm over time"]),
        ("cLN", False, []),
        ("bN", False, []),
        ("cgLN", True, ["cumulative norm"]),
        ("gLN", True, []),
    ],
)
def test_a_norm_sees_what_its_statistics_are_of(norm: str, causal: bool, reasons: list[str]) -> None:
    mask = {"n_blocks": 8, "n_repeats": 3, "norm_type": norm, "causal": causal}
    text = json.dumps({"filterbank": {"n_filters": 512, "kernel_size": 16, "stride": 8}, "masknet": mask})
    stack = model_of(text).stack("encoder")

    assert stack is not None and [mixer.name for mixer in stack.coverage.unbounded_by] == reasons
