"""The sample rate is not the declared one

## What it does

Compares a declared sample rate (`target "16 kHz"`) with the one of the model.

## Why it matters

Every size in samples means another time at another rate.

## Example

```yaml config.yaml
# rflint: target "16 kHz"
rflint:
  input: {rate: 22050}
  stack: "k10s5 k8s4 [k4s2]x3"
```

## Use instead

```yaml config.yaml
# rflint: target "16 kHz"
rflint:
  input: {rate: 16000}
  stack: "k10s5 k8s4 [k4s2]x3"
```

## How to mend

Correct the target, or change the rate and all sizes with it: `rflint scale FILE --sample-rate RATE` lists them.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.declared import missed, problem

CODE, NAME = "RF107", "sample-rate-missed"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for claim, measurement in missed(model, "sample_rate"):
        rate = model.sample_rate.where if model.sample_rate else None
        yield problem(model, claim, measurement, "Sample rate", "", makes=rate)
