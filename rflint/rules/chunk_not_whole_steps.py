"""A chunk, overlap or look-ahead is not a whole number of steps

## What it does

Divides chunk sizes, overlaps and shifts by the step of the model: the product of everything that cuts time (strides,
groups, subsampling, the factors of a decoder).

## Why it matters

The code rounds every chunk and the error adds up: 15 s in frames of 80 ms are 187.5 frames, and word times drift by 9.6 s
an hour.

## Example

```yaml config.yaml
rflint:
  input: {rate: 16000}
  frontend: {win: 25ms, hop: 10ms}
  stack: "k3s2 k3s2 k3s2"
  targets: {step: 80ms, multiple_of: [15s]}
```

## Use instead

```yaml config.yaml
rflint:
  input: {rate: 16000}
  frontend: {win: 25ms, hop: 10ms}
  stack: "k3s2 k3s2 k3s2"
  targets: {step: 80ms, multiple_of: [14.96s]}
```

## How it is computed

chunk / step must be whole. Of several factors that cut the same time the least common multiple counts.

## How to mend

Take the nearest multiple that the help line gives.

## References

NVIDIA/NeMo issues 11604 and 16072; wenet-e2e/wenet issues 1690 and 2628.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.findings import Fix, Problem, Severity
from rflint.model import Model, Tie
from rflint.rules.edits import fixes, rewrite, written_number
from rflint.rules.ties import broken, finding, number, shown
from rflint.targets import format_number

CODE, NAME = "RF502", "chunk-not-whole-steps"
SEVERITY: Severity = "warning"


def check(model: Model) -> Iterator[Problem]:
    for tie, where, severity in broken(model, "chunk"):
        chunk, step = number(tie.left), number(tie.right)
        if tie.kind == "multiple":
            below = chunk // step * step
            nearest = [n for n in (below, below + step) if n > 0]
            told = " or ".join(format_number(n) for n in nearest)
            yield finding(
                tie,
                where,
                severity,
                f"`{where.key}` {_amount(tie, chunk)} {format_number(chunk / step)} steps of {format_number(step)}, "
                "not a whole number",
                derivation=f"{format_number(chunk)} / {format_number(step)} = {format_number(chunk / step, 4)}",
                help=(f"the nearest multiples are {told}",),
                fixes=_fixes(tie, nearest, chunk),
            )
        else:
            relation = "differs from" if tie.kind == "equal" else "is more than"
            yield finding(tie, where, severity, f"{shown(tie.left)} {relation} {shown(tie.right)}")


def _amount(tie: Tie, chunk: Fraction) -> str:
    """``of 18 is``, or what the key makes where that is another number than its own."""
    made = tie.left.origin == "derived" and written_number(tie.left.where) != chunk
    return f"makes {format_number(chunk)}, which is" if made else f"of {format_number(chunk)} is"


def _fixes(tie: Tie, nearest: list[Fraction], chunk: Fraction) -> tuple[Fix, ...]:
    """The nearest multiple in the unit of the key, which may be another than the one compared in."""
    written = written_number(tie.left.where)
    scale = written / chunk if written is not None and chunk else None
    if scale is None:
        return ()
    ordered = sorted(nearest, key=lambda n: abs(n - chunk))
    return fixes(*(rewrite(f"Write {format_number(n * scale, 6)}", [(tie.left.where, n * scale)]) for n in ordered))
