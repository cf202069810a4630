"""The closing line of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rflint.findings import SEVERITIES, Finding
from rflint.reports.run import Run


def summary(findings: Sequence[Finding], run: Run) -> str:
    """What was found, in how many files, and how much of what was looked at is a config that rflint knows."""
    time = f" {run.seconds:.2f} s" if run.seconds is not None else ""
    return (_found(findings, run) if findings else _clean(run)) + time + _fixable(findings)


def _found(findings: Sequence[Finding], run: Run) -> str:
    severities = Counter(finding.severity for finding in findings)
    counts = ", ".join(counted(severities[name], name) for name in reversed(SEVERITIES) if severities[name])
    files = counted(len({finding.path for finding in findings}), "file")
    known = counted(run.recognised, "config") if run.recognised else "no config"
    suppressed = f", {run.suppressed} suppressed" if run.suppressed else ""
    return f"Found {counts} in {files} ({known} recognised of {counted(run.files, 'file')}{suppressed})."


def _fixable(findings: Sequence[Finding]) -> str:
    """How many findings have a fix, and how to apply it."""
    safe = sum(any(fix.safe and fix.edits for fix in finding.fixes) for finding in findings)
    unsafe = sum(bool(finding.fixes) and not any(fix.safe for fix in finding.fixes) for finding in findings)
    told = [f"{safe} fixable with --fix"] if safe else []
    told += [f"{unsafe} {'more ' if safe else 'fixable '}with --unsafe-fixes"] if unsafe else []
    return f" {', '.join(told)}." if told else ""


def _clean(run: Run) -> str:
    if not run.files:
        return "Nothing to check: no files found."
    if not run.recognised:
        return f"Nothing recognised: no model config in {counted(run.files, 'file')}."
    suppressed = f" ({run.suppressed} suppressed)" if run.suppressed else ""
    return f"All good: {counted(run.recognised, 'config')} recognised in {counted(run.files, 'file')}{suppressed}."


def counted(number: int, noun: str) -> str:
    """A number with its noun: ``1 file``, ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
