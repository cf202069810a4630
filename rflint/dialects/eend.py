"""EEND (hitachi-speech/EEND): who speaks when, in frames of a spliced and subsampled spectrogram.

Sources: eend/feature.py, eend/bin/train.py, eend/chainer_backend/{train,diarization_dataset}.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.coverage import Conv, Mixer, decimate
from rflint.dialects.asr_frontend import Frames, attention, positive
from rflint.dialects.speech_facts import counted, named
from rflint.documents import Cursor, NotComputable
from rflint.model import Duration, Factor, Model, Stack, Stage

NAME, TITLE = "eend", "EEND speaker diarization (frame_shift, context_size, subsampling)"
SCHEMA, LOADER = "eend", "pyyaml"

RATE, SIZE, SHIFT = 16000, 1024, 256  # eend/bin/train.py
CONTEXT, SUBSAMPLING, FRAMES = 0, 1, 2000  # eend/bin/train.py: context_size, subsampling, num_frames
NETWORKS = {"Transformer": attention(), "BLSTM": Mixer("BLSTM")}
LONGEST = 1000
"""Frames of context on a side: more is no config."""


def recognise(root: Cursor) -> bool:
    return root.has("sampling_rate", "frame_size", "frame_shift", "context_size", "subsampling", "input_transform")


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME)
    with model.deriving("features"):
        rate = model.sample_rate = positive(root["sampling_rate"].int(RATE))
        size, shift = positive(root["frame_size"].int(SIZE)), positive(root["frame_shift"].int(SHIFT))
        for value, quantity in ((size, "window"), (shift, "step")):
            model.durations.append(Duration(value, "samples", Fraction(rate.value), quantity))  # type: ignore[arg-type]
        fft = 1 << (size.value - 1).bit_length()  # feature.py, stft: the next power of two
        spectrogram = Frames(rate, size, shift)._replace(fft=size._replace(value=fft, where=None)).centred("stft")
        context, every = root["context_size"].int(CONTEXT).value, positive(root["subsampling"].int(SUBSAMPLING))
        if not 0 <= context <= LONGEST:
            raise NotComputable(f"`context_size` is {context}", root["context_size"].where)
        stages = [spectrogram, Stage("splice", Conv(2 * context + 1, 1, 1, (context, context), "stack"), None)]
        stages += [Stage("subsample", decimate(every.value), every.where)] if every.value > 1 else []
        factors = [
            Factor("frame_shift", (shift.value,), shift.where),
            Factor("subsampling", (every.value,), every.where),
        ]
        model.stacks.append(Stack("frontend", "features", stages, input_rate=rate.value, factors=factors))
        counted(model, root["num_frames"], "frames", Fraction(rate.value, shift.value * every.value))
        with model.deriving("encoder"):
            network = _network(root)
            model.stacks.append(
                Stack("encoder", "diarizer", [*stages, network], input_rate=rate.value, factors=factors)
            )
    yield model


def _network(root: Cursor) -> Stage:
    """What goes over the frames keeps their rate; forks put other networks there, some of which subsample again."""
    kind = root["model_type"]
    if not named(kind, NETWORKS):
        raise NotComputable("the network is not known", kind.where)
    return Stage("network", NETWORKS[kind.str().value], kind.where)
