"""NVIDIA NeMo audio codecs: HiFi-GAN turned round, SEANet, or residual nets over mel frames, in one OmegaConf file.

Sources: nemo/collections/tts/modules/audio_codec_modules.py and encodec_modules.py, models/audio_codec.py. Every strided
convolution has kernel 2·rate and padding ceil(rate / 2); transposed ones have output padding, so lengths are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rflint.coverage import (
    Layer,
    Parallel,
    Repeat,
    Sequence as Chain,
    centred,
    mirrored,
    residual,
    seanet,
    stft,
    transposed_seanet,
)
from rflint.dialects.codec_facts import both, crop, exact, hop, inverse, ordered, same_rate
from rflint.dialects.codec_graphs import exact_up, factor, half_down, lstm
from rflint.dialects.generators import item
from rflint.dialects.nemo_frontend import class_of, target_of
from rflint.documents import Cursor, Document, NotComputable, Value
from rflint.model import Duration, Factor, Model, Stage

NAME, TITLE = "nemo/codec", "NVIDIA NeMo audio codecs (audio_encoder, samples_per_frame)"
SCHEMA, LOADER = "nemo_codec", "omegaconf"

compose = Document.composed  # Hydra, where a recipe has a defaults list

MODULES = "nemo.collections.tts.modules."
# audio_codec_modules.py, HiFiGANEncoder and HiFiGANDecoder, causal or not
HIFIGAN_DOWN, HIFIGAN_UP, KERNELS, DILATIONS, HIFIGAN_OUT = [2, 2, 8, 8], [8, 8, 2, 2], [3, 7, 11], [1, 3, 5], 7
# encodec_modules.py, SEANetEncoder and SEANetDecoder
SEANET_DOWN, SEANET_UP, LAYERS = [2, 4, 5, 8], [8, 5, 4, 2], 2
REFLECT = "reflect"
IN, OUT = 7, 3  # kernels of both kinds; the encoders end with one of 7
RESNET_LAYERS, RESNET_KERNEL = 6, 3  # ResNetEncoder

PADDED = "clips are padded to whole frames of samples_per_frame"
FRAMES = "clips are padded to multiples of it, and lengths are counted in it"
RATES = "audio is resampled to this rate and given to a model of the other"
MIRROR = "the decoder undoes the encoder stage by stage in every published model"
_DATA = ("train_ds", "validation_ds", "test_ds", "log_config")


class Half(NamedTuple):
    """One side: its stages and the derivation of its factor."""

    stages: list[Stage]
    factors: list[Factor]
    rates: Value[list[int]] | None = None


def recognise(root: Cursor) -> bool:
    encoder = root["model"]["audio_encoder"]
    return target_of(encoder).startswith(MODULES) and root["model"].has("audio_decoder")


def read(root: Cursor) -> Iterator[Model]:
    section = root["model"]
    model = Model(NAME)
    with model.deriving("sample_rate"):
        model.sample_rate = section["sample_rate"].int()
    with model.deriving("codec"):
        _codec(model, root, section)
    for name in _DATA:
        same_rate(model, section[name]["dataset"]["sample_rate"], RATES)
    discriminators = section["discriminator"]["discriminators"]
    for part in discriminators if discriminators.is_list() else ():
        same_rate(model, part["input_sr"], "the discriminator resamples from this rate")
    yield model


def _codec(model: Model, root: Cursor, section: Cursor) -> None:
    down, up = _encoder(section["audio_encoder"]), _decoder(section["audio_decoder"])
    both(model, down.stages, up.stages, down.factors, up.factors)
    inverse(model, down.factors)
    if down.rates is not None and up.rates is not None:
        ordered(model, up.rates, down.rates, "reversed", "report", MIRROR)
    step = int(model.stacks[0].coverage.step)
    hop(model, section["samples_per_frame"], Value(step, down.factors[0].where, "derived"), FRAMES)
    crop(model, root["train_n_samples"], step, PADDED, "repaired")
    seconds = exact(section["train_ds"]["dataset"]["min_duration"])
    if seconds is not None:
        model.durations.append(Duration(seconds, "s", None, "length"))


# -- encoders -----------------------------------------------------------------------------------------------------


def _encoder(part: Cursor) -> Half:
    kind = class_of(part)
    if kind in ("HiFiGANEncoder", "CausalHiFiGANEncoder"):
        return _hifigan_encoder(part, kind.startswith("Causal"))
    if kind == "SEANetEncoder":
        return _seanet_encoder(part)
    if kind in ("MultiBandMelEncoder", "FullBandMelEncoder"):
        return _mel_encoder(part, part["encoder"] if kind == "FullBandMelEncoder" else part)
    raise NotComputable(f"the encoder {kind} is not known", part["_target_"].where)


def _hifigan_encoder(part: Cursor, is_causal: bool) -> Half:
    rates = part["down_sample_rates"].ints(HIFIGAN_DOWN)
    blocks = _blocks(part, is_causal)
    stages = [_outer("pre_conv", part["in_kernel_size"].int(IN), is_causal)]
    for index, rate in enumerate(rates.value):
        down = seanet(2 * rate, rate, is_causal=True) if is_causal else half_down(rate)
        stages += [Stage(f"res_layers.{index}", blocks), Stage(f"down_sample.{index}", down, item(rates, index))]
    last = _outer("post_conv", part["out_kernel_size"].int(HIFIGAN_OUT), is_causal)
    return Half(_padded(part, [*stages, last], is_causal), [factor("down_sample_rates", rates)], rates)


def _seanet_encoder(part: Cursor) -> Half:
    rates = part["down_sample_rates"].ints(SEANET_DOWN)
    stages = [_outer("pre_conv", part["in_kernel_size"].int(IN))]
    for index, rate in enumerate(rates.value):
        stages.append(Stage(f"res_blocks.{index}", residual(centred(3))))
        stages.append(Stage(f"down_sample.{index}", half_down(rate), item(rates, index)))
    last = _outer("post_conv", part["out_kernel_size"].int(IN))
    return Half(_padded(part, [*stages, *_memory(part), last]), [factor("down_sample_rates", rates)], rates)


def _mel_encoder(part: Cursor, net: Cursor) -> Half:
    """Mel frames padded by (window - hop) // 2, and residual pairs over them."""
    window, step = part["mel_processor"]["win_length"].int(), part["mel_processor"]["hop_length"].int()
    kernel, layers = net["kernel_size"].int(RESNET_KERNEL), net["num_layers"].int(RESNET_LAYERS)
    pad = max(window.value - step.value, 0) // 2
    mel = stft(window.value, step.value, center=False, padding=pad, mode="zeros")
    block = residual(centred(kernel.value), centred(kernel.value))
    ends = [Stage(name, centred(kernel.value), kernel.where) for name in ("pre_conv", "post_conv")]
    stages = _padded(net, [ends[0], Stage("res_layers", Repeat(layers.value, block), layers.where), ends[1]])
    return Half([Stage("mel", mel, step.where), *stages], [Factor(step.key or "hop_length", (step.value,), step.where)])


# -- decoders -----------------------------------------------------------------------------------------------------


def _decoder(part: Cursor) -> Half:
    kind = class_of(part)
    if kind in ("HiFiGANDecoder", "CausalHiFiGANDecoder"):
        return _upsampling(part, HIFIGAN_UP, kind.startswith("Causal"), _blocks(part, kind.startswith("Causal")), ())
    if kind == "SEANetDecoder":
        return _upsampling(part, SEANET_UP, False, residual(centred(3)), _memory(part))
    raise NotComputable(f"the decoder {kind} is not known", part["_target_"].where)


def _upsampling(part: Cursor, default: list[int], is_causal: bool, blocks: Layer, memory: Sequence[Stage]) -> Half:
    rates = part["up_sample_rates"].ints(default)
    stages = [_outer("pre_conv", part["in_kernel_size"].int(IN), is_causal), *memory]
    for index, rate in enumerate(rates.value):
        up = transposed_seanet(2 * rate, rate, is_causal=True) if is_causal else exact_up(rate)
        stages += [Stage(f"up_sample.{index}", up, item(rates, index)), Stage(f"res_layers.{index}", blocks)]
    last = _outer("post_conv", part["out_kernel_size"].int(OUT), is_causal)
    return Half(_padded(part, [*stages, last], is_causal), [factor("up_sample_rates", rates)], rates)


# -- layers -------------------------------------------------------------------------------------------------------


def _padded(part: Cursor, stages: Sequence[Stage], is_causal: bool = False) -> list[Stage]:
    """Conv1dNorm reflects at both ends, CausalConv1dNorm puts zeros in front (audio_codec_modules.py, pad_mode)."""
    if is_causal or part["pad_mode"].str(REFLECT).value != REFLECT:
        return list(stages)
    return [stage._replace(layer=mirrored(stage.layer)) for stage in stages]


def _conv(kernel: int, dilation: int = 1, is_causal: bool = False) -> Layer:
    return seanet(kernel, 1, dilation, is_causal=True) if is_causal else centred(kernel, 1, dilation)


def _outer(name: str, kernel: Value[int], is_causal: bool = False) -> Stage:
    return Stage(name, _conv(kernel.value, 1, is_causal), kernel.where)


def _blocks(part: Cursor, is_causal: bool) -> Layer:
    """HiFiGANResLayer: branches of several kernels, in each a residual pair for every dilation."""
    kernels, dilations = part["resblock_kernel_sizes"].ints(KERNELS), part["resblock_dilation_sizes"].ints(DILATIONS)
    branches = (
        Chain(tuple(residual(_conv(k, d, is_causal), _conv(k, 1, is_causal)) for d in dilations.value))
        for k in kernels.value
    )
    return Parallel(tuple(branches)) if kernels.value else Chain()


def _memory(part: Cursor) -> tuple[Stage, ...]:
    return lstm(part["rnn_layers"].int(LAYERS).value)
