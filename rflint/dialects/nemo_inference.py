"""NeMo's inference configs: voice activity windows, diarisation scales, buffered and chunked transcription.

Source: NVIDIA/NeMo, examples/asr/conf/vad, examples/speaker_tasks/diarization/conf/inference, tools/asr_evaluator,
examples/asr/asr_chunked_inference, nemo/collections/asr/parts/utils/{vad_utils,streaming_utils}.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.coverage import Conv
from rflint.dialects.asr_frontend import positive, samples, seconds_truncated, tie
from rflint.dialects.nemo_diarization import MOST_SECONDS, state_scales
from rflint.dialects.nemo_pretrained import FEATURE_STEP, factor_of, step_of
from rflint.documents import Cursor, Document, NotComputable, Value
from rflint.model import Duration, Model, Stack, Stage

NAME, TITLE = "nemo/inference", "NVIDIA NeMo inference (vad, diarizer, buffered transcription)"
SCHEMA, LOADER = "nemo_inference", "omegaconf"

compose = Document.composed  # Hydra, where a recipe has a defaults list

SAMPLE_RATE = 16000
SMOOTHING_STEP = 0.01  # vad_utils.py works on units of 10 ms

_STRIDES = ("model_stride", "model_downsampling_factor", "model_downsample_factor", "subsampling_factor")
_STEPS = ("model_stride_in_secs", "model_stride", "time_stride")
_CHUNKS = ("chunk_len_in_secs", "chunk_len_in_sec")
_FRAMES = ("chunk_overlap_frames",)
_NAMES = ("pretrained_name", "model_path", "pretrained_model", "asr_model")

_STRIDE = "the model's own factor; with another one chunks and time stamps are cut at the wrong frames"
_CHUNK = "a chunk is rounded to whole frames of the model, and word times drift by the rest every chunk"
_OVERLAP = "frames are divided by the factor chunk by chunk, and the rest is lost every time"
_JUMP = "smoothing refuses windows that do not move on by at least one frame (ValueError)"
_FRAME_VAD = "labels at another step are repeated or truncated"


def recognise(root: Cursor) -> bool:
    vad = _vad(root)
    scales = root.at("diarizer", "speaker_embeddings", "parameters")
    return (
        vad.at("parameters").has("window_length_in_sec", "shift_length_in_sec")
        or scales.has("window_length_in_sec", "shift_length_in_sec")
        or any(_is_buffered(section) for section in _sections(root))
    )


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME)
    vad = _vad(root)
    if vad["parameters"].is_mapping():
        _state_vad(model, root, vad)
    scales = root.at("diarizer", "speaker_embeddings", "parameters")
    if scales.is_mapping():
        state_scales(model, scales)
    for section in _sections(root):
        if _is_buffered(section):
            _state_buffers(model, root, section)
    yield model


def _vad(root: Cursor) -> Cursor:
    return root["vad"] if root["vad"].is_mapping() else root["diarizer"]["vad"]


def _sections(root: Cursor, depth: int = 3) -> Iterator[Cursor]:
    """The mappings of a file down to a depth: inference settings stand at the root, or some levels below."""
    if not root.is_mapping():
        return
    yield root
    for part in root if depth else ():
        yield from _sections(part, depth - 1)


def _is_buffered(section: Cursor) -> bool:
    """True for settings of buffered or chunked transcription; each of the keys is met elsewhere, their pairs are not."""
    model = any(section[key].exists for key in (*_NAMES, "total_buffer_in_secs"))
    chunk = any(section[key].exists for key in _CHUNKS)
    frames = any(section[key].exists for key in _FRAMES)
    stride = any(section[key].exists for key in (*_STRIDES, *_STEPS))
    known = section["model_stride"].exists and any(factor_of(section[key].value) is not None for key in _NAMES)
    return (chunk and (model or stride)) or known or (frames and stride)


# -- voice activity -----------------------------------------------------------------------------------------------


def _state_vad(model: Model, root: Cursor, vad: Cursor) -> None:
    """Windows of the segment model, centred on their step; the frame model takes none (window 0)."""
    parameters = vad["parameters"]
    with model.deriving("vad"):
        rate = positive(root["sample_rate"].int(SAMPLE_RATE))
        model.sample_rate = rate
        window, shift = parameters["window_length_in_sec"].number(), parameters["shift_length_in_sec"].number()
        model.durations.append(Duration(shift, "s", Fraction(1), "step"))
        if window.value <= 0:
            _state_frame_vad(model, vad, shift)
            return
        model.durations.append(Duration(window, "s", Fraction(1), "window"))
        tie(model, "limit", "at most", shift, window, "silent", "sound between two windows is never heard")
        _state_smoothing(model, parameters, window, shift)
        size, hop = samples(window, rate, seconds_truncated), samples(shift, rate, seconds_truncated)
        half = size.value // 2
        frames = Conv(size.value, hop.value, 1, (half, size.value - half), "frames")
        model.stacks.append(
            Stack("encoder", "vad", [Stage("window", frames, window.where)], input_rate=Fraction(rate.value))
        )


def _state_frame_vad(model: Model, vad: Cursor, shift: Value[Fraction]) -> None:
    name = vad["model_path"].value
    step = step_of(name) if isinstance(name, str) and "frame" in name.lower() else None
    if step is not None:
        tie(model, "frames", "equal", shift, Value(step, vad["model_path"].where, "derived"), "silent", _FRAME_VAD)


def _state_smoothing(model: Model, parameters: Cursor, window: Value[Fraction], shift: Value[Fraction]) -> None:
    """``jump = int(int(seg * (1 - overlap)) / int(shift / 0.01))`` with ``seg = int(window / 0.01 + 1)``, in floats."""
    if not isinstance(parameters["smoothing"].value, str):
        return
    with model.deriving("smoothing"):
        overlap = parameters["overlap"].number()
        if max(abs(value.value) for value in (window, shift, overlap)) > MOST_SECONDS:
            raise NotComputable("a window is no length", window.where)
        length = int(float(window.value) / SMOOTHING_STEP + 1)
        every = int(float(shift.value) / SMOOTHING_STEP)
        jump = int(int(length * (1 - float(overlap.value))) / every) if every else 0
        one: Value[int] = Value(1, None, "derived")
        tie(model, "limit", "at most", one, Value(jump, overlap.where, "derived"), "crash", _JUMP)


# -- buffered transcription ---------------------------------------------------------------------------------------


def _state_buffers(model: Model, root: Cursor, section: Cursor) -> None:
    """The model's declared stride against its family's, and chunks against its frames."""
    factor, name = _factor(root, section)
    for key in _STRIDES:
        with model.deriving(key):
            stride = section[key]
            if factor is not None and stride.given and stride.number().value >= 1:
                known = Value(factor, name.where if name else None, "derived")
                tie(model, "subsampling", "equal", stride.int(), known, "silent", _STRIDE)
    step = _frame_step(section, factor)
    for key in _CHUNKS:
        with model.deriving(key):
            if section[key].given and step is not None:
                chunk = section[key].number()
                model.durations.append(Duration(chunk, "s", Fraction(1), "length"))
                tie(model, "chunk", "multiple", chunk, step, "silent", _CHUNK)
    _state_overlaps(model, section, factor)


def _factor(root: Cursor, section: Cursor) -> tuple[int | None, Cursor | None]:
    """The factor of the model that the settings, or those around them, name."""
    for holder in (section, root, root["engine"]):
        for key in _NAMES:
            factor = factor_of(holder[key].value)
            if factor is not None:
                return factor, holder[key]
    return None, None


def _frame_step(section: Cursor, factor: int | None) -> Value[Fraction] | None:
    """The frame step (s): that of the named model, else what the settings say."""
    if factor is not None:
        return Value(factor * FEATURE_STEP, None, "derived")
    try:
        for key in (*_STEPS, *_STRIDES):
            if section[key].given:
                stated = section[key].number()
                seconds = stated.value if stated.value < 1 else stated.value * FEATURE_STEP
                return Value(seconds, stated.where, "derived") if seconds > 0 else None
    except NotComputable:
        return None
    return None


def _state_overlaps(model: Model, section: Cursor, factor: int | None) -> None:
    with model.deriving("overlap"):
        stated = next((section[key].int() for key in _STRIDES if section[key].given), None)
        divisor = Value(factor, None, "derived") if factor is not None else stated
        for key in _FRAMES if divisor is not None and divisor.value > 0 else ():
            if section[key].given and divisor is not None:
                tie(model, "chunk", "multiple", section[key].int(), divisor, "silent", _OVERLAP)
