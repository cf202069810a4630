"""Baselines: findings accepted as they are, counted by file, rule and key, so that only new ones fail a run."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rflint.findings import Finding
from rflint.settings import SettingsError

VERSION = 1

Entry = tuple[str, str, str]
"""Path (relative to the folder of the baseline, with slashes), rule code, JSON Pointer of the key."""


class Filtered(NamedTuple):
    """The findings that a baseline leaves, how many it accepts, and how many of its own are stale (mended since)."""

    findings: list[Finding]
    accepted: int
    stale: int


def write(path: str, findings: Sequence[Finding]) -> str:
    """The text of a baseline that accepts all the findings."""
    counts = Counter(_entry(path, finding) for finding in findings)
    entries = [
        {"path": file, "rule": rule, "key": key, "count": count} for (file, rule, key), count in sorted(counts.items())
    ]
    lines = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in entries)
    return (
        f'{{"version": {VERSION}, "findings": [\n{lines}\n]}}\n'
        if lines
        else f'{{"version": {VERSION}, "findings": []}}\n'
    )


def read(path: str) -> Counter[Entry]:
    """The accepted findings of a baseline file.

    Raises:
        SettingsError: it cannot be read, or is no baseline.
    """
    try:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        if data["version"] != VERSION:
            raise SettingsError(f"{path}: a baseline of version {data['version']} is not read")
        return Counter({(e["path"], e["rule"], e["key"]): int(e["count"]) for e in data["findings"]})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(f"{path}: no baseline: {error}") from None


def apply(path: str, accepted: Counter[Entry], findings: Sequence[Finding], checked: Sequence[str]) -> Filtered:
    """Take off what a baseline accepts; what it accepts in a checked file and is not there any more is stale."""
    left = Counter(accepted)
    remaining = []
    for finding in findings:
        entry = _entry(path, finding)
        if left[entry] > 0:
            left[entry] -= 1
        else:
            remaining.append(finding)
    looked_at = {_relative(path, name) for name in checked}
    stale = sum(count for entry, count in left.items() if entry[0] in looked_at)
    return Filtered(remaining, len(findings) - len(remaining), stale)


def _entry(path: str, finding: Finding) -> Entry:
    return _relative(path, finding.path), finding.code, finding.pointer


def _relative(baseline: str, path: str) -> str:
    return os.path.relpath(path, os.path.dirname(os.path.abspath(baseline))).replace(os.sep, "/")
