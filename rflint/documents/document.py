"""A document: plain data, and for every value of it the place where it stands."""

from __future__ import annotations

import posixpath
import re
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from rflint.documents.neighbours import Neighbours, Read
from rflint.documents.nodes import Node, target
from rflint.documents.places import Places
from rflint.documents.source import Comment, Source
from rflint.documents.values import MISSING, Found, Path, Span, Unknown

if TYPE_CHECKING:
    from rflint.documents.references import Trail

_AFTER_VALUE = re.compile(r"\s*,?\s*")
_AFTER_KEY = re.compile(r"\s*:\s*(?:[&!|>]\S*\s*)*[\[{]?\s*")
"""What may stand between a value or a key and the comment that speaks of it."""
_NONE = Neighbours(None, "")


class Origin:
    """Where a part of a composed document comes from: a document, a path in it, and exceptions below by key."""

    __slots__ = ("below", "document", "path")

    def __init__(self, document: Document, path: Path) -> None:
        self.document = document
        self.path = path
        self.below: dict[str | int, Origin] = {}


class Layers(NamedTuple):
    """What a composed document is made of.

    ``absent`` holds the paths below which a file that is not there may set anything, and why.
    """

    origin: Origin
    documents: list[Document]
    absent: dict[Path, str]


class Document:
    """One document of a file, or one composed of several. ``data`` is plain data; places are found only when asked for."""

    def __init__(self, source: Source, root: Node | None, data: Any, loader: str, layers: Layers | None = None) -> None:
        self.source = source
        self.data = data
        self.loader = loader
        self.origin = "file"
        """Of its values: ``file``, or ``referenced file`` when another file's text led here."""
        self.base = ""
        """The folder that names in it are relative to, seen from the checked file's."""
        self._stream: tuple[Document, ...] = ()
        self.lines = range(1, sys.maxsize)
        """Its lines (1-based): those of the whole file, unless that holds several documents."""
        self.neighbours = _NONE
        self._root = root
        self._layers = layers
        self._followed: dict[Path, Found] = {}
        self._composed: dict[str, Document] = {}

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def neighbour(self) -> Read | None:
        """The callback that reads files beside this one."""
        return self.neighbours.read

    @neighbour.setter
    def neighbour(self, read: Read | None) -> None:
        self.neighbours = Neighbours(read, posixpath.dirname(self.name))

    @property
    def stream(self) -> tuple[Document, ...]:
        """All documents of a multi-document file, in their order: some frameworks merge them."""
        return self._stream or (self,)

    @stream.setter
    def stream(self, documents: tuple[Document, ...]) -> None:
        self._stream = documents if len(documents) > 1 else ()  # a document that holds itself is freed late

    # -- places ---------------------------------------------------------------------------------------------------
    def locate(self, path: Path) -> tuple[Document, Path]:
        """The file's own document that a place stands in, and its path there."""
        if self._layers is None:
            return self, path
        here, depth = self._layers.origin, 0
        while depth < len(path) and path[depth] in here.below:
            here, depth = here.below[path[depth]], depth + 1
        return here.document.locate((*here.path, *path[depth:]))

    @cached_property
    def _places(self) -> Places:
        root = self._root
        if root is None and self.source.is_json:
            from rflint.documents.json_reader import parse

            root = parse(self.source)[0]
        elif root is None and self.source.is_toml:
            from rflint.documents import toml_reader

            root = toml_reader.parse(self.source)[0]
        return Places(root, self.loader)

    def span(self, path: Path, *, on_key: bool = False) -> Span:
        """The place of a value: its text, or its key when it is a block; of a missing value, the nearest key above."""
        if path[:1] == ("#",) and len(path) > 1:
            return self._comment_span(int(path[1]))
        document, path = self.locate(path)
        return document._places.span(path, on_key=on_key)

    def _comment_span(self, line: int) -> Span:
        comment = self.source.comments.get(line)
        column = comment.column if comment else 1
        return Span(line, column, line, column + (len(comment.text.splitlines()[0]) if comment else 0))

    @cached_property
    def refers(self) -> bool:
        """True when there may be references or values that are not known: most files have none."""
        marks = ("${", "???", "!", "<") if self.loader == "speakerlab" else ("${", "???", "!")
        return self._layers is not None or any(mark in self.source.text for mark in marks)

    @cached_property
    def has_tags(self) -> bool:
        """True when there may be tags: most files have none, and are not searched for them."""
        if self._layers:
            return any(document.has_tags for document in self._layers.documents)
        return "!" in self.source.text and not (self.source.is_json or self.source.is_toml)

    def tag(self, path: Path) -> str | None:
        """The tag written at a value (``!ref``), or None."""
        document, path = self.locate(path)
        node = document._places.value(path) if document.has_tags else None
        return target(node).tag if node is not None else None

    @property
    def comments(self) -> list[Comment]:
        """The comments on its lines."""
        return [comment for line, comment in self.source.comments.items() if line in self.lines]

    def comment_on(self, path: Path) -> Comment | None:
        """The comment beside a value; of a key's, else beside the key, else alone on the line above it."""
        document, path = self.locate(path)
        comments, lines = document.source.comments, document.source.lines
        if not comments:
            return None
        key, value = document._places.spans(path)
        for place, between in ((value, _AFTER_VALUE), (key, _AFTER_KEY)):
            beside = comments.get(place.end_line)
            if beside and between.fullmatch(lines[place.end_line - 1], place.end_column - 1, beside.column - 1):
                return beside
            if not path or isinstance(path[-1], int):
                return None  # an item has no key of its own
        above = comments.get(key.line - 1)
        return above if above and not lines[above.line - 1][: above.column - 1].strip() else None

    # -- values ---------------------------------------------------------------------------------------------------
    def follow(self, path: Path, raw: object, trail: Trail = ()) -> Found:
        """The place and the value that the value written at a path stands for, references followed.

        `Unknown` is the value where they lead out of the files at hand. Each place is followed once.
        """
        if not self.refers or not (self.has_tags or (isinstance(raw, str) and self._is_reference(raw))):
            return Found(self, path, raw)
        found = self._followed.get(path)
        if found is None:
            from rflint.documents.references import follow

            found = follow(self, path, raw, trail)
            if found.value is not raw:
                self.remember(path, found)
        return found

    def _is_reference(self, text: str) -> bool:
        return "${" in text or text == "???" or (self.loader == "speakerlab" and "<" in text)

    def remember(self, path: Path, found: Found) -> None:
        """Note what a place stands for, so that it is not followed again."""
        self._followed[path] = found

    def resolve(self, path: Path, raw: object) -> object:
        """The value meant: interpolations and references followed, `Unknown` where they lead out."""
        return self.follow(path, raw).value

    def missing(self, path: Path, reason: str = "") -> Unknown:
        """What stands at a path that is not written: `MISSING`, unless a file that is not there may have set it."""
        for start, absent in (self._layers.absent if self._layers else {}).items():
            if path[: len(start)] == start:
                return Unknown(absent)
        return Unknown(reason) if reason else MISSING

    def known(self) -> object:
        """The data as a schema may judge it: references followed to plain values, `Unknown` for all that is not known."""
        if not self.refers:
            return self.data
        from rflint.documents.references import plain

        return plain(self, (), self.data)

    # -- other texts ------------------------------------------------------------------------------------------------
    def parsed_again(self, loader: str) -> Document:
        """The same text by other scalar rules; nodes are shared."""
        if loader == self.loader or self._root is None:
            return self
        from rflint.documents.build import Builder

        again = Document(self.source, self._root, Builder(loader).build(self._root), loader)
        again.origin, again.base, again.neighbours = self.origin, self.base, self.neighbours
        again.stream, again.lines = self.stream, self.lines
        return again

    def sibling(self, name: str) -> Document | None:
        """Another file, by its path relative to this one; None when it is not there or cannot be read.

        Paths may lead up (``..``) as far as the callback allows: the command line's ends at the project's root.
        """
        return self.neighbours.get(posixpath.join(self.base, name), self.loader)

    def upward(self, name: str) -> Document | None:
        """A file by its path relative to this one's folder or to one of the four above, the nearest first.

        That is how a path is read that is relative to the folder a program runs in.
        """
        ways = ("../" * up + name for up in range(5))
        return next((found for way in ways if (found := self.sibling(way)) is not None), None)

    def composed(self, *, disputed: str = "") -> Document:
        """The document with the files of its Hydra ``defaults`` list merged in; itself when it has none.

        Every value stands in its own file; what a file that is not there may set is `Unknown`. ``disputed`` says why it
        is not certain whether the config's own values or those of its groups hold: where they differ, it is `Unknown`.
        """
        if disputed not in self._composed:
            from rflint.documents.compose import composed

            self._composed[disputed] = composed(self, disputed)
        return self._composed[disputed]
