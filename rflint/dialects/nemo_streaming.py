"""What NeMo's limited attention relies on: divisible contexts, one probability a context, and how far a frame looks.

Source: nemo/collections/asr/modules/conformer_encoder.py, _calc_context_sizes and setup_streaming_params.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import cast

from rflint.coverage import Coverage
from rflint.dialects.asr_frontend import tie
from rflint.dialects.nemo_conformer import CONV_KERNEL, Reach, reach
from rflint.documents import Cursor, Value
from rflint.model import Claim, Model, Stage, Tie
from rflint.targets import Target, Tolerance

_DIVIDES = "a left context that is no whole number of chunks of right + 1 frames raises ValueError"
_SUMS = "conv_context_size holds the frames on both sides of the kernel's middle one, or the encoder is refused"
_CHUNKED = "with chunked_limited a frame looks at most to the end of its chunk; convolutions on top look further"
_REGULAR = "with regular every layer looks so many frames further, and the convolutions on top of it"


def state_contexts(model: Model, encoder: Cursor) -> None:
    """The relations between the contexts, their probabilities and the kernel."""
    if encoder["att_context_style"].value == "chunked_limited":
        for pair in _pairs(encoder["att_context_size"]):
            _state_pair(model, pair)
    _state_probabilities(model, encoder)
    sides = encoder["conv_context_size"]
    if sides.is_list():
        with model.deriving("conv_context_size"):
            kernel, given = encoder["conv_kernel_size"].int(CONV_KERNEL), sides.ints()
            tie(model, "limit", "equal", Value(sum(given.value) + 1, given.where), kernel, "crash", _SUMS)


def _pairs(cursor: Cursor) -> Iterator[Cursor]:
    """The contexts: one pair, or a list of pairs for training with several look-aheads."""
    if not cursor.is_list():
        return
    if cursor[0].is_list():
        yield from cursor
    else:
        yield cursor


def _state_pair(model: Model, pair: Cursor) -> None:
    with model.deriving("att_context_size"):
        left, right = pair[0].int(), pair[1].int()
        if left.value > 0 and right.value >= 0:
            tie(model, "chunk", "multiple", left, Value(right.value + 1, right.where), "crash", _DIVIDES)


def _state_probabilities(model: Model, encoder: Cursor) -> None:
    sizes, chances = encoder["att_context_size"], encoder["att_context_probs"]
    if not (sizes.is_list() and chances.is_list() and chances.value):
        return
    count = len(cast("list[object]", sizes.value)) if sizes[0].is_list() else 1
    given: Value[object] = Value(chances.value, chances.where)
    wanted: Value[object] = Value(count, sizes.where)
    model.ties.append(Tie("lists", "same length", given, wanted, "crash", "one probability a context, or ValueError"))


def state_look_ahead(model: Model, encoder: Cursor, front: tuple[Stage, ...], step: Fraction, rate: Fraction) -> None:
    """That a frame looks no further than the right context says: the front end, and so many frames of ``step`` samples.

    Attention without limit on the right and windows over a whole recording (rel_pos_local_attn, or as wide ahead as
    back) declare nothing.
    """
    with model.deriving("look-ahead"):
        limits = reach(encoder)
        frames = _right(limits)
        if frames is None or limits.where is None or encoder["self_attention_model"].value == "rel_pos_local_attn":
            return
        wording = f"att_context_size: {list(limits.sizes)}"
        slack = Tolerance("absolute", beyond_hop(front, step) / rate)
        target = Target("look_ahead", None, frames * step / rate, "s", slack, wording, "encoder")
        because = _REGULAR if limits.chunk is None else _CHUNKED
        model.claims.append(Claim(target, limits.where, "key", wording, because, "silent", "latency"))


def beyond_hop(front: Sequence[Stage], step: Fraction) -> Fraction:
    """How many samples a frame's window reaches beyond a step of so many: those that no right context accounts for."""
    return max(Coverage([stage.layer for stage in front]).right - step + 1, Fraction(0))


def _right(limits: Reach) -> int | None:
    """Frames ahead that one layer may look at; None where that is no limit for streaming, as in a symmetric window."""
    if limits.chunk is not None:
        return limits.chunk - 1
    streams = limits.right is not None and (limits.left is None or limits.right < limits.left)
    return limits.right if streams else None
