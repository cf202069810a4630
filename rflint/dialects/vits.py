"""VITS and the children that read its config in the same way: VITS2, Bert-VITS2, MeloTTS, OpenVoice, wetts with HiFi-GAN."""

from __future__ import annotations

from collections.abc import Iterator

from rflint.dialects import flat_hifigan as flat, vits_envelope as envelope
from rflint.dialects.analysis import known
from rflint.documents import Cursor
from rflint.model import Model

NAME, TITLE = "vits", "VITS, VITS2, Bert-VITS2, MeloTTS (train, data, model)"
SCHEMA, LOADER = "vits", "pyyaml"


def recognise(root: Cursor) -> bool:
    return envelope.is_envelope(root)


def read(root: Cursor) -> Iterator[Model]:
    model, analysis = envelope.begin(NAME, root)
    with model.deriving("decoder"):
        envelope.decode(model, root["model"], analysis)
    flat.of_fragment(model, root["model"], analysis.hop, crop=known(root["train"]["segment_size"]))
    yield model
