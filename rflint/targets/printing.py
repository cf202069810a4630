"""Exact numbers as reports print them: at most two decimals, no trailing zeros."""

from __future__ import annotations

from fractions import Fraction

_MOST_DIGITS = 40


def format_number(value: Fraction | int, decimals: int = 2) -> str:
    """A number rounded half up to `decimals` places: ``29.06``, ``12.5``, ``10``.

    A value too small to show so keeps two significant digits, up to 12 places.
    """
    exact = Fraction(value)
    if abs(exact) >= 10**_MOST_DIGITS:
        # Python refuses to print integers of more than 4300 digits, and nobody reads forty.
        power = (exact.numerator.bit_length() - exact.denominator.bit_length()) * 30103 // 100000
        return f"{'-' if exact < 0 else ''}about 10^{power}"
    places = decimals
    while exact and places < 12 and abs(exact) * 10**decimals < 1 and abs(exact) * 10**places < 10:
        places += 1
    scaled = (abs(exact) * 10**places + Fraction(1, 2)).__floor__()
    whole, part = divmod(scaled, 10**places)
    sign = "-" if exact < 0 and scaled else ""
    fraction = f"{part:0{places}d}".rstrip("0") if places else ""
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def format_ms(milliseconds: Fraction | int, decimals: int = 2) -> str:
    """A duration given in milliseconds: ``29.06 ms``."""
    return f"{format_number(milliseconds, decimals)} ms"


def format_rate(hertz: Fraction | int, decimals: int = 2) -> str:
    """A rate given in hertz: ``86.13 Hz``."""
    return f"{format_number(hertz, decimals)} Hz"


def format_amount(value: Fraction, unit: str, decimals: int = 2) -> str:
    """A value in one of the units that targets are kept in; seconds print as milliseconds."""
    if unit == "s":
        return format_ms(value * 1000, decimals)
    if unit == "Hz":
        return format_rate(value, decimals)
    return f"{format_number(value, decimals)} {unit}".rstrip()
