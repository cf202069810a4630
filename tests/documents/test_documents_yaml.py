"""YAML is read as PyYAML reads it, with a place for everything and nothing made of a tag."""

from __future__ import annotations

import codecs
from typing import Any

import pytest
import yaml
from document_helpers import cursor_of, document_of, problems_of, text_at, texts
from hypothesis import given, settings, strategies as st

from rflint.documents import read

LEAVES = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False) | st.text(max_size=8)
DATA = st.recursive(
    LEAVES, lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=5), below, max_size=4)
)


# -- data -----------------------------------------------------------------------------------------------------------


@given(DATA, st.booleans(), st.sampled_from([None, "'", '"']), st.booleans())
@settings(max_examples=150, deadline=None)
def test_what_pyyaml_writes_is_read_back(data: Any, flow: bool, style: str | None, shared: bool) -> None:
    text = yaml.safe_dump(
        [data, data] if shared else data, default_flow_style=flow, default_style=style, allow_unicode=True
    )

    assert document_of(text).data == yaml.safe_load(text)


SHARED = [
    "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\n",
    "a: &a {x: 1, y: 2}\nb: {y: 3, <<: *a}\n",
    "a: &a {x: &x {p: 1}}\nb: {<<: *a, z: *x}\n",
    "a: &a {x: 1}\nb: &b {y: 2}\nc: {<<: [*a, *b], z: 3}\n",
    "a: &a [1, 2]\nb: [*a, *a, {c: *a}]\n",
    "a: &a 5\n*a : 6\n",
    "b: {'<<': 1}\n",
    "? a\n: 1\n? b\n",
    "a: |\n  x\n   y\nb: >-\n  p\n  q\n",
]


@pytest.mark.parametrize("text", SHARED)
def test_anchors_and_merge_keys_are_as_pyyaml_has_them(text: str) -> None:
    assert read(text, "a.yaml").documents[0].data == yaml.safe_load(text)


@pytest.mark.parametrize(
    ("merge", "value"),
    [("<<: *a", 1), ("<<: [*a, *b]", 1), ("<<: [*b, *a]", 2), ("<<: *a, <<: *b", 2), ("<<: *c", 3), ("<<: [*c, *a], y: 1", 3),
     ("<<: [*b, *a], x: 9", 9), ("x: 9, <<: *a", 9), ("<<: {<<: *a, x: 4}", 4), ("<<: {x: 4, <<: *a}", 4)],
)  # fmt: skip
def test_which_of_several_merged_values_holds(merge: str, value: int) -> None:
    """The first of a list, the last of several `<<`, own keys always: so up to PyYAML 6.0.3; 6.0.4 errs (its issue 953)."""
    text = f"a: &a {{x: 1}}\nb: &b {{x: 2}}\nc: &c {{<<: *a, x: 3}}\nd: {{{merge}}}\n"
    document = read(text, "a.yaml").documents[0]

    assert document.data["d"]["x"] == value
    assert text_at(document, document.span(("d", "x"))) == str(value)


def test_what_an_alias_stands_for_is_shared() -> None:
    data = document_of("a: &a [1]\nb: *a\nc: {<<: {d: *a}}\n").data

    assert data["a"] is data["b"] is data["c"]["d"]


def test_several_documents() -> None:
    documents, problems = read("--- {a: &x 1}\n---\n- b\n...\n# end\n---\n", "a.yaml")

    assert ([document.data for document in documents], problems) == ([{"a": 1}, ["b"], None], [])
    assert documents[1].span((0,)) == (3, 3, 3, 4)


def test_an_anchor_ends_with_its_document() -> None:
    assert problems_of("a: &x 1\n---\nb: *x\n") == [("undefined-alias", 3, 4)]


@pytest.mark.parametrize("text", ["", "\n", "# only this\n", "\ufeff", "---\n...\n"])
def test_an_empty_file_is_read(text: str) -> None:
    documents, problems = read(text, "a.yaml")

    assert ([document.data for document in documents if document.data is not None], problems) == ([], [])


# -- duplicate keys -------------------------------------------------------------------------------------------------


def test_a_duplicate_key_is_a_problem_at_the_second_that_names_the_first() -> None:
    (document,), (problem,) = read("a: 1\nb: {x: 1, y: 2, x: 3}\n", "a.yaml")

    assert document.data == {"a": 1, "b": {"x": 3, "y": 2}}
    assert (problem.kind, problem.span, problem.related) == ("duplicate-key", (2, 17, 2, 18), (2, 5, 2, 6))
    assert problem.message == "`x` is given twice; the first is on line 2"


@pytest.mark.parametrize(
    ("text", "count"),
    [("a: 1\nA: 2\n", 0), ("1: a\n'1': b\n", 0), ("<<: {a: 1}\na: 2\n", 0), ("'<<': 1\nb: {<<: {a: 1}}\n", 0),
     ("1: a\n0x1: b\n", 1), ("<<: {a: 1}\n<<: {a: 2}\n", 1), ("a: 1\na: 2\na: 3\n", 2), ("? [x]\n: 1\n? [x]\n: 2\n", 1)],
)  # fmt: skip
def test_what_counts_as_a_duplicate(text: str, count: int) -> None:
    assert [kind for kind, _, _ in problems_of(text)] == ["duplicate-key"] * count


def test_a_merge_key_needs_a_mapping() -> None:
    assert problems_of("a: {<<: {b: 1}, c: 2}\nd: {<<: 5}\n") == [("syntax", 2, 5)]


# -- encodings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_unicode_encodings(encoding: str, name: str) -> None:
    document = document_of('{"hop": "\U0001d11e", "b": [1]}'.encode(encoding), name)

    assert document.data == {"hop": "\U0001d11e", "b": [1]}
    assert texts(document, ("hop",), ("b", 0)) == ['"\U0001d11e"', "1"]


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE])
def test_byte_order_marks(mark: bytes) -> None:
    encoding = {2: "utf-16", 4: "utf-32"}[len(mark)] + ("-le" if mark[0] == 0xFF else "-be")

    assert document_of(mark + "a: é".encode(encoding)).data == {"a": "é"}


def test_bytes_that_are_no_text() -> None:
    assert problems_of("a: 1\nname: café\n".encode("latin-1")) == [("encoding", 2, 10)]
    assert problems_of(b"\xff\xfea\0:") == [("encoding", 1, 2)]
    assert problems_of("a: \ud800\n") == [("encoding", 1, 4)]


def test_characters_that_yaml_refuses() -> None:
    assert problems_of(b"a: 1\nb: 25\x006\n") == [("encoding", 2, 6)]
    assert problems_of("a: \x07\n") == [("encoding", 1, 4)]


# -- tags -----------------------------------------------------------------------------------------------------------


def test_tags_are_kept_and_nothing_is_made_of_them() -> None:
    text = "a: !!python/object/apply:os.system ['true']\nb: !new:torch.nn.Conv1d {k: 3}\nc: !foo\n- x\n".replace(
        "c: !foo\n- x", "c: !foo [x]"
    )
    root = cursor_of(text + "d: !!python/tuple [1, 2]\ne: !<tag:x,2000:y> z\nf: 1\ng: *q\n".replace("g: *q\n", ""))

    assert root.document.data == {"a": ["true"], "b": {"k": 3}, "c": ["x"], "d": [1, 2], "e": "z", "f": 1}
    assert [root[key].tag for key in "bcf"] == ["!new:torch.nn.Conv1d", "!foo", None]
    assert root["d"].tag == "tag:yaml.org,2002:python/tuple"
    assert root["b"]["k"].int().value == 3
    assert root["d"].ints().value == [1, 2]


# -- places ---------------------------------------------------------------------------------------------------------


def test_the_places_of_values() -> None:
    document = document_of(
        "a: 1  # one\nlist: [8, 'x y',  {k: v}]\nblock:\n  - 5\n  - key: \"q\"\n    other: z\nlong: |\n  t\nempty:\n"
    )

    assert texts(document, ("a",), ("list",), ("list", 1), ("list", 2), ("list", 2, "k")) == [
        "1", "[8, 'x y',  {k: v}]", "'x y'", "{k: v}", "v",
    ]  # fmt: skip
    assert texts(document, ("block",), ("block", 0), ("block", 1, "key"), ("block", 1)) == ["block", "5", '"q"', "k"]
    assert texts(document, ("long",), ("empty",)) == ["|\n  t\n", ""]


def test_the_places_of_keys() -> None:
    document = document_of("a: {b: [1, 2]}\nc:\n  - d: 5\n  - 6\n")
    on_key = [document.span(path, on_key=True) for path in [("a", "b"), ("a", "b", 1), ("c", 0, "d"), ("c", 1)]]

    assert [text_at(document, span) for span in on_key] == ["b", "b", "d", "6"]


def test_what_is_missing_is_shown_at_the_nearest_key_above() -> None:
    document = document_of("a:\n  b: {c: 1}\nl:\n  - {x: 1}\n  - y: 1\n")
    paths = [("a", "b", "d"), ("a", "e"), ("a", "b", "c", "f"), ("l", 0, "q"), ("l", 7), ("zz",)]

    assert texts(document, *paths) == ["b", "a", "1", "{x: 1}", "l", "a"]


def test_the_places_of_aliases_and_of_what_they_bring() -> None:
    document = document_of("base: &b {hop: 256, win: &w 1024}\nmodel:\n  <<: *b\n  win: *w\n  own: *b\n")

    assert document.span(("model", "hop")) == (1, 16, 1, 19)
    assert texts(document, ("model", "win"), ("model", "own")) == ["*w", "*b"]
    assert document.span(("model", "own", "hop")) == (1, 16, 1, 19)
    assert text_at(document, document.span(("model", "hop"), on_key=True)) == "hop"


def test_of_merged_mappings_the_place_is_where_the_value_comes_from() -> None:
    document = document_of("a: &a {x: 1}\nb: &b {x: 2}\nc: {<<: [*a, *b]}\nd: {<<: *b, x: 3}\n")

    assert [document.span((key, "x")).line for key in "cd"] == [1, 4]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_lines_are_counted_as_the_parser_counts_them(newline: str) -> None:
    document = document_of(newline.join(["a: \U0001d11e", "b: [é, 7]", "c: 5", ""]))

    assert document.data == {"a": "\U0001d11e", "b": ["é", 7], "c": 5}
    assert [document.span(path) for path in [("a",), ("b", 1), ("c",)]] == [(1, 4, 1, 5), (2, 8, 2, 9), (3, 4, 3, 5)]
    assert texts(document, ("a",), ("b", 1), ("c",)) == ["\U0001d11e", "7", "5"]


def test_tabs_count_as_one_column() -> None:
    assert document_of("a:\t5\t# x\nb: [1,\t2]\n").span(("b", 1)) == (2, 8, 2, 9)
    assert problems_of("a:\n\t- b\n")[0][0] == "syntax"


@given(st.lists(st.text("ab\U0001d11e é'\"#:-", max_size=6) | st.integers() | st.booleans(), max_size=8), st.booleans())
@settings(max_examples=100, deadline=None)
def test_every_scalar_is_found_where_it_stands(items: list[Any], flow: bool) -> None:
    document = document_of(
        yaml.safe_dump([{"key": item} for item in items], default_flow_style=flow, allow_unicode=True)
    )

    for index, item in enumerate(items):
        assert yaml.safe_load(text_at(document, document.span((index, "key")))) == item


def test_a_syntax_error_is_placed_and_an_expression_without_quotes_is_named() -> None:
    (problem,) = read("a: 1\nf: [(512,10,5)] + [(512,3,2)] * 4\n", "a.yaml").problems

    assert (problem.kind, problem.span.line) == ("syntax", 2)
    assert problem.message.endswith("; an expression such as [(512,10,5)] * 4 must stand in quotes")
    assert problems_of("a: [1, 2\nb: 3\n")[0][:2] == ("syntax", 2)


def test_a_pointer_escapes_its_keys() -> None:
    assert cursor_of("a/b: {c~d: [1]}\n")["a/b"]["c~d"][0].where.pointer == "/a~1b/c~0d/0"
