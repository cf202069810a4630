"""A value is of a type or size that no network can have

## What it does

Reports the value at which the derivation of a stack had to stop: a text where a list of numbers belongs, an expression
that makes no list or far too long a one, a stride of 0. A value that is only not known, such as `${...}` or code, is no
finding; `rflint explain` names it.

## Why it matters

The framework refuses the value, or reads something else than was meant. Nothing behind it is checked: the other rules
are silent about the stack, not content with it.

## Example

```yaml config.yaml
model:
  _name: wav2vec2
  conv_feature_layers: "[(512, 10, 5)] + [(512, 3, 2)] * 4 + [(512, 2, 0)]"
```

## Use instead

```yaml config.yaml
model:
  _name: wav2vec2
  conv_feature_layers: "[(512, 10, 5)] + [(512, 3, 2)] * 4 + [(512, 2, 2)]"
```

## How it is computed

Texts are read as data: numbers, lists, sums of lists, and lists times a number.

## How to mend

Write the value as the message says. `rflint explain` shows which part of the model depends on it.

## References

fairseq, fairseq/models/wav2vec/wav2vec2.py, which evaluates `conv_feature_layers`.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.documents import Where
from rflint.findings import Problem, Severity
from rflint.model import Model

CODE, NAME = "RF005", "impossible-value"
SEVERITY: Severity = "warning"


def check(model: Model) -> Iterator[Problem]:
    places = set()
    for note in model.notes:
        if note.impossible and isinstance(note.where, Where) and note.where.path not in places:
            places.add(note.where.path)
            yield Problem(
                note.where,
                note.reason[:1].upper() + note.reason[1:],
                label="the derivation stops here",
                notes=[f"{note.subject}: not derived, and not checked"],
            )
