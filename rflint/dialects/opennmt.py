"""OpenNMT-py speech to text: options of preprocessing (``window_size``, ``window_stride``, ``src_seq_length``).

Source: OpenNMT/OpenNMT-py 1.x, onmt/opts.py (preprocess_opts) and onmt/inputters/audio_dataset.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor

from rflint.coverage import stft
from rflint.documents import Cursor, Value
from rflint.model import Duration, Factor, Model, Stack, Stage, Usual

NAME, TITLE = "opennmt", "OpenNMT-py speech to text (src_seq_length, window_stride)"
SCHEMA, LOADER = "opennmt", "pyyaml"

RATE = 16000  # onmt/opts.py, --sample_rate
WINDOW = Fraction(2, 100)  # onmt/opts.py, --window_size (s)
SHORTEST, LONGEST = Fraction(2), Fraction(600)
"""Seconds of speech that a filter for long utterances may keep."""
FRAMES = "for audio the length counts frames: longer utterances are dropped without a word (issue 1582)"


def recognise(root: Cursor) -> bool:
    return root.has("src_seq_length", "window_stride")


def read(root: Cursor) -> Iterator[Model]:
    rate = root["sample_rate"].int(RATE)
    model = Model(NAME, sample_rate=rate)
    with model.deriving("spectrogram"):
        step, window = root["window_stride"].number(), root["window_size"].number(WINDOW)
        hop, length = (floor(value.value * rate.value) for value in (step, window))
        stage = Stage("stft", stft(length, hop), step.where)
        factors = [Factor("window_stride", (hop,), step.where)]
        model.stacks.append(Stack("frontend", "spectrogram", [stage], input_rate=rate.value, factors=factors))
        model.durations += [Duration(step, "s", None, "step"), Duration(window, "s", None, "window")]
    with model.deriving("src_seq_length"):
        longest: Value[int] = root["src_seq_length"].int()
        step = root["window_stride"].number()
        if step.value > 0:
            kept = Duration(longest, "frames", 1 / step.value, "length")
            model.usual.append(Usual(kept, SHORTEST, LONGEST, FRAMES))
    yield model
