"""WaveGrad: the way of the features to the samples, through upsampling blocks of four dilated convolutions.

Sources: coqui-ai/TTS TTS/vocoder/layers/wavegrad.py (nearest-neighbour upsampling), ivanvovk/WaveGrad model/upsampling.py
(linear). The noisy waveform comes down beside it and modulates every block position by position.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rflint.coverage import Layer, Sequence as Chain, centred, nearest, residual
from rflint.dialects.generators import item
from rflint.documents import NotComputable, Value
from rflint.model import Stage

BLOCK = 4
"""Dilations of a block: both classes take exactly four."""


def wavegrad(
    factors: Value[list[int]], dilations: Value[list[list[int]]], interpolation: Callable[[int], Layer] = nearest
) -> list[Stage]:
    """The stages for the upsampling factors and the dilations of their blocks.

    Raises:
        NotComputable: a block without exactly four dilations.
    """
    stages = [Stage("preconv", centred(3))]
    for index, (factor, block) in enumerate(zip(factors.value, dilations.value, strict=False)):
        if len(block) != BLOCK:
            raise NotComputable(f"a block takes {BLOCK} dilations", dilations.where)
        stages.append(Stage(f"upsample.{index}", interpolation(factor), item(factors, index)))
        stages.append(Stage(f"ublocks.{index}", _block(block), item(dilations, index)))
    return [*stages, Stage("postconv", centred(3))]


def _block(dilations: Sequence[int]) -> Layer:
    """Two pairs of dilated convolutions of three taps, each with the pair's input beside it."""
    first, second, third, fourth = (centred(3, 1, dilation) for dilation in dilations)
    return Chain((residual(first, second), residual(third, fourth)))
