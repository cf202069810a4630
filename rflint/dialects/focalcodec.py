"""FocalCodec: WavLM's convolutions, focal modulation down to tokens and up again, and Vocos or WaveNeXt.

As SpeechBrain's recipes make it (``!new:focalcodec.wavlm.WavLM``) and as it is published (encoder_config, decoder_config).
Sources: lucadellalib/focalcodec, focalcodec/{codec,wavlm,focalnet,vocos,wavenext}.py; speechbrain/speechbrain,
recipes/LibriTTS/focalcodec.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod
from typing import NamedTuple

from rflint.coverage import Conv, Layer, Mixer, Repeat, Sequence as Chain, causal, istft, nearest, residual, same
from rflint.dialects.asr_frontend import attention, layers, positive, tie
from rflint.dialects.codec_graphs import factor
from rflint.dialects.speech_facts import derived, sizes, stated_rate
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stack, Stage

NAME, TITLE = "focalcodec", "FocalCodec (WavLM, FocalEncoder, Vocos or WaveNeXt)"
SCHEMA, LOADER = "focalcodec", "ruamel"

RATE = 16000  # wavlm.py, WavLM: sample_rate
KERNELS, STRIDES, POSITIONS = [10, 3, 3, 3, 3, 2, 2], [5, 2, 2, 2, 2, 2, 2], 128  # wavlm.py; the last is conv_pos
SCALES, WINDOW, LEVELS, GROWTH = [1, 1, 1], 14, 2, 4  # focalnet.py: downscale_factors, focal_window, _level, _factor
BLOCKS, KERNEL, FFT = 8, 7, 1024  # vocos.py and wavenext.py: num_layers, kernel_size, n_fft
HOPS = {"Vocos": 320, "WaveNeXt": 480}
ENCODER, COMPRESSOR, DECOMPRESSOR, DECODERS = "WavLM", "FocalEncoder", "FocalDecoder", tuple(HOPS)
DEFAULT_DECODER = "WaveNeXt"  # codec.py, decoder_name


class Parts(NamedTuple):
    """The places that make the codec's parts, and the class of the decoder; None for those that the file does not make."""

    encoder: Cursor
    compressor: Cursor | None
    decompressor: Cursor | None
    decoder: Cursor | None
    head: str


def recognise(root: Cursor) -> bool:
    return _parts(root) is not None


def _parts(root: Cursor) -> Parts | None:
    if root["encoder_name"].value == ENCODER and root.has("encoder_config", "decoder_config"):
        named = str(root["decoder_name"].value) if root["decoder_name"].exists else DEFAULT_DECODER
        decoder = root["decoder_config"] if named in DECODERS else None
        plain = not root["compressor_name"].exists or root["compressor_name"].value == COMPRESSOR
        compressor = root["compressor_config"] if plain and root["compressor_config"].is_mapping() else None
        plain = not root["decompressor_name"].exists or root["decompressor_name"].value == DECOMPRESSOR
        back = root["decompressor_config"] if plain and root["decompressor_config"].is_mapping() else None
        return Parts(root["encoder_config"], compressor, back, decoder, named)
    if not root.is_mapping() or not root.document.has_tags:
        return None
    made = {_class_of(place): place for place in root if _class_of(place) and place.is_mapping()}
    head = next((name for name in DECODERS if name in made), "")
    if ENCODER not in made:
        return None
    return Parts(made[ENCODER], made.get(COMPRESSOR), made.get(DECOMPRESSOR), made.get(head), head)


def _class_of(place: Cursor) -> str:
    tag = place.tag or ""
    return tag.rpartition(".")[2] if tag.startswith("!new:focalcodec.") else ""


def read(root: Cursor) -> Iterator[Model]:
    parts = _parts(root)
    if parts is None:
        return
    model = Model(NAME, sample_rate=derived(RATE))
    with model.deriving("encoder"):
        strides = sizes(parts.encoder["strides"], STRIDES)
        convs = _convolutions(parts.encoder, strides)
        factors = [factor("strides", strides)]
        model.stacks.append(Stack("encoder", "feature_extractor", convs, input_rate=RATE, factors=factors))
        if parts.compressor:
            with model.deriving("compressor"):
                frames = [*convs, _transformer(parts.encoder)]
                _compressed(model, parts.compressor, frames, factors)
        if parts.compressor and parts.decompressor:
            with model.deriving("decompressor"):
                down, up = parts.compressor["downscale_factors"], parts.decompressor["upscale_factors"]
                _given_back(model, down.ints(SCALES), up.ints(SCALES))
        if parts.decoder:
            with model.deriving("decoder"):
                hop = positive(parts.decoder["hop_length"].int(HOPS[parts.head]))
                _decoder(model, parts.decoder, parts.head, hop, strides)
                _trained(model, root, hop if hop.where else hop._replace(where=parts.decoder.where), strides)
    yield model


def _convolutions(place: Cursor, strides: Value[list[int]]) -> list[Stage]:
    """WavLM's: unpadded, or padded on the left alone by the whole kernel but one."""
    kernels, is_causal = sizes(place["kernel_sizes"], KERNELS), place["causal"].bool(False).value
    where = strides.where or kernels.where or place.where
    return [
        Stage(f"feature_extractor.{i}", Conv(kernel, stride, 1, (kernel - 1 if is_causal else 0, 0)), where)
        for i, (kernel, stride) in enumerate(zip(kernels.value, strides.value, strict=False))
    ]


def _transformer(place: Cursor) -> Stage:
    """Positions from a convolution, whose even kernel reads one frame more on the left, and attention."""
    if place["causal"].bool(False).value:
        raise NotComputable("streaming attention is not counted", place["causal"].where)
    kernel = positive(place["conv_pos"].int(POSITIONS)).value
    positions = Conv(kernel, 1, 1, (kernel // 2, kernel - 1 - kernel // 2))
    return Stage("transformer", Chain((residual(positions), attention())), place["conv_pos"].where or place.where)


def _compressed(model: Model, place: Cursor, frames: list[Stage], factors: list[Factor]) -> None:
    """Down to the rate of the tokens: factors of frames, each followed by focal modulation, which ends in a mean."""
    if place["causal"].bool(False).value:
        raise NotComputable("streaming focal modulation is not counted", place["causal"].where)
    scales = place["downscale_factors"].ints(SCALES)
    window, growth = positive(place["focal_window"].int(WINDOW)).value, place["focal_factor"].int(GROWTH).value
    levels = layers(place["focal_level"], LEVELS).value
    kernels = [positive(Value(growth * level + window, place.where)).value for level in range(levels)]
    focal = residual(*(same(kernel) for kernel in kernels), Mixer("mean over the utterance"))
    stages = [*frames]
    for i, scale in enumerate(scales.value):
        joined = Conv(positive(Value(scale, scales.where)).value, scale, 1, (0, 0), "conv", "complete")
        stages.append(Stage(f"compressor.{i}", Chain((joined, focal)), scales.where or place.where))
    model.stacks.append(
        Stack("context", "tokens", stages, input_rate=RATE, factors=[*factors, factor("downscale_factors", scales)])
    )


def _given_back(model: Model, down: Value[list[int]], up: Value[list[int]]) -> None:
    """The decompressor makes a frame for each that the compressor took (train_quantizer.py compares them)."""
    left, right = (Value(prod(factors.value), factors.where, "derived") for factors in (up, down))
    tie(
        model,
        "upsampling",
        "equal",
        left,
        right,
        "crash",
        "the frames come back at the rate that the compressor took them",
    )


def _decoder(model: Model, place: Cursor, name: str, hop: Value[int], strides: Value[list[int]]) -> None:
    """ConvNeXt blocks, and windows laid over each other, or one hop of samples for each frame."""
    kernel, is_causal = positive(place["kernel_size"].int(KERNEL)).value, place["causal"].bool(False).value
    conv, count = causal(kernel) if is_causal else same(kernel), layers(place["num_layers"], BLOCKS)
    head: Layer = nearest(hop.value)
    if name == "Vocos" and not is_causal:
        fft = positive(place["n_fft"].int(FFT)).value
        head = istft(fft, hop.value, trim=max(fft - hop.value, 0) // 2)
    stages = [
        Stage("embedding", conv, place.where),
        Stage("layers", Repeat(count.value, residual(conv)), count.where or place.where),
        Stage("head", head, hop.where or place.where),
    ]
    factors = [Factor(hop.key or "hop_length", (hop.value,), hop.where)]
    frames = Fraction(RATE, prod(strides.value))
    model.stacks.append(Stack("decoder", name.lower(), stages, input_rate=frames, factors=factors))


def _trained(model: Model, root: Cursor, hop: Value[int], strides: Value[list[int]]) -> None:
    """What a recipe takes for granted: it feeds its own recordings to the encoder and compares with them."""
    rate = stated_rate(root["sample_rate"])
    if rate is None:
        return
    tie(model, "rate", "equal", rate, derived(RATE), "silent", "the pretrained encoder reads 16 kHz")
    because = "features and recording are cut together (train_decoder.py), a hop of samples for each frame"
    tie(model, "upsampling", "equal", hop, derived(prod(strides.value)), "silent", because)
