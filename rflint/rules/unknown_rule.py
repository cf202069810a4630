"""A suppression names a rule that does not exist

## What it does

Reports a `# rflint: ignore[...]` comment whose code or name no rule has.

## Why it matters

A misspelt suppression suppresses nothing, and nobody notices.

## Example

```yaml config.yaml
rflint:
  input: {rate: 16000}
  stack: "k10s5 k8s4"  # rflint: ignore[RF9999]
```

## Use instead

```yaml config.yaml
rflint:
  input: {rate: 16000}
  stack: "k10s5 k8s4"
```

## How to mend

`rflint rule` lists all codes and names.
"""

from __future__ import annotations

from rflint.findings import Severity

CODE, NAME = "RF902", "unknown-rule"
SEVERITY: Severity = "warning"


def message(rule: str) -> str:
    return f"No rule is called `{rule}`; `rflint rule` lists them"
