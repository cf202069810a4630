"""A transposed convolution overlaps unevenly

## What it does

Looks at kernel and stride of every transposed convolution: when the stride does not divide the kernel, some outputs are
made from more inputs than others; when the kernel is shorter than the stride, some are made from none.

## Why it matters

The unevenness repeats at the input rate of the layer and can be heard as a tone or seen as stripes. Outputs made from
nothing hold the bias alone.

## Example

```yaml config.yaml
rflint:
  input: {rate: 100, unit: frame}
  stack: "t3s4"
```

## Use instead

```yaml config.yaml
rflint:
  input: {rate: 100, unit: frame}
  stack: "t8s4p2"
```

## How it is computed

Of every `stride` outputs, kernel mod stride read ceil(kernel / stride) inputs, the others floor(kernel / stride).

## How to mend

Use a kernel of twice the stride, or of three times an odd one.

## When to ignore

Published models of several families have such kernels (16 with factor 10): the severity is info unless outputs stay empty.

## References

Odena, Dumoulin and Olah, "Deconvolution and Checkerboard Artifacts", Distill 2016.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod

from rflint.coverage import Layer
from rflint.findings import Problem, Severity
from rflint.model import Model, Stage
from rflint.targets import format_rate

CODE, NAME = "RF303", "uneven-overlap"
SEVERITY: Severity = "info"


def check(model: Model) -> Iterator[Problem]:
    for stack in model.stacks:
        for number, stage in enumerate(stack.stages):
            layer = stage.layer
            if layer.kind == "transposed" and stage.where is not None and layer.kernel % layer.stride:
                before = prod(earlier.layer.step for earlier in stack.stages[:number])
                yield _problem(layer, stage, stack.input_rate / before if stack.input_rate is not None else None)


def _problem(layer: Layer, stage: Stage, rate: Fraction | None) -> Problem:
    kernel, stride = layer.kernel, layer.stride
    more = kernel % stride
    if kernel < stride:
        message = f"Kernel {kernel} with factor {stride}: {stride - kernel} of {stride} outputs are made from nothing"
    else:
        counts = f"{more} of {stride} outputs are made from {kernel // stride + 1} inputs, the others from {kernel // stride}"
        message = f"Kernel {kernel} with factor {stride}: {counts}"
    assert stage.where is not None
    return Problem(
        stage.where,
        message,
        label=f"{kernel} = {kernel // stride} × {stride} + {more}",
        derivation=f"a pattern at {format_rate(rate)}" if rate else "",
        help=(f"a kernel of {(3 if stride % 2 else 2) * stride} overlaps evenly",),
        severity="error" if kernel < stride else None,
    )
