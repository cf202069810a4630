"""Acoustic models that hold no generator: the analysis alone, in the layouts of several projects.

F5-TTS, Matcha-TTS, RADTTS, FastSpeech 2 (ming024) and its relatives, StyleTTS, StarGANv2-VC, DiffSinger, and any file
that names sample rate, hop, window and FFT side by side. The vocoder is another file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rflint.dialects.analysis import Analysis, known
from rflint.dialects.asr_frontend import tie
from rflint.documents import Cursor, Value
from rflint.model import Model, Tie

NAME, TITLE = "acoustic", "acoustic models and features (sample rate, hop, window, FFT)"
SCHEMA, LOADER = "acoustic", "omegaconf"

RATES = ("sample_rate", "sampling_rate", "audio_sample_rate", "target_sample_rate", "sr")
HOPS = ("hop_length", "hop_size")
WINDOWS = ("win_length", "win_size")
FFTS = ("n_fft", "fft_size", "filter_length")
BANDS = ("n_mels", "num_mels", "n_feats", "n_mel_channels", "audio_num_mel_bins", "num_mel_bins", "n_mel")
MOST_BANDS = 255  # stakira/OpenUtau, DsVocoderConfig.MaxMelBins
HIGHEST = ("fmax", "f_max", "mel_fmax")
SECTIONS = (
    (),
    ("mel_spec",),
    ("model", "mel_spec"),
    ("data_config",),
    ("features",),
    ("data",),
    ("audio",),
    ("preprocess",),
    ("stft_cfg",),  # RoyChao19477/SEMamba, models/stfts.py
)

F5_TYPE = "vocos"  # F5-TTS src/f5_tts/configs/*.yaml, mel_spec_type
F5_RATE, F5_BANDS, F5_HOP = (
    24000,
    100,
    256,
)  # utils_infer.py, load_vocoder: vocos-mel-24khz, bigvgan_v2_24khz_100band_256x


class Section(NamedTuple):
    """The four keys of an analysis and the section they stand in."""

    place: Cursor
    rate: Cursor
    hop: Cursor
    window: Cursor
    fft: Cursor


def recognise(root: Cursor) -> bool:
    return not root.has("feature_extractor_type") and section(root) is not None


def section(root: Cursor) -> Section | None:
    """The section that holds all four keys as numbers; None where there is none."""
    for path in SECTIONS:
        here = root.at(*path)
        found = _four(here, here)
        if found is not None:
            return found
    pairs = [("preprocessing", "stft", root["preprocessing"]["audio"])]
    pairs += [
        (key, "spect_params", root[key]) for key in ("preprocess_params", "preprocess_parasm")
    ]  # as StyleTTS spells
    return next((found for outer, inner, audio in pairs if (found := _four(root[outer][inner], audio))), None)


def _four(here: Cursor, audio: Cursor) -> Section | None:
    if not here.is_mapping():
        return None
    if len({hop.value for name in HOPS if (hop := known(here[name])) is not None}) > 1:
        return None  # which of two hops makes the frames is not known
    keys = (audio.first(*RATES), here.first(*HOPS), here.first(*WINDOWS), here.first(*FFTS))
    rate, hop, window, fft = known(keys[0]), known(keys[1]), keys[2], known(keys[3])
    if rate is None or hop is None or fft is None or not (known(window) or (window.exists and window.value is None)):
        return None
    # SpeechBrain's features count in ms under the same names: 10 and 25 are no numbers of samples
    return Section(here, *keys) if rate.value <= 1000 * hop.value <= 100 * rate.value else None


def read(root: Cursor) -> Iterator[Model]:
    found = section(root)
    if found is None:
        return
    analysis = Analysis.read(found.rate, found.hop, found.window, found.fft)
    model = Model(NAME, sample_rate=analysis.rate)
    analysis.describe(model)
    by_hand = _padded_by_hand(root, found)
    analysis.frontend(model, center=not by_hand)
    mel = root["preprocessing"]["mel"]
    bands = mel["n_mel_channels"] if mel.is_mapping() else found.place.first(*BANDS)
    analysis.below_nyquist(model, mel["mel_fmax"] if mel.is_mapping() else found.place.first(*HIGHEST))
    analysis.exchanged(model, "gives", known(bands), False if by_hand else None)
    copied(model, known(bands), analysis.hop)
    if found.rate.key == "target_sample_rate":
        f5_vocoder(model, root, found, analysis)
    in_seconds(model, found)
    yield model


def _padded_by_hand(root: Cursor, found: Section) -> bool:
    """Projects whose transform is HiFi-GAN's, not centred: openvpi's (nvSTFT.py), Matcha-TTS, F5-TTS for BigVGAN."""
    task, target, kind = root["task_cls"].value, found.place["_target_"].value, found.place["mel_spec_type"].value
    return (
        (isinstance(task, str) and task.startswith("training."))
        or (isinstance(target, str) and target.startswith("matcha."))
        or (found.rate.key == "target_sample_rate" and kind == "bigvgan")
    )


def copied(model: Model, bands: Value[int] | None, hop: Value[int] | None) -> None:
    """A number of bands that is the hop's: vocoders take 80 to 128, and OpenUtau's refuses more than 255."""
    if bands is not None and hop is not None and bands.value == hop.value:
        because = f"as many bands as `{hop.key}` has samples: vocoders take 80 to 128"
        tie(model, "bins", "at most", bands, Value(MOST_BANDS), "silent", because)


def in_seconds(model: Model, found: Section) -> None:
    """fairseq names hop and window in seconds, too, and its vocoder takes those (models/text_to_speech/vocoder.py)."""
    rate = known(found.rate)
    for key, samples in (("hop_len_t", known(found.hop)), ("win_len_t", known(found.window))):
        seconds = found.place[key]
        if rate is None or samples is None or not seconds.exists:
            continue
        with model.deriving(key):
            told: Value[object] = Value(round(seconds.number().value * rate.value), seconds.where, "derived")
            right: Value[object] = Value(samples.value, samples.where)
            because = f"the vocoder takes int({key} * sample_rate), the features {samples.key}"
            model.ties.append(Tie("upsampling", "equal", told, right, "silent", because))


def f5_vocoder(model: Model, root: Cursor, found: Section, analysis: Analysis) -> None:
    """F5-TTS loads a published vocoder by the type of the mel, unless the file names one of its own."""
    local = root["model"]["vocoder"]
    if local["is_local"].value is True or local["local_path"].given:
        return
    kind = found.place["mel_spec_type"]
    if kind.exists and kind.value not in ("vocos", "bigvgan"):
        return
    because = f"the vocoder of mel_spec_type {kind.value if kind.exists else F5_TYPE} takes 24 kHz, 100 bands, hop 256"
    bands = known(found.place.first(*BANDS))
    pairs = (("rate", analysis.rate, F5_RATE), ("bins", bands, F5_BANDS), ("upsampling", analysis.hop, F5_HOP))
    for topic, value, wanted in pairs:
        if value is not None:
            left: Value[object] = Value(value.value, value.where)
            right: Value[object] = Value(wanted, None, "derived")
            model.ties.append(Tie(topic, "equal", left, right, "silent", because))  # type: ignore[arg-type]
