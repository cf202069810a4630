"""A limit in frames is shorter than a declared duration

## What it does

Turns limits in frames or positions (position tables, maximum lengths, mask lengths) into seconds with the step of the
model, and compares them with the durations that the config declares.

## Why it matters

Longer inputs are dropped in silence, or fail late in the run.

## Example

```json config.json
{"model_type": "whisper", "num_mel_bins": 80, "max_source_positions": 1000, "chunk_length": 30}
```

## Use instead

```json config.json
{"model_type": "whisper", "num_mel_bins": 80, "max_source_positions": 1500, "chunk_length": 30}
```

## How it is computed

seconds = positions × step / sample rate.

## How to mend

Raise the limit to the number of frames of the longest input, or lower the duration.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.ties import broken, finding, shown

CODE, NAME = "RF505", "limit-too-short"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for tie, where, severity in broken(model, "limit"):
        relation = {"equal": "differs from", "multiple": "is no multiple of", "at most": "is more than"}[tie.kind]
        yield finding(tie, where, severity, f"{shown(tie.left)} {relation} {shown(tie.right)}")
