"""RVC (RVC-Project/Retrieval-based-Voice-Conversion-WebUI) and its fork Applio: a VITS envelope with a speaker table.

F0 is taken every 10 ms and content features every 20 ms, repeated twice, so that a frame lasts 10 ms.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import transposed_by_parity, transposed_even
from rflint.dialects import flat_hifigan as flat, vits_envelope as envelope
from rflint.dialects.generators import source_fits
from rflint.documents import Cursor
from rflint.model import Model

NAME, TITLE = "rvc", "RVC and Applio (VITS envelope with spk_embed_dim)"
SCHEMA, LOADER = "vits", "pyyaml"

FRAMES = 100  # infer/modules/vc/pipeline.py: window 160 at 16 kHz; Applio rvc/infer/pipeline.py: the same
PERIOD = "f0 comes every 10 ms and HuBERT features every 20 ms, repeated twice: hop_length x 100 is the sample rate"
SOURCE = (
    "the harmonic source is brought down with padding stride // 2, which loses a sample for an odd stride (models.py)"
)


def recognise(root: Cursor) -> bool:
    return envelope.is_envelope(root) and root["model"].has("spk_embed_dim")


def is_applio(root: Cursor) -> bool:
    """Applio names the rate ``sample_rate``, or tells the width of its content features."""
    return root["model"].has("text_enc_hidden_dim") or root["data"].has("sample_rate")


def read(root: Cursor) -> Iterator[Model]:
    model, analysis = envelope.begin(NAME, root)
    net = root["model"]
    envelope.period(model, analysis, FRAMES, PERIOD)
    with model.deriving("decoder"):
        if is_applio(root):  # rvc/lib/algorithm/synthesizers.py takes no notice of `resblock`
            envelope.decode(model, net, analysis, upsampler=transposed_by_parity, typed=False)
        else:
            lists = envelope.decode(model, net, analysis, upsampler=transposed_even)
            source_fits(model, lists, "crash", SOURCE)
    flat.of_fragment(model, net, analysis.hop)
    yield model
