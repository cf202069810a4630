"""What the rules about ties share: the ties of a topic, placed, and their values as exact numbers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.documents import Value, Where
from rflint.findings import Severity
from rflint.model import Model, Tie
from rflint.rules.base import BY_OUTCOME


def ties(model: Model, topic: str, kind: str) -> Iterator[tuple[Tie, Where, Severity]]:
    """The ties of a topic that stand somewhere in the file, each with its primary place and its severity."""
    for tie in model.ties:
        where = tie.left.where or tie.right.where
        if tie.topic == topic and tie.kind == kind and where is not None:
            yield tie, where, BY_OUTCOME[tie.outcome]


def number(value: Value[object]) -> Fraction:
    """The exact number that a tie compares."""
    return Fraction(str(value.value)) if not isinstance(value.value, Fraction) else value.value


def shown(value: Value[object]) -> str:
    """A value as a message names it: ``hop_size`` 256, or the bare number when no key holds it."""
    return f"`{value.key}` {value.value}" if value.key else str(value.value)
