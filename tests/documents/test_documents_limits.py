"""Hostile texts: each a located problem or a clean read, in bounded time and memory, never an exception."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from document_helpers import problems_of, walk
from hypothesis import HealthCheck, example, given, settings, strategies as st

from rflint.documents import Cursor, places, read
from rflint.documents.nodes import Collection
from rflint.documents.schema import violations


def doubled(start: str, line: str, count: int) -> str:
    return start + "".join(line.replace("N", str(n)).replace("M", str(n - 1)) for n in range(1, count))


HOSTILE: dict[str, tuple[str | bytes, str | None]] = {
    "brackets.yaml": ("[" * 400_000, "too-deep"),
    "brackets.json": ("[" * 400_000, "too-deep"),
    "closed.json": ("[" * 200_000 + "]" * 200_000, "too-deep"),
    "braces.json": ('{"a":' * 100_000, "too-deep"),
    "braces.yaml": ("{a: " * 100_000, "too-deep"),
    "dashes.yaml": ("- " * 200_000, "too-deep"),
    "questions.yaml": ("? " * 200_000, "too-deep"),
    "deep.yaml": ("".join(" " * n + "a:\n" for n in range(2000)), "too-deep"),
    "tags.yaml": ("!a " * 100_000, "syntax"),
    "bomb.yaml": (doubled("a0: &a0 [x,x,x,x,x,x,x,x,x]\n", "aN: &aN [*aM,*aM,*aM,*aM,*aM,*aM,*aM,*aM,*aM]\n", 10), "alias-bomb"),
    "nested-aliases.yaml": (doubled("a0: &a0 []\n", "aN: &aN [*aM]\n", 5000), "alias-bomb"),
    "merge-chain.yaml": (doubled("a0: &a0 {k0: 0}\n", "aN: &aN {<<: *aM, kN: 0}\n", 5000), "alias-bomb"),
    "merge-fan.yaml": ("a: &a {" + ", ".join(f"k{n}: 0" for n in range(2000)) + "}\nb:\n" + "- {<<: *a}\n" * 5000, "alias-bomb"),
    "merge-bomb.yaml": (doubled("a0: &a0 {k: 0}\n", "aN: &aN {<<: [*aM, *aM, *aM, *aM]}\n", 30), "alias-bomb"),
    "recursive.yaml": ("a: &a {b: [1, *a]}\n", "recursive-alias"),
    "recursive-merge.yaml": ("a: &a\n  <<: *a\n", "recursive-alias"),
    "nul.yaml": (b"hop_size: 25\x006\n", "encoding"),
    "nul.json": (b'{"hop_size": 25\x006}', "syntax"),
    "latin1.yaml": ("name: café\n".encode("latin-1"), "encoding"),
    "latin1.json": ('{"name": "café"}'.encode("latin-1"), "encoding"),
    "digits.yaml": ("a: " + "9" * 5000 + "\n", "number"),
    "digits.json": ('{"a": ' + "9" * 5000 + "}", "number"),
    "many-digits.yaml": ("".join(f"a{n}: {'9' * 900}\n" for n in range(400)), None),
    "sexagesimal.yaml": ("a: 1" + ":59" * 300 + "\nb: 1" + ":59" * 200 + ".5\n", None),
    "tagged-digits.yaml": ("a: !!int '" + "9" * 5000 + "'\n", "number"),
    "empty.yaml": ("", None),
    "empty.json": ("", "empty"),
    "comment.yaml": ("# only\n" * 1000, None),
    "marks.yaml": ("# #" * 100_000 + "\na: '" + " #" * 100_000 + "'\n", None),
    "quotes.yaml": ("".join(f"a{n}: ' # {n}' # {n}\n" for n in range(15_000)), None),
    "keys.yaml": ("".join(f"k{n}: {n}\n" for n in range(100_000)), None),
    "keys.json": ("{" + ", ".join(f'"k{n}": {n}' for n in range(100_000)) + "}", None),
    "same-key.yaml": ("k: 1\n" * 20_000, "duplicate-key"),
    "too-many.yaml": ("- 1\n" * 1_000_000, "too-large"),
    "too-many.json": ("[" + "1," * 1_100_000 + "1]", "too-large"),
    "long-line.yaml": ("a: " + "x" * 8_000_000 + "\n", None),
    "long-line.json": ('{"a": "' + "x" * 8_000_000 + '"}', None),
    "escapes.json": ('{"a": "' + "\\n" * 1_000_000 + '", "a": 1}', "duplicate-key"),
    "long-list.yaml": ("a: [" + "1, " * 60_000 + "1]\n", None),
    "open-text.json": ('{"a": "' + "x" * 1_000_000, "syntax"),
    "open-remark.json": ("/* " * 200_000, "syntax"),
    "surrogates.json": ('{"a": "' + "\\ud800" * 50_000 + '"}', None),
    "references.yaml": (doubled("k0: 1\n", "kN: ${kM}\n", 5000), None),
    "dollars.yaml": ("a: '" + "${" * 100_000 + "'\nb: '" + "${a}" * 50_000 + "'\nc: '" + "\\" * 100_000 + "${a}'\n", None),
    "angles.yaml": (f"a: !ref '{'<' * 50_000}'\nb: !ref '{'<a>' * 30_000}'\nc: !ref '{'(' * 900}<d>'\nd: 1\n", None),
    "templates.yml.j2": ("{{" * 100_000 + "{%" * 100_000 + "\n", "too-deep"),
    "doublings.yaml": (doubled("k0: ''\n", "kN: ${kM}${kM}\n", 2000), None),
}  # fmt: skip
PROBE = """
import sys
from rflint.documents import read
documents, problems = read(open(sys.argv[1], "rb").read(), sys.argv[1])
if documents:
    documents[0].span(("k5",))
print(*(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_a_problem_with_a_place_or_a_clean_read(name: str) -> None:
    text, kind = HOSTILE[name]
    started = time.process_time()
    documents, problems = read(text, name)
    spent = time.process_time() - started

    assert (problems[0].kind if problems else None) == kind
    assert all(problem.span.line >= 1 and problem.span.column >= 1 for problem in problems)
    assert spent < 3  # half a second at most on a machine that does nothing else
    for document in documents:
        walk(Cursor(document), 300)
        violations(document.known(), {"type": ["object", "array", "string"]})


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
@pytest.mark.parametrize(
    "name", ["keys.yaml", "too-many.yaml", "long-line.yaml", "bomb.yaml", "keys.json", "too-many.json", "quotes.yaml"]
)
def test_reading_takes_little_memory(name: str, tmp_path: Path) -> None:
    text = HOSTILE[name][0]
    (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
    done = subprocess.run([sys.executable, "-c", PROBE, tmp_path / name], capture_output=True, text=True, check=True)

    assert int(done.stdout) < 200_000  # kB


# -- anything -------------------------------------------------------------------------------------------------------

YAML = b"a: &x {b: [1, '2', ${c}], <<: *y}\nc: !ref <a[b]> * 2 # d\n- |\n  e\n? f\n: ~\n--- \xc3\xa9 \xf0\x9d\x84\x9e\n(1, 2)\n"
JSON = b'{"a": [1, -2.5e3, "b\\u00e9", true, null], /* c */ "d": {}, // e\n "a": \'f\', g: 0x1F,}'
NAMES = st.sampled_from(["a.yaml", "a.json", "a.yml.j2"])
LOADERS = st.sampled_from(["pyyaml", "omegaconf", "ruamel", "speakerlab"])


def ask_everything(data: bytes | str, name: str, loader: str) -> None:
    documents, problems = read(data, name, loader)
    for problem in problems:
        assert problem.span.line >= 1 and problem.span.column >= 1 and problem.message
    for document in documents:
        walk(Cursor(document), 300)
        walk(Cursor(document.composed()), 300)
        walk(Cursor(document.parsed_again("omegaconf")), 300)
        violations(
            document.known(), {"type": "object", "properties": {"a": {"type": "array", "items": {"minimum": 1}}}}
        )
        assert isinstance(document.source.comments, dict)


@given(st.binary(max_size=60) | st.text(max_size=40), NAMES, LOADERS)
@example(b"", "a.json", "pyyaml")
@example("\ud800", "a.yaml", "pyyaml")
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_arbitrary_bytes_never_raise(data: bytes | str, name: str, loader: str) -> None:
    ask_everything(data, name, loader)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    data = bytearray(draw(st.sampled_from([YAML, JSON])))
    for _ in range(draw(st.integers(1, 6))):
        at, size = draw(st.integers(0, len(data))), draw(st.integers(0, 6))
        data[at : at + size] = draw(
            st.binary(max_size=3)
            | st.sampled_from(
                [b"${", b"}", b"<", b">", b"*x", b"&x ", b"!ref ", b"\n", b": ", b"[", b"'", b'"', b"#", b"//", b"<<: "]
            )
        )
    return bytes(data)


@given(mutated(), NAMES, LOADERS)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mutated_configs_never_raise(data: bytes, name: str, loader: str) -> None:
    ask_everything(data, name, loader)


LINE = st.sampled_from(["a: ", "b: ", "- ", "  c: ", "  - ", "<<: *x", "&x ", "*x", "{a: 1}", "[1, 2]", "${a.b}",
                        "${..c}", "!ref <a>", "!include:a.yaml", "!new:f", "\n", "\n", "5", "1e-4", "'q'", "# c",
                        "???", "|", "defaults: [m: a]", "(1, 2)", "${b}"])  # fmt: skip


@given(st.lists(LINE, max_size=14).map("".join), NAMES, LOADERS)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_configs_put_together_at_random_never_raise(text: str, name: str, loader: str) -> None:
    documents, _ = read(text, name, loader)
    for document in documents:
        document.neighbour = lambda path: text.encode()
        walk(Cursor(document), 300)
        walk(Cursor(document.composed()), 300)
        assert document.known() is not document


def test_the_problem_of_a_bomb_stands_at_the_list_that_goes_too_far() -> None:
    assert problems_of(HOSTILE["bomb.yaml"][0]) == [("alias-bomb", 6, 5)]
    assert problems_of(HOSTILE["deep.yaml"][0]) == [("too-deep", 101, 101)]


def test_as_deep_as_allowed_is_no_trouble() -> None:
    recursive = {"$defs": {"x": {"type": ["array", "integer"], "items": {"$ref": "#/$defs/x"}}}, "$ref": "#/$defs/x"}
    for name in ("a.yaml", "a.json"):
        (document,), problems = read("[" * 100 + "1" + "]" * 100, name)
        assert problems == []
        assert violations(document.known(), recursive) == []
        assert (
            len(
                violations(
                    document.data, {**recursive, "$defs": {"x": {"type": "array", "items": {"$ref": "#/$defs/x"}}}}
                )
            )
            == 1
        )
        assert document.span((0,) * 100) == (1, 101, 1, 102)


def test_each_mapping_is_looked_through_once_for_all_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_through: list[int] = []

    def entries(node: Collection, key_of: object) -> object:
        looked_through.append(id(node))
        return real(node, key_of)  # type: ignore[arg-type]

    real = places.entries
    monkeypatch.setattr(places, "entries", entries)
    text = (
        "a:\n" + "".join(f"- {{k: {n}, l: [1, 2]}}\n" for n in range(500)) + "".join(f"k{n}: 1\n" for n in range(500))
    )
    (document,), _ = read(text, "a.yaml")
    for n in range(500):
        assert document.span(("a", n, "l", 1)).line == n + 2
        assert document.span((f"k{n}",)).line == n + 502

    assert len(looked_through) == len(set(looked_through)) == 501
