"""Exact numbers for readers: rounded half up, no trailing zeros, never cut to nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from rflint.targets import format_amount, format_ms, format_number, format_rate


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(465, 16), "29.06"),
        (Fraction(25, 2), "12.5"),
        (10, "10"),
        (0, "0"),
        (Fraction(-25, 2), "-12.5"),
        (Fraction(1, 200), "0.005"),
        (Fraction(1, 3), "0.33"),
        (Fraction(1, 16000), "0.000063"),
        (Fraction(199999, 100000), "2"),
        (10**39, "1" + "0" * 39),
        (Fraction(1, 8), "0.13"),
    ],
)
def test_numbers(value: Fraction | int, text: str) -> None:
    assert format_number(value) == text


def test_numbers_too_long_to_print() -> None:
    assert format_number(10**5000) == "about 10^4999"
    assert format_number(Fraction(-(10**5000), 3)).startswith("-about 10^")


def test_units() -> None:
    assert format_ms(Fraction(465, 16)) == "29.06 ms"
    assert format_rate(Fraction(22050, 256)) == "86.13 Hz"
    assert format_amount(Fraction(1, 100), "s") == "10 ms"
    assert format_amount(Fraction(50), "Hz") == "50 Hz"
    assert format_amount(Fraction(320), "samples") == "320 samples"
    assert format_amount(Fraction(256), "") == "256"


@given(st.fractions().filter(lambda value: abs(value) >= 1), st.integers(0, 6))
def test_no_more_is_rounded_than_half_of_the_last_place(value: Fraction, places: int) -> None:
    assert abs(Fraction(format_number(value, places)) - value) * 2 * 10**places <= 1


@given(st.fractions())
def test_a_number_is_never_shown_with_trailing_zeros_or_as_nothing(value: Fraction) -> None:
    text = format_number(value)

    assert "." not in text or text[-1] not in "0."
    assert (text == "0") <= (abs(value) < Fraction(1, 10**12))
