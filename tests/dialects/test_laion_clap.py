"""LAION CLAP: the networks of PANN behind their names, and the clip that HTSAT's image has room for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import JSON, figures, loud, messages, model_of, stack_of


def clap(kind: str = "PANN", name: str = "Cnn14", **audio: Any) -> str:
    analysis = {"sample_rate": 32000, "window_size": 1024, "hop_size": 320, "mel_bins": 64, "clip_samples": 320000}
    return json.dumps({"audio_cfg": {**analysis, "fmax": 14000, "model_type": kind, "model_name": name, **audio}})


@pytest.mark.parametrize(
    ("name", "factor", "frames"),
    [
        ("Cnn6", 16, 1 + (4 + 1) * (1 + 2 + 4 + 8)),  # a kernel of 5 and a pooling of 2
        ("Cnn10", 32, 1 + (2 + 2 + 1) * (1 + 2 + 4 + 8 + 16)),
        ("Cnn14", 32, 1 + (2 + 2 + 1) * (1 + 2 + 4 + 8 + 16) + 4 * 32),
    ],
)
def test_networks_are_read_exactly_and_in_silence(name: str, factor: int, frames: int) -> None:
    text = clap(name=name)

    assert (figures(text, name=JSON), loud(text, JSON)) == ((320 * factor, 1024 + 320 * (frames - 1)), [])
    assert stack_of(text, name=JSON).factor_text() == "320 × " + "·".join("2" * (factor.bit_length() - 1))


def test_the_image_has_no_step_of_its_own() -> None:
    text = clap("HTSAT", "tiny")

    assert (figures(text, name=JSON), loud(text, JSON)) == ((320, 1024), [])
    assert "stretched" in model_of(text, JSON).notes[0].reason


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (clap("HTSAT", "tiny", hop_size=160), "RF505", "163839"),
        (clap(mel_bins=128), "RF405", "128"),
        (clap(fmax=18000), "RF405", "18000"),
        (clap(window_size=0), "RF002", "window_size"),
    ],
)
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert code in [found for found, _ in loud(text, JSON)]
    assert words in messages(text, JSON)


def test_other_networks_are_known_by_name_alone() -> None:
    assert "`Wavegram` are not known" in model_of(clap(name="Wavegram"), JSON).notes[0].reason
    assert model_of(clap(name="Cnn14", mel_bins=None), JSON).stack("encoder") is None
