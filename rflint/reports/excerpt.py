"""A source line as a reader sees it: tabs expanded, controls escaped, a long line cut around what is marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from rflint.reports.pen import Pen, width

LONGEST: Final = 120
"""Characters; a longer line is cut."""
CONTEXT, CONTEXT_OF_MANY = 30, 12
"""Characters kept on each side of a mark in a cut line: around a single mark, and around each of several."""
HEAD, TAIL = 48, 16
"""Characters kept at the two ends of a mark that is itself too long to show."""


class Excerpt(NamedTuple):
    """The shown text and, for each mark, the cells before it and the cells under it."""

    text: str
    marks: Sequence[tuple[int, int]]


def excerpt(line: str, marks: Sequence[tuple[int, int]], pen: Pen) -> Excerpt:
    """Show a line with its marks, given as (start, end) in characters from 0, the end exclusive.

    The time is bounded by what is shown, not by the length of the line: generated JSON has lines of megabytes.
    """
    marks = [(min(start, len(line)), min(max(end, start), len(line))) for start, end in marks]
    shown, cells, columns, last = [], 0, {}, 0
    for begin, end in _kept(len(line), marks):
        if begin > last:
            shown.append(pen.write("…"))
            cells += width(shown[-1])
        for index in range(begin, end):
            columns[index] = cells
            shown.append(pen.character(line[index]))
            cells += width(shown[-1])
        columns[end], last = cells, end
    if last < len(line):
        shown.append(pen.write("…"))
    return Excerpt("".join(shown).rstrip(), [(columns[a], max(columns[b] - columns[a], 1)) for a, b in marks])


def _kept(length: int, marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches of a line that are shown, in order and apart from each other."""
    if length <= LONGEST:
        return [(0, length)]
    wanted = []
    context = CONTEXT if len(marks) <= 1 else CONTEXT_OF_MANY
    for start, end in marks or [(0, 0)]:
        if end - start > HEAD + TAIL + CONTEXT:
            wanted += [(start - context, start + HEAD), (end - TAIL, end + context)]
        else:
            wanted.append((start - context, end + context if marks else LONGEST))
    kept: list[tuple[int, int]] = []
    for begin, end in sorted((max(begin, 0), min(end, length)) for begin, end in wanted):
        if kept and begin <= kept[-1][1] + 1:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((begin, end))
    return kept
