"""Places: from a path of keys and indices to the nodes, and from these to lines and columns."""

from __future__ import annotations

from rflint.documents.build import Builder, entries
from rflint.documents.nodes import Alias, Collection, Node, span_of, start_of, target
from rflint.documents.values import Path, Span

_TALL = 4
"""Lines: a value of more is shown by its key."""


class Places:
    """The places of one document. Each mapping is indexed once, when first looked into."""

    def __init__(self, root: Node | None, loader: str) -> None:
        self.root = root
        self._key = Builder(loader).key
        self._indices: dict[int, dict[object, tuple[Node, Node]]] = {}
        self._values: dict[Path, Node | None] = {}

    def find(self, path: Path) -> tuple[Node | None, Node | None]:
        """The key node and the value node of a path; of one that leads too far, those of the nearest place above.

        The key is the nearest one above for the items of a list in brackets, and none for those of a block list.
        """
        key, here = None, self.root
        for part in path:
            found = self._step(target(here), part) if here else None
            if found is None:
                return key, here if key is None or not isinstance(here, Collection | Alias) else None
            key = found[0] or (key if _is_flow(here) else None)
            here = found[1]
        return key, here

    def value(self, path: Path) -> Node | None:
        """The value node at exactly this path."""
        if not path:
            return self.root
        if path not in self._values:
            above = self.value(path[:-1])
            found = self._step(target(above), path[-1]) if above else None
            self._values[path] = found[1] if found else None
        return self._values[path]

    def span(self, path: Path, *, on_key: bool = False) -> Span:
        """The place of a value: its text, or its key when it is a block; of a missing value, the nearest key above."""
        return _span(*self.find(path), on_key=on_key)

    def spans(self, path: Path) -> tuple[Span, Span]:
        """The places of a key and of its value."""
        key, value = self.find(path)
        return _span(key, value, on_key=True), _span(key, value, on_key=False)

    def _step(self, node: Node, part: str | int) -> tuple[Node | None, Node] | None:
        if not isinstance(node, Collection):
            return None
        if node.is_mapping:
            return self._index(node).get(part)
        inside = isinstance(part, int) and -len(node.items) <= part < len(node.items)
        return (None, node.items[part]) if inside else None  # type: ignore[index]

    def _index(self, node: Collection) -> dict[object, tuple[Node, Node]]:
        index = self._indices.get(id(node))
        if index is None:
            index = {key: (key_node, value) for key, key_node, value in entries(node, self._key)}
            self._indices[id(node)] = index
        return index


def _span(key: Node | None, value: Node | None, *, on_key: bool) -> Span:
    if key is not None and (on_key or value is None or not _drawable(value)):
        return span_of(key)
    if value is None:
        return Span(1, 1, 1, 1)
    return span_of(value) if _drawable(value) else start_of(value)


def _is_flow(node: Node | None) -> bool:
    inner = target(node) if node else None
    return isinstance(inner, Collection) and inner.flow


def _drawable(node: Node) -> bool:
    return isinstance(node, Alias) or (
        (not isinstance(node, Collection) or node.flow) and node.end_mark.line - node.start_mark.line < _TALL
    )
