"""What a change of a config does to its temporal coverage and to its claims."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeVar

from rflint.measure import measure
from rflint.model import Model, Stack
from rflint.targets import format_ms, format_number, format_rate

T = TypeVar("T")


class Difference(NamedTuple):
    """One quantity that changed; an empty side is absent there."""

    subject: str
    quantity: str
    before: str
    after: str


def compare(before: Sequence[Model], after: Sequence[Model]) -> list[Difference]:
    """The differences between the models of two configs, matched by their place and name."""
    found: list[Difference] = []
    for old, new in _matched(before, after, lambda model: (model.dialect, model.name)):
        if old is None or new is None:
            found.append(
                Difference(_name(old or new), "model", "" if old is None else "there", "" if new is None else "there")
            )
            continue
        if _rate(old) != _rate(new):
            found.append(Difference(_name(new), "sample rate", _rate(old), _rate(new)))
        for left, right in _matched(old.stacks, new.stacks, lambda stack: (stack.role, stack.name)):
            found += _stacks(left, right)
        found += _claims(old, new)
    return found


def _matched(before: Sequence[T], after: Sequence[T], key: Callable[[T], object]) -> list[tuple[T | None, T | None]]:
    """Pairs of equal key, in order; what has no partner stands alone. A single one on each side is a pair all the same."""
    if len(before) == len(after) == 1:
        return [(before[0], after[0])]
    rest = list(after)
    pairs: list[tuple[T | None, T | None]] = []
    for old in before:
        new = next((candidate for candidate in rest if key(candidate) == key(old)), None)
        if new is not None:
            rest.remove(new)
        pairs.append((old, new))
    return [*pairs, *((None, new) for new in rest)]


def _name(model: Model | None) -> str:
    return "" if model is None else " ".join(part for part in (model.dialect, model.name) if part)


def _rate(model: Model) -> str:
    return format_rate(Fraction(model.sample_rate.value)) if model.sample_rate else "unknown"


def _stacks(before: Stack | None, after: Stack | None) -> Iterator[Difference]:
    subject = _stack_name(after or before)
    if before is None or after is None:
        yield Difference(subject, "stack", "" if before is None else "there", "" if after is None else "there")
        return
    old, new = dict(quantities(before)), dict(quantities(after))
    for quantity in old:
        if old[quantity] != new.get(quantity, ""):
            yield Difference(subject, quantity, old[quantity], new.get(quantity, ""))


def _stack_name(stack: Stack | None) -> str:
    return "" if stack is None else stack.role if stack.name in ("", stack.role) else f"{stack.role} {stack.name}"


def quantities(stack: Stack) -> Iterator[tuple[str, str]]:
    """What a stack does, in words with units."""
    coverage = stack.coverage
    if stack.direction == "synthesis":
        yield "upsampling", f"{format_number(coverage.upsampling)} samples a frame"
    else:
        yield "step", _amount(coverage.step, stack)
        rate = stack.input_rate / coverage.step if stack.input_rate else None
        yield "frame rate", format_rate(rate) if rate else "unknown"
    yield "receptive field", _amount(coverage.receptive_field, stack)
    yield "left context", _amount(coverage.left, stack)
    yield "look-ahead", _amount(coverage.look_ahead, stack)
    yield "holes", str(coverage.holes)
    shortest = coverage.shortest_input
    yield "shortest input", "none" if shortest is None else _amount(shortest, stack)
    yield "unbounded by", ", ".join(mixer.name for mixer in coverage.unbounded_by) or "nothing"


def _amount(positions: Fraction | int, stack: Stack) -> str:
    time = f" = {format_ms(Fraction(positions) / stack.input_rate * 1000)}" if stack.input_rate else ""
    return f"{format_number(positions)} {stack.input_unit}{time}"


def _claims(before: Model, after: Model) -> Iterator[Difference]:
    """Claims by their wording without numbers: a target met before and missed now is the news."""
    old, new = _verdicts(before), _verdicts(after)
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield Difference(name, "claim", old.get(name, ""), new.get(name, ""))


def _verdicts(model: Model) -> dict[str, str]:
    found: dict[str, str] = {}
    for claim in model.claims:
        measurement = measure(model, claim)
        if measurement is None:
            continue
        verdict = measurement.verdict
        name = f"{measurement.stack.role} {claim.target.quantity.replace('_', ' ')}"
        word = {True: "met", False: "missed", None: "undecided"}[verdict.met]
        told = f"{word}: {verdict.declared_text} declared, {verdict.computed_text or 'unknown'} computed"
        found[name if name not in found else f"{name} ({len(found)})"] = told
    return found
