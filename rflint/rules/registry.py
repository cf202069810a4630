"""The rules, in the order of their codes: one import and one line each."""

from __future__ import annotations

from typing import Final

from rflint.rules import (
    comment_contradicts,
    duplicate_key as DUPLICATE_KEY,
    form_error,
    frame_rate_missed,
    internal_error as INTERNAL,
    label_rate,
    list_lengths,
    look_ahead_missed,
    receptive_field_missed,
    sample_rates_disagree,
    schema_violation as SCHEMA_VIOLATION,
    segment_not_whole_frames,
    step_missed,
    transposed_parity,
    unintelligible_target,
    unknown_rule as UNKNOWN_RULE,
    unreadable_file as UNREADABLE,
    unused_suppression as UNUSED_SUPPRESSION,
    upsampling_missed,
    upsampling_product,
    window_longer_than_fft,
)
from rflint.rules.base import ModelRule, Rule

RULES: Final[tuple[ModelRule, ...]] = (
    form_error,
    step_missed,
    frame_rate_missed,
    receptive_field_missed,
    look_ahead_missed,
    upsampling_missed,
    comment_contradicts,
    list_lengths,
    upsampling_product,
    transposed_parity,
    window_longer_than_fft,
    label_rate,
    sample_rates_disagree,
    segment_not_whole_frames,
    unintelligible_target,
)
"""The rules over models, in the order in which they run."""

ALL_RULES: Final[tuple[Rule, ...]] = tuple(
    sorted(
        (*RULES, INTERNAL, UNREADABLE, SCHEMA_VIOLATION, DUPLICATE_KEY, UNUSED_SUPPRESSION, UNKNOWN_RULE),
        key=lambda rule: rule.CODE,
    )
)
"""All rules, those about reading and suppressing included, by code."""


def known_rule(text: str) -> bool:
    """True when a rule has this code or name."""
    return any(text in (rule.CODE, rule.NAME) for rule in ALL_RULES)
