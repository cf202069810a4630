"""Frames come too seldom for the tokens they carry

## What it does

Compares the step of the encoder's output with what a CTC or transducer loss needs: a frame at least every 40 ms for
characters and phones, every 80 ms for subwords.

## Why it matters

An utterance with more tokens than frames has an infinite loss, which is usually zeroed: the model learns from the slow
speakers only.

## Example

```yaml config.yaml
frontend: s3prl
frontend_conf: {frontend_conf: {upstream: wav2vec2}, fs: 16000}
token_type: char
encoder: conformer
encoder_conf: {input_layer: conv2d}
decoder: transformer
model_conf: {ctc_weight: 0.3}
```

## Use instead

```yaml config.yaml
frontend: s3prl
frontend_conf: {frontend_conf: {upstream: wav2vec2}, fs: 16000}
token_type: char
encoder: conformer
encoder_conf: {input_layer: conv2d2}
decoder: transformer
model_conf: {ctc_weight: 0.3}
```

## How it is computed

step of the front end × subsampling of the encoder.

## How to mend

Subsample less, or use larger tokens.

## References

espnet pull request 3751 and issue 2669.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.base import cause
from rflint.rules.declared import missed_topic
from rflint.rules.step_missed import step_derivation

CODE, NAME = "RF508", "ctc-rate"
SEVERITY: Severity = "warning"


def check(model: Model) -> Iterator[Problem]:
    for claim, (stack, verdict) in missed_topic(model, "ctc"):
        place = claim.where or cause(stack, model)
        if place is not None:
            yield Problem(
                place,
                f"A frame every {verdict.computed_text} is too seldom: {claim.because or verdict.declared_text}",
                label=f"a frame every {verdict.computed_text}",
                declared=verdict.declared_text,
                computed=verdict.computed_text,
                derivation=step_derivation(stack),
                help=("subsample less, or use larger tokens",),
            )
