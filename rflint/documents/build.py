"""Nodes to plain data: scalars resolved, merge keys applied, aliases shared, duplicates noted, expansion bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from rflint.documents import limits
from rflint.documents.nodes import Alias, Collection, Node, Scalar, span_of, start_of, target
from rflint.documents.scalars import (
    PAST_NUMBERS,
    USUAL,
    TooManyDigits,
    flat_tuple,
    floating,
    integer,
    number,
    resolve,
    rules_of,
)
from rflint.documents.source import ReadProblem

_CORE = "tag:yaml.org,2002:"
_NESTED = frozenset({Collection, Alias})
_PROBLEMS = 100


class Builder:
    """Builds the data of one root, by the scalar rules of one loader. The root must have been measured."""

    def __init__(self, loader: str) -> None:
        self.problems: list[ReadProblem] = []
        self._loader = loader
        self._word = rules_of(loader).words.get
        self._tuples = loader == "ruamel"
        self._built: dict[int, Any] = {}

    def build(self, node: Node) -> Any:
        """Plain data; what an alias stands for is shared, not copied."""
        node = target(node)
        if not isinstance(node, Collection):
            return self._scalar(node)
        built = self._built.get(id(node))
        if built is None:
            built = self._mapping(node) if node.is_mapping else self._list(node)
            self._built[id(node)] = built
        return built

    def key(self, node: Node) -> Any:
        """The value of a key; a collection, which no loader accepts as one, is its text."""
        value = self.build(node)
        return str(value)[:100] if isinstance(value, list | dict) else value

    def _list(self, node: Collection) -> list[Any]:
        build, scalar = self.build, self._scalar
        return [build(item) if type(item) in _NESTED else scalar(item) for item in node.items]  # type: ignore[arg-type]

    def _mapping(self, node: Collection) -> dict[Any, Any]:
        build, scalar, tuples = self.build, self._scalar, self._tuples
        data: dict[Any, Any] = {}
        for key_node, value_node in pairs(node):
            key = self.key(key_node) if type(key_node) in _NESTED or tuples else scalar(key_node)  # type: ignore[arg-type]
            value = build(value_node) if type(value_node) in _NESTED else scalar(value_node)  # type: ignore[arg-type]
            if key in data:
                self._duplicate(node, key, key_node, harmless=data[key] == value)
            data[key] = value
        if "<<" not in data:
            return data
        self._check_merges(node)
        return {key: build(value_node) for key, _, value_node in entries(node, self.key)}

    def _duplicate(self, node: Collection, key: Any, again: Node, *, harmless: bool) -> None:
        if len(self.problems) >= _PROBLEMS:
            return
        first = next(key_node for key_node, _ in pairs(node) if self.key(key_node) == key)
        message = f"`{str(key)[:60]}` is given twice; the first is on line {first.start_mark.line + 1}"
        self._report(ReadProblem("duplicate-key", message, span_of(again), span_of(first), harmless))

    def _check_merges(self, node: Collection) -> None:
        for key_node, value_node in pairs(node):
            if is_merge(key_node) and not all(_is_mapping(part) for part in _merged(value_node)):
                self._report(ReadProblem("syntax", "`<<` needs a mapping or a list of mappings", span_of(key_node)))

    def _scalar(self, node: Scalar) -> Any:
        text = node.value
        if not node.implicit[0]:
            return text if node.tag is None else self._number(node, self._tagged)
        if text > PAST_NUMBERS:
            return self._word(text, text)
        return number(text, self._loader) if len(text) < USUAL and not self._tuples else self._number(node, self._plain)

    def _plain(self, node: Scalar) -> object:
        if self._tuples and _is_tuple(node.value):
            return flat_tuple(node.value)
        return resolve(node.value, self._loader)

    def _tagged(self, node: Scalar) -> object:
        """The value of a scalar with a tag: those of YAML's core schema are read, any other leaves the text."""
        text, tag = node.value, str(node.tag)
        if tag == _CORE + "int":
            return integer(text, rules_of(self._loader).zero_base)
        if tag == _CORE + "float":
            return floating(text)
        if tag == "!tuple" and _is_tuple(text):
            return flat_tuple(text)
        return self._word(text.lower(), text) if tag in (_CORE + "bool", _CORE + "null") else text

    def _number(self, node: Scalar, convert: Callable[[Scalar], object]) -> object:
        try:
            return convert(node)
        except TooManyDigits:
            self._report(ReadProblem("number", f"A number of {len(node.value)} digits is not read", span_of(node)))
        except ValueError:  # such as `!!int x`, on which the loaders fail too
            pass
        return node.value

    def _report(self, problem: ReadProblem) -> None:
        if len(self.problems) < _PROBLEMS and problem not in self.problems:
            self.problems.append(problem)


def _is_tuple(text: str) -> bool:
    return text.startswith("(") and text.endswith(")")


def pairs(node: Collection) -> Iterator[tuple[Node, Node]]:
    """The keys and values of a mapping as they are written."""
    items = iter(node.items)
    return zip(items, items, strict=False)


def entries(node: Collection, key_of: Callable[[Node], object]) -> Iterator[tuple[object, Node, Node]]:
    """The keys of a mapping with their nodes, merge keys followed: of equal keys the last holds, as in PyYAML.

    Own keys come after merged ones, a later ``<<`` after an earlier, and of a list's mappings the first comes last.
    """
    for key_node, value_node in pairs(node):
        if is_merge(key_node):
            for part in reversed(_merged(value_node)):
                if isinstance(part, Collection) and part.is_mapping:
                    yield from entries(part, key_of)
    yield from (
        (key_of(key_node), key_node, value_node) for key_node, value_node in pairs(node) if not is_merge(key_node)
    )


def is_merge(key: Node) -> bool:
    """True for a plain ``<<``; in quotes it is a key like any other."""
    return not isinstance(key, Collection | Alias) and key.value == "<<" and key.implicit[0]


def _merged(value: Node) -> list[Scalar | Collection]:
    node = target(value)
    return [target(item) for item in node.items] if isinstance(node, Collection) and not node.is_mapping else [node]


def _is_mapping(node: Node) -> bool:
    return isinstance(node, Collection) and node.is_mapping


def expansion_problem(root: Node) -> ReadProblem | None:
    """The problem of a root whose aliases expand past the limits of size or depth, merge keys counted as depth."""
    try:
        _measure(root, {})
    except _TooLarge as stop:
        what, node = stop.args
        return ReadProblem("alias-bomb", f"Aliases expand to more than {what}", start_of(node))
    return None


class _TooLarge(Exception):
    pass


def _measure(node: Node, known: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """Values and levels when all aliases are expanded; what an anchor names was measured before its aliases come."""
    inner = target(node)
    if not isinstance(inner, Collection):
        return 1, 1
    if id(inner) not in known:
        sizes = [_measure(item, known) for item in inner.items]
        values, depth = 1 + sum(size for size, _ in sizes), 1 + max((levels for _, levels in sizes), default=0)
        if values > limits.NODES:
            raise _TooLarge(f"{limits.NODES} keys and values", node)
        if depth > limits.DEPTH + 1:
            raise _TooLarge(f"{limits.DEPTH} levels", node)
        known[id(inner)] = values, depth
    return known[id(inner)]
