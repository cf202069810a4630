"""awni/ecg: a residual network that gives a label for every 256 samples of an electrocardiogram.

Sources: awni/ecg, ecg/network.py, ecg/load.py (STEP).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from rflint.coverage import Layer, Parallel, Same, Sequence
from rflint.dialects.asr_frontend import MOST_LAYERS, positive, tie
from rflint.dialects.speech_facts import derived
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stack, Stage

NAME, TITLE = "ecg-resnet", "awni/ecg (conv_subsample_lengths, conv_filter_length)"
SCHEMA, LOADER = "ecg_resnet", "json"

STEP = 256  # ecg/load.py


def recognise(root: Cursor) -> bool:
    return root.has("conv_subsample_lengths", "conv_filter_length", "conv_num_skip")


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME)
    with model.deriving("encoder"):
        kernel, strides = positive(root["conv_filter_length"].int()), root["conv_subsample_lengths"].ints()
        skip = positive(root["conv_num_skip"].int(), MOST_LAYERS).value
        if len(strides.value) > MOST_LAYERS or min(strides.value, default=1) < 1:
            raise NotComputable("`conv_subsample_lengths` is no list of factors", strides.where)
        plain = root["is_regular_conv"].value is True
        stages = [Stage("stem", Same(kernel.value), kernel.where)]
        for index, stride in enumerate(strides.value):
            where = root["conv_subsample_lengths"][index].where
            layer = Same(kernel.value, stride) if plain else _block(kernel.value, stride, skip)
            stages.append(Stage(f"blocks.{index}", layer, where))
        factors = [Factor("conv_subsample_lengths", tuple(s for s in strides.value if s > 1), strides.where)]
        model.stacks.append(Stack("encoder", "resnet", stages, factors=factors))
        because = "labels stand for 256 samples each (STEP in ecg/load.py)"
        total = Value(prod(strides.value), strides.where, "derived")
        tie(model, "subsampling", "equal", total, derived(STEP), "crash", because)
    yield model


def _block(kernel: int, stride: int, skip: int) -> Layer:
    """``skip`` convolutions, the first one strided, and a maximum over the stride beside them."""
    inner = (Same(kernel, stride), *(Same(kernel) for _ in range(skip - 1)))
    return Parallel((Sequence(inner), Same(stride, stride, kind="pool")))
