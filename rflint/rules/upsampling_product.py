"""The upsampling factors do not multiply to the frame step

## What it does

Multiplies the upsampling factors of a decoder, with its inverse STFT hop and its sub-bands, and compares the product with
the hop of the features that enter it (`hop_size`, `hop_length`, `code_hop_size`, as the framework has it).

## Why it matters

A vocoder that makes 256 samples for every frame of 300 speaks 1.17 times too fast, or fails when its output is compared
with the recording.

## Example

```json config.json
{"resblock": "1", "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4],
 "resblock_kernel_sizes": [3, 7, 11], "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
 "sampling_rate": 22050, "hop_size": 300}
```

## Use instead

```json config.json
{"resblock": "1", "upsample_rates": [5, 5, 4, 3], "upsample_kernel_sizes": [15, 15, 8, 9],
 "resblock_kernel_sizes": [3, 7, 11], "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
 "sampling_rate": 22050, "hop_size": 300}
```

## How it is computed

Product of the factors = samples for each frame. It must equal hop × output rate / input rate.

## How to mend

Change the factors (and their kernels with them) or the hop, and the training crop to a whole number of hops.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.documents import Where
from rflint.findings import Fix, Problem, Severity
from rflint.measure import Measurement
from rflint.model import Claim, Model
from rflint.rules.base import BY_OUTCOME, factors_at, times
from rflint.rules.declared import missed
from rflint.rules.edits import fixes, rewrite, written_number
from rflint.rules.factors import factor_fixes
from rflint.rules.step_missed import step_derivation

CODE, NAME = "RF301", "upsampling-product"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for claim, measurement in missed(model, "upsampling"):
        if claim.source == "key" and claim.where is not None:
            yield _problem(model, claim, measurement)


def _problem(model: Model, claim: Claim, measurement: Measurement) -> Problem:
    stack = measurement.stack
    made, wanted = stack.coverage.upsampling, claim.target.low or Fraction(0)
    factors = factors_at(stack)
    key = stack.factors[0].key if stack.factors else "the upsampling factors"
    product = step_derivation(stack) or str(made)
    proposed = [*factor_fixes(model, stack, wanted), *_hop_fix(claim, wanted, made)]
    return Problem(
        factors or claim.where,  # type: ignore[arg-type]
        f"`{key}` multiplies to {made}, but `{claim.wording}` needs {wanted}",
        label=f"product = {product}",
        declared=str(wanted),
        computed=str(made),
        derivation=product,
        related=[(claim.where, f"needs {wanted}")],
        help=() if proposed else (f"choose factors whose product is {wanted}, or a hop of {made}",),
        notes=[_heard(made / wanted, made, wanted), *([claim.because] if claim.because else [])],
        fixes=proposed,
        severity=BY_OUTCOME[claim.outcome],
    )


def _hop_fix(claim: Claim, wanted: Fraction, made: Fraction) -> tuple[Fix, ...]:
    """The hop that the factors make, where the key holds nothing but the hop."""
    where = claim.where if isinstance(claim.where, Where) else None
    if written_number(where) != wanted:
        return ()
    return fixes(rewrite(f"`{where.key if where else ''}`: {made}", [(where, made)]))


def _heard(ratio: Fraction, made: Fraction, wanted: Fraction) -> str:
    speed = f"{times(1 / ratio)} times too fast" if ratio < 1 else f"{times(ratio)} times too slow"
    return f"{made} samples are made for every {wanted}: {speed}"
