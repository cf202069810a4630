"""The number of bins or bands does not fit the analysis

## What it does

Compares a declared number of frequency bins (or of bands that two parts share) with fft / 2 + 1, or with the other part;
and asks for an even FFT where the framework inverts it.

## Why it matters

The features that one part makes are not those that the other expects.

## Example

```yaml config.yaml
generator_type: HiFiGANGenerator
sampling_rate: 24000
fft_size: 1024
hop_size: 240
num_mels: 80
generator_params:
  in_channels: 100
  out_channels: 1
  channels: 512
  kernel_size: 7
  upsample_scales: [5, 4, 4, 3]
  upsample_kernel_sizes: [10, 8, 8, 6]
  resblock_kernel_sizes: [3, 7, 11]
  resblock_dilations: [[1, 3, 5], [1, 3, 5], [1, 3, 5]]
```

## Use instead

```yaml config.yaml
generator_type: HiFiGANGenerator
sampling_rate: 24000
fft_size: 1024
hop_size: 240
num_mels: 80
generator_params:
  in_channels: 80
  out_channels: 1
  channels: 512
  kernel_size: 7
  upsample_scales: [5, 4, 4, 3]
  upsample_kernel_sizes: [10, 8, 8, 6]
  resblock_kernel_sizes: [3, 7, 11]
  resblock_dilations: [[1, 3, 5], [1, 3, 5], [1, 3, 5]]
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
