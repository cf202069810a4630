"""How near a computed value must come to a declared one."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

Kind = Literal["exact", "strict", "relative", "absolute", "rounds"]

_ONE_PER_CENT = Fraction(1, 100)


class Tolerance(NamedTuple):
    """The slack of a declaration.

    ``exact``: none. ``strict``: none, and a bound itself is excluded ("below 40 ms"). ``relative``: `amount` times the
    declared value. ``absolute``: `amount` in the unit of the declaration. ``rounds``: the value rounds or truncates to
    the digits written, whose last one stands for `amount`, or lies within 1 %.
    """

    kind: Kind
    amount: Fraction = Fraction(0)

    def admits(self, value: Fraction, low: Fraction | None, high: Fraction | None) -> bool:
        """Whether a value lies between the bounds (None: open) or near enough to the one it oversteps."""
        if self.kind == "strict":
            return (low is None or value > low) and (high is None or value < high)
        return (low is None or value >= low or self._near(value, low)) and (
            high is None or value <= high or self._near(value, high)
        )

    def _near(self, value: Fraction, declared: Fraction) -> bool:
        off = value - declared
        if self.kind == "relative":
            return abs(off) <= self.amount * abs(declared)
        if self.kind == "absolute":
            return abs(off) <= self.amount
        if self.kind == "rounds":
            # Rounding errs by half of the last digit on both sides, cutting off by less than all of it upwards.
            return -self.amount / 2 <= off < self.amount or abs(off) <= _ONE_PER_CENT * abs(declared)
        return not off


EXACT = Tolerance("exact")


class Tolerances(NamedTuple):
    """What a declaration means that names no tolerance itself.

    An error in a step or rate accumulates as drift, so it is held more strictly than a length.
    """

    step: Tolerance = Tolerance("relative", Fraction(1, 200))
    length: Tolerance = Tolerance("relative", Fraction(1, 20))
    about: Tolerance = Tolerance("relative", Fraction(1, 10))


DEFAULT_TOLERANCES = Tolerances()
