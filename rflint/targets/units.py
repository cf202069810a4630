"""The units that people write, each with the unit it is kept in: seconds, hertz, samples, frames."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple


class UnitOf(NamedTuple):
    """A unit as written: the unit that values are kept in, and how many of those one of it makes."""

    kept_in: str
    factor: Fraction


_SPELLINGS = {
    ("s", Fraction(1)): "s sec secs second seconds 秒 秒钟",
    ("s", Fraction(1, 1000)): "ms msec msecs millisec millisecs millisecond milliseconds 毫秒 ㎳",
    ("s", Fraction(1, 1_000_000)): "us usec usecs microsecond microseconds 微秒 ㎲",
    ("s", Fraction(60)): "min mins minute minutes 分钟",
    ("Hz", Fraction(1)): "hz hertz fps 赫兹 赫 ㎐",
    ("Hz", Fraction(1000)): "khz kilohertz 千赫兹 千赫 ㎑",
    ("samples", Fraction(1)): "sample samples 采样点 样本点 样本 样点 采样",
    ("frames", Fraction(1)): "frame frames 帧",
}

UNITS: dict[str, UnitOf] = {word: UnitOf(*unit) for unit, words in _SPELLINGS.items() for word in words.split()}
"""Spelling (lower case) to unit. ``frame`` is a unit after a bare number only; elsewhere it is a noun."""
