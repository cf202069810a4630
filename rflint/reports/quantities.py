"""The quantities of a stack as every explain format prints them: times and rates from positions and their rate."""

from __future__ import annotations

from fractions import Fraction

from rflint.model import Stack


def milliseconds(amount: Fraction | int | None, stack: Stack) -> Fraction | None:
    """Input positions of a stack as time (ms); None when their rate is not known."""
    if amount is None or not stack.input_rate:
        return None
    return Fraction(amount) * 1000 / stack.input_rate


def frame_rate(stack: Stack) -> Fraction | None:
    """Frames per second (Hz): what an encoder puts out, what a decoder takes in; None when not known."""
    if stack.direction == "synthesis" or not stack.input_rate:
        return stack.input_rate
    step = stack.coverage.step
    return stack.input_rate / step if step else None


def why_no_time(stack: Stack) -> str:
    """The reason for a missing time or rate."""
    known = "frame rate" if stack.input_unit == "frames" else "sample rate"
    return f"the {known} is not known"


def upsampling_derivation(stack: Stack) -> str:
    """How the upsampling factor comes about: ``8·8·2·2 = 256``; the bare factor when the config has no factors."""
    terms, total = stack.factor_text(), str(stack.coverage.upsampling)
    return f"{terms} = {total}" if terms and terms != total else total


def ordinal(number: int) -> str:
    """``2nd``, ``3rd``, ``11th``."""
    last = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{last}"
