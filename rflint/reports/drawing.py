"""A picture of a stack: which input positions one output of every layer reads, a line a layer.

A row is drawn on the axis of the last layer's field, about the position that an output stands for (0). Where the
outputs of a frame differ (a decoder), a mark that all of them read differs from one that some read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from rflint.coverage import Coverage, CoverageError, Indices, Mixer
from rflint.model import Stack, Stage
from rflint.reports.layers import runs
from rflint.reports.pen import pad, width

COLUMNS: Final = 42
"""Of the picture proper: with a name before it and two numbers behind it a line has at most 80."""
NAME: Final = 20
MOST: Final = 60
"""Lines; a longer picture shows no more than the table does."""
SHAPES: Final = 64
"""Different fields of the outputs of one frame that are told apart."""


class Marks(NamedTuple):
    """The signs for positions that every output reads, that some read, and that none reads although it lies between."""

    every: str
    some: str
    none: str


UNICODE: Final = Marks("█", "▒", "·")
ASCII: Final = Marks("#", "+", ".")


class Row(NamedTuple):
    """A layer, and the sets that its outputs read, each relative to the position that the output stands for."""

    name: str
    shapes: Sequence[Indices]

    @property
    def first(self) -> int:
        return min(shape.first for shape in self.shapes)

    @property
    def last(self) -> int:
        return max(shape.last for shape in self.shapes)


def drawing(stack: Stack, *, unicode: bool = True) -> list[str]:
    """The picture; nothing for a single layer, for more than fit, or where nothing is read."""
    groups = [(index, stages) for index, stages in runs(stack.stages) if not isinstance(stages[0].layer, Mixer)]
    if not 2 <= len(groups) <= MOST:
        return []
    try:
        rows = [row for index, stages in groups if (row := _row(stack, index, stages)).shapes]
    except CoverageError:
        return []
    return list(_lines(rows, stack.input_unit, UNICODE if unicode else ASCII)) if rows else []


def _row(stack: Stack, index: int, stages: Sequence[Stage]) -> Row:
    coverage = Coverage([stage.layer for stage in stack.stages[: index + 1]])
    reads = ((read, i * coverage.shift // coverage.period) for i, read in enumerate(coverage.fields) if read)
    shapes = dict.fromkeys(read.shift(-own) for read, own in reads)
    return Row(_name(stages), list(shapes)[:SHAPES])


def _lines(rows: Sequence[Row], unit: str, marks: Marks) -> Iterator[str]:
    first, last = min(row.first for row in rows), max(row.last for row in rows)
    cells = _cells(first, last)
    bars = ["".join(_mark(row, cell, marks) for cell in cells) for row in rows]
    name = max(width(row.name) for row in rows)
    yield f"{'':{name}}  {_axis(cells, unit)}"
    for row, bar in zip(rows, bars, strict=True):
        yield f"{pad(row.name, name)}  {bar:{len(cells)}}  {row.first} to {row.last}"
    phases = any(len(row.shapes) > 1 for row in rows)
    yield from (f"{'':{name}}  {line}" for line in _legend("".join(bars), marks, phases))


def _cells(first: int, last: int) -> list[tuple[int, int]]:
    """The axis cut into as many parts as there are columns, or one for each position where those are fewer."""
    size = last - first + 1
    columns = min(size, COLUMNS)
    edges = [first + size * column // columns for column in range(columns + 1)]
    return [(begin, end - 1) for begin, end in pairwise(edges)]


def _mark(row: Row, cell: tuple[int, int], marks: Marks) -> str:
    begin, end = max(cell[0], row.first), min(cell[1], row.last)
    if begin > end:
        return " "
    read = [part.members if (part := shape.clip(begin, end)) else 0 for shape in row.shapes]
    if min(read) == end - begin + 1:
        return marks.every
    return marks.some if any(read) else marks.none


def _axis(cells: Sequence[tuple[int, int]], unit: str) -> str:
    """The first position, 0 where there is room for it, and the last with the unit."""
    first, last = str(cells[0][0]), str(cells[-1][1])
    zero = next((column for column, (begin, end) in enumerate(cells) if begin <= 0 <= end), 0)
    line = first
    if zero > len(first) and zero < len(cells) - len(last) - 1:
        line = f"{line:{zero}}0"
    return f"{line} {last:>{max(len(cells) - len(line) - 1, 0)}} {unit}"


def _legend(drawn: str, marks: Marks, phases: bool) -> Iterator[str]:
    meant = {
        marks.some: "read by some of the outputs of a frame" if phases else "partly read",
        marks.none: "not read",
    }
    if told := [f"{mark} {text}" for mark, text in meant.items() if mark in drawn]:
        yield ", ".join(told)


def _name(stages: Sequence[Stage]) -> str:
    """The name of a stage, or of the first of a run with their number; of a long one the end, which tells them apart."""
    count = f" x{len(stages)}" if len(stages) > 1 else ""
    name, room = stages[0].name, NAME - len(count)
    return (name if width(name) <= room else f"..{name[2 - room :]}") + count
