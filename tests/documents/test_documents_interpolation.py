"""Interpolations are followed as OmegaConf follows them; what it cannot resolve in the file is unknown."""

from __future__ import annotations

from typing import Any

import pytest
from document_helpers import cursor_of, document_of, meaning, texts
from hypothesis import given, settings, strategies as st
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from rflint.documents import NotComputable
from rflint.documents.values import Unknown

CONFIGS = {
    "absolute": "a: {b: 5}\nc: ${a.b}\nd: ${a}\ne: ${d.b}\n",
    "index": "a: [1, [2, 3]]\nb: ${a[0]}\nc: ${a.1}\nd: ${a[1][0]}\ne: ${a[1].1}\nf: ${a.-1}\n",
    "brackets": "a: {k: {l: 5}}\nb: ${a[k]}\nc: ${a[k].l}\nd: ${a.k[l]}\ne: '${[a].k.l}'\n",
    "relative": "a:\n  x: 1\n  y: ${.x}\n  z: {w: '${..x}', v: '${.u}', u: 3, t: '${..z.u}'}\nl: [4, '${.0}', {q: '${..0}'}]\n"
    "r: ${.l}\n",
    "nested": "a: {b: 5, c: {b: 6}}\nk: b\ni: 0\nc: ${a.${k}}\nd: ${${n}.b}\nn: a\n"
    "l: [7]\ne: '${l[${i}]}'\nj: '0'\nh: '${l[${j}]}'\nf: 'x${a.${k}}y'\ng: ${a.c.${k}}\n",
    "text": "t: true\nn: null\nf: 1e-4\ng: 2.50\ni: 1_000\ns: 'x ${t} ${n} ${f} ${g} ${i}'\n"
    "u: '${i}${i}'\nv: '${i}px'\nw: '${s}!'\n",
    "escapes": "a: 1\nb: '\\${a}'\nc: '\\\\${a}'\nd: 'x\\y${a}'\ne: '\\\\\\${a}'\nf: '${a}\\'\n"
    "g: 'C:\\\\d\\\\${a}'\nh: '\\\\n ${a} \\\\'\n",
    "both": "f: 3\na: '\\${f} and ${f}'\nb: $f\nc: 'a}b'\nd: '$${f}'\ng: '{${f}}'\n",
    "chain": "a: {x: '${b.y}'}\nb: ${c}\nc: {y: 7, z: '${.y}'}\nd: ${a.x}\ne: ${b.z}\n",
    "cycle": "a: ${b}\nb: ${a}\nc: ${c}\nd: {e: '${d.e}'}\nf: ${a}x\n",
    "missing": "a: ???\nb: ${a}\nc: '${a}x'\nd: ${nope}\ne: ${a.b}\nf: {g: '${..h}', i: '${...h}'}\n",
    "keys": "a: {1: 2}\nb: ${a.1}\na-b: 1\nd: ${a-b}\ng$h: 3\ni: ${g$h}\nk/l: 4\nm: ${k/l}\n日: 5\nn: ${日}\n",
    "blanks": "a: {x: 1}\nb: '${ a.x }'\nc: '${a.x }'\n",
    "resolvers": "a: '${oc.env:NO_SUCH_VARIABLE}'\nb: '${no_such:1,2}'\nc: 'x${no_such:a}'\nd: '${e.${no_such:x}}'\n",
    "null": "a: null\nb: ${a.x}\nc: {x: null}\nd: ${c.x}\ne: '${c.x}y'\n",
    "lists": "a: [1, 2]\nb: [3, '${a}', '${a[1]}']\nc: {d: '${b}'}\ne: ${c.d[1][0]}\n",
    "strings": "a: '5'\nb: ${a}\nc: '${a}1'\nd: '???x'\ne: ${d}\nf: ${a.0}\n",
}


def theirs(config: Any, key: Any) -> Any:
    """What OmegaConf makes of a key: `Unknown` where it fails."""
    try:
        value = config[key]
        return (
            OmegaConf.to_container(value, resolve=True, throw_on_missing=True) if OmegaConf.is_config(value) else value
        )
    except OmegaConfBaseException:
        return Unknown


def alike(ours: Any, expected: Any) -> bool:
    """Equal, and unknown where OmegaConf fails: it fails as a whole where one value of a collection is unknown."""
    if expected is Unknown:
        return "Unknown(" in repr(ours)
    return type(ours) is type(expected) and ours == expected and "Unknown(" not in repr(ours)


@pytest.mark.parametrize("name", CONFIGS)
def test_every_value_is_what_omegaconf_gives(name: str) -> None:
    config, root = OmegaConf.create(CONFIGS[name]), cursor_of(CONFIGS[name], loader="omegaconf")

    assert {
        key: (meaning(root[key]), theirs(config, key))
        for key in config
        if not alike(meaning(root[key]), theirs(config, key))
    } == {}


KEYS = st.sampled_from(["a", "b", "c"])
NODE = st.builds(
    lambda dots, keys: "${" + "." * dots + ".".join(keys) + "}",
    st.integers(0, 3),
    st.lists(KEYS | st.just("0"), min_size=1, max_size=3),
)
LEAF = (
    st.integers(0, 9)
    | NODE
    | st.builds(lambda a, b, c: a + b + c, st.sampled_from(["", "x", "\\"]), NODE, st.sampled_from(["", "y"]))
)
TREES = st.dictionaries(
    KEYS, st.recursive(LEAF, lambda below: st.dictionaries(KEYS, below, max_size=3) | st.lists(below, max_size=2))
)


@given(TREES)
@settings(max_examples=150, deadline=None)
def test_random_configs_mean_what_omegaconf_gives(tree: dict[str, Any]) -> None:
    import yaml

    config, root = OmegaConf.create(tree), cursor_of(yaml.safe_dump(tree), loader="omegaconf")
    for key in tree:
        try:
            expected = theirs(config, key)
        except RecursionError:  # OmegaConf's answer to a mapping that holds an interpolation of itself
            continue
        ours = meaning(root[key])
        assert "stands in its text" in repr(ours) or alike(ours, expected), key  # a list in a text: Python's, of no use


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("${oc.env:HOME,x}", "its interpolation is resolved when the program runs"),
        ("x${now:%Y-%m}", "its interpolation is resolved when the program runs"),
        ("${a['k']}", "OmegaConf cannot read its interpolation"),
        ("${a.}", "OmegaConf cannot read its interpolation"),
        ("${}", "OmegaConf cannot read its interpolation"),
        ("${a", "OmegaConf cannot read its interpolation"),
        ("${a b}", "OmegaConf cannot read its interpolation"),
        ("${z}", "`z` is not in this file"),
        ("${...a}", "its interpolation leads above the root"),
        ("x${a}", "a list or mapping stands in its text"),
        ("${" * 30 + "a" + "}" * 30, "its interpolations are nested too deeply"),
        ("${a.k}" + "x" * 10_000, "its interpolation is too long"),
        ("${a.k}" * 600, "its text grows too long"),
    ],
)
def test_why_a_value_is_unknown(text: str, reason: str) -> None:
    value = cursor_of("a: {k: 12}\nb: '" + text.replace("'", "''") + "'\n")["b"].value

    assert isinstance(value, Unknown)
    assert value.reason == reason


@pytest.mark.parametrize("size", [1, 2, 5, 24, 25, 26, 1000])
def test_chains_of_any_length_are_followed_and_cycles_are_unknown(size: int) -> None:
    chain = "".join(f"k{i}: ${{k{i + 1}}}\n" for i in range(size))
    cycle = cursor_of(chain + f"k{size}: ${{k{size // 2}}}\n")

    assert {cursor_of(chain + f"k{size}: 5\n")[f"k{i}"].value for i in (0, size // 2, size)} == {5}
    assert {cycle[f"k{i}"].value for i in (0, size // 2, size)} == {Unknown("its reference leads back to itself")}


def test_doubling_texts_end() -> None:
    text = "".join(f"k{i}: ${{k{i + 1}}}${{k{i + 1}}}\n" for i in range(60))

    assert cursor_of(text + "k60: ''\n")["k0"].value == ""
    assert cursor_of(text + "k60: x\n")["k0"].value == Unknown("its text grows too long", "${k51}${k51}")


def test_what_lies_below_a_reference_stands_where_it_is_written() -> None:
    root = cursor_of("base: {rates: [8, 8], hop: '${.win}', win: 64}\nnet: ${base}\nrate: ${net.hop}\n")
    document = root.document

    assert root["net"]["rates"].ints().value == [8, 8]
    assert [place.where.pointer for place in (root["net"], root["net"]["rates"], root["net"]["rates"][1])] == [
        "/net", "/base/rates", "/base/rates/1",
    ]  # fmt: skip
    assert root["net"]["hop"].int() == (64, root["base"]["hop"].where, "file")
    assert root["rate"].int() == (64, root["rate"].where, "file")
    assert texts(document, ("net",), ("rate",)) == ["${base}", "${net.hop}"]


def test_references_inside_a_list_are_followed() -> None:
    root = cursor_of('kernel: 11\nkernels: ["${kernel}", 13]\npairs: [["${kernel}", 1], [2, 3]]\nbad: [1, "${nope}"]\n')

    assert root["kernels"].ints().value == [11, 13]
    assert root["pairs"].lists().value == [[11, 1], [2, 3]]
    with pytest.raises(NotComputable, match="`bad` is not known: `nope` is not in this file"):
        root["bad"].ints()


def test_what_is_not_known_is_given_as_unknown_to_a_schema() -> None:
    known = document_of("a: ${b}\nb: 5\nc: ???\nd: [1, '${oc.env:X}']\ne: ${d}\nf: x<y>\n").known()

    assert known["a"] == 5 and known["b"] == 5 and known["f"] == "x<y>"  # type: ignore[index]
    assert [type(value).__name__ for value in (known["c"], known["d"][1], known["e"])] == ["Unknown"] * 3  # type: ignore[index]
