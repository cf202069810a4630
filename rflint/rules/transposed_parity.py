"""A transposed convolution does not make a whole multiple of its input

## What it does

Computes the output length of every transposed convolution under its family's padding rule and compares it with factor ×
input length.

## Why it matters

One sample too many or too few in an early stage is multiplied by all later factors. The output no longer fits the
recording: training fails, or the loss compares shifted signals.

## Example

```json config.json
{"resblock": "1", "upsample_rates": [8, 5, 5], "upsample_kernel_sizes": [16, 10, 10],
 "resblock_kernel_sizes": [3, 7, 11], "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
 "sampling_rate": 16000, "hop_size": 200}
```

## Use instead

```json config.json
{"resblock": "1", "upsample_rates": [8, 5, 5], "upsample_kernel_sizes": [16, 15, 15],
 "resblock_kernel_sizes": [3, 7, 11], "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
 "sampling_rate": 16000, "hop_size": 200}
```

## How it is computed

A transposed convolution makes (T - 1) × stride + dilation × (kernel - 1) + 1 + output padding samples of T, less what is
cut at both ends. With padding (kernel - stride) // 2 that is stride × T exactly when kernel - stride is even.
Where the training crop counts on the odd samples, the finding is an info.

## How to mend

Where padding is (kernel - stride) // 2, choose a kernel of the stride's parity: 3 × stride is also free of uneven overlap.

## References

jik876/hifi-gan issue 12 (6406 samples instead of 6400).
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import Layer
from rflint.coverage.design import exact_kernel
from rflint.findings import Fix, Problem, Severity
from rflint.model import Model, Stack, Stage
from rflint.rules.base import BY_OUTCOME
from rflint.rules.edits import fixes, rewrite, written_number
from rflint.rules.factors import kernel_list, transposed_stages
from rflint.rules.ties import holds, made_whole

CODE, NAME = "RF302", "transposed-parity"
SEVERITY: Severity = "error"

FRAMES = 32
"""The input length used in messages; the surplus does not depend on it."""


def check(model: Model) -> Iterator[Problem]:
    for stack in model.stacks:
        for index, stage in enumerate(stack.stages):
            if stage.layer.kind == "transposed" and surplus(stage.layer):
                yield from _problem(model, stack, index, stage)


def surplus(layer: Layer) -> int:
    """Samples made beyond stride × input length, the same for every input length."""
    return layer.length(FRAMES) - FRAMES * layer.stride


def _fix(model: Model, stack: Stack, stage: Stage, kernel: int) -> Fix | None:
    """Write the kernel in the list of kernels, or where the stage itself stands when that holds its kernel."""
    listed = kernel_list(model, stack)
    index = transposed_stages(stack).index(stage)
    where = stage.where
    if listed is not None and listed.where is not None:
        where = listed.where._replace(path=(*listed.where.path, index))
    if written_number(where) != stage.layer.kernel:
        return None
    return rewrite(f"`{where.key if where else ''}[{index}]`: {kernel}", [(where, kernel)])


def _written(model: Model, stack: Stack, stage: Stage) -> bool:
    """Whether the file holds the kernel; where the code makes it of the factor, only the factor can change."""
    return kernel_list(model, stack) is not None or written_number(stage.where) == stage.layer.kernel


def _problem(model: Model, stack: Stack, index: int, stage: Stage) -> Iterator[Problem]:
    if stage.where is None:
        return
    extra, stride = surplus(stage.layer), stage.layer.stride
    kernel = stage.layer.kernel
    nominal = FRAMES * stack.coverage.upsampling
    rest = nominal
    for before in stack.stages[: index + 1]:
        rest *= before.layer.step
    total = extra * rest / FRAMES
    better = (
        exact_kernel([stage.layer for stage in transposed_stages(stack)], stride)
        if _written(model, stack, stage)
        else None
    )
    expected = any(not holds(tie) and made_whole(model, tie) for tie in model.ties if tie.topic == "segment")
    yield Problem(
        stage.where,
        f"Kernel {kernel} with factor {stride} makes {stride}·T{extra:+d} samples, not {stride}·T",
        label=f"makes {stride}·T{extra:+d}",
        declared=f"{stride}·T",
        computed=f"{stride}·T{extra:+d}",
        derivation=f"{FRAMES} frames give {nominal + total} samples instead of {nominal}",
        help=(f"a kernel of {better} keeps the length",) if better else ("an even factor keeps the length",),
        fixes=fixes(_fix(model, stack, stage, better)) if better else (),
        notes=[stack.because] if stack.because else [],
        severity="info" if expected else BY_OUTCOME[stack.inexact],  # the crop counts on the surplus
    )
