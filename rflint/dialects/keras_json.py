"""Keras models saved as JSON (to_json, tfjs model.json): their layers along time, from input to where time ends.

Which axis of two is time is not in the file: such networks are left alone unless ``x-rflint: {axis: 1}`` says so.
Sources: keras-team/keras (keras/src/models/{sequential,functional}.py), tensorflowjs converters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rflint.coverage import CoverageError, Mixer, Parallel, Sequence as Chain
from rflint.dialects.analysis import known
from rflint.dialects.asr_frontend import tie
from rflint.dialects.keras_layers import COLLAPSING, MERGES, PLANE, POINTWISE, TEMPORAL, layer_of, recurrence
from rflint.dialects.native_words import block_of
from rflint.dialects.speech_facts import derived, maybe, named
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Model, Plane, Stack, Stage

NAME, TITLE = "keras-json", "Keras models in JSON with layers of one dimension"
SCHEMA, LOADER = "keras_json", "json"

DEEPEST = 20
"""Models within models."""
MODELS = ("Sequential", "Model", "Functional")


class Path(NamedTuple):
    """The layers from an input to a tensor; ``open`` while the tensor still has positions along time."""

    stages: tuple[Stage, ...] = ()
    open: bool = True


Tensor = tuple[str, int]
"""A layer by its name, and which of its calls."""


def recognise(root: Cursor) -> bool:
    net = _unwrapped(root)
    temporal = TEMPORAL if _axis(root) is None else (*TEMPORAL, *PLANE)
    return net is not None and any(named(layer["class_name"], temporal) for layer in _all_layers(net["config"]))


def _axis(root: Cursor) -> int | None:
    """The axis of the tensors that is time, which a native block states; 0 is the batch."""
    block = block_of(root)
    return block["axis"].value if block is not None and block["axis"].value in (1, 2, 3) else None


def _unwrapped(root: Cursor) -> Cursor | None:
    """The model itself, inside what tfjs and HDF5 dumps put around it."""
    topology = root["modelTopology"]
    for place in (root, topology["model_config"], topology, root["model_config"]):
        if named(place["class_name"], MODELS) or _layers(place["config"]):
            return place
    return None


def _layers(config: Cursor) -> list[Cursor]:
    """``config.layers``; for Sequential of Keras 1 to 2.2.2 ``config`` itself."""
    layers = config if config.is_list() else config["layers"]
    return [layer for layer in layers if layer.has("class_name", "config")] if layers.is_list() else []


def _all_layers(config: Cursor, depth: int = 0) -> Iterator[Cursor]:
    for layer in _layers(config):
        yield layer
        if depth < DEEPEST:
            yield from _all_layers(layer["config"], depth + 1)


def read(root: Cursor) -> Iterator[Model]:
    net = _unwrapped(root)
    model = Model(NAME)
    if net is not None:
        walk = _Walk(model, _axis(root))
        with model.deriving("layers"):
            for path in walk.through(net["config"], Path(), 0):
                walk.ended(path)
        for stages in walk.found:
            with model.deriving("encoder"):
                model.stacks.append(Stack("encoder", stages[-1].name, stages, input_unit="positions"))
        _shortest(model, net, _axis(root))
        if _axis(root) is not None:
            model.planes += _planes(net["config"])
    yield model


class _Walk:
    """Goes through the layers in the order of the file, which is that of the calls."""

    def __init__(self, model: Model, axis: int | None) -> None:
        self.model = model
        self.axis = axis
        self.found: list[tuple[Stage, ...]] = []

    def ended(self, path: Path) -> None:
        """Keep what leads to a place where time ends: once, and not what is part of a longer way."""
        ways = [way for way in (*self.found, path.stages) if any(stage.layer.kind != "mixer" for stage in way)]
        unique = {tuple(stage.name for stage in way): way for way in ways}
        self.found = [
            way
            for names, way in unique.items()
            if not any(names == other[: len(names)] for other in unique if other != names)
        ]

    def through(self, config: Cursor, start: Path, depth: int) -> list[Path]:
        """The ends of a model that is fed ``start``."""
        if depth > DEEPEST:
            raise NotComputable("models nested too deep", config.where)
        tensors: dict[Tensor, Path | None] = {}
        last: Path | None = start
        for layer in _layers(config):
            name = layer["name"].str(layer["config"]["name"].str("").value).value
            calls = _calls(layer["inbound_nodes"])
            for index, sources in enumerate(calls or [None]):
                inputs = [last] if sources is None else [tensors.get(source) for source in sources]
                if layer["class_name"].value == "InputLayer":
                    inputs = [start]
                last = self._called(layer, inputs, depth)
                tensors[name, index] = last
        outputs = _tensors(config["output_layers"].value) if config.is_mapping() else []
        ends = [tensors.get(tensor) for tensor in outputs] or [last]
        return [path for path in ends if path is not None and path.open]

    def _called(self, layer: Cursor, inputs: Sequence[Path | None], depth: int) -> Path | None:
        """A layer applied; None for what is not known, which ends the ways that lead there."""
        known = [path for path in inputs if path is not None]
        if len(known) < len(inputs) or not known:
            for path in known:
                self.ended(path)
            return None
        try:
            return self._applied(layer, known, depth)
        except NotComputable as problem:
            for path in known:
                self.ended(path)
            with self.model.deriving(layer["class_name"].str("layer").value):
                raise problem
            return None

    def _applied(self, layer: Cursor, inputs: list[Path], depth: int) -> Path:
        name, config = layer["class_name"].str().value, layer["config"]
        alive = [path for path in inputs if path.open]
        if not alive:
            return inputs[0]
        if name in MERGES or (len(alive) > 1 and name.endswith("Attention")):
            alive = [self._merged(alive)]
            if name in MERGES:
                return alive[0]
        path = alive[0]
        if name in POINTWISE or (name == "TimeDistributed" and named(config["layer"]["class_name"], POINTWISE)):
            return path
        if name in COLLAPSING:
            self.ended(path)
            return Path(path.stages, open=False)
        return self._along(layer, name, config, path, depth)

    def _along(self, layer: Cursor, name: str, config: Cursor, path: Path, depth: int) -> Path:
        where, title = layer["class_name"].where, config["name"].str(name).value
        recurrent = recurrence(name, config)
        if recurrent is not None:
            mixer, open_ = recurrent
            further = (*path.stages, Stage(title, mixer, where))
            if not open_:
                self.ended(Path(further))
            return Path(further, open_)
        if name in TEMPORAL:
            return Path((*path.stages, Stage(title, layer_of(name, config), where)))
        if name in PLANE and self.axis is not None:
            index = self.axis - (2 if config["data_format"].value == "channels_first" else 1)
            if index not in (0, 1):
                raise NotComputable(f"axis {self.axis} is no dimension of {name}", where)
            return Path((*path.stages, Stage(title, layer_of(name, config, index), where)))
        if name.endswith("Attention"):
            return Path((*path.stages, Stage(title, Mixer("attention"), where)))
        if _layers(config):
            ends = self.through(config, path, depth + 1)
            return ends[0] if ends else Path(path.stages, open=False)
        raise NotComputable(f"what {name} does along time is not known", where)

    def _merged(self, paths: list[Path]) -> Path:
        """Branches that meet, behind what they have in common."""
        ways = list(dict.fromkeys(path.stages for path in paths))
        if len(ways) == 1:
            return paths[0]
        common = 0
        while all(len(way) > common for way in ways) and len({id(way[common]) for way in ways}) == 1:
            common += 1
        branches = tuple(Chain(tuple(stage.layer for stage in way[common:])) for way in ways)
        longest = max(ways, key=len)
        return Path((*longest[:common], Stage(f"{longest[-1].name} merged", Parallel(branches), longest[-1].where)))


# -- the graph ----------------------------------------------------------------------------------------------------


def _calls(nodes: Cursor) -> list[list[Tensor]]:
    """The calls of a layer, each with the tensors it takes."""
    value = nodes.value
    return [_tensors(node) for node in value if node] if isinstance(value, list) else []


def _tensors(node: object) -> list[Tensor]:
    """The tensors in a call: ``["layer", node, tensor]``, or Keras 3's ``keras_history``, at any depth."""
    found, open_ = list[Tensor](), [node]
    while open_:
        item = open_.pop()
        if isinstance(item, dict):
            history = item.get("keras_history")
            open_ += [history] if history else reversed(list(item.values()))
        elif isinstance(item, list):
            if len(item) >= 3 and isinstance(item[0], str) and isinstance(item[1], int):
                found.append((item[0], item[1]))
            else:
                open_ += reversed(item)
    return found


# -- facts --------------------------------------------------------------------------------------------------------


def _planes(config: Cursor) -> Iterator[Plane]:
    """Kernels and strides of the convolutions of two dimensions."""
    for layer in _all_layers(config):
        kernel, stride = (maybe(layer["config"][key].ints) for key in ("kernel_size", "strides"))
        if named(layer["class_name"], PLANE) and kernel and stride and len(kernel.value) == len(stride.value) == 2:
            yield Plane(kernel, stride)


def _shortest(model: Model, net: Cursor, axis: int | None) -> None:
    """The length of the input against the shortest that gives a position."""
    lengths = [length for layer in _all_layers(net["config"]) for length in _length(layer["config"], axis)]
    if len(model.stacks) != 1 or len({length.value for length in lengths}) != 1:
        return
    with model.deriving("shortest input"):
        least = shortest(model.stacks[0])
        tie(model, "minimum", "at most", derived(least), lengths[0], "crash", "Keras refuses negative sizes")


def _length(config: Cursor, axis: int | None) -> Iterator[Value[int]]:
    """The positions of an input of three axes: batch, position, channel; of four along the one that is time."""
    shape = config.first("batch_input_shape", "batch_shape")
    axes = len(shape.value) if isinstance(shape.value, list) else 0
    places = [shape[1]] if axes == 3 else [shape[axis]] if axes == 4 and axis else [config["input_length"]]
    for place in places:
        length = known(place)
        if length is not None:
            yield length


def shortest(stack: Stack) -> int:
    """The shortest input that gives a position. Raises `NotComputable` when none does."""
    try:
        return stack.coverage.min_input()
    except CoverageError as error:
        raise NotComputable(str(error)) from error
