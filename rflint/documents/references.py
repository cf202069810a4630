"""References: a place is followed to the place that it stands for, whatever the notation, and cycles end.

`follow` knows the notations: OmegaConf's ``${...}`` and ``???``, HyperPyYAML's tags, 3D-Speaker's ``<key>``. `lookup` is
what they share: a walk from the root of a document that follows what it meets on its way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from rflint.documents import limits
from rflint.documents.values import MISSING, Found, Path, Unknown

if TYPE_CHECKING:
    from rflint.documents.document import Document

Trail = tuple[tuple[int, Path], ...]
"""The places (document identity and path) whose references are being followed, outermost first."""
CYCLE = Unknown("its reference leads back to itself")
KeyOf = Callable[[object, "str | int"], "str | int | None"]
"""The key or index that a word of a reference means in a mapping or list; None when the notation allows none."""


class _Deeper(Exception):
    """The trail has grown long: the place to follow first (document, path, value)."""


def follow(document: Document, path: Path, raw: object, trail: Trail) -> Found:
    """The place and the value that a place stands for: itself, unless it holds a reference.

    Where a chain of references is longer than the stack of calls should be, what lies further on is followed first.
    """
    if trail:
        return _follow(document, path, raw, trail)
    waiting, known = [(document, path, raw)], {(id(document), path)}
    while True:
        try:
            found = _follow(*waiting[-1], ())
        except _Deeper as deeper:
            document, path, raw = deeper.args
            if (id(document), path) in known:
                document.remember(path, Found(document, path, CYCLE))
            else:
                known.add((id(document), path))
                waiting.append((document, path, raw))
            continue
        document, path, _ = waiting.pop()
        if not waiting:
            return found
        document.remember(path, found)


def _follow(document: Document, path: Path, raw: object, trail: Trail) -> Found:
    if isinstance(raw, Unknown):
        return Found(document, path, raw)
    if (id(document), path) in trail:
        return Found(document, path, CYCLE)
    if isinstance(raw, str):
        if raw == "???":
            return Found(document, path, Unknown("it is mandatory and to be given elsewhere (`???`)", raw))
        if "${" in raw:
            from rflint.documents.interpolation import interpolate

            return interpolate(document, path, raw, _extended(document, path, raw, trail))
        if document.loader == "speakerlab" and "<" in raw:
            from rflint.documents.hyperpyyaml import refer

            return refer(document, path, raw, _extended(document, path, raw, trail))
    tag = document.tag(path) if document.has_tags else None
    if tag is not None:
        from rflint.documents.hyperpyyaml import follow_tag

        return follow_tag(document, path, raw, tag, _extended(document, path, raw, trail))
    return Found(document, path, raw)


def _extended(document: Document, path: Path, raw: object, trail: Trail) -> Trail:
    if len(trail) >= limits.CHAIN:
        raise _Deeper(document, path, raw)
    return (*trail, (id(document), path))


def lookup(document: Document, words: Iterable[str | int], key_of: KeyOf, trail: Trail) -> Found:
    """The place that a reference's words lead to from the root, references on the way and at the end followed."""
    here = Found(document, (), document.data)
    for word in words:
        key = key_of(here.value, word)
        path = (*here.path, word if key is None else key)
        if key is None:
            return Found(here.document, path, here.document.missing(path, f"`{word}` is not in this file"))
        below = here.value[key]  # type: ignore[index]  # key_of found it there
        here = here.document.follow(path, below, trail)
        if isinstance(here.value, Unknown):
            return here
    return here


def plain(document: Document, path: Path, raw: object) -> object:
    """A value with all references in it followed to plain values, and `Unknown` where that leads nowhere.

    Collections that are reached by reference are `Unknown`, too: they are judged where they stand.
    """
    if not document.has_tags and not isinstance(raw, str | list | dict):
        return raw
    found = document.follow(path, raw)
    value = found.value
    if isinstance(value, dict | list) and (found.document is not document or found.path != path):
        return Unknown("it is given by reference")
    if isinstance(value, list):
        return [plain(document, (*path, index), item) for index, item in enumerate(value)]
    if isinstance(value, dict):
        if document.missing(path) is not MISSING:
            return Unknown("a file that is not there may set more of it")
        return {key: plain(document, (*path, key), item) for key, item in value.items()}
    return value
