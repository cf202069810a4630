"""What a stack of layers covers: everything here follows from `pull`, `touch` and `length` of its layers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from math import gcd
from typing import NamedTuple

from rflint.coverage.graphs import Parallel, Repeat, Sequence, parts_of
from rflint.coverage.indices import CoverageError, Indices, TooLarge
from rflint.coverage.layers import Layer, Transposed
from rflint.coverage.mixers import Mixer

MOST_PHASES = 100_000
MOST_READINGS = 20_000


class Total(NamedTuple):
    """The field with limited attention, chunks and the like counted in; None on a side (and in all) without limit."""

    receptive_field: int | None
    left: int | None
    right: int | None


class Coverage:
    """The temporal coverage of layers in sequence, in input positions; of a decoder the input positions are frames.

    >>> wav2vec = Coverage([Conv(10, 5), Conv(8, 4), Conv(4, 2), Conv(4, 2), Conv(4, 2)])
    >>> wav2vec.receptive_field, wav2vec.step, wav2vec.length(16000)
    (465, Fraction(160, 1), 98)

    Raises:
        CoverageError: a layer is impossible, or branches with different steps meet.
    """

    def __init__(self, layers: Iterable[Layer]) -> None:
        self.layers = tuple(layers)
        self.chain = Sequence(self.layers)
        for fault in self.chain.faults():
            raise CoverageError(f"{fault} is impossible")

    # -- steps ------------------------------------------------------------------------------------------------------
    @property
    def step(self) -> Fraction:
        """Input positions an output: the product of the layers' steps."""
        return self.chain.step

    @property
    def upsampling(self) -> Fraction:
        """Outputs an input position."""
        return 1 / self.step

    @cached_property
    def period(self) -> int:
        """The least number of outputs after which the pattern of reading repeats: 1 without upsampling or chunks."""
        return next(p for p in _divisors(self.chain.period) if self._repeats(p))

    @property
    def shift(self) -> int:
        """Input positions a period."""
        return int(self.step * self.period)

    def _repeats(self, period: int) -> bool:
        shift = self.step * period
        if shift.denominator != 1:
            return False
        full = self.chain.period
        return period == full or all(
            _moved(self.reading(i), int(shift)) == self.reading(i + period) for i in range(_few(full - period))
        )

    # -- what is read -----------------------------------------------------------------------------------------------
    def reading(self, output: int) -> Indices | None:
        """The exact set of positions that one output reads, or its hull where the set is too large; None for none."""
        return _read(self.layers, Indices(output, output))

    @cached_property
    def readings(self) -> frozenset[Indices | None]:
        """The different sets that outputs read, over all phases, each up to whole repetitions of the pattern.

        Going back from all outputs at once: positions are ``modulus·q + c`` for every q, and a layer of period P takes
        apart as many residues of q as it tells from each other. Few sets remain at any layer, whatever the strides.
        """
        modulus, sets = 1, {Indices(0, 0)}
        empty = False
        for layer in reversed(self.layers):
            turns = layer.period // gcd(modulus, layer.period)
            before, modulus = modulus, modulus * turns * layer.shift // layer.period
            shifted = (outputs.shift(turn * before) for outputs in sets for turn in range(_few(turns)))
            found = {_normal(_read((layer,), outputs), modulus) for outputs in shifted}
            if len(found) > MOST_READINGS:
                raise CoverageError(f"more than {MOST_READINGS} different phases")
            empty |= None in found
            sets = {read for read in found if read is not None}
        return frozenset(sets) | ({None} if empty else set())

    @cached_property
    def _sets(self) -> list[Indices]:
        return [read for read in self.readings if read is not None]

    @property
    def receptive_field(self) -> int:
        """Positions from the first to the last that one output reads: the most over the phases."""
        return max((read.size for read in self._sets), default=0)

    @property
    def receptive_field_min(self) -> int:
        """The least over the phases that read anything."""
        return min((read.size for read in self._sets), default=0)

    @property
    def touched_min(self) -> int:
        """The least number of positions that an output reads; 0 where a phase reads nothing."""
        return 0 if None in self.readings else min((read.members for read in self._sets), default=0)

    @property
    def touched(self) -> int:
        """The largest number of positions that an output reads."""
        return max((read.members for read in self._sets), default=0)

    @property
    def holes(self) -> int:
        """Positions inside the receptive field that are not read: the most over the phases."""
        return max((read.size - read.members for read in self._sets), default=0)

    @property
    def density(self) -> Fraction:
        """The share of the receptive field that is read: the least over the phases."""
        return min((Fraction(read.members, read.size) for read in self._sets), default=Fraction(1))

    @property
    def gridding(self) -> int:
        """The common distance of all positions that an output reads: above 1, neighbours share no input."""
        return gcd(*(_common_distance(read) for read in self._sets)) or 1

    @cached_property
    def unread_share(self) -> Fraction:
        """The share of the input that no output ever reads (a stride wider than what its window reaches)."""
        shift = self.chain.shift
        if self.receptive_field >= shift and not self.holes:
            return Fraction(0)
        residues = {p % shift for i in range(_few(self.chain.period)) for p in _positions(self.reading(i))}
        return 1 - Fraction(len(residues), shift)

    # -- where it is read -------------------------------------------------------------------------------------------
    @cached_property
    def left(self) -> int:
        """How far output 0 and the rest of its period reach back from position 0."""
        return _left(self.layers)

    @cached_property
    def right(self) -> int:
        """How far an output reaches ahead of the position that its index stands for: the most over the phases."""
        return _right(self.layers)

    @property
    def look_ahead(self) -> int:
        """Positions that a frame needs beyond its own hop (of a decoder, beyond its own frame)."""
        return max(self.right - max(-(-self.step.numerator // self.step.denominator) - 1, 0), 0)

    def centre(self, output: int = 0) -> Fraction:
        """The middle of what an output reads, a multiple of 1/2."""
        read = self.reading(output)
        if read is None:
            raise CoverageError(f"output {output} reads nothing")
        return Fraction(read.first + read.last, 2)

    @property
    def latency(self) -> int:
        """Algorithmic latency of a system that gives a sample for a sample: max(last read - t) + 1 over its phases."""
        phases = range(_few(self.chain.period))
        return max((read.last - i for i in phases if (read := self.reading(i))), default=-1) + 1

    # -- lengths ----------------------------------------------------------------------------------------------------
    def length(self, n: int) -> int:
        """Outputs for ``n`` inputs."""
        return self.chain.length(n)

    def lengths(self, n: int) -> list[int]:
        """Outputs of every layer for ``n`` inputs."""
        found = []
        for layer in self.layers:
            n = layer.length(n)
            found.append(n)
        return found

    def at(self, n: int) -> Coverage:
        """The coverage for an input of ``n`` positions, where padding depends on that ("SAME")."""
        fixed = self.chain.at(n)
        return Coverage(fixed.layers)

    def inputs_for(self, outputs: int) -> range:
        """The input lengths that give exactly so many outputs; empty when none does."""
        return range(self.min_input(outputs), self.min_input(outputs + 1))

    def min_input(self, outputs: int = 1) -> int:
        """The shortest input that gives at least so many outputs. Lengths grow with the input, so it is found by halving."""
        high = 1
        while self.length(high) < outputs:
            high *= 2
            if high > 1 << 62:
                raise CoverageError(f"no input gives {outputs} outputs")
        low = high // 2
        while low + 1 < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self.length(middle) >= outputs else (middle, high)
        return high

    def unread_tail(self, n: int) -> int:
        """Inputs behind the last one that any output reads, for an input of ``n`` positions."""
        outputs = self.length(n)
        last = self.at(n).reading(outputs - 1) if outputs else None
        return n if last is None else max(n - 1 - last.last, 0)

    # -- what looks further -----------------------------------------------------------------------------------------
    @cached_property
    def mixers(self) -> tuple[Mixer, ...]:
        return tuple(_mixers(self.layers))

    @property
    def unbounded_by(self) -> tuple[Mixer, ...]:
        """The layers without limit, each once."""
        return tuple(dict.fromkeys(mixer for mixer in self.mixers if mixer.unbounded))

    @property
    def unbounded(self) -> bool:
        return bool(self.unbounded_by)

    @cached_property
    def total(self) -> Total | None:
        """The field with mixers counted in; None when there are none."""
        if not self.mixers:
            return None
        counted = tuple(_counted(layer) for layer in self.layers)
        left = None if any(mixer.left is None for mixer in self.mixers) else _left(counted)
        right = None if any(mixer.right is None for mixer in self.mixers) else _right(counted)
        bounded = left is not None and right is not None
        return Total(Coverage(counted).receptive_field if bounded else None, left, right)

    # -- layer by layer ---------------------------------------------------------------------------------------------
    def progress(self) -> list[tuple[Fraction, int]]:
        """Step and receptive field behind every layer; linear in their number as long as nothing upsamples."""
        found: list[tuple[Fraction, int]] = []
        step, first, last = 1, 0, 0
        for count, layer in enumerate(self.layers, 1):
            hull = layer.pull(0, 0) if layer.period == 1 else None
            if hull is None:
                return found + [_so_far(self.layers[:stop]) for stop in range(count, len(self.layers) + 1)]
            first, last = first + step * hull[0], last + step * hull[1]
            step *= layer.shift
            found.append((Fraction(step), last - first + 1))
        return found


def drift_per_minute(step: Fraction, rate: Fraction, declared: Fraction) -> Fraction:
    """Seconds by which labels cut every ``declared`` seconds run ahead of frames every ``step`` samples, in a minute.

    512 samples at 44.1 kHz taken for 10 ms: 9.66 s.
    """
    return (step / rate - declared) / (step / rate) * 60 if step else Fraction(0)


def _so_far(layers: tuple[Layer, ...]) -> tuple[Fraction, int]:
    part = Coverage(layers)
    return part.step, part.receptive_field


def _read(layers: Iterable[Layer], outputs: Indices) -> Indices | None:
    """What outputs read through layers; past the largest set, the hull stands for it."""
    read: Indices | None = outputs
    for layer in reversed(tuple(layers)):
        if read is None:
            return None
        try:
            read = layer.touch(read)
        except TooLarge:
            hull = layer.pull(read.first, read.last)
            read = Indices(*hull) if hull else None
    return read


def _left(layers: tuple[Layer, ...]) -> int:
    # Without gaps an output reads no earlier than the one before it, so output 0 decides.
    phases = range(_few(Sequence(layers).period) if _gappy(layers) else 1)
    return -min((read.first for i in phases if (read := _read(layers, Indices(i, i)))), default=0)


def _right(layers: tuple[Layer, ...]) -> int:
    period, shift = Sequence(layers).period, Sequence(layers).shift
    phases: Iterable[int] = range(_few(period))
    if shift < period and not _gappy(layers):
        # The last output of each input position decides: the others of that position read no further.
        phases = [-(-position * period // shift) - 1 for position in range(1, _few(shift) + 1)]
    reads = ((i, _read(layers, Indices(i, i))) for i in phases)
    return max((read.last - i * shift // period for i, read in reads if read), default=0)


def _gappy(layers: Iterable[Layer]) -> bool:
    """True when a transposed convolution leaves outputs out: they read nothing, or not in order."""
    return any(
        layer.dilation > 1 or layer.kernel < layer.stride if isinstance(layer, Transposed) else _gappy(parts_of(layer))
        for layer in layers
    )


def _normal(read: Indices | None, modulus: int) -> Indices | None:
    return None if read is None else read.shift(-(read.first // modulus) * modulus)


def _moved(read: Indices | None, by: int) -> Indices | None:
    return None if read is None else read.shift(by)


def _positions(read: Indices | None) -> Iterator[int]:
    return iter(()) if read is None else read.positions()


def _common_distance(read: Indices) -> int:
    if read.mask is None:
        return 1 if read.size > 1 else 0
    distance = 0
    for position in read.positions():
        distance = gcd(distance, position - read.first)
        if distance == 1:
            break
    return distance


def _few(count: int) -> int:
    if count > MOST_PHASES:
        raise CoverageError(f"more than {MOST_PHASES} phases")
    return count


def _divisors(number: int) -> Iterator[int]:
    return (d for d in range(1, _few(number) + 1) if number % d == 0)


def _mixers(layers: Iterable[Layer]) -> Iterator[Mixer]:
    for layer in layers:
        if isinstance(layer, Mixer):
            yield layer
        else:
            yield from _mixers(parts_of(layer))


def _counted(layer: Layer) -> Layer:
    """The layer with its mixers replaced by what they really reach."""
    if isinstance(layer, Mixer):
        return layer.counted()
    if isinstance(layer, Parallel):
        return Parallel(tuple(map(_counted, layer.branches)))
    if isinstance(layer, Sequence):
        return Sequence(tuple(map(_counted, layer.layers)))
    return Repeat(layer.times, _counted(layer.layer)) if isinstance(layer, Repeat) else layer
