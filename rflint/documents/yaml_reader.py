"""An iterative composer over PyYAML's C events: nodes with marks, within limits, and never a Python object of a file.

``yaml.compose`` and ``yaml.load`` recurse: a deeply nested file takes the interpreter down with them.
"""

from __future__ import annotations

from typing import Any

from rflint.documents import limits
from rflint.documents.nodes import Alias, Collection, Node, Scalar, span_of, start_of
from rflint.documents.source import ReadProblem, Source, unprintable
from rflint.documents.templates import blanked, is_template
from rflint.documents.values import Span


class Stop(Exception):
    """Reading cannot go on."""

    def __init__(self, kind: str, message: str, span: Span) -> None:
        super().__init__(message)
        self.problem = ReadProblem(kind, message, span)


def compose(source: Source) -> tuple[list[Node], list[ReadProblem]]:
    """The root nodes of a YAML text, one for each document that is not empty, and what went wrong.

    The source is told of its quoted texts.
    """
    import yaml

    composer = _Composer(source)
    try:
        text = blanked(source.text) if is_template(source.name) else source.text
        composer.run(getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text), yaml.events)
    except Stop as stop:
        return composer.roots, [stop.problem]
    except yaml.MarkedYAMLError as error:
        return composer.roots, [_syntax(error, source)]
    except (yaml.reader.ReaderError, UnicodeEncodeError):
        return composer.roots, [unprintable(source)]
    return composer.roots, []


class _Composer:
    """Builds nodes from events with an explicit stack of open collections."""

    def __init__(self, source: Source) -> None:
        self.roots: list[Node] = []
        self._quoted = source.quoted
        self._items = self.roots
        self._above: list[list[Node]] = []
        self._anchors: dict[str, Scalar | Collection] = {}

    def run(self, loader: Any, events: Any) -> None:
        """Take the events one by one. Half of them are scalars, and a scalar's event is its node."""
        next_event, scalar, mapping, sequence = (
            loader.get_event, events.ScalarEvent, events.MappingStartEvent, events.SequenceStartEvent,
        )  # fmt: skip
        for _ in range(limits.NODES):
            event = next_event()
            kind = type(event)
            if kind is scalar:
                self._items.append(event)
                if event.style:
                    self._quoted.append(event)
                if event.anchor:
                    self._anchors[event.anchor] = event
            elif kind is mapping or kind is sequence:
                self._begin(event, kind is mapping)
            elif kind is events.MappingEndEvent or kind is events.SequenceEndEvent:
                self._end(event)
            elif kind is events.AliasEvent:
                self._alias(event)
            elif kind is events.DocumentStartEvent:
                self._anchors = {}
            elif kind is events.StreamEndEvent:
                return
        raise Stop("too-large", f"More than {limits.NODES} keys and values", start_of(event))

    def _begin(self, event: Any, is_mapping: bool) -> None:
        node = Collection(is_mapping, event.tag, event.start_mark, event.end_mark, event.flow_style)
        self._items.append(node)
        self._above.append(self._items)
        self._items = node.items
        if event.anchor:
            self._anchors[event.anchor] = node
        if len(self._above) > limits.DEPTH:
            raise Stop("too-deep", f"Nested deeper than {limits.DEPTH} levels", start_of(event))

    def _end(self, event: Any) -> None:
        self._items = self._above.pop()
        self._items[-1].end_mark = event.end_mark  # type: ignore[misc]  # the collection that ends

    def _alias(self, event: Any) -> None:
        alias = Alias(self._anchors.get(event.anchor), event.start_mark, event.end_mark)  # type: ignore[arg-type]
        if alias.node is None:
            raise Stop("undefined-alias", f"No anchor is called `{event.anchor}`", span_of(alias))
        if isinstance(alias.node, Collection) and any(
            items is alias.node.items for items in (*self._above, self._items)
        ):
            raise Stop("recursive-alias", f"The alias `*{event.anchor}` contains itself", span_of(alias))
        self._items.append(alias)


def _syntax(error: Any, source: Source) -> ReadProblem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    text = error.problem or error.context or "not understood"
    here = source.lines[line - 1] if line <= len(source.lines) else ""
    if "] " in here and ("+" in here or "*" in here) and "(" in here:
        text += "; an expression such as [(512,10,5)] * 4 must stand in quotes"
    kind = "too-deep" if "nesting depth" in text else "syntax"
    return ReadProblem(kind, f"YAML syntax: {text}", Span(line, column, line, column + 1))
