"""What the stacks say about a claim: the computed counterpart of every declared quantity.

Rules judge by it and `explain` shows it, so that both speak of the same number.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from rflint.coverage import Coverage, CoverageError
from rflint.coverage.mixers import counted
from rflint.model import Claim, Duration, Model, Stack
from rflint.targets import Verdict, compare


class Measurement(NamedTuple):
    """A stack, the claim about it, and whether it is met (None when it cannot be decided, with the reason)."""

    stack: Stack
    verdict: Verdict


def in_seconds(duration: Duration) -> Fraction | None:
    """How long a duration lasts (s); None where the rate that governs its key is not known."""
    amount = Fraction(duration.value.value)
    if duration.unit in ("s", "ms"):
        return amount / (1000 if duration.unit == "ms" else 1)
    return amount / duration.rate if duration.rate else None


def measure(model: Model, claim: Claim) -> Measurement | None:
    """Compare a claim with the stack it speaks of; None when the model has no such stack."""
    stack = model.stack(claim.target.stack)
    if stack is None:
        return None
    amount, rate = _amount(model, stack, claim.target.quantity)
    if amount is None:
        return None
    return Measurement(stack, compare(claim.target, samples=amount, rate=rate))


def _amount(model: Model, stack: Stack, quantity: str) -> tuple[Fraction | None, Fraction | None]:
    """The computed quantity in positions, and how many such positions make a second (Hz; None when unknown).

    A decoder's step and rate are those of its frames, counted in samples at its output.
    """
    coverage = stack.coverage
    synthesis = stack.direction == "synthesis"
    output_rate = Fraction(model.sample_rate.value) if model.sample_rate else None
    if synthesis and model.dialect == "native":  # its one rate is that of the input positions
        output_rate = stack.input_rate * coverage.upsampling if stack.input_rate else None
    if quantity in ("frame_step", "frame_rate", "upsampling"):
        step = coverage.upsampling if synthesis or quantity == "upsampling" else coverage.step
        return step, output_rate if synthesis else stack.input_rate
    if quantity == "receptive_field":
        return Fraction(coverage.receptive_field), stack.input_rate
    if quantity == "look_ahead":
        return _look_ahead(coverage), stack.input_rate
    if quantity == "right_context":
        return Fraction(coverage.right), stack.input_rate
    if quantity == "holes":
        return Fraction(coverage.holes), stack.input_rate
    if quantity == "min_input":
        shortest = coverage.shortest_input
        return None if shortest is None else Fraction(shortest), stack.input_rate
    if quantity == "left_context":
        return Fraction(coverage.left), stack.input_rate
    if quantity == "sample_rate":
        return output_rate, output_rate
    return None, None


def _look_ahead(coverage: Coverage) -> Fraction | None:
    """Positions ahead of a frame's own hop. Attention and the like count in where they are limited, else as pointwise.

    None where a limit is past what can be counted.
    """
    if not coverage.mixers:
        return Fraction(coverage.look_ahead)
    try:
        return Fraction(Coverage(map(counted, coverage.layers)).look_ahead)
    except CoverageError:
        return None
