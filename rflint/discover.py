"""From the paths of a command line to the files to check: named files as they are, folders walked."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

SUFFIXES = (".yaml", ".yml", ".json", ".jsonc", ".json5", ".nam", ".toml", ".yaml.j2", ".yml.j2")
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "site-packages", "venv", "build", "dist"})


class Candidate(NamedTuple):
    """A file to look at. A named file must be readable; a found one is let go when it is no model config.

    ``under`` is the folder that was named, of a file found below one.
    """

    path: str
    named: bool
    under: str = ""


class PathProblem(NamedTuple):
    """A path that cannot be looked at: a message for the person who named it."""

    path: str
    message: str


def discover(
    paths: Sequence[str], excludes: Callable[[str], bool], *, force_exclude: bool = False
) -> Iterator[Candidate | PathProblem]:
    """The files below the paths, folders in sorted order, each file once.

    Folders are walked for YAML, JSON and TOML without hidden and installed folders and without what .gitignore files
    list, those of the repository above included; links to folders are not followed. With ``force_exclude`` (a hook's
    file list) named files count as found ones.
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
        folders[:] = sorted(f for f in folders if _wanted(f) and not ignored(os.path.join(folder, f), is_folder=True))
        for name in sorted(files):
            path = os.path.normpath(os.path.join(folder, name))
            wanted = name.lower().endswith(SUFFIXES) and not ignored(path) and not excludes(path)
            if wanted and os.path.isfile(path):
                yield Candidate(path, False, root)
        yield from problems
        problems.clear()
    yield from problems


def _wanted(folder: str) -> bool:
    return folder not in SKIPPED_FOLDERS and (not folder.startswith(".") or folder in (".github",))


class _GitIgnore:
    """The .gitignore files from the top of the repository down, each for its own folder.

    Of several that speak of a path the deepest decides. pathspec is imported only when there is one.
    """

    def __init__(self, root: str) -> None:
        self._specs: list[tuple[str, Any]] = []
        for folder in _folders_above(os.path.abspath(root)):
            self.enter(folder, [".gitignore"] if os.path.exists(os.path.join(folder, ".gitignore")) else [])
        if self(root, is_folder=True):
            self._specs.clear()  # who names a folder means it

    def enter(self, folder: str, files: Sequence[str]) -> None:
        if ".gitignore" not in files:
            return
        try:
            with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="replace") as lines:
                self._specs.append((os.path.join(os.path.abspath(folder), ""), _git_patterns(lines)))
        except OSError:
            return  # an unreadable .gitignore hides nothing

    def __call__(self, path: str, *, is_folder: bool = False) -> bool:
        path = os.path.abspath(path) + ("/" if is_folder else "")
        for folder, spec in reversed(self._specs):
            if path.startswith(folder):
                verdict = spec.check_file(path[len(folder) :].replace(os.sep, "/")).include
                if verdict is not None:
                    return bool(verdict)
        return False


def _git_patterns(lines: Iterable[str]) -> Any:
    """The patterns of a .gitignore; a line that is none is passed over, as git does."""
    from pathspec import GitIgnoreSpec

    patterns: list[Any] = []
    for line in lines:
        with suppress(ValueError, re.error):
            patterns += GitIgnoreSpec.from_lines([line]).patterns
    return GitIgnoreSpec(patterns)


def _folders_above(folder: str) -> list[str]:
    """The folders of a repository that hold this one, outermost first; none outside of a repository."""
    above = [folder]
    while not os.path.exists(os.path.join(above[0], ".git")):
        parent = os.path.dirname(above[0])
        if parent == above[0]:
            return []
        above.insert(0, parent)
    return above[:-1]
