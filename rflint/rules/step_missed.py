"""The frame step is not the declared one

## What it does

Compares the step of a stack, the product of its strides, with the step that a target or a key declares: a comment
`# rflint: target "30 ms frames every 10 ms"`, an rflint block, the settings, `--target`, or a key such as `model_stride`.

## Why it matters

Labels, timestamps, hop sizes and vocoders count in steps. A step that is off by one stride puts every label at the wrong
time, and nothing fails.

## Example

```yaml config.yaml
# rflint: target "30 ms frames every 10 ms"
rflint:
  input: {rate: 16000}
  stack: {kernels: [10, 8, 4, 4, 4], strides: [5, 4, 2, 2, 1]}
```

## Use instead

```yaml config.yaml
# rflint: target "30 ms frames every 10 ms"
rflint:
  input: {rate: 16000}
  stack: {kernels: [10, 8, 4, 4, 4], strides: [5, 4, 2, 2, 2]}
```

## How it is computed

The step is the product of the strides (for a spectrogram the hop is the first of them); in milliseconds it is
1000 × step / sample rate. A plain declared step is met within 0.5 %, since an error in it accumulates as drift.

## How to mend

Change one stride as the help line proposes, or correct the target.

## References

Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019, section 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.findings import Fix, Problem, Severity
from rflint.measure import Measurement
from rflint.model import Claim, Factor, Model, Stack
from rflint.rules.base import alternatives
from rflint.rules.declared import missed, problem
from rflint.rules.edits import rewrite, written_number
from rflint.targets import amount_in_positions

CODE, NAME = "RF101", "step-missed"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for claim, measurement in missed(model, "frame_step"):
        fixes = restore(claim, measurement)
        yield problem(model, claim, measurement, "Step", step_derivation(measurement.stack), fixes=fixes)


def step_derivation(stack: Stack) -> str:
    """``5·4·2·2·1 = 80``, or nothing when the dialect names no factors."""
    if not stack.factors:
        return ""
    total = stack.coverage.upsampling if stack.direction == "synthesis" else stack.coverage.step
    return f"{stack.factor_text()} = {total}"


def restore(claim: Claim, measurement: Measurement) -> list[Fix]:
    """Which single changes to a stride bring the declared step back, the nearest first."""
    stack = measurement.stack
    wanted = amount_in_positions(claim.target, stack.input_rate)
    if wanted is None or len(stack.factors) != 1 or stack.direction == "synthesis":
        return []
    factor = stack.factors[0]
    changes = alternatives(Fraction(wanted), factor.terms)[:2]
    return [_change(factor, index, value, f"gives a step of {wanted}") for index, value in changes]


def _change(factor: Factor, index: int, value: int, gives: str) -> Fix:
    """One stride written anew; without edits where the list is no plain list of the file."""
    where = factor.where._replace(path=(*factor.where.path, index)) if factor.where else None
    title = f"`{factor.key}[{index}]`: {factor.terms[index]} → {value} {gives}"
    plain = written_number(where) == factor.terms[index]
    return (rewrite(title, [(where, value)]) if plain else None) or Fix(title)
