"""Location-variable convolutions (LVCNet, UnivNet): a small net over the frames predicts the kernels for each frame's samples.

Sources: maum-ai/univnet model/lvcnet.py and generator.py, zceng/LVCNet vocoder/models/lvcnet_generator.py; the same graph
stands in NeMo and coqui-ai/TTS.
"""

from __future__ import annotations

from collections.abc import Sequence

from rflint.coverage import Layer, Sequence as Chain, centred, nearest, residual, same, transposed_pwg
from rflint.dialects.generators import item
from rflint.documents import Value
from rflint.model import Stage

PAIRS = 3


def predictor(kernel: int, pairs: int = PAIRS) -> Layer:
    """Frames that a predicted kernel depends on: a convolution of 5, pairs of ``kernel`` with residuals, and one more."""
    pair = residual(centred(kernel), centred(kernel))
    return Chain((centred(5), *(pair,) * pairs, centred(kernel)))


def lvc_block(dilations: Sequence[int], kernel: int) -> Layer:
    """One residual step per dilation: a dilated convolution, then a location-variable one of the same kernel."""
    return Chain(tuple(residual(centred(kernel, 1, dilation), centred(kernel)) for dilation in dilations))


def lvc_stages(
    strides: Value[list[int]], dilations: Sequence[int], predictor_kernel: int, kernel: int = 3
) -> list[Stage]:
    """From the frames to the samples, with blocks that are all alike."""
    return lvc_graph(strides, [(dilations, kernel)] * len(strides.value), predictor(predictor_kernel))


def lvc_graph(strides: Value[list[int]], blocks: Sequence[tuple[Sequence[int], int]], predicted: Layer) -> list[Stage]:
    """From the frames to the samples, by way of the kernels; a block has its dilations and its kernel.

    The kernels of the first block hold for a frame's positions each and take effect behind its first convolution; the
    kernels of later blocks reach no further than those of the first.
    """
    stages = [Stage("kernel_predictor", predicted)]
    for index, (stride, (dilations, kernel)) in enumerate(zip(strides.value, blocks, strict=False)):
        layer = nearest(stride) if index == 0 else transposed_pwg(2 * stride, stride)
        steps = dilations if index else dilations[1:]
        stages.append(Stage(f"convt_pre.{index}", layer, item(strides, index)))
        stages.append(Stage(f"conv_blocks.{index}", lvc_block(steps, kernel)))
    return [*stages, Stage("conv_post", same(7))]
