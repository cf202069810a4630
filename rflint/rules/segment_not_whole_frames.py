"""The training crop is not a whole number of frames

## What it does

Divides the length of the training crop in samples by the hop.

## Why it matters

The crop of the waveform and the crop of the features then differ in length. HiFi-GAN and VITS fail in the first step;
ParallelWaveGAN rounds the crop down without a word.

## Example

```json config.json
{"resblock": "1", "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4],
 "resblock_kernel_sizes": [3, 7, 11], "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
 "sampling_rate": 22050, "hop_size": 256, "segment_size": 8000}
```

## Use instead

```json config.json
{"resblock": "1", "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4],
 "resblock_kernel_sizes": [3, 7, 11], "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
 "sampling_rate": 22050, "hop_size": 256, "segment_size": 8192}
```

## How it is computed

crop / hop must be a whole number. A crop that the decoder makes of the whole frames in it, since its layers make odd
samples, is no finding.

## How to mend

Take the multiple of the hop below or above, as the help line gives them.

## References

jik876/hifi-gan issue 38, where the author states the rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.findings import Fix, Problem, Severity
from rflint.model import Model, Tie
from rflint.rules.base import times
from rflint.rules.edits import fixes, rewrite
from rflint.rules.ties import made_whole, number, shown, ties

CODE, NAME = "RF501", "segment-not-whole-frames"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for tie, where, severity in ties(model, "segment", "multiple"):
        segment, hop = number(tie.left), number(tie.right)
        if hop <= 0 or (segment / hop).denominator == 1:
            continue
        if made_whole(model, tie):
            continue
        below = segment // hop * hop
        proposed = _fixes(tie, segment, hop)
        choices = f"{below} and {below + hop}" if below else str(below + hop)
        yield Problem(
            where,
            f"`{tie.left.key}` of {segment} is {times(segment / hop)} frames of {hop}, not a whole number",
            label=f"{segment} = {segment // hop} × {hop} + {segment % hop}",
            declared=str(segment),
            computed=f"{times(segment / hop)} frames",
            derivation=f"{segment} / {hop} = {times(segment / hop)}",
            related=[(tie.right.where, f"hop {shown(tie.right)}")],
            help=() if proposed else (f"the nearest multiples of {hop} are {choices}",),
            notes=[tie.because] if tie.because else [],
            fixes=proposed,
            severity=severity,
        )


def _fixes(tie: Tie, segment: Fraction, hop: Fraction) -> tuple[Fix, ...]:
    """The nearest multiples, the nearer one first."""
    below = segment // hop * hop
    choices = sorted((n for n in (below, below + hop) if n > 0), key=lambda n: abs(n - segment))
    return fixes(*(rewrite(f"`{tie.left.key}`: {n}", [(tie.left.where, n)]) for n in choices))
