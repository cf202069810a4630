"""Windows overlap by less than half

## What it does

Compares the hop of an analysis with its window: with a hop above half of the window, neighbouring windows share less than
half of their samples; with a hop above the window, samples between them are never read.

## Why it matters

Windowed analysis weighs the ends of each window down. Under 50 % overlap parts of the signal hardly count, and
resynthesis is audible as a modulation at the frame rate.

## Example

```json config.json
{"resblock": "1", "upsample_rates": [8, 8, 4, 4], "upsample_kernel_sizes": [16, 16, 8, 8],
 "resblock_kernel_sizes": [3, 7, 11], "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
 "sampling_rate": 44100, "hop_size": 1024, "win_size": 1024, "n_fft": 2048}
```

## Use instead

```json config.json
{"resblock": "1", "upsample_rates": [8, 8, 4, 4], "upsample_kernel_sizes": [16, 16, 8, 8],
 "resblock_kernel_sizes": [3, 7, 11], "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
 "sampling_rate": 44100, "hop_size": 1024, "win_size": 4096, "n_fft": 4096}
```

## How it is computed

overlap = 1 - hop / window. From a third to a half it is info: some vocoders are published so. So it is for windows of 25 ms
every 20 ms, which follow the frames of wav2vec 2.0 and HuBERT.

## How to mend

A window of at least twice the hop; most analyses use four times.

## References

espnet pull request 1529: hop 384 with a window of 512 inside an FFT of 1536, found after an experiment.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.findings import Problem, Severity
from rflint.model import Model, Stack, Stage
from rflint.rules.ties import broken, finding, shown
from rflint.targets import format_number

CODE, NAME = "RF404", "sparse-overlap"
SEVERITY: Severity = "warning"


def check(model: Model) -> Iterator[Problem]:
    told = False
    for tie, where, severity in broken(model, "overlap"):
        told = True
        yield finding(tie, where, severity, f"Hop {shown(tie.left)} is longer than {shown(tie.right)}")
    seen = set()
    for stack in model.stacks:
        for stage in stack.stages:
            if told and stage.layer.stride > stage.layer.kernel:
                continue  # the tie says the same, by the keys
            if stage.layer.kind == "frames" and stage.where is not None and stage.where not in seen:
                seen.add(stage.where)
                yield from _framing(stack, stage)


def _framing(stack: Stack, stage: Stage) -> Iterator[Problem]:
    hop, window = stage.layer.stride, stage.layer.kernel
    if hop * 2 <= window or stage.where is None:
        return
    overlap = format_number(max(1 - Fraction(hop, window), Fraction(0)) * 100)
    gap = f"; {hop - window} {stack.input_unit} between two windows are never read" if hop > window else ""
    yield Problem(
        stage.where,
        f"Hop {hop} with a window of {window}: neighbouring windows overlap by {overlap} %{gap}",
        label=f"hop {hop}, window {window}",
        computed=f"{overlap} %",
        derivation=f"1 - {hop} / {window}",
        help=(f"a window of {2 * hop} or more overlaps by half",),
        severity="info" if hop * 3 <= window * 2 or _as_units(stack, hop, window) else None,
    )


def _as_units(stack: Stack, hop: int, window: int) -> bool:
    """Whether windows of 25 ms come every 20 ms."""
    return stack.input_rate is not None and hop * 50 == stack.input_rate == window * 40
