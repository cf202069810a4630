"""Reports: one module a format. A report formats and decides nothing.

Every format is written down here by hand; its module is imported when it is asked for, so that start-up stays light.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol, cast

from rflint.reports.run import Run

if TYPE_CHECKING:
    from rflint.findings import Finding
    from rflint.reports.explanation import Explanation

__all__ = [
    "EXPLAIN_REPORTS",
    "FINDING_REPORTS",
    "ExplainReport",
    "FindingReport",
    "Run",
    "explain_report",
    "finding_report",
]

FINDING_REPORTS: Final[dict[str, str]] = {
    "full": "rflint.reports.full",
    "concise": "rflint.reports.concise",
    "json": "rflint.reports.findings_json",
    "github": "rflint.reports.github",
    "gitlab": "rflint.reports.gitlab",
    "sarif": "rflint.reports.sarif",
}
"""The formats of ``rflint check``: name and module."""

EXPLAIN_REPORTS: Final[dict[str, str]] = {
    "text": "rflint.reports.explain_text",
    "json": "rflint.reports.explain_json",
}
"""The formats of ``rflint explain``: name and module."""


class FindingReport(Protocol):
    """A module that prints findings. What it returns ends in a newline and is the same for the same input."""

    @staticmethod
    def render(findings: Sequence[Finding], run: Run) -> str: ...


class ExplainReport(Protocol):
    """A module that prints derivations."""

    @staticmethod
    def render(explanations: Sequence[Explanation], *, color: bool = False, unicode: bool = True) -> str: ...


def finding_report(name: str) -> FindingReport:
    """The module of a findings format.

    Raises:
        KeyError: there is no format of that name.
    """
    return cast(FindingReport, import_module(FINDING_REPORTS[name]))


def explain_report(name: str) -> ExplainReport:
    """The module of an explain format.

    Raises:
        KeyError: there is no format of that name.
    """
    return cast(ExplainReport, import_module(EXPLAIN_REPORTS[name]))
