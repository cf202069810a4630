"""Targets that stand outside a dialect's own keys: pragma comments, native blocks, settings, the command line.

``# rflint: target encoder "30 ms frames every 10 ms"`` in a comment, ``rflint: {targets: {step: 10ms}}`` beside a
framework's keys, ``[[tool.rflint.target]]`` in the settings, ``--target`` on the command line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rflint.dialects.native_words import block_of
from rflint.documents import Cursor, Document, NotComputable, Place, Span
from rflint.model import Claim, Model, Note
from rflint.targets import PhraseError, parse

_PRAGMA = re.compile(r"rflint\s*:\s*target\s*(?P<phrase>.*)", re.IGNORECASE)
_QUOTED = re.compile(r"""^(?P<stack>[\w./-]*)\s*:?\s*(?P<quote>["'])(?P<text>.*?)(?P=quote)""")


def state_targets(
    models: Sequence[Model],
    document: Document,
    from_settings: Sequence[tuple[str, str, str | None]],
    from_caller: Sequence[tuple[str | None, str]],
) -> None:
    """Hand the targets to the first model that has the stack they speak of; what is not understood becomes a note."""
    if not models:
        return
    for claim in [*_pragmas(document, models[0]), *_given(from_settings, from_caller, models[0])]:
        able = [model for model in models if model.stack(claim.target.stack) is not None]
        if able:
            able[0].claims.append(claim)
        else:
            reason = f"no stack `{claim.target.stack or 'encoder'}` was derived that the target could speak of"
            models[0].notes.append(Note("target", reason, claim.where))
    if models[0].dialect != "native":
        _native_block(Cursor(document), models[0])


def _pragmas(document: Document, model: Model) -> Iterator[Claim]:
    for comment in document.comments if "rflint" in document.source.text else ():
        match = _PRAGMA.search(comment.text) if "rflint" in comment.text else None
        if match is None:
            continue
        span = Span(comment.line, comment.column, comment.line, comment.column + len(comment.text))
        place = Place(document.name, span)
        quoted = _QUOTED.match(match["phrase"])
        stack, phrase = (quoted["stack"] or None, quoted["text"]) if quoted else (None, match["phrase"])
        wording = comment.text.strip()
        yield from _claims(phrase, stack, place, "pragma", wording, model)


def _given(
    from_settings: Sequence[tuple[str, str, str | None]], from_caller: Sequence[tuple[str | None, str]], model: Model
) -> Iterator[Claim]:
    for _, phrase, stack in from_settings:
        yield from _claims(phrase, stack, None, "settings", phrase, model)
    for stack, phrase in from_caller:
        yield from _claims(phrase, stack, None, "command line", phrase, model)


def _claims(
    phrase: str, stack: str | None, place: Place | None, source: object, wording: str, model: Model
) -> Iterator[Claim]:
    try:
        targets = parse(phrase, stack)
    except PhraseError as error:
        model.notes.append(Note("pragma", f"{error} in `{phrase.strip()[:80]}`", place or _start(model)))
        return
    yield from (Claim(target, place, source, wording) for target in targets)  # type: ignore[arg-type]


def _start(model: Model) -> Place | None:
    """The beginning of the file, for a target that stands outside of it."""
    places = [stage.where for stack in model.stacks for stage in stack.stages if stage.where is not None]
    return Place(places[0].name, Span(1, 1, 1, 1)) if places else None


def _native_block(root: Cursor, model: Model) -> None:
    """The targets of a native block without a stack speak of what the framework's dialect derived."""
    block = block_of(root)
    if block is None or not block["targets"].exists:
        return
    stack = model.stack()
    if stack is None:
        model.notes.append(Note("target", "no stack was derived that the targets could speak of", block.where))
        return
    from rflint.dialects.native_targets import read_targets  # most targets stand in comments
    from rflint.dialects.native_values import FormError, Scope

    try:
        read_targets(block["targets"], stack, model, Scope(root), block["input"])
    except FormError as error:
        model.notes.append(Note("form error", error.reason, error.where))
    except NotComputable as problem:
        model.notes.append(Note("target", problem.reason, problem.where))
