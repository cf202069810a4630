"""Layers that look along the whole input, or along much of it: attention, recurrence, pooling and norms over time.

In the field of the convolutions they count as pointwise; `Mixer.counted` is the layer with its real reach.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rflint.coverage.indices import Indices, from_positions
from rflint.coverage.layers import Conv, Hull, Layer


class _Mixer(NamedTuple):
    name: str
    left: int | None = None
    right: int | None = None
    chunk: int = 1
    kind: str = "mixer"


class Mixer(_Mixer, Layer):
    """A layer that reads ``left`` positions back and ``right`` ahead; None is no limit on that side.

    With ``chunk`` > 1 it reads whole chunks: ``left`` then counts positions before the chunk, ``right`` those after it.
    """

    __slots__ = ()

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
            return Chunks(self.chunk, left, right)
        return Conv(left + right + 1, 1, 1, (left, right))

    def pull(self, first: int, last: int) -> Hull:
        return first, last

    def touch(self, outputs: Indices) -> Indices:
        return outputs

    def length(self, n: int) -> int:
        return n

    def within(self, outputs: Indices, n: int) -> Indices | None:
        read = self.counted().within(outputs, n)
        if read is not None and self.left is None:
            read = read.union(Indices(0, read.last) if self.right is not None else Indices(0, n - 1))
        return read.union(Indices(read.first, n - 1)) if read is not None and self.right is None else read

    def faults(self) -> Iterable[str]:
        below = [side for side in (self.left, self.right) if side is not None and side < 0]
        return [f"a context of {side}" for side in below] + ([f"chunks of {self.chunk}"] if self.chunk < 1 else [])


class _Chunks(NamedTuple):
    size: int
    before: int = 0
    after: int = 0
    kind: str = "chunks"


class Chunks(_Chunks, Layer):
    """Every position reads its whole chunk, ``before`` positions before it and ``after`` behind it."""

    __slots__ = ()

    @property
    def rhythm(self) -> tuple[int, int]:
        return self.size, self.size

    def pull(self, first: int, last: int) -> Hull:
        begin, end = first // self.size * self.size, last // self.size * self.size
        return begin - self.before, end + self.size - 1 + self.after

    def touch(self, outputs: Indices) -> Indices:
        if outputs.mask is None or outputs.first // self.size == outputs.last // self.size:
            return Indices(*self.pull(outputs.first, outputs.last))
        chunks = from_positions({position // self.size for position in outputs.positions()})
        return chunks.spread(self.size).shift(-self.before).widen(self.before + self.size + self.after, 1)

    def length(self, n: int) -> int:
        return n


def mixers_in(layer: Layer) -> Iterator[Mixer]:
    """The mixers of a layer made of layers, in order."""
    if isinstance(layer, Mixer):
        yield layer
    for part in layer.parts:
        yield from mixers_in(part)


def counted(layer: Layer) -> Layer:
    """The layer with its mixers replaced by what they really reach."""
    return layer.counted() if isinstance(layer, Mixer) else layer.rebuilt(tuple(map(counted, layer.parts)))


# -- the kinds there are ------------------------------------------------------------------------------------------


def attention(left: int | None = None, right: int | None = None) -> Mixer:
    """Self-attention over a window of positions; without limits over everything. Windows add up over layers."""
    return Mixer("attention", left, right)


def chunked_attention(chunk: int, left_chunks: int | None = None) -> Mixer:
    """Attention inside chunks and to ``left_chunks`` before. What lies ahead does not add up over layers."""
    return Mixer("chunked attention", None if left_chunks is None else left_chunks * chunk, 0, chunk)


def recurrent(name: str = "LSTM", *, bidirectional: bool = False) -> Mixer:
    """Recurrence: everything before; bidirectional, everything."""
    return Mixer(name, None, None if bidirectional else 0)


def squeeze_excite() -> Mixer:
    """A gate from the mean over time."""
    return Mixer("squeeze-excite")


def global_pooling(name: str = "global pooling") -> Mixer:
    """Mean, statistics or attentive pooling over time."""
    return Mixer(name)


def norm_over_time(name: str = "instance norm", *, cumulative: bool = False) -> Mixer:
    """Statistics of the utterance (group, instance and global layer norm, CMVN); cumulative, of what lies before."""
    return Mixer(name, None, 0 if cumulative else None)
