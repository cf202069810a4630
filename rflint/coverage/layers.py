"""Layers: what each output position reads of the input, and how many outputs there are.

A layer kind is a record of its numbers and a class of three methods (see `Layer`). Two of them, `Conv` and `Transposed`,
are enough for almost everything that audio models do: `rflint.coverage.families` builds it from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Literal, NamedTuple

from rflint.coverage.indices import CoverageError, Indices, Mode

Hull = tuple[int, int]
"""First and last position read."""


class Layer:
    """One operation along the time axis.

    A layer kind gives `pull`, `touch` and `length`, and `rhythm` unless it is (1, 1); the rest has defaults. Positions
    are those of an input without ends.
    """

    __slots__ = ()

    @property
    def kind(self) -> str:
        raise NotImplementedError

    @property
    def kernel(self) -> int:
        return 1

    @property
    def stride(self) -> int:
        return self.shift if self.period == 1 else 1

    @property
    def dilation(self) -> int:
        return 1

    @property
    def padding(self) -> tuple[int, int]:
        return 0, 0

    @property
    def mode(self) -> Mode:
        """What stands in the padding; it matters only near the ends of an input."""
        return "zeros"

    # -- the three facts, and the rhythm --------------------------------------------------------------------------
    @property
    def rhythm(self) -> tuple[int, int]:
        """Outputs repeat: output ``i + period`` reads what output ``i`` reads, ``shift`` input positions later."""
        return 1, 1

    def pull(self, first: int, last: int) -> Hull | None:
        """The hull of the input positions that outputs ``first`` to ``last`` read; None when they read none."""
        raise NotImplementedError

    def touch(self, outputs: Indices) -> Indices | None:
        """The exact set of input positions that a set of outputs reads. Raises `TooLarge`."""
        raise NotImplementedError

    def length(self, n: int) -> int:
        """How many outputs ``n`` inputs give; 0 where a framework refuses them."""
        raise NotImplementedError

    # -- what follows ---------------------------------------------------------------------------------------------
    @property
    def period(self) -> int:
        return self.rhythm[0]

    @property
    def shift(self) -> int:
        return self.rhythm[1]

    @property
    def step(self) -> Fraction:
        """Input positions an output."""
        period, shift = self.rhythm
        return Fraction(shift, period)

    @property
    def gappy(self) -> bool:
        """True when outputs may read nothing, or not in the order of the outputs."""
        return False

    @property
    def parts(self) -> tuple[Layer, ...]:
        """The layers that it is made of; none for a plain one."""
        return ()

    def rebuilt(self, parts: tuple[Layer, ...]) -> Layer:
        """The layer made of other parts."""
        return self

    def at(self, n: int) -> Layer:
        """The layer as it is for an input of ``n`` positions; itself unless its padding depends on that."""
        return self

    def within(self, outputs: Indices, n: int) -> Indices | None:
        """What outputs read of an input of exactly ``n`` positions: padding is zeros or a copy of what lies inside."""
        read = self.at(n).touch(outputs)
        return read.fold(n, self.mode) if read else None

    def fits(self, n: int) -> bool:
        """True when all branches that meet have the same length, for ``n`` inputs."""
        return True

    def reach(self, first: int, last: int) -> int:
        """The widest stretch of positions met on the way back from outputs: a bound for every set on it."""
        hull = self.pull(first, last)
        return hull[1] - hull[0] + 1 if hull else 0

    def ways(self, paths: Mapping[int, int]) -> dict[int, int]:
        """The number of paths from every input position, given those from every output position."""
        found: dict[int, int] = {}
        for output, count in paths.items():
            read = self.touch(Indices(output, output))
            for position in read.positions() if read else ():
                found[position] = found.get(position, 0) + count
        return found

    def moments(self) -> tuple[Fraction, Fraction]:
        """Mean and variance of a position that output 0 reads, all taken for equally likely; for a period of 1."""
        read = self.touch(Indices(0, 0))
        if read is None:
            raise CoverageError("an output that reads nothing has no centre")
        if read.even:
            return Fraction(read.first + read.last, 2), Fraction((read.members**2 - 1) * read.apart**2, 12)
        mean = Fraction(sum(read.positions()), read.members)
        return mean, Fraction(sum(p * p for p in read.positions()), read.members) - mean * mean

    def faults(self) -> Iterable[str]:
        """What makes the layer impossible."""
        return ()


# -- convolutions -------------------------------------------------------------------------------------------------


class _Conv(NamedTuple):
    kernel: int
    stride: int = 1
    dilation: int = 1
    padding: tuple[int, int] = (0, 0)
    kind: str = "conv"
    tail: Literal["drop", "complete", "ceil"] = "drop"
    mode: Mode = "zeros"
    least: int = 1


class Conv(_Conv, Layer):
    """A convolution, pooling, framing or crop: output i reads ``i·stride - left + j·dilation`` for j = 0..kernel-1.

    ``padding`` is (left, right); negative padding crops. ``tail`` says what becomes of inputs that fill no whole
    window: ``drop`` them, ``complete`` the window with padding (EnCodec, frame stacking), or ``ceil``: complete it unless
    it would begin in the right padding (ceil_mode of torch pooling). ``mode`` is what stands in the padding; torch
    refuses to reflect or to wrap more than there is. ``least`` is the shortest input that is not refused.
    """

    __slots__ = ()

    @property
    def rhythm(self) -> tuple[int, int]:
        return 1, self.stride

    @property
    def extent(self) -> int:
        """Positions from the first tap to the last."""
        return self.dilation * (self.kernel - 1) + 1

    def pull(self, first: int, last: int) -> Hull:
        return first * self.stride - self.padding[0], last * self.stride - self.padding[0] + self.extent - 1

    def touch(self, outputs: Indices) -> Indices:
        if outputs.mask is None and self.dilation == 1 and self.kernel >= self.stride:
            return Indices(*self.pull(outputs.first, outputs.last))
        return outputs.spread(self.stride).widen(self.kernel, self.dilation).shift(-self.padding[0])

    def length(self, n: int) -> int:
        copied = max(self.padding) + (self.mode == "reflect") if self.mode in ("reflect", "circular") else 0
        if n < max(self.least, copied, 1):
            return 0
        over = n + sum(self.padding) - self.extent
        if self.tail == "drop":
            return max(over // self.stride + 1, 0)
        outputs = max(-(-over // self.stride) + 1, 0)
        return outputs - (self.tail == "ceil" and (outputs - 1) * self.stride >= n + self.padding[0])

    def faults(self) -> Iterable[str]:
        return not_positive(kernel=self.kernel, stride=self.stride, dilation=self.dilation)


class _Splice(NamedTuple):
    offsets: tuple[int, ...]
    stride: int = 1
    padding: tuple[int, int] = (0, 0)
    kind: str = "splice"


class Splice(_Splice, Layer):
    """A convolution with explicit taps: a TDNN context such as -2, 0, 2, or a kernel with taps that are zero.

    ``padding`` is that of the convolution from the smallest offset to the largest.
    """

    __slots__ = ()

    @property
    def rhythm(self) -> tuple[int, int]:
        return 1, self.stride

    @property
    def kernel(self) -> int:
        return len(self.offsets)

    @property
    def full(self) -> Conv:
        """The convolution with every tap between."""
        return Conv(max(self.offsets) - min(self.offsets) + 1, self.stride, 1, self.padding)

    def pull(self, first: int, last: int) -> Hull:
        return self.full.pull(first, last)

    def touch(self, outputs: Indices) -> Indices:
        spread, before = outputs.spread(self.stride), self.padding[0] + min(self.offsets)
        read = spread.shift(self.offsets[0] - before)
        for offset in self.offsets[1:]:
            read = read.union(spread.shift(offset - before))
        return read

    def length(self, n: int) -> int:
        return self.full.length(n)

    def faults(self) -> Iterable[str]:
        return not_positive(stride=self.stride, taps=len(self.offsets))


class _Same(NamedTuple):
    kernel: int
    stride: int = 1
    dilation: int = 1
    lower: bool = False
    kind: str = "conv"


class Same(_Same, Layer):
    """ "SAME" of TensorFlow, Keras and XLA: ceil(n / stride) outputs, padded by what that takes for this very n.

    The odd zero is on the right (``lower`` puts it on the left, as ONNX SAME_LOWER). Without a length it stands for
    inputs that are whole multiples of the stride. Source: tensorflow/core/framework/common_shape_fns.cc.
    """

    __slots__ = ()

    @property
    def rhythm(self) -> tuple[int, int]:
        return 1, self.stride

    @property
    def padding(self) -> tuple[int, int]:
        return self.at(self.stride).padding

    def at(self, n: int) -> Conv:
        extent = self.dilation * (self.kernel - 1) + 1
        total = max((-(-n // self.stride) - 1) * self.stride + extent - n, 0)
        small, large = total // 2, total - total // 2
        padding = (large, small) if self.lower else (small, large)
        return Conv(self.kernel, self.stride, self.dilation, padding, self.kind)

    def pull(self, first: int, last: int) -> Hull:
        return self.at(self.stride).pull(first, last)

    def touch(self, outputs: Indices) -> Indices:
        return self.at(self.stride).touch(outputs)

    def length(self, n: int) -> int:
        return -(-n // self.stride)

    def faults(self) -> Iterable[str]:
        return not_positive(kernel=self.kernel, stride=self.stride, dilation=self.dilation)


# -- upsampling ---------------------------------------------------------------------------------------------------


class _Transposed(NamedTuple):
    kernel: int
    stride: int
    dilation: int = 1
    padding: tuple[int, int] = (0, 0)
    kind: str = "transposed"


class Transposed(_Transposed, Layer):
    """A transposed convolution: output t reads ``(t + left - j·dilation) / stride`` wherever that is whole.

    ``padding`` is what is cut off the full result at the left and at the right (the right one less any output padding).
    Of ``stride`` outputs in turn, kernel mod stride read one input more than the others.
    Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016), section 4.
    """

    __slots__ = ()

    @property
    def rhythm(self) -> tuple[int, int]:
        return self.stride, 1

    @property
    def extent(self) -> int:
        """Outputs that one input reaches, from the first to the last."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def gappy(self) -> bool:
        return self.kernel < self.stride or self.dilation > 1

    def pull(self, first: int, last: int) -> Hull | None:
        first, last = first + self.padding[0] - self.extent + 1, last + self.padding[0]
        hull = -(-first // self.stride), last // self.stride
        return hull if hull[0] <= hull[1] else None

    def touch(self, outputs: Indices) -> Indices | None:
        read = outputs.shift(self.padding[0] - self.extent + 1).widen(self.kernel, self.dilation)
        return read.decimate(self.stride)

    def length(self, n: int) -> int:
        return max((n - 1) * self.stride + self.extent - sum(self.padding), 0) if n > 0 else 0

    def faults(self) -> Iterable[str]:
        return not_positive(kernel=self.kernel, stride=self.stride, dilation=self.dilation)


def not_positive(**numbers: int | Fraction) -> Iterable[str]:
    return [f"a {name} of {number}" for name, number in numbers.items() if number <= 0]
