"""Jasper and QuartzNet of NVIDIA's DeepLearningExamples: block lists over filter-bank frames.

Sources: NVIDIA/DeepLearningExamples, PyTorch/SpeechRecognition/{Jasper,QuartzNet} (common/features.py, jasper/model.py,
quartznet/model.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.dialects.asr_frontend import Frames, lasting, layers, positive, samples, seconds_truncated, stacked
from rflint.dialects.jasper import Block, odd_kernel, stages
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stack, Stage

NAME, TITLE = "nvidia/jasper", "NVIDIA Jasper and QuartzNet (encoder.blocks)"
SCHEMA, LOADER = "nvidia_jasper", "pyyaml"

WINDOW_S, STRIDE_S, SPLICING = Fraction(2, 100), Fraction(1, 100), 1  # common/features.py, FilterbankFeatures
NETWORKS = ("jasper", "quartznet")


def recognise(root: Cursor) -> bool:
    net = _network(root)
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
        front = [made.centred("filterbank_features", mirrored=True), *_spliced(features)]
        hop = Factor("window_stride", (made.hop.value,), stride.where)
        model.stacks.append(Stack("frontend", "filterbank_features", front, input_rate=rate.value, factors=[hop]))
        with model.deriving("encoder"):
            if net is None:
                raise NotComputable("no encoder")
            blocks = [_block(item) for item in net["encoder"]["blocks"]]
            for block in blocks:
                block.state(model)
            strides = Factor("stride", tuple(b.factor for b in blocks if b.factor > 1), net["encoder"]["blocks"].where)
            factors = [hop, *([strides] if strides.terms else [])]
            model.stacks.append(
                Stack("encoder", "encoder", [*front, *stages(blocks, "blocks")], input_rate=rate.value, factors=factors)
            )
    yield model


def _spliced(features: Cursor) -> list[Stage]:
    frames = positive(features["frame_splicing"].int(SPLICING))
    return [stacked("frame_splicing", frames.value, frames.where)] if frames.value > 1 else []


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
