"""A declared number of frames is not what the analysis gives

## What it does

Computes how many frames an input of a declared length gives, under the framing rule of the framework (inside the signal,
centred, completed), and compares it with a declared number of frames.

## Why it matters

The last frames are cut or padded, and everything that is counted from the end is off.

## Example

```yaml config.yaml
rflint:
  input: {rate: 16000}
  stack: [[10, 5], [3, 2], [3, 2], [3, 2], [3, 2], [2, 2], [2, 2]]
  targets: {length: {in: 16000, out: 50}}
```

## Use instead

```yaml config.yaml
rflint:
  input: {rate: 16000}
  stack: [[10, 5], [3, 2], [3, 2], [3, 2], [3, 2], [2, 2], [2, 2]]
  targets: {length: {in: 16000, out: 49}}
```

## How it is computed

Layer by layer: floor((n + padding - extent) / stride) + 1 without centring, n // hop + 1 with it.

## How to mend

Declare the number of frames that come out, or the length that gives the declared number.

## When to ignore

One frame more or less is normal where the code trims.

## References

YuanGongND/ssast issue 33, speechbrain issue 966 (31439 samples give 97 frames, 31440 give 98).
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.ties import broken, finding, shown

CODE, NAME = "RF504", "frame-count"
SEVERITY: Severity = "warning"


def check(model: Model) -> Iterator[Problem]:
    for tie, where, severity in broken(model, "frames"):
        relation = {"equal": "but", "multiple": "which is no multiple of", "at most": "which is more than"}[tie.kind]
        comes = "come out" if tie.kind == "equal" and not tie.right.key else ""
        message = f"{shown(tie.left)} declared, {relation} {shown(tie.right)} {comes}".rstrip()
        yield finding(tie, where, severity, message, stated=True)
