"""SNAC (hubertsiuzdak/snac): DAC with attention inside blocks of frames and codebooks at several rates, in flat JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import lcm

from rflint.coverage import chunked_attention
from rflint.dialects.codec_facts import both, inverse, ordered, tie
from rflint.dialects.codec_graphs import EXACT, factor
from rflint.dialects.generators import item
from rflint.documents import Cursor, Value
from rflint.model import Model, Stage

NAME, TITLE = "snac", "SNAC (vq_strides, encoder_rates)"
SCHEMA, LOADER = "snac", "json"

# snac/snac.py, SNAC.__init__
RATE, ENCODER_RATES, DECODER_RATES = 44100, [3, 3, 7, 7], [7, 7, 3, 3]
WINDOW, VQ_STRIDES = 32, [8, 4, 2, 1]

FAMILY = EXACT._replace(last=7)

NESTED = "a clip is padded to multiples of the first stride and of the window: the other strides must divide them"
MIRROR = "the decoder undoes the encoder stage by stage in every published model"


def recognise(root: Cursor) -> bool:
    return root["vq_strides"].is_list() and root["encoder_rates"].is_list()


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME)
    with model.deriving("sample_rate"):
        model.sample_rate = root["sampling_rate"].int(RATE)
    with model.deriving("codec"):
        down, up = root["encoder_rates"].ints(ENCODER_RATES), root["decoder_rates"].ints(DECODER_RATES)
        encoder = FAMILY.encoder(down, _attention(root))
        factors, back = [factor("encoder_rates", down)], [factor("decoder_rates", up)]
        both(model, encoder, FAMILY.decoder(up, _attention(root)), factors, back)
        inverse(model, factors)
        ordered(model, up, down, "reversed", "report", MIRROR)
        _nested(model, root["vq_strides"].ints(VQ_STRIDES), _window(root))
    yield model


def _window(root: Cursor) -> Value[int] | None:
    """Frames that attend to each other; null, written in the file, is no attention."""
    window = root["attn_window_size"]
    return None if window.exists and window.value is None else window.int(WINDOW)


def _attention(root: Cursor) -> Sequence[Stage]:
    size = _window(root)
    return (Stage("attention", chunked_attention(size.value, 0), size.where),) if size and size.value > 1 else ()


def _nested(model: Model, strides: Value[list[int]], window: Value[int] | None) -> None:
    """State that every stride divides the frames that a clip is padded to (SNAC.preprocess)."""
    if not strides.value or strides.where is None or min(strides.value) < 1:
        return
    block = Value(lcm(strides.value[0], max(window.value, 1) if window else 1), item(strides, 0), "derived")
    for index, stride in enumerate(strides.value):
        right = Value(stride, item(strides, index), strides.origin)
        tie(model, "chunk", "multiple", block, right, "crash", NESTED)
