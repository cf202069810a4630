"""Two sections of a config have different sample rates

## What it does

Compares the sample rates of sections that the framework takes to be the same.

## Why it matters

Sizes in samples mean other durations in each section, or audio is played at the wrong pitch.

## Example

```yaml config.yaml
rflint:
  input: {rate: 16000}
  stack: "k400s160"
  targets: {step: 10ms, same_as: "@/data/hop"}
data: {hop: 256}
```

## Use instead

```yaml config.yaml
rflint:
  input: {rate: 16000}
  stack: "k400s160"
  targets: {step: 10ms, same_as: "@/data/hop"}
data: {hop: 160}
```

## How to mend

Give every section the rate of the audio.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.edits import fixes, rewrite
from rflint.rules.ties import number, shown, ties

CODE, NAME = "RF403", "rates-disagree"
SEVERITY: Severity = "warning"


def check(model: Model) -> Iterator[Problem]:
    for tie, where, severity in ties(model, "rate", "equal"):
        if number(tie.left) != number(tie.right):
            yield Problem(
                where,
                f"{shown(tie.left)} differs from {shown(tie.right)}",
                label=str(tie.left.value),
                declared=str(tie.right.value),
                computed=str(tie.left.value),
                related=[(tie.right.where, str(tie.right.value))],
                notes=[tie.because] if tie.because else [],
                fixes=fixes(rewrite(f"`{tie.left.key}`: {tie.right.value}", [(tie.left.where, number(tie.right))])),
                severity=severity,
            )
