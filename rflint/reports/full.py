"""The default format: a block a finding, with the lines it speaks of and carets under them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rflint.findings import Finding, Related
from rflint.reports.frame import Gutter, Mark, frame, marks_of
from rflint.reports.pen import Pen
from rflint.reports.run import Run
from rflint.reports.summary import summary

_WHOLE_FILE: Final = (1, 1, 1, 1)


def render(findings: Sequence[Finding], run: Run) -> str:
    """All findings as blocks, an empty line after each, and the closing line."""
    pen = Pen(run.color, run.unicode)
    blocks = ["\n".join(_block(finding, run, pen)) + "\n\n" for finding in findings]
    return "".join(blocks) + summary(findings, run) + "\n"


def _block(finding: Finding, run: Run, pen: Pen) -> Iterator[str]:
    here, elsewhere = _marks(finding, run)
    lines = [mark.line for mark in here] + [place.span.end_line for places in elsewhere.values() for place in places]
    gutter = Gutter(len(str(max(lines, default=1))), pen)
    yield _title(finding, pen)
    yield gutter.place("-->", finding.path, finding.span)
    if here:
        yield from frame(run.texts[finding.path], here, gutter)
    framed = bool(here)
    for path, places in elsewhere.items():
        if framed:
            yield gutter.line()
        there = [mark for place in places for mark in _secondary(place, run)]
        yield from _other(path, places, there, run, gutter)
        framed = bool(there)
    remarks = [line for kind, text in _remarks(finding) for line in gutter.remark(kind, text)]
    if framed and remarks:
        yield gutter.line()
    yield from remarks


def _title(finding: Finding, pen: Pen) -> str:
    head = pen.paint(f"{finding.severity}[{finding.code} {finding.name}]", finding.severity)
    return f"{head}: {pen.paint(pen.write(finding.message), 'bold')}"


def _marks(finding: Finding, run: Run) -> tuple[list[Mark], dict[str, list[Related]]]:
    """The marks in the finding's own file, and the related places that need a frame of their own, by file."""
    marks: list[Mark] = []
    lines = run.texts.get(finding.path, ())
    if finding.span != _WHOLE_FILE:
        marks += marks_of(lines, finding.span, finding.label, finding.severity, "^")
    elsewhere: dict[str, list[Related]] = {}
    for place in finding.related:
        found = _secondary(place, run) if place.path == finding.path else []
        marks += found
        if not found:
            elsewhere.setdefault(place.path, []).append(place)
    return marks, elsewhere


def _secondary(place: Related, run: Run) -> list[Mark]:
    return marks_of(run.texts.get(place.path, ()), place.span, place.label, "gutter", "-")


def _other(path: str, places: Sequence[Related], marks: Sequence[Mark], run: Run, gutter: Gutter) -> Iterator[str]:
    """Related places in another file: a frame, or a line each where the text is not at hand."""
    if marks:
        yield gutter.place(":::", path, places[0].span)
        yield from frame(run.texts[path], marks, gutter)
    else:
        yield from (gutter.place(":::", path, place.span, place.label) for place in places)


def _remarks(finding: Finding) -> Iterator[tuple[str, str]]:
    for kind in ("declared", "computed", "derivation"):
        if text := getattr(finding, kind):
            yield kind, text
    yield from (("note", note) for note in finding.notes)
    yield from (("help", text) for text in finding.help)
    yield from (("fix", fix.title) for fix in finding.fixes if fix.title not in finding.help)
