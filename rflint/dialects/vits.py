"""VITS and the children that read its config in the same way: VITS2, Bert-VITS2, MeloTTS, OpenVoice, wetts with HiFi-GAN."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from rflint.coverage import Layer, transposed_even, transposed_pwg
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
    upsampler = transposed_even if root["model"]["resblock"].exists else of_some_fork
    with model.deriving("decoder"):
        envelope.decode(model, root["model"], analysis, upsampler=upsampler)
    crop = known(root["train"]["segment_size"])
    flat.of_fragment(model, root["model"], analysis.hop, crop=crop)
    _pitch(model, root, analysis)
    yield model


def of_some_fork(kernel: int, factor: int) -> Layer:
    """VITS must be told the type of its blocks. Who leaves it out has another generator (VITS-BigVGAN), which may pad as
    ParallelWaveGAN does: what fits that is taken for it.
    """
    return transposed_pwg(kernel, factor) if kernel == 2 * factor and factor % 2 else transposed_even(kernel, factor)


def _pitch(model: Model, root: Cursor, analysis: Analysis) -> None:
    """State that the yingram of PITS (anonymous-pits/pits) has the hop of the spectrogram."""
    section = root["yin"] if root["yin"].has("ying_hop") else root["data"]
    own = known(section["ying_hop"])
    if own is not None and analysis.hop is not None:
        tied = cast(Value[object], own), cast(Value[object], analysis.hop)
        model.ties.append(Tie("frames", "equal", *tied, "silent", YINGRAM))
