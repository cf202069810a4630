"""Where a value stands, and values that know where they came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from rflint.documents.document import Document

T = TypeVar("T")

Path = tuple[str | int, ...]
"""Keys and indices from the root of one document: ``("model", "conv_layers", 0)``."""


class Span(NamedTuple):
    """A stretch of text: 1-based lines and columns in code points, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class Place(NamedTuple):
    """A stretch of a file that is no value: a comment, or a file that cannot be read."""

    name: str
    span: Span
    pointer: str = ""


class Where(NamedTuple):
    """A place in a document. It becomes line and column only when something is printed."""

    document: Document
    path: Path
    on_key: bool = False

    @property
    def name(self) -> str:
        """The path of the file."""
        return self.document.name

    @property
    def pointer(self) -> str:
        """The place as a JSON Pointer (RFC 6901)."""
        return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in self.path)

    @property
    def key(self) -> str:
        """The nearest key above the value: ``upsample_rates`` for ``upsample_rates[2]``."""
        return next((part for part in reversed(self.path) if isinstance(part, str)), "")

    @property
    def span(self) -> Span:
        return self.document.span(self.path, on_key=self.on_key)


class Unknown(NamedTuple):
    """A value that a config names but that cannot be known from the files read: never a guess."""

    reason: str
    text: str = ""


MISSING = Unknown("the key is missing")
"""What stands at a key that is not written; accessors with a default give that."""


class Found(NamedTuple):
    """What a place holds when references are followed: the value, and the place that holds it."""

    document: Document
    path: Path
    value: object


class Value(NamedTuple, Generic[T]):
    """A value with its provenance.

    ``where`` is None when the framework's default or a derivation supplied it; ``origin`` says which:
    ``file``, ``framework default``, ``referenced file`` or ``derived``.
    """

    value: T
    where: Where | None = None
    origin: str = "file"

    @property
    def key(self) -> str:
        return self.where.key if self.where else ""


class NotComputable(Exception):
    """A quantity cannot be derived: the reason, and the key that stops it (None when a file lacks it).

    A dialect lets it rise; `Model.deriving` turns it into a note, which is no finding unless it is `Impossible`.
    """

    def __init__(self, reason: str, where: Where | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.where = where


class Impossible(NotComputable):
    """A quantity cannot be derived since the file holds a value of another type, or one that no network can have."""
