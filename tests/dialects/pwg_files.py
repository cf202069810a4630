"""Small configs of ParallelWaveGAN's kinds as JSON text (which is YAML), with keys changed or (None) left out."""

from __future__ import annotations

import json
from typing import Any

ANALYSIS: dict[str, Any] = {
    "sampling_rate": 24000,
    "fft_size": 2048,
    "hop_size": 300,
    "win_length": 1200,
    "num_mels": 80,
}
HIFIGAN: dict[str, Any] = {
    "upsample_scales": [5, 5, 4, 3],
    "upsample_kernel_sizes": [10, 10, 8, 6],
    "resblock_kernel_sizes": [3, 7, 11],
    "resblock_dilations": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
}


def without_nothing(keys: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in keys.items() if value is not None}


def pwg(kind: str | None = None, params: dict[str, Any] | None = None, **top: Any) -> str:
    """A vocoder whose generator has these parameters; a crop of 28 frames unless given."""
    whole = {**ANALYSIS, "generator_type": kind, "generator_params": params or {}, "batch_max_steps": 8400, **top}
    return json.dumps(without_nothing(whole))


def hifigan(params: dict[str, Any] | None = None, **top: Any) -> str:
    """HiFi-GAN with factors 5, 5, 4, 3."""
    return pwg("HiFiGANGenerator", without_nothing({**HIFIGAN, **(params or {})}), **top)
