"""Pairs of a kernel or stride are written in both orders of the axes

## What it does

Looks at the layers of two dimensions whose axis of time is stated. Where one layer has its longer kernel (or its stride) on
one axis and another layer on the other, it says what the total stride is along each.

## Why it matters

Frameworks write pairs in the order of the tensor's axes: (time, frequency) in one project, (frequency, time) in the next.
A layer copied in the other order still runs, with another number of frames.

## Example

```json model.json
{"x-rflint": {"axis": 1}, "class_name": "Sequential", "config": {"name": "net", "layers": [
  {"class_name": "Conv2D", "config": {"name": "one", "kernel_size": [11, 41], "strides": [2, 2]}},
  {"class_name": "Conv2D", "config": {"name": "two", "kernel_size": [21, 11], "strides": [2, 1]}}]}}
```

## Use instead

```json model.json
{"x-rflint": {"axis": 1}, "class_name": "Sequential", "config": {"name": "net", "layers": [
  {"class_name": "Conv2D", "config": {"name": "one", "kernel_size": [11, 41], "strides": [2, 2]}},
  {"class_name": "Conv2D", "config": {"name": "two", "kernel_size": [11, 21], "strides": [1, 2]}}]}}
```

## How it is computed

The total stride along an axis is the product of the strides on it.

## How to mend

Write all pairs in one order: that of the tensor's axes.

## When to ignore

Networks that really stretch along time in one layer and along frequency in another: the severity is info.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

from rflint.findings import Problem, Severity
from rflint.model import Model

CODE, NAME = "RF204", "axis-order"
SEVERITY: Severity = "info"


def check(model: Model) -> Iterator[Problem]:
    longer = [
        (axis, pair.where) for plane in model.planes for pair in plane if (axis := _longer(pair.value)) is not None
    ]
    other = next((place for place in longer if place[0] != longer[0][0]), None)
    if other is None or other[1] is None:
        return
    first, second = (prod(plane.stride.value[axis] for plane in model.planes) for axis in (0, 1))
    yield Problem(
        other[1],
        f"Pairs in both orders: the total stride is {first} along the first axis and {second} along the second",
        label="longer on the other axis",
        related=[(longer[0][1], "longer on this one")],
        help=("write all pairs in the order of the tensor's axes",),
    )


def _longer(pair: Sequence[int]) -> int | None:
    """The axis on which a pair is longer; None where both are equal."""
    return None if pair[0] == pair[1] else int(pair[1] > pair[0])
