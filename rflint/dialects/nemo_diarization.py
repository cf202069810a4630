"""NeMo's speaker diarisation: scales of windows, and the chunks of the streaming Sortformer.

Source: nemo/collections/asr/parts/utils/speaker_utils.py (parse_scale_configs) and modules/sortformer_modules.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import cast

from rflint.dialects.asr_frontend import tie
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Duration, Model, Tie

# SortformerModules.__init__
SPEAKERS, FACTOR, CACHE, FIFO, CHUNK, UPDATE, SILENCE = 4, 8, 188, 0, 188, 188, 3
MOST_SECONDS = 10**6

_SCALES = "parse_scale_configs refuses scales that are not listed from the longest to the shortest, with equal lengths"
_LISTS = (
    "windows, shifts and weights are one list each, with an entry a scale, or parse_scale_configs raises ValueError"
)
_CACHE = "the speaker cache holds a frame and the silence frames of every speaker, or ValueError"
_PERIOD = "the cache is updated at least once a chunk and at most when the queue is full; NeMo clips the period with a warning"


def state_scales(model: Model, parameters: Cursor) -> None:
    """The relations between the windows, shifts and weights of the scales."""
    windows, shifts = parameters["window_length_in_sec"], parameters["shift_length_in_sec"]
    weights = parameters["multiscale_weights"]
    with model.deriving("scales"):
        if not windows.is_list():
            _state_scale(model, windows.number(), shifts.number())
            return
        lengths, steps = _numbers(windows), _numbers(shifts)
        if any(abs(value.value) > MOST_SECONDS for value in (*lengths, *steps)):
            raise NotComputable("a scale is no length", windows.where)
        for other in [shifts, *([weights] if weights.is_list() else [])]:
            model.ties.append(Tie("lists", "same length", _listed(other), _listed(windows), "crash", _LISTS))
        for cursor, values in ((windows, lengths), (shifts, steps)):
            given = [float(value.value) for value in values]
            ordered: Value[object] = Value(sorted(given, reverse=True), None, "derived")
            model.ties.append(Tie("order", "equal", Value(given, cursor.where), ordered, "crash", _SCALES))
        for window, shift in zip(lengths, steps, strict=False):
            _state_scale(model, window, shift)


def _state_scale(model: Model, window: Value[Fraction], shift: Value[Fraction]) -> None:
    tie(model, "limit", "at most", shift, window, "crash", _SCALES)
    model.durations.append(Duration(window, "s", Fraction(1), "window"))
    model.durations.append(Duration(shift, "s", Fraction(1), "step"))


def _numbers(cursor: Cursor) -> Sequence[Value[Fraction]]:
    return [item.number() for item in cursor] if cursor.is_list() else [cursor.number()]


def _listed(cursor: Cursor) -> Value[object]:
    return Value(cast("list[object]", cursor.value) if cursor.is_list() else [cursor.value], cursor.where)


def state_sortformer(model: Model, modules: Cursor, factor: Fraction, frame_rate: Fraction | None) -> None:
    """The relations between the buffers of the streaming Sortformer; all of them count encoder frames."""
    with model.deriving("sortformer_modules"):
        declared = modules["subsampling_factor"].int(FACTOR)
        if declared.where is not None:
            because = "chunks are cut from the features at this factor, the encoder has its own"
            tie(model, "subsampling", "equal", declared, Value(factor, None, "derived"), "silent", because)
        speakers, silence = modules["num_spks"].int(SPEAKERS), modules["spkcache_sil_frames_per_spk"].int(SILENCE)
        least = Value((1 + silence.value) * speakers.value, None, "derived")
        tie(model, "limit", "at most", least, modules["spkcache_len"].int(CACHE), "crash", _CACHE)
        chunk, update = modules["chunk_len"].int(CHUNK), modules["spkcache_update_period"].int(UPDATE)
        fullest = Value(modules["fifo_len"].int(FIFO).value + chunk.value, chunk.where, "derived")
        tie(model, "limit", "at most", chunk, update, "repaired", _PERIOD)
        tie(model, "limit", "at most", update, fullest, "repaired", _PERIOD)
        for buffer in (chunk, update, modules["spkcache_len"].int(CACHE)):
            if buffer.where is not None:
                model.durations.append(Duration(buffer, "frames", frame_rate, "length"))
