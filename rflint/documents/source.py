"""Bytes to text: encodings, lines as the YAML parser counts them, and problems met while reading."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from rflint.documents.values import Span

if TYPE_CHECKING:
    from rflint.documents.nodes import Scalar

_RARE = "\r\x85\u2028\u2029"
_BREAK = re.compile(f"\r\n|[\n{_RARE}]")
_PLAIN_BREAK = re.compile("\r\n?|\n")
_UNPRINTABLE = "[^\x09\x0a\x0d\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_MARKS = {b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Comment(NamedTuple):
    """A comment: 1-based line and column of its mark, and its text with the mark."""

    line: int
    column: int
    text: str


class ReadProblem(NamedTuple):
    """Something that stopped or disturbed the reading: an error as a value, with its place."""

    kind: str
    message: str
    span: Span
    related: Span | None = None
    harmless: bool = False
    """Nothing is lost by it: a key that stands twice with one value."""


class Source:
    """The text of a file. ``quoted`` are the quoted and block texts of a YAML text: what stands in them is no comment."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.quoted: list[Scalar] = []

    @property
    def is_json(self) -> bool:
        return self.name.lower().endswith((".json", ".jsonc", ".json5", ".nam"))

    @property
    def is_toml(self) -> bool:
        return self.name.lower().endswith(".toml")

    @property
    def _is_yaml(self) -> bool:
        return not (self.is_json or self.is_toml)

    @cached_property
    def _break(self) -> re.Pattern[str]:
        """What ends a line: for YAML 1.1 (section 4.2) three more characters than for JSON and TOML."""
        return _BREAK if self._is_yaml else _PLAIN_BREAK

    @cached_property
    def lines(self) -> list[str]:
        return self._break.split(self.text) if self._has_rare_breaks else self.text.split("\n")

    @cached_property
    def starts(self) -> list[int]:
        """The offset of each line."""
        if self._has_rare_breaks:
            return [0, *(match.end() for match in self._break.finditer(self.text))]
        return list(accumulate((len(line) + 1 for line in self.lines[:-1]), initial=0))

    @cached_property
    def _has_rare_breaks(self) -> bool:
        return any(mark in self.text for mark in (_RARE if self._is_yaml else "\r"))

    @cached_property
    def comments(self) -> dict[int, Comment]:
        """The comments by their 1-based line; the last one where a line holds several."""
        from rflint.documents.comments import find_comments

        return {comment.line: comment for comment in find_comments(self)}

    def span_at(self, start: int, end: int | None = None) -> Span:
        """The span between two offsets; of one character without an end."""
        return Span(*self.position(start), *self.position(start + 1 if end is None else end))

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column of an offset."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a 1-based place."""
        return self.starts[line - 1] + column - 1


def decode(data: bytes) -> tuple[str, ReadProblem | None]:
    """Text of bytes in UTF-8, UTF-16 or UTF-32 (YAML 1.2 section 5.2); a problem when they are none of these."""
    encoding = _encoding(data)
    try:
        return data.decode(encoding), None
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        line, column = Source("", before).position(len(before))
        name = encoding.upper().replace("-SIG", "")
        message = f"The file is not {name}: byte 0x{data[error.start]:02x} cannot be read"
        return "", ReadProblem("encoding", message, Span(line, column, line, column + 1))


def _encoding(data: bytes) -> str:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return encoding
    order = "be" if data[:1] == b"\0" else "le"
    zeros = data[:4].count(0)
    if zeros == 3:
        return "utf-32-" + order
    return "utf-16-" + order if zeros == 2 and data[:2].count(0) == 1 else "utf-8-sig"


def unprintable(source: Source) -> ReadProblem:
    """The problem of a text that YAML's reader refuses: the first character that may not stand in it."""
    match = re.search(_UNPRINTABLE, source.text)
    offset, code = (match.start(), f"U+{ord(match[0]):04X}") if match else (0, "that YAML does not know")
    return ReadProblem("encoding", f"The character {code} may not stand in a config", source.span_at(offset))
