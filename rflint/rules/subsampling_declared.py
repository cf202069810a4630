"""A declared subsampling is not the model's

## What it does

Compares keys such as `model_stride`, `subsampling_factor`, `downsampling_ratio`, `inputs_to_logits_ratio` or a frame rate
of latents with the product of the strides, the factors that the model code hides included.

## Why it matters

What is cut, padded or time-stamped by the declared number does not fit the frames: transcripts come out empty, audio is
cut at half its length.

## Example

```json config.json
{"model_type": "autoencoder", "sample_size": 65536, "sample_rate": 44100, "audio_channels": 2,
 "model": {"encoder": {"type": "oobleck", "config": {"in_channels": 2, "channels": 128, "c_mults": [1, 2, 4, 8, 16],
                       "strides": [2, 4, 4, 8, 8], "latent_dim": 128}},
           "decoder": {"type": "oobleck", "config": {"out_channels": 2, "channels": 128, "c_mults": [1, 2, 4, 8, 16],
                       "strides": [2, 4, 4, 8, 8], "latent_dim": 64}},
           "latent_dim": 64, "downsampling_ratio": 1024, "io_channels": 2}}
```

## Use instead

```json config.json
{"model_type": "autoencoder", "sample_size": 65536, "sample_rate": 44100, "audio_channels": 2,
 "model": {"encoder": {"type": "oobleck", "config": {"in_channels": 2, "channels": 128, "c_mults": [1, 2, 4, 8, 16],
                       "strides": [2, 4, 4, 8, 8], "latent_dim": 128}},
           "decoder": {"type": "oobleck", "config": {"out_channels": 2, "channels": 128, "c_mults": [1, 2, 4, 8, 16],
                       "strides": [2, 4, 4, 8, 8], "latent_dim": 64}},
           "latent_dim": 64, "downsampling_ratio": 2048, "io_channels": 2}}
```

## How it is computed

The product of the strides, with the hidden factors of the model (2 in Mimi, the stacked frames of w2v-BERT).

## How to mend

Give the true factor.

## References

NVIDIA/NeMo issue 13797, huggingface/transformers pull request 28821.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.base import times
from rflint.rules.edits import fixes, rewrite
from rflint.rules.ties import broken, finding, number, shown

CODE, NAME = "RF503", "subsampling-disagrees"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for tie, where, severity in broken(model, "subsampling"):
        yield finding(
            tie,
            where,
            severity,
            f"{shown(tie.left)} is declared, the model has {times(number(tie.right))}",
            derivation=_factors(model, number(tie.right)),
            help=(f"the true value is {times(number(tie.right))}",),
            stated=True,
            fixes=fixes(rewrite(f"Write {times(number(tie.right))}", [(tie.left.where, number(tie.right))])),
        )


def _factors(model: Model, product: Fraction) -> str:
    """The derivation of the true factor, where a stack has just this one."""
    for stack in model.stacks:
        if stack.factors and product in (stack.coverage.step, stack.coverage.upsampling):
            return f"{stack.factor_text()} = {product}"
    return ""
