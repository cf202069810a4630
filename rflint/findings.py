"""What a rule hands to the reports: immutable findings, each with a primary place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from rflint.documents.values import Place, Span, Where

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")


class Related(NamedTuple):
    """Another place that a finding speaks of, with a label."""

    path: str
    span: Span
    label: str


class Edit(NamedTuple):
    """Replace the text between two offsets (code points from the start of the file, the end exclusive)."""

    start: int
    end: int
    text: str


class Fix(NamedTuple):
    """A change that would mend the finding; ``safe`` when it cannot change what the model computes.

    ``path`` is the file that the edits are for; empty for the finding's own.
    """

    title: str
    edits: tuple[Edit, ...] = ()
    safe: bool = False
    path: str = ""


class Finding(NamedTuple):
    """One judgement, at one primary place. Ordered by (path, line, column, code)."""

    path: str
    span: Span
    code: str
    name: str
    severity: Severity
    message: str
    label: str = ""
    declared: str = ""
    computed: str = ""
    derivation: str = ""
    pointer: str = ""
    related: tuple[Related, ...] = ()
    help: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()


class Problem(NamedTuple):
    """What a rule yields: a finding without the identity of its rule, which the engine adds.

    ``message`` stands alone in one line: found first, then expected. ``label`` goes under the primary caret;
    ``related`` are (place, label) pairs; ``help`` says how to mend it; ``severity`` overrides the rule's own.
    """

    where: Where | Place
    message: str
    label: str = ""
    declared: str = ""
    computed: str = ""
    derivation: str = ""
    related: Sequence[tuple[Where | Place | None, str]] = ()
    help: Sequence[str] = ()
    notes: Sequence[str] = ()
    fixes: Sequence[Fix] = ()
    severity: Severity | None = None


def build(problem: Problem, code: str, name: str, severity: Severity) -> Finding:
    """Make the finding concrete: places become lines and columns, here and nowhere else.

    A fix in another file than the finding's keeps its title alone: edits are applied to the file that is checked.
    """
    where = problem.where
    return Finding(
        where.name,
        where.span,
        code,
        name,
        problem.severity or severity,
        problem.message,
        problem.label,
        problem.declared,
        problem.computed,
        problem.derivation,
        where.pointer,
        tuple(Related(w.name, w.span, label) for w, label in problem.related if w is not None),
        tuple(problem.help),
        tuple(problem.notes),
        tuple(fix if fix.path in ("", where.name) else Fix(fix.title) for fix in problem.fixes),
    )
