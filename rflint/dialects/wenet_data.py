"""The data pipeline of WeNet, which wekws builds upon: features, and the keys that count their frames.

Source: wenet/dataset/dataset.py, wenet/dataset/processor.py.
"""

from __future__ import annotations

from rflint.dialects.asr_frontend import Frames, positive
from rflint.dialects.speech_facts import Features, counted, kaldi_features, last_dropped
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Duration, Model

RATE = 16000  # processor.py, resample
TYPE = "fbank"  # dataset.py, conf.get('feats_type', 'fbank')
LOG_MEL = {"n_fft": 400, "hop_length": 160}  # processor.py, compute_log_mel_spectrogram
FILTER_HZ = 100
"""filter_conf counts frames of 10 ms whatever the frame shift (processor.py, filter)."""


def sample_rate(conf: Cursor) -> Value[int]:
    """The rate (Hz) that every recording is resampled to."""
    return positive(conf["resample_conf"]["resample_rate"].int(RATE))


def features(model: Model, conf: Cursor, rate: Value[int]) -> Features:
    """The features of a ``dataset_conf``: Kaldi's filter bank or MFCC, or Whisper's spectrogram."""
    kind = conf["feats_type"].str(TYPE)
    if kind.value in ("fbank", "mfcc"):
        frames = conf[f"{kind.value}_conf"]
        return kaldi_features(model, rate, frames["frame_shift"], frames["frame_length"], kind.value)
    if kind.value == "log_mel_spectrogram":
        return _log_mel(model, conf["log_mel_spectrogram_conf"], rate)
    raise NotComputable(f"the features `{kind.value}` are not known", kind.where)


def _log_mel(model: Model, conf: Cursor, rate: Value[int]) -> Features:
    """A centred STFT over mirrored edges (torch.stft), whose last frame is dropped."""
    fft, hop = positive(conf["n_fft"].int(LOG_MEL["n_fft"])), positive(conf["hop_length"].int(LOG_MEL["hop_length"]))
    for value, quantity in ((hop, "step"), (fft, "window")):
        if value.where:
            model.durations.append(Duration(value, "samples", rate.value, quantity))  # type: ignore[arg-type]
    frames = Frames(rate, fft, hop)
    return Features(rate, hop, (frames.centred("log_mel", mirrored=True), last_dropped(hop.where)))


def frame_counts(model: Model, conf: Cursor, made: Features) -> None:
    """Keys of a ``dataset_conf`` that count frames."""
    for key in ("min_length", "max_length"):
        counted(model, conf["filter_conf"][key], "frames", FILTER_HZ)
    for section in ("spec_aug_conf", "spec_sub_conf", "spec_trim_conf"):
        counted(model, conf[section]["max_t"], "frames", made.frame_rate)
