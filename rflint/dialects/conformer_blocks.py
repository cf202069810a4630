"""Encoder layers of Conformer and its kin along time, for ESPnet, WeNet, FunASR, PaddleSpeech and SpeechBrain.

Feed-forward parts are pointwise. A convolution beside a shortcut must keep the length: an even kernel without causal
padding does not, and most frameworks refuse it.
"""

from __future__ import annotations

from collections.abc import Sequence

from rflint.coverage import Conv, Layer, Mixer, Parallel, Sequence as Chain, causal, centred, nearest, pool, residual
from rflint.documents import Where
from rflint.model import Stage

# -- parts --------------------------------------------------------------------------------------------------------


def depthwise(kernel: int, *, is_causal: bool = False) -> Layer:
    """A convolution along time beside a shortcut, padded on the left alone or on both sides."""
    return residual(causal(kernel) if is_causal else centred(kernel))


def memory(kernel: int, shift: int = 0) -> Layer:
    """The FIR memory of SAN-M: (kernel - 1) // 2 + shift frames back, the rest ahead (funasr/models/sanm/attention.py)."""
    left = (kernel - 1) // 2 + max(shift, 0)
    return residual(Conv(kernel, 1, 1, (left, kernel - 1 - left)))


# -- whole layers -------------------------------------------------------------------------------------------------


def branches(mixer: Layer, kernel: int, *, is_causal: bool = False) -> Layer:
    """Branchformer: attention and a gated convolution over the same input, merged, beside a shortcut."""
    conv = causal(kernel) if is_causal else centred(kernel)
    return Parallel((mixer, conv, Chain()))


def merged_branches(mixer: Layer, kernel: int, merge: int, *, is_causal: bool = False) -> Layer:
    """E-Branchformer: as Branchformer, and a convolution over the two branches joined."""
    return Chain((branches(mixer, kernel, is_causal=is_causal), depthwise(merge, is_causal=is_causal)))


def strided_conformer(mixer: Layer, kernel: int, stride: int, *, is_causal: bool = False) -> Layer:
    """Efficient Conformer: the convolution strides, and the shortcut is an average over as many frames."""
    pad = (kernel - 1, 0) if is_causal else ((kernel - 1) // 2,) * 2
    return Chain((mixer, Parallel((Conv(kernel, stride, 1, pad), pool(stride, ceil=True)))))


def repeated(name: str, layer: Layer, count: int, where: Where | None, first: int = 0) -> list[Stage]:
    """The same layer ``count`` times, numbered from ``first``."""
    return [Stage(f"{name}.{first + i}", layer, where) for i in range(count)]


# -- squeezed and recovered time ----------------------------------------------------------------------------------

REDUCTIONS: dict[str, Conv] = {
    "conv1d": Conv(5, 2, 1, (3, 1)),
    "stream": Conv(1, 2),
    "conv2d": Conv(5, 2, 1, (0, 4)),
}
"""Time reduction of Squeezeformer by its name, cut to half the frames, rounded up (wenet squeezeformer/subsampling.py)."""


def squeezed(
    layer: Layer, count: int, reduction: Layer, halve: Sequence[int], recover: Sequence[int], where: Where | None
) -> list[Stage]:
    """Squeezeformer: before some layers time is halved, before others it is doubled and joined with what was before.

    Without a recovery the output stays at the lower rate.
    """
    open_levels: list[tuple[int, list[Stage]]] = []
    stages: list[Stage] = []
    for i in range(count):
        if i in halve:
            open_levels.append((i, stages))
            stages = [Stage(f"reduction.{i}", reduction, where)]
        if i in recover and open_levels:
            start, outer = open_levels.pop()
            inner = Chain((*[stage.layer for stage in stages], nearest(2)))
            stages = [*outer, Stage(f"encoders.{start}-{i - 1} at half the rate", residual(inner), where)]
        stages.append(Stage(f"encoders.{i}", layer, where))
    for _, outer in reversed(open_levels):
        stages = [*outer, *stages]
    return stages


def recurrent(name: str, *, bidirectional: bool) -> Mixer:
    """A recurrent layer, without limit to the left and, run both ways, to the right."""
    return Mixer(name, None, None if bidirectional else 0)
