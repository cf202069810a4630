"""HyperPyYAML's references and arithmetic mean what hyperpyyaml makes of them; what runs code is unknown."""

from __future__ import annotations

import math
from typing import Any

import pytest
from document_helpers import cursor_of, document_of, meaning, texts
from hyperpyyaml import load_hyperpyyaml
from hypothesis import given, settings, strategies as st

from rflint.documents import NotComputable
from rflint.documents.values import Unknown

CONFIGS = {
    "values": "a: 5\nb: !ref <a>\nc: !copy <a>\nd: x\ne: !ref <d>\nf: null\ng: !ref <f>\nh: true\ni: !ref <h>\n",
    "collections": "a: {k: [1, 2], l: {m: 3}}\nb: !ref <a[k]>\nc: !ref <a[l][m]>\nd: !ref <a>\ne: !copy <a[l]>\n",
    "texts": "a: 5\nb: x\nc: !ref <b>/<a>\nd: !ref res/<a>/<b>\ne: !ref <b>-<b>\nf: !ref no\ng: !ref 1 + 2\nh: !ref <b><a>\n"
    "i: ''\nj: !ref <i>/x\nk: !ref <i>\n",
    "integers": "a: 7\nb: 2\nc: !ref <a> + <b>\nd: !ref <a> - <b>\ne: !ref <a> * <b>\nf: !ref <a> // <b>\ng: !ref <a> % <b>\n"
    "h: !ref <a> ** <b>\ni: !ref <a> * <b> // 2\nj: !ref (<a> + 1) * (<b> - 5)\nk: !ref <a>*<b>\n",
    "rounded": "a: 1\nb: 0.1\nc: !ref <a> // <b>\nd: !ref <a> % <b>\n",
    "floats": "a: 7\nb: 2\nr: 0.025\ns: 16000\nc: !ref <a> / <b>\nd: !ref <r> * <s>\ne: !ref <a> // 2.0\nf: !ref <a> * 1.5\n"
    "g: !ref <s> * 0.5\nh: !ref <b> ** 0.5\ni: !ref <b> ** -1\nj: !ref 1e3 * <a>\nk: !ref <r> * 1000\n",
    "no sums": "a: -2\nb: !ref -3\nc: !ref <a> * 3\nd: x\ne: !ref <d> * 3\nf: !ref <a> +\ng: !ref (<d>)\n",
    "textual": "a: 1 + 2\nb: !ref <a> * 2\nc: !ref <a>\n",
    "tuples": "a: 3\nb: (1, 2)\nc: !ref (<a>, <a>)\nd: (3,)\ne: (a, 1.5, true)\nf: ()\ng: !tuple (1, 2, 1)\n",
    "merged": "a: &a {k: 1}\nb: {<<: *a, l: !ref '<a[k]>'}\nc: [!ref '<a[k]>', 2]\n",
    "applied": "a: 15\nb: !apply:round\n  - !ref <a> * 4 / 7\nc: !apply:round [2.4]\nd: !ref <b>\ne: !apply:round [-7]\n",
    "chains": "a: 3\nb: !ref <a> * 2\nc: !ref <b> + 1\nd: {e: !ref <c>}\nf: !ref <d[e]> - 1\n",
}


def alike(ours: Any, theirs: Any) -> bool:
    if isinstance(theirs, float):
        return isinstance(ours, float) and math.isclose(ours, theirs, rel_tol=1e-12)
    if isinstance(theirs, list | tuple):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(alike, ours, theirs))
    if isinstance(theirs, dict):
        return (
            isinstance(ours, dict)
            and ours.keys() == theirs.keys()
            and all(alike(ours[key], theirs[key]) for key in theirs)
        )
    return type(ours) is type(theirs) and bool(ours == theirs)


@pytest.mark.parametrize("name", CONFIGS)
def test_every_value_is_what_hyperpyyaml_makes(name: str) -> None:
    theirs, ours = load_hyperpyyaml(CONFIGS[name]), meaning(cursor_of(CONFIGS[name], loader="ruamel"))

    assert isinstance(ours, dict)
    assert {key: (ours[key], theirs[key]) for key in theirs if not alike(ours[key], theirs[key])} == {}


NUMBER = st.integers(0, 99).map(str) | st.sampled_from(["0.5", "1.25", "<a>", "<b>", "<c>"])
SUM = st.recursive(
    NUMBER,
    lambda below: (
        st.builds("{} {} {}".format, below, st.sampled_from(["+", "-", "*", "/", "//", "%"]), below)
        | below.map("({})".format)
    ),
    max_leaves=5,
)


@given(SUM)
@settings(max_examples=200, deadline=None)
def test_random_sums_amount_to_what_hyperpyyaml_makes(text: str) -> None:
    config = f"a: 12\nb: 0.4\nc: 3\nd: !ref {text}\n"
    try:
        theirs = load_hyperpyyaml(config)["d"]
    except ZeroDivisionError:
        assert isinstance(cursor_of(config, loader="ruamel")["d"].value, Unknown)
        return
    ours = cursor_of(config, loader="ruamel")["d"].value
    if isinstance(theirs, float) and ("//" in text or "%" in text):  # sums before them are rounded in theirs alone
        assert isinstance(ours, float | Unknown)
    else:
        assert alike(ours, theirs) or math.isclose(float(ours), theirs, abs_tol=1e-9)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("!PLACEHOLDER", "it is to be given elsewhere (`!PLACEHOLDER`)"),
        ("!apply:random.seed [1]", "`!apply:random.seed` is made when the program runs"),
        ("!ref <r> + 1", "a list or mapping stands in its text"),
        ("!apply:round [2.5]", "it is rounded when the program runs"),
        ("!apply:round [2.51, 1]", "`!apply:round` is made when the program runs"),
        ("!apply:round [true]", "it is rounded when the program runs"),
        ("!apply:round [!apply:random.random []]", "`!apply:random.random` is made when the program runs"),
        ("!applyref:sorted [1]", "`!applyref:sorted` is made when the program runs"),
        ("!module:torch", "`!module:torch` is made when the program runs"),
        ("!name:torch.relu", "`!name:torch.relu` is made when the program runs"),
        ("!new:torch.nn.ReLU", "`!new:torch.nn.ReLU` is made when the program runs"),
        ("!!python/name:os.system", "`tag:yaml.org,2002:python/name:os.system` is made when the program runs"),
        ("!include:other.yaml", "`other.yaml` is not there, cannot be read, or includes itself"),
        ("!ref <z>", "`z` is not in this file"),
        ("!ref <l[0]>", "`0` is not in this file"),
        ("!ref <m.k>", "`<m.k>` is an attribute of what the program makes"),
        ("!ref <m>/x", "a list or mapping stands in its text"),
        ("!ref " + "<b>**64*" * 34 + "1", "it cannot be computed"),
        ("!ref <b>" + "x" * 1000, "its text is too long"),
        ("!ref " + "<long>" * 4, "its text grows too long"),
        ("!ref <b> / 0", "it cannot be computed"),
        ("!ref <b> ** 99", "it cannot be computed"),
        ("!ref <a>", "its reference leads back to itself"),
        ("!ref <p>", "its reference leads back to itself"),
        ("!ref <u> + 1", "it is to be given elsewhere (`!PLACEHOLDER`)"),
    ],
)
def test_why_a_value_is_unknown(text: str, reason: str) -> None:
    config = f"a: {text}\nl: [1]\nm: {{k: 2}}\nb: 3\np: <q>\nq: <p>\nu: !PLACEHOLDER\nlong: {'x' * 300}\nr: !apply:round [2.4]\n"
    value = cursor_of(config, loader="ruamel")["a"].value

    assert isinstance(value, Unknown)
    assert value.reason == reason


def test_what_a_program_makes_stays_readable() -> None:
    root = cursor_of(
        "conv: !new:nn.Conv1d\n  kernel: !ref <k>\n  args: !name:f [1, 2]\nk: 9\nnet: !ref <conv>\nact: !name:relu\n",
        loader="ruamel",
    )

    assert root["conv"].tag == "!new:nn.Conv1d" and root["conv"].has("kernel")
    assert root["net"]["kernel"].int() == (9, root["conv"]["kernel"].where, "file")
    assert root["net"]["args"].ints().value == [1, 2] and root["net"]["args"].tag == "!name:f"
    assert root["act"].tag == "!name:relu" and not root["act"].given
    assert texts(root.document, ("net",), ("conv", "kernel")) == ["!ref <conv>", "!ref <k>"]


def test_a_place_behind_a_reference_is_that_of_the_target() -> None:
    root = cursor_of("a: {k: [3, 5]}\nb: !ref <a[k]>\n", loader="ruamel")

    assert root["b"].ints().where == root["b"].where
    assert root["b"][1].where.pointer == "/a/k/1"


def test_a_place_in_a_tuple_is_the_tuple() -> None:
    root = cursor_of("a: (2, 2, 1)\n", loader="ruamel")

    assert root["a"].ints().value == [2, 2, 1] and root["a"][2].int().value == 1
    assert texts(root.document, ("a", 2)) == ["(2, 2, 1)"]


def test_angles_mean_nothing_without_a_tag_or_in_json() -> None:
    assert cursor_of("a: <b>\nb: 1\n", loader="ruamel")["a"].value == "<b>"
    assert cursor_of("a: <b>\nb: 1\n")["a"].value == "<b>"
    assert cursor_of('{"a": "<b> !ref", "b": 1}', "a.json")["a"].value == "<b> !ref"


def test_angles_of_3d_speaker_need_no_tag() -> None:
    root = cursor_of(
        "dir: exp\nrate: 16000\nn: <rate>\nsave: <dir>/models\nnet: {obj: x, args: {rate: <rate>}}\nuse: <net>\nz: <none>\n",
        loader="speakerlab",
    )

    assert [root["n"].value, root["save"].value, root["use"]["args"]["rate"].value] == [16000, "exp/models", 16000]
    with pytest.raises(NotComputable, match="`none` is not in this file"):
        root["z"].str()


def test_what_is_not_known_is_given_as_unknown_to_a_schema() -> None:
    known: Any = document_of(
        "a: !ref <b>\nb: 5\nc: (1, 2)\nd: !name:f\ne: !ref <b> * 2\nf: !apply:g [1]\ng: <b>\nh: !new:x {k: 1}\n",
        loader="ruamel",
    ).known()

    assert {key: known[key] for key in "abcegh"} == {"a": 5, "b": 5, "c": [1, 2], "e": 10, "g": "<b>", "h": {"k": 1}}
    assert isinstance(known["d"], Unknown) and isinstance(known["f"], Unknown)
