"""One line a finding: ``path:line:column: CODE [name] severity: message``, for editors, grep and problem matchers."""

from __future__ import annotations

from collections.abc import Sequence

from rflint.findings import Finding
from rflint.reports.pen import Pen
from rflint.reports.run import Run
from rflint.reports.summary import summary


def render(findings: Sequence[Finding], run: Run) -> str:
    pen = Pen(run.color, run.unicode)
    lines = [_line(finding, pen) for finding in findings]
    return "\n".join([*lines, summary(findings, run)]) + "\n"


def _line(finding: Finding, pen: Pen) -> str:
    place = f"{pen.paint(pen.write(finding.path), 'bold')}:{finding.span.line}:{finding.span.column}"
    severity = pen.paint(finding.severity, finding.severity)
    return f"{place}: {finding.code} [{finding.name}] {severity}: {pen.write(finding.message)}"
