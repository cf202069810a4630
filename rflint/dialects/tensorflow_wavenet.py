"""ibab/tensorflow-wavenet: ``wavenet_params.json``, a stack of dilated causal convolutions from samples to samples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from rflint.coverage import causal
from rflint.dialects.asr_frontend import tie
from rflint.documents import Cursor, Value, Where
from rflint.model import Duration, Model, Stack, Stage, Usual

NAME, TITLE = "tensorflow-wavenet", "ibab/tensorflow-wavenet (wavenet_params.json)"
SCHEMA, LOADER = "tensorflow_wavenet", "json"

INITIAL_FILTER_WIDTH = 32  # wavenet_params.json as shipped; only scalar input has this layer (wavenet/model.py)
SHORTEST, LONGEST = Fraction(1, 5), Fraction(2)
"""Seconds of context. The shipped five cycles of dilations give 320 ms at 16 kHz."""
PAPER = "the network is not conditioned: its field is all it hears, 240 to 300 ms in van den Oord et al. 2016"
CROPPED = "train.py cuts its examples to --sample_size; the samples before the crop are zeros"
_SAMPLE_SIZE = re.compile(r"--sample_size[ =]+([0-9]{1,9})\b")


def recognise(root: Cursor) -> bool:
    """True for the keys of this network; `word_count` is of one that reads frames of MFCCs (taylorlu/wavenet-ctc)."""
    shaped = root.has("filter_width", "dilations", "sample_rate") and root["dilations"].is_list()
    return shaped and not root.has("word_count")


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME)
    with model.deriving("network"):
        rate = root["sample_rate"].int()
        model.sample_rate = rate
        model.stacks.append(Stack("encoder", "wavenet", list(_stages(root)), input_rate=rate.value))
        field = Value(model.stacks[0].coverage.receptive_field, root["dilations"].where, "derived")
        duration = Duration(field, "samples", Fraction(rate.value), "length")
        model.usual.append(Usual(duration, SHORTEST, LONGEST, PAPER, "The receptive field"))
        for crop in _crops(root):
            model.durations.append(Duration(crop, "samples", Fraction(rate.value), "length"))
            tie(model, "field", "at most", field, crop, "silent", CROPPED)
    yield model


def _crops(root: Cursor) -> Iterator[Value[int]]:
    """The crop, an option of train.py, where a comment writes down how it is called."""
    for comment in root.document.comments:
        for match in _SAMPLE_SIZE.finditer(comment.text):
            yield Value(int(match[1]), Where(root.document, ("#", comment.line, "--sample_size")))


def _stages(root: Cursor) -> Iterator[Stage]:
    """The first causal layer and the dilated ones (wavenet/model.py, calculate_receptive_field)."""
    width = root["filter_width"].int()
    first = root["initial_filter_width"].int(INITIAL_FILTER_WIDTH) if root["scalar_input"].bool(False).value else width
    yield Stage("causal_layer", causal(first.value), first.where)
    for index, dilation in enumerate(root["dilations"].ints().value):
        yield Stage(f"dilated_stack.{index}", causal(width.value, 1, dilation), root["dilations"][index].where)
