"""Names of published vocoders that spell their geometry: ``bigvgan_v2_24khz_100band_256x``."""

from __future__ import annotations

import re
from typing import NamedTuple

from rflint.documents import Cursor, Value
from rflint.model import Model, Outcome, Tie

_SPELT = re.compile(r"(\d{1,3})khz_(\d{1,4})band(?:_(\d{1,5})x)?")
_RATES = {8: 8000, 16: 16000, 22: 22050, 24: 24000, 32: 32000, 44: 44100, 48: 48000}
"""Sample rates (Hz) by the whole kHz of a name."""


class Spelt(NamedTuple):
    """Sample rate (Hz), mel bands and samples a frame as a name spells them; None for what it does not tell."""

    rate: int | None
    bands: int
    hop: int | None


def spelt(name: object) -> Spelt | None:
    """What a checkpoint's name says; None for a name of another kind."""
    found = _SPELT.search(name) if isinstance(name, str) else None
    if found is None:
        return None
    khz, bands, hop = found.groups()
    return Spelt(_RATES.get(int(khz)), int(bands), int(hop) if hop else None)


def agrees(
    model: Model,
    name: Cursor,
    rate: Value[int] | None,
    bands: Value[int] | None,
    hop: Value[int] | None,
    outcome: Outcome = "crash",
) -> None:
    """State that the mel is the one that a vocoder of this name takes."""
    told = spelt(name.value)
    if told is None:
        return
    because = f"the vocoder is {str(name.value)[:80]}"
    pairs = (("rate", rate, told.rate), ("bins", bands, told.bands), ("upsampling", hop, told.hop))
    for topic, value, wanted in pairs:
        if value is not None and wanted is not None:
            left: Value[object] = Value(value.value, value.where)
            right: Value[object] = Value(wanted, name.where, "derived")
            model.ties.append(Tie(topic, "equal", left, right, outcome, because))  # type: ignore[arg-type]
