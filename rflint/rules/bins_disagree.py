"""The number of bins or bands does not fit the analysis

## What it does

Compares a declared number of frequency bins (or of bands that two parts share) with fft / 2 + 1, or with the other part;
and asks for an even FFT where the framework inverts it.

## Why it matters

The features that one part makes are not those that the other expects.

## Example

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
    feat_in: 64
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

Give both parts the same number.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.ties import broken, finding, shown

CODE, NAME = "RF405", "bins-disagree"
SEVERITY: Severity = "warning"


def check(model: Model) -> Iterator[Problem]:
    for tie, where, severity in broken(model, "bins"):
        relation = {"equal": "differs from", "multiple": "is no multiple of", "at most": "is more than"}[tie.kind]
        yield finding(tie, where, severity, f"{shown(tie.left)} {relation} {shown(tie.right)}")
