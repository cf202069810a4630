"""A declared bitrate is not what the codebooks give

## What it does

Multiplies codebooks, bits and frame rate, and compares the product with the bandwidth that the config declares.

## Why it matters

Tables and comparisons at "6 kbps" are made with another number of codebooks than they say.

## Example

```json config.json
{"model_type": "encodec", "sampling_rate": 24000, "upsampling_ratios": [8, 5, 4, 2], "codebook_size": 1024,
 "target_bandwidths": [1.5, 3.0, 6.0, 12.0, 25.0]}
```

## Use instead

```json config.json
{"model_type": "encodec", "sampling_rate": 24000, "upsampling_ratios": [8, 5, 4, 2], "codebook_size": 1024,
 "target_bandwidths": [1.5, 3.0, 6.0, 12.0, 24.0]}
```

## How it is computed

bits per second = codebooks × log2(codebook size) × sample rate / product of the strides.

## How to mend

Declare a bandwidth that is a whole number of codebooks.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.ties import broken, finding, number, shown
from rflint.targets import format_number

CODE, NAME = "RF510", "bitrate-disagrees"
SEVERITY: Severity = "warning"


def check(model: Model) -> Iterator[Problem]:
    for tie, where, severity in broken(model, "bitrate"):
        relation = {
            "equal": "but the codebooks give",
            "multiple": "which is no whole number of codebooks of",
            "at most": "which is more than",
        }[tie.kind]
        right = f"{format_number(number(tie.right))} bits a second"
        yield finding(tie, where, severity, f"{shown(tie.left)} declared, {relation} {right}", stated=True)
