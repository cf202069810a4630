"""Comments are found by their line, and beside the key that they speak of."""

from __future__ import annotations

import pytest
from document_helpers import document_of
from hypothesis import given, settings, strategies as st

from rflint.documents import read
from rflint.documents.values import Path


def comments_of(text: str, name: str = "config.yaml") -> list[tuple[int, int, str]]:
    return [tuple(comment) for comment in document_of(text, name).source.comments.values()]


@pytest.mark.parametrize(
    "text",
    ["a: '# none'", 'a: "x # none"', "a: x#none", "a: |\n  # none\n  x # none\n", "a: >-\n\n   # none\n", "- 'it''s # none'",
     'a: "\\" # none"', "a: 'x\n  # none'", "a: http://x/#none", "a: [x#1, '#2']", "k#: 1", "'# k': 1"],
)  # fmt: skip
def test_a_mark_that_begins_no_comment(text: str) -> None:
    assert comments_of(text) == []


@pytest.mark.parametrize(
    ("text", "line", "column", "comment"),
    [("a: 1 # x", 1, 6, "# x"), ("# x\na: 1", 1, 1, "# x"), ("a: it's # x", 1, 9, "# x"),
     ("a: 5 'y # x'", 1, 9, "# x'"), ("a: '# y'  # x", 1, 11, "# x"), ("a: |  # x\n  y\n", 1, 7, "# x"),
     ("a: |\n  y\n# x\nb: 1\n", 3, 1, "# x"), ("a: [1, # x\n 2]", 1, 8, "# x"), ("a: 'y\n  # y'  # x", 2, 9, "# x"),
     ("a:\t5\t# x", 1, 6, "# x"), ("# x # y\na: 1", 1, 1, "# x # y"), ("a: !ref <b> # x\nb: 1", 1, 13, "# x"),
     ("a: \U0001d11e # x", 1, 6, "# x"), ("a: 1\r\n# x\r\n", 2, 1, "# x"), ("--- # x\na: 1", 1, 5, "# x"),
     ("a: &q 5 # x\nb: *q", 1, 9, "# x"), ('"a": "b" # x', 1, 10, "# x")],
)  # fmt: skip
def test_a_comment_is_found(text: str, line: int, column: int, comment: str) -> None:
    assert comments_of(text) == [(line, column, comment)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [('{"a": "// none", "b": "x /* none */"}', []), ('{"a": 1} // x', [(1, 10, "// x")]), ("{'a': '//none'}", []),
     ('{"a": 1, /* x */ "b": 2}', [(1, 10, "/* x */")]), ('// "x\n{"a": 1} // y', [(1, 1, '// "x'), (2, 10, "// y")]),
     ('{"a": "\\" // none"}', [])],
)  # fmt: skip
def test_comments_in_json(text: str, expected: list[tuple[int, int, str]]) -> None:
    assert comments_of(text, "a.json") == expected


PIECES = ["a: ", "- ", "b", " # c\n", "#d", "'e # f'", '"g #"', "\n", "  ", "[", "]", ", ", ": ", "it's", "k: "]


@given(st.lists(st.sampled_from(PIECES), max_size=12))
@settings(max_examples=300, deadline=None)
def test_without_its_comments_a_text_means_the_same(pieces: list[str]) -> None:
    documents, problems = read("".join(pieces), "a.yaml")
    comments = documents[0].source.comments if documents else {}
    lines = "".join(pieces).split("\n")
    without = "\n".join(line[: comments[n].column - 1] if n in comments else line for n, line in enumerate(lines, 1))

    assert problems or [document.data for document in read(without, "a.yaml").documents] == [d.data for d in documents]


# -- beside a key ---------------------------------------------------------------------------------------------------

YAML = """\
# about hop
hop: 256   # 16 ms
win: 1024
# about rates
rates: [8, 8,
  2, 2]   # product
block:   # of a block
  - 8  # first
  - k: 5  # of k
tall: [  # of tall
  1,
  2,
  3,
  4,
]
{flow}
text: |  # of text
  x
last: 'y'   # of last
""".replace("{flow}", "pair: {a: 1, b: 2}  # of pair")


@pytest.mark.parametrize(
    ("path", "comment"),
    [(("hop",), "# 16 ms"), (("win",), None), (("rates",), "# product"), (("block",), "# of a block"), (("block", 0), "# first"),
     (("block", 1, "k"), "# of k"), (("tall",), "# of tall"), (("pair",), "# of pair"), (("pair", "b"), None),
     (("text",), "# of text"), (("last",), "# of last"), (("rates", 0), None), (("tall", 3), None)],
)  # fmt: skip
def test_the_comment_on_a_key(path: Path, comment: str | None) -> None:
    found = document_of(YAML).comment_on(path)

    assert (found.text if found else None) == comment


JSON = """{
  "hop": 256, // 16 ms
  "win": 1024,
  "rates": [8, 2] /* product */,
  "deep": { // of deep
    // above k
    "k": 5
  }
}"""


@pytest.mark.parametrize(
    ("path", "comment"),
    [
        (("hop",), "// 16 ms"),
        (("win",), None),
        (("rates",), "/* product */"),
        (("deep",), "// of deep"),
        (("deep", "k"), "// above k"),
    ],
)
def test_the_comment_on_a_key_in_json(path: Path, comment: str | None) -> None:
    found = document_of(JSON, "a.json").comment_on(path)

    assert (found.text if found else None) == comment
