"""Branches that meet have different lengths

## What it does

Computes the output length of every branch of a residual sum or concatenation and compares them; an even kernel with the
same padding at both ends makes a branch one position shorter or longer than the other.

## Why it matters

The sum fails at the first batch, or broadcasts.

## Example

```yaml config.yaml
rflint:
  stack: [{residual: "k4p1"}]
```

## Use instead

```yaml config.yaml
rflint:
  stack: [{residual: "k5p2"}]
```

## How it is computed

A convolution of stride 1 gives n + left + right - dilation·(kernel - 1) outputs. It keeps the length when the padding
makes up for the extent, which an even extent cannot do symmetrically.

## How to mend

Use an odd kernel, or pad unevenly.

## References

wenet-e2e/wekws pull request 20; rishikksh20/FastSpeech2 issue 28.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from rflint.coverage import Layer, Parallel, each
from rflint.documents import Where
from rflint.findings import Problem, Severity
from rflint.model import Model

CODE, NAME = "RF203", "branch-lengths"
SEVERITY: Severity = "error"


INPUTS = 2**14 * 3**4 * 5**3 * 7 * 11 * 13
"""An input length that starves no layer and that the strides of a U-Net divide; the difference does not depend on it."""


def check(model: Model) -> Iterator[Problem]:
    told_of: set[Where] = set()
    for stack in model.stacks:
        for stage in stack.stages:
            lengths = _unequal(stage.layer)
            if lengths and stage.where is not None and stage.where not in told_of:
                told_of.add(stage.where)
                told = " and ".join(f"{length - INPUTS:+d}" for length in lengths)
                yield Problem(
                    stage.where,
                    f"The branches of `{stage.name}` end with different lengths: {told} positions against their input",
                    label="branches of different length meet",
                    help=("an odd kernel keeps the length with the same padding at both ends",),
                    notes=[stack.because] if stack.because else [],
                )


@lru_cache(maxsize=4096)
def _unequal(layer: Layer) -> tuple[int, ...]:
    """The lengths of the branches of the first sum in a layer in which they differ; nothing when all agree."""
    for part in each(layer):  # a block that several stages share is looked at once
        if isinstance(part, Parallel) and part.rhythm == (1, 1):
            lengths = tuple(dict.fromkeys(part.lengths(INPUTS)))
            if len(lengths) > 1:
                return lengths
    return ()
