"""What must change together when the sample rate changes: every size in samples, and every list that makes one up."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod
from typing import NamedTuple

from rflint.coverage.design import exact_kernel, factor_lists
from rflint.documents import Value, Where
from rflint.findings import Edit
from rflint.model import Duration, Factor, Model, Stack
from rflint.rules.edits import number_text, replacement
from rflint.rules.factors import kernel_list, transposed_stages
from rflint.targets import format_ms, format_number


class Change(NamedTuple):
    """A key to change: its place, what it holds and is to hold, and what that does to its meaning, if anything."""

    where: Where
    old: str
    new: str
    note: str = ""

    @property
    def edit(self) -> Edit | None:
        return replacement(self.where, self.new)


class Scaled(NamedTuple):
    """The changes, in the order of the file, and what cannot keep its meaning."""

    changes: tuple[Change, ...]
    said: tuple[str, ...]


def scale(models: list[Model], rate: int) -> Scaled:
    """All changes that the new sample rate (Hz) asks for in the models of one file."""
    changes: dict[tuple[object, ...], Change] = {}
    said: list[str] = []
    for model in models:
        if model.sample_rate is None:
            said.append(f"{model.dialect}: the sample rate is not known")
            continue
        ratio = Fraction(rate) / Fraction(model.sample_rate.value)
        for change in [*_rates(model, rate), *_sizes(model, ratio), *_lists(model, ratio, said)]:
            changes.setdefault((change.where.name, *change.where.path), change)
    ordered = sorted((c for c in changes.values() if c.old != c.new), key=lambda c: c.where.span)
    said += [f"`{c.where.key}`: {c.note}" for c in ordered if c.note]
    said += [f"`{c.where.key}` is to be written by hand: {c.new}" for c in ordered if c.edit is None]
    return Scaled(tuple(ordered), tuple(said))


def _rates(model: Model, rate: int) -> Iterator[Change]:
    """The sample rate itself, and every other key of the file that must equal it."""
    assert model.sample_rate is not None
    old = Fraction(model.sample_rate.value)
    same = [side for tie in model.ties if tie.topic == "rate" and tie.kind == "equal" for side in (tie.left, tie.right)]
    for where in [model.sample_rate.where, *(side.where for side in same if _number(side) == old)]:
        if where is not None:
            yield Change(where, number_text(old) or str(old), str(rate))


def _sizes(model: Model, ratio: Fraction) -> Iterator[Change]:
    transforms = {tie.right.where.path for tie in model.ties if tie.topic == "fft" and tie.right.where is not None}
    hop = next((d for d in model.durations if d.quantity == "step" and d.unit == "samples"), None)
    for duration in model.durations:
        where = duration.value.where
        governed = model.sample_rate is not None and duration.rate == model.sample_rate.value
        if where is None or duration.unit != "samples" or not governed:
            continue
        exact = Fraction(duration.value.value) * ratio
        if where.path in transforms:
            yield _transform(where, duration, exact)
        else:
            yield _size(where, duration, exact, ratio, hop)


def _transform(where: Where, duration: Duration, exact: Fraction) -> Change:
    """An FFT stays a power of two where it is one, and never gets shorter than its window."""
    old = int(duration.value.value)
    if old & (old - 1) == 0:
        new = 1 << (-(-exact.numerator // exact.denominator) - 1).bit_length()
    else:
        new = 2 * -(-exact.numerator // (2 * exact.denominator))
    return Change(where, str(old), str(new))


def _size(where: Where, duration: Duration, exact: Fraction, ratio: Fraction, hop: Duration | None) -> Change:
    grid = 1
    old = Fraction(duration.value.value)
    step = Fraction(hop.value.value) if hop is not None and duration.quantity == "length" else Fraction(0)
    if step > 0 and (old / step).denominator == 1:
        grid = max(round(step * ratio), 1)  # a crop stays a whole number of hops
    new = max(round(exact / grid), 1) * grid
    note = ""
    if new != exact and duration.rate:
        before, after = old / duration.rate, Fraction(new) / (duration.rate * ratio)
        note = f"{format_ms(before * 1000)} cannot be kept: {new} samples are {format_ms(after * 1000, 4)}"
    return Change(where, number_text(old) or str(old), str(new), note)


def _lists(model: Model, ratio: Fraction, said: list[str]) -> Iterator[Change]:
    """Factors and strides whose product is a size in samples."""
    for stack in model.stacks:
        for factor in stack.factors[:1]:
            old = prod(factor.terms)
            wanted = old * ratio
            frames = stack.direction == "analysis" and stack.stages[0].layer.kind == "frames"
            if factor.where is None or wanted == old or frames:
                continue
            if wanted.denominator != 1:
                said.append(f"`{factor.key}`: a product of {format_number(wanted, 3)} samples is not whole")
                continue
            yield from _list(model, stack, factor, int(wanted), said)


def _list(model: Model, stack: Stack, factor: Factor, wanted: int, said: list[str]) -> Iterator[Change]:
    assert factor.where is not None
    found = [f for f in factor_lists(wanted, factor.terms) if len(f) == len(factor.terms)]
    layers = [stage.layer for stage in transposed_stages(stack)]
    listed = kernel_list(model, stack) if layers else None
    for factors in found:
        kernels = [exact_kernel(layers, f) for f in factors] if layers else []
        if None not in kernels:
            yield Change(factor.where, str(list(factor.terms)), str(list(factors)))
            if listed is not None and listed.where is not None:
                yield Change(listed.where, str(listed.value), str(kernels))
            return
    said.append(f"`{factor.key}`: no {len(factor.terms)} factors with a product of {wanted}")


def _number(value: Value[object]) -> Fraction | None:
    return Fraction(value.value) if isinstance(value.value, int | Fraction) else None
