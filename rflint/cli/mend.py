"""``check --fix`` and ``--diff``: fixes applied to the files, or shown."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rflint.cli.files import File
from rflint.engine import Asked, Reading, judge, understand
from rflint.findings import Finding
from rflint.fixing import Fixed, apply_fixes, diff, write_atomically
from rflint.reports.pen import Pen

_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


def mend(file: File, reading: Reading, findings: Sequence[Finding], asked: Asked, *, unsafe: bool) -> Fixed | None:
    """The text of a file after its fixes; None when there is nothing to apply, or the bytes could not be given back."""
    document = reading.documents[0] if reading.documents else None
    if document is None or not any(finding.fixes for finding in findings):
        return None
    text = document.source.text
    if encoding_of(text, file.data) is None:
        return None

    def check(changed: str) -> list[Finding]:
        return judge(understand(changed, file.name, file.settings, asked), file.settings).findings

    fixed = apply_fixes(text, findings, file.name, check, unsafe=unsafe)
    return fixed if fixed.applied else None


def encoding_of(text: str, data: bytes) -> str | None:
    """The encoding that gives back exactly the bytes of a file; None when none does."""
    return next((encoding for encoding in _ENCODINGS if text.encode(encoding, "replace") == data), None)


def save(file: File, fixed: Fixed, text: str) -> None:
    """Write a mended file in its own encoding, all at once.

    Raises:
        OSError: it cannot be written.
    """
    write_atomically(file.name, fixed.text.encode(encoding_of(text, file.data) or "utf-8"))


def show(file: File, fixed: Fixed, text: str, *, color: bool) -> None:
    """Print what the fixes would change."""
    pen = Pen(color, True)
    for line in diff(text, fixed.text, file.name).splitlines():
        style = {"+": "good", "-": "bad", "@": "dim"}.get(line[:1])
        sys.stdout.write((pen.paint(line, style) if style and not line.startswith(("+++", "---")) else line) + "\n")  # type: ignore[arg-type]
