"""A declared left or right context is missed

## What it does

Compares a declared `left`, `right` or `causal` with what the stack reads about the input position that a frame's index
stands for.

## Why it matters

A model that is called causal but reads ahead cannot run in real time, or runs there on other numbers than in training.

## Example

```yaml config.yaml
rflint:
  input: {rate: 16000}
  defaults: {padding: same}
  stack: "k3 k3d2 k3d4"
  targets: {causal: true}
```

## Use instead

```yaml config.yaml
rflint:
  input: {rate: 16000}
  defaults: {padding: causal}
  stack: "k3 k3d2 k3d4"
  targets: {causal: true}
```

## How it is computed

right = Σ (dilation·(kernel - 1) - left padding)·J and left = Σ left padding·J, with J the product of the strides before
the layer. Of frame i the positions i·step - left to i·step + right are read.

## How to mend

Pad on the left only (causal), or correct the target.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.declared import missed, problem

CODE, NAME = "RF106", "context-missed"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for quantity, name in (("left_context", "Left context"), ("right_context", "Right context")):
        for claim, measurement in missed(model, quantity):
            yield problem(model, claim, measurement, name, "")
