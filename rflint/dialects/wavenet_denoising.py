"""WaveNets that denoise speech or separate music: dilated convolutions that look both ways, from samples to samples.

Sources: drethage/speech-denoising-wavenet and francesclluis/source-separation-wavenet, models.py and util.py of both.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import residual, same
from rflint.dialects.analysis import known
from rflint.dialects.asr_frontend import MOST_LAYERS, layers, positive
from rflint.dialects.speech_facts import counted
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Model, Stack, Stage

NAME, TITLE = "wavenet-denoising", "WaveNets for denoising and separation (num_stacks, filters.lengths)"
SCHEMA, LOADER = "wavenet_denoising", "json"

MOST_DOUBLINGS = 20
LENGTHS = ("input_length", "receptive_field_length", "target_field_length")
"""Counted by the program and written into the config of a session; its field leaves out the first and last layers."""


def recognise(root: Cursor) -> bool:
    net = root["model"]
    return net.has("dilations", "num_stacks", "target_field_length") and net["filters"]["lengths"].has("res", "final")


def read(root: Cursor) -> Iterator[Model]:
    net, rate = root["model"], known(root["dataset"]["sample_rate"])
    model = Model(NAME, sample_rate=rate)
    with model.deriving("network"):
        input_rate = rate.value if rate else None
        model.stacks.append(Stack("encoder", "wavenet", list(_stages(net)), input_rate=input_rate))
    if rate is not None:
        for key in LENGTHS:
            counted(model, net[key], "samples", rate.value)
    yield model


def _stages(net: Cursor) -> Iterator[Stage]:
    """A first convolution, stacks of gated ones beside their shortcuts, and two over the sum of what they all gave."""
    lengths = net["filters"]["lengths"]
    size = positive(lengths["res"].int())
    yield Stage("initial_causal_conv", same(size.value), size.where)
    dilations, turns = _dilations(net["dilations"]), layers(net["num_stacks"]).value
    if len(dilations.value) * turns > MOST_LAYERS:
        raise NotComputable(f"{len(dilations.value)} dilations, {turns} times", dilations.where)
    for turn in range(turns):
        for index, dilation in enumerate(dilations.value):
            positive(Value(dilation, dilations.where))
            yield Stage(f"res.{turn}.{index}", residual(same(size.value, dilation)), dilations.where)
    for index, final in enumerate(lengths["final"].ints().value):
        yield Stage(
            f"final.{index}", same(positive(Value(final, lengths["final"].where)).value), lengths["final"].where
        )


def _dilations(place: Cursor) -> Value[list[int]]:
    """A list, or the highest exponent of a dilation that doubles from 1 on."""
    if place.is_list():
        return place.ints()
    highest = place.int()
    if not 0 <= highest.value <= MOST_DOUBLINGS:
        raise NotComputable(f"`dilations` is {highest.value}", highest.where)
    return Value([1 << exponent for exponent in range(highest.value + 1)], highest.where)
