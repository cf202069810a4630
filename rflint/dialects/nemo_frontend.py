"""NeMo's preprocessors: mel spectrograms and MFCC in seconds or samples, wav2vec's convolutions.

Source: nemo/collections/asr/modules/{audio_preprocessing,wav2vec_modules}.py and parts/preprocessing/features.py.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

from rflint.coverage import Conv, Mixer
from rflint.dialects.asr_frontend import Frames, lasting, positive, samples, seconds_truncated, tie
from rflint.documents import Cursor, NotComputable, Value, Where
from rflint.model import Duration, Model, Stage, Usual

# AudioToMelSpectrogramPreprocessor.__init__ and AudioToMFCCPreprocessor.__init__
SAMPLE_RATE = 16000
WINDOW_SECONDS = Fraction(1, 50)
STRIDE_SECONDS = Fraction(1, 100)
MELS = 64
MFCCS = 64
NORMALIZE = "per_feature"
# Of a recipe for speech: no published one lies outside.
USUAL_WINDOW = (Fraction(15, 1000), Fraction(70, 1000))
USUAL_STEP = (Fraction(5, 1000), Fraction(20, 1000))

CLASSES = ("AudioToMelSpectrogramPreprocessor", "AudioToMFCCPreprocessor")
"""Also the keys of the sections in files before version 1.0, whose scripts hand the rate of the file over."""

_FITS = "torch.stft refuses a window longer than the FFT"
_EVEN = "FilterbankFeatures refuses exact_pad with an odd hop (NotImplementedError)"
_OVER_TIME = ("per_feature", "all_features")


class FrontEnd(NamedTuple):
    """What stands before the encoder: stages over samples, the sample rate, channels per frame, frames a second (Hz)."""

    stages: tuple[Stage, ...]
    rate: Value[int]
    bands: Value[int] | None = None
    hop: Value[int] | None = None


def class_of(section: Cursor) -> str:
    """The last component of `_target_` (``cls`` in old files), or nothing."""
    return target_of(section).rpartition(".")[2]


def target_of(section: Cursor) -> str:
    """What `_target_` (``cls`` or ``target`` in other generations) names, or nothing."""
    value = section.first("_target_", "cls", "target").value
    return value if isinstance(value, str) else ""


def read_front_end(model: Model, preprocessor: Cursor, section: Cursor) -> FrontEnd:
    """The front end of a model whose sections stand below ``section``.

    Raises:
        NotComputable: there is none in the file, it is of another class, or a length is not known.
    """
    name = class_of(preprocessor) or (preprocessor.key if preprocessor.key in CLASSES else "")
    if not preprocessor.is_mapping():
        raise NotComputable("the file has no preprocessor", preprocessor.where)
    if name == "ConvFeatureEncoder":
        return _waveform(model, preprocessor, section)
    if name in ("", "FilterbankFeatures", *CLASSES):
        rate = section if preprocessor.key in CLASSES else preprocessor
        return _spectral(model, preprocessor, rate["sample_rate"], is_mfcc="MFCC" in name)
    raise NotComputable(f"preprocessors of class {name} are not known", preprocessor.where)


# -- spectrograms -------------------------------------------------------------------------------------------------


def _spectral(model: Model, preprocessor: Cursor, rate: Cursor, *, is_mfcc: bool) -> FrontEnd:
    frames = _frames(model, preprocessor, positive(rate.int(SAMPLE_RATE)))
    frames.state(model, _FITS)
    padding = None
    if not is_mfcc and preprocessor["exact_pad"].bool(False).value:
        tie(model, "bins", "multiple", frames.hop, Value(2, None, "derived"), "crash", _EVEN)
        padding = ((frames.fft or frames.window).value - frames.hop.value) // 2
    stages = [
        frames.centred("preprocessor", padding, mirrored=is_mfcc),
        *([] if is_mfcc else _normalised(preprocessor["normalize"])),
    ]
    return FrontEnd(tuple(stages), frames.rate, _bands(preprocessor, is_mfcc), frames.hop)


def _frames(model: Model, preprocessor: Cursor, rate: Value[int]) -> Frames:
    window = _length(model, preprocessor, "window_size", WINDOW_SECONDS, rate, "window")
    hop = _length(model, preprocessor, "window_stride", STRIDE_SECONDS, rate, "step")
    return Frames(rate, window, hop, _fft(preprocessor, window))


def _length(
    model: Model,
    preprocessor: Cursor,
    key: str,
    default: Fraction,
    rate: Value[int],
    quantity: Literal["step", "window"],
) -> Value[int]:
    """A window or hop: in samples under ``n_<key>`` where the key in seconds is false, null or 0."""
    seconds, counted = preprocessor[key], preprocessor[f"n_{key}"]
    if _off(seconds):
        made = positive(counted.int())
        model.durations.append(Duration(made, "samples", Fraction(rate.value), quantity))
        return made
    if counted.given and not _off(counted):
        raise NotComputable(f"`{key}` and `n_{key}` are given together", counted.where)
    time = seconds.number(default)
    made = samples(time, rate, seconds_truncated)
    lasting(model, time, made, rate, quantity)
    if time.where is not None:
        low, high = USUAL_WINDOW if quantity == "window" else USUAL_STEP
        model.usual.append(Usual(Duration(time, "s", Fraction(1), quantity), low, high, "speech recognition"))
    return made


def _off(cursor: Cursor) -> bool:
    """True for a key written as false, null or 0: NeMo tests ``if window_size``."""
    return cursor.exists and (cursor.value is None or cursor.value is False or cursor.value == 0)


def _fft(preprocessor: Cursor, window: Value[int]) -> Value[int]:
    """``n_fft or 2 ** math.ceil(math.log2(window))``."""
    cursor = preprocessor["n_fft"]
    if not cursor.exists or _off(cursor):
        return Value(1 << (window.value - 1).bit_length(), None, "framework default")
    return positive(cursor.int())


def _normalised(normalize: Cursor) -> list[Stage]:
    kind = NORMALIZE if not normalize.exists else normalize.value
    return [Stage("normalize", Mixer(f"{kind} normalisation"), normalize.where)] if kind in _OVER_TIME else []


def _bands(preprocessor: Cursor, is_mfcc: bool) -> Value[int] | None:
    """Channels per frame; `frame_splicing` joins that many copies of the same frame."""
    try:
        if is_mfcc:
            return preprocessor["n_mfcc"].int(MFCCS)
        bands, times = preprocessor["features"].int(MELS), preprocessor["frame_splicing"].int(1)
    except NotComputable:
        return None
    if times.value <= 1 or preprocessor["use_torchaudio"].value is True:
        return bands
    return Value(bands.value * times.value, times.where, "derived")


# -- wav2vec ------------------------------------------------------------------------------------------------------


def _waveform(model: Model, preprocessor: Cursor, section: Cursor) -> FrontEnd:
    rate = positive(section["sample_rate"].int(SAMPLE_RATE))
    convolutions = preprocessor["conv_layers"]
    if not convolutions.is_list():
        raise NotComputable("`conv_layers` is no list", convolutions.where)
    stages = list(_audio_norm(preprocessor))
    for i, layer in enumerate(convolutions):
        kernel, stride = positive(layer["kernel_size"].int()), positive(layer["stride"].int())
        stages.append(Stage(f"conv_layers.{i}", Conv(kernel.value, stride.value), kernel.where))
        if i == 0 and preprocessor["extractor_mode"].value == "group_norm":
            stages.append(Stage("group_norm", Mixer("group norm over time"), preprocessor["extractor_mode"].where))
    return FrontEnd(tuple(stages), rate)


def _audio_norm(preprocessor: Cursor) -> list[Stage]:
    normalize = preprocessor["normalize_audio"]
    if not normalize.bool(True).value:
        return []
    return [Stage("normalize_audio", Mixer("waveform normalisation"), _place(normalize, preprocessor))]


def _place(cursor: Cursor, above: Cursor) -> Where:
    return cursor.where if cursor.exists else above.where
