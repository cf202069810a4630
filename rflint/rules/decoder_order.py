"""The decoder's list is not the reverse of the encoder's

## What it does

Compares the strides of an encoder with the factors of its decoder, for codecs whose decoder undoes the encoder stage by
stage.

## Why it matters

With the same product every length fits and nothing fails, but the decoder upsamples in an order that no encoder stage
matches, and quality is lost. Where every published model is mirrored but nothing asks for it (DAC), it is an info.

## Example

```json config.json
{"model_type": "autoencoder", "sample_size": 64000, "sample_rate": 32000, "audio_channels": 1,
 "model": {"encoder": {"type": "seanet", "config": {"channels": 1, "dimension": 128, "ratios": [4, 4, 5, 8]}},
           "decoder": {"type": "seanet", "config": {"channels": 1, "dimension": 128, "ratios": [4, 4, 5, 8]}},
           "latent_dim": 128, "downsampling_ratio": 640, "io_channels": 1}}
```

## Use instead

```json config.json
{"model_type": "autoencoder", "sample_size": 64000, "sample_rate": 32000, "audio_channels": 1,
 "model": {"encoder": {"type": "seanet", "config": {"channels": 1, "dimension": 128, "ratios": [4, 4, 5, 8]}},
           "decoder": {"type": "seanet", "config": {"channels": 1, "dimension": 128, "ratios": [8, 5, 4, 4]}},
           "latent_dim": 128, "downsampling_ratio": 640, "io_channels": 1}}
```

## How to mend

Reverse one of the two lists, as the framework takes them.

## When to ignore

A decoder of another shape on purpose.

## References

Stability-AI/stable-audio-tools issue 132: a shipped config had both lists in the same order for two years.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.edits import fixes, rewrite
from rflint.rules.ties import finding, ties

CODE, NAME = "RF202", "decoder-order"
SEVERITY: Severity = "warning"


def check(model: Model) -> Iterator[Problem]:
    for tie, where, severity in ties(model, "order", "reversed", "equal"):
        left, right = (
            list(side.value) if isinstance(side.value, list | tuple) else [] for side in (tie.left, tie.right)
        )
        wanted = right[::-1] if tie.kind == "reversed" else right
        if not left or not right or left == wanted:
            continue
        same = prod(left) == prod(right)
        relation = "the reverse of" if tie.kind == "reversed" else "equal to"
        yield finding(
            tie,
            where,
            severity if same else "error",
            f"`{tie.left.key}` {left} is not {relation} `{tie.right.key}` {right}",
            derivation="" if same else f"their products differ: {prod(left)} and {prod(right)}",
            help=(f"write {wanted}",),
            fixes=fixes(rewrite(f"Write {wanted}", [(tie.left.where, wanted)])),
        )
