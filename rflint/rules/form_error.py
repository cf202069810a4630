"""An rflint block cannot be understood

## What it does

Reports mistakes in the native form (`rflint:` or `x-rflint:`): an unknown key, lists of different length, a kernel that
is no positive number, branches with different steps.

## Why it matters

A target that cannot be read guards nothing.

## Example

```yaml config.yaml
rflint:
  input: {rate: 16000}
  stack: {kernels: [10, 8, 4], strides: [5, 4]}
```

## Use instead

```yaml config.yaml
rflint:
  input: {rate: 16000}
  stack: {kernels: [10, 8, 4], strides: [5, 4, 2]}
```

## How to mend

The message names the key and, for a misspelt one, the nearest known key.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model

CODE, NAME = "RF004", "form-error"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for note in model.notes:
        if note.subject == "form error" and note.where is not None:
            yield Problem(note.where, note.reason[:1].upper() + note.reason[1:])
