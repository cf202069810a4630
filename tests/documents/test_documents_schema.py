"""Our validation agrees with jsonschema's, and what is not known satisfies whatever it can."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from jsonschema import Draft202012Validator

from rflint.documents.schema import violations
from rflint.documents.values import Unknown
from rflint.schemas import load_schema

KEYS = st.sampled_from(["a", "b", "c"])
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([0.5, 1.0, 2.0, -1.5])
    | st.sampled_from(["", "a", "ab", "b1"])
)
DATA = st.recursive(
    LEAVES, lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=3), max_leaves=8
)
TYPES = st.sampled_from(["integer", "number", "string", "boolean", "null", "array", "object"])
BOUND = st.integers(-2, 2) | st.sampled_from([0.5, 1.5])
COUNT = st.integers(0, 3)
PLAIN = st.one_of(
    st.builds(lambda kind: {"type": kind}, TYPES | st.lists(TYPES, min_size=1, max_size=2, unique=True)),
    *(
        st.builds(lambda limit, keyword=keyword: {keyword: limit}, BOUND)
        for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    ),
    *(
        st.builds(lambda limit, keyword=keyword: {keyword: limit}, COUNT)
        for keyword in ("minItems", "maxItems", "minLength", "minProperties")
    ),
    st.builds(lambda keys: {"required": keys}, st.lists(KEYS, max_size=2, unique=True)),
    st.builds(lambda values: {"enum": values}, st.lists(DATA, min_size=1, max_size=3)),
    st.builds(lambda value: {"const": value}, DATA),
    st.builds(lambda pattern: {"pattern": pattern}, st.sampled_from(["^a", "b$", "[0-9]", "x"])),
    st.just({"title": "t", "description": "d", "default": 1}),
)


def larger(below: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(below, min_size=1, max_size=3)
    return st.one_of(
        st.builds(lambda a, b: {**a, **b} if isinstance(a, dict) and isinstance(b, dict) else a, below, below),
        st.builds(lambda keys: {"properties": keys}, st.dictionaries(KEYS, below, max_size=2)),
        st.builds(
            lambda keys, rest: {"properties": keys, "additionalProperties": rest},
            st.dictionaries(KEYS, below, max_size=2),
            below,
        ),
        st.builds(lambda items: {"items": items}, below),
        st.builds(lambda first, items: {"prefixItems": first, "items": items}, several, below),
        st.builds(lambda first: {"prefixItems": first}, several),
        *(
            st.builds(lambda parts, keyword=keyword: {keyword: parts}, several)
            for keyword in ("allOf", "anyOf", "oneOf")
        ),
        st.builds(lambda part: {"not": part}, below),
        st.builds(lambda a, b, c: {"if": a, "then": b, "else": c}, below, below, below),
        st.builds(lambda a, b: {"if": a, "then": b}, below, below),
        st.sampled_from([{"$ref": "#/$defs/x"}, {"$ref": "#/$defs/y"}]),
    )


INNER = st.recursive(PLAIN | st.booleans(), larger, max_leaves=6)
SCHEMAS = st.builds(
    lambda schema, x: {
        **(schema if isinstance(schema, dict) else {"not": not schema}),
        "$defs": {"x": x, "y": {"items": {"$ref": "#/$defs/y"}, "maxItems": 2}},
    },
    INNER,
    PLAIN,
)


@given(SCHEMAS, DATA)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_verdict_is_jsonschema_s(schema: dict[str, Any], data: Any) -> None:
    assert (violations(data, schema) == []) == Draft202012Validator(schema).is_valid(data)


@given(
    st.dictionaries(
        KEYS, st.builds(lambda a, b: {**a, **b}, PLAIN, PLAIN) | st.builds(lambda items: {"items": items}, PLAIN)
    ),
    DATA,
)
@settings(max_examples=300, deadline=None)
def test_the_places_and_keywords_are_jsonschema_s(keys: dict[str, Any], data: Any) -> None:
    schema = {"type": "object", "properties": keys}
    theirs = {(tuple(error.absolute_path), error.validator) for error in Draft202012Validator(schema).iter_errors(data)}

    assert {(violation.path, violation.keyword) for violation in violations(data, schema)} == theirs


# -- what is not known ----------------------------------------------------------------------------------------------

WITH_UNKNOWN = st.recursive(
    LEAVES | st.just(Unknown("?")),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=3),
    max_leaves=6,
)
FILLINGS: list[Any] = [None, True, 1, 2.0, -1.5, "", "ab", [], [1], {}, {"a": 1}, {"b": "a", "c": []}]


def filled(data: Any, value: Any) -> Any:
    if isinstance(data, Unknown):
        return value
    if isinstance(data, dict):
        return {key: filled(item, value) for key, item in data.items()}
    return [filled(item, value) for item in data] if isinstance(data, list) else data


@given(SCHEMAS, WITH_UNKNOWN)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_some_value_would_satisfy_is_not_refused(schema: dict[str, Any], data: Any) -> None:
    if any(Draft202012Validator(schema).is_valid(filled(data, value)) for value in FILLINGS):
        assert violations(data, schema) == []


def test_what_is_not_known_excuses_nothing_beside_it() -> None:
    schema = {
        "required": ["a", "b"],
        "properties": {"a": {"type": "integer"}, "c": {"minItems": 2, "items": {"type": "integer"}}},
    }

    assert violations({"a": Unknown("?"), "b": 1, "c": [Unknown("?"), 1]}, schema) == []
    assert [(v.path, v.keyword, v.expected) for v in violations({"a": Unknown("?"), "c": [Unknown("?")]}, schema)] == [
        ((), "required", "b"),
        (("c",), "minItems", 2),
    ]


# -- what is said ---------------------------------------------------------------------------------------------------


def test_of_alternatives_the_one_that_went_furthest_is_explained() -> None:
    pair = {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]}
    schema = {"properties": {"a": {"anyOf": [{"type": "integer"}, pair]}}}

    assert violations({"a": [1, 2]}, schema) == [(("a", 1), "type", "string", 2)]
    assert violations({"a": "x"}, schema) == [(("a",), "anyOf", ["integer", "array"], "x")]
    assert (
        violations({"a": 1}, {"properties": {"a": {"oneOf": [{"minimum": 0}, {"minimum": 1}]}}})[0].expected
        == "one of the alternatives"
    )


def test_conditions_and_references_are_looked_into() -> None:
    schema = {
        "$defs": {"rate": {"type": "integer", "minimum": 1}},
        "if": {"required": ["rate"]},
        "then": {"properties": {"rate": {"$ref": "#/$defs/rate"}}},
        "else": {"required": ["hop"]},
        "additionalProperties": {"type": ["integer", "null"]},
    }

    assert violations({"rate": 0, "x": "y"}, schema) == [
        (("rate",), "minimum", 1, 0),
        (("x",), "type", ["integer", "null"], "y"),
    ]
    assert violations({"x": None}, schema) == [((), "required", "hop", {"x": None})]
    assert violations({"a": 1}, {"properties": {}, "additionalProperties": False}) == [
        ((), "additionalProperties", False, {"a": 1})
    ]


def test_a_keyword_that_is_not_supported_is_an_error() -> None:
    with pytest.raises(ValueError, match="`contains` is not supported"):
        violations([], {"items": {"contains": {}}})


@pytest.mark.parametrize("name", ["settings", "native", "fairseq", "hifigan"])
def test_the_schemas_at_hand_are_valid_and_supported(name: str) -> None:
    schema = load_schema(name)
    Draft202012Validator.check_schema(schema)

    assert (violations({}, schema) == []) == Draft202012Validator(schema).is_valid({})
