"""Workflow commands that GitHub Actions shows as annotations, and a plain closing line.

Form and escapes: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands and
``packages/core/src/command.ts`` of actions/toolkit. A step shows ten annotations a severity, so the gravest come first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rflint.findings import SEVERITIES, Finding, Severity
from rflint.reports.pen import Pen
from rflint.reports.run import Run
from rflint.reports.summary import summary

_COMMANDS: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "info": "notice"}


def render(findings: Sequence[Finding], run: Run) -> str:
    ordered = sorted(findings, key=lambda finding: -SEVERITIES.index(finding.severity))
    pen = Pen(unicode=run.unicode)
    return "".join(f"{_command(finding, pen)}\n" for finding in ordered) + summary(findings, run) + "\n"


def _command(finding: Finding, pen: Pen) -> str:
    span = finding.span
    properties = {"title": f"{finding.code} {finding.name}", "file": pen.write(finding.path), "line": span.line}
    if span.line == span.end_line:  # GitHub refuses columns on a range of lines
        properties |= {"col": span.column, "endLine": span.end_line, "endColumn": span.end_column}
    else:
        properties["endLine"] = span.end_line
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(chr(10).join(_text(finding, pen)))}"


def _text(finding: Finding, pen: Pen) -> Iterator[str]:
    """The log of a step shows this text alone, so it repeats where the finding stands."""
    span = finding.span
    yield pen.write(f"{finding.path}:{span.line}:{span.column}: {finding.code} {finding.message}")
    if finding.derivation:
        yield pen.write(f"derivation: {finding.derivation}")
    yield from (pen.write(f"help: {text}") for text in finding.help)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
