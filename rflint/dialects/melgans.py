"""The generators of MelGAN and StyleMelGAN as exact graphs, from frames to samples.

MelGAN: a convolution; per factor a transposed convolution of twice its width and residual stacks of growing dilation; a
convolution. Sources: kan-bayashi/ParallelWaveGAN parallel_wavegan/models/melgan.py and style_melgan.py; the same graphs
stand in PaddleSpeech, TensorFlowTTS, coqui-ai/TTS, Amphion and seungwonpark/melgan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rflint.coverage import (
    Conv,
    Layer,
    Mixer,
    Parallel,
    Sequence as Chain,
    Transposed,
    causal,
    linear,
    nearest,
    residual,
    same,
    transposed_pwg,
)
from rflint.dialects.generators import Upsampler, item
from rflint.documents import NotComputable, Value
from rflint.model import Stage

MOST_STACKS = 20
"""Dilations grow as powers of the kernel; no published model has more than five."""


def transposed_causal(kernel: int, factor: int) -> Layer:
    """Rule D: a frame repeated in front, and a factor's worth cut off both ends (parallel_wavegan/layers/causal_conv.py)."""
    return Transposed(kernel, factor, 1, (0, factor))


class MelGAN(NamedTuple):
    """What MelGANs differ in: outer kernel, kernel and number of residual stacks, padding rules."""

    kernel: int = 7
    stacks: int = 3
    stack_kernel: int = 3
    upsampler: Upsampler = transposed_pwg
    causal: bool = False

    def conv(self, kernel: int, dilation: int = 1) -> Conv:
        """A convolution that keeps the length: reflected at both ends, or padded on the left when causal."""
        return causal(kernel, 1, dilation) if self.causal else same(kernel, dilation)


def melgan(scales: Value[list[int]], shape: MelGAN) -> list[Stage]:
    """The stages of a MelGAN for its upsampling factors.

    Raises:
        NotComputable: more residual stacks than `MOST_STACKS`.
    """
    if not 0 <= shape.stacks <= MOST_STACKS:
        raise NotComputable(f"{shape.stacks} residual stacks", scales.where)
    dilations = [shape.stack_kernel**j for j in range(shape.stacks)]
    stacks = Chain(tuple(residual(shape.conv(shape.stack_kernel, dilation)) for dilation in dilations))
    stages = [Stage("conv_pre", shape.conv(shape.kernel))]
    for index, scale in enumerate(scales.value):
        upsampling = transposed_causal if shape.causal else shape.upsampler
        stages.append(Stage(f"upsample.{index}", upsampling(2 * scale, scale), item(scales, index)))
        stages.append(Stage(f"stacks.{index}", stacks))
    return [*stages, Stage("conv_post", shape.conv(shape.kernel))]


# -- StyleMelGAN --------------------------------------------------------------------------------------------------


class StyleMelGAN(NamedTuple):
    """Kernel, dilation and interpolation of the TADE residual blocks (layers/tade_res_block.py)."""

    kernel: int = 9
    dilation: int = 2
    interpolation: Callable[[int], Layer] = nearest


def style_melgan(scales: Value[list[int]], shape: StyleMelGAN) -> list[Stage]:
    """The stages from the features to the samples.

    Features enter every block (upsampled and convolved from block to block) and modulate there what comes from the
    noise; the paths of all blocks meet in the output. The noise is normalised over all of time.
    """
    blocks = Parallel(tuple(_path(scales.value, start, shape) for start in range(len(scales.value))))
    norm = Mixer("InstanceNorm1d", None, None)
    return [Stage("blocks", blocks, scales.where), Stage("norm", norm), Stage("output_conv", same(shape.kernel))]


def _path(scales: Sequence[int], start: int, shape: StyleMelGAN) -> Layer:
    """Features that travel as features up to block ``start``, modulate there, and travel on as signal."""
    layers: list[Layer] = []
    for scale in scales[:start]:
        layers += [_same(shape), shape.interpolation(scale), _same(shape)]
    layers.append(_modulation(scales[start], shape))
    layers += [_block(scale, shape) for scale in scales[start + 1 :]]
    return Chain(tuple(layers))


def _same(shape: StyleMelGAN) -> Conv:
    return same(shape.kernel)


def _modulation(scale: int, shape: StyleMelGAN) -> Layer:
    """From the features to the output of their block: by its first modulation, or by its second."""
    stretch, widen = shape.interpolation(scale), same(shape.kernel, shape.dilation)
    first = Chain((_same(shape), _same(shape), _same(shape), stretch, widen))
    second = Chain((_same(shape), stretch, _same(shape), _same(shape), widen))
    return Parallel((first, second))


def _block(scale: int, shape: StyleMelGAN) -> Layer:
    """The signal through a block: two convolutions with the upsampling between them, and the upsampled input beside."""
    stretch = shape.interpolation(scale)
    return Parallel((Chain((_same(shape), stretch, same(shape.kernel, shape.dilation))), stretch))


def interpolation(mode: str) -> Callable[[int], Layer]:
    """The layer for a mode of torch.nn.functional.interpolate.

    Raises:
        NotComputable: a mode that is neither nearest nor linear.
    """
    if mode == "nearest":
        return nearest
    if mode in ("linear", "bilinear"):
        return linear
    raise NotComputable(f"upsampling by `{mode}`")
