"""Small configs of HiFi-GAN's and VITS's kinds, with keys changed or (None) left out, and what rflint says about them."""

from __future__ import annotations

import json
from typing import Any

from rflint.engine import check_text, explain_text
from rflint.model import Model, Stack

LISTS: dict[str, Any] = {
    "upsample_rates": [8, 8, 2, 2],
    "upsample_kernel_sizes": [16, 16, 4, 4],
    "resblock_kernel_sizes": [3, 7, 11],
    "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
}
V3 = {
    "resblock": "2",
    "upsample_rates": [8, 8, 4],
    "upsample_kernel_sizes": [16, 16, 8],
    "resblock_kernel_sizes": [3, 5, 7],
    "resblock_dilation_sizes": [[1, 2], [2, 6], [3, 12]],
}
ANALYSIS = {"sampling_rate": 22050, "hop_size": 256, "win_size": 1024, "n_fft": 1024, "segment_size": 8192}


def flat(**changes: Any) -> str:
    """HiFi-GAN V1 in flat JSON."""
    return json.dumps(given({"resblock": "1", **LISTS, **ANALYSIS, **changes}))


def envelope(model: dict[str, Any] | None = None, data: dict[str, Any] | None = None, segment: int = 8192) -> str:
    """VITS for LJSpeech."""
    sound = {"sampling_rate": 22050, "hop_length": 256, "win_length": 1024, "filter_length": 1024}
    return json.dumps(
        {
            "train": {"segment_size": segment},
            "data": given({**sound, **(data or {})}),
            "model": given({"resblock": "1", **LISTS, **(model or {})}),
        }
    )


def given(keys: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in keys.items() if value is not None}


def model_of(text: str, name: str = "config.json") -> Model:
    (model,) = explain_text(text, name)
    return model


def decoder_of(text: str, name: str = "config.json") -> Stack:
    stack = model_of(text, name).stack("decoder")
    assert stack is not None
    return stack


def figures(text: str, name: str = "config.json") -> tuple[int, int]:
    """Samples a frame and receptive field in frames."""
    coverage = decoder_of(text, name).coverage
    return int(coverage.upsampling), coverage.receptive_field


def loud(text: str, name: str = "config.json") -> list[tuple[str, str]]:
    """Code and message of what is worse than info."""
    return [(f.code, f.message) for f in check_text(text, name) if f.severity != "info"]


def codes(text: str, name: str = "config.json") -> list[str]:
    return [code for code, _ in loud(text, name)]


def infos(text: str, name: str = "config.json") -> list[str]:
    return [f.message for f in check_text(text, name) if f.severity == "info"]
