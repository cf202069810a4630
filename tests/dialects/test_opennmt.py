"""OpenNMT-py speech to text: the spectrogram, and the longest utterance that its filter keeps."""

from __future__ import annotations

import pytest

from rflint.engine import check_text, explain_text

CONFIG = "data_type: audio\nsample_rate: %d\nwindow_size: 0.02\nwindow_stride: 0.01\nsrc_seq_length: %d\n"


@pytest.mark.parametrize(("rate", "step", "window"), [(16000, 160, 320), (8000, 80, 160)])
def test_the_spectrogram(rate: int, step: int, window: int) -> None:
    (model,) = explain_text(CONFIG % (rate, 1500), "opts.yaml")
    coverage = model.stacks[0].coverage

    assert (coverage.step, coverage.receptive_field) == (step, window)


def test_defaults() -> None:
    (model,) = explain_text("src_seq_length: 1500\nwindow_stride: 0.01\n", "opts.yaml")

    assert (model.stacks[0].coverage.step, model.stacks[0].coverage.receptive_field) == (160, 320)


def test_an_utterance_of_fifteen_seconds_is_kept() -> None:
    assert check_text(CONFIG % (16000, 1500), "opts.yaml") == []


def test_the_default_of_text_keeps_half_a_second() -> None:
    (finding,) = check_text(CONFIG % (16000, 50), "opts.yaml")

    assert (finding.code, finding.severity) == ("RF406", "warning")
    assert finding.message.startswith("`src_seq_length` 50 lasts 500 ms, unusually short")


def test_text_translation_is_no_model_of_sound() -> None:
    assert explain_text("src_seq_length: 50\ntgt_seq_length: 50\n", "opts.yaml") == ()


@pytest.mark.parametrize("value", ["0", "-1", "x", "null", "1e9", "[1]"])
def test_odd_values(value: str) -> None:
    for key in ("window_stride", "window_size", "sample_rate", "src_seq_length"):
        text = f"src_seq_length: 1500\nwindow_stride: 0.01\n{key}: {value}\n".replace(f"{key}: 1500\n", "").replace(
            f"{key}: 0.01\n", ""
        )
        assert "RF000" not in {finding.code for finding in check_text(text, "opts.yaml")}
