"""What speech recognition dialects share: frames from seconds or ms, convolutional subsampling, limited attention."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple, cast

from rflint.coverage import Conv, Layer, Mixer, Sequence as Chain, pool, stft
from rflint.documents import Cursor, Impossible, NotComputable, Value, Where
from rflint.model import Duration, Model, Outcome, Stage, Tie, Topic

MOST_SAMPLES = 10**9
MOST_LAYERS = 1000
"""Above these a number is a slip of the pen, and nothing is computed from it."""

Rounding = Callable[[float, int], int]
"""How a framework makes samples of a time and a sample rate (Hz): in floats, whose errors are part of the rule."""


def seconds_truncated(seconds: float, rate: int) -> int:
    """NeMo: ``int(window_stride * sample_rate)``; 0.009 s at 24 kHz are 215 samples (audio_preprocessing.py)."""
    return int(seconds * rate)


def ms_truncated(ms: float, rate: int) -> int:
    """Kaldi as torchaudio computes it: ``int(rate * ms * 0.001)`` (torchaudio/compliance/kaldi.py)."""
    return int(rate * ms * 0.001)


def ms_rounded(ms: float, rate: int) -> int:
    """TensorFlowASR: ``int(round(rate * ms / 1000.0))`` (layers/feature_extraction.py)."""
    return round(rate * ms / 1000.0)


def thousandths_rounded(ms: float, rate: int) -> int:
    """SpeechBrain: ``int(round((rate / 1000.0) * ms))`` (processing/features.py, STFT)."""
    return round(rate / 1000.0 * ms)


def samples(time: Value[Fraction], rate: Value[int], rounding: Rounding) -> Value[int]:
    """The samples that a framework makes of a time; they stand where the time does.

    Raises:
        NotComputable: it is no positive number of samples.
    """
    if not 0 < time.value * rate.value <= MOST_SAMPLES * 1000:
        raise NotComputable(f"`{time.key}` is no length in samples", time.where)
    return positive(Value(rounding(float(time.value), rate.value), time.where, "derived"))


def positive(value: Value[int], most: int = MOST_SAMPLES) -> Value[int]:
    """The value itself. Raises `Impossible` unless it lies in 1..most."""
    if not 1 <= value.value <= most:
        raise Impossible(f"`{value.key}` is {value.value}, not from 1 to {most}", value.where)
    return value


def layers(cursor: Cursor, default: int | None = None) -> Value[int]:
    """A number of layers. Raises `NotComputable` when it is none that a model can have."""
    return positive(cursor.int() if default is None else cursor.int(default), MOST_LAYERS)


def tie(
    model: Model,
    topic: Topic,
    kind: Literal["equal", "multiple", "at most", "same length", "reversed"],
    left: Value[int] | Value[Fraction],
    right: Value[int] | Value[Fraction],
    outcome: Outcome,
    because: str,
) -> None:
    """State a relation between two numbers."""
    model.ties.append(Tie(topic, kind, cast(Value[object], left), cast(Value[object], right), outcome, because))


# -- frames -------------------------------------------------------------------------------------------------------


class Frames(NamedTuple):
    """A front end in samples. Window and hop stand where the keys that set them do."""

    rate: Value[int]
    window: Value[int]
    hop: Value[int]
    fft: Value[int] | None = None

    @property
    def frame_rate(self) -> Fraction:
        """Frames per second (Hz)."""
        return Fraction(self.rate.value, self.hop.value)

    def centred(self, name: str, padding: int | None = None, *, mirrored: bool = False) -> Stage:
        """An STFT whose frame m is centred on sample m·hop, or with other padding: of zeros, or of mirrored samples."""
        fft = max(self.fft.value if self.fft else 0, self.window.value)
        mode: Literal["reflect", "zeros"] = "reflect" if mirrored else "zeros"
        return Stage(name, stft(fft, self.hop.value, self.window.value, padding=padding, mode=mode), self.hop.where)

    def state(self, model: Model, because: str) -> None:
        """That the window fits the FFT and that no sample falls between two windows."""
        if self.fft is not None and self.window.where is not None:
            tie(model, "fft", "at most", self.window, self.fft, "crash", because)
        tie(model, "overlap", "at most", self.hop, self.window, "silent", "samples between two windows are never read")


def lasting(
    model: Model,
    time: Value[Fraction],
    made: Value[int],
    rate: Value[int],
    quantity: Literal["step", "window"],
    unit: Literal["s", "ms"] = "s",
) -> None:
    """Say of a key that holds a time what it lasts, and that rounding changed it where it did."""
    if time.where is None:
        return
    per_second = Fraction(1 if unit == "s" else 1000)
    model.durations.append(Duration(time, unit, per_second, quantity))
    exact, whole = Value(time.value * rate.value / per_second, time.where), Value(made.value, None, "derived")
    if exact.value != whole.value:
        tie(model, "rounding", "equal", exact, whole, "report", "the framework counts whole samples")


# -- subsampling --------------------------------------------------------------------------------------------------


def chain(
    name: str, pairs: Sequence[tuple[int, int]], where: Where | None, padding: Sequence[int] = (0, 0)
) -> list[Stage]:
    """Convolutions (kernel, stride), each with the same padding (left, right), by default without."""
    sides = padding[0], padding[1]
    return [Stage(f"{name}.{i}", Conv(kernel, stride, 1, sides), where) for i, (kernel, stride) in enumerate(pairs)]


def vgg(name: str, blocks: int, where: Where | None) -> list[Stage]:
    """VGG blocks: two convolutions of 3 and a maximum over 2, completed at the end."""
    block = Chain((Conv(3, 1, 1, (1, 1)), Conv(3, 1, 1, (1, 1)), pool(2, ceil=True)))
    return [Stage(f"{name}.{i}", block, where) for i in range(blocks)]


def stacked(name: str, frames: int, where: Where | None) -> Stage:
    """``frames`` frames reshaped into one; the last one is completed with zeros."""
    return Stage(name, Conv(frames, frames, 1, (0, 0), "stack", "complete"), where)


# -- attention ----------------------------------------------------------------------------------------------------


def attention(left: int | None = None, right: int | None = None) -> Mixer:
    """Self-attention over so many frames on each side; None is no limit."""
    return Mixer("self-attention", left, right)


def chunked_attention(chunk: int, before: int | None) -> Mixer:
    """Self-attention inside chunks of so many frames, and over ``before`` frames before the chunk (None: no limit)."""
    return Mixer("self-attention", before, 0, positive(Value(chunk), MOST_LAYERS).value)


def block(*inner: Layer) -> Chain:
    """One encoder layer: what mixes over time, in its order."""
    return Chain(inner)
