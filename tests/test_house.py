"""The house keeps its shape: floors, sizes, start-up, and texts that speak of what exists."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "rflint"
FLOORS = {
    "coverage": 0, "targets": 0, "documents": 0,
    "schemas": 0, "model": 1, "findings": 1, "measure": 1,
    "dialects": 2, "rules": 2, "reports": 2,
    "discover": 3, "settings": 3, "suppress": 3, "engine": 3, "fixing": 3, "baseline": 3, "scaling": 3, "comparing": 3,
    "cli": 4,
}  # fmt: skip
HEAVY = {
    "yaml",
    "jsonschema",
    "dataclasses",
    "inspect",
    "importlib.metadata",
    "rich",
    "click",
    "pathspec",
    "json",
    "argparse",
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name.split(".")[1] for name in names if name.startswith("rflint.")}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_a_room_imports_only_from_floors_below(path: Path) -> None:
    here = room(path)
    if here not in FLOORS:
        return
    above = {r for r in imported_rooms(path) - {here} if FLOORS[r] > FLOORS[here]}
    beside = {r for r in imported_rooms(path) - {here} if FLOORS[here] == FLOORS[r] == 2}

    assert set() == above | beside


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_functions_and_modules_stay_small(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    long = [
        f"{node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno + 1 > 60
    ]

    assert long == []
    assert len(path.read_text("utf-8").splitlines()) <= 400


def loaded_by(*arguments: str, stdin: str = "") -> set[str]:
    code = (
        "import sys, io; from rflint.cli import main\n"
        f"sys.stdin = io.TextIOWrapper(io.BytesIO({stdin.encode()!r}))\n"
        f"status = main({list(arguments)!r})\nprint('|'.join(sys.modules), file=sys.stderr)\nsys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    return set(done.stderr.strip().splitlines()[-1].split("|"))


def test_version_loads_nothing_heavy() -> None:
    assert set() == loaded_by("--version") & HEAVY


def test_a_plain_check_loads_neither_jsonschema_nor_data_classes() -> None:
    config = 'rflint:\n  input: {rate: 16000}\n  stack: "k10s5 k8s4 [k4s2]x3"\n  targets: {step: 10ms}\n'
    loaded = loaded_by("check", "--isolated", "-", stdin=config)

    assert "yaml" in loaded
    assert set() == loaded & (HEAVY - {"yaml", "json", "argparse"})


def test_every_path_that_the_texts_name_exists() -> None:
    named = set()
    for text in ("CONTRIBUTING.md", "README.md"):
        named |= set(
            re.findall(r"`((?:rflint|schemas|tests|bench|examples)/[\w./-]*)`", (ROOT / text).read_text("utf-8"))
        )

    assert sorted(path for path in named if not (ROOT / path).exists()) == []


def test_nothing_evaluates_or_imports_what_a_config_says() -> None:
    forbidden = re.compile(r"\beval\(|\bexec\(|yaml\.(unsafe_)?load\(|yaml\.compose\(|pickle|__import__")
    guilty = [str(path) for path in MODULES if forbidden.search(path.read_text("utf-8"))]

    assert guilty == []
