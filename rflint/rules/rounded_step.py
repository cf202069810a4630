"""A duration is no whole number of samples

## What it does

Computes durations that the framework turns into samples and shows what its rounding makes of them, with the drift.

## Why it matters

Whoever counts in the declared duration runs ahead of the frames, a little every frame: 12.3 ms at 48 kHz are 590.4 samples,
and labels cut every 12.3 ms are off by a second after 25 minutes.

## Example

```yaml config.yaml
feats_type: fbank
dataset_conf:
  resample_conf: {resample_rate: 22050}
  fbank_conf: {num_mel_bins: 80, frame_shift: 10, frame_length: 25, dither: 1.0}
encoder: conformer
encoder_conf: {input_layer: conv2d}
decoder: transformer
```

## Use instead

```yaml config.yaml
feats_type: fbank
dataset_conf:
  resample_conf: {resample_rate: 16000}
  fbank_conf: {num_mel_bins: 80, frame_shift: 10, frame_length: 25, dither: 1.0}
encoder: conformer
encoder_conf: {input_layer: conv2d}
decoder: transformer
```

## How it is computed

exact = duration × sample rate; drift in a minute = 60 s × |used - exact| / exact.

## How to mend

Choose a duration that is whole at this rate, or count in the samples that are used.

## When to ignore

12.5 ms at 22050 Hz (275.6 samples) is accepted custom and info at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.ties import broken, finding, number
from rflint.targets import format_number

CODE, NAME = "RF407", "rounded-step"
SEVERITY: Severity = "warning"


def check(model: Model) -> Iterator[Problem]:
    windows = {duration.value.where for duration in model.durations if duration.quantity == "window"}
    for tie, where, severity in broken(model, "rounding"):
        exact, used = number(tie.left), number(tie.right)
        said = f"`{where.key}` is {format_number(exact, 4)} samples; {format_number(used)} are used"
        if where in windows:  # a window is that much longer or shorter once: nothing adds up
            yield finding(tie, where, severity, said)
            continue
        drift = abs(used - exact) / exact * 60 if exact else Fraction(0)
        yield finding(
            tie,
            where,
            severity,
            f"{said}, {format_number(drift * 1000)} ms of drift a minute",
            derivation=f"|{format_number(used)} - {format_number(exact, 4)}| / {format_number(exact, 4)} × 60 s",
        )
