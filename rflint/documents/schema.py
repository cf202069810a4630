"""Validation against the JSON Schemas of ``schemas/``: the subset of JSON Schema 2020-12 that `_KEYWORDS` lists.

A schema is compiled once to predicates, which answer in microseconds; only for a value that is refused is jsonschema
asked, which says where and why. An `Unknown` value satisfies any schema, and a schema around it is refused only if no
value whatever in its place would satisfy it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sized
from functools import cache
from typing import Any, NamedTuple

from rflint.documents.values import Path, Unknown

Check = Callable[[Any, bool], bool]
"""``check(value, True)``: the value may satisfy the schema; ``check(value, False)``: it does, whatever is unknown in it."""
Compile = Callable[[Any], Check]


class Violation(NamedTuple):
    """One value that a schema refuses: where it is, the keyword that refuses it, and what that keyword asks for."""

    path: Path
    keyword: str
    expected: object
    found: object


def violations(data: object, schema: Mapping[str, Any]) -> list[Violation]:
    """All violations of a schema, by their place. The schema must not change afterwards.

    Raises:
        ValueError: the schema uses a keyword that is not supported.
    """
    compiled = _compiled(_Identity(schema))
    if compiled.check(schema, data):
        return []
    found: list[Violation] = []
    for violation in _explained(data, schema):
        if violation not in found:
            found.append(violation)
    return sorted(found, key=lambda violation: [str(part) for part in violation.path])


class _Identity:
    """Carries an unhashable schema past the cache, which keys on its identity and keeps it alive."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and other.schema is self.schema


@cache
def _compiled(identity: _Identity) -> _Compiled:
    return _Compiled(identity.schema)


class _Compiled:
    """A schema with the predicates of all its parts."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._checks: dict[int, Check] = {}
        self._part(root)

    def check(self, schema: Any, value: object) -> bool:
        """True when a value may satisfy a part of the schema."""
        return self._part(schema)(value, True)

    def _part(self, schema: Any) -> Check:
        if isinstance(schema, bool):
            return lambda value, lenient: schema
        if id(schema) not in self._checks:
            checks: list[Check] = []
            self._checks[id(schema)] = _all_of(checks)  # before its parts, which may refer to it
            checks += [self._keyword(name, schema) for name in schema if name not in _IGNORED]
        return self._checks[id(schema)]

    def _keyword(self, name: str, schema: Mapping[str, Any]) -> Check:
        if name == "$ref":
            return self._part(self._target(schema["$ref"]))
        if name not in _KEYWORDS:
            raise ValueError(f"the schema keyword `{name}` is not supported")
        return _KEYWORDS[name](schema, self._part)

    def _target(self, reference: str) -> Any:
        here: Any = self._root
        for part in reference.removeprefix("#").split("/")[1:]:
            here = here[part]
        return here


# -- why a value is refused -----------------------------------------------------------------------------------------


def _explained(data: object, schema: Mapping[str, Any]) -> list[Violation]:
    """What jsonschema says of data that the predicates refuse: of alternatives, the one that went furthest."""
    errors = [_furthest(error) for error in _validator()(schema).iter_errors(data)]
    found = [Violation(tuple(e.absolute_path), str(e.validator), _expected(e), e.instance) for e in errors]
    return found or [Violation((), "not", "what is known already rules it out", data)]


@cache
def _validator() -> Any:
    """jsonschema's validator of 2020-12, for which an unknown value satisfies everything; a tenth of a second to import."""
    from jsonschema import Draft202012Validator, validators

    def tolerant(check: Any) -> Any:
        def validate(validator: Any, value: Any, instance: Any, schema: Any) -> Any:
            return () if isinstance(instance, Unknown) else check(validator, value, instance, schema) or ()

        return validate

    extend: Any = validators.extend
    return extend(
        Draft202012Validator, {name: tolerant(check) for name, check in Draft202012Validator.VALIDATORS.items()}
    )


def _furthest(error: Any) -> Any:
    while error.context:
        inner = max(error.context, key=lambda e: len(e.absolute_path))
        if len(inner.absolute_path) == len(error.absolute_path):
            return error
        error = inner
    return error


def _expected(error: Any) -> object:
    """What a keyword asks for: of `required` the first key that is missing, of alternatives the types they name."""
    if error.validator == "required":
        return next(key for key in error.validator_value if key not in error.instance)
    if error.validator in ("anyOf", "oneOf"):
        kinds = [part["type"] for part in error.validator_value if isinstance(part, dict) and "type" in part]
        return kinds or "one of the alternatives"
    return error.validator_value


# -- predicates -----------------------------------------------------------------------------------------------------


def _all_of(checks: list[Check]) -> Check:
    def check(value: Any, lenient: bool) -> bool:
        if type(value) is Unknown:
            return lenient or not checks
        for each in checks:  # noqa: SIM110 (`all` with a generator takes twice the time, and this is gone through most)
            if not each(value, lenient):
                return False
        return True

    return check


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: dict[str, Callable[[Any], bool]] = {
    "integer": lambda v: _is_number(v) and (isinstance(v, int) or v.is_integer()),
    "number": _is_number,
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
    "array": lambda v: isinstance(v, list),
    "object": lambda v: isinstance(v, Mapping),
}


def _type(schema: Any, _: Compile) -> Check:
    names = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    kinds = [_TYPES[name] for name in names]
    if len(kinds) == 1:
        return lambda v, lenient: kinds[0](v)
    return lambda v, lenient: any(kind(v) for kind in kinds)


def _same(a: Any, b: Any) -> bool:
    """Equality as JSON has it: 1 is 1.0, and true is not 1."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_same, a, b))
    return isinstance(a, bool) == isinstance(b, bool) and bool(a == b)


def _may_be(value: Any, choice: Any, lenient: bool) -> bool:
    if isinstance(value, Unknown):
        return lenient
    if isinstance(value, Mapping) and isinstance(choice, Mapping):
        return value.keys() == choice.keys() and all(_may_be(value[key], choice[key], lenient) for key in value)
    if isinstance(value, list) and isinstance(choice, list):
        return len(value) == len(choice) and all(_may_be(a, b, lenient) for a, b in zip(value, choice, strict=True))
    return _same(value, choice)


def _properties(schema: Any, compiled: Compile) -> Check:
    known = {key: compiled(part) for key, part in schema["properties"].items()}

    def check(value: Any, lenient: bool) -> bool:
        shared = known.keys() & value.keys() if isinstance(value, Mapping) else ()
        return all(known[key](value[key], lenient) for key in shared)

    return check


def _additional(schema: Any, compiled: Compile) -> Check:
    known, check = set(schema.get("properties", ())), compiled(schema["additionalProperties"])
    return lambda v, lenient: not isinstance(v, Mapping) or all(check(v[key], lenient) for key in v if key not in known)


def _items(schema: Any, compiled: Compile) -> Check:
    skip, check = len(schema.get("prefixItems", ())), compiled(schema["items"])
    return lambda v, lenient: not isinstance(v, list) or all(check(item, lenient) for item in v[skip:])


def _prefix(schema: Any, compiled: Compile) -> Check:
    checks = [compiled(part) for part in schema["prefixItems"]]
    return lambda v, lenient: (
        not isinstance(v, list) or all(c(item, lenient) for c, item in zip(checks, v, strict=False))
    )


def _if(schema: Any, compiled: Compile) -> Check:
    test, then, other = (compiled(schema.get(key, True)) for key in ("if", "then", "else"))
    return lambda v, lenient: (
        (test(v, lenient) and then(v, lenient)) or (not test(v, not lenient) and other(v, lenient))
    )


def _pattern(schema: Any, _: Compile) -> Check:
    expression = re.compile(schema["pattern"])
    return lambda v, lenient: not isinstance(v, str) or expression.search(v) is not None


def _any_of(schema: Any, compiled: Compile) -> Check:
    checks = [compiled(part) for part in schema["anyOf"]]
    return lambda v, lenient: any(check(v, lenient) for check in checks)


def _one_of(schema: Any, compiled: Compile) -> Check:
    checks = [compiled(part) for part in schema["oneOf"]]
    return lambda v, lenient: any(c(v, lenient) for c in checks) and sum(c(v, not lenient) for c in checks) <= 1


def _not(schema: Any, compiled: Compile) -> Check:
    check = compiled(schema["not"])
    return lambda v, lenient: not check(v, not lenient)


def _bound(keyword: str, fits: Callable[[Any, Any], bool]) -> Callable[[Any, Compile], Check]:
    return lambda schema, _: lambda v, lenient: not _is_number(v) or fits(v, schema[keyword])


def _size(keyword: str, kind: type[Sized], fits: Callable[[int, int], bool]) -> Callable[[Any, Compile], Check]:
    return lambda schema, _: lambda v, lenient: not isinstance(v, kind) or fits(len(v), schema[keyword])


_IGNORED = frozenset(
    {"$schema", "$id", "$defs", "$comment", "title", "description", "default", "examples", "then", "else"}
)
_KEYWORDS: dict[str, Callable[[Any, Compile], Check]] = {
    "type": _type,
    "enum": lambda schema, _: lambda v, lenient: any(_may_be(v, choice, lenient) for choice in schema["enum"]),
    "const": lambda schema, _: lambda v, lenient: _may_be(v, schema["const"], lenient),
    "properties": _properties,
    "required": lambda schema, _: (
        lambda v, lenient: not isinstance(v, Mapping) or all(k in v for k in schema["required"])
    ),
    "additionalProperties": _additional,
    "items": _items,
    "prefixItems": _prefix,
    "pattern": _pattern,
    "minimum": _bound("minimum", lambda v, limit: v >= limit),
    "maximum": _bound("maximum", lambda v, limit: v <= limit),
    "exclusiveMinimum": _bound("exclusiveMinimum", lambda v, limit: v > limit),
    "exclusiveMaximum": _bound("exclusiveMaximum", lambda v, limit: v < limit),
    "minItems": _size("minItems", list, lambda n, limit: n >= limit),
    "maxItems": _size("maxItems", list, lambda n, limit: n <= limit),
    "minLength": _size("minLength", str, lambda n, limit: n >= limit),
    "minProperties": _size("minProperties", dict, lambda n, limit: n >= limit),
    "allOf": lambda schema, compiled: _all_of([compiled(part) for part in schema["allOf"]]),
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "if": _if,
}
