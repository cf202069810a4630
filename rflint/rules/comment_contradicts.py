"""A comment contradicts the value beside it

## What it does

Reads durations and rates in the comment beside (or on the line above) a key that counts samples or frames, and compares
them with the value at the sample rate that governs the key.

## Why it matters

The comment is what the next person copies into a paper, a table or another config. Of the published configs whose
comments can be compared, one in six is wrong.

## Example

```json config.jsonc
{"resblock": "1", "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4],
 "resblock_kernel_sizes": [3, 7, 11], "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
 "sampling_rate": 22050,
 "hop_size": 256  // 12.5 ms
}
```

## Use instead

```json config.jsonc
{"resblock": "1", "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4],
 "resblock_kernel_sizes": [3, 7, 11], "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
 "sampling_rate": 22050,
 "hop_size": 256  // 11.6 ms
}
```

## How it is computed

milliseconds = 1000 × samples / sample rate. A comment is met when the exact value rounds or truncates to the digits it
gives, or lies within 1 %.

## When to ignore

Comments that speak of something else are left alone; should one be misread, suppress it with
`# rflint: ignore[RF110]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.documents import Comment, Place, Span
from rflint.findings import Problem, Severity
from rflint.model import Duration, Model
from rflint.targets import CommentClaim, comment_met, format_ms, format_rate, parse_comment

CODE, NAME = "RF110", "comment-contradicts"
SEVERITY: Severity = "warning"


def check(model: Model) -> Iterator[Problem]:
    for duration in model.durations:
        where = duration.value.where
        if where is None or duration.rate is None:
            continue
        comment = where.document.comment_on(where.path)
        for claim in parse_comment(comment.text) if comment else ():
            yield from _judge(duration, claim, comment)
