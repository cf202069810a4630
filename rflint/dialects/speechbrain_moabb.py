"""SpeechBrain-MOABB: convolutional networks over electroencephalograms (HyperPyYAML).

Sources: speechbrain/benchmarks, benchmarks/MOABB/models/{EEGNet,ShallowConvNet,EEGConformer}.py. Sizes are pairs of time and
electrodes; pooling of speechbrain/nnet/pooling.py drops what does not fill a window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rflint.coverage import Conv, centred, pool
from rflint.dialects.asr_frontend import attention, layers, positive
from rflint.dialects.conformer_blocks import repeated
from rflint.dialects.speech_facts import over_utterance, stated_rate, strided
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Model, Stack, Stage

NAME, TITLE = "speechbrain/moabb", "SpeechBrain-MOABB (EEGNet, ShallowConvNet, EEGConformer)"
SCHEMA, LOADER = "speechbrain_moabb", "ruamel"

TEMPORAL, SPATIAL_POOL = [33, 1], [4, 1]  # EEGNet.py, cnn_temporal_kernelsize, cnn_spatial_pool
SEPARABLE, SEPARABLE_POOL = [17, 1], [8, 1]  # EEGNet.py, cnn_septemporal_kernelsize, cnn_septemporal_pool
SHALLOW, POOL = [13, 1], [38, 1]  # ShallowConvNet.py and EEGConformer.py, cnn_temporal_kernelsize, cnn_poolsize
SHALLOW_STRIDE, CONFORMER_STRIDE = [8, 1], [17, 1]  # cnn_poolstride of the two
ATTENTION_LAYERS = 2  # EEGConformer.py, attn_depth


def recognise(root: Cursor) -> bool:
    return root.is_mapping() and root.document.has_tags and _network(root) is not None


def _network(root: Cursor) -> Cursor | None:
    return next((place for place in root if _class_of(place) in NETWORKS and place.is_mapping()), None)


def _class_of(place: Cursor) -> str:
    return (place.tag or "").removeprefix("!new:models.")


def read(root: Cursor) -> Iterator[Model]:
    network, rate = _network(root), stated_rate(root["sample_rate"])
    model = Model(NAME, sample_rate=rate)
    if network is not None:
        with model.deriving("encoder"):
            stages = [*NETWORKS[_class_of(network)](network), over_utterance("dense layer", network.where)]
            name, factor = _class_of(network).rpartition(".")[2], strided("pooling", stages, network.where)
            model.stacks.append(
                Stack("encoder", name, stages, input_rate=rate.value if rate else None, factors=[factor])
            )
    yield model


def _along_time(place: Cursor, default: list[int]) -> Value[int]:
    """The first of a pair."""
    pair = place.ints(default)
    if len(pair.value) != 2:
        raise NotComputable(f"`{place.key}` is no pair of time and electrodes", pair.where)
    return positive(Value(pair.value[0], pair.where))


def _eegnet(place: Cursor) -> list[Stage]:
    """Two convolutions that keep the length, and a pooling behind each."""
    temporal = _along_time(place["cnn_temporal_kernelsize"], TEMPORAL)
    separable = _along_time(place["cnn_septemporal_kernelsize"], SEPARABLE)
    first = _along_time(place["cnn_spatial_pool"], SPATIAL_POOL)
    second = _along_time(place["cnn_septemporal_pool"], SEPARABLE_POOL)
    return [
        Stage("conv_0", centred(temporal.value), temporal.where or place.where),
        Stage("pool_1", pool(first.value), first.where or place.where),
        Stage("conv_2", centred(separable.value), separable.where or place.where),
        Stage("pool_3", pool(second.value), second.where or place.where),
    ]


def _shallow(place: Cursor, stride: list[int]) -> list[Stage]:
    """A convolution without padding, and a pooling whose size and stride a search chooses one without the other.

    Raises:
        NotComputable: samples lie between what two windows read. A published model has it so; it is no mistake.
    """
    temporal = _along_time(place["cnn_temporal_kernelsize"], SHALLOW)
    size, step = _along_time(place["cnn_poolsize"], POOL), _along_time(place["cnn_poolstride"], stride)
    if step.value > size.value + temporal.value - 1:
        raise NotComputable("the pooling skips samples between its windows", step.where)
    return [
        Stage("conv_0", Conv(temporal.value), temporal.where or place.where),
        Stage("pool_1", pool(size.value, step.value), step.where or place.where),
    ]


def _conformer(place: Cursor) -> list[Stage]:
    depth = layers(place["attn_depth"], ATTENTION_LAYERS)
    attending = repeated("transformer_module", attention(), depth.value, depth.where or place.where)
    return [*_shallow(place, CONFORMER_STRIDE), *attending]


NETWORKS: dict[str, Callable[[Cursor], list[Stage]]] = {
    "EEGNet.EEGNet": _eegnet,
    "ShallowConvNet.ShallowConvNet": lambda place: _shallow(place, SHALLOW_STRIDE),
    "EEGConformer.EEGConformer": _conformer,
}
