"""JSON is read as the standard library reads it, and with the liberties that configs take."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from document_helpers import document_of, problems_of, texts
from hypothesis import given, settings, strategies as st

from rflint.documents import read
from rflint.documents.build import Builder
from rflint.documents.json_reader import parse
from rflint.documents.source import Source

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6)
DATA = st.recursive(
    LEAVES, lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=4), below, max_size=4)
)


@given(DATA, st.sampled_from([None, 2]), st.booleans())
@settings(max_examples=200, deadline=None)
def test_what_the_standard_library_writes_is_read_back(data: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    root, problem = parse(Source("a.json", text))

    assert document_of(text, "a.json").data == data
    assert problem is None and root is not None
    assert Builder("json").build(root) == data


@given(st.text('[]{},:"1a/*. \\\n', max_size=12))
@settings(max_examples=400, deadline=None)
def test_whatever_the_standard_library_reads_our_parser_reads(text: str) -> None:
    root, problem = parse(Source("a.json", text))
    try:
        data = json.loads(text)
    except ValueError:
        return
    assert problem is None and root is not None
    assert Builder("json").build(root) == data


def test_comments_trailing_commas_and_bare_keys() -> None:
    text = """// head
    {
      hop: 256, /* samples */ 'win': +1024, "rates": [8, 8, .5, 0x10, 5., 1e3,], // ends
      "url": "http://x", name: 'it\\'s "so"', inf: -Infinity, yes: true, no: null,
    }
    """
    document = document_of(text, "a.json")

    assert document.data == {
        "hop": 256, "win": 1024, "rates": [8, 8, 0.5, 16, 5.0, 1000.0],
        "url": "http://x", "name": "it's \"so\"", "inf": -math.inf, "yes": True, "no": None,
    }  # fmt: skip
    assert texts(document, ("rates", 3), ("win",), ("no",)) == ["0x10", "+1024", "null"]


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ('{"a": 1\n "b": 2}', 2, 2, "a comma or a closing bracket is expected here"),
        ('{"a" 1}', 1, 6, "a colon is expected here"),
        ("[1, True]", 1, 5, "`True` is no value"),
        ("[1, 2", 1, 6, "a comma or a closing bracket is expected here"),
        ('{"a": }', 1, 7, "a value is expected here"),
        ("[1,, 2]", 1, 4, "a value is expected here"),
        ("{[1]: 2}", 1, 2, "a key or `}` is expected here"),
        ("[1]]", 1, 4, "the end is expected here"),
        ('[1, "x\n"]', 1, 5, "what begins here does not end"),
        ("[1}", 1, 3, "a comma or a closing bracket is expected here"),
        ("[010]", 1, 2, "`010` is no value"),
        ("{}\n{}", 2, 1, "the end is expected here"),
        ("// nothing", 1, 11, "a value is expected here"),
    ],
)
def test_a_syntax_error_is_placed_and_says_what_is_expected(text: str, line: int, column: int, message: str) -> None:
    documents, (problem,) = read(text, "a.json")

    assert documents == []
    assert (problem.kind, problem.span.line, problem.span.column) == ("syntax", line, column)
    assert problem.message == f"JSON syntax: {message}"


def test_duplicate_keys() -> None:
    (document,), (problem,) = read('{"a": {"x": 1, "y": 2,\n "x": 3}}', "a.json")

    assert document.data == {"a": {"x": 3, "y": 2}}
    assert (problem.kind, problem.span, problem.related) == ("duplicate-key", (2, 2, 2, 5), (1, 8, 1, 11))


def test_an_empty_file_is_a_problem() -> None:
    assert problems_of("", "a.json") == problems_of(" \n", "a.json") == [("empty", 1, 1)]


def test_a_pointer_of_git_lfs_is_passed_over() -> None:
    assert read("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n", "a.json") == ([], [])


def test_places_are_found_when_asked_for() -> None:
    document = document_of('{"a": [1,\t{"é": "\U0001d11e"}],\r\n "b": -1.5e3}', "a.json")

    assert texts(document, ("a", 1, "é"), ("b",), ("a", 0), ("a", 1)) == [
        '"\U0001d11e"',
        "-1.5e3",
        "1",
        '{"é": "\U0001d11e"}',
    ]
    assert document.span(("b",)) == (2, 7, 2, 13)
    assert texts(document, ("c",), ("a", 1, "z"), ("a", 5)) == [
        '{"a": [1,\t{"é": "\U0001d11e"}],\r\n "b": -1.5e3}',
        '"a"',
        '"a"',
    ]


def test_halves_of_surrogate_pairs_are_replaced() -> None:
    assert document_of('{"a": "\\ud800x", "b": "\\ud834\\udd1e", "\\uD800": 1}', "a.json").data == {
        "a": "\ufffdx",
        "b": "\U0001d11e",
        "\ufffd": 1,
    }


def test_a_long_number_is_a_problem() -> None:
    assert problems_of('{"a": ' + "9" * 1001 + "}", "a.json") == [("number", 1, 7)]
    assert document_of('{"a": ' + "9" * 1000 + ', "b": "' + "9" * 5000 + '"}', "a.json").data["a"] == 10**1000 - 1


def test_other_scalar_rules_do_not_touch_json() -> None:
    document = document_of('{"a": "1e-4"}', "a.json", loader="omegaconf")

    assert document.data == {"a": "1e-4"}
    assert document.parsed_again("ruamel") is document
