"""What codec dialects say beside their stacks: both sides against each other, declared hops, crops, bitrates, causality."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod
from typing import Literal, cast

from rflint.dialects.analysis import known
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Claim, Duration, Factor, Model, Outcome, Stack, Stage, Tie, Topic, declared
from rflint.targets import EXACT, Target

Kind = Literal["equal", "multiple", "at most", "same length", "reversed"]

AGREES = "the decoder gives back as many samples as the encoder takes for a frame"


def exact(cursor: Cursor) -> Value[Fraction] | None:
    """A positive number of the file; None where it is missing, null, unresolved or of another type."""
    try:
        value = cursor.number()
    except NotComputable:
        return None
    return value if value.value > 0 else None


def product(value: Value[list[int]], *more: Value[list[int]]) -> Value[int]:
    """The product of lists of strides or factors, standing where the first does."""
    return Value(prod(value.value) * prod(prod(other.value) for other in more), value.where, "derived")


def tie(
    model: Model,
    topic: Topic,
    kind: Kind,
    left: Value[int] | Value[Fraction] | Value[list[int]] | None,
    right: Value[int] | Value[Fraction] | Value[list[int]] | None,
    outcome: Outcome,
    because: str,
) -> None:
    """State a relation; nothing when a side is not known."""
    if left is not None and right is not None:
        sides = cast(Value[object], left), cast(Value[object], right)
        model.ties.append(Tie(topic, kind, *sides, outcome, because))


# -- both sides ---------------------------------------------------------------------------------------------------


def both(
    model: Model,
    encoder: Sequence[Stage],
    decoder: Sequence[Stage],
    down: Sequence[Factor],
    up: Sequence[Factor] = (),
    *,
    inexact: Outcome = "silent",
    because: str = "",
) -> None:
    """Add both stacks at the model's sample rate: the decoder reads the encoder's frames."""
    rate = Fraction(model.sample_rate.value) if model.sample_rate else None
    stack = Stack("encoder", "encoder", encoder, input_rate=rate, factors=down)
    model.stacks.append(stack)
    frames = rate / stack.coverage.step if rate is not None else None
    model.stacks.append(
        Stack("decoder", "decoder", decoder, input_rate=frames, factors=up or down, inexact=inexact, because=because)
    )


def inverse(model: Model, down: Sequence[Factor], because: str = AGREES, outcome: Outcome = "crash") -> None:
    """State that the decoder makes as many samples a frame as the encoder's strides multiply to."""
    terms = [term for each in down for term in each.terms]
    if min(terms, default=1) < 1:
        return
    where = next((each.where for each in down if each.where is not None), None)
    step = Value(prod(terms), where, "derived")
    wording = f"{down[0].key}: {' · '.join(map(str, terms))}"
    claim = declared("upsampling", step, "samples", stack="decoder", outcome=outcome, because=because)
    model.claims.append(claim._replace(wording=wording, target=claim.target._replace(wording=wording)))


def ordered(
    model: Model, decoder: Value[list[int]], encoder: Value[list[int]], kind: Kind, outcome: Outcome, because: str
) -> None:
    """State that the decoder's list is the encoder's, ``equal`` or ``reversed``, where both hold the same numbers.

    Lists of other numbers or lengths are another design on purpose, whose product alone counts.
    """
    if decoder.where is not None and encoder.where is not None and sorted(decoder.value) == sorted(encoder.value):
        tie(model, "order", kind, decoder, encoder, outcome, because)


# -- what keys declare --------------------------------------------------------------------------------------------


def lasting(model: Model, value: Value[int] | None, quantity: Literal["step", "window", "length"] = "length") -> None:
    """A key that counts samples at the model's rate: a comment beside it may give its duration."""
    rate = Fraction(model.sample_rate.value) if model.sample_rate else None
    if value is not None:
        model.durations.append(Duration(value, "samples", rate, quantity))


def hop(model: Model, cursor: Cursor, step: Value[int], because: str, outcome: Outcome = "crash") -> None:
    """State that a key holds the samples of a frame."""
    value = known(cursor)
    lasting(model, value, "step")
    tie(model, "subsampling", "equal", value, step, outcome, because)


def crop(model: Model, cursor: Cursor, step: int, because: str, outcome: Outcome = "silent") -> None:
    """State that a key that counts samples is a whole number of frames."""
    value = known(cursor)
    lasting(model, value)
    tie(model, "segment", "multiple", value, Value(step, None, "derived"), outcome, because)


def crop_seconds(model: Model, cursor: Cursor, step: int, because: str, outcome: Outcome = "silent") -> None:
    """State that a key in seconds is a whole number of frames."""
    value = exact(cursor)
    if value is None or model.sample_rate is None:
        return
    model.durations.append(Duration(value, "s", Fraction(1), "length"))
    samples = Value(value.value * model.sample_rate.value, value.where, "derived")
    tie(model, "chunk", "multiple", samples, Value(step, None, "derived"), outcome, because)


def same_rate(model: Model, cursor: Cursor, because: str, outcome: Outcome = "silent") -> None:
    """State that a section has the model's sample rate."""
    if model.sample_rate is not None and model.sample_rate.where is not None:
        value = exact(cursor)
        if value is not None and value.where != model.sample_rate.where:
            tie(model, "rate", "equal", value, model.sample_rate, outcome, because)


def causal(model: Model, cursor: Cursor, stack: str, because: str, outcome: Outcome = "silent") -> None:
    """State that a stack looks no further than its own frame, where a key promises it; a decoder where its rate is known."""
    if cursor.value is True:
        unit = "samples" if stack == "encoder" else "s"
        wording = f"{cursor.key}: true"
        target = Target("look_ahead", None, Fraction(0), unit, EXACT, wording, stack)
        model.claims.append(Claim(target, cursor.where, "key", wording, because, outcome, "latency"))


# -- bitrates -----------------------------------------------------------------------------------------------------


def bits(size: int) -> int | None:
    """Bits of an index into a codebook; None where that is no whole number."""
    return size.bit_length() - 1 if size > 0 and size & (size - 1) == 0 else None


def bandwidths(model: Model, listed: Cursor, book: Fraction | int, because: str, kind: Kind = "multiple") -> None:
    """State what every bandwidth of a list in kbit/s must be against bits a second: of one codebook, or of all."""
    if listed.is_list() and book > 0:
        for entry in listed:
            value = exact(entry)
            if value is not None:
                left = Value(value.value * 1000, value.where, "derived")
                tie(model, "bitrate", kind, left, Value(Fraction(book), None, "derived"), "silent", because)
