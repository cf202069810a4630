"""UVR's bands: one frame step for all of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import JSON, figures, loud

LOW = {"sr": 11025, "hl": 128, "n_fft": 1024}
HIGH = {"sr": 44100, "hl": 512, "n_fft": 1024}


def bands(*each: dict[str, Any], rate: int = 44100) -> str:
    return json.dumps({"bins": 768, "band": {str(i + 1): band for i, band in enumerate(each)}, "sr": rate})


@pytest.mark.parametrize(
    ("text", "window"),
    [
        (bands({"sr": 44100, "hl": 1024, "n_fft": 2048}), 2048),
        (bands(LOW, HIGH), 4096),
        (bands({"sr": 6000, "hl": 66, "n_fft": 512}, {"sr": 32000, "hl": 352, "n_fft": 1024}, rate=32000), 2731),
    ],
)
def test_the_longest_window_counts(text: str, window: int) -> None:
    assert (figures(text, name=JSON)[1], loud(text, JSON)) == (window, [])


def test_ten_bands_are_taken_in_the_order_of_their_numbers() -> None:
    text = bands(*[LOW] * 9, HIGH)
    assert (figures(text, name=JSON), loud(text, JSON)) == ((512, 4096), [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (bands({**LOW, "hl": 130}, HIGH), "RF504"),
        (bands(LOW, HIGH, rate=48000), "RF403"),
        (bands({"sr": 44100, "hl": 1024, "n_fft": 512}), "RF601"),
    ],
)
def test_contradictions_are_reported(text: str, code: str) -> None:
    assert code in [found for found, _ in loud(text, JSON)]
