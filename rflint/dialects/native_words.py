"""The words of the native form: the keys of its block, and the names it understands for kernels, strides and the like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rflint.documents import Cursor

# fmt: off
KERNEL: Final = (
    "k", "ks", "conv", "kernel", "kernel_size", "kernel_sizes", "kernels", "kernelSize", "conv_kernel_size",
    "conv_kernel", "filter_size", "filter_length", "conv_filter_length", "filter_width", "winlen", "win", "window",
    "window_size", "width",
)
STRIDE: Final = (
    "s", "stride", "strides", "hop", "hop_size", "hop_length", "win_inc", "frame_step", "frame_shift", "subsample",
    "subsample_length", "subsample_lengths", "subsampling", "downsample", "down_rates", "time_stride",
    "kernel_stride", "pool_stride", "pool_strides",
)
DILATION: Final = (
    "d", "dilation", "dilations", "dilation_rate", "dilation_rates", "atrous_rate",
)
PADDING: Final = (
    "p", "pad", "padding", "paddings", "border_mode", "pool_padding",
)
REPEAT: Final = (
    "x", "repeat", "repeats", "n_repeats",
)
POOL: Final = (
    "pool", "pool_size", "pool_length", "pools", "pooling", "max_pool",
)
# fmt: on

CONCEPTS: Final[dict[str, Sequence[str]]] = {
    "kernel": KERNEL,
    "stride": STRIDE,
    "dilation": DILATION,
    "padding": PADDING,
    "repeat": REPEAT,
    "pool": POOL,
    "transposed": ("tconv", "t"),
    "op": ("op", "output_padding"),
}
"""What a layer is described by, and its names."""

BLOCKS = ("rflint", "x-rflint")


def block_of(root: Cursor) -> Cursor | None:
    """The native block of a document; None when there is none."""
    return next((root[key] for key in BLOCKS if root[key].is_mapping()), None)
