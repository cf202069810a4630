"""A streaming config looks further ahead than it says

## What it does

Compares a declared look-ahead or latency, and what a config that is called causal or streaming promises, with what the
stack reads ahead, all layers added up.

## Why it matters

Right context adds up over layers: two frames of 40 ms in each of 17 layers are 1360 ms, not 80.

## Example

```yaml config.yaml
name: FastConformer-CTC-streaming
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
    subsampling: dw_striding
    subsampling_factor: 8
    causal_downsampling: true
    conv_context_size: causal
    att_context_size: [69, 2]
    att_context_style: regular
```

## Use instead

```yaml config.yaml
name: FastConformer-CTC-streaming
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
    subsampling: dw_striding
    subsampling_factor: 8
    causal_downsampling: true
    conv_context_size: causal
    att_context_size: [69, 2]
    att_context_style: chunked_limited
```

## How to mend

Limit the context by chunks, make the convolutions causal, or state the true latency.

## References

NVIDIA/NeMo pull request 3888.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.base import BY_OUTCOME, cause
from rflint.rules.declared import missed_topic

CODE, NAME = "RF509", "latency"
SEVERITY: Severity = "warning"


def check(model: Model) -> Iterator[Problem]:
    for claim, (stack, verdict) in missed_topic(model, "latency"):
        place = claim.where or cause(stack, model)
        if place is not None:
            yield Problem(
                place,
                f"Look-ahead is {verdict.computed_text}, but `{claim.wording}` allows {verdict.declared_text}",
                label=f"reads {verdict.computed_text} ahead",
                declared=verdict.declared_text,
                computed=verdict.computed_text,
                notes=[claim.because] if claim.because else [],
                severity=BY_OUTCOME[claim.outcome],
            )
