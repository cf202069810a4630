"""Plain scalars as the framework that reads the file resolves them: ``1e-4`` is a text to PyYAML, a number to OmegaConf."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from rflint.documents import limits


class Rules(NamedTuple):
    """How one loader reads plain scalars: its words, its numbers, the base of ``010``."""

    words: dict[str, object]
    integer: re.Pattern[str]
    floating: re.Pattern[str]
    zero_base: int


def _forms(*words: str) -> list[str]:
    return [form for word in words for form in (word, word.title(), word.upper())]


_WORDS_12: dict[str, object] = dict.fromkeys(["", "~", *_forms("null")])
_WORDS_12 |= dict.fromkeys(_forms("true"), True) | dict.fromkeys(_forms("false"), False)
_WORDS_11 = _WORDS_12 | dict.fromkeys(_forms("yes", "on"), True) | dict.fromkeys(_forms("no", "off"), False)

# yaml/resolver.py of PyYAML: YAML 1.1, but an exponent needs a dot and a sign
_INTEGER = (
    r"[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+"
)
_FLOAT = (
    r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
# omegaconf/_utils.py, get_yaml_loader: these besides PyYAML's
_FLOAT_OMEGACONF = (
    r"[-+]?[0-9]+(?:_[0-9]+)*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+(?:_[0-9]+)*[eE][-+]?[0-9]+|" + _FLOAT
)
# ruamel/yaml/resolver.py, version (1, 2), which HyperPyYAML uses
_INTEGER_12 = r"[-+]?0b[0-1_]+|[-+]?0o?[0-7_]+|[-+]?[0-9_]+|[-+]?0x[0-9a-fA-F_]+"
_FLOAT_12 = (
    r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
    r"|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
# JSON, with what JSON5 adds to it
_WORDS_JSON: dict[str, object] = {
    "true": True,
    "false": False,
    "null": None,
    "NaN": float("nan"),
    "Infinity": float("inf"),
}
_INTEGER_JSON, _FLOAT_JSON = (
    r"[-+]?(?:0|[1-9][0-9]*)|[-+]?0[xX][0-9a-fA-F]+",
    r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[-+](?:NaN|Infinity)",
)
_PYYAML = _WORDS_11, _INTEGER, _FLOAT, 8
_RULES = {
    "omegaconf": (_WORDS_11, _INTEGER, _FLOAT_OMEGACONF, 8),
    "ruamel": (_WORDS_12, _INTEGER_12, _FLOAT_12, 10),
    "json": (_WORDS_JSON, _INTEGER_JSON, _FLOAT_JSON, 10),
}
PAST_NUMBERS = ":"
"""A text that sorts after this begins with none of ``-+.0123456789``."""
USUAL = 40
"""Numbers of fewer characters are remembered."""


class TooManyDigits(ValueError):
    """A number of more digits than is safe to convert."""


@cache
def rules_of(loader: str) -> Rules:
    """The rules of ``pyyaml``, ``omegaconf``, ``ruamel`` or ``json``; another loader reads scalars as PyYAML does."""
    words, integers, floats, zero_base = _RULES.get(loader, _PYYAML)
    return Rules(words, re.compile(integers), re.compile(floats), zero_base)


def resolve(text: str, loader: str) -> object:
    """The value of a plain scalar: a number, True, False, None, or the text itself (dates stay texts).

    Raises:
        TooManyDigits: past the limit; converting would take quadratic time.
    """
    return number(text, loader) if len(text) < USUAL else number.__wrapped__(text, loader)


@lru_cache(maxsize=4096)
def number(text: str, loader: str) -> object:
    """`resolve`, remembered: the values of a file repeat, and numbers shorter than `USUAL` are never too long."""
    rules = rules_of(loader)
    try:
        if rules.integer.fullmatch(text):
            return integer(text, rules.zero_base)
        if rules.floating.fullmatch(text):
            return floating(text)
    except TooManyDigits:
        raise
    except ValueError:  # such as `0b_`, on which the loaders fail too
        pass
    return rules.words.get(text, text)


def integer(text: str, zero_base: int = 8) -> int:
    """A whole number in YAML's notations: ``0b1``, ``0o7``, ``0x1F``, ``1_000``, ``1:30`` (90), ``010`` (8 in YAML 1.1).

    Raises:
        TooManyDigits: past the limit.
        ValueError: no whole number.
    """
    if len(text) > limits.DIGITS:
        raise TooManyDigits
    digits = text.replace("_", "").lower()
    sign = -1 if digits[:1] == "-" else 1
    digits = digits.lstrip("+-")
    if ":" in digits:
        total = 0
        for part in digits.split(":"):
            total = total * 60 + int(part)
        return sign * total
    base = {"0b": 2, "0o": 8, "0x": 16}.get(digits[:2], zero_base if digits[:1] == "0" else 10)
    return sign * int(digits, base)


def floating(text: str) -> float:
    """A decimal number in YAML's notations: ``1.``, ``.5``, ``1_000.5``, ``1:30.5``, ``.inf``, ``.nan``.

    Raises:
        ValueError: no number.
    """
    digits = text.replace("_", "").lower()
    sign = -1.0 if digits[:1] == "-" else 1.0
    digits = digits.lstrip("+-")
    if digits in (".inf", ".nan"):
        return sign * float(digits[1:])
    total = 0.0
    for part in digits.split(":"):
        total = total * 60 + float(part)
    return sign * total


def flat_tuple(text: str) -> list[object]:
    """The items of a tuple in HyperPyYAML's notation, ``(3, 5)``; brackets within do not count."""
    words = [word.strip() for word in text[1:-1].split(",")]
    if words[-1] == "":
        words.pop()
    return [word[1:-1] if word[:1] in ("'", '"') and word[-1] == word[0] else resolve(word, "pyyaml") for word in words]
