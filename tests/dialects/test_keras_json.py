"""Keras models in JSON: three generations, wrappers, graphs, and where time ends."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import JSON, figures, loud, messages, model_of, stack_of

from rflint.engine import explain_text


def layer(kind: str, sources: list[str] | None = None, /, **config: Any) -> dict[str, Any]:
    """A layer of Keras 2, with one call when its sources are given."""
    title = config.pop("name", kind.lower())
    made: dict[str, Any] = {"class_name": kind, "config": {"name": title, **config}, "name": title}
    if sources is not None:
        made["inbound_nodes"] = [[[source, 0, 0, {}] for source in sources]] if sources else []
    return made


def conv(kernel: int, *sources: str, **config: Any) -> dict[str, Any]:
    return layer("Conv1D", list(sources) or None, kernel_size=[kernel], **config)


def sequential(*layers: dict[str, Any], length: int = 1000) -> str:
    first = layer("InputLayer", batch_input_shape=[None, length, 4], name="start")
    return json.dumps({"class_name": "Sequential", "config": {"name": "s", "layers": [first, *layers]}})


def functional(*layers: dict[str, Any], output: str) -> str:
    first = layer("InputLayer", [], batch_input_shape=[None, 1000, 4], name="start")
    config = {"layers": [first, *layers], "input_layers": [["start", 0, 0]], "output_layers": [[output, 0, 0]]}
    return json.dumps({"class_name": "Functional", "config": config})


@pytest.mark.parametrize(
    ("layers", "step", "field"),
    [
        ([conv(7)], 1, 7),
        ([conv(7, strides=[2], padding="same"), layer("MaxPooling1D", pool_size=[3])], 6, 7 + 2 * 2),
        ([conv(4), conv(3, dilation_rate=[4], padding="causal")], 1, 12),
        ([conv(3), layer("MaxPooling1D")], 2, 4),  # pooled by 2 unless stated
        ([conv(3), layer("AveragePooling1D", pool_size=[4], strides=[2])], 2, 6),
        ([conv(3), layer("Dense"), layer("BatchNormalization"), layer("Flatten"), conv(99)], 1, 3),
        ([conv(4, strides=[4]), layer("UpSampling1D", size=4)], 1, 4),
        ([conv(4, strides=[4]), layer("Conv1DTranspose", kernel_size=[4], strides=[4])], 1, 4),
        ([layer("ZeroPadding1D", padding=[2, 0]), conv(3), layer("Cropping1D", cropping=1)], 1, 3),
        ([conv(3), layer("TimeDistributed", layer=layer("Dense")), conv(3)], 1, 5),
        ([conv(3), layer("Sequential", layers=[conv(5), conv(5)])], 1, 11),
    ],
)
def test_chains_are_read_exactly_and_in_silence(layers: list[dict[str, Any]], step: int, field: int) -> None:
    assert (figures(sequential(*layers), name=JSON), loud(sequential(*layers), JSON)) == ((step, field), [])


def test_keras_1_is_read_too() -> None:
    old = [
        {"class_name": "Convolution1D", "config": {"name": "c", "filter_length": 34, "subsample_length": 1}},
        {
            "class_name": "MaxPooling1D",
            "config": {"name": "p", "pool_length": 17, "stride": 17, "border_mode": "valid"},
        },
        {"class_name": "AtrousConvolution1D", "config": {"name": "a", "filter_length": 2, "atrous_rate": 3}},
    ]
    text = json.dumps({"class_name": "Sequential", "keras_version": "1.1.1", "config": old})
    assert figures(text, name=JSON) == (17, 34 + 16 + 3 * 17)


def test_keras_3_names_its_tensors_by_history() -> None:
    def call(source: str) -> list[dict[str, Any]]:
        tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": [source, 0, 0]}}
        return [{"args": [tensor], "kwargs": {}}]

    layers = [
        {**layer("InputLayer", batch_shape=[None, 1000, 4], name="start"), "inbound_nodes": []},
        {**conv(5, name="one"), "inbound_nodes": call("start")},
        {**conv(3, name="two"), "inbound_nodes": call("one")},
    ]
    config = {"layers": layers, "input_layers": ["start", 0, 0], "output_layers": ["two", 0, 0]}
    text = json.dumps({"module": "keras", "class_name": "Functional", "config": config})
    assert figures(text, name=JSON) == (1, 7)


@pytest.mark.parametrize("wrap", [lambda net: {"modelTopology": net}, lambda net: {"modelTopology": {"model_config": net}},
                                  lambda net: {"model_config": net, "training_config": {}}])  # fmt: skip
def test_wrappers_are_opened(wrap: Any) -> None:
    assert figures(json.dumps(wrap(json.loads(sequential(conv(9))))), name=JSON) == (1, 9)


def test_branches_that_meet_are_their_union() -> None:
    same = {"padding": "same"}
    text = functional(
        conv(3, "start", name="stem", **same),
        conv(5, "stem", name="wide", **same),
        layer("Add", ["stem", "wide"], name="sum"),
        output="sum",
    )
    assert (figures(text, name=JSON), loud(text, JSON)) == ((1, 7), [])
    uneven = text.replace('"kernel_size": [5], "padding": "same"', '"kernel_size": [5]')
    assert ("RF203", "error") in loud(uneven, JSON)


def test_recurrence_looks_everywhere_and_may_end_time() -> None:
    both = layer("Bidirectional", layer=layer("LSTM", return_sequences=True))
    assert [mixer.sides for mixer in stack_of(sequential(conv(3), both), name=JSON).coverage.unbounded_by] == ["both"]
    assert figures(sequential(conv(3), layer("GRU", return_sequences=False), conv(5)), name=JSON) == (1, 3)


def test_layers_that_are_not_known_end_the_stack_with_a_note() -> None:
    model = model_of(sequential(conv(3), layer("Lambda"), conv(5)), JSON)
    assert [stack.coverage.receptive_field for stack in model.stacks] == [3]
    assert ["Lambda" in note.reason for note in model.notes] == [True]


def test_an_input_shorter_than_the_stack_is_reported() -> None:
    text = sequential(conv(21), conv(21), length=30)
    assert loud(text, JSON) == [("RF506", "error")]
    assert "41" in messages(text, JSON)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"class_name": "Sequential", "config": [layer("Conv2D", kernel_size=[3, 3])]}),
        json.dumps({"class_name": "Sequential", "config": [layer("Dense")]}),
        json.dumps({"class_name": "Conv1D", "config": {"kernel_size": [3]}}),
        json.dumps({"class_name": "x", "config": {"layers": [1, "MaxPooling1D"]}}),
    ],
)
def test_what_has_no_time_of_one_dimension_is_not_claimed(text: str) -> None:
    assert explain_text(text, JSON) == () and loud(text, JSON) == []


def test_a_graph_in_circles_ends() -> None:
    text = functional(conv(3, "two", name="one"), conv(3, "one", name="two"), output="two")
    assert loud(text, JSON) == []


# -- two dimensions -----------------------------------------------------------------------------------------------


def plane(axis: int | None, *layers: dict[str, Any], shape: tuple[int, ...] = (200, 200, 200)) -> str:
    first = layer("InputLayer", batch_input_shape=[None, *shape], name="start")
    net = {"class_name": "Sequential", "config": {"name": "s", "layers": [first, *layers]}}
    return json.dumps({"x-rflint": {"axis": axis}, **net} if axis is not None else net)


def conv2(kernel: object, strides: object, **config: Any) -> dict[str, Any]:
    return layer("Conv2D", kernel_size=kernel, strides=strides, **config)


PAIRS = [conv2([11, 41], [2, 2]), layer("BatchNormalization"), conv2([11, 21], [1, 2])]


@pytest.mark.parametrize(
    ("axis", "layers", "step", "field"),
    [
        (1, PAIRS, 2, 31),
        (2, PAIRS, 4, 81),
        (1, [conv2(3, 2), layer("MaxPooling2D", pool_size=[2, 4])], 4, 5),
        (2, [conv2(3, 2), layer("MaxPooling2D", pool_size=[2, 4])], 8, 9),
        (3, [conv2([11, 41], [2, 1], data_format="channels_first")], 1, 41),
        (1, [layer("ZeroPadding2D", padding=[[2, 0], [0, 0]]), conv2([3, 1], [1, 1])], 1, 3),
        (1, [layer("ZeroPadding2D", padding=[1, 0]), conv2([3, 1], [1, 1]), layer("GlobalAveragePooling2D")], 1, 3),
        (2, [conv2([1, 4], [1, 4]), layer("UpSampling2D", size=[1, 4])], 1, 4),
    ],
)
def test_of_two_dimensions_the_stated_one_is_read(
    axis: int, layers: list[dict[str, Any]], step: int, field: int
) -> None:
    assert (figures(plane(axis, *layers), name=JSON), loud(plane(axis, *layers), JSON)) == ((step, field), [])


@pytest.mark.parametrize("axis", [None, 0, 7])
def test_networks_of_two_dimensions_are_left_alone_without_an_axis(axis: int | None) -> None:
    assert explain_text(plane(axis, *PAIRS), JSON) == ()


def test_an_axis_that_is_none_of_the_layer_ends_the_derivation() -> None:
    (model,) = explain_text(plane(3, *PAIRS), JSON)

    assert model.stacks == []
    assert "axis 3 is no dimension of Conv2D" in model.notes[0].reason


def test_an_input_that_is_too_short_along_time() -> None:
    assert loud(plane(1, *PAIRS, shape=(20, 80, 1)), JSON) == [("RF506", "error")]


@pytest.mark.parametrize(
    ("layers", "told"),
    [
        (PAIRS, False),
        ([conv2([11, 41], [2, 2]), conv2([21, 11], [2, 1])], True),
        ([conv2([41, 11], [2, 2]), conv2([21, 11], [1, 2])], True),
        ([conv2([3, 3], [2, 1]), conv2([3, 3], [2, 2])], False),
        ([conv2(3, 2), conv2([3, 9], [1, 2])], False),
    ],
)
def test_pairs_in_both_orders_are_told_quietly(layers: list[dict[str, Any]], told: bool) -> None:
    text = plane(1, *layers)

    assert loud(text, JSON) == []
    assert ("Pairs in both orders" in messages(text, JSON)) is told
