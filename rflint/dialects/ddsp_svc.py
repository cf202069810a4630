"""Diffusion in so-vits-svc, DDSP-SVC and Diffusion-SVC: mel frames of `block_size` samples over content features."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.dialects.analysis import known
from rflint.documents import Cursor
from rflint.model import Duration, Exchange, Model

NAME, TITLE = "ddsp_svc", "DDSP-SVC, Diffusion-SVC, so-vits-svc diffusion (data: block_size)"
SCHEMA, LOADER = "ddsp_svc", "pyyaml"


def recognise(root: Cursor) -> bool:
    return root["data"].has("sampling_rate", "block_size", "encoder_sample_rate", "encoder_hop_size")


def read(root: Cursor) -> Iterator[Model]:
    """Units are stretched by the true ratio of the two frame periods (ddsp/vocoder.py), so that any hop is sound."""
    data = root["data"]
    rate, block = known(data["sampling_rate"]), known(data["block_size"])
    unit_rate, unit_hop = known(data["encoder_sample_rate"]), known(data["encoder_hop_size"])
    model = Model(NAME, sample_rate=rate)
    if rate is not None and block is not None:
        model.durations.append(Duration(block, "samples", Fraction(rate.value), "step"))
        model.exchanges.append(Exchange("gives", block, rate))
    if unit_rate is not None and unit_hop is not None:
        model.durations.append(Duration(unit_hop, "samples", Fraction(unit_rate.value), "step"))
    with model.deriving("duration"):
        model.durations.append(Duration(data["duration"].number(), "s", None, "length"))
    yield model
