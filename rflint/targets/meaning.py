"""What an amount with its noun declares: quantity, bounds in the unit kept, tolerance."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from rflint.targets.target import Target
from rflint.targets.tolerance import EXACT, Tolerance, Tolerances
from rflint.targets.units import UNITS
from rflint.targets.vocabulary import PhraseError

LENGTHS = ("receptive_field", "look_ahead", "left_context", "right_context", "min_input", "holes")
_MAY_BE_NONE = ("look_ahead", "left_context", "right_context", "holes")

_SLOWEST_SAMPLE_RATE = 4000
"""Hz. A rate without noun is a sample rate from here on: no model puts out so many frames a second."""


class Part:
    """An amount of a phrase and what is said about it; `noun` is a quantity, ``rate``, ``frames`` or None."""

    __slots__ = (
        "about", "between", "bound", "end", "exactly", "high", "low", "low_unit", "margin", "margin_unit", "noun",
        "per_second", "stack", "start", "unit",
    )  # fmt: skip

    def __init__(self, start: int) -> None:
        self.start = self.end = start
        self.low = self.high = Fraction(0)
        self.unit: str | None = None
        self.low_unit: str | None = None
        self.noun: str | None = None
        self.stack: str | None = None
        self.bound: str | None = None
        self.margin: Fraction | None = None
        self.margin_unit: str | None = None
        self.about = self.exactly = self.between = self.per_second = False

    @property
    def kept_in(self) -> str | None:
        """``s``, ``Hz``, ``samples``, ``frames``, ``x`` for a factor, None for a bare number."""
        return UNITS[self.unit].kept_in if self.unit in UNITS else self.unit

    def is_one_frame(self) -> bool:
        return self.kept_in == "frames" and self.low == self.high == 1 and self.noun is None


def settle(part: Part, phrase: str, tolerances: Tolerances, bare: str | None = None) -> Target:
    """The target of a part.

    Args:
        part: an amount with its noun and qualifiers.
        phrase: the text that it comes from.
        tolerances: what a number means that brings no tolerance of its own.
        bare: what a number without unit counts, and counts are met exactly (the native form); None refuses a number
            that has neither unit nor noun.

    Raises:
        PhraseError: the unit does not fit the quantity, or the range is empty.
    """
    quantity, unit = _quantity_and_unit(part, bare)
    factor = _factor_of(part.unit)
    low, high = part.low * _factor_of(part.low_unit or part.unit), part.high * factor
    if low > high:
        raise PhraseError("the range runs backwards", part.start)
    if high <= 0 and quantity not in _MAY_BE_NONE:
        raise PhraseError("an amount above 0 is expected", part.start)
    wording = phrase[part.start : part.end].strip()
    tolerance = _tolerance(part, quantity, unit, tolerances, bare is not None)
    return Target(quantity, *_bounds(part, low, high), unit, tolerance, wording, part.stack)


def _factor_of(unit: str | None) -> Fraction:
    return UNITS[unit].factor if unit in UNITS else Fraction(1)


def _bounds(part: Part, low: Fraction, high: Fraction) -> tuple[Fraction | None, Fraction | None]:
    if part.bound is None:
        return low, high
    if low != high:
        raise PhraseError("a range has its bounds already", part.start)
    return (low, None) if part.bound in ("at least", "above") else (None, high)


def _tolerance(part: Part, quantity: str, unit: str, tolerances: Tolerances, whole: bool) -> Tolerance:
    low_to_high = part.between or part.low != part.high
    if part.margin is not None:
        if part.bound or low_to_high:
            raise PhraseError("a margin and a bound exclude each other", part.start)
        return _margin(part, _factor_of(part.unit))
    if part.exactly:
        return EXACT
    if part.about:
        return tolerances.about
    if part.bound in ("above", "below"):
        return Tolerance("strict")
    counted = unit in ("samples", "frames")
    if part.bound or low_to_high or (counted and (whole or part.unit in (None, "x") or quantity not in LENGTHS)):
        # What counts steps in samples, or gives no unit, is a whole number: nothing was rounded.
        return EXACT
    return tolerances.length if quantity in LENGTHS else tolerances.step


def _margin(part: Part, factor: Fraction) -> Tolerance:
    amount = part.margin or Fraction(0)
    if part.margin_unit == "%":
        return Tolerance("relative", amount / 100)
    own = UNITS.get(part.margin_unit or "")
    if own and own.kept_in != part.kept_in:
        raise PhraseError("the margin has another unit than the amount", part.start)
    return Tolerance("absolute", amount * (own.factor if own else factor))


def _quantity_and_unit(part: Part, bare: str | None) -> tuple[str, str]:
    """The quantity an amount speaks of, from its noun and its unit, and the unit it is kept in."""
    noun, unit = part.noun, part.kept_in
    if unit == "x":
        return _factor(part)
    if noun in (None, "frames", "rate"):
        return _by_unit(part, bare)
    if noun in ("frame_rate", "sample_rate"):
        return _rate(part)
    if noun == "upsampling":
        if unit not in (None, "samples"):
            raise PhraseError("an upsampling factor is a plain number", part.start)
        return noun, "samples"
    if unit == "Hz":
        raise PhraseError(f"a {str(noun).replace('_', ' ')} is a length, not a rate", part.start)
    return str(noun), unit or bare or "samples"


def _factor(part: Part) -> tuple[str, str]:
    if part.noun in (None, "upsampling"):
        return "upsampling", "samples"
    if part.noun == "frame_step":
        return "frame_step", "samples"
    raise PhraseError("a factor is an upsampling factor or a step", part.start)


def _rate(part: Part) -> tuple[str, str]:
    unit = part.kept_in
    if unit in ("Hz", None):
        return str(part.noun), "Hz"
    if part.noun == "frame_rate" and unit == "s":
        # Papers say "a frame rate of 10 ms" for the step.
        return "frame_step", "s"
    raise PhraseError(f"a {str(part.noun).replace('_', ' ')} is given in Hz", part.start)


def _by_unit(part: Part, bare: str | None) -> tuple[str, str]:
    """The quantity of an amount whose words leave it open: a plain length is a receptive field."""
    unit = part.kept_in
    if unit == "Hz" or (part.noun == "rate" and unit is None):
        fast = part.high * _factor_of(part.unit) >= _SLOWEST_SAMPLE_RATE
        return "sample_rate" if fast and part.noun != "frames" else "frame_rate", "Hz"
    if part.noun == "rate":
        raise PhraseError("a rate is given in Hz", part.start)
    if unit is None and bare is None and part.noun is None:
        raise PhraseError("a unit is missing, or a word such as `hop` or `receptive field`", part.start)
    return "receptive_field", unit or bare or "samples"


def check_together(parts: Sequence[Part]) -> None:
    """Refuse phrases that can be read in two ways.

    Raises:
        PhraseError: two lengths without a noun, or one that may only repeat what a step or a rate says already.
    """
    unnamed = [part for part in parts if part.noun is None and part.kept_in in ("s", "samples", "frames")]
    for part in unnamed:
        same_stack = [other for other in parts if other is not part and other.stack == part.stack]
        if any(other in unnamed for other in same_stack):
            raise PhraseError("which is the receptive field and which the step?", part.start)
        if any(_may_repeat(part, other) for other in same_stack):
            raise PhraseError("say what this amount is: a `window`, a `step`, …", part.start)
    _check_bare(parts)


def _may_repeat(part: Part, other: Part) -> bool:
    """Whether an amount without noun may be another's value in another unit: "hop 10 ms, 160 samples"."""
    if other.kept_in in ("x", None) or other.noun == "sample_rate":
        return False
    if other.kept_in != "Hz":
        return other.kept_in != part.kept_in
    if part.kept_in != "s":
        return True
    return part.low * other.low * _factor_of(part.unit) * _factor_of(other.unit) == 1


def _check_bare(parts: Sequence[Part]) -> None:
    """``25 window, 10 ms hop``: does the unit hold for both?"""
    rates = ("upsampling", "frame_rate", "sample_rate", "rate")
    bare = [part for part in parts if part.unit is None and part.noun not in rates]
    timed = [part for part in parts if part.kept_in == "s"]
    if bare and timed:
        raise PhraseError("a unit is missing", bare[0].start)
