"""Typed reading: a value with its place, a default with its provenance, or the reason why there is none."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from document_helpers import cursor_of
from hypothesis import given, settings, strategies as st

from rflint.documents import Cursor, NotComputable
from rflint.documents.literals import LiteralError, evaluate

TEXT = """\
net:
  kernels: [10, 3, 3]
  text: "[(512, 10, 5)] + [(512, 3, 2)] * 2"
  plain: 5,5
  rate: 16000.0
  ms: 12.5
  flag: true
  name: conv
  nothing: null
  missing: ???
  pairs:
    - [1, 3]
    - [1, 5]
"""


@pytest.fixture
def net() -> Cursor:
    return cursor_of(TEXT)["net"]


def test_values_know_their_place(net: Cursor) -> None:
    value = net["kernels"].ints()

    assert (value.value, value.origin, value.key) == ([10, 3, 3], "file", "kernels")
    assert value.where is not None and value.where.span == (2, 12, 2, 22)
    assert net["kernels"][-1].int().where == net["kernels"][2].where


def test_each_type(net: Cursor) -> None:
    assert net["text"].lists().value == [[512, 10, 5], [512, 3, 2], [512, 3, 2]]
    assert net["plain"].ints().value == [5, 5]
    assert (net["rate"].int().value, net["ms"].number().value) == (16000, Fraction(25, 2))
    assert (net["flag"].bool().value, net["name"].str().value) == (True, "conv")
    assert net["pairs"].lists().value == [[1, 3], [1, 5]]
    assert net["text"].literal().value == net["text"].lists().value


def test_defaults_say_that_they_are(net: Cursor) -> None:
    for cursor in (net["none"], net["nothing"], net["none"]["deeper"], net["kernels"][7]):
        assert cursor.int(7) == (7, None, "framework default")
    assert net["none"].number(0.1).value == Fraction(1, 10)


@pytest.mark.parametrize(
    ("key", "method", "reason"),
    [("none", "int", "`none` is missing"), ("nothing", "int", "`nothing` is null"),
     ("flag", "int", "`flag` is not a whole number"), ("ms", "int", "`ms` is not a whole number"),
     ("name", "number", "`name` is not a number"), ("rate", "bool", "`rate` is not true or false"),
     ("rate", "str", "`rate` is not a text"), ("pairs", "ints", "`pairs` is not a list of whole numbers"),
     ("missing", "int", "`missing` is not known: it is mandatory and to be given elsewhere (`???`)"),
     ("kernels", "lists", "`kernels` is not a list of lists of whole numbers"),
     ("name", "literal", "`name` is not a literal")],
)  # fmt: skip
def test_what_cannot_be_read_says_why(net: Cursor, key: str, method: str, reason: str) -> None:
    with pytest.raises(NotComputable) as caught:
        getattr(net[key], method)()

    assert (caught.value.reason, caught.value.where) == (reason, net[key].where)


def test_what_is_there(net: Cursor) -> None:
    assert [net[key].exists for key in ("kernels", "nothing", "missing", "none")] == [True, True, True, False]
    assert [net[key].given for key in ("kernels", "nothing", "missing", "none")] == [True, False, False, False]
    assert net.has("kernels", "rate") and not net.has("kernels", "none") and not net["kernels"].has("kernels")
    assert net.first("none", "rate", "ms").key == "rate" and not net.first("none", "nope").exists
    assert net.is_mapping() and net["kernels"].is_list()


def test_going_through(net: Cursor) -> None:
    assert [cursor.where.pointer for cursor in net["pairs"]] == ["/net/pairs/0", "/net/pairs/1"]
    assert [cursor.key for cursor in net][:3] == ["kernels", "text", "plain"]
    assert list(net["name"]) == []
    assert net.at("pairs", 1, 0).int().value == 1


@pytest.mark.parametrize("text", ["nan", ".nan", ".inf", "-.inf", "1e400", "true", "x", "[1]"])
def test_no_number(text: str) -> None:
    with pytest.raises(NotComputable):
        cursor_of(f"a: {text}\n", loader="omegaconf")["a"].number()


# -- literals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [("[(512,10,5)] + [(512,3,2)] * 4", [[512, 10, 5]] + [[512, 3, 2]] * 4), ("2 * [1]", [1, 1]),
     ("[1] * 0 + [2]", [2]), ("5,5", [5, 5]), ("(1,)", [1]), ("[]", []), ("()", []), ("-3", -3), ("+3", 3),
     ("1_000", 1000), ("7 // 2 + 7 % 2 - 1 * 2", 2), ("8 / 2", 4), ("1 / 4", 0.25), ("(1 + 2) * 3", 9),
     ("[1.5, 'a', \"b\", True, None]", [1.5, "a", "b", True, None]), (" [1,\n 2] ", [1, 2]), ("'[1, 2]'", [1, 2]),
     ("[[1, 2], (3,)]", [[1, 2], [3]]), ("1e-3", 0.001), ("[1, 2,]", [1, 2]), ("- - 2", 2), ("[3] * 2 ** 2", [3] * 4), ("-2 ** 2", -4)],
)  # fmt: skip
def test_literals(text: str, value: object) -> None:
    assert evaluate(text) == value


@pytest.mark.parametrize(
    "text",
    ["", " ", "x", "[x]", "f(1)", "(1)(2)", "[1][0]", "1)+(2", "__import__('os')", "lambda: 1", "[i for i in [1]]",
     "{1: 2}", "{1}", "1 if 1 else 2", "[(1,1,1)] * 10**9", "2 ** 0.5", "2 ** -1", "2 ** 999", "10 ** 40", "1 << 9", "1j", "0x10", "[1] * 1001",
     "[[1] * 1000] * 100", "[1] * -1.5", "[1] + 1", "[1] - [1]", "'a' * 3", "'a' + 'b'", "True + 1", "-True", "-'a'",
     "-[1]", "1 / 0", "1 % 0", "9" * 5000, "9" * 30 + "*" + "9" * 30, "[" * 70 + "]" * 70, "(" * 9000,
     "1" + "+1" * 200, "-" * 5000 + "1", "[" + "1," * 11_000 + "]", "1 and 2", "not 1", "1 < 2", "1; 2", "1 # x",
     "f'{1}'", "b'1'", "'\\x41'", "1.2.3", "1if 1else 2", "0777", "*[1]", "[*[1]]", "a.b", "a=1", "1 .real", "...",
     "_", "1e999999"[:0] + "1__0", "[" * 100_000],
)  # fmt: skip
def test_what_is_no_literal(text: str) -> None:
    with pytest.raises(LiteralError):
        evaluate(text)


@given(
    st.recursive(
        st.integers(-99, 99) | st.booleans() | st.none() | st.sampled_from(["a", ""]),
        lambda below: st.lists(below, max_size=4),
        max_leaves=12,
    )
)
@settings(max_examples=150, deadline=None)
def test_what_python_writes_is_read_back(value: Any) -> None:
    assert evaluate(repr([value])) == [value]


@given(st.text("[]()+-*/%,.'\" 0123456789eTrueNoF_\\#=:", max_size=25))
@settings(max_examples=500, deadline=None)
def test_whatever_is_evaluated_is_what_python_makes_of_it(text: str) -> None:
    import ast

    try:
        value = evaluate(text)
    except LiteralError:
        return
    try:
        theirs = ast.literal_eval(" ".join(text.split()))
    except (ValueError, SyntaxError):
        return  # a sum of other than literals, which Python's own evaluator refuses
    assert as_lists(theirs) == value or isinstance(theirs, str)


def as_lists(value: Any) -> Any:
    return [as_lists(item) for item in value] if isinstance(value, list | tuple) else value
