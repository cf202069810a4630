"""Spleeter: a U-Net of six halvings over pieces of a spectrogram.

Sources: deezer/spleeter, spleeter/model/functions/unet.py, spleeter/dataset.py (whose chunks are read), configs/*.json.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.coverage import Mixer, Same, stft
from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.speech_facts import derived, maybe, named
from rflint.documents import Cursor
from rflint.model import Duration, Factor, Model, Stack, Stage

NAME, TITLE = "spleeter", "Spleeter (frame_length, frame_step, T, F)"
SCHEMA, LOADER = "spleeter", "json"

HALVINGS = 6  # unet.py, apply_unet: convolutions of (5, 5) with strides (2, 2)
CHUNK_S = Fraction(20)  # dataset.py, DatasetBuilder: chunk_duration
UNETS = ("unet.unet", "unet.softmax_unet")


def recognise(root: Cursor) -> bool:
    return root.has("frame_length", "frame_step", "T", "F") and root["model"]["type"].exists


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME)
    with model.deriving("frontend"):
        rate = model.sample_rate = positive(root["sample_rate"].int())
        hop, window = positive(root["frame_step"].int()), positive(root["frame_length"].int())
        model.durations.append(Duration(hop, "samples", Fraction(rate.value), "step"))
        model.durations.append(Duration(window, "samples", Fraction(rate.value), "window"))
        factors = [Factor("frame_step", (hop.value,), hop.where)]
        frames = Stage("stft", stft(window.value, hop.value, center=False), hop.where)
        model.stacks.append(Stack("frontend", "stft", [frames], input_rate=rate.value, factors=factors))
        kind = root["model"]["type"]
        if named(kind, UNETS):
            stages = [frames, *(Stage(f"conv.{i}", Same(5, 2), kind.where) for i in range(HALVINGS))]
            halvings = [*factors, Factor("model.type", (2,) * HALVINGS, kind.where)]
            model.stacks.append(Stack("encoder", "unet", stages, input_rate=rate.value, factors=halvings))
        else:
            stages = [frames, Stage("lstm", Mixer("LSTM"), kind.where)]
            model.stacks.append(Stack("encoder", "blstm", stages, input_rate=rate.value, factors=factors))
        with model.deriving("pieces"):
            _pieces(model, root, named(kind, UNETS))
    yield model


def _pieces(model: Model, root: Cursor, halved: bool) -> None:
    rate, hop, window = root["sample_rate"].int(), root["frame_step"].int(), root["frame_length"].int()
    frames, rows = positive(root["T"].int()), positive(root["F"].int())
    model.durations.append(Duration(frames, "frames", Fraction(rate.value, hop.value), "length"))
    if halved:
        because = "six convolutions of stride 2 and their mirror images are joined by skip connections"
        tie(model, "frames", "multiple", frames, derived(2**HALVINGS), "crash", because)
    tie(model, "bins", "at most", rows, derived(window.value // 2 + 1), "crash", "the spectrogram has no more bins")
    seconds = (maybe(root["chunk_duration"].number) or root["chunk_duration"].number(CHUNK_S)).value
    most = (int(seconds * rate.value) - window.value) // hop.value
    because = f"chunks of {float(seconds):g} s hold {most} frames (spleeter/dataset.py)"
    tie(model, "frames", "at most", frames, derived(most), "crash", because)
