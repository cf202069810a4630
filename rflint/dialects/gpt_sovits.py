"""GPT-SoVITS (RVC-Boss/GPT-SoVITS, s2*.json): a VITS envelope over semantic tokens."""

from __future__ import annotations

from collections.abc import Iterator

from rflint.dialects import flat_hifigan as flat, vits_envelope as envelope
from rflint.documents import Cursor
from rflint.model import Model

NAME, TITLE = "gpt_sovits", "GPT-SoVITS (VITS envelope with semantic_frame_rate)"
SCHEMA, LOADER = "vits", "pyyaml"

FRAMES = 50  # GPT_SoVITS/module/data_utils.py: HuBERT features of 16 kHz every 320 samples, one a spectrogram frame
PERIOD = "a spectrogram frame stands for a HuBERT frame of 20 ms: hop_length x 50 is the sample rate"


def recognise(root: Cursor) -> bool:
    return envelope.is_envelope(root) and root["model"].has("semantic_frame_rate")


def read(root: Cursor) -> Iterator[Model]:
    model, analysis = envelope.begin(NAME, root)
    envelope.period(model, analysis, FRAMES, PERIOD)
    with model.deriving("decoder"):
        envelope.decode(model, root["model"], analysis)
    flat.of_fragment(model, root["model"], analysis.hop)
    yield model
