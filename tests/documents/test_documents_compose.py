"""Configs of several files: Hydra's defaults lists and HyperPyYAML's includes, every value placed in its own file."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from document_helpers import cursor_of, document_of, meaning, walk
from hydra import compose, initialize_config_dir
from hyperpyyaml import load_hyperpyyaml
from hypothesis import HealthCheck, given, settings, strategies as st
from omegaconf import OmegaConf

from rflint.cli.files import neighbour_of
from rflint.documents import Cursor, NotComputable
from rflint.documents.document import Document
from rflint.documents.hydra import parts
from rflint.documents.values import Unknown

Files = dict[str, str]


def opened(files: Mapping[str, str], name: str = "config.yaml", loader: str = "omegaconf") -> Document:
    """A document whose neighbours are the other files of a mapping."""
    document = document_of(files[name], name, loader)
    folder = name.rpartition("/")[0]

    def read(path: str) -> bytes | None:
        import posixpath

        text = files.get(posixpath.normpath(posixpath.join(folder, path)))
        return text.encode() if text is not None else None

    document.neighbour = read
    return document


def hydra_s(folder: Path, files: Mapping[str, str], name: str = "config") -> Any:
    """What Hydra composes of the files, interpolations left as they are."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with initialize_config_dir(version_base="1.1", config_dir=str(folder)):
            return OmegaConf.to_container(compose(name), resolve=False)


CONFIGS: dict[str, Files] = {
    "groups": {
        "config.yaml": "defaults:\n  - model: base\n  - data: d\n  - _self_\nrate: 16000\nmodel: {hop: 320}\n",
        "model/base.yaml": "hop: 256\nwin: 1024\n",
        "data/d.yaml": "path: x\nmodel: {hop: 1}\n",
    },
    "own keys win without _self_": {
        "config.yaml": "defaults:\n  - model: base\nmodel: {hop: 320}\n",
        "model/base.yaml": "hop: 256\nwin: 9\n",
    },
    "own keys lose before others": {
        "config.yaml": "defaults: [_self_, model: base]\nmodel: {hop: 320, x: 1}\n",
        "model/base.yaml": "hop: 256\n",
    },
    "packages": {
        "config.yaml": "defaults:\n  - model: base\n  - model@second: base\n  - model@a.b: base\n  - /model@_global_: base\n"
        "  - model@model.inner: base\nx: 1\n",
        "model/base.yaml": "hop: 256\n",
    },
    "headers": {
        "config.yaml": "defaults:\n  - a: g\n  - b: h\n  - c: i\n  - d: j\nx: 1\n",
        "a/g.yaml": "# @package _global_\nhop: 1\nx: 2\n",
        "b/h.yaml": "\n# @package p.q\nwin: 2\n",
        "c/i.yaml": "# other\n# @package _global_\nn: 3\n",
        "d/j.yaml": "# @package _group_\nm: 4\n",
    },
    "audiocraft's header": {
        "config.yaml": "# @package __global__\ndefaults: [m: a]\nx: 1\n",
        "m/a.yaml": "# @package __global__\ny: 1\n",
    },
    "configs by path": {
        "config.yaml": "defaults:\n  - base\n  - /other/more\n  - sub/deep@here\n  - _self_\na: 1\n",
        "base.yaml": "a: 0\nb: 2\n",
        "other/more.yaml": "c: 3\n",
        "sub/deep.yaml": "d: 4\n",
    },
    "nested": {
        "config.yaml": "defaults:\n  - model: big\n  - _self_\nx: 1\n",
        "model/big.yaml": "defaults:\n  - base\n  - enc: conv\n  - /opt: adam\n"
        "  - /opt@extra: adam\n  - _self_\nn: 8\n",
        "model/base.yaml": "n: 4\nk: 3\n",
        "model/enc/conv.yaml": "c: 1\n",
        "opt/adam.yaml": "lr: 1e-3\n",
    },
    "overrides": {
        "config.yaml": "defaults:\n  - model: big\n  - override model/enc: other\nx: 1\n",
        "model/big.yaml": "defaults:\n  - enc: conv\n  - _self_\nn: 8\n",
        "model/enc/conv.yaml": "c: 1\n",
        "model/enc/other.yaml": "c: 2\n",
    },
    "overrides from below": {
        "config.yaml": "defaults:\n  - model: a\n  - exp: e\n  - _self_\nx: 1\n",
        "model/a.yaml": "n: 1\n",
        "model/b.yaml": "n: 2\n",
        "exp/e.yaml": "# @package _global_\ndefaults:\n  - override /model: b\nx: 5\nmodel: {m: 3}\n",
    },
    "override with a package": {
        "config.yaml": "defaults:\n  - m@p: a\n  - override m@p: b\n",
        "m/a.yaml": "n: 1\n",
        "m/b.yaml": "n: 2\n",
    },
    "optional and none": {
        "config.yaml": "defaults: [optional n: none_such, data: null, optional x: y, {m: a, optional: true}]\nz: 1\n",
        "x/y.yaml": "k: 1\n",
        "m/a.yaml": "q: 2\n",
    },
    "lists of names": {
        "config.yaml": "defaults:\n  - m: [a, b, s/c]\n  - m@p: [a]\n",
        "m/a.yaml": "n: 1\nk: 1\n",
        "m/b.yaml": "n: 2\n",
        "m/s/c.yaml": "o: 3\n",
    },
    "names from choices": {
        "config.yaml": "defaults:\n  - m: a\n  - d: b\n  - both: ${m}_${d}\n  - _self_\n",
        "m/a.yaml": "n: 1\n",
        "d/b.yaml": "n: 2\n",
        "both/a_b.yaml": "o: 3\n",
    },
    "merging": {
        "config.yaml": "defaults: [one, two, three, _self_]\na: {l: [3]}\nb: null\nc: {x: 1}\nd: ???\ne: 5\nh: {i: '???'}\n",
        "one.yaml": "a: {l: [1, 2], m: 1}\nb: {x: 1}\nc: null\nd: 4\ne: {x: 1}\nf: {g: {h: 1}}\nh: {i: 1}\n",
        "two.yaml": "a: {n: 2}\nf: {g: {i: 2}, j: '???'}\n",
        "three.yaml": "f: {g: 5}\nb: 7\n",
    },
    "replaced and filled again": {
        "config.yaml": "defaults: [one, two, three]\n",
        "one.yaml": "a: {x: 1, y: 1}\n",
        "two.yaml": "a: 5\n",
        "three.yaml": "a: {x: 3}\n",
    },
    "hydra's own": {
        "config.yaml": "defaults:\n  - m: a\n  - override hydra/job_logging: none\n  - _self_\nhydra: {run: {dir: x}}\n",
        "m/a.yaml": "n: 1\n",
    },
    "names with slashes": {
        "config.yaml": "defaults:\n  - m: s/a\n",
        "m/s/a.yaml": "defaults: [base]\nn: 1\n",
        "m/base.yaml": "k: 2\n",
    },
    "interpolations stay": {
        "config.yaml": "defaults: [m: a]\nrate: 16000\n",
        "m/a.yaml": "rate: ${rate}\nhop: ${.n}\nn: 4\nl: ['${..rate}']\n",
    },
    "here": {
        "config.yaml": "defaults: [m: a]\n",
        "m/a.yaml": "defaults: [sub@_here_: b, sub/c@_here_]\nn: 1\n",
        "m/sub/b.yaml": "k: 1\n",
        "m/sub/c.yaml": "o: 1\n",
    },
    "empty files": {"config.yaml": "defaults: [m: a, n: b]\n", "m/a.yaml": "", "n/b.yaml": "# @package _global_\n"},
}


@pytest.mark.parametrize("name", CONFIGS)
def test_what_is_composed_is_what_hydra_composes(name: str, tmp_path: Path) -> None:
    ours = opened(CONFIGS[name]).composed()
    theirs = hydra_s(tmp_path, CONFIGS[name])

    assert {key: value for key, value in ours.data.items() if key != "hydra"} == theirs


def misplaced(document: Document, files: Files) -> list[object]:
    """The scalars of a composed document that do not stand where it says."""
    wrong, waiting = [], [Cursor(document)]
    while waiting:
        here = waiting.pop()
        waiting += list(here)
        if not isinstance(here._raw, dict | list):
            where = here.where
            written: Any = document_of(files[where.name], loader="omegaconf").data
            for part in where.path:
                written = written[part]
            wrong += [] if written == here._raw else [here.path]
    return wrong


@pytest.mark.parametrize("name", CONFIGS)
def test_every_composed_value_stands_in_the_file_that_sets_it(name: str) -> None:
    assert misplaced(opened(CONFIGS[name]).composed(), CONFIGS[name]) == []


# -- random folders -------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["a", "b"])
GROUPS = st.sampled_from(["m", "n", "/m", "/n", "m/s"])
PACKAGES = st.sampled_from(["", "", "", "@p", "@_global_", "@_here_", "@_global_.q.r"])
ITEM = st.builds(lambda g, p, v: f"{g}{p}: {v}", GROUPS, PACKAGES, NAMES) | st.builds(
    lambda g, v, p: f"{g}/{v}{p}", GROUPS, NAMES, PACKAGES
)
OVERRIDE = st.builds(lambda g, p, v: f"override {g}{p}: {v}", GROUPS, st.sampled_from(["", "", "@p"]), NAMES)
CONTENT = st.dictionaries(
    st.sampled_from("xyzpm"),
    st.integers(0, 9) | st.dictionaries(st.sampled_from("xyzp"), st.integers(0, 9)),
    max_size=3,
)
HEADER = st.sampled_from(["", "", "", "# @package _global_\n", "# @package t.u\n", "# @package _group_\n"])


@st.composite
def folders(draw: st.DrawFn) -> Files:
    files = {
        "m/s/a.yaml": "",
        "m/s/b.yaml": "",
        "n/a.yaml": "",
        "n/b.yaml": "",
        "n/m/s/a.yaml": "",
        "m/m/s/a.yaml": "",
        "m/a.yaml": "",
        "m/b.yaml": "",
    }
    for path in [*files, "config.yaml"]:
        items = draw(st.lists(ITEM, max_size=3, unique=True)) if path in ("config.yaml", "m/a.yaml", "m/b.yaml") else []
        if path.startswith("m/"):
            items = [item for item in items if "/n" in item]  # no circles
        at = draw(st.integers(-1, len(items)))
        if at >= 0 and items:
            items.insert(at, "_self_")
        if path in ("config.yaml", "m/b.yaml"):
            items += draw(st.lists(OVERRIDE, max_size=1))
        listed = "defaults:\n" + "".join(f"  - {item}\n" for item in items) if items else ""
        header = draw(HEADER) if path != "config.yaml" else ""
        listed += "own: 1\n" if path == "config.yaml" else ""
        files[path] = header + listed + "".join(f"{key}: {value}\n" for key, value in draw(CONTENT).items())
    return files


@given(files=folders())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_random_folders_are_composed_as_hydra_does(files: Files, tmp_path_factory: pytest.TempPathFactory) -> None:
    from hydra.errors import ConfigCompositionException, MissingConfigException

    try:
        theirs = hydra_s(tmp_path_factory.mktemp("conf"), files)
    except (ConfigCompositionException, MissingConfigException):
        return  # a missing config, or two choices for one group
    uses = Counter(part.document for part in parts(opened(files)) if part.document)
    if any(
        times > 1 and any(isinstance(value, dict) for value in (document.data or {}).values())
        for document, times in uses.items()
    ):
        return  # Hydra merges later files into the mappings of a file that it uses twice
    ours = opened(files).composed()
    assert ours.data == theirs
    assert misplaced(ours, files) == []


# -- where the files are --------------------------------------------------------------------------------------------


def test_a_config_in_a_group_finds_its_base_above() -> None:
    files = {
        "conf/model/enc/causal.yaml": "# @package _global_\ndefaults:\n  - enc/default\n  - /solver: s\nenc: {causal: true}\n",
        "conf/model/enc/default.yaml": "# @package _global_\nenc: {causal: false, hop: '${rate}'}\n",
        "conf/solver/s.yaml": "# @package _global_\ndefaults: [/model/enc/default, base]\nrate: 24000\n",
        "conf/solver/base.yaml": "# @package _global_\nepochs: 5\n",
    }
    root = Cursor(opened(files, "conf/model/enc/causal.yaml").composed())

    assert meaning(root) == {"enc": {"causal": True, "hop": 24000}, "rate": 24000, "epochs": 5}
    assert root["enc"]["hop"].where.name == "conf/model/enc/default.yaml"


def test_values_know_their_file_and_their_origin() -> None:
    files = {
        "config.yaml": "defaults: [model: base]\nrate: 16000\nmodel: {win: 512}\n",
        "model/base.yaml": "hop: 256  # 16 ms\nrates:\n  - 8\n",
    }
    document = opened(files)
    root = Cursor(document.composed())
    hop, win = root["model"]["hop"].int(), root["model"]["win"].int()

    assert hop.where is not None and win.where is not None
    assert (hop.value, hop.origin, hop.where.name, hop.where.pointer, hop.where.span) == (
        256,
        "referenced file",
        "model/base.yaml",
        "/hop",
        (1, 6, 1, 9),
    )
    assert (win.value, win.origin, win.where.pointer, win.where.document) == (512, "file", "/model/win", document)
    assert hop.where.document.comment_on(hop.where.path).text == "# 16 ms"  # type: ignore[union-attr]
    assert document.composed().comment_on(("model", "hop")).text == "# 16 ms"  # type: ignore[union-attr]
    assert document.composed().span(("model", "rates", 0)) == (3, 5, 3, 6)
    assert root["model"]["rates"].ints().where == root["model"]["rates"].where


def test_interpolations_are_followed_through_the_composed_config() -> None:
    files = {
        "config.yaml": "defaults: [net: n]\nrate: 16000\nuse: ${net.k}\nall: ${net}\n",
        "net/n.yaml": "rate: ${rate}\nk: '${.rate}'\nl: [1]\n",
    }
    root = Cursor(opened(files).composed())

    assert meaning(root["use"]) == 16000
    assert root["all"]["l"][0].where.name == "net/n.yaml"


def test_a_config_without_a_defaults_list_is_itself() -> None:
    for text, name in (
        ("a: 1\n", "a.yaml"),
        ('{"defaults": ["x"]}', "a.json"),
        ("defaults: {a: 1}\n", "a.yaml"),
        ("- 1\n", "a.yaml"),
    ):
        document = document_of(text, name)
        assert document.composed() is document


# -- what is not there ----------------------------------------------------------------------------------------------


def test_what_a_missing_file_may_set_is_unknown() -> None:
    root = Cursor(
        opened(
            {"config.yaml": "defaults: [_self_, model: base, {data: d}]\nhop: 1\nl: [1]\n", "data/d.yaml": "n: 5\n"}
        ).composed()
    )

    assert isinstance(root["hop"].value, Unknown) and isinstance(root["l"].value, Unknown)
    assert root["data"]["n"].int().value == 5
    with pytest.raises(NotComputable, match="`win` is not known: `model/base` of its defaults list is not known"):
        root["model"]["win"].int(1024)
    assert root["hop"].exists and not root["model"].exists


def test_what_follows_a_missing_file_is_known() -> None:
    root = Cursor(opened({"config.yaml": "defaults: [model: base]\nhop: 1\nmodel: {k: 3}\n"}).composed())

    assert (root["hop"].int().value, root["model"]["k"].int().value) == (1, 3)
    assert isinstance(root["model"]["z"].value, Unknown)


def test_a_missing_file_with_a_package_spares_the_rest() -> None:
    root = Cursor(opened({"config.yaml": "defaults: [_self_, m@net: base]\nhop: 1\nnet: {k: 3}\n"}).composed())

    assert root["hop"].int().value == 1
    assert root["win"].int(5).origin == "framework default"
    assert isinstance(root["net"]["k"].value, Unknown)
    with pytest.raises(NotComputable):
        root["net"]["z"].int(5)


@pytest.mark.parametrize(
    "item",
    ["model: '???'", "model: '${nothing}'", "optional model: base", "base", "/model/base@_global_", "model: [a, b]"],
)
def test_other_files_that_are_not_known(item: str) -> None:
    document = document_of(
        f"defaults: [_self_, {{{item}}}]\nhop: 1\n" if ": " in item else f"defaults: [_self_, {item}]\nhop: 1\n"
    )

    assert isinstance(Cursor(document.composed())["hop"].value, Unknown)


def test_circles_end() -> None:
    files = {
        "config.yaml": "defaults: [a, _self_]\nx: 1\n",
        "a.yaml": "defaults: [b]\ny: 1\n",
        "b.yaml": "defaults: [a]\nz: 1\n",
    }
    fan = {
        f"{name}.yaml": f"defaults: [{after}, {after}, {after}]\n{name}: 1\n"
        for name, after in zip("abcdefgh", "bcdefghi", strict=True)
    }

    assert Cursor(opened(files).composed())["x"].int().value == 1
    assert walk(Cursor(opened(fan | {"config.yaml": "defaults: [a]\nx: 1\n"}).composed())) > 3
    assert len(parts(opened(fan | {"config.yaml": "defaults: [a]\n"}))) < 2000


def test_a_mapping_merged_into_an_interpolation_is_unknown_where_it_is_silent() -> None:
    root = Cursor(
        opened({"config.yaml": "defaults: [a]\nm: {k: 1}\n", "a.yaml": "m: ${base}\nbase: {k: 0, z: 5}\n"}).composed()
    )

    assert root["m"]["k"].int().value == 1
    assert isinstance(root["m"]["z"].value, Unknown)


def test_what_is_not_known_is_given_as_unknown_to_a_schema() -> None:
    known: Any = (
        opened({"config.yaml": "defaults: [m@net: b]\nhop: '${rate}'\nrate: 5\nnet: {k: 1}\n"}).composed().known()
    )

    assert known["hop"] == 5 and isinstance(known["net"], Unknown)


# -- siblings and includes ------------------------------------------------------------------------------------------


def test_siblings_are_read_once_and_relative_to_the_file_that_names_them() -> None:
    files = {
        "c/a.yaml": "x: 1\n",
        "c/d/b.yaml": "y: 1e-4\n",
        "z.yaml": "z: 1\n",
        "bad.yaml": "a: [\n",
        "e.json": '{"k": 1}',
    }
    document = opened(files, "c/a.yaml")
    other = document.sibling("d/b.yaml")

    assert other is not None and other is document.sibling("./d/../d/b.yaml")
    assert (other.name, other.data, other.origin) == ("c/d/b.yaml", {"y": 0.0001}, "referenced file")
    assert other.sibling("../../z.yaml") is document.sibling("../z.yaml") is not None
    assert [document.sibling(name) for name in ("none.yaml", "../bad.yaml", "/c/a.yaml")] == [None] * 3
    assert document.parsed_again("pyyaml").sibling("d/b.yaml").data == {"y": "1e-4"}  # type: ignore[union-attr]
    assert Cursor(document.sibling("../e.json") or document)["k"].int().origin == "referenced file"


def test_only_so_many_files_are_read() -> None:
    document = document_of("x: 1\n")
    document.neighbour = lambda path: b"a: 1\n"

    assert sum(document.sibling(f"{number}.yaml") is not None for number in range(200)) == 64


INCLUDES: dict[str, Files] = {
    "alone": {"config.yaml": "a: !include:sub.yaml\nb: 1\n", "sub.yaml": "x: 3\ny: !ref <x> * 2\nl: [1, !ref <x>]\n"},
    "overridden": {
        "config.yaml": "n: 7\na: !include:sub.yaml\n  x: !ref <n>\n  m: {p: 1}\n",
        "sub.yaml": "x: 3\ny: !ref <x> * 2\nm: {p: 0, q: 2}\n",
    },
    "referred to": {"config.yaml": "a: !include:sub.yaml\nc: !ref <a>\n", "sub.yaml": "x: {k: 3}\n"},
}


@pytest.mark.parametrize("name", INCLUDES)
def test_includes_are_what_hyperpyyaml_makes_of_them(name: str, folder: Callable[[Mapping[str, str]], Path]) -> None:
    path = folder(INCLUDES[name]) / "config.yaml"
    with path.open(encoding="utf-8") as stream:
        theirs = load_hyperpyyaml(stream)

    assert meaning(Cursor(opened(INCLUDES[name], loader="ruamel"))) == theirs


def test_an_included_value_stands_in_its_file() -> None:
    root = Cursor(opened(INCLUDES["overridden"], loader="ruamel"))
    values = [root["a"]["x"].int(), root["a"]["y"].int(), root["a"]["m"]["q"].int()]

    assert [(value.value, value.origin, value.where.name, value.where.pointer) for value in values if value.where] == [
        (7, "file", "config.yaml", "/a/x"), (14, "referenced file", "sub.yaml", "/y"), (2, "referenced file", "sub.yaml", "/m/q"),
    ]  # fmt: skip
    assert root["a"].where.name == "config.yaml"


def test_includes_that_come_round_end() -> None:
    files = {
        "config.yaml": "a: !include:b.yaml\n",
        "b.yaml": "c: !include:c.yaml\nd: !include:b.yaml\n",
        "c.yaml": "e: !include:config.yaml\nf: !include:b.yaml\n",
    }

    assert 3 < walk(Cursor(opened(files, loader="ruamel"))) < 30


def test_the_command_line_s_callback(folder: Callable[[Mapping[str, str]], Path]) -> None:
    folder(
        {
            "pyproject.toml": "",
            "conf/config.yaml": "defaults: [/m: a]\n",
            "conf/m/a.yaml": "k: 1\n",
        }
    )
    document = document_of(Path("conf/config.yaml").read_text(), "conf/config.yaml")
    document.neighbour = neighbour_of("conf/config.yaml")

    assert cursor_of("a: 1\n")["b"].int(1).origin == "framework default"
    assert Cursor(document.composed())["m"]["k"].int().where == (document.sibling("m/a.yaml"), ("k",), False)
