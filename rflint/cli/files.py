"""Reading the files that a command line names: bytes from disk or standard input, nothing outside the project root."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from rflint.discover import Candidate, PathProblem, discover
from rflint.settings import Settings, read_settings, settings_for

LARGEST = 16 * 1024 * 1024
"""Bytes; configs are kilobytes, the largest feature-extractor dumps megabytes."""
_TOO_LARGE = f"The file is larger than {LARGEST // 2**20} MB and was not read"
ROOTS = (".git", "pyproject.toml", "rflint.toml")
"""What marks the root of a project."""


class File(NamedTuple):
    """A file to understand: its name as printed, its bytes (or why they cannot be had), its settings.

    ``under`` is the folder named on the command line that it was found below.
    """

    name: str
    data: bytes
    settings: Settings
    named: bool
    trouble: str = ""
    under: str = ""


class Request(NamedTuple):
    """The paths of a command line, and the options that choose among the files below them."""

    paths: Sequence[str]
    stdin_filename: str = "stdin.yaml"
    force_exclude: bool = False
    config: str | None = None
    isolated: bool = False

    @property
    def standard_input(self) -> bool:
        return list(self.paths) == ["-"]

    def settings(self, path: str) -> Settings:
        """The settings that hold where a file stands. Raises SettingsError."""
        if self.isolated:
            return Settings()
        if self.config:
            return read_settings(self.config)
        return settings_for(os.path.dirname(os.path.abspath(path)))

    def candidates(self) -> Iterator[Candidate | PathProblem]:
        """The files below the paths, in order."""
        return discover(self.paths, lambda path: self.settings(path).excludes(path), force_exclude=self.force_exclude)


def files(
    request: Request, adjust: Callable[[Settings], Settings] = lambda settings: settings
) -> Iterator[File | PathProblem]:
    """The files of a request, in order, each with the settings that hold where it stands."""
    if request.standard_input:
        yield read_standard_input(request, adjust(request.settings(request.stdin_filename)))
        return
    for item in request.candidates():
        yield item if isinstance(item, PathProblem) else read_candidate(item, adjust(request.settings(item.path)))


def read_standard_input(request: Request, settings: Settings) -> File:
    """Standard input as a file of the name it is given."""
    data = sys.stdin.buffer.read(LARGEST + 1)
    return File(request.stdin_filename, data, settings, True, _TOO_LARGE if len(data) > LARGEST else "")


def read_candidate(candidate: Candidate, settings: Settings) -> File:
    """The content of a file, or why it cannot be had."""
    data, trouble = b"", ""
    try:
        if not os.path.isfile(candidate.path):
            trouble = "This is no regular file"
        elif os.path.getsize(candidate.path) > LARGEST:
            trouble = _TOO_LARGE
        else:
            with open(candidate.path, "rb") as file:
                data = file.read(LARGEST + 1)
    except OSError as error:
        trouble = f"The file cannot be read: {error.strerror or error}"
    return File(candidate.path, data, settings, candidate.named, trouble, candidate.under)


def neighbour_of(name: str, under: str = "") -> Callable[[str], bytes | None]:
    """Reads files by their paths relative to the folder of ``name``, nothing outside the project.

    The project is that of `project_root`. Links that lead out of it are not followed.
    """

    def read(other: str) -> bytes | None:
        folder = os.path.dirname(os.path.abspath(name))
        root = os.path.realpath(project_root(folder, under))
        path = os.path.realpath(os.path.join(folder, other)) if "\0" not in other else ""
        if not path.startswith(os.path.join(root, "")) or not os.path.isfile(path):
            return None
        try:
            if os.path.getsize(path) > LARGEST:
                return None
            with open(path, "rb") as file:
                return file.read(LARGEST)
        except OSError:
            return None

    return read


def project_root(folder: str, under: str = "") -> str:
    """The nearest folder upward that holds one of `ROOTS`; else the current folder, or the one ``under`` which files were
    looked for, if this lies below it; else itself.
    """
    here = folder
    while not any(os.path.exists(os.path.join(here, mark)) for mark in ROOTS):
        above = os.path.dirname(here)
        if above == here:
            places = [os.getcwd(), *([os.path.abspath(under)] if under else [])]
            inside = (p for p in places if os.path.join(folder, "").startswith(os.path.join(p, "")))
            return next(inside, folder)
        here = above
    return here
