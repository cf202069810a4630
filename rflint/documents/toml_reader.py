"""TOML: the standard library for its data, a scanner for the places of keys, values and comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rflint.documents import limits
from rflint.documents.json_reader import JsonMark, JsonScalar
from rflint.documents.nodes import Collection, Node
from rflint.documents.source import ReadProblem, Source
from rflint.documents.values import Span

_PLACED = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
# https://toml.io/en/v1.0.0#string: the two kinds over several lines, then those on one. The end of a text that never
# ends is its own, so that every character is passed once.
_SEVERAL = r'"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5})?+|\'\'\'(?:[^\']|\'(?!\'\'))*+(?:\'{3,5})?+'
_TEXT = rf'{_SEVERAL}|"(?:[^"\\\n]|\\.)*+"?+|\'[^\'\n]*+\'?+'
_PART = rf"(?:{_TEXT}|[\w-]++)"
_DOT = r"[ \t]*+\.[ \t]*+"
_TOKEN = re.compile(
    rf"#[^\n]*+|(?P<deep>(?:{_PART}{_DOT}){{{limits.DEPTH}}})|(?P<word>{_PART}(?:{_DOT}{_PART})*+)|[][{{}}]", re.DOTALL
)
_LONG_NUMBER = re.compile(rf"(?<![0-9_])[0-9][0-9a-fA-Fxob_]{{{limits.DIGITS}}}")
_KEY = re.compile(rf"[ \t]*({_TEXT}|[\w-]+)[ \t]*", re.DOTALL)
_VALUE = re.compile(rf"{_TEXT}|[^\s,\]}}#]+(?: [0-9:.+-]+)?", re.DOTALL)
_BETWEEN = re.compile(r"[\s,]+|#[^\n]*")


def load(source: Source) -> tuple[Any, list[ReadProblem]]:
    """The data of a TOML text, dates as texts, and what went wrong; never raises."""
    text = source.text
    if len(text) > limits.TOML:
        message = f"TOML of more than {limits.TOML} characters is not read"
        return None, [ReadProblem("too-large", message, source.span_at(0))]
    past = _past_limit(source)
    if past is not None:
        return None, [past]
    import tomllib

    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [_syntax(str(error), source)]
    return (data, []) if _plain(data) else (None, [_too_deep(source, 0)])


def _past_limit(source: Source) -> ReadProblem | None:
    """What the standard library takes the square of the length for, or its own stack: long keys, numbers, nesting."""
    depth = 0
    for match in _TOKEN.finditer(source.text):
        token, start = match[0], match.start()
        if match["deep"] is not None:
            return _too_deep(source, start)
        if token in ("[", "{"):
            depth += 1
            if depth > limits.DEPTH:
                return _too_deep(source, start)
        elif token in ("]", "}"):
            depth = max(depth - 1, 0)
        elif len(token) > limits.DIGITS and not token.startswith(("#", '"', "'")):
            number = _LONG_NUMBER.search(token)
            if number is not None:
                message = f"A number of more than {limits.DIGITS} digits is not read"
                return ReadProblem("number", message, source.span_at(start + number.start()))
    return None


def _too_deep(source: Source, at: int) -> ReadProblem:
    return ReadProblem("too-deep", f"Nested deeper than {limits.DEPTH} levels", source.span_at(at))


def _syntax(told: str, source: Source) -> ReadProblem:
    match = _PLACED.search(told)
    line, column = (int(match[1]), int(match[2])) if match and match[1] else source.position(len(source.text))
    message = told[: match.start()] if match else told
    return ReadProblem("syntax", f"TOML syntax: {message}", Span(line, column, line, column + 1))


def _plain(data: dict[str, Any]) -> bool:
    """Make texts of dates, and tell whether the data is no deeper than the limit."""
    level: list[Any] = [data]
    for _ in range(limits.DEPTH + 1):
        below = []
        for here in level:
            entries: Any = here.items() if isinstance(here, dict) else enumerate(here)
            for key, value in entries:
                if isinstance(value, dict | list):
                    below.append(value)
                elif not isinstance(value, str | int | float):
                    here[key] = str(value)  # a date
        level = below
        if not level:
            return True
    return False


def parse(source: Source) -> tuple[Node, list[tuple[int, str]]]:
    """The nodes of a text that `load` accepts, and its comments by their offset."""
    scanner = _Scanner(source)
    scanner.run()
    return scanner.root, scanner.comments


def _unquoted(key: str) -> str:
    """The text of a quoted key that the standard library has accepted."""
    if "\\" not in key or key[0] == "'":
        return key[1:-1]
    import tomllib

    text: str = tomllib.loads(f"key = {key}")["key"]
    return text


class _Scanner:
    """Goes once through a text whose grammar is known to be right."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.at = 0
        self.comments: list[tuple[int, str]] = []
        self._known: dict[int, dict[str, Node]] = {}
        self.root = self._collection(0, is_mapping=True, flow=False)

    def run(self) -> None:
        table = self.root
        while self._more():
            if self.text[self.at] != "[":
                self._entry(table)
                continue
            several = self.text.startswith("[[", self.at)
            self.at += 2 if several else 1
            *path, last = self._keys()
            table = self._inside(self._below(self.root, path), last, several=several)
            self.at = self.text.index("]", self.at) + (2 if several else 1)

    def _more(self) -> bool:
        """Pass over blanks, breaks, commas and comments; False at the end."""
        while match := _BETWEEN.match(self.text, self.at):
            if match[0][0] == "#":
                self.comments.append((self.at, match[0].rstrip("\r")))
            self.at = match.end()
        return self.at < len(self.text)

    def _keys(self) -> list[JsonScalar]:
        """A key of one or several parts, up to what follows it."""
        keys = []
        while match := _KEY.match(self.text, self.at):
            quoted = match[1][0] in "\"'"
            key = _unquoted(match[1]) if quoted else match[1]
            keys.append(self._scalar(key, match.start(1), match.end(1), quoted=True))
            self.at = match.end()
            if self.text[self.at : self.at + 1] != ".":
                break
            self.at += 1
        return keys

    def _entry(self, table: Collection) -> None:
        """``key = value`` in a table."""
        *path, last = self._keys()
        self.at = self.text.index("=", self.at) + 1
        self._more()
        self._add(self._below(table, path), last, self._value())

    def _value(self) -> Node:
        start, mark = self.at, self.text[self.at]
        if mark not in "[{":
            match = _VALUE.match(self.text, start)
            self.at = match.end() if match else start + 1
            return self._scalar(self.text[start : self.at], start, self.at, quoted=mark in "\"'")
        node = self._collection(start, is_mapping=mark == "{", flow=True)
        self.at += 1
        while self._more() and self.text[self.at] not in "]}":
            if node.is_mapping:
                self._entry(node)
            else:
                node.items.append(self._value())
        self.at += 1
        node.end_mark = JsonMark(self.source, self.at)
        return node

    # -- tables -----------------------------------------------------------------------------------------------------
    def _below(self, table: Collection, keys: list[JsonScalar]) -> Collection:
        for key in keys:
            table = self._inside(table, key, several=False)
        return table

    def _inside(self, table: Collection, key: JsonScalar, *, several: bool) -> Collection:
        """The table of a key, made if it is new; of an array of tables the last one, or with ``several`` another."""
        found = self._known[id(table)].get(key.value)
        if not isinstance(found, Collection):
            found = self._collection(key.start_mark.index, is_mapping=not several, flow=False)
            self._add(table, key, found)
        if found.is_mapping:
            return found
        if several:
            found.items.append(self._collection(key.start_mark.index, is_mapping=True, flow=False))
        last = found.items[-1]
        return last if isinstance(last, Collection) else found

    def _add(self, table: Collection, key: JsonScalar, value: Node) -> None:
        table.items += [key, value]
        self._known[id(table)][key.value] = value

    def _collection(self, start: int, *, is_mapping: bool, flow: bool) -> Collection:
        mark = JsonMark(self.source, start)
        node = Collection(is_mapping, None, mark, JsonMark(self.source, start + 1), flow)
        self._known[id(node)] = {}
        return node

    def _scalar(self, text: str, start: int, end: int, *, quoted: bool) -> JsonScalar:
        return JsonScalar(text, JsonMark(self.source, start), JsonMark(self.source, end), (not quoted, quoted))


def comments(source: Source) -> Iterator[tuple[int, str]]:
    """The comments of a text, by their offset; none where it cannot be read."""
    return iter(parse(source)[1] if not load(source)[1] else ())
