"""Demucs, denoiser and svoice: separation in the waveform, with a spectrogram beside it in the hybrid models.

Sources: facebookresearch/demucs (demucs/{demucs,hdemucs,htdemucs}.py, conf/config.yaml), facebookresearch/denoiser
(denoiser/demucs.py), facebookresearch/svoice (svoice/models/swave.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.coverage import Conv, Mixer, centred, nearest, residual, stft
from rflint.dialects.analysis import equal, known
from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.demucs_spectrogram import FFT, merging
from rflint.dialects.speech_facts import counted
from rflint.documents import Cursor, Value
from rflint.model import Factor, Model, Stack, Stage

NAME, TITLE = "demucs", "Demucs, denoiser and svoice (model: demucs, hdemucs, htdemucs, swave)"
SCHEMA, LOADER = "demucs", "omegaconf"

DEPTH, KERNEL, STRIDE = 6, 8, 4  # demucs/demucs.py; denoiser/demucs.py has a depth of 5
DENOISER_DEPTH, DENOISER_RESAMPLE = 5, 4  # denoiser/demucs.py
DCONV_DEPTH, DCONV_MODE, DCONV_KERNEL = 2, 1, 3  # demucs/demucs.py, dconv_depth, dconv_mode, DConv
DCONV_LSTM, DCONV_ATTENTION = 4, 4  # demucs/demucs.py: layers from which on branches hold an LSTM, attention
CD, SPEECH = 44100, 16000  # demucs.py, samplerate; denoiser/demucs.py, sample_rate
HYBRID = ("hdemucs", "htdemucs", "torch_hdemucs")
DEEPEST = 16


def recognise(root: Cursor) -> bool:
    return _network(root) is not None


def _network(root: Cursor) -> str | None:
    """The network that ``model`` names, or the only one described."""
    stated = root["model"].value
    for name in ("demucs", *HYBRID, "swave"):
        if stated in (None, name) or not root["model"].exists:
            keys = ("N", "L", "R") if name == "swave" else ("depth", "kernel_size", "stride")
            if root[name].has(*keys) and (_rate_place(root).exists or root["dset"].exists):
                return name
    return None


def _rate_place(root: Cursor) -> Cursor:
    return root["sample_rate"] if root["sample_rate"].exists else root["dset"]["samplerate"]


def read(root: Cursor) -> Iterator[Model]:
    name = _network(root) or "demucs"
    net, denoises = root[name], root["sample_rate"].exists
    rate = known(_rate_place(root)) or Value(SPEECH if denoises else CD, None, "framework default")
    model = Model(NAME, name, sample_rate=rate)
    with model.deriving("encoder"):
        if name == "swave":
            _swave(model, net, rate)
        elif name in HYBRID:
            _hybrid(model, net, rate, hybrid=name != "htdemucs")
        else:
            _waveform(model, net, rate, denoises=denoises)
    because = "the evaluation resamples nothing between the two"
    equal(model, known(root["dset"]["samplerate"]), known(root["dset"]["musdb_samplerate"]), because, "silent")
    counted(model, root["segment"] if denoises else root["dset"]["segment"], "s", 1)
    if denoises:
        counted(model, root["stride"], "s", 1)
    yield model


# -- waveform -----------------------------------------------------------------------------------------------------


def _waveform(model: Model, net: Cursor, rate: Value[int], *, denoises: bool) -> None:
    """Unpadded convolutions over the resampled waveform, and recurrence at the bottom."""
    factor = _resampling(net["resample"], denoises=denoises)
    depth = positive(net["depth"].int(DENOISER_DEPTH if denoises else DEPTH), DEEPEST).value
    kernel, stride = positive(net["kernel_size"].int(KERNEL)), positive(net["stride"].int(STRIDE))
    stages = [Stage("resample", nearest(factor), net["resample"].where)] if factor > 1 else []
    for level in range(depth):
        stages.append(Stage(f"encoder.{level}", Conv(kernel.value, stride.value), stride.where or kernel.where))
        stages += [] if denoises else _branches(net, level)
    stages += [Stage("lstm", lstm, net["depth"].where) for lstm in _bottom(net, denoises=denoises)]
    factors = [Factor("stride", (stride.value,) * depth, stride.where)]
    model.stacks.append(Stack("encoder", "encoder", stages, input_rate=rate.value, factors=factors))
    because = "a step of the network must be whole samples before it is resampled"
    tie(model, "rounding", "multiple", Value(stride.value**depth, stride.where, "derived"),
        Value(factor, net["resample"].where, "derived"), "silent", because)  # fmt: skip


def _resampling(place: Cursor, *, denoises: bool) -> int:
    """Demucs doubles the rate unless told not to; the denoiser takes a factor."""
    if denoises:
        return positive(place.int(DENOISER_RESAMPLE), 1000).value
    return 2 if place.bool(True).value else 1


def _bottom(net: Cursor, *, denoises: bool) -> list[Mixer]:
    if not denoises:
        return [Mixer("LSTM")] if net["lstm_layers"].int(0).value else []
    return [Mixer("LSTM", None, 0 if net["causal"].bool(True).value else None)]


def _branches(net: Cursor, level: int) -> list[Stage]:
    """DConv: dilated residual convolutions, in the deeper layers with an LSTM and attention."""
    mode, depth = net["dconv_mode"].int(DCONV_MODE).value, net["dconv_depth"].int(DCONV_DEPTH)
    if not mode & 1 or depth.value < 1:
        return []
    mixers = [Mixer("LSTM")] if level >= net["dconv_lstm"].int(DCONV_LSTM).value else []
    mixers += [Mixer("attention")] if level >= net["dconv_attn"].int(DCONV_ATTENTION).value else []
    return [
        Stage(f"encoder.{level}.dconv.{j}", residual(centred(DCONV_KERNEL, 1, 2**j), *mixers), depth.where)
        for j in range(positive(depth, DEEPEST).value)
    ]


# -- spectrogram, chunks ------------------------------------------------------------------------------------------


def _hybrid(model: Model, net: Cursor, rate: Value[int], *, hybrid: bool) -> None:
    """The spectrogram that the network reads beside the waveform: a hop of a quarter of its window."""
    fft = positive(net["nfft"].int(FFT))
    hop = positive(Value(fft.value // 4, fft.where, "derived"))
    stages = [Stage("stft", stft(fft.value, hop.value), fft.where)]
    factors = [Factor("nfft // 4", (hop.value,), fft.where)]
    model.stacks.append(Stack("frontend", "spectrogram", stages, input_rate=rate.value, factors=factors))
    if hybrid:
        merging(model, net)


def _swave(model: Model, net: Cursor, rate: Value[int]) -> None:
    kernel = positive(net["L"].int())
    hop = positive(Value(kernel.value // 2, kernel.where, "derived"))
    stages = [Stage("encoder", Conv(kernel.value, hop.value), kernel.where)]
    stages.append(Stage("separator", Mixer("chunks within and across"), net["R"].where))
    factors = [Factor("L // 2", (hop.value,), kernel.where)]
    model.stacks.append(Stack("encoder", "swave", stages, input_rate=Fraction(rate.value), factors=factors))
