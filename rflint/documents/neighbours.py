"""The files around the checked one: each read once, through a callback, and never more than a few."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING

from rflint.documents import limits

if TYPE_CHECKING:
    from rflint.documents.document import Document

Read = Callable[[str], "bytes | None"]
"""Gives the bytes of a file by its path relative to the checked file's folder; None when it may not or cannot be read."""


class Neighbours:
    """The files that may be read beside a checked file, whose folder is ``folder`` (as it is printed)."""

    def __init__(self, read: Read | None, folder: str) -> None:
        self.read = read
        self._folder = folder
        self._known: dict[tuple[str, str], Document | None] = {}
        self._included: dict[str, set[str]] = {}

    def get(self, path: str, loader: str) -> Document | None:
        """The first document of a file; None when it is not there, cannot be read, or too many were read already."""
        if self.read is None:
            return None
        path = posixpath.normpath(path)
        if (path, loader) not in self._known:
            self._known[path, loader] = self._load(path, loader)
        return self._known[path, loader]

    @property
    def documents(self) -> list[Document]:
        """What was read so far."""
        return [document for document in self._known.values() if document is not None]

    def _load(self, path: str, loader: str) -> Document | None:
        from rflint.documents.document import Document
        from rflint.documents.reading import read
        from rflint.documents.source import Source, decode

        full = len(self._known) >= limits.FILES or posixpath.isabs(path)
        data = self.read(path) if self.read and not full else None
        if data is None:
            return None
        name = posixpath.normpath(posixpath.join(self._folder, path))
        documents, problems = read(data, name, loader)
        if problems and not documents:
            return None
        document = documents[0] if documents else Document(Source(name, decode(data)[0]), None, None, loader)
        document.neighbours, document.origin = self, "referenced file"
        document.base = posixpath.dirname(path)
        return document

    def may_include(self, name: str, other: str) -> bool:
        """Note that a file includes another; False, and nothing noted, when that would come round in a circle."""
        waiting, seen = [other], set()
        while waiting:
            here = waiting.pop()
            if here == name:
                return False
            if here not in seen:
                seen.add(here)
                waiting += self._included.get(here, ())
        self._included.setdefault(name, set()).add(other)
        return True
