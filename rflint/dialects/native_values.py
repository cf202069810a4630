"""Values of the native form: numbers, references into the file (``@/data/rate ?? 16000``) and arithmetic over them.

A text that starts with ``@/`` is a JSON Pointer (RFC 6901) from the root of the document, ``*`` collecting a list;
``.key`` is relative to the element that ``each`` goes through; ``a ?? b`` takes the first that exists and is not null;
``= …`` computes with + - * / // % **, parentheses, min, max, sum, prod and len. Nothing else is evaluated.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import prod
from typing import Any, NamedTuple

from rflint.documents import Cursor, NotComputable, Unknown, Value, Where

_REFERENCE = re.compile(r"(?<![\w.)])(?:@[^\s,()]*|\.\w[^\s,()]*)")
_LONGEST = 1000
_LARGEST = 10**30
_ITEMS = 10_000


class FormError(Exception):
    """A mistake in a native block: what is wrong, and where."""

    def __init__(self, reason: str, where: Where) -> None:
        super().__init__(reason)
        self.reason = reason
        self.where = where


class Scope(NamedTuple):
    """What references are resolved in: the document, and the element that ``each`` stands at."""

    root: Cursor
    element: Cursor | None = None

    def value(self, cursor: Cursor, default: object = None) -> Value[object]:
        """The value at a place of the block, a reference followed; ``default`` where it is missing or null.

        Raises:
            FormError: the reference leads nowhere, or its arithmetic is not understood.
            NotComputable: what it leads to is not known (`???`, an interpolation).
        """
        written = cursor.value
        if isinstance(written, Unknown):
            if not cursor.exists:
                return Value(default, cursor.where, "derived")
            raise NotComputable(f"`{cursor.key}` is not known: {written.reason}", cursor.where)
        if written is None:
            return Value(default, cursor.where, "derived")
        if self.element is not None and isinstance(written, float) and 0 <= written < 1:
            written = "." + repr(written).partition(".")[2]  # YAML reads the index `.1` as a number
        if isinstance(written, str) and _is_reference(written):
            return self._first(written, cursor.where)
        return Value(written, cursor.where)

    def list_at(self, reference: str, where: Where) -> list[Cursor]:
        """The elements of the list that ``each`` names."""
        found = self._point(reference.strip())
        if found is None or not (isinstance(found, list) or found.is_list()):
            raise FormError(f"`{reference}` is no list of this file", where)
        return found if isinstance(found, list) else list(found)

    def _first(self, text: str, where: Where) -> Value[object]:
        if len(text) > _LONGEST:
            raise FormError(f"a reference of more than {_LONGEST} characters", where)
        for choice in text.split("??"):
            value = self._choice(choice.strip(), where)
            if value is not None and value.value is not None:
                return value
        raise FormError(f"`{text}` is not in this file", where)

    def _choice(self, choice: str, where: Where) -> Value[object] | None:
        if choice.startswith("="):
            return self._computed(choice[1:].strip(), where)
        if choice.startswith(("@", ".")):
            found = self._point(choice)
            if found is None:
                return None
            if isinstance(found, list):
                return Value([_known(item) for item in found], where, "derived")
            return Value(_known(found), found.where)
        number = _number(choice)
        return Value(choice if number is None else number, where)

    def _point(self, reference: str) -> Cursor | list[Cursor] | None:
        """The place of a pointer, the places of one with ``*``, or None where it leads nowhere."""
        if reference.startswith("."):
            start, steps = self.element, reference[1:].split(".")
        else:
            start, steps = self.root, reference.split("/")[1:]
        if start is None:
            return None
        found, several = [start], False
        for step in steps:
            several |= step == "*"
            found = [below for here in found[:_ITEMS] for below in _below(here, step)]
        return found if several else (found[0] if found else None)

    def _computed(self, expression: str, where: Where) -> Value[object] | None:
        references: list[object] = []
        places: list[Where] = []

        def hold(match: re.Match[str]) -> str:
            found = self._choice(match[0], where)
            references.append(None if found is None else found.value)
            if found is not None and found.where is not None:
                places.append(found.where)
            return f" _{len(references) - 1} "

        text = _REFERENCE.sub(hold, expression).strip()
        if any(value is None for value in references):
            return None
        try:
            value = _evaluate(ast.parse(text, mode="eval").body, references)
        except (ValueError, SyntaxError, ZeroDivisionError, RecursionError, MemoryError, IndexError) as error:
            raise FormError(f"`= {expression}` cannot be computed: {error}", where) from None
        return Value(value, places[0] if len(places) == 1 else where, "derived")


def _is_reference(text: str) -> bool:
    return text.startswith(("@", "= ")) or bool(re.match(r"\.\w", text) and not _number(text)) or "??" in text


def _known(cursor: Cursor) -> object:
    value = cursor.value
    if isinstance(value, Unknown):
        raise NotComputable(f"`{cursor.key}` is not known: {value.reason}", cursor.where)
    if isinstance(value, str):
        number = _number(value)
        if number is not None:
            return number
        return cursor.literal(value).value if value.strip()[:1] in "([" and value.strip() else value
    return value


def _below(here: Cursor, step: str) -> list[Cursor]:
    step = step.replace("~1", "/").replace("~0", "~")
    if step == "*":
        return list(here)
    key: str | int = int(step) if step.isdigit() and here.is_list() else step
    below = here[key]
    return [below] if below.exists else []


def _number(text: str) -> int | Fraction | None:
    if not re.fullmatch(r"[-+]?\d{1,40}(\.\d{0,40})?([eE][-+]?\d{1,2})?", text):
        return None
    value = Fraction(text)
    return int(value) if value.denominator == 1 else value


def exact(value: object) -> Fraction | None:
    """A plain number, exactly as written; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        return None
    if isinstance(value, float):
        return Fraction(repr(value)) if value - value == 0 else None
    return Fraction(value)


def _plain(value: Fraction) -> int | Fraction:
    if abs(value.numerator) > _LARGEST or value.denominator > _LARGEST:
        raise ValueError("a number too large")
    return int(value) if value.denominator == 1 else value


_BINARY: dict[str, Callable[[Fraction, Fraction], Any]] = {
    "Add": lambda a, b: a + b,
    "Sub": lambda a, b: a - b,
    "Mult": lambda a, b: a * b,
    "Div": lambda a, b: a / b,
    "FloorDiv": lambda a, b: a // b,
    "Mod": lambda a, b: a % b,
}
_CALLS: dict[str, Callable[[Sequence[Fraction]], Any]] = {"min": min, "max": max, "sum": sum, "prod": prod, "len": len}


def _evaluate(node: Any, references: Sequence[object], depth: int = 0) -> object:
    kind = type(node).__name__
    if depth > 40:
        raise ValueError("nested too deeply")
    if kind == "Constant" and (number := exact(node.value)) is not None:
        return _plain(number)
    if kind == "Name" and re.fullmatch(r"_\d+", node.id):
        return references[int(node.id[1:])]
    if kind == "UnaryOp" and type(node.op).__name__ == "USub":
        return _plain(-_scalar(_evaluate(node.operand, references, depth + 1)))
    if kind == "BinOp":
        left = _scalar(_evaluate(node.left, references, depth + 1))
        return _plain(_operate(type(node.op).__name__, left, _scalar(_evaluate(node.right, references, depth + 1))))
    if kind == "Call" and type(node.func).__name__ == "Name" and node.func.id in _CALLS and not node.keywords:
        return _call(node.func.id, [_evaluate(argument, references, depth + 1) for argument in node.args])
    raise ValueError(f"a {kind} has no place here")


def _operate(operator: str, left: Fraction, right: Fraction) -> Fraction:
    if operator == "Pow":
        if right.denominator != 1 or abs(right) > 100:
            raise ValueError("an exponent that is no small whole number")
        return left ** int(right)
    if operator not in _BINARY:
        raise ValueError(f"the operator {operator} is not known")
    return Fraction(_BINARY[operator](left, right))


def _call(name: str, arguments: list[object]) -> object:
    items = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list) else arguments
    return _plain(Fraction(_CALLS[name]([_scalar(item) for item in items])))


def _scalar(value: object) -> Fraction:
    number = exact(value)
    if number is None:
        raise ValueError(f"`{str(value)[:40]}` is no number")
    return number


def whole(value: Value[object], name: str, where: Where, least: int = 1) -> int:
    """A whole number of at least ``least``.

    Raises:
        FormError: it is none.
    """
    number = exact(value.value)
    if number is None or number.denominator != 1 or number < least:
        shown = f"`{str(value.value)[:60]}`"
        raise FormError(f"`{name}` must be a whole number of at least {least}, found {shown}", where)
    return int(number)
