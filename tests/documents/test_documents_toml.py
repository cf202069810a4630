"""TOML: data as the standard library has it, and every key, value and comment with its place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, strategies as st

from rflint.documents import Document, read

TEXT = """\
# head
title = "x # y"  # of the title
[model]
"quoted key" = 1
a.b = 5 # deep
strides = [ 5, 4,
   2, # inside
]
when = 1979-05-27 07:32:00
[[layers]]
winlen = 5
[[layers]]
winlen = 19  # the second
inline = {x = 1, y = [1, 2], z = {w = "}"}}
[[layers.below]]
q = \'\'\'two # no
lines\'\'\' # yes
"""


def document_of(text: str) -> Document:
    (document,) = read(text, "config.toml").documents
    return document


def text_at(document: Document, *path: str | int) -> str:
    source, span = document.source, document.span(path)
    return source.text[source.offset(span.line, span.column) : source.offset(span.end_line, span.end_column)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("title",), '"x # y"'),
        (("model", "quoted key"), "1"),
        (("model", "a", "b"), "5"),
        (("model", "strides", 2), "2"),
        (("layers", 0, "winlen"), "5"),
        (("layers", 1, "winlen"), "19"),
        (("layers", 1, "inline", "y", 1), "2"),
        (("layers", 1, "inline", "z", "w"), '"}"'),
        (("layers", 1, "below", 0, "q"), "\'\'\'two # no\nlines\'\'\'"),
    ],
)
def test_places(path: tuple[str | int, ...], text: str) -> None:
    assert text_at(document_of(TEXT), *path) == text


def test_comments() -> None:
    document = document_of(TEXT)

    found = {line: comment.text for line, comment in document.source.comments.items()}
    assert found == {1: "# head", 2: "# of the title", 5: "# deep", 7: "# inside", 13: "# the second", 17: "# yes"}
    comment = document.comment_on(("layers", 1, "winlen"))
    assert comment is not None
    assert comment.text == "# the second"


def test_dates_are_texts() -> None:
    assert document_of(TEXT).data["model"]["when"] == "1979-05-27 07:32:00"


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("a = \n", "syntax", (1, 5)),
        ("a = [1, 2", "syntax", (1, 10)),
        ("x = 1\nx = 2\n", "syntax", (2, 6)),
        ("a = " + "[" * 400_000, "too-deep", (1, 105)),
        ("a = " + "[" * 120 + "]" * 120, "too-deep", (1, 105)),
        ("[t]\n" + "a.'b'.\"c\" . " * 40_000 + "a = 1", "too-deep", (2, 1)),
        ("[" + "a." * 60 + "a]\nb = " + "[" * 60 + "]" * 60, "too-deep", (1, 1)),
        ("a = 0." + "9" * 5000, "number", (1, 7)),
        ("a = 0x" + "f" * 5000, "number", (1, 5)),
        ("a." * 100_000 + "a = 1", "too-deep", (1, 1)),
        ("a = " + "9" * 5000, "number", (1, 5)),
        ("a = 1\n" * 200_000, "too-large", (1, 1)),
        ("\0", "syntax", (1, 1)),
    ],
)
def test_what_cannot_be_read_is_a_problem_with_a_place(text: str, kind: str, place: tuple[int, int]) -> None:
    documents, problems = read(text, "config.toml")

    assert documents == []
    assert [(problem.kind, tuple(problem.span[:2])) for problem in problems] == [(kind, place)]


SAFE = ("1" * 5000, "0." + "9" * 5000, ".".join(["w"] * 150), "[" * 150, "word" * 40_000)


@pytest.mark.parametrize("words", SAFE, ids=["digits", "fraction", "dots", "brackets", "a long word"])
def test_texts_and_comments_may_say_what_they_like(words: str) -> None:
    text = f"# {words}\na = \"{words}\" # {words}\nb = '''\n{words}'''\nc = \"\"\"\n\\\"{words}\"\"\"\n"

    assert document_of(text).data["a"] == words


@pytest.mark.parametrize(
    "text",
    [
        "a = \"" + "w" * 400_000,
        "w" * 400_000,
        "a = \"\"\"\n" + "\\\"\"\"\n" * 100_000,
        "a = \"" + "\\\"" * 200_000,
        "a = '''" + "''\n" * 100_000,
        ("w" * 3000 + ".") * 90,
    ],
)
def test_hostile_texts_take_time_in_proportion(text: str) -> None:
    """With the square of the length each would take minutes."""
    assert [problem.kind for problem in read(text, "config.toml").problems] == ["syntax"]


def test_keys_with_escapes_are_placed() -> None:
    document = document_of('[table]\n"sample\\u005Frate" = 8000\n\'a\\b\' = 1\n')

    assert document.data == {"table": {"sample_rate": 8000, "a\\b": 1}}
    assert (text_at(document, "table", "sample_rate"), text_at(document, "table", "a\\b")) == ("8000", "1")


@pytest.mark.parametrize("name", ["config.toml", "config.json"])
def test_lines_end_at_line_feeds_alone(name: str) -> None:
    """JSON and TOML know no other break than the two of every editor."""
    lines = ("# a\x85b\u2028c\r\n", "a = [\n") if name.endswith("toml") else ("// a\x85b\u2028c\r\n", '{"a":\n[')
    (document,) = read("".join(lines) + "1, 2]" + ("\n}" if name.endswith("json") else ""), name).documents

    assert document.span(("a", 1)).line == 3


def test_bytes_that_are_no_utf_8() -> None:
    assert read(b'a = "\xe9"', "config.toml").problems[0].kind == "encoding"


# -- any document -----------------------------------------------------------------------------------------------------
KEYS = st.from_regex(r"[A-Za-z0-9_-]{1,4}", fullmatch=True)
SCALARS = st.one_of(st.integers(-(10**6), 10**6), st.booleans(), st.text("ab# []{}=,.'", max_size=6))
INLINE = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)), max_leaves=6
)
TABLES = st.recursive(
    st.dictionaries(KEYS, INLINE, max_size=3),
    lambda inner: st.dictionaries(KEYS, st.one_of(INLINE, inner, st.lists(inner, min_size=1, max_size=2)), max_size=3),
    max_leaves=5,
)


def written(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[ " + ",\n # between\n ".join(map(written, value)) + " ]"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def lines_of(table: dict[str, Any], path: str = "") -> Iterator[str]:
    """A table: its own values first, then the tables below it."""
    for key, value in table.items():
        if not _is_table(value):
            yield f"{key} = {written(value)} # {key}"
    for key, value in table.items():
        below = f"{path}.{key}" if path else key
        if isinstance(value, dict) and _is_table(value):
            yield f"[{below}]"
            yield from lines_of(value, below)
        elif _is_table(value):
            for inner in value:
                yield f" [[ {below} ]] # again"
                yield from lines_of(inner, below)


def _is_table(value: Any) -> bool:
    """Every second mapping is written as a table, so that both forms occur."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(inner, dict) for inner in value) and len(value) % 2 == 1
    return isinstance(value, dict) and len(value) != 1


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    else:
        yield path, value


@given(TABLES)
def test_every_value_stands_where_its_place_says(table: dict[str, Any]) -> None:
    text = "\n".join(lines_of(table)) + "\n"
    assert tomllib.loads(text) == table  # the test's own writing
    document = document_of(text)

    assert document.data == table
    for path, value in leaves(table):
        assert tomllib.loads(f"x = {text_at(document, *path)}") == {"x": value}
