"""What ParallelWaveGAN and those who took over its generators and losses share: PaddleSpeech, ESPnet, AudioDec, TensorFlowTTS."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import cast

from rflint.coverage import Layer, Sequence as Chain, causal, residual, transposed_pwg
from rflint.dialects.analysis import Analysis, equal, known, paired
from rflint.dialects.generators import (
    Lists,
    Shape,
    Upsampler,
    agree,
    block1,
    block2,
    default_lists,
    hifigan,
    sub_bands,
)
from rflint.dialects.melgans import MelGAN, interpolation, melgan, transposed_causal
from rflint.dialects.wavenets import conditioned, context_conv, cycle_of, stretched
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Outcome, Stage, Tie

PQMF_TAPS = 62  # parallel_wavegan/layers/pqmf.py, PQMF
NOISE_SCALES = [11, 2, 2, 2]  # models/style_melgan.py, StyleMelGANGenerator
LISTS = default_lists([8, 8, 2, 2], [16, 16, 4, 4], [3, 7, 11], [[1, 3, 5]] * 3)  # models/hifigan.py, HiFiGANGenerator
UPSAMPLE_NET = "ConvInUpsampleNetwork"  # models/parallel_wavegan.py, ParallelWaveGANGenerator
LAYERS, STACKS, CONTEXT = 30, 3, 2  # the same signature
PWG_SCALES = [4, 4, 4, 4]  # the same signature, upsample_params
LENGTHS = "the losses compare the output with a crop of frames × hop samples"
TWICE = "the class asserts upsample_kernel_sizes[i] == 2 * upsample_scales[i]"


# -- generators ---------------------------------------------------------------------------------------------------


def causal_block1(kernel: int, dilations: Sequence[int], activation: Sequence[Layer] = ()) -> Layer:
    """HiFiGANResidualBlock with additional convolutions, padded on the left."""
    return Chain(tuple(residual(*activation, causal(kernel, 1, d), *activation, causal(kernel)) for d in dilations))


def causal_block2(kernel: int, dilations: Sequence[int], activation: Sequence[Layer] = ()) -> Layer:
    """The same without additional convolutions."""
    return Chain(tuple(residual(*activation, causal(kernel, 1, d)) for d in dilations))


def hifigan_shape(
    kernel: int, additional: bool, *, is_causal: bool = False, upsampler: Upsampler = transposed_pwg
) -> Shape:
    """HiFiGANGenerator (parallel_wavegan/models/hifigan.py): every dilation is read, padding rule C, or D when causal."""
    if is_causal:
        block = causal_block1 if additional else causal_block2
        up = transposed_causal if upsampler is transposed_pwg else upsampler
        return Shape(block, None, up, pre=kernel, post=kernel, outer=causal)
    return Shape(block1 if additional else block2, None, upsampler, pre=kernel, post=kernel)


def hifigan_of(
    model: Model, params: Cursor, prefix: str = "", defaults: Lists = LISTS, *, is_causal: bool = False
) -> tuple[list[Stage], Lists]:
    """The stages of a HiFiGANGenerator whose keywords carry a prefix (`decoder_` in VITS, `generator_` in JETS)."""
    # The old spelling is repaired when a model is loaded (parallel_wavegan/utils/utils.py, load_model).
    old = f"{prefix}upsample_kernal_sizes"
    names = (
        f"{prefix}upsample_scales",
        old if params.has(old) else f"{prefix}upsample_kernel_sizes",
        f"{prefix}resblock_kernel_sizes",
        f"{prefix}resblock_dilations",
    )
    agree(model, params, *names, because="HiFiGANGenerator asserts equal lengths")
    lists = Lists.read(params, *names, defaults=defaults)
    additional = params[f"{prefix}use_additional_convs"].bool(True).value
    kernel = params[f"{prefix}kernel_size"].int(7).value
    return hifigan(lists, hifigan_shape(kernel, additional, is_causal=is_causal)), lists


def parallel_wavegan(params: Cursor) -> tuple[list[Stage], Value[list[int]]]:
    """The stages of ParallelWaveGANGenerator (parallel_wavegan/models/parallel_wavegan.py), and its scales."""
    layers, stacks = params["layers"].int(LAYERS), params["stacks"].int(STACKS)
    if not params["upsample_conditional_features"].bool(True).value:
        raise NotComputable("the features come at the sample rate", params["upsample_conditional_features"].where)
    scales = params["upsample_params"]["upsample_scales"].ints(PWG_SCALES)
    is_causal = params["use_causal_conv"].bool(False).value
    stages = _upsampling(params, scales, is_causal)
    kernel = params["kernel_size"].int(3).value
    return stages + conditioned(kernel, layers.value, cycle_of(layers, stacks), is_causal=is_causal), scales


def _upsampling(params: Cursor, scales: Value[list[int]], is_causal: bool) -> list[Stage]:
    network, options = params["upsample_net"].str(UPSAMPLE_NET), params["upsample_params"]
    if network.value == "MelGANGenerator":
        return melgan(scales, melgan_shape(options))
    if network.value not in (UPSAMPLE_NET, "UpsampleNetwork"):
        raise NotComputable(f"the upsampling network {network.value} is not known", network.where)
    steps = stretched(scales, interpolation(options["interpolate_mode"].str("nearest").value), is_causal=is_causal)
    if network.value == "UpsampleNetwork":
        return steps
    return [context_conv(params["aux_context_window"].int(CONTEXT), is_causal=is_causal), *steps]


def melgan_shape(params: Cursor, stacks: int = 3) -> MelGAN:
    """Kernel and residual stacks of MelGANGenerator (parallel_wavegan/models/melgan.py)."""
    return MelGAN(
        params["kernel_size"].int(7).value,
        params["stacks"].int(stacks).value,
        params["stack_kernel_size"].int(3).value,
        causal=params["use_causal_conv"].bool(False).value,
    )


def generator(
    stages: Sequence[Stage],
    scales: Value[list[int]],
    *,
    bands: Value[int] | None = None,
    taps: int = PQMF_TAPS,
    key: str = "upsample_scales",
) -> tuple[list[Stage], list[Factor]]:
    """Stages and factors of a generator, with the synthesis filter bank where it makes more than one band."""
    parts = [Factor(scales.key or key, tuple(scales.value), scales.where)]
    if bands is None or bands.value == 1:
        return list(stages), parts
    return [*stages, sub_bands(bands, taps)], [*parts, Factor(bands.key or "bands", (bands.value,), bands.where)]


# -- facts --------------------------------------------------------------------------------------------------------


def rounded_crop(model: Model, analysis: Analysis, crop: Value[int] | None, because: str) -> None:
    """State that the crop is whole frames. The collater rounds it down, whatever the comment that all recipes have asks."""
    analysis.cropped(model, crop, "repaired", because)


def style_noise(model: Model, params: Cursor, crop: Value[int] | None, scales: Value[list[int]]) -> None:
    """State that the noise of StyleMelGAN, one vector upsampled by the noise scales, has as many frames as the crop."""
    noise = params["noise_upsample_scales"].ints(NOISE_SCALES)
    factor = prod(scales.value)
    if crop is None or factor < 1 or (noise.where is None and scales.where is None):
        return
    grown: Value[object] = Value(prod(noise.value), noise.where or scales.where, "derived")
    frames: Value[object] = Value(crop.value // factor, crop.where, "derived")
    because = "the noise of one vector, upsampled by noise_upsample_scales, meets the frames of the crop"
    model.ties.append(Tie("frames", "equal", grown, frames, "crash", because))


def mel_loss(model: Model, section: Cursor, rate: Value[int] | None, used: bool, hop: str = "hop_size") -> None:
    """State what a mel loss needs of its own analysis: the waveform's sample rate, a window within the FFT."""
    if not used or not section.is_mapping():
        return
    own = known(section["fs"])
    equal(model, own, rate, "the mel loss takes the waveform to have this rate", "silent")
    fft = section.first("fft_size", "n_fft")
    analysis = Analysis.read(section["fs"], section[hop], section["win_length"], fft)
    analysis._replace(rate=own or rate).describe(model)
    analysis._replace(rate=own or rate).below_nyquist(model, section["fmax"])


def stft_loss(
    model: Model, section: Cursor, fft: str = "fft_sizes", hop: str = "hop_sizes", window: str = "win_lengths"
) -> None:
    """State that the three lists of a multi-resolution STFT loss hold one entry a resolution each, windows within FFTs."""
    because = "MultiResolutionSTFTLoss asserts equal lengths (losses/stft_loss.py)"
    paired(model, section[hop], section[fft], because)
    paired(model, section[window], section[fft], because)
    for size, length in zip(section[fft], section[window], strict=False):
        Analysis(None, None, known(length), known(size)).describe(model)


def reversed_order(model: Model, down: Cursor, up: Cursor, because: str, outcome: Outcome = "crash") -> None:
    """State that the list of the way down is the reverse of the list of the way up."""
    if down.is_list() and up.is_list():
        left, right = (cast(Value[object], side.ints()) for side in (down, up))
        model.ties.append(Tie("order", "reversed", left, right, outcome, because))
