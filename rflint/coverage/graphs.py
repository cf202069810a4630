"""Layers made of layers: chains, repetitions, and branches that meet in a sum or a concatenation."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import gcd, lcm
from typing import NamedTuple

from rflint.coverage.indices import CoverageError, Indices
from rflint.coverage.layers import Hull, Layer

MOST_REPETITIONS = 10_000


class StepMismatch(CoverageError):
    """Branches that meet with different steps drift apart by their difference every frame."""


class _SequenceFields(NamedTuple):
    layers: tuple[Layer, ...] = ()
    kind: str = "sequence"

    @property
    def period(self) -> int:
        return _rhythm(self)[0]

    @property
    def shift(self) -> int:
        return _rhythm(self)[1]

    def pull(self, first: int, last: int) -> Hull | None:
        hull: Hull | None = (first, last)
        for layer in reversed(self.layers):
            hull = layer.pull(*hull) if hull is not None else None
        return hull

    def touch(self, outputs: Indices) -> Indices | None:
        read: Indices | None = outputs
        for layer in reversed(self.layers):
            read = layer.touch(read) if read is not None else None
        return read

    def length(self, n: int) -> int:
        for layer in self.layers:
            n = layer.length(n)
        return n

    def at(self, n: int) -> Sequence:
        fixed = []
        for layer in self.layers:
            fixed.append(layer.at(n))
            n = layer.length(n)
        return Sequence(tuple(fixed))

    def faults(self) -> Iterable[str]:
        return [fault for layer in self.layers for fault in layer.faults()]


@lru_cache(maxsize=4096)
def _rhythm(chain: Sequence) -> tuple[int, int]:
    """Period and shift of a chain: a later layer turns until its shift is whole periods of the earlier ones."""
    period, shift = 1, 1
    for layer in chain.layers:
        turns = period // gcd(period, layer.shift)
        period, shift = layer.period * turns, layer.shift * turns // period * shift
    return period, shift


class _RepeatFields(NamedTuple):
    times: int
    layer: Layer
    kind: str = "repeat"

    @property
    def period(self) -> int:
        return 1 if self.layer.period == 1 else self._unrolled().period

    @property
    def shift(self) -> int:
        return self.layer.shift**self.times if self.layer.period == 1 else self._unrolled().shift

    def _unrolled(self) -> Sequence:
        return Sequence((self.layer,) * self.times)

    def _is_shift(self) -> bool:
        """True when every output reads the same pattern about its own position, so that hulls add up."""
        return self.layer.period == 1 and self.layer.shift == 1

    def pull(self, first: int, last: int) -> Hull | None:
        if not self._is_shift():
            return self._unrolled().pull(first, last)
        hull = self.layer.pull(0, 0)
        return (first + self.times * hull[0], last + self.times * hull[1]) if hull else None

    def touch(self, outputs: Indices) -> Indices | None:
        if self._is_shift() and self.times and outputs.mask is None:
            read = self.layer.touch(outputs)
            if read is not None and read.mask is None:  # longer stretches stay unbroken, too
                hull = self.pull(outputs.first, outputs.last)
                return Indices(*hull) if hull else None
        return self._unrolled().touch(outputs)

    def length(self, n: int) -> int:
        for done in range(self.times):
            after = self.layer.length(n)
            if self._is_shift() and after:  # each further layer takes away (or adds) as much
                return max(n + (after - n) * (self.times - done), 0)
            n = after
        return n

    def at(self, n: int) -> Layer:
        unrolled = self._unrolled().at(n)
        return self if unrolled == self._unrolled() else unrolled

    def faults(self) -> Iterable[str]:
        if self.times < 0 or (self.times > MOST_REPETITIONS and not self._is_shift()):
            return (f"{self.times} repetitions",)
        return self.layer.faults()


class _ParallelFields(NamedTuple):
    branches: tuple[Layer, ...]
    kind: str = "parallel"

    @property
    def period(self) -> int:
        return lcm(*(branch.period for branch in self.branches))

    @property
    def shift(self) -> int:
        return int(self.branches[0].step * self.period)

    def pull(self, first: int, last: int) -> Hull | None:
        hulls = [hull for branch in self.branches if (hull := branch.pull(first, last))]
        return (min(h[0] for h in hulls), max(h[1] for h in hulls)) if hulls else None

    def touch(self, outputs: Indices) -> Indices | None:
        union: Indices | None = None
        for branch in self.branches:
            read = branch.touch(outputs)
            if read is not None:
                union = read if union is None else union.union(read)
        return union

    def length(self, n: int) -> int:
        """Outputs that every branch has; `lengths` tells whether they agree."""
        return min(self.lengths(n))

    def lengths(self, n: int) -> tuple[int, ...]:
        return tuple(branch.length(n) for branch in self.branches)

    def at(self, n: int) -> Parallel:
        return Parallel(tuple(branch.at(n) for branch in self.branches))

    def faults(self) -> Iterable[str]:
        inner = [fault for branch in self.branches for fault in branch.faults()]
        if inner or not self.branches:
            return inner or ("branches that are none",)
        steps = [branch.step for branch in self.branches]
        if len(set(steps)) > 1:
            named = " and ".join(str(step) for step in dict.fromkeys(steps))
            raise StepMismatch(f"branches with steps of {named} meet")
        return ()


def residual(*layers: Layer) -> Parallel:
    """A chain and the identity beside it."""
    return Parallel((Sequence(layers), Sequence()))


class Sequence(_SequenceFields, Layer):
    """Layers one after the other; an empty sequence is the identity."""

    __slots__ = ()


class Repeat(_RepeatFields, Layer):
    """A layer ``times`` in sequence."""

    __slots__ = ()


class Parallel(_ParallelFields, Layer):
    """Branches over the same input that meet output by output: a residual sum, a product, a concatenation."""

    __slots__ = ()


def parts_of(layer: Layer) -> tuple[Layer, ...]:
    """The layers that a layer is made of: branches, a chain, what is repeated; none for a plain one."""
    if isinstance(layer, Parallel):
        return layer.branches
    if isinstance(layer, Sequence):
        return layer.layers
    return (layer.layer,) if isinstance(layer, Repeat) else ()
