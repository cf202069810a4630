"""JSON: the standard library for its data; a parser with positions for places, comments and JSON5's liberties."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from rflint.documents import limits
from rflint.documents.build import Builder
from rflint.documents.nodes import Collection, Node, span_of
from rflint.documents.scalars import TooManyDigits, resolve
from rflint.documents.source import ReadProblem, Source

_TOKEN = re.compile(
    r"""(?P<space>[\s\ufeff]+|//[^\n\r]*|/\*.*?\*/)|(?P<mark>[][{},:])"""
    r"""|(?P<text>"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')|(?P<word>[^\s\][{},:"'/]+)""",
    re.DOTALL,
)
_EXPECTED = {
    "value": "a value", "key": "a key or `}`", "colon": "a colon", "after": "a comma or a closing bracket", "end": "the end",
}  # fmt: skip


class JsonMark:
    """A place in a text, counted from 0; its line is looked up only when asked for."""

    __slots__ = ("_source", "index")

    def __init__(self, source: Source, index: int) -> None:
        self._source = source
        self.index = index

    @property
    def line(self) -> int:
        return self._source.position(self.index)[0] - 1

    @property
    def column(self) -> int:
        return self._source.position(self.index)[1] - 1


class JsonScalar(NamedTuple):
    """A text (``implicit[0]`` is false) or a word or number as it is written."""

    value: str
    start_mark: JsonMark
    end_mark: JsonMark
    implicit: tuple[bool, bool] = (False, True)
    tag: str | None = None


def load(source: Source) -> tuple[Any, list[ReadProblem]]:
    """The data of a JSON text and what went wrong; comments, trailing commas and bare keys are accepted."""
    doubled: list[bool] = []

    def mapping(items: list[tuple[str, Any]]) -> dict[str, Any]:
        data = dict(items)
        if len(data) != len(items):
            doubled.append(True)
        return data

    text = source.text
    if text.count(",") > limits.JSON_NODES:
        return None, [ReadProblem("too-large", f"More than {limits.JSON_NODES} values", source.span_at(0))]
    try:
        data = json.loads(text, object_pairs_hook=mapping)
    except (ValueError, RecursionError):
        doubled.append(True)
    surrogates = "\\ud" in text or "\\uD" in text
    return _carefully(source) if doubled or surrogates or _too_deep(data) or _has_long_number(text) else (data, [])


def _has_long_number(text: str) -> bool:
    """True when there may be a number past the limit: such a run of digits fills one of these pieces."""
    piece = limits.DIGITS // 2
    return any(text[start : start + piece].isdigit() for start in range(0, len(text), piece))


def _too_deep(data: Any) -> bool:
    level = [data]
    for _ in range(limits.DEPTH + 1):
        level = [
            below
            for here in level
            for below in (here.values() if isinstance(here, dict) else here if isinstance(here, list) else ())
            if isinstance(below, dict | list)
        ]
        if not level:
            return False
    return True


def _carefully(source: Source) -> tuple[Any, list[ReadProblem]]:
    """The data by our own parser: it is slow, accepts more, and knows what is wrong and where."""
    root, problem = parse(source)
    if problem is not None or root is None:
        return None, [problem] if problem else []
    builder = Builder("json")
    return builder.build(root), builder.problems


def parse(source: Source) -> tuple[Node | None, ReadProblem | None]:
    """Nodes with places; iterative and within the limits of depth and digits."""
    parser = _Parser(source)
    try:
        with limits.collector_paused():
            parser.run()
    except _Stop as stop:
        return None, stop.args[0]
    return parser.roots[0], None


class _Stop(Exception):
    pass


class _Parser:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.roots: list[Node] = []
        self.open: list[Collection] = []
        self.expected = "value"

    def run(self) -> None:
        text, position, end = self.source.text, 0, len(self.source.text)
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None:
                raise self._syntax(position, "what begins here does not end")
            if match.lastgroup != "space":
                self._take(match[0], match.lastgroup == "mark", position, match.end())
            position = match.end()
        if self.expected != "end":
            raise self._syntax(end)

    def _take(self, token: str, is_mark: bool, start: int, end: int) -> None:
        if is_mark and token in "[{" and self.expected == "value":
            self._begin(token, start)
        elif is_mark and token in "]}":
            self._end(token, start)
        elif is_mark and (token, self.expected) in ((",", "after"), (":", "colon")):
            self.expected = "key" if token == "," and self.open[-1].is_mapping else "value"
        elif not is_mark and self.expected in ("value", "key"):
            self._scalar(token, start, end)
        else:
            raise self._syntax(start)

    def _begin(self, token: str, start: int) -> None:
        node = Collection(token == "{", None, JsonMark(self.source, start), JsonMark(self.source, start + 1), True)
        self._add(node)
        self.open.append(node)
        self.expected = "key" if node.is_mapping else "value"
        if len(self.open) > limits.DEPTH:
            message = f"Nested deeper than {limits.DEPTH} levels"
            raise _Stop(ReadProblem("too-deep", message, self.source.span_at(start)))

    def _end(self, token: str, start: int) -> None:
        node = self.open.pop() if self.open else None
        closable = ("key", "after") if token == "}" else ("value", "after")
        if node is None or node.is_mapping != (token == "}") or self.expected not in closable:
            raise self._syntax(start)
        node.end_mark = JsonMark(self.source, start + 1)
        self.expected = "after" if self.open else "end"

    def _scalar(self, token: str, start: int, end: int) -> None:
        quoted, is_key = token[0] in "\"'", self.expected == "key"
        marks = JsonMark(self.source, start), JsonMark(self.source, end)
        node = JsonScalar(_unquoted(token) if quoted else token, *marks, (not quoted and not is_key, quoted))
        self._add(node)
        try:
            if node.implicit[0] and isinstance(resolve(token, "json"), str):
                raise self._syntax(start, f"`{token[:40]}` is no value")
        except TooManyDigits:
            message = f"A number of {len(token)} digits is not read"
            raise _Stop(ReadProblem("number", message, span_of(node))) from None
        if is_key:
            self.expected = "colon"

    def _add(self, node: Node) -> None:
        (self.open[-1].items if self.open else self.roots).append(node)
        self.expected = "after" if self.open else "end"

    def _syntax(self, position: int, message: str = "") -> _Stop:
        text = f"JSON syntax: {message or _EXPECTED[self.expected] + ' is expected here'}"
        return _Stop(ReadProblem("syntax", text, self.source.span_at(position)))


def _unquoted(token: str) -> str:
    """The text between quotes, escapes read; halves of surrogate pairs, which no output can carry, are replaced."""
    if "\\" not in token:
        return token[1:-1]
    if token[0] == "'":
        token = '"' + token[1:-1].replace('\\"', '"').replace('"', '\\"').replace("\\'", "'") + '"'
    try:
        text: str = json.loads(token, strict=False)
    except ValueError:
        return token[1:-1]
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
