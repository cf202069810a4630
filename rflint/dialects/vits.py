"""VITS and the children that read its config in the same way: VITS2, Bert-VITS2, MeloTTS, OpenVoice, wetts with HiFi-GAN."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from rflint.dialects import flat_hifigan as flat, vits_envelope as envelope
from rflint.dialects.analysis import Analysis, known
from rflint.documents import Cursor, Value
from rflint.model import Model, Tie

NAME, TITLE = "vits", "VITS, VITS2, Bert-VITS2, MeloTTS (train, data, model)"
SCHEMA, LOADER = "vits", "pyyaml"

YINGRAM = "PITS takes one frame of the yingram for each of the spectrogram"


def recognise(root: Cursor) -> bool:
    return envelope.is_envelope(root)


def read(root: Cursor) -> Iterator[Model]:
    model, analysis = envelope.begin(NAME, root)
    with model.deriving("decoder"):
        envelope.decode(model, root["model"], analysis)
    flat.of_fragment(model, root["model"], analysis.hop, crop=known(root["train"]["segment_size"]))
    _pitch(model, root, analysis)
    yield model


def _pitch(model: Model, root: Cursor, analysis: Analysis) -> None:
    """State that the yingram of PITS (anonymous-pits/pits) has the hop of the spectrogram."""
    section = root["yin"] if root["yin"].has("ying_hop") else root["data"]
    own = known(section["ying_hop"])
    if own is not None and analysis.hop is not None:
        tied = cast(Value[object], own), cast(Value[object], analysis.hop)
        model.ties.append(Tie("frames", "equal", *tied, "silent", YINGRAM))
