"""Lists that belong together have different lengths

## What it does

Compares the lengths of lists that hold one entry a layer: kernels, strides, dilations, channels, residual blocks.

## Why it matters

Some frameworks refuse to start. Others pair the lists with `zip` and silently drop the last layers, and with them a
factor of the step.

## Example

```json config.json
{"model_type": "wav2vec2", "conv_dim": [512, 512, 512], "conv_kernel": [10, 3, 3], "conv_stride": [5, 2]}
```

## Use instead

```json config.json
{"model_type": "wav2vec2", "conv_dim": [512, 512, 512], "conv_kernel": [10, 3, 3], "conv_stride": [5, 2, 2]}
```

## How to mend

Add the missing entries, or remove the surplus ones.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.documents import Value
from rflint.findings import Problem, Severity
from rflint.model import Model, Tie
from rflint.rules.base import BY_OUTCOME

CODE, NAME = "RF201", "list-lengths"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for tie in model.ties:
        if tie.kind == "same length" and _length(tie.left) != _length(tie.right):
            yield from _problem(tie)


def _length(value: Value[object]) -> int:
    """The number of entries; a whole number counts entries itself (``num_layers: 7``)."""
    return len(value.value) if isinstance(value.value, list | tuple) else int(str(value.value))


def _problem(tie: Tie) -> Iterator[Problem]:
    left, right = _length(tie.left), _length(tie.right)
    if tie.left.where is None:
        return
    right_name = f"`{tie.right.key}`" if tie.right.key else "the model"
    yield Problem(
        tie.left.where,
        f"`{tie.left.key}` has {left} entries, {right_name} has {right}",
        label=f"{left} entries",
        declared=str(right),
        computed=str(left),
        related=[(tie.right.where, f"{right} entries")],
        notes=[tie.because] if tie.because else [],
        severity=BY_OUTCOME[tie.outcome],
    )
