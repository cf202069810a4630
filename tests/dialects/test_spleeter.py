"""Spleeter: its U-Net over pieces of T frames."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import JSON, figures, loud


def spleeter(**changes: Any) -> str:
    base = {"sample_rate": 44100, "frame_length": 4096, "frame_step": 1024, "T": 512, "F": 1024}
    return json.dumps({**base, "model": {"type": "unet.unet", "params": {}}, **changes})


def test_the_unet_is_read_exactly_and_in_silence() -> None:
    # 4096 + 1024·(4·(1 + 2 + 4 + 8 + 16 + 32)) = 262144
    assert (figures(spleeter(), name=JSON), loud(spleeter(), JSON)) == ((1024 * 64, 262144), [])
    assert figures(spleeter(), "frontend", JSON) == (1024, 4096)
    assert figures(spleeter(model={"type": "blstm.blstm"}), name=JSON) == (1024, 4096)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (spleeter(T=500), "RF504"),
        (spleeter(T=896), "RF504"),  # 861 frames or fewer in 20 s
        (spleeter(F=2112), "RF405"),
        (spleeter(frame_step=8192, T=64), "RF601"),
    ],
)
def test_contradictions_are_reported(text: str, code: str) -> None:
    assert (code, "error") in loud(text, JSON)


@pytest.mark.parametrize("text", [spleeter(T=500, model={"type": "blstm.blstm"}), spleeter(T=896, chunk_duration=30)])
def test_what_fits_is_silent(text: str) -> None:
    assert loud(text, JSON) == []
