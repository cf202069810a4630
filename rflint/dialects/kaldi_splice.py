"""Kaldi-style time-delay networks by explicit offsets: ``splice_indexes: "-2,-1,0,1,2 -1,2 -3,3"`` or lists of lists.

Source: kaldi-asr/kaldi, egs/wsj/s5/steps/nnet3/tdnn/make_configs.py (--splice-indexes) and nnet3's frame subsampling.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from rflint.coverage import Splice, decimate
from rflint.dialects.asr_frontend import MOST_LAYERS, positive
from rflint.documents import Cursor, NotComputable
from rflint.model import Factor, Model, Stack, Stage

NAME, TITLE = "kaldi-splice", "Kaldi-style time-delay networks (splice_indexes)"
SCHEMA, LOADER = "kaldi_splice", "pyyaml"

MOST_OFFSETS = 10_000

_KEYS = ("splice_indexes", "splice-indexes", "splice_indices", "layerwise_splice", "tdnn_splices")
_TEXT = re.compile(r"-?\d{1,5}(?:,-?\d{1,5})*(?:\s+-?\d{1,5}(?:,-?\d{1,5})*)*")


def recognise(root: Cursor) -> bool:
    cursor = _splices(root)
    return cursor is not None and bool(_offsets(cursor))


def _splices(root: Cursor) -> Cursor | None:
    """The list of offsets: at the root, or in a section of it."""
    for section in (root, *(part for part in root if root.is_mapping() and part.is_mapping())):
        for key in _KEYS:
            if section[key].exists:
                return section[key]
    return None


def read(root: Cursor) -> Iterator[Model]:
    cursor = _splices(root) or root
    section = root.at(*cursor.path[:-1])
    model = Model(NAME)
    with model.deriving("encoder"):
        layers = _offsets(cursor)
        stages = [Stage(f"{cursor.key}.{i}", _spliced(offsets), cursor.where) for i, offsets in enumerate(layers)]
        factors = []
        slower = section["frame_subsampling_factor"]
        if slower.given:
            factor = positive(slower.int())
            stages.append(Stage("frame_subsampling", decimate(factor.value), factor.where))
            factors.append(Factor("frame_subsampling_factor", (factor.value,), factor.where))
        rate = _frame_rate(section)
        model.stacks.append(Stack("encoder", "tdnn", stages, input_rate=rate, input_unit="frames", factors=factors))
    yield model


def _spliced(offsets: tuple[int, ...]) -> Splice:
    """Frames before the first and behind the last are copies of these, so that none is lost."""
    return Splice(offsets, 1, (max(-offsets[0], 0), max(offsets[-1], 0)))


def _offsets(cursor: Cursor) -> list[tuple[int, ...]]:
    """The offsets of each layer; nothing when they are of another form."""
    value = cursor.value
    if isinstance(value, str) and _TEXT.fullmatch(value.strip()):
        found = [[int(part) for part in layer.split(",")] for layer in value.split()]
    else:
        try:
            found = cursor.lists().value
        except NotComputable:
            return []
    if not 0 < len(found) <= MOST_LAYERS or not all(found):
        return []
    if max(abs(offset) for layer in found for offset in layer) > MOST_OFFSETS:
        return []
    return [tuple(sorted(set(layer))) for layer in found]


def _frame_rate(section: Cursor) -> Fraction | None:
    """Frames a second, where the shift (ms, or s below 1) stands beside the offsets."""
    try:
        shift = section.first("frame_shift_ms", "frame_shift", "frame-shift").number().value
    except NotComputable:
        return None
    if shift <= 0:
        return None
    return 1 / shift if shift < 1 else Fraction(1000) / shift
