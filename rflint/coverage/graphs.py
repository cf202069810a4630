"""Layers made of layers: chains, and branches that meet in a sum or a concatenation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from math import gcd, lcm
from typing import NamedTuple

from rflint.coverage.indices import CoverageError, Indices
from rflint.coverage.layers import Hull, Layer

COUNTED = 1 << 64
"""Positions are counted in 64 bits by every framework."""


class StepMismatch(CoverageError):
    """Branches that meet with different steps drift apart by their difference every frame."""


def compose(first: tuple[int, int], then: tuple[int, int]) -> tuple[int, int]:
    """The rhythm of two layers in sequence: the second turns until its shift is whole periods of the first.

    Raises:
        CoverageError: the numbers pass what a framework could count.
    """
    turns = first[0] // gcd(first[0], then[1])
    period, shift = then[0] * turns, then[1] * turns // first[0] * first[1]
    if max(period, shift) > COUNTED:
        raise CoverageError("a step or a period past what can be counted")
    return period, shift


# -- chains -------------------------------------------------------------------------------------------------------


class _Sequence(NamedTuple):
    layers: tuple[Layer, ...] = ()
    kind: str = "sequence"


class Sequence(_Sequence, Layer):
    """Layers one after the other; an empty sequence is the identity."""

    @property
    def parts(self) -> tuple[Layer, ...]:
        return self.layers

    def rebuilt(self, parts: tuple[Layer, ...]) -> Sequence:
        return Sequence(parts, self.kind)

    @cached_property
    def rhythm(self) -> tuple[int, int]:
        rhythm = (1, 1)
        for layer in self.layers:
            rhythm = compose(rhythm, layer.rhythm)
        return rhythm

    @property
    def gappy(self) -> bool:
        return any(layer.gappy for layer in self.layers)

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

    def inputs(self, n: int) -> list[int]:
        """The input length of every layer."""
        lengths = accumulate(self.layers, lambda length, layer: layer.length(length), initial=n)
        return list(lengths)[:-1]

    def fits(self, n: int) -> bool:
        return all(layer.fits(length) for layer, length in zip(self.layers, self.inputs(n), strict=True))

    def at(self, n: int) -> Sequence:
        return self.rebuilt(tuple(layer.at(length) for layer, length in zip(self.layers, self.inputs(n), strict=True)))

    def within(self, outputs: Indices, n: int) -> Indices | None:
        read: Indices | None = outputs
        for layer, count in zip(reversed(self.layers), reversed(self.inputs(n)), strict=True):
            read = layer.within(read, count) if read is not None else None
        return read

    def reach(self, first: int, last: int) -> int:
        hull: Hull | None = (first, last)
        widest = last - first + 1
        for layer in reversed(self.layers):
            if hull is not None:
                widest = max(widest, layer.reach(*hull))
                hull = layer.pull(*hull)
        return widest

    def ways(self, paths: Mapping[int, int]) -> dict[int, int]:
        for layer in reversed(self.layers):
            paths = layer.ways(paths)
        return dict(paths)

    def moments(self) -> tuple[Fraction, Fraction]:
        mean, variance = Fraction(0), Fraction(0)
        for layer in reversed(self.layers):
            own, spread = layer.moments()
            mean, variance = mean * layer.shift + own, variance * layer.shift**2 + spread
        return mean, variance


# -- branches -----------------------------------------------------------------------------------------------------


class _Parallel(NamedTuple):
    branches: tuple[Layer, ...]
    kind: str = "parallel"


class Parallel(_Parallel, Layer):
    """Branches over the same input that meet output by output: a residual sum, a product, a concatenation.

    Where they differ in length, the outputs that all have are counted from the first on; a `crop` in a longer branch
    says otherwise.
    """

    @property
    def parts(self) -> tuple[Layer, ...]:
        return self.branches

    def rebuilt(self, parts: tuple[Layer, ...]) -> Parallel:
        return Parallel(parts, self.kind)

    @cached_property
    def rhythm(self) -> tuple[int, int]:
        rhythms = [branch.rhythm for branch in self.branches]
        period = lcm(*(own for own, _ in rhythms))
        if period > COUNTED:
            raise CoverageError("a period past what can be counted")
        return period, rhythms[0][1] * period // rhythms[0][0]

    @property
    def gappy(self) -> bool:
        return any(branch.gappy for branch in self.branches)

    @property
    def offsets(self) -> tuple[Fraction, ...]:
        """How far the centre of each branch lies behind that of the first, for output 0. Causal branches differ."""
        reads = [branch.touch(Indices(0, 0)) for branch in self.branches]
        centres = [Fraction(read.first + read.last, 2) if read else Fraction(0) for read in reads]
        return tuple(centre - centres[0] for centre in centres)

    def pull(self, first: int, last: int) -> Hull | None:
        hulls = [hull for branch in self.branches if (hull := branch.pull(first, last))]
        return (min(h[0] for h in hulls), max(h[1] for h in hulls)) if hulls else None

    def touch(self, outputs: Indices) -> Indices | None:
        return _union(branch.touch(outputs) for branch in self.branches)

    def length(self, n: int) -> int:
        """Outputs that every branch has; `lengths` tells whether they agree."""
        return min(self.lengths(n))

    def lengths(self, n: int) -> tuple[int, ...]:
        return tuple(branch.length(n) for branch in self.branches)

    def fits(self, n: int) -> bool:
        return len(set(self.lengths(n))) == 1 and all(branch.fits(n) for branch in self.branches)

    def at(self, n: int) -> Parallel:
        return self.rebuilt(tuple(branch.at(n) for branch in self.branches))

    def within(self, outputs: Indices, n: int) -> Indices | None:
        return _union(branch.within(outputs, n) for branch in self.branches)

    def reach(self, first: int, last: int) -> int:
        hull = self.pull(first, last) or (0, -1)
        return max(hull[1] - hull[0] + 1, *(branch.reach(first, last) for branch in self.branches))

    def ways(self, paths: Mapping[int, int]) -> dict[int, int]:
        total: dict[int, int] = {}
        for branch in self.branches:
            for position, count in branch.ways(paths).items():
                total[position] = total.get(position, 0) + count
        return total

    def moments(self) -> tuple[Fraction, Fraction]:
        """A mixture in which every branch is as likely as another."""
        found, share = [branch.moments() for branch in self.branches], Fraction(1, len(self.branches))
        mean = sum((own for own, _ in found), Fraction(0)) * share
        return mean, sum((variance + (own - mean) ** 2 for own, variance in found), Fraction(0)) * share

    def faults(self) -> Iterable[str]:
        if not self.branches:
            return ("a meeting of no branches",)
        steps = dict.fromkeys(branch.step for branch in self.branches)
        if len(steps) > 1:
            raise StepMismatch(f"branches with steps of {' and '.join(map(str, steps))} meet")
        return ()


def residual(*layers: Layer) -> Parallel:
    """A chain and the identity beside it."""
    return Parallel((Sequence(layers), Sequence()))


def unet(levels: Iterable[tuple[Layer, Layer]], bottom: Layer) -> Layer:
    """A U-Net: each level goes down, through all below it, up again, and meets its own input over a skip connection.

    ``levels`` are pairs (down, up) from the outermost; steps that do not cancel out are a `StepMismatch`.
    """
    inner = bottom
    for down, up in reversed(list(levels)):
        inner = residual(down, inner, up)
    return inner


def parts_of(layer: Layer) -> tuple[Layer, ...]:
    """The layers that a layer is made of: branches, a chain, what is repeated; none for a plain one."""
    return layer.parts


def _union(reads: Iterable[Indices | None]) -> Indices | None:
    union: Indices | None = None
    for read in reads:
        if read is not None:
            union = read if union is None else union.union(read)
    return union
