"""Configs with a value of another kind anywhere: a note or a finding, never a defect of rflint."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from rflint.engine import check_text
from rflint.rules import internal_error

WORDS = ["0", "-3", "[]", "x", "null", "1e9", "{}", "[8, [2]]"]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 1, 3, 10**9, 1 << 70, 10**30, 1.5, float("inf")]),
    st.sampled_from(["1", "", "x", "${a}", "???", "[8, 8]", "<x>"]),
    st.lists(st.integers(-2, 12), max_size=4),
    st.lists(st.lists(st.integers(-1, 9), max_size=3), max_size=3),
    st.sampled_from([{}, {"a": []}]),
)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, below in keys for place in places(below, (*path, key)))]


def replaced(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copied = dict(data) if isinstance(data, dict) else list(data)
    copied[path[0]] = replaced(data[path[0]], path[1:], value)
    return copied


def with_an_odd_value(config: Any, data: st.DataObject) -> str:
    """The config as JSON, one of its values replaced."""
    path = data.draw(st.sampled_from(places(config)))
    return json.dumps(replaced(config, path, data.draw(ODD)))


def with_an_odd_word(text: str, data: st.DataObject) -> str:
    """A text with one of its words replaced."""
    words = text.split(" ")
    words[data.draw(st.integers(0, len(words) - 1))] = data.draw(st.sampled_from(WORDS))
    return " ".join(words)


def defects(text: str, name: str) -> list[str]:
    return [finding.message for finding in check_text(text, name) if finding.code == internal_error.CODE]
