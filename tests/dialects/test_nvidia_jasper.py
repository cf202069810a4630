"""NVIDIA's Jasper and QuartzNet: repeated blocks over 10 ms frames."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import figures, loud, model_of, stack_of


def block(kernel: int, repeat: int = 1, stride: int = 1, dilation: int = 1, **keys: Any) -> dict[str, Any]:
    return {"filters": 8, "repeat": repeat, "kernel_size": [kernel], "stride": [stride], "dilation": [dilation], **keys}


def net(*blocks: dict[str, Any], name: str = "jasper", **features: Any) -> str:
    front = {"sample_rate": 16000, "window_size": 0.02, "window_stride": 0.01, "n_fft": 512, **features}
    return json.dumps({"input_val": {"filterbank_features": front}, name: {"encoder": {"blocks": list(blocks)}}})


@pytest.mark.parametrize(
    ("text", "step", "frames"),
    [
        (net(block(11, stride=2)), 320, 11),
        (net(block(11, stride=2), block(13, 5, residual=True)), 320, 11 + 2 * 5 * 12),
        (net(block(11, stride=2), block(29, dilation=2), name="quartznet"), 320, 11 + 2 * 2 * 28),
        (net(block(12)), 160, 13),  # an even kernel goes up
        (net(block(33, kernel_size_factor=0.5)), 160, 17),
        (net(block(3), frame_splicing=3), 480, 9),
    ],
)
def test_blocks_are_read_exactly_and_in_silence(text: str, step: int, frames: int) -> None:
    assert (figures(text), loud(text)) == ((step, 320 + 160 * (frames - 1)), [])


def test_windows_have_defaults() -> None:
    text = net(block(3), window_size=None, window_stride=None)
    assert figures(text) == (160, 320 + 320)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (net(block(11, 3, stride=2)), "RF503"),  # every repetition is strided
        (net(block(11, stride=2, residual=True)), "RF503"),  # its shortcut is not
        (net(block(11), n_fft=256), "RF401"),
    ],
)
def test_contradictions_are_reported(text: str, code: str) -> None:
    assert code in [found for found, _ in loud(text)]


def test_stride_and_dilation_together_are_refused() -> None:
    assert [note.subject for note in model_of(net(block(11, stride=2, dilation=2))).notes] == ["encoder"]


def transducer(splicing: dict[str, int] | None = None, in_feats: int = 120, factor: int = 2, **features: Any) -> str:
    front = {"sample_rate": 16000, "window_size": 0.025, "window_stride": 0.01, "n_fft": 512, "n_filt": 40, **features}
    spliced = {"frame_stacking": 3, "frame_subsampling": 3} if splicing is None else splicing
    rnnt = {"in_feats": in_feats, "enc_stack_time_factor": factor, "custom_lstm": True}
    return json.dumps({"input_val": {"filterbank_features": front, "frame_splicing": spliced}, "rnnt": rnnt})


@pytest.mark.parametrize(
    ("text", "step", "frames"),
    [
        (transducer(), 960, 6),
        (transducer(factor=1), 480, 3),
        (transducer({"frame_stacking": 3, "frame_subsampling": 2}), 640, 5),  # frames shared by neighbours
        (transducer({}, in_feats=40), 320, 2),
    ],
)
def test_a_transducer_joins_frames_twice_and_looks_no_further(text: str, step: int, frames: int) -> None:
    assert (figures(text), loud(text)) == ((step, 400 + 160 * (frames - 1)), [])
    coverage = stack_of(text).coverage
    assert (coverage.left, [mixer.sides for mixer in coverage.unbounded_by]) == (240, ["left"])


@pytest.mark.parametrize(
    ("text", "code"),
    [(transducer(in_feats=240), "RF405"), (transducer(n_fft=256), "RF401")],
)
def test_contradictions_of_a_transducer_are_reported(text: str, code: str) -> None:
    assert code in [found for found, _ in loud(text)]
