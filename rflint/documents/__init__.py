"""Text to located data: YAML, JSON and TOML read as the frameworks read them, every value with its place.

`read` never raises: what could be understood comes back beside the problems met. Nothing in a file is executed or
constructed, and limits on depth, size, alias expansion and digits bound time and memory on any input.
"""

from rflint.documents.cursor import Cursor
from rflint.documents.document import Document
from rflint.documents.reading import Reading, read
from rflint.documents.source import Comment, ReadProblem, Source
from rflint.documents.values import Impossible, NotComputable, Path, Place, Span, Unknown, Value, Where

__all__ = [
    "Comment",
    "Cursor",
    "Document",
    "Impossible",
    "NotComputable",
    "Path",
    "Place",
    "ReadProblem",
    "Reading",
    "Source",
    "Span",
    "Unknown",
    "Value",
    "Where",
    "read",
]
