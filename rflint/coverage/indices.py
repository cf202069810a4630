"""Sets of positions that know when they are unbroken: the exact touched set at the price of an interval.

A stretch without holes is kept as its two ends; only a broken one carries a bit mask (bit j: position ``first + j``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import gcd
from typing import Literal, NamedTuple

LARGEST = 1 << 22
"""Positions of a set with holes; past it only stretches are computed (the largest field met has 2·10^6 positions)."""

Mode = Literal["zeros", "reflect", "symmetric", "replicate", "circular"]
"""What stands beyond the ends of an input: nothing, or a copy of a position inside it."""


class CoverageError(ValueError):
    """A stack that cannot be (a stride of 0, branches of different steps), or one past every bound of real ones."""


class TooLarge(CoverageError):
    """A set with holes over more than `LARGEST` positions."""


class Indices(NamedTuple):
    """A non-empty set of integer positions from ``first`` to ``last``; ``mask`` is None when there are no holes."""

    first: int
    last: int
    mask: int | None = None

    @property
    def size(self) -> int:
        """Positions from the first to the last: the hull."""
        return self.last - self.first + 1

    @property
    def members(self) -> int:
        """Positions in the set."""
        return self.size if self.mask is None else self.mask.bit_count()

    @property
    def apart(self) -> int:
        """The common distance of all positions; 0 for a single one."""
        if self.mask is None:
            return 1 if self.size > 1 else 0
        apart, rest = 0, self.mask & ~1
        while rest:  # what the distance so far does not explain halves it at least
            apart = gcd(apart, _lowest(rest))
            rest = self.mask & ~Indices(0, 0).widen(self.size // apart + 1, apart).bits()
        return apart

    @property
    def even(self) -> bool:
        """True when the positions are evenly spaced."""
        return self.mask is None or (self.members - 1) * self.apart == self.size - 1

    def shift(self, by: int) -> Indices:
        return Indices(self.first + by, self.last + by, self.mask)

    def spread(self, stride: int) -> Indices:
        """Every position times ``stride``."""
        if stride == 1 or self.size == 1:
            return Indices(self.first * stride, self.last * stride, self.mask)
        if self.mask is None:
            return Indices(self.first * stride, self.first * stride).widen(self.size, stride)
        _check((self.size - 1) * stride + 1)
        mask = int(("0" * (stride - 1)).join(f"{self.mask:b}"), 2)
        return Indices(self.first * stride, self.last * stride, mask)

    def widen(self, taps: int, apart: int) -> Indices:
        """All sums with {0, apart, ..., (taps - 1)·apart}."""
        reach = (taps - 1) * apart
        if taps == 1 or (self.mask is None and apart <= self.size) or (apart == 1 and taps >= self.size):
            return Indices(self.first, self.last + reach, self.mask if taps == 1 else None)
        _check(self.size + reach)
        mask, done = self.bits(), 1
        while done < taps:  # doubling: shifted copies of what is there already
            more = min(done, taps - done)
            mask |= mask << (more * apart)
            done += more
        return from_mask(self.first, mask)

    def decimate(self, stride: int) -> Indices | None:
        """The multiples of ``stride`` in the set, divided by it."""
        if self.mask is None or stride == 1:
            first, last = -(-self.first // stride), self.last // stride
            return Indices(first, last, self.mask) if first <= last else None
        skip = -self.first % stride
        kept = f"{self.mask:b}"[::-1][skip::stride][::-1]
        return from_mask((self.first + skip) // stride, int(kept or "0", 2)) if "1" in kept else None

    def union(self, other: Indices) -> Indices:
        low, high = (self, other) if (self.first, -self.last) <= (other.first, -other.last) else (other, self)
        if low.mask is None and high.last <= low.last:
            return low
        if low.mask is None and high.mask is None and high.first <= low.last + 1:
            return Indices(low.first, high.last)
        _check(max(low.last, high.last) - low.first + 1)
        return from_mask(low.first, low.bits() | high.bits() << (high.first - low.first))

    def clip(self, first: int, last: int) -> Indices | None:
        """The positions from ``first`` to ``last``."""
        low, high = max(first, self.first), min(last, self.last)
        if low > high:
            return None
        if self.mask is None:
            return Indices(low, high)
        mask = self.mask >> (low - self.first) & ((1 << (high - low + 1)) - 1)
        return from_mask(low, mask) if mask else None

    def fold(self, n: int, mode: Mode) -> Indices | None:
        """The positions of an input of ``n`` that the set stands for: those outside are dropped or mapped inside."""
        if mode == "zeros" or (self.first >= 0 and self.last < n):
            return self.clip(0, n - 1)
        _check(self.size)
        return from_positions({_INSIDE[mode](position, n) for position in self.positions()})

    def residues(self, modulus: int) -> int:
        """How many different remainders the positions leave."""
        if self.mask is None or self.size <= modulus:
            return min(self.members, modulus)
        mask, width = self.mask, modulus
        while width < self.size:
            width *= 2
        while width >= modulus:  # fold in halves, down to one turn
            mask = mask >> width | mask & ((1 << width) - 1)
            width = width // 2 if width > modulus else 0
        return mask.bit_count()

    def bits(self) -> int:
        """The set as a mask whose lowest bit is the first position."""
        if self.mask is None:
            _check(self.size)
            return (1 << self.size) - 1
        return self.mask

    def holes(self) -> Iterator[tuple[int, int]]:
        """The stretches inside the hull that are not in the set, as (first, last)."""
        if self.mask is None:
            return
        text, at = f"{self.mask:b}"[::-1], 0
        while (start := text.find("0", at)) >= 0:
            at = text.index("1", start)
            yield self.first + start, self.first + at - 1

    def positions(self) -> Iterator[int]:
        if self.mask is None:
            yield from range(self.first, self.last + 1)
        else:
            yield from (self.first + j for j, bit in enumerate(f"{self.mask:b}"[::-1]) if bit == "1")


def from_mask(first: int, mask: int) -> Indices:
    """The set of a mask; low zeros are taken off, and a mask of ones only becomes an unbroken stretch."""
    low = _lowest(mask)
    mask >>= low
    first += low
    return Indices(first, first + mask.bit_length() - 1, None if mask & (mask + 1) == 0 else mask)


def from_positions(positions: Iterable[int]) -> Indices:
    """The set of some positions, at least one."""
    ordered = sorted(positions)
    first, size = ordered[0], ordered[-1] - ordered[0] + 1
    _check(size)
    text = bytearray(b"0" * size)
    for position in ordered:
        text[first - position - 1] = 49  # "1"; the last digit is the first position
    return from_mask(first, int(text, 2))


def _reflected(position: int, n: int) -> int:
    turn = position % max(2 * n - 2, 1)
    return min(turn, 2 * n - 2 - turn)


def _mirrored(position: int, n: int) -> int:
    turn = position % (2 * n)
    return min(turn, 2 * n - 1 - turn)


_INSIDE: dict[str, Callable[[int, int], int]] = {
    "reflect": _reflected,
    "symmetric": _mirrored,
    "replicate": lambda position, n: min(max(position, 0), n - 1),
    "circular": lambda position, n: position % n,
}


def _lowest(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def _check(positions: int) -> None:
    if positions > LARGEST:
        raise TooLarge(f"a set with holes over {positions} positions")
