"""What a service knows a finding by: a path below the project, and a fingerprint that outlives a shift of lines."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256

from rflint.findings import Finding


def relative(path: str) -> str:
    """The path from the current folder, with slashes; one on another drive as it is."""
    try:
        return os.path.relpath(path).replace(os.sep, "/")
    except ValueError:
        return path.replace(os.sep, "/")


def fingerprints(findings: Sequence[Finding]) -> Iterator[str]:
    """One a finding, no two alike: from file, rule and key, and the number among those that share all three."""
    seen: Counter[str] = Counter()
    for finding in findings:
        identity = "\0".join((relative(finding.path), finding.code, finding.pointer))
        seen[identity] += 1
        yield sha256(f"{identity}\0{seen[identity]}".encode("utf-8", "backslashreplace")).hexdigest()
