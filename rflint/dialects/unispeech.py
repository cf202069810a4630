"""UniSpeech-SAT and WavLM speaker diarization: frames of a pretrained upstream, interpolated to the labels' rate.

Source: microsoft/UniSpeech downstreams/speaker_diarization/models/models.py and utils/dataset.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

from rflint.coverage import Conv, decimate, stft
from rflint.dialects.waveform import whole
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Duration, Factor, Model, Stack, Stage, Tie

NAME, TITLE = "unispeech", "UniSpeech and WavLM speaker diarization"
SCHEMA, LOADER = "unispeech", "pyyaml"

RATE, SHIFT, SIZE = 16000, 256, 1024
"""models.py: the upstream's rate, frame_shift, frame_size."""
FIELD, STEP = 400, 320
"""Samples at 16 kHz of the convolutions of UniSpeech-SAT and WavLM."""
SPECTRAL = ("mfcc", "fbank")


def recognise(root: Cursor) -> bool:
    return root["model"].has("sr", "frame_shift", "feat_type", "context_size", "subsampling")


def read(root: Cursor) -> Iterator[Model]:
    config = root["model"]
    model = Model(NAME)
    with model.deriving("encoder"):
        rate, shift = config["sr"].int(RATE), config["frame_shift"].int(SHIFT)
        model.sample_rate = rate
        subsampling = config["subsampling"].int(1)
        _state_pairs(model, root, rate, shift)
        model.durations.append(Duration(shift, "samples", Fraction(rate.value), "step"))
        stages = _features(config, rate.value, shift, subsampling)
        factors = [
            Factor("frame_shift", (shift.value,), shift.where),
            Factor("subsampling", (subsampling.value,), subsampling.where),
        ]
        model.stacks.append(Stack("encoder", "features", stages, input_rate=rate.value, factors=factors))
    yield model


def _features(config: Cursor, rate: int, shift: Value[int], subsampling: Value[int]) -> list[Stage]:
    if config["feat_type"].str().value in SPECTRAL:
        size = config["frame_size"].int(SIZE)
        kept = [Stage("subsampling", decimate(subsampling.value), subsampling.where)] if subsampling.value > 1 else []
        return [Stage("spectrogram", stft(size.value, shift.value), shift.where), *kept]
    return _upstream(rate, shift, subsampling)


def _upstream(rate: int, shift: Value[int], subsampling: Value[int]) -> list[Stage]:
    """The upstream's frames in samples of the recording, then two of them averaged where the labels come half as often.

    Raises:
        NotComputable: the labels' rate is not that of the upstream's frames or half of it.
    """
    field, step = Fraction(FIELD * rate, RATE), Fraction(STEP * rate, RATE)
    ratio = shift.value * subsampling.value / step if step > 0 else Fraction(0)
    if field.denominator != 1 or step.denominator != 1 or ratio not in (1, 2):
        raise NotComputable("the upstream's frames are interpolated to another rate", shift.where)
    frames = Stage("upstream", Conv(int(field), int(step)), None)
    return [frames, Stage("interpolate", Conv(int(ratio), int(ratio)), shift.where)]


def _state_pairs(model: Model, root: Cursor, rate: Value[int], shift: Value[int]) -> None:
    """The labels are cut with the numbers of ``dataset``, the frames with those of ``model``."""
    for key, ours in (("frame_shift", shift), ("sampling_rate", rate)):
        theirs = whole(root["dataset"][key])
        if theirs is not None and ours.where is not None:
            left, right = cast(Value[object], theirs), cast(Value[object], ours)
            because = "labels are cut with the numbers of `dataset`, frames with those of `model`"
            model.ties.append(
                Tie("frames" if key == "frame_shift" else "rate", "equal", left, right, "silent", because)
            )
