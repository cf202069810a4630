"""A declared target cannot be understood

## What it does

Reports a target phrase in a comment, in an rflint block or in the settings that rflint does not understand.

## Why it matters

A target that cannot be read guards nothing.

## Example

```yaml config.yaml
# rflint: target "thirty-ish frames, quickly"
rflint: {stack: "k10s5 k8s4", input: {rate: 16000}}
```

## Use instead

```yaml config.yaml
# rflint: target "45 samples every 20 samples"
rflint: {stack: "k10s5 k8s4", input: {rate: 16000}}
```

## How to mend

Write a length, a step or both, with units: `30 ms frames every 10 ms`, `about 210 ms`, `50 Hz`, `look-ahead at most 40 ms`.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model

CODE, NAME = "RF903", "unintelligible-target"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for note in model.notes:
        if note.subject == "pragma" and note.where is not None:
            yield Problem(
                note.where,
                f"The target cannot be understood: {note.reason}",
                help=('write for example "30 ms frames every 10 ms" or "about 210 ms"',),
            )
