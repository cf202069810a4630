"""DESED, the baseline of DCASE task 4: convolutions and pooling over mel frames, then recurrence.

Sources: DCASE-REPO/DESED_task, desed_task/nnet/{CNN,CRNN}.py, desed_task/utils/encoder.py, recipes/*/confs.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.coverage import Conv, Mixer, pool, stft
from rflint.dialects.analysis import equal, known, paired
from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.speech_facts import counted, derived
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Duration, Factor, Model, Stack, Stage

NAME, TITLE = "desed", "DESED / DCASE sound event detection (net.pooling, data.net_subsample)"
SCHEMA, LOADER = "desed", "pyyaml"

KERNEL, PADDING, STRIDE = 3, 1, 1  # CNN.py, kernel_size, padding, stride: three layers of each


def recognise(root: Cursor) -> bool:
    return root["net"]["pooling"].is_list() and root["feats"].has("hop_length") and root["data"].has("net_subsample")


def read(root: Cursor) -> Iterator[Model]:
    feats, net = root["feats"], root["net"]
    rate = known(feats["sample_rate"]) or known(root["data"]["fs"])
    model = Model(NAME, sample_rate=rate)
    with model.deriving("frontend"):
        if rate is None:
            raise NotComputable("`feats.sample_rate` is missing", feats.where)
        hop, window = positive(feats["hop_length"].int()), positive(feats["n_window"].int())
        model.durations.append(Duration(hop, "samples", Fraction(rate.value), "step"))
        model.durations.append(Duration(window, "samples", Fraction(rate.value), "window"))
        front = Stage("mel", stft(window.value, hop.value), hop.where)
        factor = Factor("hop_length", (hop.value,), hop.where)
        model.stacks.append(Stack("frontend", "feats", [front], input_rate=rate.value, factors=[factor]))
        with model.deriving("encoder"):
            stages, pooled = _layers(net)
            stages.append(Stage("rnn", Mixer("GRU"), net["rnn_type"].where))
            factors = [factor, Factor("pooling", tuple(pooled), net["pooling"].where)]
            model.stacks.append(Stack("encoder", "CRNN", [front, *stages], input_rate=rate.value, factors=factors))
            _facts(model, root, rate, hop, model.stacks[-1].coverage.step / hop.value)
    for key in ("kernel_size", "padding", "stride", "nb_filters"):
        paired(model, net[key], net["pooling"], "CNN.py takes an entry of each list for every layer")
    equal(
        model,
        known(root["data"]["fs"]),
        rate,
        "clips are loaded at data.fs and analysed at feats.sample_rate",
        "silent",
    )
    yield model


def _layers(net: Cursor) -> tuple[list[Stage], list[int]]:
    """A convolution and an average pooling a layer; the first of a pair is time."""
    stages, pooled = list[Stage](), list[int]()
    for index, pair in enumerate(net["pooling"]):
        kernel, pad = _time(net["kernel_size"], index, KERNEL), _time(net["padding"], index, PADDING)
        stride, size = _time(net["stride"], index, STRIDE), _first(pair)
        conv = Conv(positive(kernel).value, positive(stride).value, 1, (pad.value, pad.value))
        stages.append(Stage(f"cnn.{index}", conv, kernel.where))
        if positive(size).value > 1:
            stages.append(Stage(f"pooling.{index}", pool(size.value), pair.where))
        pooled += [factor for factor in (stride.value, size.value) if factor > 1]
    return stages, pooled


def _time(values: Cursor, index: int, default: int) -> Value[int]:
    return _first(values[index]) if values.exists else Value(default, None, "framework default")


def _first(entry: Cursor) -> Value[int]:
    """The part of an entry that speaks of time: the whole of a number, the first of a pair."""
    return (entry[0] if entry.is_list() else entry).int()


def _facts(model: Model, root: Cursor, rate: Value[int], hop: Value[int], factor: Fraction) -> None:
    subsampling = root["data"]["net_subsample"].int()
    because = "labels are cut into frames of hop_length · net_subsample (desed_task/utils/encoder.py)"
    tie(model, "subsampling", "equal", subsampling, derived(factor), "crash", because)
    counted(model, root["training"]["median_window"], "frames", rate.value / (hop.value * factor))
    counted(model, root["data"]["audio_max_len"], "s", 1)
