"""Feature extractors of transformers: what stands in ``preprocessor_config.json``, and the frames that it makes.

Defaults: transformers 5, models/*/feature_extraction_*.py, the arguments of ``__init__``.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Final, Literal, NamedTuple, cast

from rflint.coverage import Conv, framing, stft
from rflint.dialects.waveform import RATE, text, whole
from rflint.documents import Cursor, NotComputable, Value, Where
from rflint.model import Duration, Exchange, Factor, Model, Stack, Stage, Tie

# -- how the frames are cut ---------------------------------------------------------------------------------------

Cut = Callable[[int, int, int], Conv]
"""FFT size, hop and window (samples) to the layer."""


def _centred(fft: int, hop: int, window: int) -> Conv:
    return stft(fft, hop, window)


def _centred_in_zeros(fft: int, hop: int, window: int) -> Conv:
    """NeMo's: torch.stft with pad_mode="constant", which takes clips of any length."""
    return stft(fft, hop, window, mode="zeros")


def _inside(fft: int, hop: int, window: int) -> Conv:
    return framing(window, hop)


def _half_hop(fft: int, hop: int, window: int) -> Conv:
    """HiFi-GAN's padding (fft - hop) // 2 without centring (UnivNet)."""
    return stft(fft, hop, window, center=False, padding=(fft - hop) // 2)


def _first_half_padded(fft: int, hop: int, window: int) -> Conv:
    """Gemma 4: half a window of zeros in front, nothing behind ("semicausal")."""
    return Conv(window, hop, 1, (window // 2, 0), "frames")


def _causal(fft: int, hop: int, window: int) -> Conv:
    """Inkling: a frame ends with its hop, and the last hop is filled up."""
    return Conv(window, hop, 1, (max(fft - hop, 0), 0), "frames", "complete")


# -- sizes --------------------------------------------------------------------------------------------------------

Rounding = Callable[[Fraction], int]


def _floor(samples: Fraction) -> int:
    return samples.numerator // samples.denominator


def _nearest(samples: Fraction) -> int:
    return round(samples)


class Spec(NamedTuple):
    """A class: its sample rate (Hz); keys and defaults of hop, window and FFT; how frames are cut.

    ``per_second`` is how many units of hop and window make a second where they are times (1000 for ms), and
    ``rounding`` what the class makes of a time that is no whole number of samples. Without a hop it gives the waveform.
    """

    rate: int = RATE
    hop: tuple[str, int] | None = None
    window: tuple[str, int] | None = None
    fft: tuple[str, int] | None = None
    cut: Cut = _centred
    per_second: int | None = None
    rounding: Rounding = _floor


WAVEFORM = Spec()
_HOP, _WIN, _FFT = ("hop_length", 160), ("win_length", 400), ("n_fft", 512)
_WHISPER = Spec(RATE, _HOP, ("n_fft", 400), ("n_fft", 400))
_NEMO = Spec(RATE, _HOP, _WIN, _FFT, _centred_in_zeros)
_TORCHAUDIO = Spec(RATE, _HOP, _WIN, _FFT)
_KALDI = Spec(RATE, ("", 160), ("", 400), None, _inside)

EXTRACTORS: Final[dict[str, Spec]] = {
    "Wav2Vec2FeatureExtractor": WAVEFORM,
    "EncodecFeatureExtractor": Spec(24000),
    "DacFeatureExtractor": WAVEFORM,
    "DiaFeatureExtractor": WAVEFORM,
    "KyutaiSpeechToTextFeatureExtractor": Spec(24000),
    "MuseSparkFeatureExtractor": Spec(24000),
    "PeAudioFeatureExtractor": Spec(48000),
    "PocketTTSFeatureExtractor": Spec(24000),
    "VibeVoiceAcousticTokenizerFeatureExtractor": Spec(24000),
    "NeuCodecFeatureExtractor": WAVEFORM,
    "Xcodec2FeatureExtractor": WAVEFORM,
    "Gemma4UnifiedAudioFeatureExtractor": WAVEFORM,
    "WhisperFeatureExtractor": _WHISPER,
    "MossTranscribeDiarizeFeatureExtractor": _WHISPER,
    "Qwen3ASRFeatureExtractor": _WHISPER,
    "Dots3NoteFeatureExtractor": _WHISPER,
    "VoxtralRealtimeFeatureExtractor": _WHISPER,
    "ParakeetFeatureExtractor": _NEMO,
    "NemotronAsrStreamingFeatureExtractor": _NEMO,
    "CohereAsrFeatureExtractor": _NEMO,
    "GraniteSpeechFeatureExtractor": _TORCHAUDIO,
    "GraniteSpeech5FeatureExtractor": _TORCHAUDIO,
    "LasrFeatureExtractor": _NEMO._replace(cut=_inside),
    "Phi4MultimodalFeatureExtractor": _NEMO._replace(cut=_inside),
    "SeamlessM4TFeatureExtractor": _KALDI,
    "Speech2TextFeatureExtractor": _KALDI,
    "ASTFeatureExtractor": _KALDI,
    "MCTCTFeatureExtractor": Spec(RATE, ("hop_length", 10), ("win_length", 25), None, _inside, 1000),
    "SpeechT5FeatureExtractor": Spec(RATE, ("hop_length", 16), ("win_length", 64), None, _centred, 1000),
    "FunAsrNanoFeatureExtractor": Spec(RATE, ("frame_shift", 10), ("frame_length", 25), None, _inside, 1000),
    "Gemma3nAudioFeatureExtractor": Spec(
        RATE, ("hop_length_ms", 10), ("frame_length_ms", 32), None, _inside, 1000, _nearest
    ),
    "Gemma4AudioFeatureExtractor": Spec(
        RATE, ("hop_length_ms", 10), ("frame_length_ms", 20), None, _first_half_padded, 1000, _nearest
    ),
    "ClapFeatureExtractor": Spec(48000, ("hop_length", 480), ("fft_window_size", 1024), ("fft_window_size", 1024)),
    "ClvpFeatureExtractor": Spec(22050, ("hop_length", 256), ("n_fft", 1024), ("n_fft", 1024)),
    "MusicgenMelodyFeatureExtractor": Spec(32000, ("hop_length", 4096), ("n_fft", 16384), ("n_fft", 16384)),
    "Pop2PianoFeatureExtractor": Spec(22050, ("hop_length", 1024), ("window_size", 4096), ("window_size", 4096)),
    "UnivNetFeatureExtractor": Spec(24000, ("hop_length", 256), ("win_length", 1024), ("filter_length", 1024), _half_hop),
    "InklingFeatureExtractor": Spec(RATE, ("audio_token_duration_s", 0), ("window_size_multiplier", 2), None, _causal, 1),
}  # fmt: skip
"""By class. Gemma 3n frames one sample more than the window for its pre-emphasis, which is not counted."""

TOKEN_SECONDS = Fraction(1, 20)
"""InklingFeatureExtractor, audio_token_duration_s."""


class Frames(NamedTuple):
    """Spectrogram frames: the layer that cuts them, their hop (samples), and the sample rate (Hz)."""

    layer: Conv
    hop: Value[int]
    window: Value[int]
    rate: Value[int]

    @property
    def stage(self) -> Stage:
        return Stage("spectrogram", self.layer, self.hop.where or self.window.where)

    @property
    def factor(self) -> Factor:
        return Factor(self.hop.key or "hop", (self.hop.value,), self.hop.where)


class Extractor:
    """A feature extractor: the mapping that sets it up (None where there is no file), and its class."""

    __slots__ = ("config", "document")

    def __init__(self, config: Cursor | None, document: object = None) -> None:
        self.config = config
        self.document = document

    @property
    def kind(self) -> str:
        return text(self.config["feature_extractor_type"]) if self.config else ""

    def whole(self, key: str, default: int | None = None) -> Value[int] | None:
        """A whole number of the file; the default (None: nothing) where it is missing or of another type."""
        value = whole(self.config[key]) if self.config and key else None
        if value is not None:
            return self._sourced(value)
        return Value(default, None, "framework default") if default is not None else None

    def first(self, *keys: str) -> Value[int] | None:
        """The first of several keys that holds a whole number."""
        return next((value for key in keys if (value := self.whole(key))), None)

    def number(self, key: str) -> Value[Fraction] | None:
        try:
            value = self.config[key].number() if self.config else None
        except NotComputable:
            return None
        return self._sourced(value) if value is not None else None

    def rate(self) -> Value[int] | None:
        """The sample rate (Hz) that the file gives, or the class's own; None without a file."""
        spec = EXTRACTORS.get(self.kind)
        return self.whole("sampling_rate", spec.rate if spec else None)

    def frames(self, kind: str) -> Frames:
        """The frames it cuts; of the class ``kind`` with its defaults where there is no file, or one of no known class.

        Raises:
            NotComputable: a size is not a positive whole number of samples.
        """
        own = EXTRACTORS.get(self.kind)
        spec = own if own is not None and own.hop else EXTRACTORS[kind]
        source = self if spec is own else Extractor(None)
        return source._frames(spec)

    def _frames(self, spec: Spec) -> Frames:
        rate = _positive(cast(Value[int], self.whole("sampling_rate", spec.rate)))
        if spec.cut is _causal:
            hop, window = self._token_sizes(rate.value)
        else:
            hop, window = (self._size(key, spec, rate.value) for key in (spec.hop, spec.window))
        fft = self.whole(*spec.fft) if spec.fft else None
        return Frames(spec.cut(fft.value if fft else window.value, hop.value, window.value), hop, window, rate)

    def _size(self, named: tuple[str, int] | None, spec: Spec, rate: int) -> Value[int]:
        key, default = named or ("", 0)
        if spec.per_second is None:
            return _positive(cast(Value[int], self.whole(key, default)))
        given = self.number(key) or Value(Fraction(default), None, "framework default")
        return _positive(Value(spec.rounding(given.value * rate / spec.per_second), given.where, given.origin))

    def _token_sizes(self, rate: int) -> tuple[Value[int], Value[int]]:
        """Inkling: a token lasts so many seconds, the window so many tokens; both must be whole samples."""
        token = self.number("audio_token_duration_s") or Value(TOKEN_SECONDS, None, "framework default")
        times = self.number("window_size_multiplier") or Value(Fraction(2), None, "framework default")
        sizes = token.value * rate, token.value * rate * times.value
        if any(size.denominator != 1 for size in sizes):
            raise NotComputable("a token is no whole number of samples", token.where)
        hop = _positive(Value(int(sizes[0]), token.where, token.origin))
        return hop, _positive(Value(int(sizes[1]), times.where, times.origin))

    def _sourced(self, value: Value[int] | Value[Fraction]) -> Value:  # type: ignore[type-arg]
        """A value out of a file beside the one in hand says so."""
        inside = self.config is not None and self.config.document is self.document
        return value if inside else value._replace(origin="referenced file")


def _positive(value: Value[int]) -> Value[int]:
    if value.value < 1:
        raise NotComputable(f"`{value.key}` of {value.value} is no size", value.where)
    return value


# -- the files ----------------------------------------------------------------------------------------------------


def beside(root: Cursor) -> Extractor:
    """The feature extractor in the files beside a config."""
    for name in ("preprocessor_config.json", "processor_config.json"):
        document = root.document.sibling(name)
        config = inside_file(Cursor(document)) if document is not None else None
        if config is not None:
            return Extractor(config, root.document)
    return Extractor(None)


def inside_file(root: Cursor) -> Cursor | None:
    """The mapping of the feature extractor in a preprocessor's or a processor's file; old ones do not name its class."""
    for mapping in (root, root["feature_extractor"], root["audio_processor"]):
        nameless = not mapping["feature_extractor_type"].exists and mapping.has("sampling_rate", "feature_size")
        if text(mapping["feature_extractor_type"]) in EXTRACTORS or nameless:
            return mapping
    return None


def read_extractor(dialect: str, root: Cursor) -> Model:
    """A preprocessor's file as a model of its own: its frames, and what it demands of its sizes."""
    config = inside_file(root) or root
    extractor = Extractor(config, root.document)
    model = Model(dialect, extractor.kind, sample_rate=extractor.rate())
    spec = EXTRACTORS[extractor.kind]
    if spec.hop is None:
        return model
    with model.deriving("frontend"):
        frames = extractor.frames(extractor.kind)
        stages = [frames.stage, *_stacked(extractor)]
        rate = Fraction(frames.rate.value)
        model.stacks.append(Stack("frontend", "features", stages, input_rate=rate, factors=[frames.factor]))
        bands = extractor.first("num_mel_bins", "n_mels", "feature_size")
        model.exchanges.append(Exchange("gives", frames.hop, frames.rate, bands))
        _describe(model, extractor, spec, frames)
    return model


def joined(name: str, count: int, where: Where | None = None) -> Stage:
    """Frames joined by reshaping, ``count`` to one."""
    return Stage(name, Conv(count, count, 1, (0, 0), "stack"), where)


PADDED_TO = 2
"""SeamlessM4TFeatureExtractor.__call__, pad_to_multiple_of."""


def stacking(extractor: Extractor, frames: Value[int], every: Value[int]) -> Stage:
    """Frames joined by reshaping, the rest dropped; they are padded to an even number first (SeamlessM4TFeatureExtractor)."""
    tail: Literal["drop", "complete"] = "complete" if every.value == PADDED_TO == frames.value else "drop"
    layer = Conv(frames.value, every.value, 1, (0, 0), "stack", tail)
    return Stage("stacking", layer, every.where)


def _stacked(extractor: Extractor) -> list[Stage]:
    if extractor.kind != "SeamlessM4TFeatureExtractor":
        return []
    stride = cast(Value[int], extractor.whole("stride", 2))
    return [stacking(extractor, stride, stride)]


def _describe(model: Model, extractor: Extractor, spec: Spec, frames: Frames) -> None:
    """Durations of the keys, and the FFT that must hold the window."""
    rate = Fraction(frames.rate.value)
    if spec.per_second is None:
        model.durations.append(Duration(frames.hop, "samples", rate, "step"))
        model.durations.append(Duration(frames.window, "samples", rate, "window"))
    fft = extractor.whole(*spec.fft) if spec.fft else None
    if fft is not None and spec.fft != spec.window and _placed(frames.window, fft):
        because = "torch.stft refuses a window longer than the FFT"
        tie = Tie("fft", "at most", cast(Value[object], frames.window), cast(Value[object], fft), "crash", because)
        model.ties.append(tie)


def _placed(*values: Value[int]) -> bool:
    places: list[Where | None] = [value.where for value in values]
    return any(place is not None for place in places)
