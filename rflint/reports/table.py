"""A plain table: a heading, aligned columns, and lines of text between its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rflint.reports.pen import Pen, pad, width

Row = Sequence[str]


def table(heading: Row, rows: Sequence[Row | str], pen: Pen, left: int = 1) -> Iterator[str]:
    """Lines of a table; a string among the rows is a remark to the row above it.

    The first ``left`` columns are aligned to the left, as names are; the others to the right, as numbers are.
    """
    cells = [[pen.write(cell) for cell in row] for row in (heading, *rows) if not isinstance(row, str)]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(_aligned(row, widths, left)).rstrip() for row in cells)
    yield pen.paint(next(lines), "bold")
    for row in rows:
        yield f"  {pen.paint(pen.write(row), 'dim')}" if isinstance(row, str) else next(lines)


def _aligned(row: Row, widths: Sequence[int], left: int) -> Iterator[str]:
    for index, (cell, cells) in enumerate(zip(row, widths, strict=True)):
        yield pad(cell, cells, right=index >= left)
