"""A value has the wrong type or lies outside its range

## What it does

Checks every value of a recognised config that matters for time against the dialect's JSON Schema.

## Why it matters

A kernel of `"10"`, a stride of 0 or a list where a number belongs makes the framework fail, or read something else.

## Example

```json config.json
{"model_type": "wav2vec2", "conv_dim": [512, 512], "conv_kernel": [10, 3], "conv_stride": [5, 0]}
```

## Use instead

```json config.json
{"model_type": "wav2vec2", "conv_dim": [512, 512], "conv_kernel": [10, 3], "conv_stride": [5, 2]}
```

## How to mend

Give the value the type and range that the message names. Values that are not known yet (`???`, `${...}`) satisfy any
schema.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.documents import Document, Where
from rflint.documents.schema import Violation, violations
from rflint.findings import Problem, Severity
from rflint.schemas import load_schema

CODE, NAME = "RF002", "schema-violation"
SEVERITY: Severity = "error"

_RANGES = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "minLength": "at least {} characters",
}
_TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "string": "a text",
    "array": "a list",
    "object": "a mapping",
    "boolean": "true or false",
    "null": "null",
}


def judge(document: Document, schema: str) -> Iterator[Problem]:
    """The findings of a document against the schema of its dialect."""
    for violation in violations(document.known(), load_schema(schema)):
        where = Where(*document.locate(tuple(violation.path)))
        name = where.key or "the file"
        yield Problem(where, f"`{name}` must be {_wanted(violation)}, found {_shown(violation.found)}")


def _wanted(violation: Violation) -> str:
    expected = violation.expected
    if violation.keyword == "type":
        kinds = expected if isinstance(expected, list) else [expected]
        return " or ".join(_TYPES.get(str(kind), str(kind)) for kind in kinds)
    if violation.keyword in _RANGES:
        return _RANGES[violation.keyword].format(expected)
    if violation.keyword == "enum" and isinstance(expected, list):
        return "one of " + ", ".join(f"`{choice}`" for choice in expected[:8])
    if violation.keyword == "required":
        return f"a mapping with the key `{expected}`"
    return f"such that {violation.keyword} {str(expected)[:80]} holds"


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return f"`{text[:60]}…`" if len(text) > 60 else f"`{text}`"
