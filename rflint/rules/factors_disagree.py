"""Two parts of a config upsample by different factors

## What it does

Compares the factors of parts that work on the same frames: the hop of a loss with the product of the generator, a source
branch with the main branch, a code hop with an encoder's strides.

## Why it matters

The parts meet sample by sample. With different factors the shapes do not fit, or the shorter signal is repeated and the
loss compares what does not belong together.

## Example

```json config.json
{"sampling_rate": 24000, "hop_size": 300, "n_fft": 2048, "win_size": 1200, "upsample_rates": [8, 8, 2, 2]}
```

## Use instead

```json config.json
{"sampling_rate": 24000, "hop_size": 256, "n_fft": 2048, "win_size": 1200, "upsample_rates": [8, 8, 2, 2]}
```

## How to mend

Give both parts the factor of the features.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.base import times
from rflint.rules.edits import fixes, rewrite
from rflint.rules.ties import broken, finding, number, shown

CODE, NAME = "RF305", "factors-disagree"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for tie, where, severity in broken(model, "upsampling"):
        yield finding(
            tie,
            where,
            severity,
            f"{shown(tie.left)} does not fit {shown(tie.right)}",
            help=(f"both must be {times(number(tie.right))}",) if tie.kind == "equal" else (),
            fixes=fixes(rewrite(f"Write {times(number(tie.right))}", [(tie.left.where, number(tie.right))]))
            if tie.kind == "equal"
            else (),
        )
