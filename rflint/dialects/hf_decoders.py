"""Vocoders of transformers: HiFi-GAN in its copies, VITS, UnivNet, BigVGAN and the code-to-wave net of Qwen.

Sources: transformers 5, models/*/configuration_*.py for the defaults, modeling_*.py for the layers.
"""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Final, NamedTuple, cast

from rflint.coverage import Conv, Mixer, Sequence as Chain, Transposed, causal, residual
from rflint.dialects.generators import V1, Lists, Shape, agree, anti_aliased, decoder, default_lists, factors, hifigan
from rflint.dialects.hf_parts import Part, Reader
from rflint.dialects.lvc import PAIRS, lvc_graph, predictor
from rflint.dialects.waveform import whole
from rflint.documents import NotComputable, Value, Where
from rflint.model import Exchange, Factor, Model, Outcome, Stack, Stage, Tie, declared

KEYS = ("upsample_rates", "upsample_kernel_sizes", "resblock_kernel_sizes", "resblock_dilation_sizes")
BRANCHES, DILATIONS = [3, 7, 11], [[1, 3, 5]] * 3


class Family(NamedTuple):
    """A copy of the generator: its lists by default, its sample rate (Hz), and its shape."""

    rates: list[int]
    kernels: list[int]
    rate: int
    shape: Shape = V1._replace(reads=None)


FAMILIES: Final[dict[str, Family]] = {
    "speecht5_hifigan": Family([4, 4, 4, 4], [8, 8, 8, 8], 16000),
    "hifigan": Family([4, 4, 4, 4], [8, 8, 8, 8], 16000),
    "fastspeech2_conformer_hifigan": Family([8, 8, 2, 2], [16, 16, 4, 4], 22050),
    "vits": Family([8, 8, 2, 2], [16, 16, 4, 4], 16000),
    "seamless_m4t": Family([5, 4, 4, 2, 2], [11, 8, 8, 4, 4], 16000),
    "seamless_m4t_v2": Family([5, 4, 4, 2, 2], [11, 8, 8, 4, 4], 16000),
    "qwen2_5_omni_bigvgan": Family(
        [5, 3, 2, 2, 2, 2], [11, 7, 4, 4, 4, 4], 24000, V1._replace(reads=None, activation=(anti_aliased(),))
    ),
}


MEL: Final = ("speecht5_hifigan", "hifigan", "fastspeech2_conformer_hifigan")
"""Those that read mel frames of another model: the others read codes, or frames of their own."""


def read_hifigan(model: Model, part: Part) -> None:
    """A generator with padding (kernel - factor) // 2; an odd difference makes a sample more a stage."""
    family = FAMILIES[part.kind]
    model.sample_rate = part.rate(family.rate)
    lists = Lists.read(part.config, *KEYS, default_lists(family.rates, family.kernels, BRANCHES, DILATIONS))
    agree(model, part.config, *KEYS, "fewer entries raise an error, more are ignored (modeling_*.py)")
    rate = Fraction(model.sample_rate.value)
    frames = rate / lists.factor if lists.factor > 0 else None
    because = "nothing in the model cuts the surplus: the audio is longer than frames × factor"
    stages = hifigan(lists, family.shape)
    model.stacks.append(decoder("generator", stages, frames, factors(lists), because, "silent"))
    if part.kind in MEL:
        _takes(model, lists.factor, lists.rates.where, whole(part.config["model_in_dim"]))
    _state_hop(model, part)


def _takes(model: Model, hop: int, where: Where | None, bands: Value[int] | None) -> None:
    """The frames that a vocoder takes from an acoustic model."""
    if model.sample_rate is not None and hop > 0:
        rate: Value[int] = Value(int(model.sample_rate.value), model.sample_rate.where, model.sample_rate.origin)
        model.exchanges.append(Exchange("takes", Value(hop, where, "derived"), rate, bands))


def _state_hop(model: Model, part: Part) -> None:
    """The hop of the frames it reads, where the extractor beside it makes such frames."""
    if part.extractor.kind != "SpeechT5FeatureExtractor" or part.kind == "vits":
        return
    with model.deriving("hop"):
        hop = part.extractor.frames(part.extractor.kind).hop
        because = "the extractor beside it cuts its frames by this hop"
        told = part.extractor.whole("hop_length") or hop
        claim = declared("upsampling", told, "samples", stack="decoder", because=because, amount=hop.value)
        model.claims.append(claim)


# -- UnivNet ------------------------------------------------------------------------------------------------------

UNIVNET_KERNELS, UNIVNET_STRIDES, UNIVNET_DILATIONS = [3, 3, 3], [8, 8, 4], [[1, 3, 9, 27]] * 3
PREDICTOR_KERNEL, MOST_PAIRS = 3, 100


def read_univnet(model: Model, part: Part) -> None:
    """Location-variable convolutions (modeling_univnet.py); one list entry a block."""
    config = part.config
    strides, kernels = (
        config["resblock_stride_sizes"].ints(UNIVNET_STRIDES),
        config["resblock_kernel_sizes"].ints(UNIVNET_KERNELS),
    )
    dilations = config["resblock_dilation_sizes"].lists(UNIVNET_DILATIONS)
    model.sample_rate = part.rate(24000)
    because = "the configuration refuses lists of different lengths"
    for other in (kernels, dilations):
        left, right = cast(Value[object], other), cast(Value[object], strides)
        model.ties.append(Tie("lists", "same length", left, right, "crash", because))
    conv_size = config["kernel_predictor_conv_size"].int(PREDICTOR_KERNEL).value
    pairs = config["kernel_predictor_num_blocks"].int(PAIRS)
    if not 0 <= pairs.value <= MOST_PAIRS:
        raise NotComputable(f"`kernel_predictor_num_blocks` is {pairs.value}", pairs.where)
    blocks = list(zip(dilations.value, kernels.value, strict=False))
    stages = lvc_graph(strides, blocks, predictor(conv_size, pairs.value))
    listed = [Factor("resblock_stride_sizes", tuple(strides.value), strides.where)]
    rate = _frame_rate(model, strides.value)
    model.stacks.append(decoder("generator", stages, rate, listed, inexact="silent"))
    _takes(model, prod(strides.value), strides.where, whole(config["num_mel_bins"]))
    hop = part.extractor.whole("hop_length") if part.extractor.kind == "UnivNetFeatureExtractor" else None
    if hop is not None:
        because = "the extractor beside it cuts its frames by this hop"
        model.claims.append(declared("upsampling", hop, "samples", stack="decoder", because=because))


def _frame_rate(model: Model, rates: list[int]) -> Fraction | None:
    total = prod(rates)
    return Fraction(model.sample_rate.value, total) if model.sample_rate and total > 0 else None


# -- Qwen3-Omni ---------------------------------------------------------------------------------------------------

CODE_RATES, CODE_RATIOS, CODE_WINDOW, CODE_LAYERS = [8, 5, 4, 3], [2, 2], 72, 8
"""configuration_qwen3_omni_moe.py: upsample_rates, upsampling_ratios, sliding_window, num_hidden_layers."""
UNIT_DILATIONS = (1, 3, 9)


def _both_cut(kernel: int, stride: int) -> Transposed:
    """modeling_qwen3_omni_moe.py, Qwen3OmniMoeCausalTransConvNet: kernel - stride cut off at both ends."""
    return Transposed(kernel, stride, 1, (kernel - stride, kernel - stride))


def read_code2wav(model: Model, part: Part) -> None:
    """A transformer over codes, two doublings, then causal convolutions to samples."""
    config = part.config
    ratios, rates = config["upsampling_ratios"].ints(CODE_RATIOS), config["upsample_rates"].ints(CODE_RATES)
    model.sample_rate = part.rate(24000)
    reach = (config["sliding_window"].int(CODE_WINDOW).value - 1) * config["num_hidden_layers"].int(CODE_LAYERS).value
    stages = [Stage("transformer", Mixer("attention", max(reach, 0), 0))]
    for index, ratio in enumerate(ratios.value):
        stages.append(Stage(f"upsample.{index}", _both_cut(ratio, ratio), ratios.where))
        stages.append(Stage(f"convnext.{index}", residual(causal(7))))
    stages.append(Stage("conv_in", causal(7)))
    units = Chain(tuple(residual(causal(7, 1, d), Conv(1)) for d in UNIT_DILATIONS))
    for index, rate in enumerate(rates.value):
        stages += [Stage(f"decoder.{index}", _both_cut(2 * rate, rate), rates.where), Stage(f"units.{index}", units)]
    stages.append(Stage("conv_out", causal(7)))
    listed = [
        Factor("upsampling_ratios", tuple(ratios.value), ratios.where),
        Factor("upsample_rates", tuple(rates.value), rates.where),
    ]
    outcome: Outcome = "report"
    because = "the transposed convolutions cut off kernel - stride samples at both ends"
    frames = _frame_rate(model, [*ratios.value, *rates.value])
    model.stacks.append(
        Stack("decoder", "code2wav", stages, input_rate=frames, factors=listed, inexact=outcome, because=because)
    )


DECODERS: Final[dict[str, Reader]] = {
    **dict.fromkeys(
        ("speecht5_hifigan", "hifigan", "fastspeech2_conformer_hifigan", "vits", "qwen2_5_omni_bigvgan"), read_hifigan
    ),
    "univnet": read_univnet,
    "qwen3_omni_moe_code2wav": read_code2wav,
}
