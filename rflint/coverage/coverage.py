"""What a stack of layers covers: everything here follows from `pull`, `touch` and `length` of its layers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from math import gcd, isqrt
from typing import NamedTuple

from rflint.coverage.graphs import Sequence
from rflint.coverage.indices import CoverageError, Indices
from rflint.coverage.layers import Layer
from rflint.coverage.mixers import Mixer, counted, mixers_in
from rflint.coverage.repeats import check_shape, each, is_plain, leaves
from rflint.coverage.tracing import check_bounds, moved, progress, readings

MOST_PATHS = 1 << 22
"""Taps followed one by one."""


class Total(NamedTuple):
    """The field with limited attention, chunks and the like counted in; None on a side (and in all) without limit."""

    receptive_field: int | None
    left: int | None
    right: int | None


class Phases(NamedTuple):
    """Outputs ``first`` to ``last`` of a period read positions ``begin`` to ``end`` about their own; None for nothing."""

    first: int
    last: int
    begin: int | None
    end: int | None


class Coverage:
    """The temporal coverage of layers in sequence, in input positions; of a decoder the input positions are frames.

    ``inputs`` is the length of the input, for layers that depend on it.

    >>> wav2vec = Coverage([Conv(10, 5), Conv(8, 4), Conv(4, 2), Conv(4, 2), Conv(4, 2)])
    >>> wav2vec.receptive_field, wav2vec.step, wav2vec.length(16000)
    (465, Fraction(160, 1), 98)

    Raises:
        CoverageError: a layer is impossible, branches with different steps meet, or a number passes every bound of real
            stacks. All this shows here: nothing that is asked later raises unless it says so.
    """

    def __init__(self, layers: Iterable[Layer], inputs: int | None = None) -> None:
        chain = Sequence(tuple(layers))
        check_shape(chain)
        _refuse(fault for layer in each(chain) if not layer.parts for fault in layer.faults())
        self.chain = chain if inputs is None else chain.at(inputs)
        _refuse(fault for layer in each(self.chain) if layer.parts for fault in layer.faults())
        self.layers = self.chain.layers
        if not check_bounds(self.chain, leaves(self.chain)):
            _ = self.fields, self.unread_share, self.variance, self.progress()
        _ = self.total
        self._shortest: dict[int, int] = {}

    # -- steps ----------------------------------------------------------------------------------------------------
    @property
    def step(self) -> Fraction:
        """Input positions an output: the product of the layers' steps."""
        return self.chain.step

    @property
    def upsampling(self) -> Fraction:
        """Outputs an input position."""
        return 1 / self.step

    @property
    def period(self) -> int:
        """The least number of outputs after which the pattern of reading repeats: 1 without upsampling or chunks."""
        return len(self.fields)

    @property
    def shift(self) -> int:
        """Input positions a period."""
        return int(self.step * self.period)

    # -- what is read ---------------------------------------------------------------------------------------------
    @cached_property
    def fields(self) -> tuple[Indices | None, ...]:
        """The exact sets that the outputs of one period read, None for nothing: all else about the field follows."""
        period, shift = self.chain.rhythm
        reads = readings(self.layers, period)
        for least in (p for p in range(1, period) if period % p == 0 and shift * p % period == 0):
            by = shift * least // period
            if all(moved(reads[i], by) == reads[i + least] for i in range(period - least)):
                return tuple(reads[:least])
        return tuple(reads)

    def reading(self, output: int) -> Indices | None:
        """The exact set of positions that one output reads, None for none."""
        turn, phase = divmod(output, self.period)
        return moved(self.fields[phase], turn * self.shift)

    @cached_property
    def _sets(self) -> list[Indices]:
        return [read for read in self.fields if read is not None]

    @property
    def receptive_field(self) -> int:
        """Positions from the first to the last that one output reads: the most over the phases."""
        return max((read.size for read in self._sets), default=0)

    @property
    def receptive_field_min(self) -> int:
        """The least over the phases that read anything."""
        return min((read.size for read in self._sets), default=0)

    @property
    def touched(self) -> int:
        """The largest number of positions that an output reads."""
        return max((read.members for read in self._sets), default=0)

    @property
    def touched_min(self) -> int:
        """The least number of positions that an output reads; 0 where a phase reads nothing."""
        return 0 if self.empty_phases else min((read.members for read in self._sets), default=0)

    @property
    def empty_phases(self) -> int:
        """Outputs of a period that read nothing: they are made of the bias alone."""
        return len(self.fields) - len(self._sets)

    @property
    def holes(self) -> int:
        """Positions inside the receptive field that are not read: the most over the phases."""
        return max((read.size - read.members for read in self._sets), default=0)

    @property
    def density(self) -> Fraction:
        """The share of the receptive field that is read: the least over the phases."""
        return min((Fraction(read.members, read.size) for read in self._sets), default=Fraction(1))

    def gaps(self, output: int = 0) -> Iterator[tuple[int, int]]:
        """The holes of one output's field, as stretches (first, last)."""
        read = self.reading(output)
        return read.holes() if read else iter(())

    @property
    def gridding(self) -> int:
        """The common distance of all positions that an output reads: above 1, neighbours share no input."""
        return gcd(*(read.apart for read in self._sets)) or 1

    @cached_property
    def unread_share(self) -> Fraction:
        """The share of the input that no output ever reads (a stride wider than what its window reaches)."""
        read = self.chain.touch(Indices(0, self.chain.period - 1))
        return 1 - Fraction(read.residues(self.chain.shift) if read else 0, self.chain.shift)

    # -- where it is read -----------------------------------------------------------------------------------------
    @cached_property
    def left(self) -> int:
        """How far output 0 and the rest of its period reach back from position 0."""
        return -min((read.first for read in self._sets), default=0)

    @cached_property
    def right(self) -> int:
        """How far an output reads ahead of the position that its index stands for: the most over the phases."""
        return max((end for _, end in self._about() if end is not None), default=0)

    @property
    def look_ahead(self) -> int:
        """Positions that a frame needs beyond its own hop (of a decoder, beyond its own frame)."""
        return max(self.right - max(-(-self.step.numerator // self.step.denominator) - 1, 0), 0)

    @property
    def latency(self) -> int:
        """Positions that must have come before the output that stands at one of them is known, itself included.

        Of a system that gives a sample for a sample it is the algorithmic latency: max(last read - t) + 1.
        """
        return max(self.right + 1, 0)

    def _about(self) -> Iterator[tuple[int | None, int | None]]:
        """First and last position that each output of a period reads, relative to the position it stands for."""
        for i, read in enumerate(self.fields):
            own = i * self.shift // self.period
            yield (read.first - own, read.last - own) if read else (None, None)

    def phases(self) -> list[Phases]:
        """Where the outputs of one period read, as ranges of outputs that do it alike."""
        found, at = [], 0
        for (begin, end), alike in groupby(self._about()):
            count = len(list(alike))
            found.append(Phases(at, at + count - 1, begin, end))
            at += count
        return found

    def centre(self, output: int = 0) -> Fraction:
        """The middle of what an output reads, a multiple of 1/2. Raises CoverageError when it reads nothing."""
        read = self.reading(output)
        if read is None:
            raise CoverageError(f"output {output} reads nothing")
        return Fraction(read.first + read.last, 2)

    def time(self, output: int, rate: Fraction | int, *, edges: bool = False) -> Fraction:
        """The time stamp (s) of an output's centre at ``rate`` input positions a second. Raises as `centre`.

        Position n stands at n / rate; with ``edges`` it lasts from there to (n + 1) / rate, its centre half a position on.
        """
        return (self.centre(output) + (Fraction(1, 2) if edges else 0)) / Fraction(rate)

    # -- the effective field --------------------------------------------------------------------------------------
    def paths(self, output: int = 0) -> dict[int, int]:
        """The number of paths from each input position to one output. Raises `CoverageError` past two thousand positions."""
        reach = self.chain.reach(output, output)
        if reach * (reach + leaves(self.chain)) > MOST_PATHS:
            raise CoverageError("more paths than are counted one by one")
        return dict(sorted(self.chain.ways({output: 1}).items()))

    @cached_property
    def variance(self) -> Fraction | None:
        """The variance of the position that a path drawn at random leads to, every tap and every branch as likely.

        Without branches Σ (k² - 1) / 12 · (d·J)², and near Gaussian for many layers (Luo et al. 2016). None where outputs
        differ from phase to phase.
        """
        return self.chain.moments()[1] if is_plain(self.chain) else None

    @property
    def effective_width(self) -> int | None:
        """Four standard deviations, which hold about 95 % of the paths, in whole positions."""
        return None if self.variance is None else isqrt(int(16 * self.variance))

    # -- lengths --------------------------------------------------------------------------------------------------
    def length(self, n: int) -> int:
        """Outputs for ``n`` inputs."""
        return self.chain.length(n)

    def lengths(self, n: int) -> list[int]:
        """Outputs of every layer for ``n`` inputs."""
        return [*self.chain.inputs(n)[1:], self.length(n)] if self.layers else []

    def fits(self, n: int) -> bool:
        """True when all branches that meet have the same length for ``n`` inputs; a framework refuses to add others."""
        return self.chain.fits(n)

    def inputs_for(self, outputs: int) -> range:
        """The input lengths that give exactly so many outputs; empty when none does. Raises as `min_input`."""
        return range(self.min_input(outputs), self.min_input(outputs + 1))

    def min_input(self, outputs: int = 1) -> int:
        """The shortest input that gives at least so many outputs. Lengths grow with the input, so it is found by halving.

        Raises:
            CoverageError: no input gives so many.
        """
        if outputs not in self._shortest:
            self._shortest[outputs] = self._halved(outputs)
        return self._shortest[outputs]

    @property
    def shortest_input(self) -> int | None:
        """The shortest input that gives an output; None when none does."""
        try:
            return self.min_input()
        except CoverageError:
            return None

    def _halved(self, outputs: int) -> int:
        # what is reflected asks for more than is read; beyond seventy digits nothing is searched for
        high, most = 1, max(self.chain.reach(0, max(outputs, 1) * self.chain.period), 1 << 256) << 64
        while self.length(high) < outputs:
            high *= 2
            if high > most:
                raise CoverageError(f"no input gives {outputs} outputs")
        low = high // 2
        while low + 1 < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self.length(middle) >= outputs else (middle, high)
        return high

    def unread_tail(self, n: int) -> int:
        """Inputs behind the last one that any output reads, for an input of ``n`` positions."""
        fixed, outputs = self.at(n), self.length(n)
        lasts = [read.last for i in range(max(outputs - fixed.period, 0), outputs) if (read := fixed.reading(i))]
        return min(max(n - 1 - max(lasts), 0), n) if lasts else n

    # -- inputs of a given length ---------------------------------------------------------------------------------
    def at(self, n: int) -> Coverage:
        """The coverage for an input of ``n`` positions, where padding depends on that ("SAME")."""
        fixed = self.chain.at(n)
        return self if fixed == self.chain else Coverage(fixed.layers)

    def border(self, output: int, n: int) -> Indices | None:
        """The exact positions of an input of ``n`` that an output reads, padding and its mode taken as they are.

        A subset of `reading` where padding is zeros: a path that enters padding between two layers ends there. Layers
        without limit read to the end. Raises `CoverageError` when there is no such output, or the set is too large.
        """
        if not 0 <= output < self.length(n):
            raise CoverageError(f"{n} inputs give {self.length(n)} outputs, so there is no output {output}")
        return self.chain.within(Indices(output, output), n)

    def left_by_length(self, most: int = 1000) -> dict[int, int]:
        """`left` for each remainder of the input length by the step, where padding depends on the length ("SAME").

        For inputs long enough that every layer has outputs. Raises `CoverageError` past ``most`` remainders.
        """
        if self.shift > most:
            raise CoverageError(f"more than {most} remainders")
        base = self.shift * (self.chain.reach(0, 0) + 1)
        return {rest: self.at(base + rest).left for rest in range(self.shift)}

    # -- what looks further ---------------------------------------------------------------------------------------
    @cached_property
    def mixers(self) -> tuple[Mixer, ...]:
        return tuple(mixers_in(self.chain))

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
        left_open = any(mixer.left is None for mixer in self.mixers)
        right_open = any(mixer.right is None for mixer in self.mixers)
        if left_open and right_open:
            return Total(None, None, None)
        real = Coverage(map(counted, self.layers))
        field = None if left_open or right_open else real.receptive_field
        return Total(field, None if left_open else real.left, None if right_open else real.right)

    # -- layer by layer -------------------------------------------------------------------------------------------
    def progress(self) -> list[tuple[Fraction, int]]:
        """Step and receptive field behind every layer, in one pass forward."""
        return progress(self.layers)


def _refuse(faults: Iterable[str]) -> None:
    for fault in faults:
        raise CoverageError(f"{fault} is impossible")


def drift_per_minute(step: Fraction, rate: Fraction, declared: Fraction) -> Fraction:
    """Seconds that frames every ``step`` samples have drifted from labels cut every ``declared`` seconds, in a minute of labels.

    512 samples at 44.1 kHz taken for 10 ms: 9.66 s. Negative where the frames come too early.
    """
    return (step / rate - declared) / declared * 60 if declared else Fraction(0)
