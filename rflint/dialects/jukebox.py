"""The strided encoder and decoder of Jukebox's VQ-VAE, as facebookresearch/speech-resynthesis keeps them.

Sources: its modules/jukebox.py (Encoder, Decoder and their blocks) and modules/resnet.py (Resnet1D).
"""

from __future__ import annotations

from math import prod
from typing import NamedTuple

from rflint.coverage import Conv, Layer, Sequence as Chain, centred, residual, transposed
from rflint.dialects.asr_frontend import positive
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Stage

MOST_DOWNS, MOST_BLOCKS = 32, 100
"""Above these a number is a slip of the pen."""


class Strided(NamedTuple):
    """A strided convolution that stands ``times`` in a row.

    A level with a list of strides pads odd ones so that lengths stay whole; one with a number pads all as if even.
    """

    stride: int
    times: int
    listed: bool

    @property
    def shape(self) -> tuple[int, int]:
        """Kernel and padding."""
        odd = self.stride % 2 if self.listed else 0
        return 2 * self.stride + odd, self.stride // 2 + odd

    def down(self) -> Layer:
        kernel, padding = self.shape
        return Conv(kernel, self.stride, 1, (padding, padding))

    def up(self) -> Layer:
        kernel, padding = self.shape
        return transposed(kernel, self.stride, padding)


def levels(params: Cursor) -> list[list[Strided]]:
    """The levels in the encoder's order: ``downs_t: [[5, 1]], strides_t: [[2, 5]]`` is one of 2·2·2·2·2·5 = 160.

    Raises:
        NotComputable: the lists are missing, or of no such kind.
    """
    downs, strides = params["downs_t"], params["strides_t"]
    listed = strides[0].is_list()
    rows, times = _rows(strides), _rows(downs)
    if list(map(len, rows)) != list(map(len, times)) or not all(0 <= n <= MOST_DOWNS for row in times for n in row):
        raise NotComputable("`downs_t` and `strides_t` do not belong together", strides.where)
    read = positive(params["levels"].int(len(rows))).value
    return [
        [Strided(positive(Value(stride, strides.where)).value, n, listed) for stride, n in zip(*level, strict=True)]
        for level in list(zip(rows, times, strict=True))[:read]
    ]


def factors(params: Cursor) -> tuple[int, ...]:
    """The strides one by one, whose product is the step of the deepest level."""
    return tuple(strided.stride for level in levels(params) for strided in level for _ in range(strided.times))


def downsampling(params: Cursor) -> Value[int]:
    """The product of the strides, which stands where they do."""
    return Value(prod(factors(params)), params["strides_t"].where, "derived")


def encoder(params: Cursor) -> list[Stage]:
    """From the input to the deepest level."""
    where, resnet = params["strides_t"].where, _resnet(params)
    stages = []
    for number, level in enumerate(levels(params)):
        for strided in level:
            stages += [Stage(f"down.{number}", strided.down(), where), resnet] * strided.times
        stages.append(Stage(f"out.{number}", centred(3)))
    return stages


def decoder(params: Cursor) -> list[Stage]:
    """From the deepest level to the output; within a level the strides keep the encoder's order."""
    where, resnet = params["strides_t"].where, _resnet(params)
    stages = []
    for number, level in reversed(list(enumerate(levels(params)))):
        stages.append(Stage(f"in.{number}", centred(3)))
        for strided in level:
            # the same layer many times over stands in the file once, and is judged there once
            ups = [Stage(f"up.{number}", strided.up(), None if again else where) for again in range(strided.times)]
            stages += [stage for up in ups for stage in (resnet, up)]
    return [*stages, Stage("out", centred(3))]


def _rows(cursor: Cursor) -> list[list[int]]:
    return cursor.lists().value if cursor[0].is_list() else [[number] for number in cursor.ints().value]


def _resnet(params: Cursor) -> Stage:
    """Residual convolutions of 3, dilated by powers of the growth rate; a cycle starts again from 1.

    A decoder may have them in reverse, which reads the same.
    """
    depth, growth = positive(params["depth"].int(), MOST_BLOCKS), params["dilation_growth_rate"].int(1)
    cycle = positive(params["dilation_cycle"].int(depth.value)).value
    powers = (positive(Value(growth.value ** (block % cycle), growth.where)).value for block in range(depth.value))
    return Stage("resnet", Chain(tuple(residual(centred(3, 1, dilation)) for dilation in powers)), depth.where)
