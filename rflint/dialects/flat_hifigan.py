"""The flat JSON of HiFi-GAN and of the generators made from it: the keys they share and what their training relies on.

There are no defaults: the file is an attribute dictionary (jik876/hifi-gan env.py). A fragment that lacks a list still
tells whether its factors multiply to the hop.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod
from typing import cast

from rflint.coverage import Sequence as Chain, transposed_even
from rflint.dialects.analysis import Analysis, known
from rflint.dialects.generators import (
    BLOCK_DILATIONS,
    FRAMES,
    Lists,
    Shape,
    Upsampler,
    agree,
    arity,
    decoder,
    factors,
    hifigan_shape,
)
from rflint.documents import Cursor, NotComputable, Unknown, Value
from rflint.model import Dead, Model, Stage, Tie

RATES, KERNELS = "upsample_rates", "upsample_kernel_sizes"
BRANCHES, DILATIONS = "resblock_kernel_sizes", "resblock_dilation_sizes"

PRODUCT = "training compares mel spectrograms of output and recording frame by frame (train.py)"
CROP = "a crop of the recording is compared with whole frames of output (the author in issue 38)"
MARKS = ("model_type", "architectures", "transformers_version", "_target_")
"""Keys of Hugging Face configs, which are other dialects, and of Hydra's, which name a class of another padding."""
OTHER_NETS = ("resblock_kernel_size", "ddsp", "lvcnet")
"""Keys of generators that keep these lists and build something else (MISRNet, HooliGAN and SnakeGAN)."""


def is_flat(root: Cursor) -> bool:
    """True for the flat lists beside a key of this family, or a fragment of them beside an analysis.

    The lists alone are also keyword arguments of generators that pad otherwise (xcmyz/FastVocoder, reppy4620/vocoders).
    """
    if not root[RATES].is_list() or root.has("model") or any(root.has(mark) for mark in (*MARKS, *OTHER_NETS)):
        return False
    own = root.has("resblock") or root.has("sampling_rate")
    return hop_of(root).exists or (own and (root.has(BRANCHES) or root.has(KERNELS)))


def hop_of(root: Cursor) -> Cursor:
    return root.first("hop_size", "hop_length")


def analysis_of(root: Cursor) -> Analysis:
    """Sample rate, hop, window and FFT by their names in this family."""
    return Analysis.read(root["sampling_rate"], hop_of(root), root["win_size"], root["n_fft"])


def describe(model: Model, root: Cursor, analysis: Analysis) -> None:
    """The facts about the analysis that the generator inverts: durations, FFT, frames, crop, dead keys."""
    analysis.describe(model)
    analysis.frontend(model, center=False)
    analysis.below_nyquist(model, root["fmax"])
    analysis.exchanged(model, "takes", known(root["num_mels"]), False)
    analysis.cropped(model, known(root["segment_size"]), "crash", CROP)
    whole_frames(model, analysis)
    dead_bins(model, root)


def whole_frames(model: Model, analysis: Analysis) -> None:
    """State that FFT size less hop is even: else a crop of whole hops gives one frame fewer (mel_spectrogram)."""
    if analysis.hop is None or analysis.fft is None or analysis.hop.value > analysis.fft.value:
        return
    rest = analysis.fft.value - analysis.hop.value
    because = f"the signal is padded by (n_fft - hop) // 2 at both ends; with n_fft - hop = {rest} a frame is lost"
    left: Value[object] = Value(rest, analysis.fft.where, "derived")
    model.ties.append(Tie("bins", "multiple", left, Value(2, None, "derived"), "crash", because))


def dead_bins(model: Model, root: Cursor) -> None:
    """`num_freq` is read by no code of the family."""
    bins = known(root["num_freq"])
    if bins is not None:
        because = "HiFi-GAN never reads num_freq (meldataset.py, models.py); n_fft decides"
        model.dead.append(Dead(cast(Value[object], bins), None, because))


def shape_of(root: Cursor) -> Shape:
    """The shape by the type of residual block: the text "1" is ResBlock1, all else ResBlock2 (models.py)."""
    return hifigan_shape(block_type(root["resblock"]))


def block_type(resblock: Cursor) -> str:
    """``1`` or ``2``. The comparison is with a text, so that the number 1 is type 2; a fragment without it is taken as 1.

    Raises:
        NotComputable: the value is not known.
    """
    value = resblock.value
    if isinstance(value, Unknown) and resblock.exists:
        raise NotComputable(f"`{resblock.key}` is not known: {value.reason}", resblock.where)
    return "1" if value == "1" or not resblock.exists else "2"


def read_lists(model: Model, root: Cursor) -> Lists:
    """The four lists below ``root``, with the fact that those which belong together are as long.

    Raises:
        NotComputable: a list is missing or of another type.
    """
    agree(model, root, RATES, KERNELS, BRANCHES, DILATIONS)
    return Lists.read(root, RATES, KERNELS, BRANCHES, DILATIONS)


def read_dilations(model: Model, root: Cursor, lists: Lists) -> None:
    """How many dilations the type of residual block reads."""
    kind = block_type(root["resblock"])
    arity(model, lists, BLOCK_DILATIONS[kind], _block_name(root["resblock"].value, kind))


def _block_name(written: object, kind: str) -> str:
    if kind == "2" and isinstance(written, int):
        return f'ResBlock2, which `resblock: {written}` selects as a number (the text "1" selects ResBlock1),'
    return f"ResBlock{kind}"


def generator(
    model: Model,
    analysis: Analysis,
    lists: Lists,
    stages: Sequence[Stage],
    *others: Value[int] | None,
    because: str = PRODUCT,
    amount: Fraction | None = None,
) -> None:
    """Hand over the stack and that it makes one hop a frame; ``others`` are factors beside the rates (sub-bands)."""
    model.stacks.append(decoder("generator", stages, analysis.frame_rate, factors(lists, *others)))
    analysis.inverted(model, because, "crash", amount)


def field_in_crop(model: Model, root: Cursor, hop: Value[int] | None) -> None:
    """How much of the field a training crop shows: worth a line, since models trained on less work all the same."""
    stack, crop = model.stack("decoder"), known(root["segment_size"])
    if stack is not None and crop is not None and hop is not None:
        field: Value[object] = Value(stack.coverage.receptive_field * hop.value, None, "derived")
        because = f"a sample reads {stack.coverage.receptive_field} frames of {hop.value} samples"
        model.ties.append(Tie("field", "at most", field, cast(Value[object], crop), "report", because))


def of_fragment(
    model: Model,
    parent: Cursor,
    hop: Value[int] | None,
    *others: Value[int] | None,
    upsampler: Upsampler = transposed_even,
    crop: Value[int] | None = None,
) -> None:
    """Without a stack, the lists of a fragment still tell whether factors, hop, crop and kernels agree."""
    if model.stack("decoder") is not None:
        return
    with model.deriving("upsampling"):
        rates = parent[RATES].ints()
        if hop is not None:
            made: Value[object] = Value(prod(rates.value) * prod(o.value for o in others if o), rates.where, "derived")
            model.ties.append(Tie("upsampling", "equal", made, cast(Value[object], hop), "crash", PRODUCT))
        elif crop is not None and not others and min(rates.value, default=0) > 0:
            frame: Value[object] = Value(prod(rates.value), rates.where, "derived")
            model.ties.append(Tie("segment", "multiple", cast(Value[object], crop), frame, "crash", CROP))
        kernels = parent[KERNELS].ints()
        if min(*rates.value, *kernels.value) > 0:
            kept(model, rates, kernels, upsampler)


def kept(model: Model, rates: Value[list[int]], kernels: Value[list[int]], upsampler: Upsampler) -> None:
    """State that the transposed convolutions make factor × length samples."""
    layers = [upsampler(kernel, factor) for kernel, factor in zip(kernels.value, rates.value, strict=False)]
    nominal = FRAMES * prod(factor for _, factor in zip(layers, rates.value, strict=False))
    got: Value[object] = Value(Chain(tuple(layers)).length(FRAMES), kernels.where, "derived")
    because = f"{FRAMES} frames should give {nominal} samples"
    model.ties.append(Tie("upsampling", "equal", got, Value(nominal, None, "derived"), "crash", because))
