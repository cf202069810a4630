"""A code frame: the lines that a finding speaks of, with a gutter, carets and labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from rflint.reports.excerpt import excerpt
from rflint.reports.pen import Pen, Style

if TYPE_CHECKING:
    from rflint.documents.values import Span

FOLD: Final = 2
"""Up to so many lines between two marked ones are shown; more are folded."""


class Mark(NamedTuple):
    """What is underlined in one line: characters ``start`` to ``end`` from 0, the end exclusive."""

    line: int
    start: int
    end: int
    label: str
    style: Style
    sign: str


class Gutter(NamedTuple):
    """The left margin, as wide as the largest line number in a block."""

    digits: int
    pen: Pen

    def line(self, number: int | str = "", text: str = "") -> str:
        """A line of the frame: its number, a bar, its text."""
        margin = self.pen.paint(f"{number:>{self.digits}} |", "gutter")
        return f"{margin} {text}" if text else margin

    def place(self, arrow: str, path: str, span: Span, label: str = "") -> str:
        """The line that says where a frame stands: ``--> path:line:column``."""
        after = f": {label}" if label else ""
        where = self.pen.write(f"{path}:{span.line}:{span.column}{after}")
        return f"{' ' * self.digits}{self.pen.paint(arrow, 'gutter')} {where}"

    def remark(self, kind: str, text: str) -> Iterator[str]:
        """A remark below a frame: ``= help: ...``; further lines of the text stand below its first."""
        first, *rest = text.split("\n")
        head = f"{self.pen.paint('=', 'gutter')} {self.pen.paint(kind, 'bold')}"
        yield f"{' ' * self.digits} {head}: {self.pen.write(first)}"
        for line in rest:
            yield f"{' ' * (self.digits + len(kind) + 5)}{self.pen.write(line)}".rstrip()

    def fold(self) -> str:
        mark = " " * (self.digits + 1) + "⋮" if self.pen.unicode else "..."
        return self.pen.paint(mark, "gutter")


def marks_of(lines: Sequence[str], span: Span, label: str, style: Style, sign: str) -> list[Mark]:
    """The marks of a span: one, or for a span of several lines its first and its last line; none outside the text."""
    if not 0 < span.line <= len(lines):
        return []
    end_line, end = _end(lines, span)
    if end_line <= span.line:
        return [Mark(span.line, span.column - 1, end, label, style, sign)]
    indent = len(lines[end_line - 1]) - len(lines[end_line - 1].lstrip())
    return [
        Mark(span.line, span.column - 1, len(lines[span.line - 1].rstrip()), "", style, sign),
        Mark(end_line, indent, end, label, style, sign),
    ]


def _end(lines: Sequence[str], span: Span) -> tuple[int, int]:
    """Where a span ends as a reader sees it: a block in YAML ends with its last text, not where the next key begins."""
    line, end = span.end_line, span.end_column - 1
    if line > len(lines):
        line, end = len(lines), len(lines[-1])
    while line > span.line and not lines[line - 1][:end].strip():
        line -= 1
        end = len(lines[line - 1].rstrip())
    return line, end


def frame(lines: Sequence[str], marks: Iterable[Mark], gutter: Gutter) -> Iterator[str]:
    """The marked lines in order, each followed by its marks, one below the other."""
    by_line: dict[int, list[Mark]] = {}
    for mark in marks:
        by_line.setdefault(mark.line, []).append(mark)
    yield gutter.line()
    last = 0
    for number in sorted(by_line):
        if last and number - last - 1 > FOLD:
            yield gutter.fold()
        elif last:
            for between in range(last + 1, number):
                yield gutter.line(between, excerpt(lines[between - 1], [], gutter.pen).text)
        yield from _marked(number, lines[number - 1], by_line[number], gutter)
        last = number


def _marked(number: int, text: str, marks: Sequence[Mark], gutter: Gutter) -> Iterator[str]:
    marks = sorted(marks, key=lambda mark: (mark.sign != "^", mark.start))
    shown = excerpt(text, [(mark.start, mark.end) for mark in marks], gutter.pen)
    yield gutter.line(number, shown.text)
    for mark, (before, under) in zip(marks, shown.marks, strict=True):
        label = f"{mark.sign * under} {gutter.pen.write(mark.label)}".rstrip()
        yield gutter.line("", " " * before + gutter.pen.paint(label, mark.style))
