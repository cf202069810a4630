"""Layers made of layers: chains, repetitions, and branches that meet in a sum or a concatenation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import accumulate
from math import gcd, lcm
from typing import NamedTuple

from rflint.coverage.indices import CoverageError, Indices, TooLarge
from rflint.coverage.layers import Hull, Layer

MOST_LAYERS = 10_000
"""Layers of a repetition that are gone through one by one; past it only those that follow in one stroke."""
FEW, NARROW = 64, 1 << 16
"""Layers, and the positions they span, that are looked at to know whether a repetition follows in one stroke."""
DEEPEST, MOST_PARTS = 200, 1_000_000
"""Levels of layers made of layers, and layers on one level."""
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


# -- repetitions --------------------------------------------------------------------------------------------------


class _Repeat(NamedTuple):
    times: int
    layer: Layer
    kind: str = "repeat"


class Repeat(_Repeat, Layer):
    """A layer ``times`` in sequence; in one stroke where every output reads the same pattern about its own position."""

    @property
    def parts(self) -> tuple[Layer, ...]:
        return (self.layer,)

    def rebuilt(self, parts: tuple[Layer, ...]) -> Repeat:
        return Repeat(self.times, parts[0], self.kind)

    @cached_property
    def rhythm(self) -> tuple[int, int]:
        own, rhythm = self.layer.rhythm, (1, 1)
        for _ in range(self.times if own != (1, 1) else 0):
            rhythm = compose(rhythm, own)
        return rhythm

    @property
    def gappy(self) -> bool:
        return self.layer.gappy

    def _one_by_one(self) -> Sequence:
        """The layers as a chain. Raises `TooLarge`."""
        if self.times * max(leaves(self.layer), 1) > MOST_LAYERS:
            raise TooLarge(f"{self.times} repetitions")
        return Sequence((self.layer,) * self.times)

    def _adds_up(self) -> bool:
        return self.layer.rhythm == (1, 1)

    def in_one_stroke(self) -> bool:
        """True when n times the layer reads what is known from one: its taps are evenly spaced, so they stay so."""
        if not self._adds_up() or not self.times or self.layer.reach(0, 0) > NARROW:
            return False
        own = self.layer.touch(Indices(0, 0))
        return own is not None and own.even

    def pull(self, first: int, last: int) -> Hull | None:
        if not self._adds_up():
            return self._one_by_one().pull(first, last)
        hull = self.layer.pull(0, 0) if self.times else (0, 0)
        return (first + self.times * hull[0], last + self.times * hull[1]) if hull else None

    def touch(self, outputs: Indices) -> Indices | None:
        own = self.layer.touch(Indices(0, 0)) if self.times and self._adds_up() else None
        if own is None or not own.even:
            return self._one_by_one().touch(outputs)
        # n times {0, a, ..., m·a} is {0, a, ..., n·m·a}
        return outputs.widen(self.times * (own.members - 1) + 1, max(own.apart, 1)).shift(self.times * own.first)

    def length(self, n: int) -> int:
        if not self._adds_up() or not self.times:
            return self._one_by_one().length(n)
        change = self.layer.length(n) - n
        last = n + min(change, 0) * (self.times - 1)  # the shortest input that a repetition gets
        starved = last <= 0 or not self.layer.length(last)
        return 0 if starved else n + change * self.times

    def at(self, n: int) -> Layer:
        fixed = self.layer.at(n)
        if fixed == self.layer or self.layer.length(n) == n:
            return self.rebuilt((fixed,))
        return self._one_by_one().at(n)

    def fits(self, n: int) -> bool:
        return self.layer.fits(n) and (self.layer.length(n) == n or self._one_by_one().fits(n))

    def within(self, outputs: Indices, n: int) -> Indices | None:
        return self._one_by_one().within(outputs, n)

    def reach(self, first: int, last: int) -> int:
        if not self._adds_up():
            return self._one_by_one().reach(first, last)
        hull = self.pull(first, last) or (first, last)
        return max(hull[1] - hull[0] + 1, self.layer.reach(*hull))

    def ways(self, paths: Mapping[int, int]) -> dict[int, int]:
        return self._one_by_one().ways(paths)

    def moments(self) -> tuple[Fraction, Fraction]:
        if not self._adds_up():
            return self._one_by_one().moments()
        mean, variance = self.layer.moments()
        return mean * self.times, variance * self.times

    def faults(self) -> Iterable[str]:
        one_by_one = not self._adds_up() and self.times * max(leaves(self.layer), 1) > MOST_LAYERS
        return [f"{self.times} repetitions"] if self.times < 0 or one_by_one else ()


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


def each(layer: Layer) -> list[Layer]:
    """Every layer in it, the innermost first, itself last; one that is shared by many comes once."""
    found: list[Layer] = []
    seen: set[int] = set()

    def visit(here: Layer) -> None:
        for part in here.parts:
            if id(part) not in seen:
                seen.add(id(part))
                visit(part)
        found.append(here)

    visit(layer)
    return found


def is_plain(layer: Layer) -> bool:
    """True when all outputs of every layer in it read alike."""
    return all(map(is_plain, layer.parts)) if layer.parts else layer.period == 1


def leaves(layer: Layer, known: dict[int, int] | None = None) -> int:
    """The plain layers in it, repeated ones as often as they are gone through; `MOST_LAYERS` + 1 for any more."""
    known = {} if known is None else known  # by identity: a layer may be shared by many
    if id(layer) not in known:
        own = sum(leaves(part, known) for part in layer.parts) if layer.parts else 1
        if isinstance(layer, Repeat) and not (own <= FEW and layer.in_one_stroke()):
            own = max(own, 1) * max(layer.times, 0)
        known[id(layer)] = min(own, MOST_LAYERS + 1) if isinstance(layer, Repeat) else own
    return known[id(layer)]


def check_shape(layer: Layer) -> None:
    """Refuse layers nested too deep or shared too often to be gone through. It does not recurse, so it comes first.

    Raises:
        CoverageError: they are.
    """
    level, levels = {id(layer): (layer, 1)}, 0  # each with the number of ways that lead to it
    while level:
        below: dict[int, tuple[Layer, int]] = {}
        for each, ways in level.values():
            for part in each.parts:
                below[id(part)] = (part, below.get(id(part), (part, 0))[1] + ways)
        level, levels = below, levels + 1
        if levels > DEEPEST:
            raise CoverageError(f"layers nested deeper than {DEEPEST} levels")
        if sum(ways for _, ways in level.values()) > MOST_PARTS:
            raise CoverageError(f"more than {MOST_PARTS} layers")


def _union(reads: Iterable[Indices | None]) -> Indices | None:
    union: Indices | None = None
    for read in reads:
        if read is not None:
            union = read if union is None else union.union(read)
    return union
