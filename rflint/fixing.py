"""Applying proposed fixes to a text: exact edits, never two over one place, and never a fix that breaks something else."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from rflint.findings import Edit, Finding, Fix

Check = Callable[[str], Sequence[Finding]]
"""Gives the findings of a text."""


ROUNDS = 4


class Fixed(NamedTuple):
    """A text after its fixes, and those that were applied as (finding, fix)."""

    text: str
    applied: tuple[tuple[Finding, Fix], ...]


def apply_fixes(text: str, findings: Sequence[Finding], path: str, check: Check, *, unsafe: bool = False) -> Fixed:
    """Apply fixes that may be applied, and keep those after which nothing new is found.

    A fix can make another one possible, or out of date: what is left is looked at again, a few times over.

    Args:
        text: the content of the file.
        findings: what was found in it.
        path: its name; fixes of findings that stand elsewhere are left alone.
        check: finds again in the changed text.
        unsafe: apply fixes that change what the model computes, too.
    """
    applied: list[tuple[Finding, Fix]] = []
    for _ in range(ROUNDS):
        own = [finding for finding in findings if finding.path == path]
        done = _round(text, own, check, unsafe)
        if not done.applied:
            break
        text = done.text
        applied += done.applied
        findings = check(text)
    return Fixed(text, tuple(applied))


def _round(text: str, findings: Sequence[Finding], check: Check, unsafe: bool) -> Fixed:
    """The first fix of every finding together; where that makes something worse, one by one whichever does not."""
    known = _keys(findings)
    chosen = list(_first(findings, unsafe))
    together = _edited(text, chosen) if chosen else None
    if together is not None and _no_worse(check(together), known, [finding for finding, _ in chosen]):
        return Fixed(together, tuple(chosen))
    kept: list[tuple[Finding, Fix]] = []
    for finding in findings:
        for fix in _eligible(finding, unsafe):
            attempt = _edited(text, [*kept, (finding, fix)])
            if attempt is not None and _no_worse(check(attempt), known, [finding]):
                kept.append((finding, fix))
                break
    return Fixed(_edited(text, kept) or text, tuple(kept))


def _eligible(finding: Finding, unsafe: bool) -> list[Fix]:
    return [fix for fix in finding.fixes if fix.edits and (fix.safe or unsafe)]


def _first(findings: Sequence[Finding], unsafe: bool) -> Iterable[tuple[Finding, Fix]]:
    """The first fix of every finding that does not meet one taken before."""
    taken: list[Edit] = []
    for finding in findings:
        for fix in _eligible(finding, unsafe)[:1]:
            new = [edit for edit in fix.edits if edit not in taken]
            if not any(_overlap(edit, other) for edit in new for other in taken):
                taken += new
                yield finding, fix


def _overlap(one: Edit, other: Edit) -> bool:
    return (one.start < other.end and other.start < one.end) or (one.start, one.end) == (other.start, other.end)


def _edited(text: str, chosen: Sequence[tuple[Finding, Fix]]) -> str | None:
    """The text with all edits made; None when two of them meet."""
    edits = sorted({edit for _, fix in chosen for edit in fix.edits}, reverse=True)
    if any(_overlap(one, other) for one, other in pairwise(edits)):
        return None
    for edit in edits:
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _keys(findings: Sequence[Finding]) -> frozenset[tuple[str, str]]:
    return frozenset((finding.code, finding.pointer) for finding in findings)


def _no_worse(after: Sequence[Finding], known: frozenset[tuple[str, str]], mended: Sequence[Finding]) -> bool:
    """True when the mended findings are gone and nothing loud is there that was not before."""
    gone = _keys(mended)
    loud = [finding for finding in after if finding.severity != "info"]
    return not any((f.code, f.pointer) in gone or (f.code, f.pointer) not in known for f in loud)


def diff(before: str, after: str, path: str) -> str:
    """The change as a unified diff."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}"
    )
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


def write_atomically(path: str, data: bytes) -> None:
    """Replace a file's content at once: the old or the new text is there, never a part. Its permissions are kept.

    Raises:
        OSError: the folder cannot be written.
    """
    target = os.path.realpath(path)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".rflint-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, os.stat(target).st_mode & 0o7777)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise
