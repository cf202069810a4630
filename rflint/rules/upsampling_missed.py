"""The upsampling factor is not the declared target

## What it does

Compares the upsampling factor of a decoder with a target such as `256x upsampling`.

## Why it matters

A decoder that makes fewer or more samples for a frame than the frame step speaks too fast or too slow.

## Example

```yaml config.yaml
rflint:
  input: {rate: 100, unit: frame}
  stack: "t16s8p4 t16s8p4 t4s2p1"
  targets: {upsample: 256}
```

## Use instead

```yaml config.yaml
rflint:
  input: {rate: 100, unit: frame}
  stack: "t16s8p4 t16s8p4 t4s2p1 t4s2p1"
  targets: {upsample: 256}
```

## How it is computed

The product of the strides of the transposed convolutions and of every other upsampling layer.

## How to mend

Change a factor, or the target.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.declared import missed, problem
from rflint.rules.step_missed import step_derivation

CODE, NAME = "RF105", "upsampling-missed"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for claim, measurement in missed(model, "upsampling"):
        if claim.source != "key":
            yield problem(model, claim, measurement, "Upsampling factor", step_derivation(measurement.stack))
