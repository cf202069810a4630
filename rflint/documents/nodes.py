"""Nodes: what a file holds before scalars are resolved, each with its place in the text.

A scalar is PyYAML's ScalarEvent as it comes (making another object of each would double the time of reading); a JSON
scalar has the same attributes. Marks count lines, columns and offsets from 0, in code points.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from rflint.documents.values import Span


class Mark(Protocol):
    """A place in a text."""

    @property
    def index(self) -> int: ...
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class Scalar(Protocol):
    """A scalar: its text, its tag (None when none is written), and ``implicit[0]``: it is plain, and so resolved."""

    @property
    def value(self) -> str: ...
    @property
    def tag(self) -> str | None: ...
    @property
    def implicit(self) -> tuple[bool, bool]: ...
    @property
    def start_mark(self) -> Mark: ...
    @property
    def end_mark(self) -> Mark: ...


class Collection:
    """A list (``items`` are its nodes) or a mapping (``items`` are key, value, key, value, ...).

    The end mark of a block collection (``flow`` is false) lies at the next token and is not to be underlined.
    """

    __slots__ = ("end_mark", "flow", "is_mapping", "items", "start_mark", "tag")

    def __init__(self, is_mapping: bool, tag: str | None, start_mark: Mark, end_mark: Mark, flow: bool) -> None:
        self.is_mapping = is_mapping
        self.items: list[Node] = []
        self.tag = tag
        self.start_mark = start_mark
        self.end_mark = end_mark
        self.flow = flow


class Alias(NamedTuple):
    """A use of an anchored node: the node, and where the alias itself stands."""

    node: Scalar | Collection
    start_mark: Mark
    end_mark: Mark


Node = Scalar | Collection | Alias


def target(node: Node) -> Scalar | Collection:
    """The node itself, or the one that an alias stands for."""
    return node.node if isinstance(node, Alias) else node


def span_of(node: Node) -> Span:
    """The 1-based span of a node."""
    start, end = node.start_mark, node.end_mark
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def start_of(node: Node) -> Span:
    """The first character of a node."""
    mark = node.start_mark
    return Span(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)
