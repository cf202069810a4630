"""SARIF 2.1.0, the exchange format of static analysis: GitHub's code scanning and many editors read it.

Standard: https://docs.oasis-open.org/sarif/sarif/v2.1.0/. Lines and columns count from 1 in code points, ends are
exclusive; offsets of edits count from 0.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from rflint.findings import Finding, Fix, Severity
from rflint.reports.identity import fingerprints, relative
from rflint.reports.run import Run

if TYPE_CHECKING:
    from rflint.documents.values import Span

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "info": "note"}


def render(findings: Sequence[Finding], run: Run) -> str:
    """One run with the rules that spoke, and every finding as a result."""
    rules = sorted({(finding.code, finding.name) for finding in findings})
    numbers = {code: number for number, (code, _) in enumerate(rules)}
    pairs = zip(findings, fingerprints(findings), strict=True)
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "rflint",
                        "semanticVersion": run.version,
                        "rules": [_rule(code, name, run.pages.get(code, "")) for code, name in rules],
                    }
                },
                "automationDetails": {"id": "rflint/"},
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, fingerprint, numbers[finding.code]) for finding, fingerprint in pairs],
            }
        ],
    }
    return json.dumps(log, indent=1) + "\n"


def _rule(code: str, name: str, page: str) -> dict[str, object]:
    title, _, rest = page.partition("\n")
    record: dict[str, object] = {"id": code, "name": name, "shortDescription": {"text": title or name}}
    if rest:
        record["help"] = {"text": rest.strip(), "markdown": rest.strip()}
    return record


def _result(finding: Finding, fingerprint: str, number: int) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": finding.code,
        "ruleIndex": number,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(_sentences(finding))},
        "locations": [_location(finding.path, finding.span)],
        "partialFingerprints": {"rflint/v1": fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, **_location(place.path, place.span), "message": {"text": place.label}}
            for number, place in enumerate(finding.related)
        ]
    fixes = [_fix(fix, fix.path or finding.path) for fix in finding.fixes if fix.edits]
    if fixes:
        result["fixes"] = fixes
    return result


def _sentences(finding: Finding) -> list[str]:
    derivation = [f"Derivation: {finding.derivation}"] if finding.derivation else []
    return [finding.message, *derivation, *finding.notes, *(f"Help: {text}" for text in finding.help)]


def _location(path: str, span: Span) -> dict[str, Any]:
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    return {"physicalLocation": {"artifactLocation": _artifact(path), "region": region}}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(relative(path).encode("utf-8", "surrogateescape"))}


def _fix(fix: Fix, path: str) -> dict[str, object]:
    replacements = [
        {
            "deletedRegion": {"charOffset": edit.start, "charLength": edit.end - edit.start},
            "insertedContent": {"text": edit.text},
        }
        for edit in fix.edits
    ]
    change = {"artifactLocation": _artifact(path), "replacements": replacements}
    return {"description": {"text": fix.title}, "artifactChanges": [change]}
