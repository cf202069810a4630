"""``check --fix`` and ``--diff``: fixes applied to the files, or shown."""

from __future__ import annotations

from rflint.cli.files import File
from rflint.cli.look import Wish
from rflint.engine import Asked, Judgement, Reading, judge, understand
from rflint.findings import Finding
from rflint.fixing import apply_fixes, diff, write_atomically
from rflint.reports.pen import Pen, Style

_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
_STYLES: dict[str, Style] = {"+": "good", "-": "bad", "@": "dim"}


def mended(
    file: File, reading: Reading, judgement: Judgement, asked: Asked, wish: Wish
) -> tuple[Reading, Judgement, int, str]:
    """Reading and judgement after the fixes, how many were made, and with ``--diff`` what they would change.

    Nothing is done to a file whose bytes could not be given back exactly, nor to standard input.

    Raises:
        OSError: the file cannot be written.
    """
    as_it_is = reading, judgement, 0, ""
    if not reading.documents or not any(finding.fixes for finding in judgement.findings):
        return as_it_is
    text = reading.documents[0].source.text
    encoding = encoding_of(text, file.data)
    if encoding is None:
        return as_it_is

    def check(changed: str) -> list[Finding]:
        return judge(understand(changed, file.name, file.settings, asked), file.settings).findings

    fixed = apply_fixes(text, judgement.findings, file.name, check, unsafe=wish.unsafe)
    if not fixed.applied:
        return as_it_is
    if wish.diff or wish.request.standard_input:
        changes = diff(text, fixed.text, file.name)
        return reading, judgement, len(fixed.applied), painted(changes) if wish.color else changes
    write_atomically(file.name, fixed.text.encode(encoding))
    again = understand(fixed.text, file.name, file.settings, asked)
    return again, judge(again, file.settings), len(fixed.applied), ""


def encoding_of(text: str, data: bytes) -> str | None:
    """The encoding that gives back exactly the bytes of a file; None when none does."""
    return next((encoding for encoding in _ENCODINGS if text.encode(encoding, "replace") == data), None)


def painted(changes: str) -> str:
    """A diff in colours."""
    pen = Pen(True, True)
    lines = changes.split("\n")
    return "\n".join(
        pen.paint(line, _STYLES[line[0]]) if line[:1] in _STYLES and not line.startswith(("+++", "---")) else line
        for line in lines
    )
