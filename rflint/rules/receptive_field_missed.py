"""The receptive field is not the declared one

## What it does

Compares the receptive field of a stack, the span of input that one output frame depends on, with a declared length:
`about 30 ms`, `25 ms window`, `receptive field >= 1.5 s`.

## Why it matters

A field shorter than meant loses context for good: weeks of training have gone into models that saw 64 ms. A longer one
costs latency and edge effects.

## Example

```yaml config.yaml
# rflint: target "about 30 ms"
rflint:
  input: {rate: 16000}
  stack: {kernels: [10, 8, 4, 4, 8], strides: [5, 4, 2, 2, 2]}
```

## Use instead

```yaml config.yaml
# rflint: target "about 30 ms"
rflint:
  input: {rate: 16000}
  stack: {kernels: [10, 8, 4, 4, 4], strides: [5, 4, 2, 2, 2]}
```

## How it is computed

1 + the sum over all layers of (kernel - 1) × dilation × the product of the strides before the layer. A plain declared
length is met within 5 %, `about` within 10 %, `exactly` not at all loosely.

## How to mend

Change a kernel, a dilation or the number of layers, or correct the target; `rflint explain` shows what each layer adds.

## References

Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019, section 2.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model, Stack
from rflint.rules.declared import missed, problem

CODE, NAME = "RF103", "receptive-field-missed"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for claim, measurement in missed(model, "receptive_field"):
        yield problem(model, claim, measurement, "Receptive field", _derivation(measurement.stack))


def _derivation(stack: Stack) -> str:
    """The field after each layer: ``10, 45, 105, 185, 265 samples``."""
    fields = [str(field) for _, field in stack.coverage.progress()]
    shown = fields if len(fields) <= 12 else [*fields[:6], "…", *fields[-4:]]
    return f"after each layer: {', '.join(shown)} {stack.input_unit}"
