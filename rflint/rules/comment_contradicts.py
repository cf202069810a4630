"""A comment contradicts the value beside it

## What it does

Reads durations, rates, counts and overlaps in the comment beside a key that counts samples or frames, or on the line
above it, and compares them with the value at the sample rate that governs the key.

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

milliseconds = 1000 × samples / sample rate; rate = sample rate / step; overlap = window − step. A comment is met when
the exact value rounds or truncates to the digits it gives, or lies within 1 % (10 % after "about").

## How to mend

Correct the number in the comment, which is a safe fix, or the value, if the comment says what was meant.

## When to ignore

Comments that speak of something else are left alone; should one be misread, suppress it with
`# rflint: ignore[RF110]`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from math import floor, prod
from typing import NamedTuple

from rflint.documents import Comment, Place, Value, Where
from rflint.documents.source import Source
from rflint.findings import Edit, Fix, Problem, Severity
from rflint.model import Duration, Model, Stack
from rflint.targets import CommentClaim, Verdict, comment_verdict, format_number, format_rate, parse_comment

CODE, NAME = "RF110", "comment-contradicts"
SEVERITY: Severity = "warning"


class Case(NamedTuple):
    """One amount in the comment on a duration, and whether the value agrees with it."""

    duration: Duration
    where: Where
    window: Fraction | int | None
    comment: Comment
    claim: CommentClaim
    verdict: Verdict


def check(model: Model) -> Iterator[Problem]:
    durations = [*model.durations, *(d for stack in model.stacks for d in _of_lists(stack))]
    by_amount: dict[tuple[str, int, int], list[Case]] = {}
    for duration in durations:
        for case in _cases(duration, durations):
            place = case.where.name, case.comment.line, case.claim.start
            by_amount.setdefault(place, []).append(case)
    for cases in by_amount.values():
        # A comment on a line with several values speaks of one of them, and nobody knows which.
        if all(case.verdict.met is False for case in cases) and len({case.duration.value.value for case in cases}) == 1:
            yield _problem(cases[0])


def _of_lists(stack: Stack) -> Iterator[Duration]:
    """The step behind each list of strides, which a comment beside the list may speak of."""
    if stack.direction == "synthesis" or prod(t for f in stack.factors for t in f.terms) != stack.coverage.step:
        return
    step = 1
    for factor in stack.factors:
        step *= prod(factor.terms)
        if len(factor.terms) > 1 and factor.where is not None:
            value = Value(step, factor.where, "derived")
            yield Duration(value, "samples" if stack.input_unit == "samples" else "frames", stack.input_rate, "step")


# -- what a comment says of a value -------------------------------------------------------------------------------


def _cases(duration: Duration, durations: Sequence[Duration]) -> Iterator[Case]:
    where = duration.value.where
    if where is None:
        return
    document, path = where.document.locate(where.path)
    if document.source is not where.document.source:
        return  # another file, which is checked for itself
    if not _tells(document.source):
        return
    comment = document.comment_on(path)
    claims = parse_comment(comment.text, duration.value.value) if comment else ()
    if comment is None or not claims:
        return
    above = comment.line < document.span(path, on_key=True).line
    windows = [d.value.value for d in durations if d.quantity == "window" and _together(d, duration)]
    for claim in claims:
        if above and not claim.kind:
            continue  # a line above may be a heading, or close what stands before it
        window, verdict = _judged(duration, claim, windows)
        if verdict.met is not None:
            yield Case(duration, where, window, comment, claim, verdict)


@lru_cache(maxsize=8)
def _tells(source: Source) -> bool:
    """Whether any comment holds an amount. In most files none does, and the places of values are not looked up."""
    return any(parse_comment(comment.text) for comment in source.comments.values())


def _together(one: Duration, other: Duration) -> bool:
    """Whether two durations stand in the same section and count the same."""
    a, b = one.value.where, other.value.where
    same_section = a is not None and b is not None and a.document is b.document and a.path[:-1] == b.path[:-1]
    return same_section and one.unit == other.unit and one.rate == other.rate


def _judged(
    duration: Duration, claim: CommentClaim, windows: Sequence[Fraction | int]
) -> tuple[Fraction | int | None, Verdict]:
    """The verdict, with the window of the section that was taken.

    A section has several windows where it names an FFT size too: the comment may speak of each.
    """
    own = duration.value.value
    pairs: list[tuple[Fraction | int, Fraction | int | None]] = [(own, None)]
    if duration.quantity == "step" and windows:
        pairs = [(own, window) for window in windows]
    elif duration.quantity == "window":
        pairs += [(window, None) for window in windows]
    verdicts = [(window, _compare(claim, duration, value, window)) for value, window in pairs]
    return next((judged for judged in verdicts if judged[1].met is not False), verdicts[0])


def _compare(
    claim: CommentClaim, duration: Duration, value: Fraction | int, window: Fraction | int | None = None
) -> Verdict:
    return comment_verdict(claim, value, duration.rate, quantity=duration.quantity, unit=duration.unit, window=window)


# -- what is said about it ----------------------------------------------------------------------------------------


def _problem(case: Case) -> Problem:
    source = case.where.document.source
    start = source.offset(case.comment.line, case.comment.column) + case.claim.start
    place = Place(source.name, source.span_at(start, start + len(case.claim.wording)), case.where.pointer)
    computed, declared = case.verdict.computed_text, case.verdict.declared_text
    overlap = "an overlap of " if case.claim.kind == "overlap" else ""
    fix = _correction(case, start)
    return Problem(
        place,
        f"{_named(case)} gives {overlap}{computed}{_at(case)}, but its comment says {declared}",
        label=f"says {declared}",
        declared=declared,
        computed=computed,
        derivation=_derivation(case),
        related=[(case.where, f"gives {overlap}{computed}")],
        help=(fix.title, *_other_value(case)),
        fixes=(fix,),
    )


def _named(case: Case) -> str:
    value = case.duration.value
    if value.origin == "file":
        return f"`{value.key}: {format_number(value.value, 6)}`"
    return f"`{value.key}` ({format_number(value.value, 6)} {case.duration.unit})"


def _at(case: Case) -> str:
    timed = case.claim.unit in ("s", "Hz") and case.duration.unit in ("samples", "frames")
    return f" at {format_rate(_rate(case))}" if timed else ""


def _rate(case: Case) -> Fraction:
    """The rate in force, else the one that the comment names; a verdict on a time or a rate needs one of them."""
    return Fraction(case.duration.rate or case.claim.at or 1)


def _derivation(case: Case) -> str:
    unit, overlap = case.claim.unit, case.claim.kind == "overlap" and case.window is not None
    if not overlap and (unit == "samples" or (unit == "s" and case.duration.unit in ("ms", "s"))):
        return ""
    amount, window = format_number(case.duration.value.value, 6), format_number(case.window or 0, 6)
    amount, rate = f"({window} − {amount})" if overlap else amount, format_number(_rate(case), 6)
    terms = {"s": f"1000 × {amount} / {rate}", "Hz": f"{rate} / {amount}", "ratio": f"{amount} / {window}"}
    return f"{terms.get(unit, amount)} = {case.verdict.computed_text}"


def _correction(case: Case, start: int) -> Fix:
    """The right number in place of the one in the comment."""
    claim = case.claim
    number, digits = claim.number_for(case.verdict.computed or Fraction(0)), len(claim.number)
    title = f"write `{number}{claim.wording[digits:]}` in the comment"
    return Fix(title, (Edit(start, start + digits, number),), safe=True)


def _other_value(case: Case) -> Iterator[str]:
    """The value nearest to what the comment says, and what it would give."""
    wanted = _wanted(case)
    if case.duration.unit in ("samples", "frames"):
        wanted = Fraction(floor(wanted + Fraction(1, 2)))
    if wanted > 0:
        gives = _compare(case.claim, case.duration, wanted, case.window).computed_text
        yield f"if the comment is right, the value should be {format_number(wanted, 6)} ({gives})"


def _wanted(case: Case) -> Fraction:
    value, unit, rate = case.claim.value, case.claim.unit, _rate(case)
    if unit == "Hz":
        return rate / value
    if case.claim.kind == "overlap" and case.window is not None:
        return case.window - value * {"s": rate, "ratio": case.window}.get(unit, Fraction(1))
    return value * rate if unit == "s" else value
