"""Ultimate Vocal Remover, VR architecture: the bands of a spectrogram, each with a sample rate and a hop of its own.

Source: Anjok07/ultimatevocalremovergui, lib_v5/vr_network/model_param_init.py, lib_v5/spec_utils.py (combine_spectrograms).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from rflint.coverage import stft
from rflint.dialects.analysis import known
from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.speech_facts import derived
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Duration, Factor, Model, Stack, Stage

NAME, TITLE = "uvr/vr-bands", "UVR VR-architecture parameters (band: sr, hl, n_fft)"
SCHEMA, LOADER = "vr_bands", "json"

MOST_BANDS = 100
STACKED = "the spectrograms of all bands are stacked frame by frame"


def recognise(root: Cursor) -> bool:
    bands = root["band"]
    numbered = bands.is_mapping() and all(str(band.path[-1]).isdigit() for band in bands)
    return numbered and root.has("sr") and any(True for _ in bands) and all(b.has("sr", "hl", "n_fft") for b in bands)


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME, sample_rate=known(root["sr"]))
    with model.deriving("bands"):
        bands = sorted(root["band"], key=lambda band: int(str(band.path[-1])[:9]))[:MOST_BANDS]
        rates = [positive(band["sr"].int()) for band in bands]
        hops = [positive(band["hl"].int()) for band in bands]
        sizes = [positive(band["n_fft"].int()) for band in bands]
        model.stacks.append(_stack(rates, hops, sizes))
        _facts(model, root, rates, hops, sizes)
    yield model


def _stack(rates: list[Value[int]], hops: list[Value[int]], sizes: list[Value[int]]) -> Stack:
    """Frames at the rate of the highest band; the longest window of all, in its samples."""
    rate, hop = rates[-1].value, hops[-1]
    window = max(ceil(Fraction(size.value * rate, own.value)) for size, own in zip(sizes, rates, strict=True))
    stages = [Stage("bands", stft(window, hop.value), hop.where)]
    return Stack("frontend", "bands", stages, input_rate=rate, factors=[Factor("hl", (hop.value,), hop.where)])


def _facts(
    model: Model, root: Cursor, rates: list[Value[int]], hops: list[Value[int]], sizes: list[Value[int]]
) -> None:
    top = hops[-1].value, rates[-1].value
    for rate, hop, size in zip(rates, hops, sizes, strict=True):
        model.durations.append(Duration(hop, "samples", Fraction(rate.value), "step"))
        model.durations.append(Duration(size, "samples", Fraction(rate.value), "window"))
        fits = Fraction(top[0] * rate.value, top[1])
        because = f"{STACKED}: at {rate.value} Hz a hop of {top[0]} at {top[1]} Hz is {fits}"
        tie(model, "frames", "equal", hop, derived(fits), "silent", because)
        tie(model, "overlap", "at most", hop, size, "silent", "samples between two windows are never read")
    total = known(root["sr"])
    if total is None:
        raise NotComputable("`sr` is no rate", root["sr"].where)
    tie(model, "rate", "equal", total, rates[-1], "silent", "the highest band is resampled from nothing else")
