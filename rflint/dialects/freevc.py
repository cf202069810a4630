"""FreeVC (OlaWod/FreeVC): a VITS envelope over WavLM features; `freevc-24.json` gives 24 kHz for an analysis at 16 kHz."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod

from rflint.dialects import flat_hifigan as flat, vits_envelope as envelope
from rflint.dialects.analysis import Analysis
from rflint.documents import Cursor, NotComputable
from rflint.model import Model

NAME, TITLE = "freevc", "FreeVC (VITS envelope with ssl_dim and use_spk)"
SCHEMA, LOADER = "vits", "pyyaml"

FRAMES = 50  # data_utils.py: WavLM features of 16 kHz every 320 samples, one a spectrogram frame
OUTPUT_RATE = 24000  # train_24.py and convert_24.py: written in the code
PERIOD = "a spectrogram frame stands for a WavLM frame of 20 ms: hop_length x 50 is the sample rate"
PRODUCT_24 = "train_24.py cuts 24 kHz audio to the frames of the 16 kHz analysis"


def recognise(root: Cursor) -> bool:
    return envelope.is_envelope(root) and root["model"].has("ssl_dim", "use_spk")


def output_rate(root: Cursor, analysis: Analysis) -> int | None:
    """24 kHz where the factors make 24 kHz of the frames, as in freevc-24.json; None where the output has the file's rate."""
    try:
        made = prod(root["model"][flat.RATES].ints().value)
    except NotComputable:
        return None
    rate = analysis.frame_rate
    return OUTPUT_RATE if rate is not None and made * rate == OUTPUT_RATE else None


def read(root: Cursor) -> Iterator[Model]:
    model, analysis = envelope.begin(NAME, root)
    net = root["model"]
    envelope.period(model, analysis, FRAMES, PERIOD)
    other = output_rate(root, analysis)
    amount = Fraction(other) / analysis.frame_rate if other and analysis.frame_rate else None
    with model.deriving("decoder"):
        because = envelope.PRODUCT if amount is None else PRODUCT_24
        envelope.decode(model, net, analysis, because=because, amount=amount)
    flat.of_fragment(model, net, analysis.hop)
    yield model
