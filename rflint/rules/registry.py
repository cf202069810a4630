"""The rules, in the order of their codes: one import and one line each."""

from __future__ import annotations

from typing import Final

from rflint.rules import (
    axis_order,
    bins_disagree,
    bitrate,
    chunk_not_whole_steps,
    comment_contradicts,
    context_missed,
    coverage_holes,
    ctc_rate,
    dead_key,
    decoder_order,
    duplicate_key,
    factors_disagree,
    field_exceeds_crop,
    fixed_factor,
    form_error,
    frame_count,
    frame_rate_missed,
    implausible_duration,
    impossible_value,
    input_too_short,
    internal_error,
    label_rate,
    latency_missed,
    length_changed,
    limit_too_short,
    list_lengths,
    look_ahead_missed,
    pair_disagrees,
    receptive_field_missed,
    rounded_step,
    sample_rate_missed,
    sample_rates_disagree,
    schema_violation,
    segment_not_whole_frames,
    sparse_overlap,
    step_missed,
    subsampling_declared,
    transposed_parity,
    uneven_overlap,
    unintelligible_target,
    unknown_rule,
    unreadable_file,
    unused_suppression,
    upsampling_missed,
    upsampling_product,
    window_longer_than_fft,
)
from rflint.rules.base import ModelRule, Rule

RULES: Final[tuple[ModelRule, ...]] = (
    form_error,
    impossible_value,
    step_missed,
    frame_rate_missed,
    receptive_field_missed,
    look_ahead_missed,
    upsampling_missed,
    context_missed,
    sample_rate_missed,
    comment_contradicts,
    list_lengths,
    decoder_order,
    length_changed,
    axis_order,
    upsampling_product,
    transposed_parity,
    uneven_overlap,
    fixed_factor,
    factors_disagree,
    window_longer_than_fft,
    label_rate,
    sample_rates_disagree,
    sparse_overlap,
    bins_disagree,
    implausible_duration,
    rounded_step,
    dead_key,
    segment_not_whole_frames,
    chunk_not_whole_steps,
    subsampling_declared,
    frame_count,
    limit_too_short,
    input_too_short,
    field_exceeds_crop,
    ctc_rate,
    latency_missed,
    bitrate,
    coverage_holes,
    unintelligible_target,
)
"""The rules over models, in the order in which they run."""

ALL_RULES: Final[tuple[Rule, ...]] = tuple(
    sorted(
        (
            *RULES,
            internal_error,
            unreadable_file,
            schema_violation,
            duplicate_key,
            pair_disagrees,
            unused_suppression,
            unknown_rule,
        ),
        key=lambda rule: rule.CODE,
    )
)
"""All rules, those about reading and suppressing included, by code."""


def known_rule(text: str) -> bool:
    """True when a rule has this code or name."""
    return any(text in (rule.CODE, rule.NAME) for rule in ALL_RULES)
