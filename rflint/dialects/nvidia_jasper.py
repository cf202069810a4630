"""Jasper and QuartzNet of NVIDIA's DeepLearningExamples: block lists over filter-bank frames; Myrtle's RNN-T.

Sources: NVIDIA/DeepLearningExamples, PyTorch/SpeechRecognition/{Jasper,QuartzNet} (common/features.py, jasper/model.py,
quartznet/model.py); MyrtleSoftware/caiman-asr, training/caiman_asr_train (data/features.py,
data/dali/pipeline.py, rnnt/model.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.coverage import Conv, Mixer
from rflint.dialects.asr_frontend import (
    MOST_LAYERS,
    Frames,
    lasting,
    layers,
    positive,
    samples,
    seconds_truncated,
    stacked,
    tie,
)
from rflint.dialects.jasper import Block, odd_kernel, stages
from rflint.dialects.speech_facts import derived, maybe
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stack, Stage

NAME, TITLE = "nvidia/jasper", "NVIDIA Jasper and QuartzNet (encoder.blocks), Myrtle RNN-T (enc_stack_time_factor)"
SCHEMA, LOADER = "nvidia_jasper", "pyyaml"

WINDOW_S, STRIDE_S, SPLICING = Fraction(2, 100), Fraction(1, 100), 1  # common/features.py, FilterbankFeatures
NETWORKS = ("jasper", "quartznet")


def recognise(root: Cursor) -> bool:
    net = _network(root)
    if root["rnnt"].has("enc_stack_time_factor", "custom_lstm"):
        return root["input_val"]["filterbank_features"].is_mapping()
    return net is not None and any(block.has("kernel_size", "repeat") for block in net["encoder"]["blocks"])


def _network(root: Cursor) -> Cursor | None:
    return next((root[name] for name in NETWORKS if root[name]["encoder"]["blocks"].is_list()), None)


def read(root: Cursor) -> Iterator[Model]:
    net, model = _network(root), Model(NAME)
    features = root["input_val"]["filterbank_features"]
    with model.deriving("frontend"):
        rate = model.sample_rate = positive(features["sample_rate"].int())
        window, stride = features["window_size"].number(WINDOW_S), features["window_stride"].number(STRIDE_S)
        made = Frames(rate, samples(window, rate, seconds_truncated), samples(stride, rate, seconds_truncated),
                      positive(features["n_fft"].int()) if features["n_fft"].given else None)  # fmt: skip
        lasting(model, stride, made.hop, rate, "step")
        lasting(model, window, made.window, rate, "window")
        made.state(model, "torch.stft refuses a window longer than the FFT")
        first = made.centred("filterbank_features", mirrored=True) if net else _trailing(made)
        front = [first, *_spliced(root["input_val"])]
        hop = Factor("window_stride", (made.hop.value,), stride.where)
        model.stacks.append(Stack("frontend", "filterbank_features", front, input_rate=rate.value, factors=[hop]))
        with model.deriving("encoder"):
            factor, network = _transducer(model, root) if net is None else _blocks(model, net)
            factors = [hop, *([factor] if factor.terms else [])]
            model.stacks.append(Stack("encoder", "encoder", [*front, *network], input_rate=rate.value, factors=factors))
    yield model


def _trailing(frames: Frames) -> Stage:
    """Zeros before the first sample, so that every window ends with its hop (data/dali/pipeline.py, initial_zeros)."""
    window, hop = frames.window.value, frames.hop.value
    return Stage("filterbank_features", Conv(window, hop, 1, (max(window - hop, 0), 0), "frames"), frames.hop.where)


def _spliced(given: Cursor) -> list[Stage]:
    """Frames joined: as many as are taken at a time, or, where a section tells both, some of every few."""
    both, frames = given["frame_splicing"], given["filterbank_features"]["frame_splicing"]
    if both.is_mapping():
        joined, every = (
            positive(both["frame_stacking"].int(SPLICING)),
            positive(both["frame_subsampling"].int(SPLICING)),
        )
        layer = Conv(joined.value, every.value, 1, (0, joined.value - 1), "stack")
        return [Stage("frame_splicing", layer, both.where)] if joined.value > 1 or every.value > 1 else []
    count = positive(frames.int(SPLICING))
    return [stacked("frame_splicing", count.value, count.where)] if count.value > 1 else []


# -- networks -----------------------------------------------------------------------------------------------------


def _blocks(model: Model, net: Cursor) -> tuple[Factor, list[Stage]]:
    blocks = [_block(item) for item in net["encoder"]["blocks"]]
    for block in blocks:
        block.state(model)
    strides = tuple(block.factor for block in blocks if block.factor > 1)
    return Factor("stride", strides, net["encoder"]["blocks"].where), stages(blocks, "blocks")


def _transducer(model: Model, root: Cursor) -> tuple[Factor, list[Stage]]:
    """LSTMs that run forward, frames joined, and more of them (rnnt/model.py, StackTime)."""
    net, given = root["rnnt"], root["input_val"]
    stack = positive(net["enc_stack_time_factor"].int(), MOST_LAYERS)
    bands, size = maybe(given["filterbank_features"]["n_filt"].int), maybe(net["in_feats"].int)
    joined = maybe(lambda: given["frame_splicing"]["frame_stacking"].int(SPLICING))
    if bands and size and joined:
        because = "the encoder reads n_filt bands of every joined frame"
        tie(model, "bins", "equal", size, derived(bands.value * joined.value, bands.where), "crash", because)
    forward = [Stage("pre_rnn", Mixer("LSTM", None, 0), net["enc_pre_rnn_layers"].where)]
    if stack.value > 1:
        forward.append(stacked("stack_time", stack.value, stack.where))
    forward.append(Stage("post_rnn", Mixer("LSTM", None, 0), net["enc_post_rnn_layers"].where))
    return Factor("enc_stack_time_factor", (stack.value,) if stack.value > 1 else (), stack.where), forward


def _block(item: Cursor) -> Block:
    """``repeat`` convolutions of the same kernel, stride and dilation; each of these keys is a list of one."""
    factor = item["kernel_size_factor"].number(Fraction(1)).value
    stride, dilation = _one(item["stride"]), _one(item["dilation"])
    if stride.value > 1 and dilation.value > 1:
        raise NotComputable("only stride or dilation may be greater than 1", stride.where)
    return Block(
        kernels=(odd_kernel(_one(item["kernel_size"]).value, factor),),
        repeat=layers(item["repeat"]).value,
        stride=stride,
        dilation=dilation.value,
        stride_last=False,
        residual=item["residual"].bool(False).value,
        strided_shortcut=False,
        squeezes=False,
        future=-1,
        where=item["kernel_size"].where,
    )


def _one(place: Cursor) -> Value[int]:
    return positive((place[0] if place.is_list() else place).int())
