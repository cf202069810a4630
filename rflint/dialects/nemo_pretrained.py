"""The frame step of pretrained speech models by the family that their name tells.

Source: NVIDIA/NeMo, nemo/collections/asr/parts/utils/decoder_timestamps_utils.py (model_stride_in_secs) and the factor of
each family's recipe; openai/whisper for Whisper. All of them read 10 ms features.
"""

from __future__ import annotations

from fractions import Fraction

FEATURE_STEP = Fraction(1, 100)

_FACTORS = (
    ("fastconformer", 8),
    ("parakeet", 8),
    ("canary", 8),
    ("citrinet", 8),
    ("contextnet", 8),
    ("sortformer", 8),
    ("squeezeformer", 4),
    ("conformer", 4),
    ("quartznet", 2),
    ("jasper", 2),
    ("framemarblenet", 2),
    ("whisper", 2),
)
"""The first family whose name stands in a model's decides: a FastConformer is a Conformer, too."""


def factor_of(name: object) -> int | None:
    """By how much a pretrained model slows its features; None for a name that tells no family."""
    if not isinstance(name, str):
        return None
    plain = name.rpartition("/")[2].lower().replace("_", "").replace("-", "")
    return next((factor for family, factor in _FACTORS if family in plain), None)


def step_of(name: object) -> Fraction | None:
    """The frame step (s) of a pretrained model; None for a name that tells no family."""
    factor = factor_of(name)
    return None if factor is None else factor * FEATURE_STEP
