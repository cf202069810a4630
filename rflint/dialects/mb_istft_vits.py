"""MB-iSTFT-VITS (MasayaKawamura/MB-iSTFT-VITS) and forks: VITS with an inverse STFT and sub-bands for the last factors.

A fork without flags (RingFormer, LLM-iSTFT-VITS) builds one kind of decoder; `subbands` tells whether it has bands.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.dialects import vits_envelope as envelope
from rflint.dialects.analysis import known
from rflint.documents import Cursor, NotComputable
from rflint.model import Model

NAME, TITLE = "mb_istft_vits", "MB-iSTFT-VITS, MS-iSTFT-VITS, iSTFT-VITS"
SCHEMA, LOADER = "vits", "pyyaml"

BANDED, PLAIN = ("mb_istft_vits", "ms_istft_vits"), "istft_vits"


def recognise(root: Cursor) -> bool:
    net = root["model"]
    return envelope.is_envelope(root) and net.has("gen_istft_n_fft") and not net.has("ssl_dim")


def read(root: Cursor) -> Iterator[Model]:
    model, analysis = envelope.begin(NAME, root)
    net = root["model"]
    with model.deriving("decoder"):
        if net.has("n_blocks"):  # hcy71o/MB-iSTFT-VITS-with-AutoVocoder
            raise NotComputable("the decoder is AutoVocoder's, which takes no notice of `upsample_rates`", net.where)
        envelope.decode_inverse(model, net, analysis, banded=is_banded(net))
    yield model


def is_banded(net: Cursor) -> bool:
    """Whether the inverse STFT makes sub-bands.

    Raises:
        NotComputable: there are flags, and none of them is true.
    """
    if not any(net.has(flag) for flag in (*BANDED, PLAIN)):
        bands = known(net["subbands"])
        return bands is not None and bands.value > 1
    # models.py asks for multi-band, multi-stream and plain in this order
    banded = any(net[flag].value is True for flag in BANDED)
    if not banded and net[PLAIN].value is not True:
        raise NotComputable("none of `mb_istft_vits`, `ms_istft_vits` and `istft_vits` is true", net.where)
    return banded
