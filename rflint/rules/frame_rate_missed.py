"""The frame rate is not the declared one

## What it does

Compares the frame rate of a stack, the sample rate divided by its step, with a declared rate such as `50 Hz` or a key
such as `frame_rate`.

## Why it matters

What reads the frames at the declared rate drifts: one per cent is 36 seconds an hour.

## Example

```yaml config.yaml
# rflint: target "50 Hz"
rflint:
  input: {rate: 16000}
  stack: "k10s5 [k3s2]x4 k2s2"
```

## Use instead

```yaml config.yaml
# rflint: target "50 Hz"
rflint:
  input: {rate: 16000}
  stack: "k10s5 [k3s2]x4 [k2s2]x2"
```

## How it is computed

Frame rate = sample rate / product of the strides, as an exact fraction; met within 0.5 %.

## How to mend

Change a stride, the sample rate, or the declared rate.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.declared import missed, problem
from rflint.rules.step_missed import restore, step_derivation

CODE, NAME = "RF102", "frame-rate-missed"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for claim, measurement in missed(model, "frame_rate"):
        derivation = step_derivation(measurement.stack)
        yield problem(model, claim, measurement, "Frame rate", derivation, fixes=restore(claim, measurement))
