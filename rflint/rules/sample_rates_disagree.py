"""Two sections of a config have different sample rates

## What it does

Compares the sample rates of sections that the framework takes to be the same.

## Why it matters

Sizes in samples mean other durations in each section, or audio is played at the wrong pitch.

## Example

```yaml config.yaml
name: Conformer-CTC
model:
  sample_rate: 16000
  preprocessor:
    _target_: nemo.collections.asr.modules.AudioToMelSpectrogramPreprocessor
    sample_rate: 22050
    window_size: 0.025
    window_stride: 0.01
    features: 80
  encoder:
    _target_: nemo.collections.asr.modules.ConformerEncoder
    feat_in: 80
    n_layers: 17
    d_model: 512
    subsampling: striding
    subsampling_factor: 4
    subsampling_conv_channels: -1
    n_heads: 8
    conv_kernel_size: 31
```

## Use instead

```yaml config.yaml
name: Conformer-CTC
model:
  sample_rate: 16000
  preprocessor:
    _target_: nemo.collections.asr.modules.AudioToMelSpectrogramPreprocessor
    sample_rate: 16000
    window_size: 0.025
    window_stride: 0.01
    features: 80
  encoder:
    _target_: nemo.collections.asr.modules.ConformerEncoder
    feat_in: 80
    n_layers: 17
    d_model: 512
    subsampling: striding
    subsampling_factor: 4
    subsampling_conv_channels: -1
    n_heads: 8
    conv_kernel_size: 31
```

## How to mend

Give every section the rate of the audio.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.edits import fixes, rewrite
from rflint.rules.ties import number, shown, ties

CODE, NAME = "RF403", "rates-disagree"
SEVERITY: Severity = "warning"


def check(model: Model) -> Iterator[Problem]:
    for tie, where, severity in ties(model, "rate", "equal"):
        if number(tie.left) != number(tie.right):
            yield Problem(
                where,
                f"{shown(tie.left)} differs from {shown(tie.right)}",
                label=str(tie.left.value),
                declared=str(tie.right.value),
                computed=str(tie.left.value),
                related=[(tie.right.where, str(tie.right.value))],
                notes=[tie.because] if tie.because else [],
                fixes=fixes(rewrite(f"`{tie.left.key}`: {tie.right.value}", [(tie.left.where, number(tie.right))])),
                severity=severity,
            )
