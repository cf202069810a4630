"""A key stands twice in one mapping

## What it does

Reports the second of two equal keys in one mapping of a recognised config, and names the first.

## Why it matters

YAML and JSON loaders keep the last value without a word: the line that you edit may be the one that has no effect. Where
both hold the same it is info.

## Example

```json config.json
{"upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4], "resblock_kernel_sizes": [3],
 "resblock_dilation_sizes": [[1, 3, 5]], "resblock": "1", "hop_size": 300,
 "hop_size": 256}
```

## Use instead

```json config.json
{"upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4], "resblock_kernel_sizes": [3],
 "resblock_dilation_sizes": [[1, 3, 5]], "resblock": "1", "hop_size": 256}
```

## How to mend

Remove one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.documents import Place, ReadProblem
from rflint.findings import Problem, Severity

CODE, NAME = "RF003", "duplicate-key"
SEVERITY: Severity = "warning"


def judge(name: str, problem: ReadProblem) -> Iterator[Problem]:
    """The finding for a duplicate key met while reading; other reading problems are another rule's."""
    if problem.kind != "duplicate-key":
        return
    first = [(Place(name, problem.related), "first given here")] if problem.related else []
    label = "the same again" if problem.harmless else "this one is used"
    severity: Severity = "info" if problem.harmless else SEVERITY
    yield Problem(Place(name, problem.span), problem.message, label, related=first, severity=severity)
