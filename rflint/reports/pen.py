"""Text for a terminal: escapes, widths, colours, and an ASCII form where the output can carry no more."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Style = Literal["error", "warning", "info", "gutter", "bold", "dim", "good", "bad", "help"]

_CODES: Final[dict[Style, str]] = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "gutter": "1;34",
    "bold": "1",
    "dim": "2",
    "good": "32",
    "bad": "31",
    "help": "36",
}
"""Select Graphic Rendition parameters (ECMA-48 8.3.117); the 16 basic colours follow the user's own palette."""

_ASCII: Final = str.maketrans({
    "·": "*", "×": "x", "–": "-", "—": "-", "−": "-", "…": "...", "→": "->", "≈": "~", "≤": "<=", "≥": ">=", "≠": "!=",
    "µ": "u", "μ": "u", "±": "+-", "∞": "inf", "✓": "ok", "✗": "MISSED", "“": '"', "”": '"', "‘": "'", "’": "'",
})  # fmt: skip

TAB: Final = "    "


class Pen(NamedTuple):
    """How text may look: with colours or without, in Unicode or in ASCII."""

    color: bool = False
    unicode: bool = True

    def paint(self, text: str, style: Style) -> str:
        """The text in a colour, if colours are wanted."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.color and text else text

    def write(self, text: str) -> str:
        """Text of ours or of a config, safe in one line: control characters are escaped, so none reaches a terminal."""
        if text.isprintable() and (self.unicode or text.isascii()):
            return text
        return "".join(map(self._own_character, text))

    def character(self, char: str) -> str:
        """A character of a source line as it is shown: tabs become spaces, what is invisible becomes an escape."""
        if char == "\t":
            return TAB
        if char.isprintable() and (self.unicode or char.isascii()):
            return char
        return char.encode("unicode_escape").decode("ascii")

    def _own_character(self, char: str) -> str:
        if not self.unicode:
            char = char.translate(_ASCII)
        return char if len(char) > 1 else self.character(char) if char != "\t" else "\\t"


def width(text: str) -> int:
    """The number of terminal cells that a text takes: two for wide characters (UAX #11), none for combining marks."""
    if text.isascii():
        return len(text)
    import unicodedata

    cells = 0
    for char in text:
        if unicodedata.category(char) not in ("Mn", "Me"):
            cells += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return cells


def pad(text: str, cells: int, *, right: bool = False) -> str:
    """The text filled with spaces to a number of cells; ``right`` puts them before it."""
    space = " " * (cells - width(text))
    return space + text if right else text + space
