"""EfficientConformer: what its subsampling and its striding blocks make of samples."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import JSON, figures, loud, messages, model_of, stack_of


def config(**encoder: Any) -> str:
    """A plain Conformer of two blocks; with ``strided_blocks`` an efficient one."""
    frames = {"sample_rate": 16000, "win_length_ms": 25, "hop_length_ms": 10, "n_fft": 512}
    stem = {"subsampling_module": "Conv2d", "subsampling_layers": 2, "subsampling_kernel_size": 3}
    strides = {"conv_stride": 2, "att_stride": 1} if "strided_blocks" in encoder else {}
    return json.dumps({"encoder_params": {**frames, **stem, **strides, "num_blocks": 2, "kernel_size": 15, **encoder}})


@pytest.mark.parametrize(
    ("text", "step", "frames"),
    [
        (config(), 4, 1 + 2 + 2 * 2 + 4 * 14 * 2),
        (config(subsampling_module="Conv1d", subsampling_layers=1), 2, 1 + 2 + 2 * 14 * 2),
        (config(subsampling_module="Conv2dPool", subsampling_layers=1), 2, 1 + 2 + 2 + 2 * 14 * 2),
        (config(subsampling_module="VGG", subsampling_layers=1), 2, 1 + 4 + 1 + 2 * 14 * 2),
        (config(strided_blocks=[0]), 8, 1 + 2 + 2 * 2 + 4 * 14 + 8 * 14),
        (config(strided_blocks=[0], conv_stride=[3], att_stride=[1]), 12, 1 + 2 + 2 * 2 + 4 * 14 + 12 * 14),
        (config(strided_blocks=[1], conv_stride=1, att_stride=2), 8, 1 + 2 + 2 * 2 + 4 * 14 + 8 * 14),
        (config(kernel_size=[15, 7], expand_blocks=[1]), 4, 1 + 2 + 2 * 2 + 4 * 14 + 4 * 6),
    ],
)
def test_stems_and_blocks_are_read_exactly_and_in_silence(text: str, step: int, frames: int) -> None:
    assert (figures(text, name=JSON), loud(text, JSON)) == ((160 * step, 400 + 160 * (frames - 1)), [])
    assert [mixer.sides for mixer in stack_of(text, name=JSON).coverage.unbounded_by] == ["both"]


def test_a_causal_one_looks_ahead_no_further_than_its_stem() -> None:
    plain = stack_of(config(num_blocks=1, kernel_size=1), name=JSON).coverage
    causal = stack_of(config(causal=True), name=JSON).coverage

    assert causal.right == plain.right
    assert [mixer.sides for mixer in causal.unbounded_by] == ["left"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (config(left_context=40), "limited attention"),
        (config(causal=True, att_group_size=[3, 1]), "in groups"),
        (config(strided_blocks=[0], conv_stride=[]), "`conv_stride` is missing"),
        (config(num_blocks=None), "`num_blocks` is null"),
    ],
)
def test_what_is_not_derived_says_why(text: str, reason: str) -> None:
    assert reason in " ".join(note.reason for note in model_of(text, JSON).notes)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (config(n_fft=256), "RF401", "256"),
        (config(hop_length_ms=30), "RF404", "never read"),
        (config(subsampling_module="Conv3d"), "RF002", "subsampling_module"),
        (config(hop_length_ms=100), "RF406", "100 ms"),
    ],
)
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert code in [found for found, _ in loud(text, JSON)]
    assert words in messages(text, JSON)
