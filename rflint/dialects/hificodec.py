"""HiFi-Codec (yangdongchao/AcademiCodec): HiFi-GAN's flat JSON for a codec; `hop_size` belongs to the mel loss."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

from rflint.coverage import Conv, norm_over_time, same
from rflint.dialects import flat_hifigan as flat
from rflint.dialects.analysis import Analysis, known
from rflint.dialects.generators import (
    Lists,
    Shape,
    branches,
    decoder,
    factors,
    fusion,
    hifigan,
    item,
)
from rflint.documents import Cursor, Value
from rflint.model import Model, Stack, Stage, Tie

NAME, TITLE = "hificodec", "HiFi-Codec (flat JSON with n_code_groups)"
SCHEMA, LOADER = "hifigan", "pyyaml"

CROP = "encoder and decoder together give whole code frames; the loss compares the output with the crop"


def recognise(root: Cursor) -> bool:
    return flat.is_flat(root) and root.has("n_code_groups")


def read(root: Cursor) -> Iterator[Model]:
    analysis = flat.analysis_of(root)
    model = Model(NAME, sample_rate=analysis.rate)
    analysis.describe(model)
    flat.dead_bins(model, root)
    with model.deriving("codec"):
        lists = flat.read_lists(model, root)
        flat.read_dilations(model, root, lists)
        shape = flat.shape_of(root)
        sides(model, lists, shape, analysis)
        crop(model, lists, known(root["segment_size"]), analysis)
    yield model


def sides(model: Model, lists: Lists, shape: Shape, analysis: Analysis) -> None:
    """Both sides, each of the same lists."""
    model.stacks.append(encoder(lists, shape, analysis))
    rate = Fraction(analysis.rate.value, lists.factor) if analysis.rate and lists.factor else None
    model.stacks.append(decoder("generator", hifigan(lists, shape), rate, factors(lists)))


def encoder(lists: Lists, shape: Shape, analysis: Analysis) -> Stack:
    """The decoder's lists in reverse, normalised over all of time (academicodec/models/hificodec/models.py, Encoder)."""
    stages = [Stage("conv_pre", same(7))]
    blocks, total = fusion(branches(lists, shape)), len(lists.stages)
    for index, (kernel, factor) in enumerate(reversed(lists.stages)):
        pad = (kernel - factor) // 2
        stages.append(Stage(f"ups.{index}", Conv(kernel, factor, 1, (pad, pad)), item(lists.rates, total - 1 - index)))
        stages.append(Stage(f"resblocks.{index}", blocks, lists.branches.where))
        stages.append(Stage(f"normalize.{index}", norm_over_time("group norm")))
    stages.append(Stage("conv_post", same(3)))
    return Stack("encoder", "encoder", stages, input_rate=analysis.sample_rate, factors=factors(lists))


def crop(model: Model, lists: Lists, segment: Value[int] | None, analysis: Analysis) -> None:
    """State that the crop is whole code frames."""
    analysis.lasting(model, segment)
    if segment is not None and lists.factor > 0:
        step: Value[object] = Value(lists.factor, lists.rates.where, "derived")
        model.ties.append(Tie("segment", "multiple", cast(Value[object], segment), step, "crash", CROP))
