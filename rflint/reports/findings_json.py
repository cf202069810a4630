"""The findings as one JSON object, for scripts. Its form is a contract: ``schemas/report-check.json``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from rflint.documents.values import Span
from rflint.findings import Finding, Fix
from rflint.reports.run import Run

SCHEMA_VERSION = 1


def render(findings: Sequence[Finding], run: Run) -> str:
    """One object; each finding stands in a line of its own, so that two reports can be compared by line."""
    items = ",\n".join(json.dumps(_finding(finding)) for finding in findings)
    body = f"[\n{items}\n]" if items else "[]"
    closing = json.dumps(_summary(findings, run))
    return f'{{"schema_version": {SCHEMA_VERSION}, "findings": {body},\n"summary": {closing}}}\n'


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "path": finding.path,
        **_span(finding.span),
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "message": finding.message,
        "declared": finding.declared or None,
        "computed": finding.computed or None,
        "derivation": finding.derivation or None,
        "pointer": finding.pointer,
        "related": [{"path": place.path, **_span(place.span), "label": place.label} for place in finding.related],
        "notes": list(finding.notes),
        "help": list(finding.help),
        "fixes": [_fix(fix) for fix in finding.fixes],
    }


def _span(span: Span) -> dict[str, int]:
    """Lines and columns from 1 in code points, the end exclusive."""
    return {"line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}


def _fix(fix: Fix) -> dict[str, object]:
    edits = [{"start": edit.start, "end": edit.end, "text": edit.text} for edit in fix.edits]
    return {"title": fix.title, "safe": fix.safe, "edits": edits}


def _summary(findings: Sequence[Finding], run: Run) -> dict[str, int]:
    severities = Counter(finding.severity for finding in findings)
    return {
        "files": run.files,
        "recognised": run.recognised,
        "errors": severities["error"],
        "warnings": severities["warning"],
        "infos": severities["info"],
        "suppressed": run.suppressed,
    }
