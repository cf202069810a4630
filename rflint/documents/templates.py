"""Jinja2 in YAML (``config.yml.j2``): what rendering would put in is not known, the rest of the file is.

Expressions become interpolations of the same length, statements and remarks blanks, so that places stay what they are.
"""

from __future__ import annotations

import re

SUFFIXES = (".j2", ".jinja", ".jinja2")

_INDENT = 200
"""Blanks before and after an expression that are looked at."""

_OPENING = re.compile(r"\{[{%#]")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}


def is_template(name: str) -> bool:
    """True for a file that is rendered before it is read."""
    return name.lower().endswith(SUFFIXES)


def blanked(text: str) -> str:
    """The text without its marks: ``{{vocabsize}}`` is ``${vocabsize} ``. Linear in its length, whatever is left open."""
    pieces, position, ends = [], 0, dict(_CLOSING)
    for opening in _OPENING.finditer(text):
        kind = opening[0]
        if opening.start() < position or kind not in ends:
            continue
        end = text.find(ends[kind], opening.end())
        if end < 0:
            del ends[kind]
            continue
        inner = text[opening.end() : end]
        is_value = kind == "{{" and not _alone(text, opening.start(), end + 2)
        pieces += [text[position : opening.start()], _blank(inner, is_value=is_value)]
        position = end + 2
    return "".join([*pieces, text[position:]])


def _alone(text: str, start: int, end: int) -> bool:
    """True for an expression that fills its lines: it puts in keys, not a value."""
    before = text[text.rfind("\n", max(start - _INDENT, 0), start) + 1 : start]
    after = text[end : end + _INDENT].split("\n", 1)[0]
    return not before.strip() and not after.strip()


def _blank(inner: str, *, is_value: bool) -> str:
    if is_value:
        return "${" + re.sub(r"[^\w.\n]", "_", inner) + "} "
    return "  " + re.sub(r"[^\n]", " ", inner) + "  "
