"""WaveNets that make samples from frames: how their conditioning is upsampled, and what it then passes.

Sources: kan-bayashi/ParallelWaveGAN (parallel_wavegan/models/parallel_wavegan.py, layers/upsample.py), r9y9/wavenet_vocoder
(upsample.py, modules.py), lmnt-com/diffwave (model.py), fatchord/WaveRNN in its PaddleSpeech and Coqui copies.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import NamedTuple

from rflint.coverage import Layer, Mixer, Parallel, Sequence as Chain, causal, centred, nearest, residual, transposed
from rflint.dialects.generators import item
from rflint.documents import NotComputable, Value
from rflint.model import Stage

MOST_LAYERS = 1000
LONGEST_CYCLE = 40
"""Dilations double within a cycle; published models have ten or eleven layers in one."""


def dilations(layers: int, cycle: int) -> list[int]:
    """Dilations that double within every cycle of layers and start anew.

    Raises:
        NotComputable: no layers, no cycle, or more than any model has.
    """
    if not (0 < layers <= MOST_LAYERS and 0 < cycle <= LONGEST_CYCLE):
        raise NotComputable(f"{layers} layers in cycles of {cycle}")
    return [1 << (index % cycle) for index in range(layers)]


def cycle_of(layers: Value[int], stacks: Value[int]) -> int:
    """Layers of one dilation cycle.

    Raises:
        NotComputable: the layers are no whole number of cycles, which every WaveNet of this family asserts.
    """
    if stacks.value < 1 or layers.value % stacks.value:
        raise NotComputable(
            f"{layers.value} layers are no whole number of cycles in {stacks.value} stacks", layers.where
        )
    return layers.value // stacks.value


def conditioned(kernel: int, layers: int, cycle: int, *, is_causal: bool = False) -> list[Stage]:
    """What the conditioning passes: it enters every layer behind the dilated convolution, so all of them but the first."""
    conv = causal if is_causal else centred
    later = list(enumerate(dilations(layers, cycle)))[1:]
    return [Stage(f"layers.{index}", residual(conv(kernel, 1, dilation))) for index, dilation in later]


def recalled(kernel: int, layers: int, cycle: int) -> list[Stage]:
    """The samples made so far that a WaveNet reads to make the next: all layers, behind a convolution of one tap."""
    return [
        Stage(f"layers.{index}", residual(causal(kernel, 1, dilation)))
        for index, dilation in enumerate(dilations(layers, cycle))
    ]


def stretched(
    scales: Value[list[int]], interpolation: Callable[[int], Layer] = nearest, *, is_causal: bool = False
) -> list[Stage]:
    """Per scale an interpolation and a smoothing convolution of 2·scale + 1 positions (UpsampleNetwork)."""
    conv = causal if is_causal else centred
    return [
        Stage(f"upsample.{index}", Chain((interpolation(scale), conv(2 * scale + 1))), item(scales, index))
        for index, scale in enumerate(scales.value)
    ]


def context_conv(window: Value[int], *, is_causal: bool = False) -> Stage:
    """The first convolution over frames; the features arrive with as many frames more at both ends as it takes away."""
    conv = causal(window.value + 1) if is_causal else centred(2 * window.value + 1)
    return Stage("conv_in", conv, window.where)


def diffwave(factors: Value[list[int]], layers: int, cycle: int) -> list[Stage]:
    """DiffWave: transposed convolutions of twice their factor, padded by half of it, and a WaveNet of kernel 3."""
    ups = [
        Stage(f"upsample.{index}", transposed(2 * factor, factor, factor // 2), item(factors, index))
        for index, factor in enumerate(factors.value)
    ]
    return [*ups, *conditioned(3, layers, cycle)]


class Net(NamedTuple):
    """Kernel, layers and stacks of a WaveNet, the frames about a frame that its first convolution reads, interpolation."""

    kernel: int
    layers: Value[int]
    stacks: Value[int]
    context: Value[int]
    is_causal: bool = False
    interpolation: Callable[[int], Layer] = nearest


def parallel_wavegan(scales: Value[list[int]], net: Net) -> list[Stage]:
    """Parallel WaveGAN from its features: a convolution, the upsampling network, and the WaveNet that they condition."""
    return [
        context_conv(net.context, is_causal=net.is_causal),
        *stretched(scales, net.interpolation, is_causal=net.is_causal),
        *conditioned(net.kernel, net.layers.value, cycle_of(net.layers, net.stacks), is_causal=net.is_causal),
    ]


def wavernn(scales: Value[list[int]], pad: Value[int], *, resnet: bool = True) -> list[Stage]:
    """WaveRNN: stretched features and the output of a residual net over them, repeated; a GRU over samples follows."""
    features = Chain(tuple(stage.layer for stage in stretched(scales)))
    beside = Chain((centred(2 * pad.value + 1), nearest(prod(scales.value))))
    network = Parallel((features, beside)) if resnet else features
    return [Stage("upsample", network, scales.where), Stage("rnn", Mixer("GRU", None, 0))]
