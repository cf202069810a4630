"""Reading: bytes or text to documents and problems. Errors are values: nothing here raises on any input."""

from __future__ import annotations

import sys
from typing import NamedTuple

from rflint.documents.build import Builder, expansion_problem
from rflint.documents.document import Document
from rflint.documents.limits import collector_paused
from rflint.documents.source import ReadProblem, Source, decode
from rflint.documents.values import Span
from rflint.documents.yaml_reader import compose

_FATAL = ("alias-bomb", "number")


class Reading(NamedTuple):
    """What could be read of a file, and what went wrong."""

    documents: list[Document]
    problems: list[ReadProblem]


def read(data: bytes | str, name: str, loader: str = "pyyaml") -> Reading:
    """Read a file: JSON and TOML by its name's suffix, else YAML by the scalar rules of ``loader``; never raises.

    The documents that could be read stand beside the problems met.
    """
    text, problem = decode(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
    source = Source(name, text)
    if problem is not None:
        return Reading([], [problem])
    if text.startswith("version https://git-lfs"):
        return Reading([], [])  # a pointer to a file: nothing is known, and nothing is wrong
    with collector_paused():
        if source.is_toml:
            return _toml(source)
        return _json(source) if source.is_json else _yaml(source, loader)


def _json(source: Source) -> Reading:
    if not source.text.strip():
        return Reading([], [ReadProblem("empty", "The file is empty", Span(1, 1, 1, 1))])
    from rflint.documents.json_reader import load

    data, problems = load(source)
    if any(problem.kind != "duplicate-key" for problem in problems):
        return Reading([], problems)
    return Reading([Document(source, None, data, "json")], problems)


def _toml(source: Source) -> Reading:
    from rflint.documents.toml_reader import load

    data, problems = load(source)
    return Reading([] if problems else [Document(source, None, data, "json")], problems)


def _yaml(source: Source, loader: str) -> Reading:
    roots, problems = compose(source)
    documents: list[Document] = []
    for root in roots if not problems else ():
        too_large = expansion_problem(root) if "&" in source.text else None
        if too_large:
            problems.append(too_large)
            continue
        builder = Builder(loader)
        data = builder.build(root)
        problems += builder.problems
        if not any(problem.kind in _FATAL for problem in builder.problems):
            documents.append(Document(source, root, data, loader))
    for document in documents:
        document.stream = tuple(documents)
    if len(documents) > 1:
        starts = [_first_line(source, document) for document in documents[1:]]
        for document, start, end in zip(documents, [1, *starts], [*starts, sys.maxsize], strict=True):
            document.lines = range(start, end)
    return Reading(documents, problems)


def _first_line(source: Source, document: Document) -> int:
    """The line of the mark (``---``) that a document stands behind; of a value without one, its own."""
    own = document.span(()).line
    marks = (line for line in range(own, 0, -1) if source.lines[line - 1].startswith("---"))
    return next(marks, own)
