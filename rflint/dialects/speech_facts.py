"""What recognisers and speaker models state about their feature frames: durations, plausible ranges, Kaldi framing."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple, TypeVar, cast

from rflint.coverage import Mixer, crop, framing
from rflint.dialects.asr_frontend import MOST_LAYERS, MOST_SAMPLES, lasting, ms_truncated, positive, samples
from rflint.documents import Cursor, NotComputable, Value, Where
from rflint.model import Claim, Duration, Factor, Model, Stack, Stage, Usual
from rflint.targets import EXACT, Target, format_ms

T = TypeVar("T")

MS = Fraction(1000)
"""Milliseconds a second."""
SPEECH_HOP_S = Fraction(5, 1000), Fraction(20, 1000)
SPEECH_WINDOW_S = Fraction(15, 1000), Fraction(70, 1000)
SPEECH_RANGE = "speech features come every 5 to 20 ms from windows of 15 to 70 ms"
LETTER_STEP_S, SUBWORD_STEP_S, MOST_LETTERS = Fraction(40, 1000), Fraction(80, 1000), 500
"""Seconds between frames that fast speech needs, for some 25 letters or phones and 12 subwords a second. Characters of a
script that has more than so many are as rare as subwords."""
KALDI_SHIFT_MS, KALDI_LENGTH_MS = Fraction(10), Fraction(25)  # torchaudio/compliance/kaldi.py, fbank


def maybe(read: Callable[[], Value[T]]) -> Value[T] | None:
    """What a typed accessor gives, or None where the key is missing, null, unresolved or of another type."""
    try:
        return read()
    except NotComputable:
        return None


def named(place: Cursor, names: Container[str]) -> bool:
    """Whether a key holds one of the names."""
    return isinstance(place.value, str) and place.value in names


def stated_rate(place: Cursor) -> Value[int] | None:
    """A sample rate (Hz); None where the key gives none that can be one."""
    return maybe(lambda: positive(place.int()))


def sizes(place: Cursor, default: Sequence[int], most: int = MOST_SAMPLES) -> Value[list[int]]:
    """A list of two or more sizes, each from 1 to ``most``. Raises `NotComputable` when it is none."""
    found = place.ints(list(default))
    if not 2 <= len(found.value) <= MOST_LAYERS:
        raise NotComputable(f"`{place.key}` has {len(found.value)} entries", found.where)
    for size in found.value:
        positive(Value(size, found.where), most)
    return found


def derived(value: int | Fraction, where: Where | None = None) -> Value[int]:
    """A side of a tie that rflint computed itself; ``where`` is what it was computed from."""
    return cast(Value[int], Value(value, where, "derived"))


def counted(
    model: Model,
    cursor: Cursor,
    unit: Literal["samples", "frames", "ms", "s"],
    rate: Fraction | int,
    quantity: Literal["step", "window", "length"] = "length",
) -> None:
    """Hand over a key as a duration, in ``unit`` of which ``rate`` make a second; nothing where it is not known."""
    value = maybe(cursor.number)
    if value is not None and value.where is not None and value.value > 0:
        model.durations.append(Duration(value, unit, Fraction(rate), quantity))


def plausible(model: Model, because: str = SPEECH_RANGE) -> None:
    """State the range of speech features for every step and window that the model has handed over so far."""
    for duration in model.durations:
        if duration.quantity == "step":
            model.usual.append(Usual(duration, *SPEECH_HOP_S, because))
        elif duration.quantity == "window":
            model.usual.append(Usual(duration, *SPEECH_WINDOW_S, because))


def often_enough(model: Model, tokens: Value[str] | Value[int], longest: Fraction) -> None:
    """State that CTC needs frames as often as tokens: one every ``longest`` seconds, for the tokens that a key tells."""
    wording = f"{tokens.key}: {tokens.value}"
    because = f"`{wording}` and CTC need a frame at least every {format_ms(longest * MS)}"
    target = Target("frame_step", None, longest, "s", EXACT, wording, "encoder")
    model.claims.append(Claim(target, tokens.where, "key", wording, because, "silent", "ctc"))


class Features(NamedTuple):
    """Feature frames of a model.

    ``rate`` is the sample rate (Hz), ``hop`` the samples from one frame to the next, ``stages`` what makes the frames.
    """

    rate: Value[int]
    hop: Value[int]
    stages: tuple[Stage, ...]

    @property
    def frame_rate(self) -> Fraction:
        """Frames a second (Hz)."""
        return Fraction(self.rate.value, self.hop.value)

    def then(self, *stages: Stage) -> Features:
        """The features after layers that keep their rate, such as a normalisation over the utterance."""
        return self._replace(stages=(*self.stages, *stages))

    def stack(self) -> Stack:
        """The front end alone."""
        return Stack("frontend", "features", self.stages, input_rate=self.rate.value)

    def encoder(self, name: str, stages: Sequence[Stage], factors: Sequence[Factor] = ()) -> Stack:
        """The network over the features, from samples on; ``factors`` are those of the network."""
        hop = Factor(self.hop.key or "hop", (self.hop.value,), self.hop.where)
        named = [factor for factor in factors if factor.terms]
        return Stack("encoder", name, [*self.stages, *stages], input_rate=self.rate.value, factors=[hop, *named])


def strided(key: str, stages: Sequence[Stage], where: Where | None) -> Factor:
    """The strides of a network as a factor of the step, named after the key that chooses the network."""
    terms = [stage.layer.shift for stage in stages if stage.layer.period == 1 and stage.layer.shift > 1]
    return Factor(key, tuple(terms), where)


def kaldi_features(model: Model, rate: Value[int], shift: Cursor, length: Cursor, name: str = "fbank") -> Features:
    """Kaldi features with snip_edges, from ``frame_shift`` and ``frame_length`` in milliseconds."""
    shift_ms, length_ms = shift.number(KALDI_SHIFT_MS), length.number(KALDI_LENGTH_MS)
    hop, window = samples(shift_ms, rate, ms_truncated), samples(length_ms, rate, ms_truncated)
    lasting(model, shift_ms, hop, rate, "step", "ms")
    lasting(model, length_ms, window, rate, "window", "ms")
    return Features(rate, hop, (Stage(name, framing(window.value, hop.value), shift_ms.where or length_ms.where),))


def last_dropped(where: Where | None = None) -> Stage:
    """The last frame of a centred STFT left out (``stft[..., :-1]``), as Whisper does and those who copy it."""
    return Stage("all but the last", crop(0, 1), where)


def over_utterance(name: str, where: Where | None = None) -> Stage:
    """Something that looks at the whole utterance: a mean, a pooling, attention without limit."""
    return Stage(name, Mixer(name), where)
