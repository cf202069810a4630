"""look2hear: frames of milliseconds, and a transform."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import figures, loud, messages, model_of, stack_of


def config(name: str, rate: int | None = 16000, **network: Any) -> str:
    data = {"sample_rate": rate, "segment": 3.0}
    return json.dumps(
        {"audionet": {"audionet_name": name, "audionet_config": network}, "datamodule": {"data_config": data}}
    )


@pytest.mark.parametrize(
    ("text", "step", "field"),
    [
        (config("TDANet", enc_kernel_size=4), 16, 64),
        (config("IIANet", 8000, enc_kernel_size=4), 8, 32),
        (config("TDANet", 8000), 42, 168),  # 21 ms by default
        (config("SPMamba"), 64, 128 + 64 * 4),
        (config("SPMamba", None, n_fft=256, stride=128), 128, 256 + 128 * 4),
    ],
)
def test_frames_are_read_exactly_and_in_silence(text: str, step: int, field: int) -> None:
    assert (figures(text), loud(text)) == ((step, field), [])


def test_windows_are_padded_by_their_overlap_and_by_half() -> None:
    assert stack_of(config("TDANet", enc_kernel_size=4)).coverage.left == 32 + 48


def test_masks_between_the_frames_are_not_derived() -> None:
    assert "`TDANet` are not known" in model_of(config("TDANet")).notes[0].reason
    assert "frames of `Own` are not known" in model_of(config("Own")).notes[0].reason


def test_a_window_that_holes_open_between_is_reported() -> None:
    assert "never read" in messages(config("SPMamba", n_fft=64, stride=128))


def test_a_comment_speaks_of_milliseconds() -> None:
    durations = model_of(config("TDANet", enc_kernel_size=4)).durations

    assert [(d.value.value, d.unit) for d in durations] == [(4, "ms"), (3, "s")]
