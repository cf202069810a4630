"""The file cannot be read

## What it does

Reports a file that is no YAML, JSON or TOML, that is not encoded as UTF-8, UTF-16 or UTF-32, or that goes past a limit of
depth, size, alias expansion or digits.

Among the files of a folder, one that holds lines of a template (`{{- ... }}`, `{% ... %}`) and is no YAML before it is
filled in, or lines of Markdown, is passed over; named on the command line, it is reported.

## Why it matters

The training program will fail on it too, or read something other than what you see. The limits keep a hostile file from
taking the machine's memory.

## Example

```yaml config.yaml
model:
  conv_feature_layers: [(512,10,5)] + [(512,3,2)] * 4
```

## Use instead

```yaml config.yaml
model:
  conv_feature_layers: "[(512,10,5)] + [(512,3,2)] * 4"
```

## How to mend

The message names the place where reading stopped. An expression such as `[(512,10,5)] * 4` must stand in quotes in YAML.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.documents import Place, ReadProblem
from rflint.findings import Problem, Severity

CODE, NAME = "RF001", "unreadable-file"
SEVERITY: Severity = "error"


def judge(name: str, problem: ReadProblem) -> Iterator[Problem]:
    """The finding for a reading problem; a duplicate key is another rule's."""
    if problem.kind != "duplicate-key":
        yield Problem(Place(name, problem.span), problem.message)
