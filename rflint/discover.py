"""From the paths of a command line to the files to check: named files as they are, folders walked."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

SUFFIXES = (".yaml", ".yml", ".json", ".jsonc", ".json5")
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "site-packages", "venv", "build", "dist"})


class Candidate(NamedTuple):
    """A file to look at. A named file must be readable; a found one is let go when it is no model config."""

    path: str
    named: bool


class PathProblem(NamedTuple):
    """A path that cannot be looked at: a message for the person who named it."""

    path: str
    message: str


def discover(
    paths: Sequence[str], excludes: Callable[[str], bool], *, force_exclude: bool = False
) -> Iterator[Candidate | PathProblem]:
    """The files below the paths, folders in sorted order, each file once.

    Folders are walked for YAML and JSON without hidden and installed folders and without what .gitignore lists; links
    to folders are not followed. With ``force_exclude`` (a hook's file list) named files count as found ones.
    """
    seen: set[str] = set()
    for path in paths:
        for item in _below(path, excludes, force_exclude):
            if item.path not in seen:
                seen.add(item.path)
                yield item


def _below(path: str, excludes: Callable[[str], bool], force_exclude: bool) -> Iterator[Candidate | PathProblem]:
    if os.path.isdir(path):
        yield from _walk(path, excludes)
    elif not os.path.exists(path):
        yield PathProblem(path, "no such file or directory")
    elif not force_exclude:
        yield Candidate(os.path.normpath(path), named=True)
    elif not excludes(path):
        yield Candidate(os.path.normpath(path), named=False)


def _walk(root: str, excludes: Callable[[str], bool]) -> Iterator[Candidate | PathProblem]:
    problems: list[PathProblem] = []

    def unreadable(error: OSError) -> None:
        problems.append(PathProblem(error.filename, error.strerror or "cannot be read"))

    ignored = _GitIgnore(root)
    for folder, folders, files in os.walk(root, onerror=unreadable):
        ignored.enter(folder, files)
        folders[:] = sorted(f for f in folders if _wanted(f) and not ignored(os.path.join(folder, f) + "/"))
        for name in sorted(files):
            path = os.path.normpath(os.path.join(folder, name))
            if name.lower().endswith(SUFFIXES) and not ignored(path) and not excludes(path):
                yield Candidate(path, named=False)
        yield from problems
        problems.clear()
    yield from problems


def _wanted(folder: str) -> bool:
    return folder not in SKIPPED_FOLDERS and (not folder.startswith(".") or folder in (".github",))


class _GitIgnore:
    """The .gitignore files from the walked folder down, each for its own folder. pathspec is imported only for one."""

    def __init__(self, root: str) -> None:
        self._specs: list[tuple[str, Any]] = []
        self._root = root

    def enter(self, folder: str, files: Sequence[str]) -> None:
        if ".gitignore" not in files:
            return
        from pathspec import PathSpec

        try:
            with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="replace") as lines:
                self._specs.append((os.path.normpath(folder), PathSpec.from_lines("gitwildmatch", lines)))
        except OSError:
            return  # an unreadable .gitignore hides nothing

    def __call__(self, path: str) -> bool:
        folder_mark = "/" if path.endswith("/") else ""
        path = os.path.normpath(path)
        return any(
            spec.match_file(os.path.relpath(path, folder).replace(os.sep, "/") + folder_mark)
            for folder, spec in self._specs
            if folder == "." or path.startswith(folder + os.sep)
        )
