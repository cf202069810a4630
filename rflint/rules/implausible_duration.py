"""A hop or window lasts much longer or shorter than in any sound config of its family

## What it does

Turns sizes in samples into milliseconds at the sample rate of the file and compares them with the range in which the
published configs of the family lie.

## Why it matters

Whoever changes the sample rate and leaves the sizes in samples changes every duration in silence: 512 samples are 32 ms at
16 kHz and 10.7 ms at 48 kHz. Whole pre-trainings have been lost to it.

## Example

```yaml config.yaml
frontend: default
frontend_conf: {fs: 48k, n_fft: 512, hop_length: 128}
encoder: conformer
encoder_conf: {input_layer: conv2d}
decoder: transformer
```

## Use instead

```yaml config.yaml
frontend: default
frontend_conf: {fs: 48k, n_fft: 1536, hop_length: 384}
encoder: conformer
encoder_conf: {input_layer: conv2d}
decoder: transformer
```

## How it is computed

milliseconds = 1000 × samples / sample rate.

## How to mend

Scale the sizes with the rate: `rflint scale FILE --sample-rate RATE` lists what must change together.

## When to ignore

A model that keeps its sizes on purpose: say so with `# rflint: ignore[RF406] reason`.

## References

espnet pull request 1529, facebookresearch/fairseq issue 3236.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.documents import Where
from rflint.findings import Problem, Severity
from rflint.measure import in_seconds
from rflint.model import Model, Usual
from rflint.targets import format_ms, format_rate

CODE, NAME = "RF406", "implausible-duration"
SEVERITY: Severity = "warning"


def check(model: Model) -> Iterator[Problem]:
    for usual in model.usual:
        duration, where = usual.duration, usual.duration.value.where
        seconds = in_seconds(duration)
        if seconds is None or where is None or usual.shortest <= seconds <= usual.longest:
            continue
        low, high = format_ms(usual.shortest * 1000), format_ms(usual.longest * 1000)
        word = "short" if seconds < usual.shortest else "long"
        yield Problem(
            where,
            f"{_named(usual)} lasts {format_ms(seconds * 1000)}, unusually {word}: {low} to {high} is usual",
            label=format_ms(seconds * 1000),
            declared=f"{low} to {high}",
            computed=format_ms(seconds * 1000),
            derivation=f"{duration.value.value} / {format_rate(duration.rate)}" if duration.rate else "",
            related=_rate(model, where),
            help=("scale sizes in samples with the sample rate",),
            notes=[usual.because] if usual.because else [],
        )


def _named(usual: Usual) -> str:
    """``hop_length`` 128, or the amount with its meaning where other keys make it up."""
    duration = usual.duration
    amount = duration.value.value
    if duration.value.origin == "derived":
        return f"{usual.subject or f'A {duration.quantity}'} of {amount} {duration.unit}"
    return f"`{duration.value.key}` {amount}"


def _rate(model: Model, where: Where) -> list[tuple[Where | None, str]]:
    rate = model.sample_rate.where if model.sample_rate else None
    return [(rate, "the sample rate")] if rate is not None and rate != where else []
