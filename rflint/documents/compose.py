"""Composing: one document from several files, every value of it placed in its own file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rflint.documents import hydra
from rflint.documents.document import Document, Layers, Origin
from rflint.documents.references import plain
from rflint.documents.values import MISSING, Found, Path, Unknown


def composed(document: Document, disputed: str = "") -> Document:
    """A config with the files of its Hydra ``defaults`` list merged in; itself when it has no such list.

    Where the config's own content is merged over other values, those that differ are unknown for the reason ``disputed``.
    """
    if document.source.is_json or document.source.is_toml or not any(hydra.entries(document)):
        return document
    merge = _Merge(document)
    for part in hydra.parts(document):
        if part.document is None:
            merge.forget(part.package or (), part.missing)
        else:
            data = part.document.data if isinstance(part.document.data, dict) else {}
            merge.disputed = disputed if part.document is document else ""
            merge.add(part.document, {key: data[key] for key in data if key != "defaults"}, part.package or ())
    return merge.document(document)


def included(document: Document, path: Path, raw: object, name: str) -> Found:
    """What ``!include:name`` stands for: the file's data, in which a mapping below the tag overrides what it names."""
    other = document.sibling(name)
    if other is None or not document.neighbours.may_include(document.name, other.name):
        return Found(document, path, Unknown(f"`{name}` is not there, cannot be read, or includes itself"))
    if not isinstance(raw, dict) or not isinstance(other.data, dict):
        return Found(other, (), other.data)
    merge = _Merge(other)
    merge.add(other, other.data, ())
    overrides = {key: plain(document, (*path, key), value) for key, value in raw.items()}
    merge.add(document, overrides, (), start=path)
    made = merge.document(other)
    return Found(made, (), made.data)


def merged(strongest_first: Sequence[Document]) -> Document:
    """Several files of mappings as one, the first of them the strongest: chains of base configs."""
    merge = _Merge(strongest_first[0])
    for document in reversed(strongest_first):
        if isinstance(document.data, dict):
            merge.add(document, document.data, ())
    return merge.document(strongest_first[0])


class _Merge:
    """Merges files into one mapping by OmegaConf's rules: mappings key by key, lists and scalars as a whole."""

    def __init__(self, first: Document) -> None:
        self._data: dict[Any, Any] = {}
        self._layers = Layers(Origin(first, ()), [], {})
        self.disputed = ""
        """Why a value merged over another one is unknown; empty when it holds."""

    def document(self, first: Document) -> Document:
        """What was merged, as a document that stands in the first file."""
        made = Document(first.source, None, self._data, first.loader, self._layers)
        made.origin, made.base, made.neighbours = first.origin, first.base, first.neighbours
        return made

    def add(self, document: Document, data: dict[Any, Any], package: Path, start: Path = ()) -> None:
        """Merge a file's data, which stands at ``start`` in it, under the keys of a package."""
        self._layers.documents.append(document)
        for key in reversed(package):
            data = {key: data}
        whole = Origin(document, start)
        self._data = self._merged(self._data, data, self._layers.origin, whole, len(package), ())

    def _merged(
        self, old: dict[Any, Any], new: dict[Any, Any], origin: Origin, source: Origin, package: int, path: Path
    ) -> dict[Any, Any]:
        """A mapping merged into another; the keys of a package, ``package`` levels deep, stand nowhere in the source."""
        merged = dict(old)
        for key, value in new.items():
            before = merged.get(key, MISSING)
            if value == "???" and before is not MISSING:
                continue
            here = source if package else Origin(source.document, (*source.path, key))
            both = isinstance(value, dict) and isinstance(before, dict)
            place = self._place(origin, key, here, before if both else None, keep=both and package > 0)
            if both or package > 1:
                value = self._merged(before if both else {}, value, place, here, max(package - 1, 0), (*path, key))
            elif isinstance(value, dict) and isinstance(before, str) and "${" in before:
                self._layers.absent[*path, key] = "it is merged into what an interpolation stands for"
            is_disputed = self.disputed and not both and before not in (MISSING, value)
            merged[key] = Unknown(self.disputed) if is_disputed else value
        return merged

    def _place(self, origin: Origin, key: Any, here: Origin, before: dict[Any, Any] | None, *, keep: bool) -> Origin:
        """Note where a key stands now; where a mapping is merged into another, the keys of that stay where they were."""
        known = origin.below.get(key) or Origin(origin.document, (*origin.path, key))
        for inner in before or ():
            known.below.setdefault(inner, Origin(known.document, (*known.path, inner)))
        place = known if keep else Origin(here.document, here.path)
        place.below = known.below if before is not None else {}
        origin.below[key] = place
        return place

    def forget(self, package: Path, reason: str) -> None:
        """Whatever stands under a package may have been set by a file that is not there."""
        self._layers.absent[package] = reason
        self._data = self._forgotten(self._data, package, Unknown(reason))

    def _forgotten(self, data: Any, package: Path, unknown: Unknown) -> Any:
        if not isinstance(data, dict):
            return unknown
        if package and package[0] not in data:
            return data
        rest = package[1:]
        touched = [package[0]] if package else list(data)
        return {**data, **{key: self._forgotten(data[key], rest, unknown) for key in touched}}
