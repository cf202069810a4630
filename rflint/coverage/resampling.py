"""Layers between whole factors: interpolation by any step, and what depends on the length of the input."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from rflint.coverage.indices import CoverageError, Indices, Mode, from_positions
from rflint.coverage.layers import Hull, Layer, not_positive


class _Interpolated(NamedTuple):
    step: Fraction
    start: Fraction = Fraction(0)
    neighbours: int = 1
    outputs: int | None = None
    kind: str = "resample"


class Interpolated(_Interpolated, Layer):
    """Resampling by any factor: output t stands at ``t·step + start`` and reads the position below it, or both
    ``neighbours`` around it. floor(n / step) outputs, unless ``outputs`` says how many."""

    __slots__ = ()

    @property
    def mode(self) -> Mode:
        return "replicate"

    @property
    def rhythm(self) -> tuple[int, int]:
        return self.step.denominator, self.step.numerator

    def pull(self, first: int, last: int) -> Hull:
        low, high = first * self.step + self.start, last * self.step + self.start
        return floor(low), ceil(high) if self.neighbours == 2 else floor(high)

    def touch(self, outputs: Indices) -> Indices:
        if outputs.mask is None and self.step <= 1:
            return Indices(*self.pull(outputs.first, outputs.last))
        return from_positions({p for i in outputs.positions() for p in self.pull(i, i)})

    def length(self, n: int) -> int:
        return (int(n / self.step) if self.outputs is None else self.outputs) if n > 0 else 0

    def faults(self) -> Iterable[str]:
        return not_positive(factor=self.step)


# -- layers that need a length ------------------------------------------------------------------------------------


class _Stretched(NamedTuple):
    factor: Fraction | int
    kind: str = "resample"


class Stretched(_Stretched, Layer):
    """Linear upsampling with align_corners=True: the first and the last output stand on the first and last input.

    The step, (n - 1) / (factor·n - 1), depends on the length: see `Layer.at`.
    """

    __slots__ = ()

    @property
    def rhythm(self) -> tuple[int, int]:
        raise CoverageError("linear resampling with aligned corners depends on the input length")

    def at(self, n: int) -> Interpolated:
        outputs = self.length(n)
        return Interpolated(Fraction(n - 1, max(outputs - 1, 1)) or Fraction(1), Fraction(0), 2, outputs, self.kind)

    def length(self, n: int) -> int:
        return int(n * self.factor)

    def faults(self) -> Iterable[str]:
        return not_positive(factor=self.factor)


class _Adaptive(NamedTuple):
    outputs: int
    kind: str = "pool"


class Adaptive(_Adaptive, Layer):
    """Adaptive pooling to a number of outputs: output m reads floor(m·n/M) to ceil((m+1)·n/M) - 1; see `Layer.at`."""

    __slots__ = ()

    @property
    def rhythm(self) -> tuple[int, int]:
        raise CoverageError("adaptive pooling depends on the input length")

    def at(self, n: int) -> Layer:
        return Bins(max(n, 1), self.outputs, self.kind)

    def length(self, n: int) -> int:
        return self.outputs if n > 0 else 0

    def faults(self) -> Iterable[str]:
        return not_positive(output=self.outputs)


class _Bins(NamedTuple):
    inputs: int
    outputs: int
    kind: str = "pool"


class Bins(_Bins, Layer):
    """Adaptive pooling of a known number of inputs."""

    __slots__ = ()

    @property
    def rhythm(self) -> tuple[int, int]:
        step = Fraction(self.inputs, self.outputs)
        return step.denominator, step.numerator

    def pull(self, first: int, last: int) -> Hull:
        return first * self.inputs // self.outputs, -(-(last + 1) * self.inputs // self.outputs) - 1

    def touch(self, outputs: Indices) -> Indices:
        if outputs.mask is None:
            return Indices(*self.pull(outputs.first, outputs.last))
        return from_positions({p for i in outputs.positions() for p in range(*self._bin(i))})

    def _bin(self, output: int) -> tuple[int, int]:
        first, last = self.pull(output, output)
        return first, last + 1

    def length(self, n: int) -> int:
        return self.outputs if n > 0 else 0

    def faults(self) -> Iterable[str]:
        return not_positive(input=self.inputs, output=self.outputs)
