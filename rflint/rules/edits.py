"""Exact text edits for fixes: only the value changes, and nothing where it cannot be replaced for certain."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from rflint.documents import Where
from rflint.findings import Edit, Fix


def number_text(value: Fraction | int) -> str | None:
    """A number as a config holds it: whole, or with at most six decimals; None when it has no such form."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    scaled = exact * 10**6
    if scaled.denominator != 1:
        return None
    return f"{float(exact):.6f}".rstrip("0")


def replacement(where: Where | None, text: str) -> Edit | None:
    """The edit that writes ``text`` in place of the value at ``where``; None where that would lose something.

    Only plain numbers and lists in brackets on one line are replaced: never a reference, an alias or a tagged value.
    """
    if where is None or where.on_key:
        return None
    document, span = where.document, where.span
    if span.line != span.end_line or document.tag(where.path):
        return None
    start = document.source.offset(span.line, span.column)
    end = document.source.offset(span.end_line, span.end_column)
    old = document.source.text[start:end]
    if not old or old[0] not in "-+.0123456789[" or any(mark in old for mark in "$*&#\"'"):
        return None
    if (old[0] == "[") != (text[:1] == "["):
        return None  # a number never takes the place of a list
    return Edit(start, end, text)


def rewrite(
    title: str, changes: Sequence[tuple[Where | None, Fraction | int | Sequence[int]]], *, safe: bool = False
) -> Fix | None:
    """The fix that gives values at places of one file; None when one of them cannot be written exactly."""
    edits, files = [], {where.name for where, _ in changes if where is not None}
    for where, value in changes:
        text = number_text(value) if isinstance(value, Fraction | int) else "[" + ", ".join(map(str, value)) + "]"
        edit = replacement(where, text) if text is not None else None
        if edit is None:
            return None
        edits.append(edit)
    return Fix(title, tuple(sorted(edits)), safe, files.pop()) if len(files) == 1 else None


def fixes(*proposed: Fix | None) -> tuple[Fix, ...]:
    """Those that can be made."""
    return tuple(fix for fix in proposed if fix is not None)


def written_number(where: Where | None) -> Fraction | None:
    """The plain number that the file holds at a place; None where there is none."""
    edit = replacement(where, "0")
    if where is None or edit is None:
        return None
    try:
        return Fraction(where.document.source.text[edit.start : edit.end].replace("_", ""))
    except ValueError:
        return None
