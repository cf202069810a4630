"""Unpadded convolutions over the waveform, as wav2vec and its children stack them, and what stands on top of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import prod
from typing import Literal, NamedTuple, cast

from rflint.coverage import Conv, Mixer, Repeat, causal, centred, residual
from rflint.documents import Cursor, NotComputable, Value, Where
from rflint.model import Duration, Factor, Model, Outcome, Stack, Stage, Tie, Usual

RATE = 16000
"""The sample rate (Hz) that wav2vec and its children were made for."""

WAV2VEC2: list[list[int]] = [[512, 10, 5], *[[512, 3, 2]] * 4, *[[512, 2, 2]] * 2]
"""fairseq/models/wav2vec/wav2vec2.py and hubert.py, conv_feature_layers; torchaudio's and fairseq2's default too."""
WAV2VEC: list[list[int]] = [[512, 10, 5], [512, 8, 4], *[[512, 4, 2]] * 3, *[[512, 1, 1]] * 3]
"""fairseq/models/wav2vec/wav2vec.py, conv_feature_layers."""

ATTENTION = Stage("attention", Mixer("attention"))


class Layers(NamedTuple):
    """Kernels and strides of a stack, layer by layer, with the name and the places of their key."""

    key: str
    pairs: tuple[tuple[int, int], ...]
    where: Where | None
    places: tuple[Where | None, ...]

    @property
    def strides(self) -> tuple[int, ...]:
        return tuple(stride for _, stride in self.pairs)

    @property
    def step(self) -> int:
        """Samples a frame."""
        return prod(self.strides)

    @property
    def factors(self) -> list[Factor]:
        """The derivation of the step."""
        return [Factor(self.key, self.strides, self.where)]


def read_triples(model: Model, cursor: Cursor, default: list[list[int]] | None = None) -> Layers:
    """Layers written as ``[(dimension, kernel, stride), ...]``, in a list or in a text that holds one.

    Raises:
        NotComputable: missing without default, not such a list, or an item too short.
    """
    value = cursor.lists() if default is None else cursor.lists(default)
    _state_arity(model, value)
    if not value.value or any(len(item) < 3 for item in value.value):
        raise NotComputable(f"`{cursor.key}` is not a list of (dimension, kernel, stride)", cursor.where)
    key = str(cursor.path[-1])
    places = tuple(_item(cursor, value, index) for index in range(len(value.value)))
    return Layers(key, tuple((item[1], item[2]) for item in value.value), value.where, places)


def _state_arity(model: Model, value: Value[list[list[int]]]) -> None:
    because = "every layer is (dimension, kernel, stride): fairseq/models/wav2vec/wav2vec2.py asserts it"
    for item in value.value if value.where is not None else ():
        left: Value[object] = Value(cast(object, item), value.where)
        model.ties.append(Tie("lists", "same length", left, Value(3, None, "derived"), "crash", because))


def _item(cursor: Cursor, value: Value[list[list[int]]], index: int) -> Where | None:
    if value.where is None:
        return None
    return cursor[index].where if cursor.is_list() else value.where


# -- stages -------------------------------------------------------------------------------------------------------


def convolutions(layers: Layers) -> list[Stage]:
    """One unpadded convolution a layer."""
    return [
        Stage(f"{layers.key}.{index}", Conv(kernel, stride), where)
        for index, ((kernel, stride), where) in enumerate(zip(layers.pairs, layers.places, strict=True))
    ]


def extractor(layers: Layers, *, norm: str | None) -> list[Stage]:
    """The feature extractor of wav2vec 2.0: ``norm`` names a norm over the whole clip behind the first layer, if any."""
    stages = convolutions(layers)
    return [*stages[:1], Stage(norm, Mixer(norm)), *stages[1:]] if norm else stages


def same_pad(kernel: int) -> Conv:
    """Padding kernel // 2 at both ends, the last frame dropped for an even kernel (fairseq SamePad, HF too)."""
    return Conv(kernel, 1, 1, (kernel // 2, kernel // 2 - (kernel % 2 == 0)))


def positional(kernel: Value[int], depth: int = 1) -> list[Stage]:
    """The convolutional position embedding; ``depth`` layers share the width (fairseq pos_conv_depth)."""
    if kernel.value < 1:
        raise NotComputable(f"`{kernel.key}` of {kernel.value} is no kernel", kernel.where)
    width = max(3, kernel.value // depth) if depth > 1 else kernel.value
    layer = same_pad(width)
    return [Stage("pos_conv", Repeat(depth, layer) if depth > 1 else layer, kernel.where)]


def depthwise(kernel: Value[int], layers: int) -> Stage:
    """The depthwise convolutions of a Conformer, one a block beside its shortcut, padded (kernel - 1) // 2."""
    return Stage("depthwise_conv", Repeat(layers, residual(centred(kernel.value))), kernel.where)


def depthwise_causal(kernel: Value[int], layers: int) -> Stage:
    """The same, padded on the left alone."""
    return Stage("depthwise_conv", Repeat(layers, residual(causal(kernel.value))), kernel.where)


# -- facts --------------------------------------------------------------------------------------------------------


class _Preset(NamedTuple):
    """A published stack: the longest frame step (s) that it was ever meant to make, and whose it is."""

    longest: Fraction
    because: str


_PRESETS = {
    ((10, 3, 3, 3, 3, 2, 2), (5, 2, 2, 2, 2, 2, 2)): _Preset(
        Fraction(1, 40), "this is the stack of wav2vec 2.0 and HuBERT, made for 16 kHz: 20 ms a frame"
    ),
    ((10, 8, 4, 4, 4), (5, 4, 2, 2, 2)): _Preset(
        Fraction(3, 200), "this is the stack of wav2vec, made for 16 kHz: 10 ms a frame"
    ),
}
_SHORTEST = Fraction(1, 200)


def state_preset(model: Model, layers: Layers, rate: Value[int] | Value[Fraction]) -> None:
    """State the frame step in which a published stack was meant; other stacks are their authors' business."""
    pairs = [pair for pair in layers.pairs if pair != (1, 1)]
    preset = _PRESETS.get((tuple(k for k, _ in pairs), tuple(s for _, s in pairs)))
    place = layers.where or rate.where
    if preset is None or rate.value <= 0 or place is None:
        return
    step = Duration(Value(layers.step, place, "derived"), "samples", Fraction(rate.value), "step")
    model.usual.append(Usual(step, _SHORTEST, preset.longest, preset.because))


def state_sizes(model: Model, cursors: Sequence[Cursor], rate: Fraction | None, unit: str = "samples") -> None:
    """Keys that count samples (or frames): comments beside them may give their duration."""
    for cursor in cursors:
        value = whole(cursor)
        if value is not None:
            model.durations.append(Duration(value, cast(Literal["samples", "frames"], unit), rate, "length"))


def state_minimum(model: Model, smallest: Cursor, stack: Stack, because: str) -> None:
    """State that the shortest clip kept gives at least a frame; a minimum of 0 or 1 is none."""
    value, shortest = whole(smallest), stack.coverage.shortest_input
    if value is not None and value.value > 1 and shortest is not None:
        needed: Value[object] = Value(shortest, None, "derived")
        model.ties.append(Tie("minimum", "at most", needed, cast(Value[object], value), "crash", because))


def state_labels(
    model: Model, rate: Value[Fraction], frames: Fraction, because: str, outcome: Outcome = "silent"
) -> None:
    """State that labels come at the frame rate or at a whole multiple of it."""
    right: Value[object] = Value(frames, None, "derived")
    model.ties.append(Tie("labels", "multiple", cast(Value[object], rate), right, outcome, because))


# -- reading ------------------------------------------------------------------------------------------------------


def whole(cursor: Cursor) -> Value[int] | None:
    """A whole number that the file gives; None where it is missing, null, unknown or of another type."""
    try:
        return cursor.int()
    except NotComputable:
        return None


def exact(cursor: Cursor) -> Value[Fraction] | None:
    """A number that the file gives; None where it is missing, null, unknown or of another type."""
    try:
        return cursor.number()
    except NotComputable:
        return None


def text(cursor: Cursor) -> str:
    """A text that the file gives; empty where it is missing, unknown or of another type."""
    value = cursor.value
    return value if isinstance(value, str) else ""


def mappings(root: Cursor, depth: int = 6) -> Iterator[Cursor]:
    """The mappings of a document with those below them, outermost first, lists looked through."""
    if root.is_mapping():
        yield root
    if depth and (root.is_mapping() or root.is_list()):
        for below in root:
            yield from mappings(below, depth - 1)
