"""SpeechTokenizer (ZhangXInFD/SpeechTokenizer): a SEANet with a bidirectional LSTM, in flat JSON.

Kernels 7 and 7, no causality and two levels of compression are fixed; the rest is read with dict.get, without defaults
(speechtokenizer/model.py). ``hop_size``, ``n_fft`` and ``win_size`` belong to the mel loss.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.dialects.analysis import known
from rflint.dialects.codec_facts import both, crop, lasting, tie
from rflint.dialects.codec_graphs import Seanet, SeanetDefaults, lstm
from rflint.documents import Cursor, Value
from rflint.model import Model

NAME, TITLE = "speechtokenizer", "SpeechTokenizer (strides, semantic_dimension, n_q)"
SCHEMA, LOADER = "speechtokenizer", "json"

KEYS = {"ratios": "strides"}
TEACHERS = ("hubert", "wavlm", "wav2vec2")
"""Semantic teachers whose frames come at 50 Hz."""
TEACHER_RATE = 50

CROPS = "the decoder gives whole frames; the losses compare them with the crop"
DISTILS = "features are distilled frame by frame from a teacher at 50 Hz (d_axis, t_axis)"


def recognise(root: Cursor) -> bool:
    return root.has("strides", "semantic_dimension", "n_q")


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME)
    with model.deriving("sample_rate"):
        model.sample_rate = root["sample_rate"].int()
    with model.deriving("codec"):
        down, up = _seanet(root, bidirectional=root["bidirectional"].bool(False).value), _seanet(root)
        both(model, down.encoder(), up.decoder(), down.factors)
        crop(model, root["segment_size"], down.hop, CROPS)
        _teacher(model, root, down)
    _loss(model, root)
    yield model


def _seanet(root: Cursor, *, bidirectional: bool = False) -> Seanet:
    """Without ``strides``, ``n_residual_layers`` and the like the class raises; without ``lstm_layers`` it has none."""
    for key in ("strides", "n_residual_layers", "dilation_base", "residual_kernel_size"):
        root[key].literal()
    fixed = ("kernel_size", "last_kernel_size", "causal", "trim_right_ratio")
    net = Seanet.read(lambda name: root["none"] if name in fixed else root[KEYS.get(name, name)], SeanetDefaults())
    return net._replace(memory=lstm(root["lstm_layers"].int(0).value, bidirectional=bidirectional))


def _teacher(model: Model, root: Cursor, net: Seanet) -> None:
    teacher = root["semantic_model_path"]
    name = teacher.value
    if model.sample_rate and net.hop > 0 and isinstance(name, str) and any(each in name.lower() for each in TEACHERS):
        frames = Value(Fraction(model.sample_rate.value, net.hop), net.ratios.where, "derived")
        tie(model, "labels", "equal", Value(TEACHER_RATE, teacher.where, "derived"), frames, "silent", DISTILS)


def _loss(model: Model, root: Cursor) -> None:
    window, fft = known(root["win_size"]), known(root["n_fft"])
    lasting(model, known(root["hop_size"]), "step")
    lasting(model, window, "window")
    lasting(model, fft, "window")
    tie(model, "fft", "at most", window, fft, "crash", "torch.stft refuses a window longer than the FFT")
