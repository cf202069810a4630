"""The shortest input is shorter than the model can take

## What it does

Compares a declared shortest clip, segment or crop with the shortest input that gives one frame.

## Why it matters

The first short clip fails, often only when a development set is decoded.

## Example

```yaml config.yaml
task: {_name: audio_pretraining, sample_rate: 16000, min_sample_size: 320, max_sample_size: 250000}
model:
  _name: wav2vec2
  conv_feature_layers: "[(512,10,5)] + [(512,3,2)] * 4 + [(512,2,2)] * 2"
```

## Use instead

```yaml config.yaml
task: {_name: audio_pretraining, sample_rate: 16000, min_sample_size: 16000, max_sample_size: 250000}
model:
  _name: wav2vec2
  conv_feature_layers: "[(512,10,5)] + [(512,3,2)] * 4 + [(512,2,2)] * 2"
```

## How it is computed

Backwards through the layers: m → (m - 1)·stride + extent - padding.

## How to mend

Raise the shortest length to the number that the message gives.

## References

espnet issues 4366 and 5136, facebookresearch/fairseq issue 2790.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.base import times
from rflint.rules.edits import fixes, rewrite
from rflint.rules.ties import broken, number, shown

CODE, NAME = "RF506", "input-too-short"
SEVERITY: Severity = "warning"


def check(model: Model) -> Iterator[Problem]:
    for tie, where, severity in broken(model, "minimum"):
        need, least = (tie.left, tie.right)
        place = least.where or where
        yield Problem(
            place,
            f"{shown(least)} is shorter than the {times(number(need))} that the model needs for one frame",
            label=f"needs {times(number(need))}",
            declared=times(number(least)),
            computed=times(number(need)),
            help=(f"raise it to {times(number(need))} or more",),
            notes=[tie.because] if tie.because else [],
            fixes=fixes(rewrite(f"Write {times(number(need))}", [(least.where, number(need))])),
            severity=severity,
        )
