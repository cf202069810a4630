"""Quantities and tolerances of the native form: a number, or a text with a qualifier and a unit."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rflint.targets import EXACT, PhraseError, Tolerance, parse, quantity, tolerance

MS = Fraction(1, 1000)


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "slack"),
    [
        ("30ms", 30 * MS, 30 * MS, "s", Fraction(1, 20)),
        ("~30ms", 30 * MS, 30 * MS, "s", Fraction(1, 10)),
        ("about 30 ms", 30 * MS, 30 * MS, "s", Fraction(1, 10)),
        ("<= 40ms", None, 40 * MS, "s", 0),
        ("≤40ms", None, 40 * MS, "s", 0),
        (">= 2s", 2, None, "s", 0),
        ("10..20ms", 10 * MS, 20 * MS, "s", 0),
        ("10ms..20ms", 10 * MS, 20 * MS, "s", 0),
        ("exactly 30 ms", 30 * MS, 30 * MS, "s", 0),
        ("15 frames", 15, 15, "frames", 0),
        ("465 samples", 465, 465, "samples", 0),
        ("465", 465, 465, "samples", 0),
        (465, 465, 465, "samples", 0),
        (0.1, Fraction(1, 10), Fraction(1, 10), "samples", 0),
    ],
)
def test_a_receptive_field(value: str | int, low: Fraction, high: Fraction, unit: str, slack: Fraction) -> None:
    target = quantity(value)

    assert (target.quantity, target.low, target.high, target.unit) == ("receptive_field", low, high, unit)
    assert target.tolerance.amount == slack


def test_bare_numbers_count_in_the_given_unit() -> None:
    assert quantity(15, "frames").unit == "frames"
    assert quantity("128 bp", "bp") == quantity("128 samples")._replace(wording="128 bp")
    assert quantity("16 bins", "bin").low == 16


def test_the_key_says_which_quantity_it_is() -> None:
    assert quantity("50Hz", of="frame_rate").tolerance == Tolerance("relative", Fraction(1, 200))
    assert quantity(50, of="frame_rate").unit == "Hz"
    assert quantity("10ms", of="frame_step", stack="net").stack == "net"
    assert quantity("20ms", of="frame_rate").quantity == "frame_step"
    assert quantity(0, of="right_context").high == 0
    assert quantity("40ms", of="right_context").tolerance == Tolerance("relative", Fraction(1, 20))


def test_a_stated_tolerance_replaces_the_implied_one() -> None:
    wide = quantity("30ms", tolerance=tolerance("10%"))

    assert wide.met(33 * MS)
    assert not wide.met(34 * MS)


@pytest.mark.parametrize("value", ["", "abc", "30ms hop", "10 ms, 20 ms", "12.5 Hz", "10%", "-3", True, None, [1], {}])
def test_what_is_no_quantity_is_refused(value: object) -> None:
    with pytest.raises(PhraseError):
        quantity(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 10**50])
def test_numbers_out_of_range_are_refused(value: float) -> None:
    with pytest.raises(PhraseError):
        quantity(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10%", Tolerance("relative", Fraction(1, 10))),
        ("2.5 per cent", Tolerance("relative", Fraction(1, 40))),
        (0.1, Tolerance("relative", Fraction(1, 10))),
        ("0.1", Tolerance("relative", Fraction(1, 10))),
        ("2 ms", Tolerance("absolute", 2 * MS)),
        (2, Tolerance("absolute", Fraction(2))),
        ("exact", EXACT),
        ("none", EXACT),
    ],
)
def test_tolerances(value: str | float, expected: Tolerance) -> None:
    assert tolerance(value) == expected


@pytest.mark.parametrize("value", ["", "x", "wide", "-1", -1, "10% hop", True])
def test_what_is_no_tolerance_is_refused(value: str | float) -> None:
    with pytest.raises(PhraseError):
        tolerance(value)


def test_a_phrase_and_a_quantity_agree() -> None:
    assert quantity("about 30 ms") == parse("about 30 ms")[0]
