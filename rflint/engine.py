"""The line through the house: text in, findings out.

`check_text` and `explain_text` are pure functions of the text, its name, the settings and the files that may stand
beside it; they print nothing and never raise on any input. Whatever checks many files stands above this module.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import NamedTuple, cast

from rflint import __version__
from rflint.dialects.base import Dialect
from rflint.dialects.registry import Entry, signed
from rflint.dialects.signatures import without_zeros
from rflint.documents import Cursor, Document, NotComputable, Place, ReadProblem, Span, Where, read
from rflint.findings import Finding, Problem, build
from rflint.model import Model, Note
from rflint.rules.base import Rule
from rflint.settings import Settings

Neighbour = Callable[[str], "bytes | None"]
"""Gives the bytes of a file beside the checked one, by its name; None when there is none or it may not be read."""

_NO_SETTINGS = Settings()
_NO_CONFIG = re.compile(rb"^(?:[ \t]*\{(?:\{-|\{[ \t/]|%)|```|\*\*\w)", re.MULTILINE)
"""A line of a template (Helm, Jinja), which is YAML only once it is filled in, or of prose in Markdown: a file that holds
one and cannot be read is no broken config."""


class Reading(NamedTuple):
    """What could be understood of one file. ``findings`` are those of reading; the rules have not spoken yet.

    ``dialect`` is that of the first document which is a config, ``parts`` are the models of each. ``beside`` are the
    other files that were read for it: findings may stand in them.
    """

    name: str
    dialect: str | None
    parts: Sequence[Sequence[Model]]
    documents: Sequence[Document]
    findings: Sequence[Finding]
    beside: Sequence[Document] = ()

    @property
    def models(self) -> tuple[Model, ...]:
        """All models of the file."""
        return tuple(model for part in self.parts for model in part)


class Judgement(NamedTuple):
    """The findings that remain in one file, sorted, and how many were suppressed."""

    findings: list[Finding]
    suppressed: int


class Asked(NamedTuple):
    """What the caller adds to a file's own words: targets as (stack or None, phrase), and files beside it."""

    targets: Sequence[tuple[str | None, str]] = ()
    neighbour: Neighbour | None = None
    named: bool = True


def check_text(
    text: str | bytes,
    name: str,
    settings: Settings = _NO_SETTINGS,
    asked: Asked = Asked(),  # noqa: B008 (immutable)
) -> list[Finding]:
    """All findings in a config, ordered by place.

    Args:
        text: the file's content.
        name: its path as findings shall print it; the suffix decides between YAML, JSON and TOML.
        settings: which rules run, at what severity, with which targets.
        asked: targets from elsewhere, and the files beside this one.
    """
    return judge(understand(text, name, settings, asked), settings).findings


def explain_text(text: str | bytes, name: str, settings: Settings = _NO_SETTINGS) -> Sequence[Model]:
    """The models found in a config, each with its stacks, claims, ties and notes."""
    return understand(text, name, settings).models


# -- understanding ------------------------------------------------------------------------------------------------


def understand(
    text: str | bytes,
    name: str,
    settings: Settings = _NO_SETTINGS,
    asked: Asked = Asked(),  # noqa: B008 (immutable)
) -> Reading:
    """Read a file and find the models in it.

    A file that holds no dialect's signature is let go unparsed, unless it is named: then it must at least be readable.
    """
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    entries = signed(raw)
    if not entries and not asked.named:
        return Reading(name, None, (), (), ())
    reading = read(raw, name)
    plain = without_zeros(raw)
    if not reading.documents and not asked.named and _NO_CONFIG.search(plain):
        return Reading(name, None, (), (), ())
    findings: list[Finding] = []
    named, parts, documents, beside = None, [], [], []
    for document in reading.documents if entries else ():
        document.neighbour = asked.neighbour
        dialect = _recognise(entries, document, findings)
        if dialect is None:
            documents.append(document)
            continue
        document = document.parsed_again(dialect.LOADER)
        part, more = _read_models(dialect, document)
        from_settings = settings.targets_for(name) if settings.targets else ()
        if from_settings or asked.targets or b"rflint" in plain:
            from rflint.dialects.pragmas import state_targets  # most files declare nothing

            state_targets(part, document, from_settings, asked.targets)
        named = named or dialect.NAME
        parts.append(part)
        documents.append(document)
        findings += more
        beside += document.neighbours.documents
        if getattr(dialect, "MERGES_DOCUMENTS", False):
            break
    models = [model for part in parts for model in part]
    findings += [finding for problem in reading.problems for finding in _reading_problem(name, problem, models)]
    if named is None:
        return Reading(name, None, (), reading.documents, [f for f in findings if f.code == "RF001"])
    documents += reading.documents[len(documents) :]
    return Reading(name, named, parts, documents, findings, beside)


def _recognise(entries: Sequence[Entry], document: Document, findings: list[Finding]) -> Dialect | None:
    """The first dialect in order that claims the document. One that fails claims nothing, and is reported."""
    for entry in entries:
        dialect = cast(Dialect, import_module(f"rflint.dialects.{entry.module}"))
        try:
            if dialect.recognise(Cursor(document)) or _recognised_whole(dialect, document):
                return dialect
        except Exception as error:  # the boundary, as below
            findings.append(_internal(document.name, f"dialect {dialect.NAME}", error))
    return None


def _recognised_whole(dialect: Dialect, document: Document) -> bool:
    """Whether a config says what it is only together with the files that it is composed of."""
    whole = _whole(dialect, document)
    return whole is not document and dialect.recognise(Cursor(whole))


def _whole(dialect: Dialect, document: Document) -> Document:
    """The config with the files that it is composed of, where the dialect says how."""
    compose: Callable[[Document], Document] | None = getattr(dialect, "compose", None)
    return compose(document) if compose else document


def _read_models(dialect: Dialect, document: Document) -> tuple[list[Model], list[Finding]]:
    from rflint.rules import schema_violation

    models: list[Model] = []
    findings: list[Finding] = []
    try:
        document = _whole(dialect, document)
        violations = list(schema_violation.judge(document, dialect.SCHEMA))
        findings += [_stamp(schema_violation, problem) for problem in violations]
        models.extend(dialect.read(Cursor(document)))
        for model in models if violations else ():
            model.notes = [_once(note, violations) for note in model.notes]
    except NotComputable as problem:  # what stopped the whole model is told where the model is explained
        models.append(Model(dialect.NAME))
        models[-1].notes.append(Note("model", problem.reason, problem.where))
    except Exception as error:  # the one boundary: a defect of a dialect is a finding, and the run goes on
        findings.append(_internal(document.name, f"dialect {dialect.NAME}", error))
    return models, findings


def _once(note: Note, violations: Sequence[Problem]) -> Note:
    """The note, as one that no rule reports where the schema has refused the same value or a part of it."""
    if not isinstance(note.where, Where):
        return note
    path = note.where.path
    refused = [problem.where.path for problem in violations if isinstance(problem.where, Where)]
    met = any(path == other[: len(path)] or other == path[: len(other)] for other in refused)
    return note._replace(impossible=False) if met else note


def _internal(name: str, part: str, error: Exception) -> Finding:
    from rflint.rules import internal_error

    return _stamp(internal_error, internal_error.judge(name, part, error, __version__))


def _reading_problem(name: str, problem: ReadProblem, models: Sequence[Model]) -> Iterator[Finding]:
    from rflint.rules import duplicate_key, unreadable_file

    yield from (_stamp(duplicate_key, found) for found in duplicate_key.judge(name, problem, models))
    yield from (_stamp(unreadable_file, found) for found in unreadable_file.judge(name, problem))


# -- judging ------------------------------------------------------------------------------------------------------


def judge(reading: Reading, settings: Settings = _NO_SETTINGS) -> Judgement:
    """Let every selected rule speak, drop what the file or the settings suppress, and sort."""
    if reading.dialect is None and not reading.findings:
        return Judgement([], 0)
    from rflint.rules.registry import RULES
    from rflint.suppress import suppress

    findings = list(reading.findings)
    for rule in RULES:
        for model in reading.models:
            try:
                findings += [_stamp(rule, problem) for problem in rule.check(model)]
            except Exception as error:  # as above: a defect of a rule is a finding that names it
                findings.append(_internal(reading.name, f"rule {rule.CODE}", error))
    for other in reading.parts[1:]:
        findings += _compared(reading.parts[0], other)
    documents = (*reading.documents, *reading.beside) if reading.dialect is not None else ()
    remaining, dropped = suppress(findings, documents, reading.name, settings)
    chosen = [_weigh(finding, settings) for finding in remaining if _selected(finding, reading.name, settings)]
    return Judgement(sorted(set(chosen)), dropped)


def judge_pair(one: Reading, other: Reading, settings: Settings = _NO_SETTINGS) -> list[Finding]:
    """The findings about two files that exchange frames."""
    findings = _compared(one.models, other.models)
    return [_weigh(finding, settings) for finding in findings if _selected(finding, finding.path, settings)]


def _compared(one: Sequence[Model], other: Sequence[Model]) -> list[Finding]:
    from rflint.rules import pair_disagrees

    return [_stamp(pair_disagrees, problem) for problem in pair_disagrees.compare(one, other)]


def unreadable(name: str, message: str) -> Finding:
    """The finding for a file whose bytes cannot be had: no permission, gone, a directory."""
    from rflint.rules import unreadable_file

    return _stamp(unreadable_file, Problem(Place(name, Span(1, 1, 1, 1)), message))


def _stamp(rule: Rule, problem: Problem) -> Finding:
    return build(problem, rule.CODE, rule.NAME, rule.SEVERITY)


def _weigh(finding: Finding, settings: Settings) -> Finding:
    wanted = settings.severity.get(finding.code) or settings.severity.get(finding.name)
    return finding._replace(severity=wanted) if wanted else finding


def _selected(finding: Finding, name: str, settings: Settings) -> bool:
    def named_by(choices: Sequence[str]) -> bool:
        return any(finding.name == choice or finding.code.startswith(choice) for choice in choices)

    if settings.select and not named_by(settings.select):
        return False
    return not named_by(settings.ignored_for(name))
