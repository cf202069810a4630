"""UnivNet: kernels predicted from frames."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vocoder_files import figures, loud, model_of

NAME = "config.yaml"


def config(gen: dict[str, Any] | None = None, **audio: Any) -> str:
    sound = {"n_mel_channels": 100, "segment_length": 16384, "filter_length": 1024, "hop_length": 256, "win_length": 1024,
             "sampling_rate": 24000, "mel_fmax": 12000.0}  # fmt: skip
    net = {"noise_dim": 64, "dilations": [1, 3, 9, 27], "strides": [8, 8, 4], "kpnet_conv_size": 3}
    return json.dumps({"audio": {**sound, **audio}, "gen": {**net, **(gen or {})}})


@pytest.mark.parametrize(
    ("text", "upsampling", "field"),
    [
        (config(), 256, 32),
        # Odd strides are exact; a predictor of 1 reads 5 frames, so 14 fewer.
        (config({"kpnet_conv_size": 1}), 256, 18),
        (config({"strides": [5, 5, 3, 4]}, hop_length=300, segment_length=15000), 300, 42),
    ],
)
def test_sound_configs_are_read_exactly_and_in_silence(text: str, upsampling: int, field: int) -> None:
    assert (model_of(text, NAME).dialect, figures(text, NAME), loud(text, NAME)) == ("univnet", (upsampling, field), [])


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (config({"strides": [8, 8, 2]}), "RF301", "128"),
        (config(segment_length=16000), "RF501", "16000"),
        (config(win_length=2048), "RF401", "2048"),
        (config(mel_fmax=16000.0), "RF405", "12000"),
    ],
)
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text, NAME)), loud(text, NAME)
