"""so-vits-svc (svc-develop-team) and so-vits-svc-fork (voicepaw): a VITS envelope over content features."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from rflint.coverage import transposed_ceil
from rflint.dialects import flat_hifigan as flat, vits_envelope as envelope
from rflint.dialects.analysis import Analysis
from rflint.dialects.generators import source_fits
from rflint.documents import Cursor, Value
from rflint.model import Model, Tie

NAME, TITLE = "so_vits_svc", "so-vits-svc and so-vits-svc-fork (VITS envelope with ssl_dim)"
SCHEMA, LOADER = "vits", "pyyaml"

TYPE = "hifi-gan"  # so-vits-svc-fork modules/synthesizers.py, SynthesizerTrn type_
SOURCE_RATE = 44100  # svc-develop-team/so-vits-svc models.py, SynthesizerTrn sampling_rate
RATE = "the sine source is built for `model.sampling_rate` (44100 unless it is given), so its pitch would be wrong"
SOURCE = "the harmonic source is brought down with padding stride // 2, which loses a sample for an odd stride"


def recognise(root: Cursor) -> bool:
    return envelope.is_envelope(root) and root["model"].has("ssl_dim")


def is_team(root: Cursor) -> bool:
    """True for version 4.1 of svc-develop-team, which pads by (kernel - factor + 1) // 2."""
    return root["model"].has("vocoder_name") or root["model"].has("speech_encoder")


def read(root: Cursor) -> Iterator[Model]:
    model, analysis = envelope.begin(NAME, root)
    net = root["model"]
    with model.deriving("decoder"):
        if is_team(root):
            source_rate(model, net, analysis)
            envelope.decode(model, net, analysis, upsampler=transposed_ceil)
        elif (kind := net["type_"].str(TYPE).value) == TYPE:
            source_fits(model, envelope.decode(model, net, analysis), "crash", SOURCE)
        else:
            envelope.decode_inverse(model, net, analysis, banded=kind != "istft")
    flat.of_fragment(model, net, analysis.hop)
    yield model


def source_rate(model: Model, net: Cursor, analysis: Analysis) -> None:
    """State that the sine source and the data have one sample rate."""
    if analysis.rate is not None:
        rate = cast(Value[object], net["sampling_rate"].int(SOURCE_RATE))
        model.ties.append(Tie("rate", "equal", rate, cast(Value[object], analysis.rate), "silent", RATE))
