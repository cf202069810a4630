"""Fre-GAN (rishikksh20/Fre-GAN-pytorch, MockingBird): HiFi-GAN's flat JSON with four dilations a residual block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from rflint.coverage import transposed_even, transposed_pwg
from rflint.dialects import flat_hifigan as flat
from rflint.dialects.generators import Lists, Upsampler, arity, hifigan
from rflint.documents import Cursor, Value
from rflint.model import Model, Tie

NAME, TITLE = "fregan", "Fre-GAN (flat JSON with four dilations a block)"
SCHEMA, LOADER = "hifigan", "pyyaml"

READS = 4  # generator.py, ResBlock1: dilation[0] to dilation[3]
STAGES = 5  # generator.py: with top_k = 4 the mel is upsampled by rates[i - 1] in front of stages 1 to 4
CONDITION = "Fre-GAN adds the mel, upsampled by the rate before, from the second stage on; that fits five stages only"


def recognise(root: Cursor) -> bool:
    if not flat.is_flat(root) or not root[flat.DILATIONS].is_list():
        return False
    four = all(isinstance(item.value, list) and len(item.value) == READS for item in root[flat.DILATIONS])
    rates = root[flat.RATES].value
    return four and (root.has("disc_start_step") or (isinstance(rates, list) and len(rates) == STAGES))


def read(root: Cursor) -> Iterator[Model]:
    analysis = flat.analysis_of(root)
    model = Model(NAME, sample_rate=analysis.rate)
    flat.describe(model, root, analysis)
    with model.deriving("generator"):
        lists = flat.read_lists(model, root)
        arity(model, lists, READS, "ResBlock1 of Fre-GAN")
        rates = cast(Value[object], lists.rates)
        model.ties.append(Tie("lists", "same length", rates, Value(STAGES, None, "derived"), "crash", CONDITION))
        shape = flat.shape_of(root)._replace(reads=READS, upsampler=upsampler(lists))
        flat.generator(model, analysis, lists, hifigan(lists, shape))
    flat.field_in_crop(model, root, analysis.hop)
    yield model


def upsampler(lists: Lists) -> Upsampler:
    """Rule A in the original, rule C in MockingBird; the files look alike, so kernels that fit rule C are taken as such."""
    fits = all(kernel == 2 * factor for kernel, factor in lists.stages)
    return transposed_pwg if fits else transposed_even
