"""A bounded evaluator for literal expressions that configs hold as text: ``[(512,10,5)] + [(512,3,2)] * 4``."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import Any

LENGTH, DEPTH, ITEMS, REPEAT, DIGITS, EXPONENT = 20_000, 60, 10_000, 1000, 40, 150
_TOKENS = re.compile(
    r"""(?:[\s\[\](),+\-*/%]|'[^'\\\n]*'|"[^"\\\n]*"|(?:True|False|None)(?!\w)"""
    r"""|(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?(?![\w.]))++"""
)


class LiteralError(ValueError):
    """The text is no literal expression, or goes past a limit."""


class BeyondLiterals(LiteralError):
    """The text holds a name, a call or other code: what it makes is not known, since nothing is run."""


def evaluate(text: str) -> object:
    """The value of a literal: lists and tuples (both as lists), numbers, texts, ``+ - * / // % **``, parentheses.

    A plain enumeration (``5,5``) is a list. Nothing is called, named or looked up.

    Raises:
        LiteralError: not a literal, or past a limit on length, depth, items or digits.
    """
    if len(text) > LENGTH:
        raise LiteralError(f"longer than {LENGTH} characters")
    return _evaluate(text)


@lru_cache(maxsize=256)
def _evaluate(text: str) -> object:
    stripped = " ".join(text.split())
    if len(stripped) > 1 and stripped[0] == stripped[-1] and stripped[0] in "\"'":
        stripped = stripped[1:-1].strip()
    if not _TOKENS.fullmatch(stripped):
        raise BeyondLiterals("not a literal expression")
    if _nesting(stripped) > DEPTH:
        raise LiteralError("nested too deeply")
    import ast

    try:
        tree = ast.parse(stripped, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise LiteralError("not a literal expression") from None
    return _value(tree.body, DEPTH)


def _nesting(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        deepest = max(deepest, depth)
    return deepest


def _value(node: Any, depth: int) -> Any:
    if depth == 0:
        raise LiteralError("nested too deeply")
    kind = type(node).__name__
    if kind == "Constant":
        return _constant(node.value)
    if kind in ("List", "Tuple"):
        items = [_value(item, depth - 1) for item in node.elts]
        if _size(items) > ITEMS:
            raise LiteralError(f"more than {ITEMS} items")
        return items
    if kind == "UnaryOp" and type(node.op).__name__ in ("USub", "UAdd"):
        value = _number(_value(node.operand, depth - 1))
        return -value if type(node.op).__name__ == "USub" else value
    if kind == "BinOp":
        return _operate(type(node.op).__name__, _value(node.left, depth - 1), _value(node.right, depth - 1))
    raise BeyondLiterals(f"a {kind} is no literal")


def _constant(value: Any) -> Any:
    if isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int) and abs(value) < 10**DIGITS:
        return value
    if isinstance(value, float):
        return value
    raise LiteralError("a number too large or not real")


def _operate(operator: str, left: Any, right: Any) -> Any:
    if isinstance(left, list) or isinstance(right, list):
        return _sequence(operator, left, right)
    left, right = _number(left), _number(right)
    try:
        result = {
            "Add": lambda: left + right, "Sub": lambda: left - right, "Mult": lambda: left * right,
            "Div": lambda: _divide(left, right), "FloorDiv": lambda: left // right, "Mod": lambda: left % right,
            "Pow": lambda: _power(left, right),
        }[operator]()  # fmt: skip
    except (KeyError, ZeroDivisionError, OverflowError):
        raise LiteralError("cannot be computed") from None
    if isinstance(result, int) and abs(result) >= 10**DIGITS:
        raise LiteralError("a number too large")
    return result


def _power(left: Any, right: Any) -> Any:
    if isinstance(left, float) or isinstance(right, float) or right < 0:
        raise BeyondLiterals("a power that is no whole number")
    if right > EXPONENT:
        raise LiteralError("a number too large")
    return left**right


def _divide(left: Any, right: Any) -> Any:
    exact = Fraction(left) / Fraction(right)
    return int(exact) if exact.denominator == 1 else left / right


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise LiteralError("not a number")
    return value


def _sequence(operator: str, left: Any, right: Any) -> list[Any]:
    if operator == "Add" and isinstance(left, list) and isinstance(right, list):
        if _size(left) + _size(right) > ITEMS:
            raise LiteralError(f"more than {ITEMS} items")
        return left + right
    if operator == "Mult":
        items, count = (left, right) if isinstance(left, list) else (right, left)
        if isinstance(items, list) and isinstance(count, int) and not isinstance(count, bool):
            if count > REPEAT or _size(items) * max(count, 0) > ITEMS:
                raise LiteralError(f"more than {ITEMS} items")
            return items * count
    raise LiteralError("lists can be joined and repeated only")


def _size(value: Any) -> int:
    return sum(_size(item) for item in value) + 1 if isinstance(value, list) else 1
