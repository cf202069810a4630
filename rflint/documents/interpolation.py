"""OmegaConf's interpolations: ``${a.b}``, ``${a[0]}``, relative ``${.b}`` and ``${..b}``, nested ``${a.${b}}``.

The grammar is omegaconf/grammar/OmegaConfGrammarParser.g4. Resolvers (``${oc.env:X}``) run with the program: unknown.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rflint.documents import limits
from rflint.documents.references import Trail, lookup
from rflint.documents.values import Found, Path, Unknown

if TYPE_CHECKING:
    from rflint.documents.document import Document

_OPEN = re.compile(r"(\\*)\$\{")
_INDEX = re.compile(r"[0-9]{1,9}")
_KEY = re.compile(r"""[^\\{}()\[\]:. \t'"]+""")
_BLANK, _DOTS = re.compile(r"[ \t]*"), re.compile(r"\.*")
_NESTED, _LONGEST = 20, 10_000


class Node(NamedTuple):
    """``${..a.b}``: how many dots lead it, and its keys, each a text or a node of its own."""

    dots: int
    keys: tuple[str | Node, ...]


class _Unreadable(Exception):
    """The text is no interpolation that can be read here: the reason."""


def interpolate(document: Document, path: Path, text: str, trail: Trail) -> Found:
    """What a text with ``${`` stands for: the place referred to when that is the whole text, else the text filled in."""
    parts = _parsed(text) if len(text) <= _LONGEST else "its interpolation is too long"
    if isinstance(parts, str):
        return Found(document, path, Unknown(parts, text))
    filled = ""
    for part in parts:
        found = _node(document, path, part, trail) if isinstance(part, Node) else Found(document, path, part)
        if isinstance(found.value, Unknown) or (len(parts) == 1 and isinstance(part, Node)):
            return found
        if isinstance(found.value, dict | list):
            return Found(document, path, Unknown("a list or mapping stands in its text", text))
        filled += str(found.value)
        if len(filled) > limits.TEXT:
            return Found(document, path, Unknown("its text grows too long", text))
    return Found(document, path, filled)


def _node(document: Document, path: Path, node: Node, trail: Trail) -> Found:
    words = list(path[: -node.dots] if node.dots else ())
    if node.dots > len(path):
        return Found(document, path, Unknown("its interpolation leads above the root"))
    for key in node.keys:
        found = _node(document, path, key, trail) if isinstance(key, Node) else Found(document, path, key)
        if not isinstance(found.value, str):
            return (
                found if isinstance(found.value, Unknown) else Found(document, path, Unknown("a key in it is no text"))
            )
        words.append(found.value)
    return lookup(document, words, _key_of, trail)


def _key_of(container: object, word: str | int) -> str | int | None:
    if isinstance(container, dict):
        return word if word in container else None
    is_index = isinstance(container, list) and _INDEX.fullmatch(str(word)) and int(word) < len(container)
    return int(word) if is_index else None


# -- reading the notation -------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _parsed(text: str) -> tuple[str | Node, ...] | str:
    """The texts and nodes that a value consists of, or why it cannot be read.

    Backslashes count only before ``${``: two are one, and one that is left over makes it a text.
    """
    parts: list[str | Node] = []
    position = 0
    try:
        while match := _OPEN.search(text, position):
            parts.append(text[position : match.start()] + match[1][: len(match[1]) // 2])
            position = match.end()
            if len(match[1]) % 2:
                parts.append("${")
            else:
                node, position = _read(text, position, 0)
                parts.append(node)
    except _Unreadable as reason:
        return str(reason)
    return tuple(part for part in (*parts, text[position:]) if part != "")


def _read(text: str, position: int, depth: int) -> tuple[Node, int]:
    """A node whose ``${`` ends at ``position``, and the place behind its brace."""
    if depth > _NESTED:
        raise _Unreadable("its interpolations are nested too deeply")
    position = _past(_BLANK, text, position)
    dots = _past(_DOTS, text, position) - position
    position += dots
    keys: list[str | Node] = []
    while True:
        bracket = text.startswith("[", position)
        key, position = _read_key(text, position + bracket, depth)
        keys.append(key)
        position = _expect("]", text, position) if bracket else position
        if text.startswith(".", position):
            position += 1
        elif not text.startswith("[", position):
            return Node(dots, tuple(keys)), _expect("}", text, _past(_BLANK, text, position))


def _read_key(text: str, position: int, depth: int) -> tuple[str | Node, int]:
    if text.startswith("${", position):
        return _read(text, position + 2, depth + 1)
    match = _KEY.match(text, position)
    if match is None:
        raise _Unreadable("OmegaConf cannot read its interpolation")
    return match[0], match.end()


def _expect(token: str, text: str, position: int) -> int:
    if text.startswith(token, position):
        return position + 1
    if text.startswith(":", _past(_BLANK, text, position)):
        raise _Unreadable("its interpolation is resolved when the program runs")
    raise _Unreadable("OmegaConf cannot read its interpolation")


def _past(run: re.Pattern[str], text: str, position: int) -> int:
    match = run.match(text, position)
    return match.end() if match else position
