"""Suppressions: ``# rflint: ignore[RF301] reason`` beside or above a key, ``# rflint: file-ignore[RF301]``, settings.

A comment covers the whole value of the key on its line, not the line alone, so that reformatting a list does not wake a
finding. What suppresses nothing, and what names no rule, is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rflint.documents import Document, Place, Span
from rflint.findings import Finding, Problem, build
from rflint.settings import Settings

_PRAGMA = re.compile(r"rflint\s*:\s*(file-)?ignore\s*\[([^\]]*)\]", re.IGNORECASE)


class Suppression(NamedTuple):
    """One rule that a comment suppresses: at the key on ``line``, or in the whole file (line 0)."""

    rule: str
    line: int
    place: Place


def suppress(
    findings: Sequence[Finding], documents: Sequence[Document], name: str, settings: Settings
) -> tuple[list[Finding], int]:
    """The findings that remain, with those about the suppressions themselves, and how many were dropped.

    ``documents`` are the checked one and those read beside it: a comment speaks of the findings in its own file, and one
    for the whole of the checked file of all findings.
    """
    named = {name, *(finding.path for finding in findings)}
    known: dict[str, list[Document]] = {}
    for document in documents:
        if document.name in named:
            known.setdefault(document.name, []).append(document)
    comments = [suppression for same in known.values() for suppression in _suppressions(same[0])]
    accepted = settings.accepted_in(name) if settings.accepted else []
    remaining, used = [], set()
    for finding in findings:
        by_comment = [s for s in comments if _names(s.rule, finding) and _covers(s, finding, known, name)]
        by_settings = [a for a in accepted if _names(a.rule, finding) and _under(finding.pointer, a.key)]
        used.update(by_comment)
        if not by_comment and not by_settings:
            remaining.append(finding)
    dropped = len(findings) - len(remaining)
    return remaining + list(_complaints([s for s in comments if s.place.name == name], used)), dropped


def _suppressions(document: Document) -> Iterator[Suppression]:
    for line, comment in document.source.comments.items() if "rflint" in document.source.text else ():
        match = _PRAGMA.search(comment.text)
        if not match:
            continue
        span = Span(line, comment.column, line, comment.column + len(comment.text))
        target = 0 if match[1] else _line_meant(document, line)
        for rule in match[2].split(","):
            yield Suppression(rule.strip(), target, Place(document.name, span))


def _line_meant(document: Document, line: int) -> int:
    """The line itself when something stands before the comment, else the next line that holds more than a comment."""
    lines = document.source.lines
    while line <= len(lines):
        code = lines[line - 1].strip()
        if code and not code.startswith(("#", "//")):
            return line
        line += 1
    return line


def _names(rule: str, finding: Finding) -> bool:
    return rule in (finding.code, finding.name)


def _covers(suppression: Suppression, finding: Finding, known: Mapping[str, Sequence[Document]], checked: str) -> bool:
    path, line = suppression.place.name, suppression.line
    if line == 0:
        return path in (finding.path, checked)
    if any((place.path, place.span.line) == (path, line) for place in finding.related):
        return True
    if path != finding.path:
        return False
    document = next((d for d in known[path] if finding.span.line in d.lines), known[path][0])
    return line == finding.span.line or line in _key_lines(document, finding.pointer)


def _key_lines(document: Document, pointer: str) -> Iterator[int]:
    """The lines of the keys above a place: a comment at any of them covers what lies below."""
    path: tuple[str | int, ...] = ()
    for part in pointer.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        path = (*path, int(part) if part.isdigit() else part)
        yield document.span(path, on_key=True).line


def _under(pointer: str, key: str) -> bool:
    return pointer == key or pointer.startswith(key.rstrip("/") + "/")


def _complaints(comments: Sequence[Suppression], used: set[Suppression]) -> Iterator[Finding]:
    from rflint.rules import unknown_rule, unused_suppression
    from rflint.rules.registry import known_rule

    for suppression in comments:
        if suppression in used:
            continue
        rule = unused_suppression if known_rule(suppression.rule) else unknown_rule
        yield build(Problem(suppression.place, rule.message(suppression.rule)), rule.CODE, rule.NAME, rule.SEVERITY)
