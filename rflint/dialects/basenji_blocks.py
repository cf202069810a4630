"""The blocks of Basenji and Baskerville along the sequence.

Sources: calico/basenji (basenji/blocks.py) and calico/baskerville (src/baskerville/blocks.py), whose defaults these are.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from rflint.coverage import Conv, Layer, Mixer, Same, crop, nearest, transposed_same
from rflint.dialects.asr_frontend import MOST_SAMPLES, layers, positive
from rflint.documents import Cursor, NotComputable

KERNEL, DNA_KERNEL, NEXT_KERNEL, DILATED_KERNEL = (
    1,
    15,
    7,
    3,
)  # kernel_size of conv_block, conv_dna, conv_next, dilated_*
STRIDE, DILATION, POOL, REPEAT = 1, 1, 1, 1
TOWER_POOL, TOWER_CONVS = 2, 2  # res_tower, pool_size and num_convs
RATE = Fraction(2)  # dilated_residual, rate_mult
UNET_STRIDE = 2  # unet_conv, stride

Block = Callable[[Cursor, bool], list[Layer]]
"""The layers of a block; True when its convolutions are padded to keep the length."""


def _conv(block: Cursor, same: bool, kernel: int = KERNEL, factor: int = 1) -> list[Layer]:
    size = positive(block["kernel_size"].int(kernel)).value
    stride = positive(block["stride"].int(STRIDE)).value
    dilation = positive(block["dilation_rate"].int(DILATION)).value * factor
    return [Same(size, stride, dilation) if same else Conv(size, stride, dilation)]


def _pool(block: Cursor, same: bool, default: int = POOL) -> list[Layer]:
    size = positive(block["pool_size"].int(default)).value
    if size == 1:
        return []
    return [Same(size, size, kind="pool") if same else Conv(size, size, kind="pool")]


def _conv_block(block: Cursor, same: bool) -> list[Layer]:
    return _conv(block, same) + _pool(block, same)


def _conv_dna(block: Cursor, same: bool) -> list[Layer]:
    return _conv(block, same, DNA_KERNEL) + _pool(block, same)


def _conv_next(block: Cursor, same: bool) -> list[Layer]:
    return _conv(block, same, NEXT_KERNEL) + _pool(block, same)


def _conv_tower(block: Cursor, same: bool) -> list[Layer]:
    return _conv_block(block, same) * layers(block["repeat"], REPEAT).value


def _res_tower(block: Cursor, same: bool) -> list[Layer]:
    """One convolution of the stated kernel, further ones of 1 (the kernel is not passed on), and a pooling."""
    return (_conv(block, same) + _pool(block, same, TOWER_POOL)) * layers(block["repeat"], REPEAT).value


def _convnext_tower(block: Cursor, same: bool) -> list[Layer]:
    convs = _conv(block, same) * layers(block["num_convs"], TOWER_CONVS).value
    return (convs + _pool(block, same, TOWER_POOL)) * layers(block["repeat"], REPEAT).value


def _dilated(block: Cursor, same: bool) -> list[Layer]:
    """Dilations 1, m, m², …, each rounded for its own layer and, with ``round``, for the ones behind it too."""
    rate, growth = Fraction(1), block["rate_mult"].number(RATE).value
    keeps, found = block["round"].bool(False).value, list[Layer]()
    for _ in range(layers(block["repeat"], REPEAT).value):
        if not 1 <= rate <= MOST_SAMPLES:
            raise NotComputable("dilations past any sequence", block["rate_mult"].where)
        found += _conv(block, same, DILATED_KERNEL, round(rate))
        rate = Fraction(round(rate * growth)) if keeps else rate * growth
    return found


def _mixing(name: str) -> Block:
    return lambda block, same: [Mixer(name)]


def _average(block: Cursor, same: bool) -> list[Layer]:
    return [Same(positive(block["pool_size"].int()).value, kind="pool")]


def _unet(block: Cursor, same: bool) -> list[Layer]:
    """Upsampled, joined with what was stored at that length, and a convolution."""
    up = positive(block["stride"].int(UNET_STRIDE)).value
    return [nearest(up), Same(positive(block["kernel_size"].int(KERNEL)).value)]


def _transposed(block: Cursor, same: bool) -> list[Layer]:
    return [
        transposed_same(positive(block["kernel_size"].int(KERNEL)).value, positive(block["stride"].int(STRIDE)).value)
    ]


def _cropping(block: Cursor, same: bool) -> list[Layer]:
    left, right = sides(block["cropping"])
    return [crop(left, right)]


def sides(cropping: Cursor) -> tuple[int, int]:
    """What is cut off both ends, by one number or by two."""
    if not cropping.is_list():
        both = cropping.int().value
        return both, both
    two = cropping.ints().value
    if len(two) != 2:
        raise NotComputable("`cropping` is no pair", cropping.where)
    return two[0], two[1]


def _keras_conv(block: Cursor, same: bool) -> list[Layer]:
    size, stride = positive(block["kernel_size"].int()).value, positive(block["strides"].int(STRIDE)).value
    dilation = positive(block["dilation_rate"].int(DILATION)).value
    return [Same(size, stride, dilation) if block["padding"].value == "same" else Conv(size, stride, dilation)]


def _dense(block: Cursor, same: bool) -> list[Layer]:
    """All positions at once unless ``flatten`` is false."""
    return [Mixer("dense over all positions")] if block["flatten"].bool(True).value else []


def _pointwise(block: Cursor, same: bool) -> list[Layer]:
    return []


BLOCKS: dict[str, Block] = {
    "conv_block": _conv_block,
    "conv_nac": _conv_block,
    "conv_dna": _conv_dna,
    "conv_next": _conv_next,
    "conv_tower": _conv_tower,
    "conv_tower_nac": _conv_tower,
    "res_tower": _res_tower,
    "convnext_tower": _convnext_tower,
    "dilated_residual": _dilated,
    "dilated_residual_nac": _dilated,
    "dilated_dense": _dilated,
    "wheeze_excite": _average,
    "squeeze_excite": _mixing("squeeze-excite"),
    "global_context": _mixing("global context"),
    **dict.fromkeys(("transformer", "transformer2", "transformer_tower", "swin_transformer"), _mixing("attention")),
    **dict.fromkeys(("unet_conv", "unet_concat", "fpn_unet", "fpn1_unet", "upsample_unet", "concat_unet"), _unet),
    "tconv_nac": _transposed,
    "Cropping1D": _cropping,
    "Conv1D": _keras_conv,
    "center_slice": _pointwise,
    "center_average": _mixing("average over the centre"),
    "dense_nac": _pointwise,
    "dense_block": _dense,
    "Flatten": _mixing("dense over all positions"),
    "Dense": _pointwise,
    "final": _pointwise,
    "concat_position": _pointwise,
}
UPSAMPLING = frozenset(name for name, block in BLOCKS.items() if block is _unet)
