"""What speech recognition dialects share: samples from times by each framework's rule, stems, attention."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from rflint.coverage import Coverage
from rflint.dialects.asr_frontend import (
    Frames,
    Rounding,
    attention,
    block,
    chain,
    chunked_attention,
    lasting,
    ms_rounded,
    ms_truncated,
    positive,
    samples,
    seconds_truncated,
    stacked,
    thousandths_rounded,
    vgg,
)
from rflint.documents import NotComputable, Value, Where, read
from rflint.model import Model

WHERE = Where(read("a: 1", "a.yaml").documents[0], ("a",))


@pytest.mark.parametrize(
    ("rule", "time", "rate", "made"),
    [
        (seconds_truncated, 0.0125, 22050, 275),
        (seconds_truncated, 0.009, 24000, 215),  # 0.009 * 24000 is 215.99999999999997
        (seconds_truncated, 0.025, 16000, 400),
        (ms_truncated, 12.5, 22050, 275),
        (ms_truncated, 9, 24000, 216),
        (thousandths_rounded, 12.5, 22050, 276),
        (thousandths_rounded, 9, 24000, 216),
        (ms_rounded, 12.5, 22050, 276),
        (ms_rounded, 9, 24000, 216),
    ],
)
def test_each_framework_rounds_in_its_own_way(rule: Rounding, time: float, rate: int, made: int) -> None:
    assert rule(time, rate) == made


@given(st.integers(1, 100), st.sampled_from([8000, 16000, 48000]))
def test_whole_milliseconds_at_round_rates_are_the_same_for_all_but_floats(ms: int, rate: int) -> None:
    exact = ms * rate // 1000
    assert ms_rounded(ms, rate) == exact == thousandths_rounded(ms, rate)
    assert ms_truncated(ms, rate) in (exact, exact - 1)


@pytest.mark.parametrize("time", [Fraction(0), Fraction(-1), Fraction(10**30), Fraction(1, 10**9)])
def test_a_time_that_makes_no_sample_is_not_computable(time: Fraction) -> None:
    with pytest.raises(NotComputable):
        samples(Value(time, WHERE), Value(16000), seconds_truncated)


def test_samples_stand_where_the_time_does() -> None:
    made = samples(Value(Fraction(1, 100), WHERE), Value(16000), seconds_truncated)
    assert (made.value, made.where, made.origin) == (160, WHERE, "derived")


@pytest.mark.parametrize("number", [0, -3, 2000])
def test_numbers_out_of_range_are_not_computable(number: int) -> None:
    with pytest.raises(NotComputable):
        positive(Value(number, WHERE), 1000)


def test_a_time_that_is_rounded_is_worth_a_line() -> None:
    model = Model("x")
    lasting(model, Value(Fraction(1, 100), WHERE), Value(220), Value(22050), "step")
    (tie,) = model.ties
    assert (tie.topic, tie.left.value, tie.right.value, tie.outcome) == ("rounding", Fraction(441, 2), 220, "report")
    assert model.durations[0].quantity == "step"


def test_a_time_that_is_whole_is_a_duration_alone() -> None:
    model = Model("x")
    lasting(model, Value(Fraction(10), WHERE), Value(160), Value(16000), "step", "ms")
    assert not model.ties
    assert (model.durations[0].unit, model.durations[0].rate) == ("ms", 1000)


def test_centred_frames_lie_about_their_sample() -> None:
    frames = Frames(Value(16000), Value(400, WHERE), Value(160, WHERE), Value(512))
    coverage = Coverage([frames.centred("x").layer])
    assert (coverage.left, coverage.right, coverage.min_input()) == (200, 199, 1)
    assert Coverage([frames.centred("x", mirrored=True).layer]).min_input() == 257
    assert frames.frame_rate == 100


def test_stems() -> None:
    conv2d = Coverage([stage.layer for stage in chain("x", [(3, 2), (3, 2)], None)])
    assert (conv2d.step, conv2d.receptive_field, conv2d.left) == (4, 7, 0)
    padded = Coverage([stage.layer for stage in chain("x", [(3, 2)] * 3, None, (1, 1))])
    assert (padded.step, padded.receptive_field, padded.left) == (8, 15, 7)
    blocks = Coverage([stage.layer for stage in vgg("x", 3, None)])
    assert (blocks.step, blocks.receptive_field, blocks.left, blocks.right) == (8, 36, 14, 21)
    assert Coverage([stacked("x", 4, None).layer]).length(9) == 3


def test_attention_adds_up_over_windows_and_not_over_chunks() -> None:
    windows = Coverage([block(attention(3, 2))] * 5).total
    chunks = Coverage([block(chunked_attention(4, 8))] * 5).total
    assert windows is not None and (windows.left, windows.right) == (15, 10)
    assert chunks is not None and chunks.right == 3
