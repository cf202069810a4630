"""Separation networks that several frameworks share: Conv-TasNet's dilated blocks, SuDoRM-RF's U-blocks, TF-GridNet."""

from __future__ import annotations

from rflint.coverage import Conv, Layer, Mixer, Repeat, Sequence, causal, centred, nearest, residual
from rflint.dialects.asr_frontend import positive
from rflint.documents import Value, Where
from rflint.model import Stage

DEEPEST = 20
"""Dilations double from block to block; more blocks than this see hours."""
MOST_BLOCKS = 100
GRID_FFT, GRID_STRIDE, GRID_KERNEL = 128, 64, 3  # TF-GridNet, n_fft, stride, t_ksize


def doubling(kernel: Value[int], blocks: Value[int], repeats: int, *, is_causal: bool = False) -> list[Stage]:
    """``repeats`` times blocks of dilation 1, 2, 4 …; every block reaches the mask over its skip connection."""
    size, depth = positive(kernel).value, positive(blocks, DEEPEST).value
    conv = causal if is_causal else centred
    return [
        Stage(f"masknet.{turn}.{x}", residual(conv(size, 1, 2**x)), kernel.where or blocks.where)
        for turn in range(repeats)
        for x in range(depth)
    ]


def chunked(chunk: Value[int]) -> Stage:
    """Dual-path networks look within chunks and across all of them."""
    return Stage("masknet", Mixer("chunks within and across"), chunk.where)


def u_blocks(depth: Value[int], count: Value[int]) -> Stage:
    """SuDoRM-RF: a convolution of 5, strided ones down, and nearest neighbours back, each level joined by its own.

    Source: asteroid/masknn/convolutional.py, UBlock.
    """
    inner: Layer = Sequence()
    for _ in range(positive(depth, DEEPEST).value - 1):
        inner = residual(Conv(5, 2, 1, (2, 2)), inner, nearest(2))
    block = residual(Conv(5, 1, 1, (2, 2)), inner)
    return Stage("masknet", Repeat(positive(count, MOST_BLOCKS).value, block), depth.where)


def grid_network(where: Where | None) -> list[Stage]:
    """TF-GridNet: a convolution over three frames, blocks of recurrence and attention over all, a convolution back.

    Source: espnet2/enh/separator/tfgridnet_separator.py, t_ksize.
    """
    conv = centred(GRID_KERNEL)
    return [
        Stage("conv", conv, where),
        Stage("blocks", Mixer("recurrence and attention"), where),
        Stage("deconv", conv, where),
    ]
