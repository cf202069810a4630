"""`base_config` of DiffSinger and its relatives: files under a config, whose keys it overrides.

A name is relative to the working directory of the program, which is a folder above the file (utils/hparams.py of
MoonInTheRiver/DiffSinger; openvpi takes a name that starts with a dot relative to the file).
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.documents import Cursor, Document
from rflint.documents.compose import merged

DEEPEST = 4
"""Folders between the working directory and a config, and files in a chain; published ones have two and three."""


class Layered:
    """A config over its bases: a key is read from the first file that has it, the config itself before its bases."""

    def __init__(self, root: Cursor) -> None:
        self.files = (root, *_bases(root, DEEPEST))

    def __getitem__(self, key: str) -> Cursor:
        return next((file[key] for file in self.files if file[key].exists), self.files[0][key])


def merged_with_bases(root: Cursor) -> Cursor:
    """A config with its bases under it, mappings merged key by key (Amphion utils/util.py, override_config)."""
    files = Layered(root).files
    return Cursor(merged([file.document for file in files])) if len(files) > 1 else root


def _bases(root: Cursor, depth: int) -> Iterator[Cursor]:
    """The files below a config, the strongest first; one that is not there is left out."""
    named = root["base_config"].value
    names = named if isinstance(named, list) else [named]
    for name in reversed(names) if depth else ():
        document = _find(root.document, name) if isinstance(name, str) else None
        if document is not None and document.name != root.document.name:
            below = Cursor(document)
            yield below
            yield from _bases(below, depth - 1)


def _find(document: Document, name: str) -> Document | None:
    """The file by its name relative to the config's folder, where it starts with a dot, or to a folder above."""
    ways = [name] if name.startswith(".") else ["../" * up + name for up in range(1, DEEPEST + 1)]
    return next((found for way in ways if (found := document.sibling(way)) is not None), None)
