"""Bonito and Dorado: basecallers over the current of a nanopore, in TOML; a model folder holds one config.toml.

Sources: nanoporetech/bonito (bonito/nn.py, bonito/crf/model.py, bonito/ctc/model.py, bonito/transformer/model.py,
bonito/util.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

from rflint.coverage import Conv, Layer, Mixer, Parallel, Repeat, Sequence as Chain, nearest
from rflint.dialects.asr_frontend import layers as counted_layers, positive, tie
from rflint.dialects.speech_facts import derived, maybe
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stack, Stage

NAME, TITLE = "bonito", "Bonito and Dorado basecallers (config.toml)"
SCHEMA, LOADER = "bonito", "json"

STRIDE, WINDOW, RECURRENT = 5, 19, 5  # crf/model.py, rnn_encoder: stride, winlen, num_layers
FIRST = 5  # rnn_encoder: ks of the two convolutions in front
ROUNDED = "load_model rounds it down to whole strides without a word (util.py); without koi the stitching rounds"
FIRST_ONLY = "the basecaller takes the stride of the first block for that of the model (ctc/model.py, Model)"
POINTWISE = ("clamp", "permute", "linear", "linearcrfencoder", "swish", "relu", "tanh", "batchnorm")


def recognise(root: Cursor) -> bool:
    package = root["model"]["package"].value
    return isinstance(package, str) and package.startswith("bonito.")


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME)
    rate = model.sample_rate = maybe(lambda: positive(root["run_info"]["sample_rate"].int()))
    with model.deriving("encoder"):
        stages = list(_stages(root))
        strides = [stage.layer.step.numerator for stage in stages if stage.layer.step > 1]
        place = next((stage.where for stage in stages if stage.layer.step > 1), None)
        factors = [Factor("stride", tuple(strides), place)] if all(s.layer.step >= 1 for s in stages) else []
        input_rate = rate.value if rate else None
        model.stacks.append(Stack("encoder", "basecaller", stages, input_rate=input_rate, factors=factors))
        _chunks(model, root["basecaller"], derived(model.stacks[0].coverage.step, place))
        if root["block"].is_list():
            first = root["block"][0]["stride"][0].int()
            tie(model, "subsampling", "equal", first, derived(model.stacks[0].coverage.step), "silent", FIRST_ONLY)
    yield model


def _chunks(model: Model, caller: Cursor, stride: Value[int]) -> None:
    """Chunks of a read, and what they share: half of it is cut from each when they are stitched."""
    for key, times in (("chunksize", 1), ("overlap", 2)):
        amount = maybe(caller[key].int)
        if amount is not None and amount.value > 0:
            unit = derived(stride.value * times, stride.where)
            tie(model, "chunk", "multiple", amount, unit, "repaired", ROUNDED)


def _stages(root: Cursor) -> Iterator[Stage]:
    if root["block"].is_list():
        yield from (Stage(f"block.{i}", _block(block), block["kernel"].where) for i, block in enumerate(root["block"]))
    elif root["encoder"].is_mapping() and not root["encoder"]["type"].exists:
        yield from _older(root["encoder"])
    else:
        encoder = root["encoder"] if root["encoder"].exists else root["model"]["encoder"]
        yield from _built(encoder, "encoder")


def _block(block: Cursor) -> Layer:
    """A QuartzNet block: convolutions of one shape, and past them a pointwise one where it is residual."""
    kernel, stride, dilation = (positive(block[key][0].int()).value for key in ("kernel", "stride", "dilation"))
    conv = Conv(kernel, stride, dilation, (kernel // 2 * dilation,) * 2)
    repeated = Repeat(counted_layers(block["repeat"]).value, conv)
    return Parallel((repeated, Chain())) if block["residual"].bool(False).value else repeated


def _older(encoder: Cursor) -> Iterator[Stage]:
    """Three convolutions and recurrence that alternates its direction, by a few numbers."""
    window, stride = positive(encoder["winlen"].int(WINDOW)), positive(encoder["stride"].int(STRIDE))
    for index in range(2):
        yield Stage(f"conv.{index}", Conv(FIRST, 1, 1, (FIRST // 2,) * 2))
    padding = (window.value // 2,) * 2
    yield Stage("conv.2", Conv(window.value, stride.value, 1, padding), stride.where or window.where)
    count = counted_layers(encoder["num_layers"], RECURRENT).value
    for index in range(count):
        yield Stage(f"rnn.{index}", _recurrence(encoder["rnn_type"].str("lstm").value, (count - index) % 2 == 1))


def _recurrence(name: str, reverse: bool) -> Mixer:
    return Mixer(name, 0, None) if reverse else Mixer(name, None, 0)


# -- layers by their type -----------------------------------------------------------------------------------------


def _built(layer: Cursor, name: str, depth: int = 0) -> Iterator[Stage]:
    """The layers of a description (nn.py, from_dict)."""
    kind = layer["type"].str().value
    if depth > 20:
        raise NotComputable("layers nested too deep", layer.where)
    if kind in ("serial", "namedserial"):
        for part in layer["sublayers"] if kind == "serial" else layer:
            if part.is_mapping():
                yield from _built(part, f"{name}.{part.path[-1]}", depth + 1)
    elif kind == "stack":
        inner = Chain(tuple(stage.layer for stage in _built(layer["layer"], name, depth + 1)))
        yield Stage(name, Repeat(counted_layers(layer["depth"]).value, inner), layer["depth"].where)
    elif kind in _LAYERS:
        yield Stage(name, _LAYERS[kind](layer), layer["winlen"].where if layer["winlen"].exists else layer.where)
    elif kind not in POINTWISE:
        raise NotComputable(f"a layer of type {kind} is not known", layer["type"].where)


def _convolution(layer: Cursor) -> Layer:
    padding = layer["padding"].int(0).value
    return Conv(positive(layer["winlen"].int()).value, positive(layer["stride"].int(1)).value, 1, (padding, padding))


def _attention(layer: Cursor) -> Layer:
    window = layer["attn_window"]
    if not window.given:
        return Mixer("attention")
    left, right = (None if side < 0 else side for side in (window[0].int().value, window[1].int().value))
    return Mixer("attention", left, right)


_LAYERS: dict[str, Callable[[Cursor], Layer]] = {
    "convolution": _convolution,
    "lstm": lambda layer: _recurrence("lstm", cast(bool, layer["reverse"].value) in (True, 1)),
    "linearupsample": lambda layer: nearest(positive(layer["scale_factor"].int()).value),
    "transformerencoderlayer": _attention,
}
