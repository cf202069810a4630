"""TensorFlowASR: speech_config and an encoder, as Jinja2 templates (``*.yml.j2``) or plain YAML of the first generation.

Source: TensorSpeech/TensorFlowASR, examples/models/**/*.yml.j2, tensorflow_asr/models/layers/feature_extraction.py; for
the first generation examples/*/config.yml and tensorflow_asr/featurizers/speech_featurizers.py (version 1.0).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.coverage import Conv, Mixer, framing, stft
from rflint.dialects.asr_frontend import Frames, lasting, ms_rounded, positive, samples, tie
from rflint.dialects.tensorflow_asr_encoders import attention_of, read_encoder
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Claim, Duration, Factor, Model, Stack, Stage, Usual
from rflint.targets import Target, Tolerance

NAME, TITLE = "tensorflow-asr", "TensorFlowASR (speech_config with frame_ms and stride_ms)"
SCHEMA, LOADER = "tensorflow_asr", "pyyaml"

# FeatureExtraction.__init__
RATE, FRAME_MS, STRIDE_MS, NFFT = 16000, 25, 10, 512
USUAL_WINDOW, USUAL_STEP = (Fraction(15, 1000), Fraction(70, 1000)), (Fraction(5, 1000), Fraction(20, 1000))

_DATA = ("train_dataset_config", "eval_dataset_config")
_CROPS = "tf.signal.rfft cuts a frame that is longer than nfft"
_RATE = "audio is resampled to this rate and given to a model of the other"
_BLOCK = "a block of frame_length + k·frame_step samples gives whole frames; the rest is lost between blocks"
_CHUNK = "a frame sees to the end of its chunk; a convolution that looks ahead sees further"


def recognise(root: Cursor) -> bool:
    name = root["model_config"]["class_name"].value
    if isinstance(name, str) and name.startswith("tensorflow_asr."):
        return True
    return root["speech_config"].has("frame_ms", "stride_ms")


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME)
    first = root["speech_config"].is_mapping()
    config = root["model_config"] if first else root["model_config"]["config"]
    speech = root["speech_config"] if first else config["speech_config"]
    with model.deriving("speech_config"):
        if speech["mel_layer_type"].exists:  # of Z-yq/TensorflowASR, whose first layer makes its own spectrum
            raise NotComputable("a layer of the network makes the spectrum", speech["mel_layer_type"].where)
        frames = _frames(model, speech, first=first)
        model.sample_rate = frames.rate
        stages = [_extraction(speech, frames, first=first), *_normalised(speech, first=first)]
        factors = [Factor("stride_ms", (frames.hop.value,), frames.hop.where)]
        rate = Fraction(frames.rate.value)
        model.stacks.append(Stack("frontend", "speech_config", stages, input_rate=rate, factors=factors))
        _state_rates(model, root, frames.rate)
        _state_blocks(model, root["streaming"], frames)
        if config.is_mapping():
            with model.deriving("encoder"):
                encoder = read_encoder(model, _kind(root, config), config, first=first)
                both, chain = [*factors, *encoder.factors], [*stages, *encoder.stages]
                stack = Stack("encoder", "encoder", chain, input_rate=rate, factors=both)
                model.stacks.append(stack)
                _state_chunks(model, config, frames, stack)
    yield model


def _kind(root: Cursor, config: Cursor) -> str:
    """The model's class in lower case; in the first generation its name says it, or the keys that only it has."""
    named = root["model_config"]["class_name"].value
    if isinstance(named, str):
        return named.rpartition(">")[2].rpartition(".")[2].lower()
    for key, kind in (
        ("encoder_blocks", "contextnet"),
        ("encoder_reductions", "rnn_transducer"),
        ("encoder_subsampling", "transformer" if config["encoder_dff"].exists else "conformer"),
        ("block_kernels", "jasper"),
        ("conv_kernels", "deepspeech2"),
    ):
        if config[key].exists:
            return kind
    return config["name"].str("").value.lower()


# -- front end ----------------------------------------------------------------------------------------------------


def _truncated(ms: float, rate: int) -> int:
    """The first generation: ``int(sample_rate * (frame_ms / 1000))``."""
    return int(rate * (ms / 1000))


def _frames(model: Model, speech: Cursor, *, first: bool) -> Frames:
    rate = positive(speech["sample_rate"].int(RATE))
    window_ms, hop_ms = speech["frame_ms"].number(FRAME_MS), speech["stride_ms"].number(STRIDE_MS)
    rounding = _truncated if first else ms_rounded
    window, hop = samples(window_ms, rate, rounding), samples(hop_ms, rate, rounding)
    lasting(model, window_ms, window, rate, "window", "ms")
    lasting(model, hop_ms, hop, rate, "step", "ms")
    for time, (low, high) in ((window_ms, USUAL_WINDOW), (hop_ms, USUAL_STEP)):
        if time.where is not None:
            model.usual.append(Usual(Duration(time, "ms", Fraction(1000)), low, high, "speech recognition"))
    frames = Frames(rate, window, hop, _fft(speech, window, first=first))
    if frames.fft is not None and frames.fft.origin == "file":
        tie(model, "fft", "at most", window, frames.fft, "silent", _CROPS)
    tie(model, "overlap", "at most", hop, window, "silent", "samples between two windows are never read")
    return frames


def _fft(speech: Cursor, window: Value[int], *, first: bool) -> Value[int]:
    if first:
        return Value(1 << (window.value - 1).bit_length(), None, "framework default")
    if speech["nfft"].exists and speech["nfft"].value is None:
        return Value(window.value, None, "framework default")
    return positive(speech["nfft"].int(NFFT))


def _extraction(speech: Cursor, frames: Frames, *, first: bool) -> Stage:
    window, hop = frames.window.value, frames.hop.value
    fft = max(frames.fft.value if frames.fft else 0, window)
    lead = (fft - window) // 2 if speech["use_librosa_like_stft"].value is True else 0
    if first:
        layer = stft(fft, hop, window, center=speech["center"].bool(True).value)
    elif speech["pad_end"].bool(True).value:
        layer = Conv(window, hop, 1, (-lead, window - hop + lead), "frames", "complete")
    else:
        layer = framing(window, hop) if not lead else stft(fft, hop, window, center=False)
    return Stage("speech_config", layer, frames.hop.where)


def _normalised(speech: Cursor, *, first: bool) -> list[Stage]:
    """Normalisation by the peak of the signal, or by statistics of the utterance."""
    keys = [("normalize_signal", first), ("normalize_zscore", False), ("normalize_min_max", False)]
    if first and not speech["normalize_per_frame"].bool(False).value:
        keys.append(("normalize_feature", True))
    return [
        Stage(key, Mixer(key.replace("_", " ")), speech[key].where if speech[key].exists else speech.where)
        for key, default in keys
        if speech[key].bool(default).value
    ]


# -- facts --------------------------------------------------------------------------------------------------------


def _state_rates(model: Model, root: Cursor, rate: Value[int]) -> None:
    data = root["data_config"]
    sections = [data[name] for name in _DATA]
    sections += [*data["test_dataset_configs"]] if data["test_dataset_configs"].is_list() else []
    for section in sections:
        with model.deriving("data_config"):
            if section["sample_rate"].given:
                tie(model, "rate", "equal", section["sample_rate"].int(), rate, "silent", _RATE)


def _state_blocks(model: Model, streaming: Cursor, frames: Frames) -> None:
    """Blocks of samples fed one after the other: get_signal_chunk_size_and_step has whole frames in them."""
    with model.deriving("streaming"):
        if streaming["block_size"].given:
            size = streaming["block_size"].int()
            inner = Value(size.value - frames.window.value, size.where)
            tie(model, "chunk", "multiple", inner, frames.hop, "silent", _BLOCK)


def _state_chunks(model: Model, config: Cursor, frames: Frames, stack: Stack) -> None:
    """Chunks and history count encoder frames; a chunk is as far as a frame may look."""
    chunk, history = config["encoder_chunk_size"], config["encoder_history_size"]
    frame_rate = Fraction(frames.rate.value) / stack.coverage.step
    for cursor in (chunk, history):
        if cursor.given:
            model.durations.append(Duration(cursor.int(), "frames", frame_rate, "length"))
    limit = attention_of(config)
    if limit.right is None or limit.chunk <= 1 or not chunk.given:
        return
    wording = f"encoder_chunk_size: {limit.chunk}"
    slack = Tolerance("absolute", Fraction(frames.window.value, frames.rate.value))
    target = Target("look_ahead", None, (limit.chunk - 1) / frame_rate, "s", slack, wording, "encoder")
    model.claims.append(Claim(target, chunk.where, "key", wording, _CHUNK, "silent", "latency"))
