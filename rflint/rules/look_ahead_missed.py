"""The look-ahead is not the declared one

## What it does

Compares how far the convolutions of a stack look beyond the end of a frame's own hop with a declared look-ahead:
`look-ahead at most 40 ms`.

## Why it matters

Look-ahead is latency that no hardware removes.

## Example

```yaml config.yaml
# rflint: target "look-ahead at most 20 ms"
rflint:
  input: {rate: 16000}
  stack: "k400s160 [k5p2]x2"
```

## Use instead

```yaml config.yaml
# rflint: target "look-ahead at most 25 ms"
rflint:
  input: {rate: 16000}
  stack: "k400s160 [k5pcausal]x2"
```

## How it is computed

The newest input that frame i reads, minus i × step, less the step itself: what must still arrive when the hop of the frame
is over. Left context is not latency. A right context counted from the start of the hop is RF106.

## How to mend

Make layers causal, or shorten their kernels.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.declared import missed, problem

CODE, NAME = "RF104", "look-ahead-missed"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for claim, measurement in missed(model, "look_ahead"):
        yield problem(model, claim, measurement, "Look-ahead", "")
