"""What vocoder dialects say beside their generator: the analysis it inverts (rate, hop, window, FFT) and the training crop."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple, cast

from rflint.coverage import stft
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Dead, Duration, Exchange, Factor, Model, Outcome, Stack, Stage, Tie, declared


def known(cursor: Cursor, default: int | None = None) -> Value[int] | None:
    """A positive whole number of the file; None where it is unresolved or of another type.

    Where it is missing or null, the framework's default.
    """
    try:
        value = cursor.int() if default is None else cursor.int(default)
    except NotComputable:
        return None
    return value if value.value > 0 else None


def equal(model: Model, left: Value[int] | None, right: Value[int] | None, because: str, outcome: Outcome) -> None:
    """State that two sample rates of the file are one; nothing when one of them is not known."""
    if left is not None and right is not None:
        model.ties.append(Tie("rate", "equal", cast(Value[object], left), cast(Value[object], right), outcome, because))


class Analysis(NamedTuple):
    """The analysis whose frames the generator reads: sample rate (Hz), hop, window and FFT size (samples)."""

    rate: Value[int] | None = None
    hop: Value[int] | None = None
    window: Value[int] | None = None
    fft: Value[int] | None = None

    @classmethod
    def read(cls, rate: Cursor, hop: Cursor, window: Cursor, fft: Cursor) -> Analysis:
        """Read the four keys. A window written as null is as long as the FFT, and its comment speaks of that length."""
        size = known(fft)
        length = known(window)
        if length is None and window.exists and window.value is None and size is not None:
            length = Value(size.value, window.where, "derived")
        return cls(known(rate), known(hop), length, size)

    @property
    def sample_rate(self) -> Fraction | None:
        return Fraction(self.rate.value) if self.rate else None

    @property
    def frame_rate(self) -> Fraction | None:
        """Frames per second (Hz), where rate and hop are known."""
        return Fraction(self.rate.value, self.hop.value) if self.rate and self.hop else None

    def describe(self, model: Model, because: str = "torch.stft refuses a window longer than the FFT") -> None:
        """Hand over the durations, and that the window must fit the FFT."""
        self.lasting(model, self.hop, "step")
        self.lasting(model, self.window, "window")
        self.lasting(model, self.fft, "window")
        if self.window and self.fft and self.window.origin == "file":
            tie = Tie(
                "fft", "at most", cast(Value[object], self.window), cast(Value[object], self.fft), "crash", because
            )
            model.ties.append(tie)

    def lasting(
        self, model: Model, value: Value[int] | None, quantity: Literal["step", "window", "length"] = "length"
    ) -> None:
        """A key that counts samples at the rate of the analysis."""
        if value is not None:
            model.durations.append(Duration(value, "samples", self.sample_rate, quantity))

    def framed(self, model: Model, value: Value[int] | None) -> None:
        """A key that counts frames of the analysis."""
        if value is not None:
            model.durations.append(Duration(value, "frames", self.frame_rate, "length"))

    def inverted(self, model: Model, because: str, outcome: Outcome = "crash", amount: Fraction | None = None) -> None:
        """State that the decoder makes one hop of samples for each frame; ``amount`` where the output rate differs."""
        if self.hop is not None:
            model.claims.append(
                declared(
                    "upsampling", self.hop, "samples", stack="decoder", outcome=outcome, because=because, amount=amount
                )
            )

    def cropped(self, model: Model, crop: Value[int] | None, outcome: Outcome, because: str) -> None:
        """State that the training crop (samples) is a whole number of hops."""
        self.lasting(model, crop)
        if crop is not None and self.hop is not None:
            tie = Tie("segment", "multiple", cast(Value[object], crop), cast(Value[object], self.hop), outcome, because)
            model.ties.append(tie)

    def frontend(self, model: Model, *, center: bool = True) -> None:
        """The transform that makes the frames, where hop and window are known; ``center`` as in torch.stft and librosa.

        Without it the padding is HiFi-GAN's, (FFT - hop) // 2 at both ends (meldataset.py, mel_spectrogram).
        """
        window = self.window or self.fft
        if self.hop is None or window is None:
            return
        fft = self.fft.value if self.fft else window.value
        padding = None if center else max(fft - self.hop.value, 0) // 2
        layer = stft(fft, self.hop.value, window.value, center=center, padding=padding)
        factors = [Factor(self.hop.key or "hop", (self.hop.value,), self.hop.where)]
        stages = [Stage("stft", layer, self.hop.where)]
        with model.deriving("analysis"):
            model.stacks.append(Stack("frontend", "analysis", stages, input_rate=self.sample_rate, factors=factors))

    def exchanged(
        self,
        model: Model,
        side: Literal["gives", "takes"],
        bands: Value[int] | None = None,
        centred: bool | None = None,
    ) -> None:
        """State that these frames go to another model or come from one."""
        if self.hop is not None and self.rate is not None:
            model.exchanges.append(Exchange(side, self.hop, self.rate, bands, centred))

    def below_nyquist(self, model: Model, highest: Cursor, outcome: Outcome = "silent") -> None:
        """State that the highest mel frequency (Hz) lies at or below half the sample rate."""
        try:
            limit = highest.number()
        except NotComputable:
            return
        if self.rate is not None:
            half: Value[object] = Value(Fraction(self.rate.value, 2), None, "derived")
            because = "mel filters above half the sample rate are empty"
            model.ties.append(Tie("bins", "at most", cast(Value[object], limit), half, outcome, because))


def paired(model: Model, left: Cursor, right: Cursor, because: str, outcome: Outcome = "crash") -> None:
    """State that two lists of the file hold one entry a stage each; silent unless both are plain lists."""
    if left.is_list() and right.is_list():
        first = cast("list[object]", left.value)
        second = cast("list[object]", right.value)
        one: Value[object] = Value(first, left.where)
        other: Value[object] = Value(second, right.where)
        model.ties.append(Tie("lists", "same length", one, other, outcome, because))


def rounded(model: Model, milliseconds: Value[Fraction], rate: Value[int], used: Value[int], because: str) -> None:
    """State what the code makes of a duration in milliseconds: ``used`` samples at ``rate`` (Hz)."""
    exact: Value[object] = Value(milliseconds.value * rate.value / 1000, milliseconds.where, "derived")
    samples: Value[object] = Value(used.value, None, "derived")
    model.ties.append(Tie("rounding", "equal", exact, samples, "report", because))


def idle(model: Model, milliseconds: Value[Fraction], rate: Value[int], used: Value[int], because: str) -> None:
    """State that a duration in milliseconds has no effect beside the one in samples that is used instead."""
    instead: Value[object] = Value(Fraction(1000 * used.value, rate.value), used.where, "derived")
    model.dead.append(Dead(cast(Value[object], milliseconds), instead, because))
