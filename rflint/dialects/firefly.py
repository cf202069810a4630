"""Firefly-GAN: fish-speech's codec before its DAC (fishaudio/fish-speech), and the vocoder it comes from (fishaudio/vocoder).

A mel, ConvNeXt blocks, a thinner grid for the codes, HiFi-GAN. fish-speech made all of it causal under the same class
names and took ``use_template`` away, without which the class before could not be called: a head that holds the key is
the centred one, as fish-vocoder's is.

Sources: fish_speech/models/vqgan/modules/firefly.py and fsq.py, fish_speech/utils/spectrogram.py;
fish_vocoder/modules/generators/hifigan.py and unify.py, fish_vocoder/modules/encoders/convnext.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import prod
from typing import NamedTuple

from rflint.coverage import (
    Conv,
    Layer,
    Repeat,
    Sequence as Chain,
    causal,
    centred,
    pad,
    residual,
    seanet,
    stft,
    transposed,
    transposed_causal,
    transposed_even,
)
from rflint.dialects.analysis import Analysis, known
from rflint.dialects.codec_facts import both, inverse, tie
from rflint.dialects.fish_dac import THINNING, thinned, widened
from rflint.dialects.generators import (
    Lists,
    Shape,
    Upsampler,
    agree,
    arity,
    block1,
    decoder,
    default_lists,
    factors,
    hifigan,
)
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stage

NAME, TITLE = "firefly", "Firefly-GAN of fish-speech and fish-vocoder (FireflyArchitecture, UnifyGenerator)"
SCHEMA, LOADER = "firefly", "omegaconf"

# firefly.py, HiFiGANGenerator
LISTS = default_lists([8, 8, 2, 2, 2], [16, 16, 8, 2, 2], [3, 7, 11], [[1, 3, 5]] * 3)
NAMES = ("upsample_rates", "upsample_kernel_sizes", "resblock_kernel_sizes", "resblock_dilation_sizes")
HEAD_HOP, OUTER, READS = 512, 7, 3
DEPTHS, WIDTHS, KERNEL = [3, 3, 9, 3], [96, 192, 384, 768], 7  # ConvNeXtEncoder; ConvNeXtBlock has the same kernel
RATE, FFT, WINDOW, HOP = 44100, 2048, 2048, 512  # spectrogram.py, LogMelSpectrogram
MOST_BLOCKS = 1000

CODEC, HEAD = ".firefly.FireflyArchitecture", ".hifigan.HiFiGANGenerator"
VOCODER = "fish_vocoder.modules.generators"
UNIFIED = f"{VOCODER}.unify.UnifyGenerator"
PRODUCT = "HiFiGANGenerator asserts that upsample_rates multiply to its hop_length"
MASKS = "the output is multiplied by a mask of as many hops of the mel as there are frames"


class Family(NamedTuple):
    """Where the layers pad: ``conv`` from kernel and dilation, ``stem`` from the kernel of the blocks."""

    conv: Callable[[int, int], Layer]
    stem: Callable[[int], Layer]
    block: Callable[[int, Sequence[int], Sequence[Layer]], Layer]
    upsampler: Upsampler
    down: Callable[[int], Layer]
    up: Callable[[int], Layer]


def twice_dilated(kernel: int, dilations: Sequence[int], activation: Sequence[Layer] = ()) -> Layer:
    """ResBlock1 of the causal class, whose second convolutions are dilated as the first."""
    pairs = ((*activation, causal(kernel, 1, d), *activation, causal(kernel, 1, d)) for d in dilations)
    return Chain(tuple(residual(*pair) for pair in pairs))


CAUSAL = Family(
    conv=lambda kernel, dilation: causal(kernel, 1, dilation),
    stem=lambda _: causal(KERNEL),
    block=twice_dilated,
    upsampler=transposed_causal,
    down=lambda factor: seanet(factor, factor, is_causal=True),
    up=lambda factor: transposed_causal(factor, factor),
)
CENTRED = Family(
    conv=lambda kernel, dilation: centred(kernel, 1, dilation),
    stem=lambda kernel: Conv(kernel, 1, 1, (kernel // 2,) * 2),
    block=block1,
    upsampler=transposed_even,
    down=lambda factor: Conv(factor, factor),
    up=lambda factor: transposed(factor, factor),
)


def recognise(root: Cursor) -> bool:
    target = root["_target_"].value
    if not isinstance(target, str):
        return False
    return target.endswith(CODEC) or target in (UNIFIED, f"{VOCODER}{HEAD}")


def read(root: Cursor) -> Iterator[Model]:
    target = str(root["_target_"].value)
    if target.endswith(CODEC):
        yield _codec(root)
    else:
        yield _vocoder(root["head"] if target == UNIFIED else root, root)


def _codec(root: Cursor) -> Model:
    mel, head = root["spec_transform"], root["head"]
    analysis = Analysis(
        known(mel["sample_rate"], RATE), known(mel["hop_length"], HOP), known(mel["win_length"], WINDOW),
        known(mel["n_fft"], FFT),
    )  # fmt: skip
    model = Model(NAME, "codec", sample_rate=analysis.rate)
    analysis.describe(model)
    analysis.below_nyquist(model, mel["f_max"])
    because = "the bands of the mel are the input channels of the backbone"
    tie(model, "bins", "equal", known(root["backbone"]["input_channels"]), known(mel["n_mels"]), "crash", because)
    with model.deriving("codec"):
        if analysis.hop is None:
            raise NotComputable("the hop of the mel is not known", mel["hop_length"].where)
        family = CENTRED if head.has("use_template") else CAUSAL
        thinning = root["quantizer"]["downsample_factor"].ints(THINNING)
        block = residual(family.conv(KERNEL, 1))
        encoder = [
            *_mel(analysis),
            *_backbone(model, root["backbone"], family),
            *thinned(thinning, family.down, block),
        ]
        stages, lists = _head(model, head, family)
        extra = Factor("downsample_factor", tuple(thinning.value), thinning.where)
        down = [Factor("hop_length", (analysis.hop.value,), analysis.hop.where), extra]
        both(model, encoder, [*widened(thinning, family.up, block), *stages], down, [extra, *factors(lists)])
        inverse(model, down, MASKS)
    return model


def _vocoder(head: Cursor, root: Cursor) -> Model:
    """fish-vocoder's generator, with the backbone of a unified one before it; the mel stands in another file."""
    model = Model(NAME, "vocoder")
    with model.deriving("generator"):
        target = head["_target_"].value
        if not (isinstance(target, str) and target.endswith(HEAD)):
            raise NotComputable("the head is no HiFiGANGenerator", head.where)
        if root["vq"].given:
            raise NotComputable("what `vq` does to the frames is not known", root["vq"].where)
        stages, lists = _head(model, head, CENTRED)
        before = _backbone(model, root["backbone"], CENTRED) if root["backbone"].exists else []
        model.stacks.append(decoder("generator", [*before, *stages], None, factors(lists)))
    return model


def _mel(analysis: Analysis) -> Iterator[Stage]:
    """The signal is padded by window - hop in all, then transformed (spectrogram.py, LinearSpectrogram)."""
    fft, hop, window = analysis.fft, analysis.hop, analysis.window
    if fft is None or hop is None or window is None:
        raise NotComputable("a size of the mel is not known")
    rest = window.value - hop.value
    yield Stage("spec_transform.pad", pad(rest // 2, (rest + 1) // 2, "reflect"))
    yield Stage("spec_transform", stft(fft.value, hop.value, window.value, center=False), hop.where)


def _backbone(model: Model, part: Cursor, family: Family) -> Iterator[Stage]:
    """ConvNeXtEncoder: a convolution and depthwise ones, each beside its input; nothing changes the rate."""
    depths, kernel = part["depths"].ints(DEPTHS), part["kernel_size"].int(KERNEL)
    if part["kernel_sizes"].exists or not 0 <= sum(depths.value) <= MOST_BLOCKS or min(depths.value, default=0) < 0:
        raise NotComputable("the blocks of the backbone are not known", part.where)
    because = "ConvNeXtEncoder asserts equal lengths"
    tie(model, "lists", "same length", depths, part["dims"].ints(WIDTHS), "crash", because)
    yield Stage("backbone.stem", family.stem(kernel.value))
    yield Stage("backbone.blocks", Repeat(sum(depths.value), residual(family.conv(kernel.value, 1))), depths.where)


def _head(model: Model, part: Cursor, family: Family) -> tuple[list[Stage], Lists]:
    agree(model, part, *NAMES)
    lists = Lists.read(part, *NAMES, defaults=LISTS)
    arity(model, lists, READS, "ResBlock1")
    hop = known(part["hop_length"], HEAD_HOP)
    product = Value(prod(lists.rates.value), lists.rates.where, "derived")
    tie(model, "upsampling", "equal", product, hop, "crash", PRODUCT)
    pre, post = part["pre_conv_kernel_size"].int(OUTER).value, part["post_conv_kernel_size"].int(OUTER).value
    shape = Shape(
        family.block, READS, family.upsampler, pre=pre, post=post, outer=lambda kernel: family.conv(kernel, 1)
    )
    return hifigan(lists, shape), lists
