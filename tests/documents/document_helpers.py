"""What the tests of the documents share: reading a text, what a document means, and how far one can be walked."""

from __future__ import annotations

from rflint.documents import Cursor, Document, read
from rflint.documents.values import Path, Span, Unknown


def document_of(text: str | bytes, name: str = "config.yaml", loader: str = "pyyaml") -> Document:
    """The first document of a text that reads without a problem."""
    documents, problems = read(text, name, loader)
    assert problems == []
    return documents[0]


def cursor_of(text: str | bytes, name: str = "config.yaml", loader: str = "pyyaml") -> Cursor:
    return Cursor(document_of(text, name, loader))


def problems_of(text: str | bytes, name: str = "config.yaml") -> list[tuple[str, int, int]]:
    """The problems of a text: kind, line, column."""
    return [(problem.kind, problem.span.line, problem.span.column) for problem in read(text, name).problems]


def meaning(cursor: Cursor) -> object:
    """The data below a place with all references followed; what is not known is its `Unknown`."""
    value = cursor.value
    if isinstance(value, dict):
        return {key: meaning(cursor[key]) for key in value}
    if isinstance(value, list):
        return [meaning(cursor[index]) for index in range(len(value))]
    return value


def texts(document: Document, *paths: Path) -> list[str]:
    """What stands at the spans of some paths."""
    return [text_at(document, document.span(path)) for path in paths]


def text_at(document: Document, span: Span) -> str:
    source = document.source
    return source.text[source.offset(span.line, span.column) : source.offset(span.end_line, span.end_column)]


def walk(cursor: Cursor, limit: int = 2000) -> int:
    """Ask everything of every place below one, references followed; how many places there were, at most ``limit``."""
    waiting, count = [cursor], 0
    while waiting and count < limit:
        here = waiting.pop()
        count += 1
        document, path = here.where.document, here.where.path
        for on_key in (False, True):
            span = document.span(path, on_key=on_key)
            assert 1 <= span.line <= span.end_line <= len(document.source.lines)
            assert span.column >= 1 and (span.line, span.column) <= (span.end_line, span.end_column)
        assert isinstance(here.value, dict | list | str | int | float | bool | None | Unknown)
        document.comment_on(path)
        _ = here.tag, here.key, here.where.pointer, here["missing"].exists, here[0].value
        waiting += list(here)
    return count
