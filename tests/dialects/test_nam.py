"""Neural Amp Modeler: causal nets, by training config and by exported model."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import JSON, figures, loud, model_of, stack_of

from rflint.engine import explain_text

ARRAY = {"channels": 8, "kernel_size": 3, "dilations": [1, 2, 4], "head": {"out_channels": 1, "kernel_size": 1}}


def training(name: str, config: dict[str, Any]) -> str:
    return json.dumps({"net": {"name": name, "config": config}, "optimizer": {"lr": 0.004}})


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (training("ConvNet", {"channels": 8}), 16),  # dilations 1, 2, 4, 8
        (training("ConvNet", {"dilations": [1, 2, 4, 8, 16]}), 32),
        (training("WaveNet", {"layers_configs": [ARRAY, ARRAY]}), 1 + 2 * 14),
        (
            training(
                "WaveNet", {"layers_configs": [{**ARRAY, "head": {"kernel_size": 5}}], "head": {"kernel_sizes": [3]}}
            ),
            21,
        ),
        (training("WaveNet", {"layers_configs": [{**ARRAY, "kernel_size": [2, 3, 4]}]}), 1 + 1 + 4 + 12),
        (training("Linear", {"receptive_field": 4096}), 4096),
        (training("LSTM", {"num_layers": 1}), 1),
        (
            json.dumps({"architecture": "WaveNet", "config": {"layers": [ARRAY]}, "weights": [], "sample_rate": 48000}),
            15,
        ),
    ],
)
def test_nets_are_read_exactly_and_in_silence(text: str, field: int) -> None:
    assert (figures(text, name=JSON), loud(text, JSON)) == ((1, field), [])
    assert stack_of(text, name=JSON).coverage.right == 0  # nothing ahead


def test_every_size_of_a_container_is_a_model() -> None:
    sizes = [{"dilations": [1, 2]}, {"dilations": [1, 2, 4]}]
    nets = [{"architecture": "WaveNet", "config": {"layers": [{**ARRAY, **size}]}, "weights": []} for size in sizes]
    container = {"submodels": [{"max_value": 0.5 * i, "model": net} for i, net in enumerate(nets, 1)]}
    exported = {"architecture": "SlimmableContainer", "config": container, "weights": [], "sample_rate": 48000}

    models = explain_text(json.dumps(exported), "amp.nam")

    assert [model.stacks[0].coverage.receptive_field for model in models] == [7, 15]
    assert [model.sample_rate.value for model in models if model.sample_rate] == [48000, 48000]


def test_lists_that_differ_are_reported() -> None:
    assert loud(training("WaveNet", {"layers_configs": [{**ARRAY, "kernel_size": [3, 3]}]}), JSON) == [
        ("RF201", "error")
    ]


@pytest.mark.parametrize("change", [{"dilations": [1 << 40]}, {"dilations": "x"}, {"kernel_size": 0}])
def test_what_cannot_be_is_a_note(change: dict[str, Any]) -> None:
    assert model_of(training("WaveNet", {"layers_configs": [{**ARRAY, **change}]}), JSON).notes


def test_a_conditioning_net_joins_behind_the_first_convolution() -> None:
    layers = [{"dilations": [1, 2], "kernel_size": 3}]
    front = {"name": "WaveNet", "config": {"layers_configs": [{"dilations": [1, 2, 8], "kernel_size": 3}]}}
    config = {"layers_configs": layers, "condition_dsp": front}
    text = json.dumps({"net": {"name": "WaveNet", "config": config}})
    twice = json.dumps({"net": {"name": "WaveNet", "config": {**config, "condition_dsp": {**front, "config": config}}}})
    (stack,) = model_of(text).stacks

    assert stack.coverage.receptive_field == 1 + 2 * (1 + 2 + 8) + 2 * 2
    assert model_of(twice).stacks == [] and "conditioning" in model_of(twice).notes[0].reason


def test_a_condition_that_scales_what_the_convolution_reads_passes_it_too() -> None:
    front = {"architecture": "WaveNet", "config": {"layers": [{"dilations": [1, 2, 8], "kernel_size": 3}]}}
    for film in ({"conv_pre_film": {"active": True}}, {"film_params": {"conv_pre_film": True}}):
        config = {"layers": [{"dilations": [1, 2], "kernel_size": 3, **film}], "condition_dsp": front}
        (stack,) = model_of(json.dumps({"architecture": "WaveNet", "config": config, "weights": [0.0]})).stacks

        assert stack.coverage.receptive_field == 1 + 2 * (1 + 2 + 8) + 2 * (1 + 2)
