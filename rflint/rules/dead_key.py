"""A key has no effect

## What it does

Names keys that the framework ignores, clamps or overrides, and what it uses instead.

## Why it matters

Somebody will change the key, see nothing happen, and draw conclusions. It is a warning where the key says another thing
than what is used.

## Example

```json config.json
{"name": "wavenet_vocoder", "input_type": "raw", "sample_rate": 22050, "fft_size": 1024, "hop_size": 256,
 "frame_shift_ms": 12.5, "win_length": 1024, "layers": 24, "stacks": 4, "kernel_size": 3, "residual_channels": 128,
 "gate_channels": 256, "skip_out_channels": 128, "upsample_conditional_features": true,
 "upsample_params": {"upsample_scales": [4, 4, 4, 4]}}
```

## Use instead

```json config.json
{"name": "wavenet_vocoder", "input_type": "raw", "sample_rate": 22050, "fft_size": 1024, "hop_size": 256,
 "frame_shift_ms": null, "win_length": 1024, "layers": 24, "stacks": 4, "kernel_size": 3, "residual_channels": 128,
 "gate_channels": 256, "skip_out_channels": 128, "upsample_conditional_features": true,
 "upsample_params": {"upsample_scales": [4, 4, 4, 4]}}
```

## How to mend

Remove the key, or give it the value that is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import isfinite

from rflint.documents import Value
from rflint.findings import Problem, Severity
from rflint.model import Dead, Model
from rflint.rules.ties import number, shown

CODE, NAME = "RF408", "key-without-effect"
SEVERITY: Severity = "info"


def check(model: Model) -> Iterator[Problem]:
    for dead in model.dead:
        where, instead = dead.value.where, dead.instead
        if where is None:
            continue
        used = f"; {shown(instead)} is used" if instead is not None else ""
        contradicts = instead is not None and not _same(dead, instead)
        yield Problem(
            where,
            f"`{where.key}` has no effect{used}",
            label="ignored",
            declared=str(dead.value.value),
            computed=str(instead.value) if instead is not None else "",
            related=[(instead.where, "this is used")] if instead is not None and instead.where else [],
            notes=[dead.because],
            severity="warning" if contradicts else None,
        )


def _same(dead: Dead, instead: Value[object]) -> bool:
    """Whether both say the same: only two plain numbers of one unit can contradict each other."""
    if not all(_is_number(value.value) for value in (dead.value, instead)):
        return True
    return number(dead.value) == number(instead)


def _is_number(value: object) -> bool:
    if isinstance(value, float):
        return isfinite(value)  # a key that nothing reads may hold anything
    return isinstance(value, int | Fraction) and not isinstance(value, bool)
