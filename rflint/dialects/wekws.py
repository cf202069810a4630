"""wekws: keyword spotting with small causal networks over WeNet's features.

Sources: wekws/model/*.py, wekws/dataset/init_dataset.py, wekws/bin/train.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rflint.coverage import Conv, Layer, Mixer, Parallel, causal, decimate, residual
from rflint.dialects.asr_frontend import layers, positive, tie
from rflint.dialects.speech_facts import (
    Features,
    derived,
    kaldi_features,
    maybe,
    named,
    over_utterance,
    plausible,
    strided,
)
from rflint.dialects.wenet_data import TYPE, features, frame_counts, sample_rate
from rflint.documents import Cursor, Value
from rflint.model import Dead, Model, Stage

NAME, TITLE = "wekws", "wekws keyword spotting (model.backbone)"
SCHEMA, LOADER = "wekws", "pyyaml"

EXPANSION = 1  # init_dataset.py, context_expansion(left=1, right=1)
TCN_KERNEL = 8  # kws_model.py, backbone.get('kernel_size', 8)
DEEPEST = 20
"""Dilations double from layer to layer; more layers than this see hours."""


def recognise(root: Cursor) -> bool:
    model = root["model"]
    return model.has("backbone", "hidden_dim") and named(model["backbone"]["type"], BACKBONES)


def read(root: Cursor) -> Iterator[Model]:
    data, net = root["dataset_conf"], root["model"]
    model = Model(NAME)
    with model.deriving("frontend"):
        rate = model.sample_rate = sample_rate(data)
        made = _features(model, data, rate)
        model.stacks.append(made.stack())
        plausible(model)
        frame_counts(model, data, made)
        with model.deriving("encoder"):
            stages = [*_expanded(data), *_network(net)]
            factors = [strided("frame_skip", stages, data["frame_skip"].where)]
            model.stacks.append(made.encoder("backbone", stages, factors))
    _sizes(model, root)
    _ignored(model, net["backbone"])
    yield model


def _features(model: Model, data: Cursor, rate: Value[int]) -> Features:
    """Current files name the features as WeNet does; older ones describe them in one section."""
    older = data["feature_extraction_conf"]
    if not older.is_mapping():
        return features(model, data, rate)
    name = older["feature_type"].str(TYPE).value
    return kaldi_features(model, rate, older["frame_shift"], older["frame_length"], name)


def _expanded(data: Cursor) -> list[Stage]:
    """Neighbouring frames joined, the right ones dropped at the end; then every n-th frame."""
    stages, skip = [], data["frame_skip"].int(1)
    if data["context_expansion"].bool(False).value:
        left, right = _sides(data)
        where = data["context_expansion_conf"].where
        stages.append(Stage("context_expansion", Conv(left + 1 + right, 1, 1, (left, 0), "stack"), where))
    if skip.value > 1:
        stages.append(Stage("frame_skip", decimate(positive(skip).value), skip.where))
    return stages


def _sides(data: Cursor) -> tuple[int, int]:
    conf = data["context_expansion_conf"]
    left, right = conf["left"].int(EXPANSION), conf["right"].int(EXPANSION)
    return left.value and positive(left).value, right.value and positive(right).value


# -- networks -----------------------------------------------------------------------------------------------------


def _network(net: Cursor) -> list[Stage]:
    stages = []
    if net["preprocessing"]["type"].value == "cnn1d_s1":
        stages.append(Stage("preprocessing", Conv(3), net["preprocessing"]["type"].where))
    stages += BACKBONES[net["backbone"]["type"].str().value](net["backbone"])
    if net["classifier"]["type"].value == "global":
        stages.append(over_utterance("mean over time", net["classifier"]["type"].where))
    return stages


def _gru(backbone: Cursor) -> list[Stage]:
    where = backbone["type"].where
    return [Stage(f"gru.{i}", Mixer("GRU", None, 0), where) for i in range(layers(backbone["num_layers"]).value)]


def _doubling(kernel: Value[int], count: Value[int]) -> list[Layer]:
    """Causal residual convolutions of dilation 1, 2, 4 …"""
    return [residual(causal(kernel.value, 1, 2**i)) for i in range(positive(count, DEEPEST).value)]


def _tcn(backbone: Cursor) -> list[Stage]:
    kernel = positive(backbone["kernel_size"].int(TCN_KERNEL))
    blocks = _doubling(kernel, backbone["num_layers"].int())
    return [Stage(f"network.{i}", block, kernel.where) for i, block in enumerate(blocks)]


def _mdtc(backbone: Cursor) -> list[Stage]:
    """A first block and stacks of doubling dilations; the sum of all stacks sees what the last one sees."""
    kernel = positive(backbone["kernel_size"].int())
    stages = [Stage("preprocessor", residual(causal(kernel.value)), kernel.where)]
    blocks = _doubling(kernel, backbone["stack_size"].int())
    for stack in range(layers(backbone["num_stack"]).value):
        stages += [Stage(f"blocks.{stack}.{i}", block, kernel.where) for i, block in enumerate(blocks)]
    return stages


def _fsmn(backbone: Cursor) -> list[Stage]:
    """Memories padded on the left alone: each layer is late by the right order instead of looking ahead (fsmn.py)."""
    left, right = positive(backbone["left_order"].int()).value, positive(backbone["right_order"].int()).value
    memory = Conv(left, 1, 1, (left - 1 + right, -right)), Conv(1, 1, 1, (right, -right)), causal(right)
    where, count = backbone["left_order"].where, layers(backbone["num_layers"]).value
    return [Stage(f"fsmn.{i}", Parallel(memory), where) for i in range(count)]


BACKBONES: dict[str, Callable[[Cursor], list[Stage]]] = {"gru": _gru, "tcn": _tcn, "mdtc": _mdtc, "fsmn": _fsmn}


# -- facts --------------------------------------------------------------------------------------------------------


def _sizes(model: Model, root: Cursor) -> None:
    """The network reads all bands of the frames joined; without a size it takes those of one frame (train.py)."""
    data, size = root["dataset_conf"], maybe(root["model"]["input_dim"].int)
    kind = maybe(lambda: data["feats_type"].str(TYPE))
    bands = maybe(data[f"{kind.value}_conf"]["num_mel_bins"].int) if kind else None
    if size is None or bands is None:
        return
    with model.deriving("input size"):
        joined = sum(_sides(data)) + 1 if data["context_expansion"].bool(False).value else 1
        because = f"{joined} frames of {bands.value} values are joined"
        tie(model, "bins", "equal", size, derived(bands.value * joined), "crash", because)


def _ignored(model: Model, backbone: Cursor) -> None:
    """FSMN is built with strides of 1 (fsmn.py, _build_repeats)."""
    for key in ("left_stride", "right_stride"):
        value = maybe(backbone[key].int)
        if backbone["type"].value == "fsmn" and value and value.value != 1:
            model.dead.append(Dead(Value(value.value, value.where), None, "wekws/model/fsmn.py uses a stride of 1"))
