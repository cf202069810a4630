"""MelGAN of seungwonpark and VocGAN: several documents, a loader that cuts the output, factors in the code."""

from __future__ import annotations

import pytest
from vocoder_files import codes, figures, loud, model_of

NAME = "default.yaml"
MELGAN = """\
data:
  train: ''
---
audio:
  n_mel_channels: 80
  segment_length: 16000
  pad_short: 2000
  filter_length: 1024
  hop_length: 256 # WARNING: this can't be changed.
  win_length: 1024
  sampling_rate: 22050
---
model:
  feat_match: 10.0
"""
VOCGAN = MELGAN + "  num_D: 3\n  generator_ratio: [4, 4, 2, 2, 2, 2]\n  n_residual_layers: 4\n  out_channels: 1\n"


@pytest.mark.parametrize(
    ("text", "name", "field"),
    # 7, 28, 132, 608 (4 times, and 80 of four residual layers), ... 9762 samples for VocGAN
    [(MELGAN, "melgan", 13), (VOCGAN, "vocgan", 39)],
)
def test_a_crop_of_no_whole_frames_is_silent(text: str, name: str, field: int) -> None:
    assert (model_of(text, NAME).name, figures(text, NAME), loud(text, NAME)) == (name, (256, field), [])


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (MELGAN.replace("256", "192"), "RF304", "256"),
        (VOCGAN.replace("[4, 4, 2, 2, 2, 2]", "[4, 4, 2, 2, 2, 3]"), "RF301", "384"),
        (VOCGAN.replace("[4, 4, 2, 2, 2, 2]", "[8, 8, 2, 2]"), "RF201", "4 entries"),
        (MELGAN.replace("win_length: 1024", "win_length: 2048"), "RF401", "2048"),
    ],
)
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text, NAME)), loud(text, NAME)


def test_one_document_is_as_good_as_many() -> None:
    assert model_of(VOCGAN.replace("---\n", ""), NAME).name == "vocgan"


def test_comments_are_compared_in_any_document() -> None:
    assert codes(MELGAN.replace("# WARNING: this can't be changed.", "# 12.5 ms"), NAME) == ["RF110"]
