"""The comparison of an ordinary comment with the value beside it."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from rflint.targets.comments import CommentClaim
from rflint.targets.printing import format_amount
from rflint.targets.target import Verdict

_OTHER = "the comment speaks of something else"
_PLACES = (2, 4, 6, 12)


class _Beside(NamedTuple):
    """What a comment stands beside: see `comment_verdict`."""

    amount: Fraction
    rate: Fraction | None
    quantity: str
    unit: str
    window: Fraction | None


@lru_cache(maxsize=4096)
def comment_verdict(
    claim: CommentClaim,
    amount: Fraction | int,
    rate: Fraction | int | None,
    *,
    quantity: str = "",
    unit: str = "samples",
    window: Fraction | int | None = None,
) -> Verdict:
    """Compare a comment with the value beside it.

    Args:
        claim: one claim of the comment.
        amount: the value, in positions.
        rate: how many positions make a second (Hz); None when unknown: then it is the one that the comment names.
        quantity: what the value is: "step", "window", "length", or "" for anything.
        unit: what it counts: "samples", "frames", "ms" or "s".
        window: the window (positions) that a step belongs to, for claims about the overlap.

    Returns:
        A verdict whose `met` is None where the comment speaks of something else or the rate is unknown; its texts are
        both there where it is missed. An overlap in per cent is computed as a share of 1.
    """
    known = rate or (claim.at if unit == "samples" else None)
    beside = _Beside(
        Fraction(amount), Fraction(known) if known else None, quantity, unit, Fraction(window) if window else None
    )
    value = _computed(claim, beside)
    if value is None:
        return Verdict(None, None, "", "", _OTHER)
    if _admits(claim, value):
        return Verdict(True, value, _text(value, claim.unit, _PLACES[0]), "")
    declared = _text(claim.value, claim.unit, 6)
    texts = (_text(value, claim.unit, places) for places in _PLACES)
    computed = next((text for text in texts if text != declared), str(value))
    return Verdict(False, value, computed, declared)


def _text(value: Fraction, unit: str, places: int) -> str:
    return format_amount(value * 100, "%", places) if unit == "ratio" else format_amount(value, unit, places)


def _admits(claim: CommentClaim, value: Fraction) -> bool:
    return claim.tolerance.admits(value, claim.value, claim.value)


def _computed(claim: CommentClaim, beside: _Beside) -> Fraction | None:
    """The value in the unit of the claim; None when the claim is not about it."""
    if claim.other or _at_another_rate(claim, beside):
        return None
    if claim.kind == "overlap":
        return _overlap(claim, beside)
    if _another_kind(claim, beside.quantity) or _of_a_neighbour(claim, beside):
        return None
    if claim.unit == "samples":
        # "samples" may count the items of a data set; only a word about the same thing makes it a length in time.
        return beside.amount if beside.unit == "samples" and claim.kind and claim.kind == beside.quantity else None
    if not beside.rate or beside.amount <= 0:
        return None
    return beside.amount / beside.rate if claim.unit == "s" else beside.rate / beside.amount


def _overlap(claim: CommentClaim, beside: _Beside) -> Fraction | None:
    if not beside.window or beside.quantity not in ("", "step"):
        return None
    overlap = beside.window - beside.amount
    if claim.unit == "ratio":
        return overlap / beside.window
    if claim.unit == "s":
        return overlap / beside.rate if beside.rate else None
    return overlap if beside.unit == "samples" else None


def _another_kind(claim: CommentClaim, quantity: str) -> bool:
    if claim.kind == "sample_rate":
        return True
    if claim.unit == "Hz":
        return quantity not in ("", "step")
    return bool(claim.kind and quantity and claim.kind != quantity)


def _of_a_neighbour(claim: CommentClaim, beside: _Beside) -> bool:
    """Whether a duration is that of one frame of those counted ("10 ms" beside 16 frames), or of the step's window."""
    if claim.unit != "s" or not beside.rate or _admits(claim, beside.amount / beside.rate):
        return False
    if beside.unit == "frames" and claim.kind in ("", "step"):
        return _admits(claim, 1 / beside.rate)
    return not claim.kind and beside.window is not None and _admits(claim, beside.window / beside.rate)


def _at_another_rate(claim: CommentClaim, beside: _Beside) -> bool:
    """Whether the comment names a sample rate that is not the one in force (22k in words is 22050 Hz)."""
    rate = beside.rate
    return bool(claim.at and rate and beside.unit == "samples" and abs(claim.at - rate) * 200 > rate)
