"""torchaudio's RNN-T models as configs: Emformer (segments with right context) and Conformer, over stacked frames.

Source: torchaudio/models/rnnt.py, models/emformer.py, models/conformer.py; the keys are the arguments of
``emformer_rnnt_model`` and ``conformer_rnnt_model``, and those of the Emformer config of Hugging Face.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rflint.coverage import Conv, Mixer, Repeat, residual
from rflint.dialects.asr_frontend import attention, block, layers, positive, tie
from rflint.documents import Cursor, Value
from rflint.model import Factor, Model, Stack, Stage

NAME, TITLE = "torchaudio-rnnt", "torchaudio RNN-T models (emformer_rnnt_model, conformer_rnnt_model)"
SCHEMA, LOADER = "torchaudio_rnnt", "pyyaml"

LAYERS = 20  # emformer_rnnt_base and the Emformer config of Hugging Face
LEFT_CONTEXT = 30

_WHOLE = "Emformer is given {} // time_reduction_stride: the rest of the frames is lost without a word"


class _Keys(NamedTuple):
    """The names that an Emformer's arguments have: in torchaudio, and in Hugging Face's config."""

    layers: tuple[str, ...] = ("transformer_num_layers", "num_hidden_layers", "num_layers")
    left: tuple[str, ...] = ("transformer_left_context_length", "left_context_length")
    memory: tuple[str, ...] = ("transformer_max_memory_size", "max_memory_size")


def recognise(root: Cursor) -> bool:
    return _section(root) is not None


def _section(root: Cursor) -> Cursor | None:
    """The mapping that holds the arguments: the file itself, or one below it."""
    for section in (root, *(part for part in root if root.is_mapping() and part.is_mapping())):
        if section.has("time_reduction_stride", "segment_length", "right_context_length"):
            return section
        if section.has("time_reduction_stride", "conformer_num_layers", "conformer_depthwise_conv_kernel_size"):
            return section
    return None


def read(root: Cursor) -> Iterator[Model]:
    section = _section(root) or root
    model = Model(NAME)
    with model.deriving("encoder"):
        stride = positive(section["time_reduction_stride"].int())
        down = Stage("time_reduction", Conv(stride.value, stride.value, 1, (0, 0), "stack"), stride.where)
        after = _emformer(model, section, stride) if section["segment_length"].exists else _conformer(section)
        factors = [Factor("time_reduction_stride", (stride.value,), stride.where)]
        model.stacks.append(Stack("encoder", "transcriber", [down, *after], input_unit="frames", factors=factors))
    yield model


def _emformer(model: Model, section: Cursor, stride: Value[int]) -> list[Stage]:
    """Segments see themselves, so many outputs before them, and the right context, which does not add up over layers."""
    keys = _Keys()
    segment, right = positive(section["segment_length"].int()), section["right_context_length"].int()
    for value in (segment, right):
        tie(model, "chunk", "multiple", value, stride, "silent", _WHOLE.format(value.key))
    count = layers(section.first(*keys.layers), LAYERS).value
    left = section.first(*keys.left).int(LEFT_CONTEXT).value
    before = None if section.first(*keys.memory).int(0).value > 0 else left
    chunk, ahead = max(segment.value // stride.value, 1), max(right.value // stride.value, 0)
    inner = Mixer("emformer attention", before, 0, chunk)
    rest = [Stage("emformer_layers after", Repeat(count - 1, inner), segment.where)] if count > 1 else []
    return [Stage("emformer_layers", Mixer("emformer attention", before, ahead, chunk), segment.where), *rest]


def _conformer(section: Cursor) -> list[Stage]:
    kernel = positive(section["conformer_depthwise_conv_kernel_size"].int())
    count = layers(section["conformer_num_layers"])
    pad = (kernel.value - 1) // 2
    inner = block(attention(), residual(Conv(kernel.value, 1, 1, (pad, pad))))
    return [Stage("conformer_layers", Repeat(count.value, inner), kernel.where)]
