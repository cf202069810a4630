"""The label rate does not fit the frame rate

## What it does

Compares the rate of the labels (`label_rate`) with the rate of the frames, sample rate / product of the strides. The
labels must come at the frame rate or at a whole multiple of it.

## Why it matters

Targets are picked by index. With any other ratio they slide against the frames over the length of an utterance, and the
loader at best warns.

## Example

```yaml config.yaml
task: {_name: hubert_pretraining, sample_rate: 8000, label_rate: 50}
model:
  _name: hubert
  label_rate: 40
  conv_feature_layers: "[(512,10,5)] + [(512,3,2)] * 4 + [(512,2,2)] * 2"
```

## Use instead

```yaml config.yaml
task: {_name: hubert_pretraining, sample_rate: 16000, label_rate: 50}
model:
  _name: hubert
  label_rate: 50
  conv_feature_layers: "[(512,10,5)] + [(512,3,2)] * 4 + [(512,2,2)] * 2"
```

## How it is computed

label rate × product of the strides / sample rate must be a positive whole number: 1 for labels from features, 2 for MFCC
labels at 100 Hz against frames at 50 Hz.

## How to mend

Give the rate of the frames, or of the labels you made.

## References

facebookresearch/fairseq, `fairseq/models/hubert/hubert.py`, `feat2tar_ratio`; issue 5097 for a first iteration lost to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.documents import Where
from rflint.findings import Fix, Problem, Severity
from rflint.model import Model, Tie
from rflint.rules.base import cause
from rflint.rules.edits import fixes, rewrite, written_number
from rflint.rules.ties import broken, finding, number, shown
from rflint.targets import format_rate

CODE, NAME = "RF402", "label-rate"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for tie, where, severity in broken(model, "labels"):
        labels, frames = number(tie.left), number(tie.right)
        if tie.kind == "equal" and tie.right.where is not None:
            relation = "does not fit" if tie.left.key != tie.right.key else "differs from"
            message = f"{shown(tie.left)} {relation} {shown(tie.right)}"
            yield finding(tie, where, severity, message, fixes=_fixes(tie, labels, frames))
        else:
            yield _problem(model, tie, where, severity)


def _problem(model: Model, tie: Tie, where: Where, severity: Severity) -> Problem:
    labels, frames = number(tie.left), number(tie.right)
    stack = model.stack()
    strides = cause(stack, model) if stack else None
    return Problem(
        where,
        f"Labels at {format_rate(labels)}, but frames come at {format_rate(frames)}",
        label="label rate",
        declared=format_rate(labels),
        computed=format_rate(frames),
        derivation=_derivation(model),
        related=[(strides, f"frames at {format_rate(frames)}")] if strides != where else [],
        help=(f"labels made from the frames have rate {format_rate(frames)}, or a whole multiple of it",),
        notes=[tie.because] if tie.because else [],
        fixes=_fixes(tie, labels, frames),
        severity=severity,
    )


def _fixes(tie: Tie, labels: Fraction, frames: Fraction) -> tuple[Fix, ...]:
    """The frame rate in place of the label rate, where that is the key's own number."""
    if written_number(tie.left.where) != labels:
        return ()
    return fixes(rewrite(f"`{tie.left.key}`: {frames}", [(tie.left.where, frames)]))


def _derivation(model: Model) -> str:
    stack = model.stack()
    if stack is None or stack.input_rate is None:
        return ""
    return f"{stack.input_rate} / ({stack.factor_text()}) = {format_rate(stack.input_rate / stack.coverage.step)}"
