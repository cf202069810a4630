"""Durations, rates, counts and overlaps in ordinary comments: ``hop_length: 441  # 10 ms``.

A comment that may speak of something else makes no claim: silence costs less than a false alarm.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from rflint.targets.comment_words import (
    amounts,
    clauses,
    is_about,
    is_term,
    kinds_in,
    numbers,
    speaks_of_else,
    statement,
)
from rflint.targets.printing import format_number
from rflint.targets.text import exact, fold, last_digit
from rflint.targets.tolerance import DEFAULT_TOLERANCES, Tolerance
from rflint.targets.units import UNITS

_LONGEST_COMMENT = 400
_SLOWEST_SAMPLE_RATE = 4000
_COUNTS = {word for word, unit in UNITS.items() if unit.kept_in == "samples"}
_SAMPLE_RATES = {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 192000}


class CommentClaim(NamedTuple):
    """What a comment says about the value beside it.

    ``value`` and ``digit`` (what the last written digit stands for) are in ``unit``: "s", "Hz", "samples", or "ratio"
    for an overlap in per cent. ``kind`` is what the words speak of ("step", "window", "length", "overlap",
    "frame_rate", "sample_rate") or empty. ``other`` is set when the comment may speak of something else. ``at`` is a
    sample rate (Hz) that the comment names. The amount stands from ``start`` to ``end`` in the comment, first its
    ``number`` as written.
    """

    value: Fraction
    unit: str
    digit: Fraction
    about: bool
    kind: str
    other: bool
    at: Fraction | None
    wording: str
    start: int
    end: int
    number: str = ""

    @property
    def tolerance(self) -> Tolerance:
        return DEFAULT_TOLERANCES.about if self.about else Tolerance("rounds", self.digit)

    def number_for(self, value: Fraction) -> str:
        """Another value (in `unit`) as the comment writes its number: ``11.61`` for the ``12.5`` of 12.5 ms."""
        written = value * (exact(self.number) or 0) / self.value
        return format_number(written, max(len(self.number.partition(".")[2]), 2 if written >= 1 else 4))


@lru_cache(maxsize=4096)  # the configs of a project share their comments
def parse_comment(text: str, beside: int | Fraction | None = None) -> tuple[CommentClaim, ...]:
    """The claims of an ordinary comment, in the order they stand.

    Args:
        text: the comment, with or without its mark.
        beside: the value that it stands beside; a comment that counts something else makes no claim about it.
    """
    if len(text) > _LONGEST_COMMENT:
        return ()
    folded = statement(fold(text))
    matches = [match for match in amounts().finditer(folded) if exact(match["number"]) is not None]
    if not matches:
        return ()
    named_rate, strange = _other_numbers(folded, matches, beside)
    elsewhere = strange or speaks_of_else(folded)
    named = _named(folded, matches)
    claims = [
        _claim(match, folded, text, kinds, named_rate, elsewhere) for match, kinds in zip(matches, named, strict=True)
    ]
    return tuple(claim._replace(other=claim.other or _has_rival(claim, claims)) for claim in claims)


def _other_numbers(
    folded: str, matches: list[re.Match[str]], beside: int | Fraction | None
) -> tuple[Fraction | None, bool]:
    """The sample rate that the comment names, and whether it holds numbers that nothing here explains.

    "275 ~= 12.5 ms" beside 256 speaks of 275; "256 / 22050 = 11.6 ms" beside 256 speaks of 256.
    """
    stated = [match for match in matches if match["unit"] not in _COUNTS] or matches
    inside = {match.start() for match in stated}
    known = {Fraction(1000), *(exact(match["number"]) for match in stated), *(_amount(match)[0] for match in stated)}
    if beside is not None:
        known.add(Fraction(beside))
    rate, strange = None, False
    for match in numbers().finditer(folded):
        value = exact(match["number"])
        if value is None:
            return rate, True
        value *= 1000 if match["kilo"] else 1
        if match["kilo"] or (value in _SAMPLE_RATES and value != beside):
            rate = value
        elif match.start() not in inside:
            strange = strange or value not in known
    return rate, strange


def _named(folded: str, matches: list[re.Match[str]]) -> list[set[str]]:
    """What the words nearest to each amount speak of: its own clause, else the clauses that hold no amount."""
    own = [next(span for span in reversed(clauses(folded)) if span[0] <= match.start()) for match in matches]
    free = " , ".join(folded[start:end] for start, end in clauses(folded) if (start, end) not in own)
    return [kinds_in(folded[start:end]) or kinds_in(free) for start, end in own]


def _claim(
    match: re.Match[str], folded: str, text: str, named: set[str], at: Fraction | None, elsewhere: bool
) -> CommentClaim:
    start, end = match.span()
    value, unit, digit = _amount(match)
    kind = _kind(named, unit, value)
    return CommentClaim(
        value,
        unit,
        digit,
        about=is_about(folded, start, end),
        kind=kind,
        other=elsewhere or kind == "?" or not value or is_term(folded, start, end),
        at=at,
        wording=text[start:end],
        start=start,
        end=end,
        number=match["number"],
    )


def _amount(match: re.Match[str]) -> tuple[Fraction, str, Fraction]:
    """The value in the unit kept, that unit, and what the last digit stands for."""
    unit, factor = ("ratio", Fraction(1, 100)) if match["share"] else UNITS[match["unit"] or "fps"]
    return (exact(match["number"]) or Fraction(0)) * factor, unit, last_digit(match["number"]) * factor


def _kind(named: set[str], unit: str, value: Fraction) -> str:
    """What an amount with such words beside it is; ``?`` when they speak of several things."""
    if unit == "Hz":
        if value >= _SLOWEST_SAMPLE_RATE:
            return "sample_rate"
        return "frame_rate" if named <= {"frame_rate", "step"} else "?"
    if unit == "ratio":
        return "overlap" if "overlap" in named else "?"
    named = named - {"sample_rate"}
    return next(iter(named), "") if len(named) < 2 else "?"


def _has_rival(claim: CommentClaim, claims: list[CommentClaim]) -> bool:
    """Two durations (or rates, or counts) in one comment make no claim unless words tell what each of them is."""
    if claim.kind == "sample_rate":
        return False
    rivals = [c for c in claims if c.unit == claim.unit and c.value != claim.value and c.kind != "sample_rate"]
    return any(not c.kind or not claim.kind or c.kind == claim.kind for c in rivals)
