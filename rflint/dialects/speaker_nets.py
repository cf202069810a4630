"""Networks for speaker embeddings over feature frames: x-vectors, ECAPA-TDNN, ResNets and their kin, CAM++.

They are fixed by their names in wespeaker and 3D-Speaker, and given by lists in SpeechBrain. Two-dimensional
convolutions count along time only. Everything ends in a pooling over the utterance.
Sources: wespeaker/models/*.py, speakerlab/models/**/*.py, speechbrain/lobes/models/{ECAPA_TDNN,Xvector,ResNet}.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rflint.coverage import Conv, Layer, Mixer, Parallel, Repeat, Sequence as Chain, centred, residual
from rflint.dialects.speech_facts import over_utterance
from rflint.documents import Where
from rflint.model import Stage

Block = Callable[[int], Layer]
"""Stride to the residual block that has it."""

ECAPA_KERNELS, ECAPA_DILATIONS, ECAPA_SCALE = (5, 3, 3, 3, 1), (1, 2, 3, 4, 1), 8
XVECTOR_KERNELS, XVECTOR_DILATIONS = (5, 3, 3, 1, 1), (1, 2, 3, 1, 1)
RESNET_STRIDES = (1, 2, 2, 2)
CAMPPLUS_BLOCKS = ((12, 3, 1), (24, 3, 2), (16, 3, 2))
"""Layers, kernel and dilation of the three dense blocks (campplus.py, CAMPPlus.__init__)."""


def pooled(stages: Sequence[Stage], where: Where | None) -> list[Stage]:
    """A network and the pooling over time behind it."""
    return [*stages, over_utterance("statistics pooling", where)]


# -- time-delay networks ------------------------------------------------------------------------------------------


def xvector(
    where: Where | None,
    kernels: Sequence[int] = XVECTOR_KERNELS,
    dilations: Sequence[int] = XVECTOR_DILATIONS,
    *,
    padded: bool = False,
) -> list[Stage]:
    """Dilated convolutions one after the other, unpadded (Kaldi, wespeaker) or centred (SpeechBrain)."""
    build = centred if padded else Conv
    layers = [build(kernel, 1, dilation) for kernel, dilation in zip(kernels, dilations, strict=False)]
    return pooled([Stage(f"tdnn.{i}", layer, where) for i, layer in enumerate(layers)], where)


def ecapa(
    where: Where | None,
    kernels: Sequence[int] = ECAPA_KERNELS,
    dilations: Sequence[int] = ECAPA_DILATIONS,
    scale: int = ECAPA_SCALE,
) -> list[Stage]:
    """ECAPA-TDNN: a convolution, SE-Res2Net blocks of scale - 1 convolutions in series, and a last one over all blocks."""
    layers: list[Layer] = [centred(kernels[0], 1, dilations[0])]
    for kernel, dilation in zip(kernels[1:-1], dilations[1:-1], strict=False):
        layers.append(residual(*_res2net(centred(kernel, 1, dilation), scale - 1), Mixer("squeeze-excite")))
    layers.append(centred(kernels[-1], 1, dilations[-1]))
    return pooled([Stage(f"blocks.{i}", layer, where) for i, layer in enumerate(layers)], where)


def _res2net(conv: Layer, times: int) -> tuple[Layer, ...]:
    """Hierarchical convolutions: each group reads the one before it, and the first passes unchanged."""
    return (residual(Repeat(times, conv)),) if times > 0 else ()


# -- residual networks --------------------------------------------------------------------------------------------


def _strided(stride: int, *layers: Layer) -> Layer:
    """A residual block; the shortcut of a strided one is a strided convolution of one tap."""
    shortcut = Conv(1, stride) if stride > 1 else Chain()
    return Parallel((Chain(layers), shortcut))


def basic_block(stride: int) -> Layer:
    """Two convolutions of 3, the first with the stride."""
    return _strided(stride, Conv(3, stride, 1, (1, 1)), centred(3))


def bottleneck(stride: int) -> Layer:
    """One convolution of 3 between two of 1."""
    return _strided(stride, Conv(3, stride, 1, (1, 1)))


def gated_block(name: str) -> Block:
    """A basic block whose output is weighted by statistics over the utterance (squeeze-excite, SimAM)."""
    return lambda stride: _strided(stride, Conv(3, stride, 1, (1, 1)), centred(3), Mixer(name))


def split_block(convolutions: int) -> Block:
    """A block of Res2Net or ERes2Net: a strided convolution of 1, then convolutions of 3 in series over channel groups."""
    inner = (Repeat(convolutions, centred(3)),) if convolutions > 0 else ()
    return lambda stride: _strided(stride, Conv(1, stride), *inner)


def resnet(
    where: Where | None, blocks: Sequence[int], block: Block, strides: Sequence[int] = RESNET_STRIDES
) -> list[Stage]:
    """A convolution of 3 and layers of residual blocks, the first of each with the layer's stride."""
    stages = [Stage("conv1", centred(3), where)]
    for layer, (count, stride) in enumerate(zip(blocks, strides, strict=False), 1):
        for i in range(count):
            stages.append(Stage(f"layer{layer}.{i}", block(stride if i == 0 else 1), where))
    return pooled(stages, where)


def split_at_twice(stride: int) -> Layer:
    """RepSPK: a convolution of 3 and one of dilation 2 side by side (repvgg.py); its shortcut is an identity."""
    return Parallel((Conv(3, stride, 1, (1, 1)), Conv(3, stride, 2, (2, 2))))


def repvgg(where: Where | None, blocks: Sequence[int], block: Block = bottleneck) -> list[Stage]:
    """RepVGG: convolutions of 3 beside shortcuts; the last three of its five stages begin with a stride (repvgg.py)."""
    stages = [Stage("stage0", block(1), where)]
    for stage, (count, stride) in enumerate(zip(blocks, RESNET_STRIDES, strict=False), 1):
        stages += [Stage(f"stage{stage}.{i}", block(1 if i else stride), where) for i in range(count)]
    return pooled(stages, where)


def gemini(where: Where | None, depths: Sequence[int]) -> list[Stage]:
    """Gemini DF-ResNet: of four downsampling convolutions only the second halves the time (gemini_dfresnet.py)."""
    stages = [Stage("stem", centred(3), where)]
    for layer, (depth, stride) in enumerate(zip(depths, (1, 2, 1, 1), strict=False)):
        stages.append(Stage(f"downsample.{layer}", Conv(3, stride, 1, (1, 1)), where))
        stages += [Stage(f"stages.{layer}.{i}", residual(centred(3)), where) for i in range(depth)]
    return pooled(stages, where)


def campplus(where: Where | None) -> list[Stage]:
    """CAM++: a convolutional head that strides frequency only, a TDNN of stride 2, dense blocks with masks over context."""
    head = [centred(3), *[basic_block(1)] * 4, centred(3), Conv(5, 2, 1, (2, 2))]
    stages = [Stage(f"head.{i}", layer, where) for i, layer in enumerate(head)]
    for block, (count, kernel, dilation) in enumerate(CAMPPLUS_BLOCKS, 1):
        layer = residual(centred(kernel, 1, dilation), Mixer("context mask"))
        stages += [Stage(f"block{block}.{i}", layer, where) for i in range(count)]
    return pooled(stages, where)
