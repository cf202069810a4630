"""A layer many times over, in one stroke where that is possible; and how much there is in layers made of layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from rflint.coverage.graphs import Sequence, compose
from rflint.coverage.indices import CoverageError, Indices, TooLarge
from rflint.coverage.layers import Hull, Layer

MOST_LAYERS = 10_000
"""Layers of a repetition that are gone through one by one; past it only those that follow in one stroke."""
FEW, NARROW = 64, 1 << 16
"""Layers, and the positions they span, that are looked at to know whether a repetition follows in one stroke."""
DEEPEST, MOST_PARTS = 200, 1_000_000
"""Levels of layers made of layers, and layers on one level."""


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


# -- how much there is ----------------------------------------------------------------------------------------------


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
