"""What a rule is: a module whose docstring is its documentation, with a code, a name, a severity and a check."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Protocol

from rflint.documents import Value, Where
from rflint.findings import Problem, Severity
from rflint.model import Claim, Model, Outcome, Stack
from rflint.targets import format_number


class Rule(Protocol):
    """The attributes of every rule module."""

    CODE: str
    NAME: str
    SEVERITY: Severity


class ModelRule(Rule, Protocol):
    """A rule over the model that a dialect hands over. It knows no framework."""

    def check(self, model: Model) -> Iterator[Problem]: ...


BY_OUTCOME: dict[Outcome, Severity] = {"crash": "error", "silent": "warning", "repaired": "info", "report": "info"}
"""Severity by what happens when a relation does not hold: refused or wrong for certain, silently wrong, put right."""


def places(model: Model) -> Iterator[Where]:
    """The places in files of all that a model states of time."""
    values: list[Value[object] | Value[int] | Value[Fraction]] = [
        *(value for tie in model.ties for value in (tie.left, tie.right)),
        *(duration.value for duration in model.durations),
        *(value for exchange in model.exchanges for value in (exchange.hop, exchange.rate)),
    ]
    values += [model.sample_rate] if model.sample_rate else []
    found = [value.where for value in values] + [claim.where for claim in model.claims]
    found += [stage.where for stack in model.stacks for stage in stack.stages]
    found += [factor.where for stack in model.stacks for factor in stack.factors]
    yield from (where for where in found if isinstance(where, Where))


def cause(stack: Stack, model: Model) -> Where | None:
    """The place that sets a stack's step: its first factor, else its first placed stage."""
    fallback = model.sample_rate.where if model.sample_rate else None
    return factors_at(stack) or fallback


def factors_at(stack: Stack) -> Where | None:
    """The place of a stack's factors in the file, else that of a stage; None where all are defaults."""
    places = [factor.where for factor in stack.factors] + [stage.where for stage in stack.stages]
    return next((place for place in places if place is not None), None)


def wording(claim: Claim) -> str:
    """How a message names the claim: the words of the file in back-quotes."""
    return f"`{claim.wording or claim.target.wording}`"


def times(ratio: Fraction) -> str:
    """A ratio for a reader: ``2``, ``2.34`` or ``0.43``."""
    return format_number(ratio)


def ordinal(number: int) -> str:
    """``2nd``, ``3rd``, ``4th``."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{ending}"


def alternatives(step: Fraction, terms: tuple[int, ...]) -> list[tuple[int, int]]:
    """Single changes to a list of strides that give the wanted product: (index, new value), nearest change first."""
    product = Fraction(1)
    for term in terms:
        product *= term
    changes = []
    for index, term in enumerate(terms):
        wanted = step / (product / term)
        if wanted.denominator == 1 and wanted >= 1:
            changes.append((index, int(wanted)))
    return sorted(changes, key=lambda change: (abs(change[1] - terms[change[0]]), change[0]))
