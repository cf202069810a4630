"""Scalars mean what the framework's own loader reads."""

from __future__ import annotations

import math

import pytest
import yaml
from document_helpers import cursor_of, document_of
from hyperpyyaml import load_hyperpyyaml
from hypothesis import example, given, settings, strategies as st
from omegaconf._utils import get_yaml_loader

from rflint.documents.scalars import resolve

SCALARS = """
1 -1 +1 0 -0 00 010 -010 08 09 0o17 0O17 0x1F 0X1F -0xff 0b101 0b2 1_000 1__0 _1 1_ 0_ 0_7 0b_ 0x_ - + . ..
1:30 1:30:15 -1:30 1:60 1:5 01:30 0:30 1:30.5 12:30:45.25 1:30: 1.5 1. .5 -.5 +.5 +1.5 -1.5 1_000.5 0.1_0 ._5
1e4 1e-4 1E4 1e+4 1.e4 1.0e4 1.0e-4 1.0e+4 .5e1 .5e-1 -.5e+1 1_0e1 1e 1e+ 1.5.2 1,000 1.0E+2 1.0E2
.inf -.inf +.inf .INF .Inf .iNf .nan .NaN .NAN -.nan inf nan infinity
~ null Null NULL nULL none None true True TRUE tRUE false False FALSE yes Yes YES yEs no No NO on On ON off Off OFF y n
2001-01-01 2001-1-1 12e03 0e0 1e400 -1e400 0x 0b 0o 1a a1 1-2 1/2 = <<x 0.0 -0.0 --1 ++1 +-1 1e1_0 ٣ 1٣ Y N
""".split()
NUMERIC = st.text("0123456789_+-.:eExob", min_size=1, max_size=9)


def same(ours: object, theirs: object) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float) and math.isnan(ours):
        return math.isnan(theirs)
    return type(ours) is type(theirs) and ours == theirs


def loaded(text: str, loader_class: type) -> object:
    """What a loader makes of a plain scalar; what it fails on or makes a date of stays a text here."""
    loader = loader_class("")
    node = yaml.ScalarNode(loader.resolve(yaml.ScalarNode, text, (True, False)), text)
    try:
        value = loader.construct_object(node)
    except (ValueError, OverflowError, yaml.constructor.ConstructorError):
        return text
    return value if isinstance(value, str | int | float | bool | None) else text


@pytest.mark.parametrize("text", SCALARS)
@pytest.mark.parametrize(("name", "loader"), [("pyyaml", yaml.SafeLoader), ("omegaconf", get_yaml_loader())])
def test_a_scalar_is_what_the_loader_reads(text: str, name: str, loader: type) -> None:
    assert same(resolve(text, name), loaded(text, loader))


@given(NUMERIC)
@example("0_")
@settings(max_examples=300, deadline=None)
def test_whatever_looks_like_a_number_is_what_the_loader_reads(text: str) -> None:
    for name, loader in (("pyyaml", yaml.SafeLoader), ("omegaconf", get_yaml_loader())):
        assert same(resolve(text, name), loaded(text, loader))


@pytest.mark.parametrize(
    "text", [text for text in SCALARS if text not in ("=", "2001-01-01", "-", "0_", "0b_", "0x_", "1:30:")]
)
def test_a_scalar_is_what_hyperpyyaml_reads(text: str) -> None:
    assert same(document_of(f"a: {text}\n", loader="ruamel").data["a"], load_hyperpyyaml(f"a: {text}\n")["a"])


@pytest.mark.parametrize(
    "text",
    [
        "!!int '5'",
        "!!int 5",
        "!!float 3",
        "!!float '1e3'",
        "!!str 5",
        "!!bool yes",
        "!!bool 'NO'",
        "!!null ''",
        "! 5",
        "'5'",
        '"1.5"',
    ],
)
def test_a_core_tag_decides(text: str) -> None:
    assert same(document_of(f"a: {text}\n").data["a"], yaml.safe_load(f"a: {text}\n")["a"])


def test_the_loaders_differ_where_they_do() -> None:
    texts = ["1e-4", "010", "1:30", "no", "0o17"]

    assert [resolve(text, "pyyaml") for text in texts] == ["1e-4", 8, 90, False, "0o17"]
    assert [resolve(text, "omegaconf") for text in texts] == [0.0001, 8, 90, False, "0o17"]
    assert [resolve(text, "ruamel") for text in texts] == [0.0001, 10, "1:30", "no", 15]


def test_dates_stay_texts() -> None:
    assert document_of("a: 2001-12-14\nb: 2001-12-14t21:59:43.10-05:00\n").data == {
        "a": "2001-12-14",
        "b": "2001-12-14t21:59:43.10-05:00",
    }


def test_other_scalar_rules_on_the_same_text() -> None:
    document = document_of("lr: 1e-4\nrate: 16000\n")
    again = document.parsed_again("omegaconf")

    assert (document.data["lr"], again.data["lr"]) == ("1e-4", 0.0001)
    assert again.span(("lr",)) == document.span(("lr",))
    assert again.parsed_again("omegaconf") is again


def test_exact_numbers() -> None:
    root = cursor_of("a: 0.01\nb: 1.0\n")

    assert str(root["a"].number().value) == "1/100"
    assert root["b"].int().value == 1
