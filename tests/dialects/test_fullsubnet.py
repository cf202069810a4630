"""FullSubNet: how far a frame looks ahead."""

from __future__ import annotations

import pytest
from signal_files import figures, loud, messages, model_of, stack_of

NAME = "train.toml"
PATH = "fullsubnet.model.Model"


def config(ahead: int = 2, norm: str = "cumulative_laplace_norm", path: str = PATH, freqs: int = 257, window: int = 512,
           rate: int = 16000) -> str:  # fmt: skip
    return f"""
[acoustics]
sr = 16000
n_fft = 512
win_length = {window}
hop_length = 128
[train_dataset.args]
sr = {rate}
[model]
path = "{path}"
[model.args]
num_freqs = {freqs}
look_ahead = {ahead}
norm_type = "{norm}"
sequence_model = "GRU"
"""


@pytest.mark.parametrize("ahead", [0, 2])
def test_the_look_ahead_is_whole_frames(ahead: int) -> None:
    text = config(ahead)

    assert (figures(text, name=NAME), loud(text, NAME)) == ((128, 512 + 128 * ahead), [])
    assert stack_of(text, name=NAME).coverage.right == 255 + 128 * ahead
    assert [mixer.sides for mixer in stack_of(text, name=NAME).coverage.unbounded_by] == ["left"]


def test_a_norm_over_the_clip_sees_all_of_it() -> None:
    sides = [mixer.sides for mixer in stack_of(config(norm="offline_laplace_norm"), name=NAME).coverage.unbounded_by]

    assert sides == ["both", "left"]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (config(freqs=161), "RF405", "161"),
        (config(window=640), "RF401", "640"),
        (config(rate=48000), "RF403", "48000"),
        (config(ahead=-1), "RF002", "look_ahead"),
    ],
)
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert code in [found for found, _ in loud(text, NAME)]
    assert words in messages(text, NAME)


def test_other_networks_of_the_family_have_their_frames_alone() -> None:
    text = config(path="own.Model")

    assert (figures(text, name=NAME), loud(text, NAME)) == ((128, 512), [])
    assert "`own.Model` are not known" in model_of(text, NAME).notes[0].reason
