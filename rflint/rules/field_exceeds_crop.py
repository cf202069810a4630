"""The receptive field is longer than the training crop

## What it does

Compares the receptive field with the crop that training cuts.

## Why it matters

No training example shows the model a full context. With padding it trains all the same, on edges only.

## Example

```json config.json
{"resblock": "1", "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4], "upsample_initial_channel": 512,
 "resblock_kernel_sizes": [3, 7, 11], "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
 "sampling_rate": 22050, "hop_size": 256, "win_size": 1024, "n_fft": 1024, "segment_size": 4096}
```

## Use instead

```json config.json
{"resblock": "1", "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4], "upsample_initial_channel": 512,
 "resblock_kernel_sizes": [3, 7, 11], "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
 "sampling_rate": 22050, "hop_size": 256, "win_size": 1024, "n_fft": 1024, "segment_size": 8192}
```

## How to mend

A longer crop, or fewer dilation cycles.

## When to ignore

Fields longer than the crop are common practice for WaveNet-like models that pad.

## References

ibab/tensorflow-wavenet issues 47, 124, 161 and 186.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.base import times
from rflint.rules.ties import broken, number, shown

CODE, NAME = "RF507", "field-exceeds-crop"
SEVERITY: Severity = "info"


def check(model: Model) -> Iterator[Problem]:
    for tie, where, severity in broken(model, "field"):
        field, crop = number(tie.left), number(tie.right)
        place = tie.right.where or where
        yield Problem(
            place,
            f"The receptive field of {times(field)} is longer than {shown(tie.right)}: no example shows a full context",
            label=f"field {times(field)}",
            declared=times(crop),
            computed=times(field),
            help=(f"a crop above {times(field)} gives outputs with a full context",),
            notes=[tie.because] if tie.because else [],
            severity=severity,
        )
