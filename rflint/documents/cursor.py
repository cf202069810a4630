"""Typed reading of a document: a place in it, the value there, and where the value came from."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from rflint.documents.literals import BeyondLiterals, LiteralError, evaluate
from rflint.documents.values import MISSING, Found, Impossible, NotComputable, Path, Unknown, Value, Where

if TYPE_CHECKING:
    from rflint.documents.document import Document

T = TypeVar("T")
_NONE = object()


class Cursor:
    """A place in a document, read through typed accessors.

    ``cursor["model"]["conv_kernel"].ints()`` gives a `Value` that knows its place. An accessor raises `NotComputable`
    on a missing key without default, on a reference that cannot be followed and on a value of another type (which the
    schema reports as a finding of its own). What lies below a list or mapping reached by reference stands where that does.
    """

    __slots__ = ("_found", "_left", "_raw", "document", "path")

    def __init__(
        self, document: Document, path: Path = (), value: object = _NONE, left: tuple[tuple[Document, Path], ...] = ()
    ) -> None:
        self.document = document
        self.path = path
        self._raw = document.data if value is _NONE else value
        self._left = left
        """The places above from which a reference led on, outermost first."""
        self._found: Found | None = None

    # -- places -------------------------------------------------------------------------------------------------
    def __getitem__(self, key: str | int) -> Cursor:
        """The place below; a missing one is a Cursor too, whose `exists` is False."""
        document, path, here = self._found or self._target
        led_on = path != self.path or document is not self.document
        below: object = MISSING
        if isinstance(here, dict) and key in here:
            below = here[key]
        elif isinstance(here, list) and isinstance(key, int) and -len(here) <= key < len(here):
            below, key = here[key], key % len(here)
        return Cursor(
            document, (*path, key), below, (*self._left, (self.document, self.path)) if led_on else self._left
        )

    def at(self, *keys: str | int) -> Cursor:
        """``cursor.at("a", "b")`` is ``cursor["a"]["b"]``."""
        here = self
        for key in keys:
            here = here[key]
        return here

    def first(self, *keys: str) -> Cursor:
        """The first of several synonymous keys that exists, else the (missing) first."""
        return next((self[key] for key in keys if self[key].exists), self[keys[0]])

    def __iter__(self) -> Iterator[Cursor]:
        """The places below: the items of a list, the values of a mapping in file order."""
        here = self.value
        keys: Sequence[str | int] = ()
        if isinstance(here, list):
            keys = range(len(here))
        elif isinstance(here, dict):
            keys = [key for key in here if isinstance(key, str)]
        return (self[key] for key in keys)

    @property
    def where(self) -> Where:
        return Where(*self.document.locate(self.path))

    @property
    def key(self) -> str:
        return self.where.key

    @property
    def tag(self) -> str | None:
        """The YAML tag written in the file (``!new:torch.nn.Conv1d``), or None."""
        return self.document.tag(self.path)

    # -- what is there ------------------------------------------------------------------------------------------
    @property
    def meant_tag(self) -> str | None:
        """The tag of the place that a reference leads to; without a reference that of the place itself."""
        document, path, _ = self._found or self._target
        return document.tag(path)

    @property
    def _target(self) -> Found:
        if self._found is None:
            if self._raw is MISSING:
                self._found = Found(self.document, self.path, self.document.missing(self.path))
            else:
                self._found = self._unless_inside(self.document.follow(self.path, self._raw))
        return self._found

    def _unless_inside(self, found: Found) -> Found:
        """What a reference leads to; unknown when that holds the reference, for it has no end."""
        if isinstance(found.value, dict | list) and (found.path != self.path or found.document is not self.document):
            for document, path in (*self._left, (self.document, self.path)):
                if document is found.document and path[: len(found.path)] == found.path:
                    return Found(self.document, self.path, Unknown("it refers to what it is part of"))
        return found

    @property
    def value(self) -> object:
        """The plain value, references followed; `Unknown` when it cannot be known."""
        return (self._found or self._target).value

    @property
    def exists(self) -> bool:
        """True when the key is written in the file, whatever its value."""
        return self._raw is not MISSING

    @property
    def given(self) -> bool:
        """True when the key is written and its value is known and not null."""
        value = self.value
        return value is not None and not isinstance(value, Unknown)

    def is_mapping(self) -> bool:
        return isinstance(self.value, dict)

    def is_list(self) -> bool:
        return isinstance(self.value, list)

    def has(self, *keys: str) -> bool:
        """True when this is a mapping that holds all the keys."""
        here = self.value
        return isinstance(here, dict) and all(key in here for key in keys)

    # -- typed reading ------------------------------------------------------------------------------------------
    def _read(self, wanted: str, convert: Callable[[object], T | None], default: object) -> Value[T]:
        value = self._deep()
        if value is MISSING or value is None:
            if default is _NONE:
                raise NotComputable(f"`{self.key}` is {'null' if value is None else 'missing'}", self.where)
            return Value(default, None, "framework default")  # type: ignore[arg-type]
        if isinstance(value, Unknown):
            raise NotComputable(f"`{self.key}` is not known: {value.reason}", self.where)
        converted = convert(value)
        if converted is None:
            fault = _fault(value)
            problem = NotComputable if isinstance(fault, BeyondLiterals) else Impossible
            raise problem(f"`{self.key}` is not {wanted}{f': {fault}' if fault else ''}", self.where)
        where = self.where
        return Value(converted, where, where.document.origin)

    def _deep(self) -> object:
        """The value, in a list with the references of its items followed, too; `Unknown` if one leads nowhere."""
        value = self.value
        if not isinstance(value, list) or not any(isinstance(item, str | list) for item in value):
            return value
        items = [item._deep() for item in self]
        return next((item for item in items if isinstance(item, Unknown)), items)

    def int(self, default: object = _NONE) -> Value[int]:
        """A whole number; null and a missing key give the default."""
        return self._read("a whole number", _whole, default)

    def number(self, default: object = _NONE) -> Value[Fraction]:
        """An exact number: ``0.01`` is 1/100, as it is written and meant."""
        return self._read("a number", _exact, default if not isinstance(default, float) else _exact(default))

    def bool(self, default: object = _NONE) -> Value[bool]:
        return self._read("true or false", lambda v: v if isinstance(v, bool) else None, default)

    def str(self, default: object = _NONE) -> Value[str]:
        return self._read("a text", lambda v: v if isinstance(v, str) else None, default)

    def ints(self, default: object = _NONE) -> Value[list[builtins.int]]:
        """A list of whole numbers; a string holding one (``"[8, 8, 2, 2]"`` or ``"5,5"``) is read as one."""
        return self._read("a list of whole numbers", lambda v: _list(_literal(v), _whole), default)

    def lists(self, default: object = _NONE) -> Value[list[list[builtins.int]]]:
        """A list of lists of whole numbers, or a string holding one (``"[(512, 10, 5)] + [(512, 3, 2)] * 4"``)."""
        return self._read(
            "a list of lists of whole numbers",
            lambda v: _list(_literal(v), lambda item: _list(item, _whole)),
            default,
        )

    def literal(self, default: object = _NONE) -> Value[object]:
        """Plain data, where a string may hold a bounded literal expression."""
        return self._read("a literal", _literal, default)


def _whole(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) else None


def _exact(value: object) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        return None
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def _list(value: object, convert: Callable[[object], T | None]) -> list[T] | None:
    if not isinstance(value, list | tuple):
        return None
    items = [convert(item) for item in value]
    return None if any(item is None for item in items) else items  # type: ignore[return-value]


def _fault(value: object) -> LiteralError | None:
    """What is wrong with a text that looks like a list."""
    if isinstance(value, str) and value.lstrip().startswith(("[", "(")):
        try:
            evaluate(value)
        except LiteralError as error:
            return error
    return None


def _literal(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return evaluate(value)
    except LiteralError:
        return None
