"""Comments: a mark inside a quoted text or a block text is none."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from rflint.documents.source import Comment, Source

_JSON = r""""(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|(//[^\n\r]*|/\*.*?\*/)"""
_YAML = re.compile("#(?<![^ \t\ufeff\n\r\x85\u2028\u2029]#)[^\n\r\x85\u2028\u2029]*")


def find_comments(source: Source) -> Iterator[Comment]:
    """The comments of a file in order."""
    for start, text in _toml(source) if source.is_toml else _json(source) if source.is_json else _yaml(source):
        yield Comment(*source.position(start), text)


def _json(source: Source) -> Iterator[tuple[int, str]]:
    return ((match.start(), match[1]) for match in re.finditer(_JSON, source.text, re.DOTALL) if match[1])


def _toml(source: Source) -> Iterator[tuple[int, str]]:
    from rflint.documents.toml_reader import comments

    return comments(source)


def _yaml(source: Source) -> Iterator[tuple[int, str]]:
    """Marks outside of texts; after a mark within one the search goes on where that text ends."""
    texts: list[tuple[int, int]] | None = None
    match = _YAML.search(source.text)
    while match:
        texts = sorted(_texts(source)) if texts is None else texts
        before = bisect_right(texts, (match.start(), len(source.text)))
        end = texts[before - 1][1] if before else 0
        if match.start() < end:
            match = _YAML.search(source.text, end)
        else:
            yield match.start(), match[0]
            match = _YAML.search(source.text, match.end())


def _texts(source: Source) -> Iterator[tuple[int, int]]:
    """The stretches that quoted and block texts take; a comment in the head line of a block text is outside."""
    for node in source.quoted:
        start, end = node.start_mark, node.end_mark
        is_block = getattr(node, "style", None) in ("|", ">")
        yield source.starts[start.line + 1] if is_block and end.line > start.line else start.index, end.index
