"""EEND: spectrogram, splice, subsampling."""

from __future__ import annotations

import pytest
from vocoder_files import codes, loud, model_of

from rflint.engine import explain_text

NAME = "train.yaml"


def config(**keys: object) -> str:
    usual: dict[str, object] = {
        "sampling_rate": 8000, "frame_size": 200, "frame_shift": 80, "context_size": 7, "subsampling": 10,
        "input_transform": "logmel23_mn", "model_type": "Transformer", "num_frames": 500,
    }  # fmt: skip
    return "".join(f"{key}: {value}\n" for key, value in (usual | keys).items())


@pytest.mark.parametrize(
    ("keys", "step", "field"),
    [
        ({}, 800, 200 + 14 * 80),
        ({"subsampling": 1}, 80, 200 + 14 * 80),
        ({"context_size": 0, "subsampling": 2}, 160, 200),
        ({"model_type": "BLSTM", "frame_size": 256}, 800, 256 + 14 * 80),
        ({"sampling_rate": "null", "frame_size": "null", "frame_shift": "null"}, 2560, 1024 + 14 * 256),
    ],
)
def test_the_frames(keys: dict[str, object], step: int, field: int) -> None:
    text = config(**keys)
    stack = model_of(text, NAME).stack("encoder")

    assert stack is not None
    assert (stack.coverage.step, stack.coverage.receptive_field) == (step, field)
    assert loud(text, NAME) == []


def test_frames_between_those_kept_are_lost_without_context() -> None:
    assert codes(config(context_size=0), NAME) == ["RF601"]


def test_another_network_leaves_the_features() -> None:
    model = model_of(config(model_type="eend_m2f"), NAME)

    assert [stack.role for stack in model.stacks] == ["frontend"]
    assert "the network is not known" in model.notes[0].reason


@pytest.mark.parametrize(
    ("line", "comment", "found"),
    [("frame_shift: 80", "10 ms", []), ("frame_shift: 80", "12.5 ms", ["RF110"]), ("frame_size: 200", "50 ms", ["RF110"])],
)
def test_comments(line: str, comment: str, found: list[str]) -> None:
    assert codes(config().replace(line, f"{line}  # {comment}"), NAME) == found


@pytest.mark.parametrize("keys", [{"frame_shift": 0}, {"context_size": -1}, {"context_size": 10**9}, {"subsampling": "x"}])
def test_impossible_values_end_in_words(keys: dict[str, object]) -> None:
    assert "RF000" not in codes(config(**keys), NAME)
    assert model_of(config(**keys), NAME).stacks == []


def test_other_files_are_left_alone() -> None:
    assert explain_text("frame_shift: 80\nsubsampling: 1\n", NAME) == ()
