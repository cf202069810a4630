"""WaveGrad of ivanvovk, and DiffWave and WaveGrad of lmnt-com, whose factors stand in the code."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vocoder_files import codes, figures, loud, model_of

DILATIONS = [[1, 2, 1, 2]] * 2 + [[1, 2, 4, 8]] * 3


def config(net: dict[str, Any] | None = None, hop: int = 300, segment: int = 7200) -> str:
    model = {"factors": [5, 5, 3, 2, 2], "upsampling_dilations": DILATIONS, **(net or {})}
    data = {"sample_rate": 22050, "n_fft": 1024, "win_length": 1024, "hop_length": hop, "n_mels": 80, "f_max": 8000}
    return json.dumps({"model_config": model, "data_config": data, "training_config": {"segment_length": segment}})


def test_ivanvovk_is_read_exactly_and_in_silence() -> None:
    assert (model_of(config()).dialect, figures(config()), loud(config())) == ("wavegrad", (300, 8), [])


BROKEN = [
    (config({"factors": [4, 4, 4, 2, 2]}), "RF301", "256"),
    (config({"factors": [4, 4, 4, 2, 2]}, hop=256), "RF501", "28.1"),
    (json.dumps({"model_config": {"factors": [4, 4, 4, 2, 2]}, "data_config": {"hop_length": 256},
                 "training_config": {"segment_length": 7200}}), "RF501", "28.1"),
    (config({"upsampling_dilations": DILATIONS[:4]}), "RF201", "4 entries"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "words"), BROKEN)
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text)), loud(text)


def lmnt(**keys: Any) -> str:
    return json.dumps({"sample_rate": 22050, "n_fft": 1024, **keys})


DIFFWAVE = {"hop_samples": 256, "crop_mel_frames": 62, "residual_layers": 30, "dilation_cycle_length": 10}
WAVEGRAD = {"hop_samples": 300, "crop_mel_frames": 24}


@pytest.mark.parametrize(
    ("text", "name", "upsampling", "field"),
    [
        # (31 · 16 + 32 + 2 · (3 · 1023 - 1)) / 256; 1976 / 300
        (lmnt(**DIFFWAVE), "diffwave", 256, 27),
        (lmnt(**WAVEGRAD), "wavegrad", 300, 7),
    ],
)
def test_lmnt_is_read_exactly_and_in_silence(text: str, name: str, upsampling: int, field: int) -> None:
    assert (model_of(text).name, figures(text), loud(text)) == (name, (upsampling, field), [])


@pytest.mark.parametrize("text", [lmnt(**{**DIFFWAVE, "hop_samples": 275}), lmnt(**{**DIFFWAVE, "hop_samples": 300})])
def test_the_hop_of_diffwave_is_fixed(text: str) -> None:
    assert codes(text) == ["RF304"]
