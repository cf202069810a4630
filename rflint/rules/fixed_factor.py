"""A key contradicts a size that the model code fixes

## What it does

Compares a key (a hop, a frame, a chunk) with the factor that the framework's code has built in.

## Why it matters

The key can be changed, the code does not follow: the model makes another number of samples than the features stand for.

## Example

```json config.json
{"data_config": {"sampling_rate": 22050, "filter_length": 1024, "hop_length": 300, "win_length": 1024, "segment_length": 16000},
 "waveglow_config": {"n_mel_channels": 80, "n_flows": 12, "n_group": 8, "n_early_every": 4, "n_early_size": 2,
                     "WN_config": {"n_layers": 8, "n_channels": 512, "kernel_size": 3}}}
```

## Use instead

```json config.json
{"data_config": {"sampling_rate": 22050, "filter_length": 1024, "hop_length": 256, "win_length": 1024, "segment_length": 16000},
 "waveglow_config": {"n_mel_channels": 80, "n_flows": 12, "n_group": 8, "n_early_every": 4, "n_early_size": 2,
                     "WN_config": {"n_layers": 8, "n_channels": 512, "kernel_size": 3}}}
```

## How to mend

Give the value that the code has, or change the code that the note names and the key together.

## When to ignore

A fork in which the factor can be configured.

## References

lmnt-com/diffwave issues 24 and 44, NVIDIA/waveglow issue 168.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.base import BY_OUTCOME
from rflint.rules.declared import missed_topic

CODE, NAME = "RF304", "fixed-factor"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for claim, (_, verdict) in missed_topic(model, "fixed"):
        if claim.where is None:
            continue
        yield Problem(
            claim.where,
            f"`{claim.wording}`, but the model code has {verdict.computed_text} built in",
            label=f"the code has {verdict.computed_text}",
            declared=verdict.declared_text,
            computed=verdict.computed_text,
            help=(f"give {verdict.computed_text}, or change the code with it",),
            notes=[claim.because] if claim.because else [],
            severity=BY_OUTCOME[claim.outcome],
        )
