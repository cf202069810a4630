"""Two parts of a config upsample by different factors

## What it does

Compares the factors of parts that work on the same frames: the hop of a loss with the product of the generator, a source
branch with the main branch, a code hop with an encoder's strides.

## Why it matters

The parts meet sample by sample. With different factors the shapes do not fit, or the shorter signal is repeated and the
loss compares what does not belong together.

## Example

```yaml config.yaml
feature_extractor:
  class_path: vocos.feature_extractors.MelSpectrogramFeatures
  init_args: {sample_rate: 24000, n_fft: 1024, hop_length: 256, n_mels: 100, padding: center}
head:
  class_path: vocos.heads.ISTFTHead
  init_args: {dim: 512, n_fft: 1024, hop_length: 320, padding: center}
backbone:
  class_path: vocos.models.VocosBackbone
  init_args: {input_channels: 100, dim: 512, intermediate_dim: 1536, num_layers: 8}
```

## Use instead

```yaml config.yaml
feature_extractor:
  class_path: vocos.feature_extractors.MelSpectrogramFeatures
  init_args: {sample_rate: 24000, n_fft: 1024, hop_length: 256, n_mels: 100, padding: center}
head:
  class_path: vocos.heads.ISTFTHead
  init_args: {dim: 512, n_fft: 1024, hop_length: 256, padding: center}
backbone:
  class_path: vocos.models.VocosBackbone
  init_args: {input_channels: 100, dim: 512, intermediate_dim: 1536, num_layers: 8}
```

## How to mend

Give both parts the factor of the features.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.base import times
from rflint.rules.edits import fixes, rewrite
from rflint.rules.ties import broken, finding, number, shown

CODE, NAME = "RF305", "factors-disagree"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for tie, where, severity in broken(model, "upsampling"):
        yield finding(
            tie,
            where,
            severity,
            f"{shown(tie.left)} does not fit {shown(tie.right)}",
            help=(f"both must be {times(number(tie.right))}",) if tie.kind == "equal" else (),
            fixes=fixes(rewrite(f"Write {times(number(tie.right))}", [(tie.left.where, number(tie.right))]))
            if tie.kind == "equal"
            else (),
        )
