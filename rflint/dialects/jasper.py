"""Jasper block lists: repeated "same" convolutions, a strided last one, 1x1 shortcuts, squeeze-excite.

Source: NVIDIA/NeMo, nemo/collections/asr/parts/submodules/jasper.py (JasperBlock) and modules/conv_asr.py.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from rflint.coverage import Conv, Layer, Mixer, Parallel, Repeat, Sequence
from rflint.dialects.asr_frontend import MOST_LAYERS, layers, positive, tie
from rflint.documents import Cursor, NotComputable, Value, Where
from rflint.model import Model, Stage

_STRIDED_REPEATS = "every repetition is strided unless stride_last is true; the encoder counts the stride once"
_SHORTCUT = "the shortcut of a block is strided in residual_mode stride_add alone, and once: the sum fails on shape"


class Block(NamedTuple):
    """One block of the list: parallel kernels (one but for CarneliNet), and how they are repeated and strided."""

    kernels: tuple[int, ...]
    repeat: int
    stride: Value[int]
    dilation: int
    stride_last: bool
    residual: bool
    strided_shortcut: bool
    squeezes: bool
    future: int
    where: Where

    @property
    def factor(self) -> int:
        """What the repetitions make of the frame step."""
        return self.stride.value if self.stride_last else self.stride.value**self.repeat

    @property
    def shortcut(self) -> int:
        return self.stride.value if self.strided_shortcut else 1

    def layer(self) -> Layer:
        """The block as a layer: with several kernels the branches are averaged, summed or joined."""
        branches = tuple(self._branch(kernel) for kernel in self.kernels)
        return branches[0] if len(branches) == 1 else Parallel(branches)

    def _branch(self, kernel: int) -> Layer:
        padding = _padding(kernel, self.dilation, self.future)
        strided = Conv(kernel, self.stride.value, self.dilation, padding)
        plain = Conv(kernel, 1, self.dilation, padding) if self.stride_last else strided
        inner: list[Layer] = [Repeat(self.repeat - 1, plain)] if self.repeat > 1 else []
        inner += [strided, *([Mixer("squeeze-excite")] if self.squeezes else [])]
        if self.residual and self.factor == self.shortcut:
            shortcut = Conv(1, self.shortcut) if self.shortcut > 1 else Sequence()
            return Parallel((Sequence(tuple(inner)), shortcut))
        return inner[0] if len(inner) == 1 else Sequence(tuple(inner))

    def state(self, model: Model) -> None:
        """That the block strides as often as the encoder counts, and that its shortcut meets it."""
        made = Value(self.factor, None, "derived")
        if self.stride.value > 1 and self.repeat > 1 and not self.stride_last:
            tie(model, "subsampling", "equal", self.stride, made, "silent", _STRIDED_REPEATS)
        if self.residual and self.factor != self.shortcut:
            tie(model, "subsampling", "equal", self.stride, Value(self.shortcut, None, "derived"), "crash", _SHORTCUT)


def read_blocks(jasper: Cursor, *, parallel: bool = False) -> list[Block]:
    """The blocks of a list. ``residual_mode`` is sticky: a block without the key has that of the block before.

    Raises:
        NotComputable: a number that matters is not known.
    """
    if not jasper.is_list():
        raise NotComputable("`jasper` is no list of blocks", jasper.where)
    blocks, mode = [], "add"
    for item in jasper:
        mode = str(item["residual_mode"].str(mode).value)
        blocks.append(_block(item, mode, parallel))
    return blocks


def _block(item: Cursor, mode: str, parallel: bool) -> Block:
    factor = item["kernel_size_factor"].number(Fraction(1)).value
    kernels = [odd_kernel(kernel, factor) for kernel in _numbers(item["kernel"])]
    stride, dilation = _first(item["stride"]), _first(item["dilation"])
    if dilation.value > 1 and stride.value > 1:
        raise NotComputable("only stride or dilation may be greater than 1", stride.where)
    return Block(
        tuple(kernels) if parallel else (kernels[0],),
        layers(item["repeat"]).value,
        stride,
        dilation.value,
        item["stride_last"].bool(False).value,
        item["residual"].bool(False).value,
        mode == "stride_add",
        item["se"].bool(False).value,
        item["future_context"].int(-1).value,
        item["kernel"].where,
    )


def _numbers(cursor: Cursor) -> list[int]:
    """A kernel, or a list of them; each in quotes where it was an interpolation."""
    items = list(cursor) if cursor.is_list() else [cursor]
    found = [positive(item.int()).value for item in items]
    if not found:
        raise NotComputable(f"`{cursor.key}` is empty", cursor.where)
    return found


def _first(cursor: Cursor) -> Value[int]:
    """The only entry that counts of a stride or dilation."""
    return positive((cursor[0] if cursor.is_list() else cursor).int())


def odd_kernel(kernel: int, factor: Fraction) -> int:
    """compute_new_kernel_size: scaled and cut, at least 1, an even one goes up to the next odd one."""
    if not 0 <= factor <= MOST_LAYERS:
        raise NotComputable("`kernel_size_factor` is no scale of kernels")
    scaled = positive(Value(max(int(kernel * float(factor)), 1))).value
    return scaled + 1 - scaled % 2


def _padding(kernel: int, dilation: int, future: int) -> tuple[int, int]:
    """Symmetric, or with so many frames of future: a dilated block then pads dilation - 1 too much on the left."""
    if future < 0 or kernel <= future:
        return (dilation * (kernel - 1) // 2,) * 2
    if dilation > 1:
        return dilation * kernel - 1 - dilation * future, dilation * future
    return kernel - 1 - future, future


def stages(blocks: list[Block], name: str = "jasper") -> list[Stage]:
    """One stage a block."""
    return [Stage(f"{name}.{i}", block.layer(), block.where) for i, block in enumerate(blocks)]
