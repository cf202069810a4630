"""What the rules about ties share: the ties of a topic, placed, their values as exact numbers, and findings about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from rflint.documents import Value, Where
from rflint.findings import Fix, Problem, Severity
from rflint.model import Model, Tie, Topic
from rflint.rules.base import BY_OUTCOME, times


def ties(model: Model, topic: Topic, *kinds: str) -> Iterator[tuple[Tie, Where, Severity]]:
    """The ties of a topic that stand somewhere in the file, each with its primary place and its severity."""
    for tie in model.ties:
        where = tie.left.where or tie.right.where
        if tie.topic == topic and (not kinds or tie.kind in kinds) and where is not None:
            yield tie, where, BY_OUTCOME[tie.outcome]


def broken(model: Model, topic: Topic) -> Iterator[tuple[Tie, Where, Severity]]:
    """The ties of a topic between numbers that do not hold."""
    for tie, where, severity in ties(model, topic, "equal", "multiple", "at most"):
        if not holds(tie):
            yield tie, where, severity


def holds(tie: Tie) -> bool:
    """Whether two numbers satisfy their tie."""
    left, right = number(tie.left), number(tie.right)
    if tie.kind == "equal":
        return left == right
    if tie.kind == "at most":
        return left <= right
    return right <= 0 or (left / right).denominator == 1


def made_whole(model: Model, tie: Tie) -> bool:
    """Whether the decoder makes just the crop of a tie from the whole frames in it, by odd samples of its own layers."""
    crop, stack = number(tie.left), model.stack("decoder")
    frames = int(crop // number(tie.right)) if number(tie.right) > 0 else 0
    return stack is not None and frames > 0 and stack.coverage.length(frames) == crop


def number(value: Value[object]) -> Fraction:
    """The exact number that a tie compares."""
    return Fraction(str(value.value)) if not isinstance(value.value, Fraction) else value.value


def shown(value: Value[object]) -> str:
    """A value as a message names it: ``hop_size`` 256, or the bare number when no key holds it."""
    amount = times(number(value)) if not isinstance(value.value, list | tuple) else str(list(value.value))
    return f"`{value.key}` {amount}" if value.key else amount


def finding(
    tie: Tie,
    where: Where,
    severity: Severity,
    message: str,
    *,
    derivation: str = "",
    help: Sequence[str] = (),
    fixes: Sequence[Fix] = (),
    stated: bool = False,
) -> Problem:
    """A finding about a tie: the caret on its left side, a second one on its right.

    The left side is what the file makes and the right what it must be, or (``stated``) the other way round.
    """
    left, right = (_amount(side) for side in (tie.left, tie.right))
    return Problem(
        where,
        message,
        label=left if tie.left.where else right,
        declared=left if stated else right,
        computed=right if stated else left,
        derivation=derivation,
        related=[(tie.right.where, right)] if tie.left.where and tie.right.where else [],
        help=help,
        notes=[tie.because] if tie.because else [],
        fixes=fixes,
        severity=severity,
    )


def _amount(value: Value[object]) -> str:
    return times(number(value)) if not isinstance(value.value, list | tuple) else str(list(value.value))
