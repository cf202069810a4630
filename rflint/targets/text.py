"""Text as people type it, folded to one spelling: letters, digits and marks of any width; numbers read exactly."""

from __future__ import annotations

from fractions import Fraction

_ONE_FOR_ONE = {
    "‐‑‒–—―−－﹣": "-",
    "～〜∼˜": "~",
    "≈≃≅≒": "≈",
    "≤≦⩽": "≤",
    "≥≧⩾": "≥",
    "×✕✖": "×",
    "µμ": "u",
    "，、﹐": ",",
    "；": ";",
    "：": ":",
    "。": ".",
    "\u00a0\u1680\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u200b\ufeff": " ",
    "“”„«»「」『』": '"',
    "‘’": "'",
}
_FOLD: dict[int, str] = {code: chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)}
_FOLD |= {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_FOLD |= {ord(one): plain for many, plain in _ONE_FOR_ONE.items() for one in many}

_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?"
_PLAIN = r"[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,2}(?![0-9]))?"
NUMBER = rf"(?:{_GROUPED}|{_PLAIN}|\.[0-9]+)"
"""A number in folded text: ``12.5``, ``.5``, ``16,000``, ``1e-3``."""

_LONGEST_NUMBER = 40


def fold(text: str) -> str:
    """The text in lower case with plain ASCII digits, letters, dashes and punctuation.

    Every character stays one character, so positions in the result are positions in the text.
    """
    return text.translate(_FOLD)


def exact(number: str) -> Fraction | None:
    """The value of a text that matches `NUMBER`; None when it has more digits than any quantity needs."""
    return Fraction(number.replace(",", "")) if len(number) <= _LONGEST_NUMBER else None


def last_digit(number: str) -> Fraction:
    """What the last written digit of a number stands for: 1/10 for ``12.5``, 1 for ``300``."""
    mantissa, _, exponent = number.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return Fraction(10) ** (int(exponent or 0) - decimals)
