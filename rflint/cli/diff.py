"""Show what a change does to the temporal coverage of a config, one line a change.

    rflint diff old.yaml new.yaml
    rflint diff --rev main..HEAD [PATH ...]

Exit status: 0, or 1 with --exit-code when something changed; 2 when a file cannot be read.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence

from rflint.cli.files import File, Request, files, neighbour_of
from rflint.comparing import Difference, compare
from rflint.discover import SUFFIXES
from rflint.engine import Asked, understand
from rflint.model import Model
from rflint.settings import SettingsError


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of ``rflint diff``."""
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="two files; with --rev, files or folders of the repository")
    add(
        "--rev",
        metavar="A..B",
        help="compare two revisions of the git repository here (B: the working tree if left out)",
    )
    add("--format", choices=["text", "json", "markdown"], default="text")
    add("--exit-code", action="store_true", help="exit 1 when something changed")


def run(options: argparse.Namespace) -> int:
    """Compare and print."""
    pairs = _revisions(options.rev, options.paths) if options.rev else [_two(options.paths)]
    found = {name: compare(before, after) for name, before, after in pairs}
    changed = {name: differences for name, differences in found.items() if differences}
    sys.stdout.write(_PRINT[options.format](changed))
    return 1 if changed and options.exit_code else 0


def _two(paths: Sequence[str]) -> tuple[str, list[Model], list[Model]]:
    if len(paths) != 2:
        raise SettingsError("name two files to compare, or revisions with --rev A..B")
    return paths[1], _models(paths[0]), _models(paths[1])


def _models(path: str) -> list[Model]:
    for file in files(Request([path])):
        if isinstance(file, File) and not file.trouble:
            return list(understand(file.data, file.name, file.settings, Asked((), neighbour_of(path), True)).models)
        raise SettingsError(f"{path}: {file.trouble if isinstance(file, File) else file.message}")
    raise SettingsError(f"{path}: no file to compare")


def _revisions(revisions: str, paths: Sequence[str]) -> Iterator[tuple[str, list[Model], list[Model]]]:
    """The changed configs between two revisions, with their models before and after."""
    old, _, new = revisions.partition("..")
    old, new = old or "HEAD", new.lstrip(".")
    if old.startswith("-") or new.startswith("-"):
        raise SettingsError(f"`{revisions}` names no revisions")
    for name in _git("diff", "--name-only", "-z", "--relative", old, *([new] if new else []), "--", *paths).split("\0"):
        if name.lower().endswith(SUFFIXES):
            yield name, _at(old, name), _at(new, name)


def _at(revision: str, name: str) -> list[Model]:
    """The models of a file at a revision (of the working tree when it is empty); none where it is absent."""
    if not revision:
        return _models(name) if os.path.isfile(name) else []
    try:
        text = _git("show", f"{revision}:./{name}")
    except SettingsError:
        return []
    return list(understand(text, name, asked=Asked((), neighbour_of(name), False)).models)


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SettingsError(
            f"git {arguments[0]}: {done.stderr.strip().splitlines()[0] if done.stderr.strip() else 'failed'}"
        )
    return done.stdout


def _text(found: dict[str, list[Difference]]) -> str:
    lines = []
    for name, differences in found.items():
        lines.append(name)
        lines += [f"  {d.subject}: {d.quantity} {d.before or 'absent'} → {d.after or 'absent'}" for d in differences]
    return "\n".join(lines or ["No change to the temporal coverage."]) + "\n"


def _markdown(found: dict[str, list[Difference]]) -> str:
    if not found:
        return "No change to the temporal coverage.\n"
    lines = ["| file | what | before | after |", "| --- | --- | --- | --- |"]
    for name, differences in found.items():
        cells = (
            (f"`{name}`", f"{d.subject} {d.quantity}", d.before or "absent", d.after or "absent") for d in differences
        )
        lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells]
    return "\n".join(lines) + "\n"


def _json(found: dict[str, list[Difference]]) -> str:
    listed = [{"path": name, "changes": [d._asdict() for d in differences]} for name, differences in found.items()]
    return json.dumps({"schema_version": 1, "files": listed}, ensure_ascii=False) + "\n"


_PRINT = {"text": _text, "markdown": _markdown, "json": _json}
