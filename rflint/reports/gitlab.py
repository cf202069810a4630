"""GitLab's Code Quality report, which shows findings in merge requests.

Form: https://docs.gitlab.com/ci/testing/code_quality/. GitLab shows neither the rule nor the column, so the description
holds the code.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from rflint.findings import Finding, Severity
from rflint.reports.identity import fingerprints, relative
from rflint.reports.run import Run

_SEVERITIES: Final[dict[Severity, str]] = {"error": "major", "warning": "minor", "info": "info"}


def render(findings: Sequence[Finding], run: Run) -> str:
    """A JSON array; a run without findings is an empty one."""
    pairs = zip(findings, fingerprints(findings), strict=True)
    return json.dumps([_issue(finding, fingerprint) for finding, fingerprint in pairs], indent=1) + "\n"


def _issue(finding: Finding, fingerprint: str) -> dict[str, object]:
    return {
        "description": f"{finding.code}: {finding.message}",
        "check_name": f"{finding.code} {finding.name}",
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": relative(finding.path),
            "lines": {"begin": finding.span.line, "end": finding.span.end_line},
        },
    }
