"""Neural Amp Modeler: causal nets over the waveform of an amplifier, in training configs and exported models.

Sources: sdatkinson/neural-amp-modeler, nam/models/{conv_net,linear,recurrent}.py, nam/models/wavenet/.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import Layer, Mixer, Parallel, Sequence, causal
from rflint.dialects.analysis import known, paired
from rflint.dialects.asr_frontend import positive
from rflint.dialects.speech_facts import named
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Model, Stack, Stage

NAME, TITLE = "nam", "Neural Amp Modeler (net.name, net.config; exported models)"
SCHEMA, LOADER = "nam", "json"

CONVNET_KERNEL, CONVNET_DILATIONS = 2, [1, 2, 4, 8]  # nam/models/conv_net.py, from_config
HEAD = 1  # nam/models/wavenet, head kernel_size
ARCHITECTURES = ("WaveNet", "ConvNet", "LSTM", "Linear")
CONTAINER, MOST_SIZES = "SlimmableContainer", 100
"""One net in several sizes, each a whole exported model."""


def recognise(root: Cursor) -> bool:
    trained = named(root["net"]["name"], ARCHITECTURES) and root["net"]["config"].is_mapping()
    return trained or _is_exported(root) or _is_container(root)


def _is_exported(root: Cursor) -> bool:
    return named(root["architecture"], ARCHITECTURES) and root.has("config", "weights")


def _is_container(root: Cursor) -> bool:
    return root["architecture"].value == CONTAINER and root["config"]["submodels"].is_list()


def read(root: Cursor) -> Iterator[Model]:
    net = root["net"]
    if net.is_mapping():
        yield _model(net["name"], net["config"], known(root["sample_rate"]))
    elif _is_container(root):
        for entry in list(root["config"]["submodels"])[:MOST_SIZES]:
            if _is_exported(entry["model"]):
                yield _of_file(entry["model"], root)
    else:
        yield _of_file(root, root)


def _of_file(exported: Cursor, root: Cursor) -> Model:
    rate = known(exported["sample_rate"]) or known(root["sample_rate"])
    return _model(exported["architecture"], exported["config"], rate)


def _model(name: Cursor, config: Cursor, rate: Value[int] | None) -> Model:
    model = Model(NAME, name.str("").value, sample_rate=rate)
    with model.deriving("encoder"):
        stages = _stages(model, name.str().value, config)
        stages = stages or [Stage("net", causal(1), name.where)]
        model.stacks.append(Stack("encoder", name.str().value, stages, input_rate=rate.value if rate else None))
    return model


def _stages(model: Model, name: str, config: Cursor) -> list[Stage]:
    if name == "Linear":
        field = positive(config["receptive_field"].int())
        return [Stage("net", causal(field.value), field.where)]
    if name == "LSTM":
        return [Stage("lstm", Mixer("LSTM", None, 0), config["num_layers"].where)]
    if name == "ConvNet":
        dilations = config["dilations"].ints(CONVNET_DILATIONS)
        where = dilations.where
        return [Stage(f"blocks.{i}", _conv(CONVNET_KERNEL, d, config), where) for i, d in enumerate(dilations.value)]
    return _wavenet(model, config)


def _conv(kernel: int, dilation: int, place: Cursor) -> Layer:
    """Unpadded, and counted from its last tap: an output sees its own sample and those before."""
    if not 1 <= dilation <= 10**9:
        raise NotComputable(f"a dilation of {dilation}", place.where)
    return causal(kernel, 1, dilation)


def _wavenet(model: Model, config: Cursor) -> list[Stage]:
    """Arrays of dilated layers, each with a head of its own; one more head behind them."""
    stages = list[Stage]()
    arrays = config.first("layers_configs", "layers")
    for number, array in enumerate(arrays):
        stages += _array(model, array, number)
    for kernel in config["head"]["kernel_sizes"].ints([]).value:
        stages.append(Stage("head", _conv(kernel, 1, config["head"]), config["head"].where))
    if not stages:
        raise NotComputable("no layers", arrays.where)
    if config["condition_dsp"].given:
        condition = _condition(model, config["condition_dsp"])
        if _enters_before(arrays[0]):
            return [Stage("condition", Parallel((causal(1), condition)), config["condition_dsp"].where), *stages]
        stages[0] = stages[0]._replace(layer=Parallel((stages[0].layer, condition)))
    return stages


def _enters_before(array: Cursor) -> bool:
    """Whether the condition scales what the convolution reads (FiLM, wavenet/_layer_array.py), and so passes it, too."""
    film = array.first("conv_pre_film", "film_params")
    film = film["conv_pre_film"] if film.key == "film_params" else film
    return film.value is True or film["active"].value is True


def _condition(model: Model, net: Cursor) -> Layer:
    """The net that makes the condition, which joins behind the convolution of every layer; behind the first it reaches most."""
    if net["condition_dsp"].given or net["config"]["condition_dsp"].given:
        raise NotComputable("a conditioning net that has one itself is not read", net.where)
    name = net.first("name", "architecture").str().value
    return Sequence(tuple(stage.layer for stage in _stages(model, name, net["config"])))


def _array(model: Model, array: Cursor, number: int) -> list[Stage]:
    dilations, stated = array["dilations"].ints(), array.first("kernel_sizes", "kernel_size")
    kernels = stated.ints().value if stated.is_list() else [positive(stated.int()).value] * len(dilations.value)
    paired(model, stated, array["dilations"], "a kernel for every dilation (asserted in nam/models/wavenet)")
    stages = [
        Stage(f"layers.{number}.{i}", _conv(kernel, dilation, array), array["dilations"][i].where)
        for i, (kernel, dilation) in enumerate(zip(kernels, dilations.value, strict=False))
    ]
    head = positive(array["head"]["kernel_size"].int(HEAD)) if array["head"].is_mapping() else None
    if head and head.value > 1:
        stages.append(Stage(f"layers.{number}.head", causal(head.value), head.where))
    return stages
