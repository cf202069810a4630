"""Multi-band HiFi-GAN (rishikksh20/multiband-hifigan): HiFi-GAN's flat JSON with `output_channel` sub-bands."""

from __future__ import annotations

from collections.abc import Iterator

from rflint.dialects import flat_hifigan as flat
from rflint.dialects.analysis import known
from rflint.dialects.generators import hifigan, sub_bands
from rflint.documents import Cursor
from rflint.model import Model

NAME, TITLE = "multiband_hifigan", "multi-band HiFi-GAN (flat JSON with output_channel)"
SCHEMA, LOADER = "hifigan", "pyyaml"


def recognise(root: Cursor) -> bool:
    return flat.is_flat(root) and root.has("output_channel")


def read(root: Cursor) -> Iterator[Model]:
    analysis = flat.analysis_of(root)
    model = Model(NAME, sample_rate=analysis.rate)
    flat.describe(model, root, analysis)
    bands = known(root["output_channel"])
    with model.deriving("generator"):
        lists = flat.read_lists(model, root)
        flat.read_dilations(model, root, lists)
        bands = root["output_channel"].int()
        stages = hifigan(lists, flat.shape_of(root))
        if bands.value > 1:  # train.py builds the filter bank for more than one channel only
            stages.append(sub_bands(bands))
        flat.generator(model, analysis, lists, stages, bands if bands.value > 1 else None)
    flat.field_in_crop(model, root, analysis.hop)
    flat.of_fragment(model, root, analysis.hop, bands)
    yield model
