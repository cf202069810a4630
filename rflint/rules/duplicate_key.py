"""A key stands twice in one mapping

## What it does

Reports the second of two equal keys in one mapping of a recognised config, and names the first.

## Why it matters

YAML and JSON loaders keep the last value without a word: the line that you edit may be the one that has no effect. It is a
warning where both are numbers that time is made of; where they are the same, or say something else, it is info.

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

from collections.abc import Iterator, Sequence

from rflint.documents import Cursor, Place, ReadProblem, Span, Where
from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.base import places

CODE, NAME = "RF003", "duplicate-key"
SEVERITY: Severity = "warning"


def judge(name: str, problem: ReadProblem, models: Sequence[Model] = ()) -> Iterator[Problem]:
    """The finding for a duplicate key met while reading; other reading problems are another rule's."""
    if problem.kind != "duplicate-key":
        return
    timed = any(_is_number(where, problem.span) for model in models for where in places(model))
    first = [(Place(name, problem.related), "first given here")] if problem.related else []
    label = "the same again" if problem.harmless else "this one is used"
    severity: Severity = SEVERITY if timed and not problem.harmless else "info"
    yield Problem(Place(name, problem.span), problem.message, label, related=first, severity=severity)


def _is_number(where: Where, key: Span) -> bool:
    """Whether the numbers at a place are the values of the key that stands there."""
    document, path = where.document.locate(where.path)
    if document.span(path, on_key=True) != key:
        return False
    value = Cursor(document).at(*path).value
    return isinstance(value, int | float | list) and not isinstance(value, bool)
