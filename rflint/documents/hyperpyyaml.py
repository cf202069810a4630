"""HyperPyYAML's tags: ``!ref <a>``, ``!ref <a[b]> * 2``, ``!copy``, ``!tuple``, ``!include:file``; the rest runs code.

Of that code one call is as good as a value: ``!apply:round [!ref <a> / 2]``.

Reference: hyperpyyaml/core.py of HyperPyYAML 1.2.3. 3D-Speaker's ``<key>`` needs no tag and computes nothing.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Any

from rflint.documents import limits
from rflint.documents.references import Trail, follow, lookup
from rflint.documents.values import Found, Path, Unknown

if TYPE_CHECKING:
    from rflint.documents.document import Document

_REFERENCE = re.compile(r"<[^>]*>")
_SUM = re.compile(r"[-+*/%()0-9.eE\s]*")
_RUNS = ("!apply:", "!applyref:", "!module:", "tag:yaml.org,2002:python/object", "tag:yaml.org,2002:python/name",
         "tag:yaml.org,2002:python/module")  # fmt: skip
_MADE, _ROUND = ("!new:", "!name:"), "!apply:round"
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "Add": operator.add, "Sub": operator.sub, "Mult": operator.mul,
    "Div": operator.truediv, "FloorDiv": operator.floordiv, "Mod": operator.mod,
}  # fmt: skip
_DEEPEST, _LARGEST_POWER, _LARGEST = 40, 64, 10**limits.DIGITS


def follow_tag(document: Document, path: Path, raw: object, tag: str, trail: Trail) -> Found:
    """The place and the value that a value with a tag stands for."""
    if tag in ("!ref", "!copy") and isinstance(raw, str):
        return refer(document, path, raw, trail)
    if tag.startswith("!include:"):
        from rflint.documents.compose import included

        return included(document, path, raw, tag.removeprefix("!include:"))
    if tag == "!PLACEHOLDER":
        return Found(document, path, Unknown("it is to be given elsewhere (`!PLACEHOLDER`)"))
    if tag == _ROUND and isinstance(raw, list) and len(raw) == 1:
        return Found(document, path, _rounded(follow(document, (*path, 0), raw[0], trail).value))
    if tag.startswith(_RUNS) or (tag.startswith(_MADE) and isinstance(raw, str)):
        return Found(document, path, Unknown(f"`{tag}` is made when the program runs"))
    return Found(document, path, raw)


def _rounded(value: object) -> object:
    """The nearest whole number; unknown for a half, which an error of the program's floats may send either way."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or value % 1 == 0.5:
        return value if isinstance(value, Unknown) else Unknown("it is rounded when the program runs")
    return round(value)


def refer(document: Document, path: Path, text: str, trail: Trail) -> Found:
    """What a text with ``<key>`` or ``<key[key]>`` stands for: a place, or the text filled in and, if a sum, computed.

    Values are put in as text, so ``<a> * 2`` of the text ``1 + 2`` is 5.
    """
    if len(text) > limits.TEXT:
        return Found(document, path, Unknown("its text is too long", text[:80]))
    filled = False
    for _ in range(limits.CHAIN):
        if not _REFERENCE.search(text):
            computed = _amount(text) if filled and document.loader != "speakerlab" else text
            return Found(document, path, computed)
        pieces = re.split(r"(<[^>]*>)", text)
        found = [_place(document, piece, trail) for piece in pieces[1::2]]
        stuck = next((place for place in found if isinstance(place.value, Unknown)), None)
        if stuck or (pieces[0] == pieces[2] == "" and len(found) == 1 and not isinstance(found[0].value, str)):
            return stuck or found[0]
        filled |= len(found) > 1 or pieces[0] + pieces[2] != ""
        if any(isinstance(place.value, dict | list) or place.document.tag(place.path) == _ROUND for place in found):
            return Found(document, path, Unknown("a list or mapping stands in its text", text))
        pieces[1::2] = [str(place.value) for place in found]
        text = "".join(pieces)
        if len(text) > limits.TEXT:
            return Found(document, path, Unknown("its text grows too long", text[:80]))
    return Found(document, path, Unknown("its reference leads back to itself", text[:80]))


def _place(document: Document, reference: str, trail: Trail) -> Found:
    inside = reference.strip("<>")
    if "." in inside:
        return Found(document, (), Unknown(f"`{reference}` is an attribute of what the program makes"))
    return lookup(document, [word.strip("]") for word in inside.split("[")], _key_of, trail)


def _key_of(container: object, word: str | int) -> str | int | None:
    return word if isinstance(container, dict) and word in container else None


# -- arithmetic -----------------------------------------------------------------------------------------------------


def _amount(text: str) -> object:
    """The value of a sum; a text that is none stays a text (as one with a leading minus does)."""
    if not _SUM.fullmatch(text):
        return text
    import ast

    try:
        return _compute(ast.parse(text, mode="eval").body, _DEEPEST)
    except (ArithmeticError, OverflowError):
        return Unknown("it cannot be computed", text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return text


def _compute(node: Any, depth: int) -> int | float:
    kind = type(node).__name__
    if kind == "Constant" and type(node.value) in (int, float):
        return node.value  # type: ignore[no-any-return]
    if kind != "BinOp" or not depth:
        raise ValueError(kind)
    left, right = _compute(node.left, depth - 1), _compute(node.right, depth - 1)
    name = type(node.op).__name__
    if name == "Pow":
        return _power(left, right)
    if name in ("FloorDiv", "Mod") and (isinstance(left, float) or isinstance(right, float)):
        return float(_OPERATORS[name](left, right))  # 1 // 0.1 is 9 to the program, and a whole frame is at stake
    exact = _OPERATORS[name](_exact(left), _exact(right))
    if abs(exact) > _LARGEST:
        raise OverflowError
    return int(exact) if name != "Div" and isinstance(left, int) and isinstance(right, int) else float(exact)


def _exact(number: int | float) -> Fraction:
    """The number as it is written: 0.1 is one tenth."""
    if isinstance(number, float) and not isfinite(number):
        raise ArithmeticError
    return Fraction(repr(number))


def _power(base: int | float, exponent: int | float) -> int | float:
    if abs(exponent) > _LARGEST_POWER or (isinstance(base, int) and base.bit_length() > _LARGEST_POWER):
        raise OverflowError
    result = base**exponent
    if isinstance(result, complex):
        raise ArithmeticError
    return result
