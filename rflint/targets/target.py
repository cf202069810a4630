"""A declared target, and its comparison with what a stack computes."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from rflint.targets.printing import format_amount, format_number
from rflint.targets.tolerance import Tolerance

QUANTITIES = (
    "frame_step",
    "frame_rate",
    "receptive_field",
    "upsampling",
    "look_ahead",
    "left_context",
    "right_context",
    "min_input",
    "holes",
    "sample_rate",
)

_PLACES = (2, 4, 6, 9, 12)


class Target(NamedTuple):
    """What someone declares of a stack.

    ``low`` and ``high`` bound the value as declared, in ``unit`` ("samples", "frames", "s", "Hz"); they are equal for a
    plain number, and one of them is None for "at least" and "at most". ``stack`` is the role or the name of the stack
    that the words speak of; None means the model's output. An upsampling factor counts samples for one frame.
    """

    quantity: str
    low: Fraction | None
    high: Fraction | None
    unit: str
    tolerance: Tolerance
    wording: str = ""
    stack: str | None = None

    def met(self, value: Fraction) -> bool:
        """Whether a computed value, in the unit of the target, satisfies it within its tolerance."""
        return self.tolerance.admits(value, self.low, self.high)

    @property
    def text(self) -> str:
        """The declaration in plain words: ``10 ms``, ``at most 40 ms``, ``10 ms to 20 ms``."""
        return _declared_text(self, 2, _shown_unit(self, self.unit))


class Verdict(NamedTuple):
    """Whether a target is met. `met` is None, with a reason, when the two cannot be compared.

    ``computed`` is in the unit of the target; both texts are in the same unit and differ when the values do.
    """

    met: bool | None
    computed: Fraction | None
    computed_text: str
    declared_text: str
    reason: str = ""


@lru_cache(maxsize=4096)
def compare(
    target: Target,
    *,
    samples: Fraction | int | None,
    rate: Fraction | int | None,
    unit: str = "samples",
    per_frame: Fraction | int | None = None,
) -> Verdict:
    """Compare a target with what a stack computes.

    Args:
        target: the declaration.
        samples: the computed amount, in positions: a length, or the step for a step or a rate; the factor for an
            upsampling target and the rate itself (Hz) for a sample rate. None when it is not computable.
        rate: how many positions make a second (Hz); None when unknown.
        unit: what a position is: "samples", "frames", or a unit of the user's own.
        per_frame: samples in a frame, for targets that count the other of the two.
    """
    shown = _shown_unit(target, unit)
    if samples is None:
        return Verdict(None, None, "", _declared_text(target, 2, shown), "it cannot be computed")
    value = _in_unit_of(target, Fraction(samples), rate, unit, per_frame)
    if isinstance(value, str):
        own = format_amount(Fraction(samples), unit)
        return Verdict(None, None, own, _declared_text(target, 2, shown), value)
    computed, declared = _telling_texts(target, value, shown)
    return Verdict(target.met(value), value, computed, declared)


def _shown_unit(target: Target, unit: str) -> str:
    """The unit in texts: that of the positions, none for an upsampling factor."""
    if target.quantity == "upsampling":
        return ""
    return unit if target.unit == "samples" and unit != "frames" else target.unit


def _in_unit_of(
    target: Target,
    positions: Fraction,
    rate: Fraction | int | None,
    unit: str,
    per_frame: Fraction | int | None,
) -> Fraction | str:
    """The computed value in the unit of the target, or the reason why it cannot be had."""
    if target.quantity in ("upsampling", "sample_rate"):
        return positions
    if target.unit == "Hz" and target.quantity not in ("frame_rate", "frame_step"):
        return f"a {target.quantity.replace('_', ' ')} is no rate"
    if target.unit in ("s", "Hz"):
        if not rate:
            return f"the {'frame' if unit == 'frames' else 'sample'} rate is not known"
        if target.unit == "s":
            return positions / rate
        return rate / positions if positions else "the step is 0"
    if (target.unit == "frames") == (unit == "frames"):
        return positions
    if not per_frame:
        return "the number of samples in a frame is not known"
    return positions / per_frame if target.unit == "frames" else positions * per_frame


def amount_in_positions(target: Target, rate: Fraction | int | None) -> Fraction | None:
    """The declared step or length in positions of a stack that takes in `rate` of them a second.

    None for ranges, for frames, and when it depends on an unknown rate; the bound of a one-sided target.
    """
    value = target.low if target.low is not None else target.high
    if value is None or (target.high is not None and value != target.high):
        return None
    if target.unit == "samples":
        return value
    if not rate or target.unit not in ("s", "Hz"):
        return None
    if target.unit == "s":
        return value * rate
    return rate / value if value else None


def _telling_texts(target: Target, value: Fraction, shown: str) -> tuple[str, str]:
    """Computed and declared, with as many places as it takes to tell a missed target from its value."""
    for places in _PLACES:
        computed, declared = format_amount(value, shown, places), _declared_text(target, places, shown)
        if target.met(value) or computed not in (format_amount(b, shown, places) for b in _bounds(target)):
            return computed, declared
    return computed, declared


def _bounds(target: Target) -> list[Fraction]:
    return [bound for bound in (target.low, target.high) if bound is not None]


def _declared_text(target: Target, places: int, shown: str) -> str:
    low, high, tolerance = target.low, target.high, target.tolerance
    texts = [format_amount(bound, shown, places) for bound in _bounds(target)]
    if low is None or high is None:
        strict = tolerance.kind == "strict"
        word = ("more than" if strict else "at least") if high is None else ("less than" if strict else "at most")
        return f"{word} {texts[0]}" if texts else "anything"
    if low != high:
        return " to ".join(texts)
    if tolerance.kind == "absolute":
        return f"{texts[0]} ± {format_amount(tolerance.amount, shown, places)}"
    if tolerance.kind == "relative" and tolerance.amount == Fraction(1, 10):
        return f"about {texts[0]}"
    if tolerance.kind == "relative" and tolerance.amount not in (Fraction(1, 200), Fraction(1, 20)):
        return f"{texts[0]} ± {format_number(tolerance.amount * 100)} %"
    return texts[0]
