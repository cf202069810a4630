"""Two components that exchange frames disagree about them

## What it does

Compares the frames that one config gives (an acoustic model, a feature extractor) with those that another takes (a
vocoder): their period as a fraction of a second, their bands, and where in its hop a frame is centred. Pairs are named on
the command line (`rflint check --pair acoustic.yaml vocoder.json`) or in the settings; the documents of one file are a
pair, too. Of two encoders, where one is to stand for the other, the steps are compared.

## Why it matters

Each file is sound by itself. Together, 256 samples at 16 kHz are 16 ms and 256 samples at 22.05 kHz are 11.61 ms: speech
comes out 1.38 times too fast, found after both trainings.

## Example

```yaml pair.yaml
rflint: {input: {rate: 16000}, frontend: {win: 1024, hop: 256}, stack: "k1"}
---
{resblock: "1", sampling_rate: 22050, hop_size: 256, upsample_rates: [8, 8, 2, 2], upsample_kernel_sizes: [16, 16, 4, 4],
 upsample_initial_channel: 512, resblock_kernel_sizes: [3], resblock_dilation_sizes: [[1, 3, 5]]}
```

## Use instead

```yaml pair.yaml
rflint: {input: {rate: 22050}, frontend: {win: 1024, hop: 256}, stack: "k1"}
---
{resblock: "1", sampling_rate: 22050, hop_size: 256, upsample_rates: [8, 8, 2, 2], upsample_kernel_sizes: [16, 16, 4, 4],
 upsample_initial_channel: 512, resblock_kernel_sizes: [3], resblock_dilation_sizes: [[1, 3, 5]]}
```

## How it is computed

hop / sample rate on both sides, as fractions: 160 at 16 kHz equals 320 at 32 kHz.

## How to mend

Make both from one set of features: the same duration of a hop, the same bands, the same centring.

## References

Rayhane-mamah/Tacotron-2 and NVIDIA/tacotron2 issue 398 (40 epochs and a vocoder lost), unilight/crank issue 51.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from rflint.documents import Value
from rflint.findings import Problem, Severity
from rflint.model import Exchange, Model, Stack
from rflint.rules.base import cause, times
from rflint.targets import format_ms, format_rate

CODE, NAME = "RF701", "pair-disagrees"
SEVERITY: Severity = "error"


def compare(one: Sequence[Model], other: Sequence[Model]) -> Iterator[Problem]:
    """The findings about two configs whose components exchange frames; nothing when one of them states no frames.

    Of two encoders one stands for the other, with the labels made for it: their steps are compared.
    """
    for given, taken in _meetings(one, other)[:1]:
        yield from _judge(given, taken)
    if not any(model.exchanges for model in (*one, *other)):
        yield from _encoders(one, other)


def _meetings(one: Sequence[Model], other: Sequence[Model]) -> list[tuple[Exchange, Exchange]]:
    """What one side gives and the other takes; where both only take (or give), the two as they stand."""
    left, right = ([e for model in models for e in model.exchanges] for models in (one, other))
    crossing = [(a, b) if a.side == "gives" else (b, a) for a in left for b in right if a.side != b.side]
    return crossing or [(a, b) for a in left for b in right]


def _judge(given: Exchange, taken: Exchange) -> Iterator[Problem]:
    periods = _period(given), _period(taken)
    if periods[0] != periods[1] and given.side != taken.side:
        yield _problem(taken.hop, given.hop, _heard(given, taken), _told(taken), _told(given))
    elif periods[0] != periods[1]:
        message = f"Frames come every {_told(given)} in one config and every {_told(taken)} in the other"
        yield _problem(taken.hop, given.hop, message, _told(taken), _told(given))._replace(severity="warning")
    if given.bands is not None and taken.bands is not None and given.bands.value != taken.bands.value:
        message = f"Frames of {given.bands.value} bands are given, frames of {taken.bands.value} are taken"
        yield _problem(taken.bands, given.bands, message, str(taken.bands.value), str(given.bands.value))
    if None not in (given.centred, taken.centred) and given.centred != taken.centred:
        words = {True: "on its first sample", False: "on the middle of its hop"}
        made, used = words[bool(given.centred)], words[bool(taken.centred)]
        message = f"A frame is centred {made} where it is made, {used} where it is used: half a hop apart"
        yield _problem(taken.hop, given.hop, message, "", "")._replace(severity="warning")


def _encoders(one: Sequence[Model], other: Sequence[Model]) -> Iterator[Problem]:
    """Two encoders that do not make the same frames of one audio."""
    left, right = ([model for model in models if _encoder(model)] for models in (one, other))
    for a, b in zip(left[:1], right[:1], strict=False):
        first, second = _encoder(a), _encoder(b)
        where = (cause(first, a), cause(second, b)) if first and second else (None, None)
        if first is None or second is None or where[1] is None or first.input_unit != second.input_unit:
            continue
        if first.coverage.step != second.coverage.step or first.input_rate != second.input_rate:
            texts = [_encoder_text(stack) for stack in (first, second)]
            message = f"One encoder makes {texts[0]}, the other {texts[1]}: what is made for one does not fit the other"
            yield Problem(
                where[1],
                message,
                label=f"step {second.coverage.step}",
                declared=str(first.coverage.step),
                computed=str(second.coverage.step),
                related=[(where[0], f"step {first.coverage.step}")] if where[0] else [],
                severity="warning",
            )


def _encoder(model: Model) -> Stack | None:
    stack = model.stack("encoder")
    return stack if stack is not None and stack.direction == "analysis" else None


def _encoder_text(stack: Stack) -> str:
    step, unit = stack.coverage.step, stack.input_unit
    lasting = f" = {format_ms(step * 1000 / stack.input_rate)}" if stack.input_rate else ""
    shortest = stack.coverage.shortest_input
    return f"a frame every {step} {unit}{lasting}" + (f" from at least {shortest}" if shortest is not None else "")


def _problem(
    at: Value[int] | Value[Fraction], against: Value[int] | Value[Fraction], message: str, computed: str, declared: str
) -> Problem:
    where = at.where or against.where
    assert where is not None
    return Problem(
        where,
        message,
        label=computed,
        declared=declared,
        computed=computed,
        related=[(against.where, declared or "the other component")] if at.where else [],
    )


def _period(exchange: Exchange) -> Fraction:
    return Fraction(exchange.hop.value) / Fraction(exchange.rate.value)


def _told(exchange: Exchange) -> str:
    rate = format_rate(Fraction(exchange.rate.value))
    return f"{exchange.hop.value} / {rate} = {format_ms(_period(exchange) * 1000)}"


def _heard(given: Exchange, taken: Exchange) -> str:
    ratio = _period(given) / _period(taken)
    speed = f"{times(ratio)} times too fast" if ratio > 1 else f"{times(1 / ratio)} times too slow"
    return f"Frames come every {_told(given)} and are taken for {_told(taken)}: sound is {speed}"
