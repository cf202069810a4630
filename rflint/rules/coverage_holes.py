"""Some of the input is never read

## What it does

Computes the exact set of positions that a frame reads, and what all frames together read: a stride wider than the reach of
the layers before it skips samples for good; dilations with a common factor leave a frame with a grid of holes.

## Why it matters

What is never read cannot be learned from. With gridding, neighbouring outputs see disjoint halves of the input.

## Example

```yaml config.yaml
rflint:
  input: {rate: 16000}
  stack: "k3s4 k3s2"
```

## Use instead

```yaml config.yaml
rflint:
  input: {rate: 16000}
  stack: "k4s4 k3s2"
```

## How it is computed

By going back through the layers with the exact set of positions. For one layer, min(kernel, stride / gcd(stride,
dilation)) of every `stride` samples are read.

## How to mend

A kernel at least as long as its stride; a first layer without dilation.

## References

philipperemy/keras-tcn issue 226.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import dropwhile, takewhile

from rflint.coverage import Coverage
from rflint.coverage.mixers import mixers_in
from rflint.documents import Where
from rflint.findings import Problem, Severity
from rflint.model import Model, Stack, coverage_of
from rflint.rules.base import cause, ordinal
from rflint.rules.declared import missed, problem
from rflint.targets import format_number

CODE, NAME = "RF601", "coverage-holes"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for claim, measurement in missed(model, "holes"):
        yield problem(model, claim, measurement, "The number of holes", "")
    seen = set()
    for stack in model.stacks:
        where = cause(stack, model)
        if stack.direction == "analysis" and where is not None:
            for found in _unread(stack, where):
                if (found.where, found.computed) not in seen:  # an encoder begins as its front end does
                    seen.add((found.where, found.computed))
                    yield found


def _unread(stack: Stack, where: Where) -> Iterator[Problem]:
    coverage = _judged(stack)
    if coverage.unread_share:
        share = format_number(coverage.unread_share * 100)
        yield Problem(
            where,
            f"{share} % of the {stack.input_unit} are never read by any frame",
            label=f"step {coverage.step}",
            computed=f"{share} %",
            derivation=f"step {coverage.step}, receptive field {coverage.receptive_field} with {coverage.holes} holes",
            help=("let every kernel be at least as long as its stride",),
        )
    elif coverage.gridding > 1:
        yield Problem(
            where,
            f"Every frame reads only each {ordinal(coverage.gridding)} of the {stack.input_unit} in its receptive field",
            label=f"common factor {coverage.gridding}",
            computed=f"{coverage.holes} holes of {coverage.receptive_field}",
            help=("give one layer a dilation of 1",),
            severity="warning",
        )


def _judged(stack: Stack) -> Coverage:
    """The layers before the first one without limit: recurrence or attention reads frames that are skipped behind it.

    A decimation in front samples the input on purpose, as video networks do.
    """
    kept = dropwhile(lambda layer: layer.kind == "decimate", (stage.layer for stage in stack.stages))
    layers = list(takewhile(lambda layer: not any(mixer.unbounded for mixer in mixers_in(layer)), kept))
    return stack.coverage if len(layers) == len(stack.stages) else coverage_of(tuple(layers))
