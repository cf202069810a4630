"""The generator of HiFi-GAN and its relatives as an exact graph, stage by stage, from frames to samples.

A pre-convolution; per upsampling factor a transposed convolution (or another upsampler) and the multi-receptive-field
fusion, residual branches of several kernels over the same input, summed; a post-convolution; for some an inverse STFT
or a synthesis filter bank. Sources: jik876/hifi-gan models.py, NVIDIA/BigVGAN bigvgan.py, and the places named below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import prod
from typing import NamedTuple, cast

from rflint.coverage import (
    Conv,
    Layer,
    Parallel,
    Sequence as Chain,
    centred,
    crop,
    istft,
    nearest,
    pqmf_synthesis,
    residual,
    same,
    transposed_even,
)
from rflint.dialects.analysis import paired
from rflint.documents import Cursor, Impossible, Value, Where
from rflint.model import Factor, Model, Outcome, Stack, Stage, Tie

Upsampler = Callable[[int, int], Layer]
"""Kernel and factor to the layer that upsamples by the factor."""

BLOCK_DILATIONS = {"1": 3, "2": 2}
"""How many dilations ResBlock1 and ResBlock2 of HiFi-GAN read (models.py): more are ignored, fewer raise IndexError."""


def nearest_then_conv(kernel: int, factor: int) -> Layer:
    """Rule N of MockingBird at 24 kHz: nearest-neighbour upsampling, then a convolution padded by (kernel - 1) // 2."""
    return Chain((nearest(factor), centred(kernel)))


# -- residual blocks ----------------------------------------------------------------------------------------------


def block1(kernel: int, dilations: Sequence[int], activation: Sequence[Layer] = ()) -> Layer:
    """ResBlock1 (AMPBlock1): per dilation a residual pair of a dilated and an undilated convolution."""
    return Chain(tuple(residual(*activation, centred(kernel, 1, d), *activation, centred(kernel)) for d in dilations))


def block2(kernel: int, dilations: Sequence[int], activation: Sequence[Layer] = ()) -> Layer:
    """ResBlock2 (AMPBlock2): per dilation one residual convolution."""
    return Chain(tuple(residual(*activation, centred(kernel, 1, d)) for d in dilations))


def anti_aliased() -> Layer:
    """A Snake between a doubling and a halving by 12-tap filters (BigVGAN alias_free_torch): reaches 5 either side."""
    return Conv(11, 1, 1, (5, 5), "activation")


def fusion(blocks: Sequence[Layer]) -> Layer:
    """The multi-receptive-field fusion: residual blocks over the same input, summed."""
    return Parallel(tuple(blocks)) if blocks else Chain()


# -- what the file lists ------------------------------------------------------------------------------------------


class Lists(NamedTuple):
    """Lists of a generator: upsampling factors, their kernels, kernels of the residual branches, their dilations."""

    rates: Value[list[int]]
    kernels: Value[list[int]]
    branches: Value[list[int]]
    dilations: Value[list[list[int]]]

    @classmethod
    def read(
        cls, root: Cursor, rates: str, kernels: str, branches: str, dilations: str, defaults: Lists | None = None
    ) -> Lists:
        """Read them by their names below ``root``.

        Raises:
            NotComputable: a list is missing without default, or not of whole numbers.
        """
        if defaults is None:
            return cls(root[rates].ints(), root[kernels].ints(), root[branches].ints(), root[dilations].lists())
        return cls(
            root[rates].ints(defaults.rates.value),
            root[kernels].ints(defaults.kernels.value),
            root[branches].ints(defaults.branches.value),
            root[dilations].lists(defaults.dilations.value),
        )

    @property
    def factor(self) -> int:
        """The product of the upsampling factors."""
        return prod(self.rates.value)

    @property
    def stages(self) -> list[tuple[int, int]]:
        """(kernel, factor) per upsampling layer, paired as ``zip`` pairs them."""
        return list(zip(self.kernels.value, self.rates.value, strict=False))


def default_lists(rates: list[int], kernels: list[int], branches: list[int], dilations: list[list[int]]) -> Lists:
    """The lists of a class signature, for `Lists.read`."""
    origin = "framework default"
    return Lists(
        Value(rates, None, origin),
        Value(kernels, None, origin),
        Value(branches, None, origin),
        Value(dilations, None, origin),
    )


def item(value: Value[list[int]] | Value[list[list[int]]], index: int) -> Where | None:
    """The place of an entry of a list; of the whole list where it is written as a string."""
    if value.where is None:
        return None
    below = Cursor(value.where.document).at(*value.where.path)[index]
    return below.where if below.exists else value.where


# -- the generator ------------------------------------------------------------------------------------------------


class Shape(NamedTuple):
    """What the families of this generator differ in; the defaults are those of HiFi-GAN V1.

    ``upsampler`` is the padding rule of the transposed convolutions, ``reads`` the number of dilations that a residual
    block reads (None: all), ``activation`` what stands before every convolution that follows an activation (BigVGAN),
    ``pre`` and ``post`` the kernels of the outer convolutions, ``before_blocks`` what stands between the last
    upsampling and its residual blocks (HiFTNet pads there), ``outer`` how the outer convolutions are padded.
    """

    block: Callable[[int, Sequence[int], Sequence[Layer]], Layer] = block1
    reads: int | None = 3
    upsampler: Upsampler = transposed_even
    activation: tuple[Layer, ...] = ()
    pre: int = 7
    post: int = 7
    before_blocks: tuple[Layer, ...] = ()
    outer: Callable[[int], Layer] = same


V1 = Shape()


def hifigan_shape(resblock: str) -> Shape:
    """The shape for residual blocks of type ``1`` or (anything else) ``2``."""
    return Shape(block1, BLOCK_DILATIONS["1"]) if resblock == "1" else Shape(block2, BLOCK_DILATIONS["2"])


def branches(lists: Lists, shape: Shape) -> list[Layer]:
    """The residual branches of one stage."""
    pairs = zip(lists.branches.value, lists.dilations.value, strict=False)
    return [shape.block(kernel, dilations[: shape.reads], shape.activation) for kernel, dilations in pairs]


def body(lists: Lists, shape: Shape = V1) -> list[Stage]:
    """The stages from the pre-convolution to the residual blocks behind the last upsampling."""
    stages = [Stage("conv_pre", shape.outer(shape.pre))] if shape.pre else []
    blocks, where = fusion(branches(lists, shape)), lists.branches.where
    for index, (kernel, factor) in enumerate(lists.stages):
        stages.append(Stage(f"ups.{index}", shape.upsampler(kernel, factor), item(lists.kernels, index)))
        if index == len(lists.stages) - 1:
            stages += [Stage("reflection_pad", layer) for layer in shape.before_blocks]
        stages.append(Stage(f"resblocks.{index}", blocks, where))
    return stages


def post(shape: Shape = V1, name: str = "conv_post") -> list[Stage]:
    """The convolution to one channel, behind its activation."""
    return [*(Stage("activation_post", layer) for layer in shape.activation), Stage(name, shape.outer(shape.post))]


def hifigan(lists: Lists, shape: Shape = V1) -> list[Stage]:
    """The whole generator from frames to samples."""
    return [*body(lists, shape), *post(shape)]


REFLECTION_PAD = crop(-1, 0)
"""One frame in front, so that a centred inverse STFT gives hop samples a frame (iSTFTNet models.py ReflectionPad1d)."""


def inverse_stft(fft: Value[int], hop: Value[int], shape: Shape = V1, *, padded: bool = True) -> list[Stage]:
    """The head of iSTFTNet: one frame of padding (unless it stands elsewhere), fft + 2 channels, the inverse STFT."""
    pad = [Stage("reflection_pad", REFLECTION_PAD)] if padded else []
    return [*pad, *post(shape), Stage("istft", istft(fft.value, hop.value), hop.where)]


def inverse_sizes(model: Model, fft: Cursor, hop: Cursor) -> tuple[Value[int], Value[int]]:
    """FFT size and hop of an inverse STFT, with the fact that the hop must not exceed the FFT.

    Raises:
        NotComputable: one of them is missing.
    """
    size, step = fft.int(), hop.int()
    because = "torch.istft refuses windows that do not overlap to a sum above zero"
    tie = Tie("overlap", "at most", cast(Value[object], step), cast(Value[object], size), "crash", because)
    model.ties.append(tie)
    return size, step


def sub_bands(bands: Value[int], taps: int = 62) -> Stage:
    """The synthesis filter bank of multi-band generators: zeros in between, then a filter of taps + 1 coefficients."""
    return Stage("pqmf", pqmf_synthesis(bands.value, taps), bands.where)


def factors(lists: Lists, *others: Value[int] | None) -> list[Factor]:
    """The derivation of the total factor: the list of rates, then single factors such as an iSTFT hop or sub-bands."""
    first = Factor(lists.rates.key or "upsample_rates", tuple(lists.rates.value), lists.rates.where)
    more = [Factor(value.key, (value.value,), value.where) for value in others if value is not None]
    return [first, *more]


def decoder(
    name: str,
    stages: Sequence[Stage],
    frame_rate: Fraction | None,
    factors: Sequence[Factor],
    because: str = "",
    inexact: Outcome = "crash",
) -> Stack:
    """The stack of a generator that reads ``frame_rate`` frames a second (Hz)."""
    for factor in factors:
        least = min(factor.terms, default=1)
        if least < 1:
            raise Impossible(f"`{factor.key}` holds a stride of {least}", factor.where)
    return Stack(
        "decoder", name, stages, input_rate=frame_rate, factors=factors, inexact=inexact,
        because=because or "training compares the output with a crop of frames × hop samples",
    )  # fmt: skip


# -- what the lists must fulfil -----------------------------------------------------------------------------------


def agree(
    model: Model, root: Cursor, rates: str, kernels: str, branches: str, dilations: str, because: str = ""
) -> None:
    """State that kernels pair with factors, and dilations with branches."""
    reason = because or "the lists are paired with zip, which drops the surplus; the generator then lacks a layer"
    paired(model, root[kernels], root[rates], reason)
    paired(model, root[dilations], root[branches], reason)


def arity(model: Model, lists: Lists, reads: int, block: str) -> None:
    """State how many dilations a residual block reads: fewer raise IndexError, more are ignored without a word."""
    for index, dilations in enumerate(lists.dilations.value):
        outcome: Outcome = "crash" if len(dilations) < reads else "silent"
        left: Value[object] = Value(cast(object, dilations), item(lists.dilations, index))
        because = f"{block} reads exactly {reads} dilations"
        model.ties.append(Tie("lists", "same length", left, Value(reads, None, "derived"), outcome, because))


# -- the harmonic source of f0-driven vocoders --------------------------------------------------------------------

FRAMES = 32
"""The length at which source and generator are compared; their difference does not depend on it."""


def half_stride(stride: int) -> Layer:
    """The source's way down with padding stride // 2: RVC, openvpi, PlayVoice, Amphion, DDSP-SVC (NSF noise_convs)."""
    return Conv(2 * stride, stride, 1, (stride // 2,) * 2) if stride > 1 else Conv(1)


def source_lengths(rates: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """(stage, length of the generator, length of the source brought down to it) per stage, for `FRAMES` frames."""
    total = prod(rates)
    for stage in range(len(rates)):
        rest = prod(rates[stage + 1 :])
        yield stage, FRAMES * total // rest, half_stride(rest).length(FRAMES * total)


def source_fits(model: Model, lists: Lists, outcome: Outcome, because: str) -> None:
    """State that the harmonic source has the generator's length at every stage where they are added."""
    if any(rate < 1 for rate in lists.rates.value):
        return
    for stage, wanted, got in source_lengths(lists.rates.value):
        left: Value[object] = Value(got, item(lists.rates, stage), "derived")
        model.ties.append(Tie("upsampling", "equal", left, Value(wanted, None, "derived"), outcome, because))
