"""A suppression suppresses nothing

## What it does

Reports a `# rflint: ignore[...]` comment for a rule that finds nothing there.

## Why it matters

The mistake it once accepted is gone; left in place it would hide the next one.

## Example

```yaml config.yaml
rflint:
  input: {rate: 16000}
  stack: "k10s5 k8s4"  # rflint: ignore[RF101] measured by hand
```

## Use instead

```yaml config.yaml
rflint:
  input: {rate: 16000}
  stack: "k10s5 k8s4"
```

## How to mend

Remove the comment.
"""

from __future__ import annotations

from rflint.findings import Severity

CODE, NAME = "RF901", "unused-suppression"
SEVERITY: Severity = "info"


def message(rule: str) -> str:
    return f"Nothing to suppress here: `{rule}` finds no mistake at this key"
