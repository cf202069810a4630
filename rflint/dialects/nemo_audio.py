"""NeMo's audio-to-audio models: a spectrogram, an estimator over its frames, and the inverse transform.

Source: NVIDIA/NeMo, examples/audio/conf and nemo/collections/audio/modules/transforms.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.coverage import Mixer, istft, stft
from rflint.dialects.asr_frontend import layers, positive, tie
from rflint.dialects.nemo_conformer import conformer, stem
from rflint.dialects.nemo_frontend import class_of, target_of
from rflint.dialects.nemo_streaming import state_contexts, state_look_ahead
from rflint.documents import Cursor, Document, NotComputable, Value
from rflint.model import Duration, Factor, Model, Stack, Stage

NAME, TITLE = "nemo/audio", "NVIDIA NeMo audio-to-audio models (AudioToSpectrogram, SpectrogramToAudio)"
SCHEMA, LOADER = "nemo_audio", "omegaconf"

compose = Document.composed  # Hydra, where a recipe has a defaults list

_DATA = ("train_ds", "validation_ds", "test_ds")
_RATE = "audio is resampled to this rate and given to a model of the other"
_INVERSE = "the inverse transform has to undo the spectrogram"
_EVEN = "AudioToSpectrogram refuses an odd fft_length (ValueError)"


def recognise(root: Cursor) -> bool:
    encoder = root["model"]["encoder"]
    return target_of(encoder).startswith("nemo.collections.a") and class_of(encoder) == "AudioToSpectrogram"


def read(root: Cursor) -> Iterator[Model]:
    section = root["model"]
    model = Model(NAME)
    with model.deriving("sample_rate"):
        model.sample_rate = positive(section["sample_rate"].int())
        _state_rates(model, section, model.sample_rate)
    with model.deriving("frontend"):
        front = _front(model, section["encoder"])
        with model.deriving("encoder"):
            _estimate(model, section, front)
        if section["decoder"].is_mapping():
            _invert(model, section, front)
    yield model


def _state_rates(model: Model, section: Cursor, rate: Value[int]) -> None:
    for name in _DATA:
        with model.deriving(name):
            if section[name]["sample_rate"].given:
                tie(model, "rate", "equal", section[name]["sample_rate"].int(), rate, "silent", _RATE)


def _rate(model: Model) -> Fraction | None:
    return Fraction(model.sample_rate.value) if model.sample_rate else None


def _front(model: Model, encoder: Cursor) -> tuple[Stage, Value[int]]:
    fft, hop = positive(encoder["fft_length"].int()), positive(encoder["hop_length"].int())
    tie(model, "bins", "multiple", fft, Value(2, None, "derived"), "crash", _EVEN)
    tie(model, "overlap", "at most", hop, fft, "silent", "samples between two windows are never read")
    model.durations += [
        Duration(hop, "samples", _rate(model), "step"),
        Duration(fft, "samples", _rate(model), "window"),
    ]
    frames = stft(fft.value, hop.value, center=encoder["center"].bool(True).value, mode="zeros")
    stage, factors = Stage("encoder", frames, hop.where), [Factor("hop_length", (hop.value,), hop.where)]
    model.stacks.append(Stack("frontend", "encoder", [stage], input_rate=_rate(model), factors=factors))
    return stage, hop


def _estimate(model: Model, section: Cursor, front: tuple[Stage, Value[int]]) -> None:
    """What estimates masks or spectrograms over the frames, where its layers are known."""
    stage, hop = front
    estimator = next((section[key] for key in ("estimator", "mask_estimator") if section[key].is_mapping()), None)
    if estimator is None:
        raise NotComputable("the file has no estimator", section.where)
    kind = class_of(estimator)
    if kind == "SpectrogramConformer":
        before = stem(estimator)
        inner, factors = [*before.stages, *conformer(estimator)], [Factor("subsampling_factor", (before.made,))]
    elif kind == "MaskEstimatorRNN":
        right = None if estimator["bidirectional"].bool(True).value else 0
        layers(estimator["num_layers"], 3)
        inner, factors = [Stage("rnn", Mixer("LSTM", None, right), estimator.where)], []
    else:
        raise NotComputable(f"estimators of class {kind} are not known", estimator.where)
    steps = [Factor("hop_length", (hop.value,), hop.where), *factors]
    stack = Stack("encoder", kind, [stage, *inner], input_rate=_rate(model), factors=steps)
    model.stacks.append(stack)
    if kind == "SpectrogramConformer" and model.sample_rate is not None:
        state_contexts(model, estimator)
        state_look_ahead(model, estimator, (stage,), stack.coverage.step, Fraction(model.sample_rate.value))


def _invert(model: Model, section: Cursor, front: tuple[Stage, Value[int]]) -> None:
    decoder, hop = section["decoder"], front[1]
    with model.deriving("decoder"):
        size, shift = positive(decoder["fft_length"].int()), positive(decoder["hop_length"].int())
        tie(model, "frames", "equal", shift, hop, "silent", _INVERSE)
        tie(model, "frames", "equal", size, section["encoder"]["fft_length"].int(), "crash", _INVERSE)
        center = decoder["center"].bool(True).value
        inverse = Stage("decoder", istft(size.value, shift.value, center=center), shift.where)
        rate = _rate(model)
        frames = rate / hop.value if rate else None
        model.stacks.append(Stack("decoder", "decoder", [inverse], input_rate=frames))
