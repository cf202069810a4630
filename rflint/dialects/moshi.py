"""Moshi and its kin (kyutai-labs/moshi): language models over Mimi's frames, and Mimi's own config.

Source: moshi/moshi/models/loaders.py, lm.py, compression.py. A language model's JSON says nothing of Mimi but its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from rflint.coverage import attention, seanet, transposed_seanet
from rflint.dialects.analysis import known
from rflint.dialects.codec_facts import both, exact, tie
from rflint.dialects.codec_graphs import Seanet, SeanetDefaults
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Duration, Factor, Model, Stack, Stage

NAME, TITLE = "moshi", "Moshi language models (delays, depformer) and Mimi (seanet, frame_rate)"
SCHEMA, LOADER = "moshi", "json"

# loaders.py, _mimi_config, _seanet_kwargs, _transformer_kwargs
RATE, FRAME_RATE = 24000, Fraction(25, 2)
MIMI = SeanetDefaults(ratios=(8, 6, 5, 4), last=3, causal=True)
LAYERS, CONTEXT = 8, 250

STREAMS = "one text stream and n_q of codes, each with its delay: LMModel asserts it"
WITHIN = "the depformer goes through dep_q codebooks a step and looks no further back than its context"
STRIDE = "MimiModel asserts a whole stride between the frames of SEANet and frame_rate"


class Mimi(NamedTuple):
    """SEANet, what resamples its frames, and the attention between them."""

    net: Seanet
    stride: int
    transformer: Stage

    @property
    def factors(self) -> list[Factor]:
        return [*self.net.factors, *([Factor("frame_rate", (self.stride,))] if self.stride > 1 else [])]

    def encoder(self) -> list[Stage]:
        step = self.stride
        down = [Stage("downsample", seanet(2 * step, step, is_causal=True))] if step > 1 else []
        return [*self.net.encoder(), self.transformer, *down]

    def decoder(self) -> list[Stage]:
        step = self.stride
        up = [Stage("upsample", transposed_seanet(2 * step, step, is_causal=True))] if step > 1 else []
        return [*up, self.transformer, *self.net.decoder()]


def recognise(root: Cursor) -> bool:
    if _is_mimi(root):
        return True
    delays = root["delays"].is_list()
    return (delays and any(root[key].exists for key in ("dep_q", "mimi_name"))) or root.has("n_q", "depformer_dim")


def _is_mimi(root: Cursor) -> bool:
    return root["seanet"].is_mapping() and root["transformer"].is_mapping() and root.has("frame_rate", "quantizer")


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME, "mimi" if _is_mimi(root) else "")
    with model.deriving("mimi"):
        model.sample_rate = root["sample_rate"].int(RATE)
        mimi = _mimi(model, root)
        if _is_mimi(root):
            both(model, mimi.encoder(), mimi.decoder(), mimi.factors, [*reversed(mimi.factors)])
        else:
            rate = model.sample_rate.value
            model.stacks.append(Stack("encoder", "mimi", mimi.encoder(), input_rate=rate, factors=mimi.factors))
    _streams(model, root)
    yield model


def _mimi(model: Model, root: Cursor) -> Mimi:
    """Mimi as its config says, or as it is published."""
    net = Seanet.read(lambda name: root["seanet"][name], MIMI)
    layers = root["transformer"]["num_layers"].int(LAYERS).value
    context = root["transformer"]["context"].int(CONTEXT).value
    told = root["frame_rate"].number(FRAME_RATE)
    if net.hop < 1 or told.value <= 0 or model.sample_rate is None:
        raise NotComputable("no frame rate follows from it", told.where)
    stride = Fraction(model.sample_rate.value, net.hop) / told.value
    if stride.denominator != 1:
        before = Value(Fraction(model.sample_rate.value, net.hop), net.ratios.where, "derived")
        tie(model, "frames", "multiple", before, told, "crash", STRIDE)
        raise NotComputable("the stride behind the transformer is not whole", told.where)
    reach = Stage("transformer", attention(max(context - 1, 0) * max(layers, 0), 0))
    return Mimi(net, int(stride), reach)


def _streams(model: Model, root: Cursor) -> None:
    books, inner = known(root["n_q"]), known(root["dep_q"])
    if root["delays"].is_list() and books is not None:
        with model.deriving("delays"):
            streams = Value(books.value + 1, books.where, "derived")
            tie(model, "lists", "same length", root["delays"].ints(), streams, "crash", STREAMS)
    tie(model, "limit", "at most", inner, known(root["depformer_context"]), "silent", WITHIN)
    context = known(root["context"])
    if context is not None:
        model.durations.append(Duration(context, "frames", FRAME_RATE, "length"))
    for key in ("audio_delay_seconds", "audio_silence_prefix_seconds"):
        seconds = exact(root["stt_config"][key])
        if seconds is not None:
            model.durations.append(Duration(seconds, "s", None, "length"))
