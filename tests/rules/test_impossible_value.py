"""RF005: what stops a derivation is told once, where it stands; what is merely not known is not."""

from __future__ import annotations

import pytest

from rflint.coverage import Conv
from rflint.documents import Impossible, Where, read
from rflint.engine import check_text
from rflint.model import Stack, Stage

WAV2VEC = "model:\n  _name: wav2vec2\n  conv_feature_layers: {}\n"


def told(layers: str) -> list[tuple[str, int, int, str]]:
    found = check_text(WAV2VEC.format(layers), "config.yaml")
    return [(finding.code, finding.span.line, finding.span.column, finding.message) for finding in found]


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ('"[(512, 10, 5)] * 10000000"', "is not a list of lists of whole numbers: more than 10000 items"),
        ('"[(512, 10, 5)] * 10**9"', "is not a list of lists of whole numbers: more than 10000 items"),
        ('"[(512, 10, 5)"', "is not a list of lists of whole numbers: not a literal expression"),
        ('"as in the paper"', "is not a list of lists of whole numbers"),
    ],
)
def test_what_is_no_list_is_told_with_its_fault(layers: str, message: str) -> None:
    assert told(layers) == [("RF005", 3, 24, f"`conv_feature_layers` {message}")]


def test_a_layer_that_cannot_be_is_the_one_that_is_named() -> None:
    (document,) = read("a: 10\nb: 0\n", "config.yaml").documents
    places = [Where(document, (key,)) for key in "ab"]

    with pytest.raises(Impossible, match="a stride of 0") as caught:
        Stack("encoder", "net", [Stage("a", Conv(3, 10), places[0]), Stage("b", Conv(3, 0), places[1])])
    assert caught.value.where == places[1]


def test_what_the_schema_refuses_is_told_once() -> None:
    assert [code for code, *_ in told("5")] == ["RF002"]


UNKNOWN = ['"${encoder.layers}"', "???", "null", '"[(512, k, 2) for k in (10, 3)]"', '"[(512, 10, 5)] + more"']


@pytest.mark.parametrize("layers", UNKNOWN)
def test_what_is_not_known_is_no_finding(layers: str) -> None:
    assert told(layers) == []
