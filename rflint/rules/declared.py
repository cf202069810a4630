"""What the rules about declared targets share: which claims are missed, and how a finding about one is laid out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rflint.documents import Place, Span, Where
from rflint.findings import Fix, Problem
from rflint.measure import Measurement, measure
from rflint.model import Claim, Model
from rflint.rules.base import BY_OUTCOME, cause
from rflint.targets import format_number

OWN_RULES = ("fixed", "ctc", "latency")
"""Topics whose claims a rule of their own judges, and not the one of the quantity."""


def missed(model: Model, quantity: str) -> Iterator[tuple[Claim, Measurement]]:
    """The claims about a quantity that the stack they speak of does not meet."""
    claims = (claim for claim in model.claims if claim.topic not in OWN_RULES)
    return _missed(model, (claim for claim in claims if claim.target.quantity == quantity))


def missed_topic(model: Model, topic: str) -> Iterator[tuple[Claim, Measurement]]:
    """The claims of a topic (one of `OWN_RULES`) that are not met."""
    return _missed(model, (claim for claim in model.claims if claim.topic == topic))


def _missed(model: Model, claims: Iterable[Claim]) -> Iterator[tuple[Claim, Measurement]]:
    for claim in claims:
        measurement = measure(model, claim)
        if measurement is not None and measurement.verdict.met is False:
            yield claim, measurement


def problem(
    model: Model,
    claim: Claim,
    measurement: Measurement,
    name: str,
    derivation: str,
    help: Sequence[str] = (),
    fixes: Sequence[Fix] = (),
    makes: Where | None = None,
) -> Problem:
    """A finding with the caret on what sets the quantity and a second one on the words that declare it.

    A key that contradicts the rest of its file carries the caret itself.
    """
    stack, verdict = measurement
    stated, makes = claim.where, makes or cause(stack, model)
    by_key = claim.source == "key"
    primary: Where | Place | None = stated if by_key or makes is None else makes
    other, label = (makes, f"gives {verdict.computed_text}") if primary is stated else (stated, "declared here")
    return Problem(
        primary or Place(_file(model), Span(1, 1, 1, 1)),
        f"{name} is {_both(measurement)}, but {_declares(claim)} {verdict.declared_text}",
        label=f"declares {verdict.declared_text}" if primary is stated else f"gives {verdict.computed_text}",
        declared=verdict.declared_text,
        computed=verdict.computed_text,
        derivation=derivation,
        related=[(other, label)] if other is not None and other is not primary else [],
        help=help,
        fixes=fixes,
        notes=(claim.because,) if claim.because else (),
        severity=BY_OUTCOME[claim.outcome] if by_key else None,
    )


def _both(measurement: Measurement) -> str:
    """A duration with the positions it is made of: ``80 samples = 5 ms``."""
    stack, verdict = measurement
    if verdict.computed is None or not verdict.computed_text.endswith(" ms") or stack.direction == "synthesis":
        return verdict.computed_text
    positions = verdict.computed * stack.input_rate if stack.input_rate else None
    return (
        f"{format_number(positions)} {stack.input_unit} = {verdict.computed_text}"
        if positions
        else verdict.computed_text
    )


def _declares(claim: Claim) -> str:
    if claim.source == "key":
        return f"`{claim.wording}` says"
    return {"settings": "the settings declare", "command line": "the command line asks for"}.get(
        claim.source, "the target is"
    )


def _file(model: Model) -> str:
    places = [stage.where for stack in model.stacks for stage in stack.stages if stage.where is not None]
    return places[0].name if places else ""
