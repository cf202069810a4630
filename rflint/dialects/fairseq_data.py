"""fairseq's data config (``config.yaml`` beside the manifests) of speech translation and synthesis: the features.

Source: fairseq/data/audio/data_cfg.py, and the preprocessing scripts that write such files.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.coverage import framing, stft
from rflint.dialects.waveform import exact, text
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Duration, Exchange, Factor, Model, Stack, Stage, Tie, declared

NAME, TITLE = "fairseq-data", "fairseq data configs of speech translation and synthesis"
SCHEMA, LOADER = "fairseq_data", "pyyaml"

RATE = 16000
"""data_cfg.py: sample_rate, use_sample_rate."""
LENGTH_MS, SHIFT_MS = 25, 10
"""fairseq/data/audio/audio_utils.py, get_fbank: the filter bank of Kaldi with its own defaults."""
KEYS = ("input_feat_per_channel", "input_channels", "use_audio_input", "use_sample_rate", "features", "transforms")


def recognise(root: Cursor) -> bool:
    if root.has("audio_root", "input_feat_per_channel"):
        return True
    return text(root["vocab_filename"]) != "" and any(root[key].exists for key in KEYS)


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME)
    with model.deriving("frontend"):
        if root["features"].is_mapping():
            _spectrogram(model, root["features"])
        else:
            _filter_bank(model, root)
    yield model


def _filter_bank(model: Model, root: Cursor) -> None:
    """Kaldi's filter bank of 25 ms every 10 ms, unless the model reads the waveform."""
    if root["use_audio_input"].value is True:
        model.sample_rate = root["use_sample_rate"].int(RATE)
        raise NotComputable("the model reads the waveform", root["use_audio_input"].where)
    rate = root["sample_rate"].int(RATE)
    model.sample_rate = rate
    window, hop = rate.value * LENGTH_MS // 1000, rate.value * SHIFT_MS // 1000
    stage = Stage("fbank", framing(window, hop), rate.where)
    model.stacks.append(Stack("frontend", "fbank", [stage], input_rate=rate.value, factors=[Factor("fbank", (hop,))]))


def _spectrogram(model: Model, features: Cursor) -> None:
    """The log-mel target of synthesis: sizes in samples, and the same in seconds beside them."""
    rate, hop, fft = features["sample_rate"].int(), features["hop_length"].int(), features["n_fft"].int()
    window = features["win_length"].int(fft.value)
    for size in (rate, hop, fft, window):
        if size.value < 1:
            raise NotComputable(f"`{size.key}` of {size.value} is no size", size.where)
    model.sample_rate = rate
    stage = Stage("spectrogram", stft(fft.value, hop.value, window.value), hop.where)
    factors = [Factor("hop_length", (hop.value,), hop.where)]
    model.stacks.append(Stack("frontend", "spectrogram", [stage], input_rate=rate.value, factors=factors))
    model.durations.append(Duration(hop, "samples", Fraction(rate.value), "step"))
    model.durations.append(Duration(window, "samples", Fraction(rate.value), "window"))
    model.exchanges.append(Exchange("gives", hop, rate, centred=True))
    if window.where is not None:
        left: Value[object] = Value(window.value, window.where)
        right: Value[object] = Value(fft.value, fft.where)
        model.ties.append(
            Tie("fft", "at most", left, right, "crash", "torch.stft refuses a window longer than the FFT")
        )
    _state_seconds(model, features, rate.value)


def _state_seconds(model: Model, features: Cursor, rate: int) -> None:
    """``hop_len_t`` and ``win_len_t`` are seconds and say the same as the sizes in samples."""
    because = "the key holds the same length in seconds"
    for key, quantity in (("hop_len_t", "frame_step"), ("win_len_t", "receptive_field")):
        seconds = exact(features[key])
        if seconds is not None:
            samples = Fraction(round(seconds.value * rate))
            model.claims.append(
                declared(quantity, seconds, "samples", stack="frontend", because=because, amount=samples)
            )
