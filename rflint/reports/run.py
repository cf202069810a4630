"""What a findings report knows of the run beside the findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Run(NamedTuple):
    """One run of the linter.

    ``texts`` holds, by path, the lines of the files that findings speak of, without line ends; a file that is absent
    (unreadable, too large) is reported without a frame. ``seconds`` stays None unless a timing is asked for, since
    the output of a run is the same every time. ``pages`` holds the documentation of the rules that spoke, by code.
    """

    texts: Mapping[str, Sequence[str]]
    files: int
    recognised: int
    suppressed: int
    seconds: float | None = None
    color: bool = False
    unicode: bool = True
    version: str = ""
    pages: Mapping[str, str] = {}
