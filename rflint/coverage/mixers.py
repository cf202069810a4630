"""Layers that look along the whole input, or along much of it: attention, recurrence, pooling and norms over time.

In the field of the convolutions they count as pointwise; `Mixer.counted` is the layer with its real reach.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rflint.coverage.indices import Indices
from rflint.coverage.layers import Conv, Hull, Layer


class _MixerFields(NamedTuple):
    name: str
    left: int | None = None
    right: int | None = None
    chunk: int = 1
    kind: str = "mixer"

    @property
    def unbounded(self) -> bool:
        return self.left is None or self.right is None

    @property
    def sides(self) -> str:
        """The sides without limit: ``both``, ``left``, ``right`` or nothing."""
        if self.left is None:
            return "both" if self.right is None else "left"
        return "right" if self.right is None else ""

    def counted(self) -> Layer:
        """The layer with its reach; a side without limit counts 0, since no number stands for it."""
        left, right = self.left or 0, self.right or 0
        if self.chunk > 1:
            return _Chunks(self.chunk, left, right)
        return Conv(left + right + 1, 1, 1, (left, right))

    def pull(self, first: int, last: int) -> Hull:
        return first, last

    def touch(self, outputs: Indices) -> Indices:
        return outputs

    def length(self, n: int) -> int:
        return n

    def faults(self) -> Iterable[str]:
        below = [side for side in (self.left, self.right) if side is not None and side < 0]
        return [f"a context of {side}" for side in below] + ([f"chunks of {self.chunk}"] if self.chunk < 1 else [])


class _ChunksFields(NamedTuple):
    size: int
    before: int
    after: int
    kind: str = "chunks"

    @property
    def period(self) -> int:
        return self.size

    @property
    def shift(self) -> int:
        return self.size

    def pull(self, first: int, last: int) -> Hull:
        begin = first // self.size * self.size
        return begin - self.before, last // self.size * self.size + self.size - 1 + self.after

    def touch(self, outputs: Indices) -> Indices:
        chunks = {position // self.size for position in outputs.positions()}
        read = None
        for chunk in sorted(chunks):
            own = Indices(*self.pull(chunk * self.size, chunk * self.size))
            read = own if read is None else read.union(own)
        return read or outputs

    def length(self, n: int) -> int:
        return n


class Mixer(_MixerFields, Layer):
    """A layer that reads ``left`` positions back and ``right`` ahead; None is no limit on that side.

    With ``chunk`` > 1 it reads whole chunks: ``left`` then counts positions before the chunk, ``right`` those after it.
    """

    __slots__ = ()


class _Chunks(_ChunksFields, Layer):
    """Every position reads its whole chunk, ``before`` positions before it and ``after`` behind it."""

    __slots__ = ()
