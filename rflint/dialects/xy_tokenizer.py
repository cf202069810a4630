"""XY-Tokenizer: Whisper's encoder twice over mel frames, pooled; Vocos at the end.

gyt1145028706/XY-Tokenizer has one sample rate; in OpenMOSS/MOSS-TTSD the decoder may run at a higher one.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod

from rflint.coverage import Conv, Layer, Mixer, Sequence as Chain, crop as cut, nearest, stft, transposed
from rflint.dialects.analysis import known
from rflint.dialects.codec_facts import both, inverse, same_rate, tie
from rflint.dialects.vocos_stacks import convnext, istft_head
from rflint.documents import Cursor, Value
from rflint.model import Factor, Model, Stage, declared

NAME, TITLE = "xy_tokenizer", "XY-Tokenizer (semantic_encoder_kwargs, quantizer_kwargs)"
SCHEMA, LOADER = "xy_tokenizer", "pyyaml"

# xy_tokenizer/nn/feature_extractor.py, MelFeatureExtractor; nn/modules.py, OmniAudioEncoder and the rest
HOP, FFT, SECONDS, STRIDE, KERNEL, POOLED = 160, 400, 30, 2, 3, 4
LAYERS, VOCOS_FFT, VOCOS_HOP, PADDING = 30, 640, 160, "same"
DOWNSAMPLE_RATE = 1280
"""model.py, XY_Tokenizer: what lengths in samples are divided by."""

FIXED = "downsample_rate is 1280 in the class: lengths of codes are counted in it"
COUNTED = "lengths of codes and of the output are counted in it (model.py, XY_Tokenizer)"
LASTS = "a frame lasts as long at output_sample_rate as at input_sample_rate"
JOINED = "both encoders' frames are joined"
SECTIONS = ("feature_extractor", "semantic_encoder", "acoustic_encoder", "acoustic_decoder")


def recognise(root: Cursor) -> bool:
    return root["generator_params"].has("semantic_encoder_kwargs", "quantizer_kwargs")


def read(root: Cursor) -> Iterator[Model]:
    params = root["generator_params"]
    model = Model(NAME)
    with model.deriving("sample_rate"):
        model.sample_rate = params.first("sample_rate", "input_sample_rate").int()
    for section in SECTIONS:
        same_rate(model, params[f"{section}_kwargs"]["sampling_rate"], "positions are counted at this rate")
    with model.deriving("codec"):
        _codec(model, params)
        _positions(model, params)
    yield model


def _codec(model: Model, params: Cursor) -> None:
    features, encoder = params["feature_extractor_kwargs"], params["acoustic_encoder_kwargs"]
    fft, hop = features["n_fft"].int(FFT), features["hop_length"].int(HOP)
    kernel, stride = encoder["kernel_size"].int(KERNEL), encoder["stride_size"].int(STRIDE)
    pooled = params["downsample_kwargs"]["avg_pooler"].int(POOLED)
    stages = [
        Stage("mel", stft(fft.value, hop.value), hop.where),
        Stage("mel.last", cut(0, 1)),
        Stage("conv1", Conv(kernel.value, 1, 1, (1, 1)), kernel.where),
        Stage("conv2", Conv(kernel.value, stride.value, 1, (1, 1)), stride.where),
        Stage("transformers", Mixer("attention")),
        Stage("downsample", Conv(pooled.value, pooled.value, tail="complete"), pooled.where),
    ]
    factors = [Factor(value.key, (value.value,), value.where) for value in (hop, stride, pooled)]
    decoder, back = _decoder(params)
    both(model, stages, decoder, factors, back)
    total = Value(prod(each.terms[0] for each in factors), pooled.where or hop.where, "derived")
    if params.has("input_sample_rate", "output_sample_rate"):
        _resampled(model, params, total)
    else:
        inverse(model, factors)
        tie(model, "upsampling", "equal", total, Value(DOWNSAMPLE_RATE, None, "derived"), "silent", FIXED)
    other = params["semantic_encoder_kwargs"]["stride_size"].int(STRIDE)
    tie(model, "upsampling", "equal", other, stride, "crash", JOINED)


def _resampled(model: Model, params: Cursor, step: Value[int]) -> None:
    """State that output lasts as long as input, and that both factors are what the file says."""
    given, made = params["input_sample_rate"].int(), params["output_sample_rate"].int()
    if min(given.value, made.value) < 1:
        return
    lasting = Value(Fraction(step.value * made.value, given.value), step.where, "derived")
    model.claims.append(declared("upsampling", lasting, "samples", stack="decoder", outcome="crash", because=LASTS))
    tie(model, "upsampling", "equal", step, known(params["encoder_downsample_rate"]), "silent", COUNTED)
    stated = known(params["decoder_upsample_rate"])
    if stated is not None:
        model.claims.append(declared("upsampling", stated, "samples", stack="decoder", because=COUNTED))


def _decoder(params: Cursor) -> tuple[list[Stage], list[Factor]]:
    part, vocos = params["acoustic_decoder_kwargs"], params["vocos_kwargs"]
    kernel, stride = part["kernel_size"].int(KERNEL), part["stride_size"].int(STRIDE)
    up = params["upsample_kwargs"]["stride"].int(POOLED)
    fft, hop = vocos["n_fft"].int(VOCOS_FFT), vocos["hop_size"].int(VOCOS_HOP)
    head = istft_head(fft.value, hop.value, vocos["padding"].str(PADDING).value)
    stages = [
        Stage("upsample", nearest(up.value), up.where),
        Stage("transformers", Mixer("attention")),
        Stage("deconv", _deconv(kernel.value, stride.value), stride.where),
        *convnext(vocos["num_layers"].int(LAYERS)),
        Stage("head", head, hop.where),
    ]
    return stages, [Factor(value.key, (value.value,), value.where) for value in (up, stride, hop)]


def _deconv(kernel: int, stride: int) -> Layer:
    """Two transposed convolutions without padding, cut to stride × frames at the right."""
    surplus = max(2 * kernel - 1 - stride, 0)
    return Chain((transposed(kernel, stride), transposed(kernel, 1), cut(0, surplus)))


def _positions(model: Model, params: Cursor) -> None:
    """Every adapter holds positions for the longest clip at the rate in front of it."""
    seconds = params["feature_extractor_kwargs"]["chunk_length"].int(SECONDS)
    rate = Fraction(model.sample_rate.value) if model.sample_rate else None
    if rate is None:
        return
    codes = rate / model.stacks[0].coverage.step
    pooled = params["downsample_kwargs"]["avg_pooler"].int(POOLED).value
    adapters = {
        "semantic_encoder_adapter": codes * pooled,
        "pre_rvq_adapter": codes * pooled,
        "post_rvq_adapter": codes,
    }
    for name, frames in adapters.items():
        limit = known(params[f"{name}_kwargs"]["max_source_positions"])
        needed = Value(seconds.value * frames, seconds.where, "derived")
        tie(model, "limit", "at most", needed, limit, "crash", f"{name} needs a position for every frame of a chunk")
