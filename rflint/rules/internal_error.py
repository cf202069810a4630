"""Something in rflint failed on this file

## What it does

Reports an unexpected failure of a dialect or of a rule, names it with rflint's version, and lets the run go on.

## Why it matters

The file was not judged in full. This is a defect of rflint, never of your config.

## How to mend

Report it with the message and, if you can, the file.
"""

from __future__ import annotations

from rflint.documents import Place, Span
from rflint.findings import Problem, Severity

CODE, NAME = "RF000", "internal-error"
SEVERITY: Severity = "error"


def judge(name: str, part: str, error: Exception, version: str) -> Problem:
    """The finding for an exception that escaped ``part`` (a dialect or a rule) on the file ``name``."""
    message = f"rflint {version} failed in its {part}: {type(error).__name__}: {str(error)[:200]}"
    return Problem(Place(name, Span(1, 1, 1, 1)), message, help=("this is a defect of rflint; please report it",))
