"""The analysis window is longer than the FFT

## What it does

Compares `win_length` with `n_fft`, under whatever names the framework has for them.

## Why it matters

`torch.stft` refuses to run; other libraries cut the window without a word.

## Example

```json config.json
{"resblock": "1", "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4],
 "resblock_kernel_sizes": [3, 7, 11], "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
 "sampling_rate": 22050, "hop_size": 256, "n_fft": 1024, "win_size": 1100}
```

## Use instead

```json config.json
{"resblock": "1", "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4],
 "resblock_kernel_sizes": [3, 7, 11], "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
 "sampling_rate": 22050, "hop_size": 256, "n_fft": 2048, "win_size": 1100}
```

## How to mend

Enlarge the FFT to the next power of two, or shorten the window.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.findings import Problem, Severity
from rflint.model import Model
from rflint.rules.edits import fixes, rewrite
from rflint.rules.ties import number, ties

CODE, NAME = "RF401", "window-longer-than-fft"
SEVERITY: Severity = "error"


def check(model: Model) -> Iterator[Problem]:
    for tie, where, severity in ties(model, "fft", "at most"):
        window, size = number(tie.left), number(tie.right)
        if window > size:
            power = 1 << (int(window) - 1).bit_length()
            yield Problem(
                where,
                f"Window `{tie.left.key}` of {window} is longer than the FFT of {size}",
                label=f"window of {window}",
                declared=str(size),
                computed=str(window),
                related=[(tie.right.where, f"FFT of {size}")],
                help=(f"an FFT of {power} holds the window",),
                notes=[tie.because] if tie.because else [],
                fixes=fixes(rewrite(f"`{tie.right.key}`: {power}", [(tie.right.where, power)])),
                severity=severity,
            )
