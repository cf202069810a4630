"""Amounts in a row of tokens: a number, its unit, the other end of a range, a margin."""

from __future__ import annotations

from fractions import Fraction

from rflint.targets.meaning import Part
from rflint.targets.text import exact
from rflint.targets.units import UNITS
from rflint.targets.vocabulary import PhraseError, Token


class Amounts:
    """A row of tokens with a place in it; each method reads from there and moves on."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        last = tokens[-1].end if tokens else 0
        self.end = Token("end", "", last, last)

    def peek(self, ahead: int = 0) -> Token:
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else self.end

    def number(self) -> tuple[Fraction, str | None]:
        token = self.peek()
        value = exact(token.value)
        if value is None:
            raise PhraseError("the number has too many digits", token.start)
        self.at += 1
        thousand = self.peek().kind == "kilo"
        self.at += thousand
        unit = self.unit()
        if thousand and unit not in (None, "hz"):
            raise PhraseError("`k` goes with a rate only", token.start)
        return (value * 1000, "hz") if thousand else (value, unit)

    def unit(self) -> str | None:
        """The unit at this place, if there is one."""
        token = self.peek()
        if token.kind == "unit":
            self.at += 1
            return token.value
        if token.kind in ("times", "per cent"):
            self.at += 1
            return "x" if token.kind == "times" else "%"
        return None

    def range_end(self, part: Part, unit: str | None) -> tuple[Fraction, str | None, str | None]:
        """The upper end of ``10..20``, ``10 to 20``, ``between 10 and 20``, and the units of both ends."""
        joint = self.peek()
        if joint.kind not in ("to", "tilde") and not (joint.kind == "and" and part.between):
            if part.between:
                raise PhraseError("the end of the range is missing", joint.start)
            return part.low, unit, unit
        if self.peek(1).kind != "number":
            raise PhraseError("the end of the range is missing", joint.start)
        self.at += 1
        high, other = self.number()
        first, last = unit or other, other or unit
        if _dimension(first) != _dimension(last):
            raise PhraseError("the ends of the range have different units", joint.start)
        part.between = True
        return high, first, last

    def margin(self) -> tuple[Fraction, str | None] | None:
        if self.peek().kind != "plus minus":
            return None
        self.at += 1
        if self.peek().kind != "number":
            raise PhraseError("the margin is missing", self.peek().start)
        value, unit = self.number()
        if unit == "x":
            raise PhraseError("a margin is a share or an amount", self.peek().start)
        return value, unit


def _dimension(unit: str | None) -> str | None:
    return UNITS[unit].kept_in if unit in UNITS else unit
