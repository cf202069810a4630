"""DESED, the baseline of DCASE task 4: convolutions and pooling over mel frames, then recurrence; its child FDY-SED.

Sources: DCASE-REPO/DESED_task, desed_task/nnet/{CNN,CRNN}.py, desed_task/utils/encoder.py, recipes/*/confs;
frednam93/FDY-SED, utils/{model,settings,utils}.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from rflint.coverage import Conv, Mixer, pool, stft
from rflint.dialects.analysis import equal, known, paired
from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.speech_facts import counted, derived
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Duration, Factor, Model, Stack, Stage

NAME, TITLE = "desed", "DESED / DCASE sound event detection (pooling, net_subsample)"
SCHEMA, LOADER = "desed", "pyyaml"

KERNEL, PADDING, STRIDE = 3, 1, 1  # CNN.py, kernel_size, padding, stride: three layers of each


class Recipe(NamedTuple):
    """Where a project keeps features, data and network, and how it calls the lists of the layers."""

    feats: Cursor
    data: Cursor
    net: Cursor
    kernel: str = "kernel_size"
    padding: str = "padding"
    filters: str = "nb_filters"

    @property
    def lists(self) -> tuple[str, ...]:
        return self.kernel, self.padding, "stride", self.filters


def _recipe(root: Cursor) -> Recipe:
    if root["CRNN"].is_mapping():
        return Recipe(root["feature"], root["feature"], root["CRNN"], "kernel", "pad", "n_filt")
    return Recipe(root["feats"], root["data"], root["net"])


def recognise(root: Cursor) -> bool:
    recipe = _recipe(root)
    features = recipe.feats.has("hop_length") and recipe.data.has("net_subsample")
    return features and recipe.net["pooling"].is_list()


def read(root: Cursor) -> Iterator[Model]:
    recipe = _recipe(root)
    feats, net = recipe.feats, recipe.net
    loaded = recipe.data.first("fs", "sr")
    rate = known(feats["sample_rate"]) or known(loaded)
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
            stages, pooled = _layers(recipe)
            stages.append(Stage("rnn", Mixer("GRU"), net["rnn_type"].where))
            factors = [factor, Factor("pooling", tuple(pooled), net["pooling"].where)]
            model.stacks.append(Stack("encoder", "CRNN", [front, *stages], input_rate=rate.value, factors=factors))
            _facts(model, root, recipe.data, rate, hop, model.stacks[-1].coverage.step / hop.value)
    for key in recipe.lists:
        paired(model, net[key], net["pooling"], "CNN.py takes an entry of each list for every layer")
    equal(
        model,
        known(loaded),
        rate,
        "clips are loaded at one rate and analysed at the other",
        "silent",
    )
    yield model


def _layers(recipe: Recipe) -> tuple[list[Stage], list[int]]:
    """A convolution and an average pooling a layer; the first of a pair is time."""
    net, stages, pooled = recipe.net, list[Stage](), list[int]()
    for index, pair in enumerate(net["pooling"]):
        kernel, pad = _time(net[recipe.kernel], index, KERNEL), _time(net[recipe.padding], index, PADDING)
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


def _facts(model: Model, root: Cursor, data: Cursor, rate: Value[int], hop: Value[int], factor: Fraction) -> None:
    subsampling = data["net_subsample"].int()
    because = "labels are cut into frames of hop_length · net_subsample (desed_task/utils/encoder.py)"
    tie(model, "subsampling", "equal", subsampling, derived(factor), "crash", because)
    counted(model, root["training"]["median_window"], "frames", rate.value / (hop.value * factor))
    counted(model, data["audio_max_len"], "s", 1)
