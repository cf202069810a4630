"""The native form: an ``rflint:`` or ``x-rflint:`` block states any stack of the file, and its targets."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.coverage import Coverage, CoverageError, stft
from rflint.dialects.native_layers import Defaults
from rflint.dialects.native_stack import Builder
from rflint.dialects.native_targets import read_targets
from rflint.dialects.native_values import FormError, Scope, exact, whole
from rflint.dialects.native_words import block_of
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Exchange, Factor, Model, Note, Role, Stack, Stage
from rflint.targets import PhraseError, quantity

NAME, TITLE = "native", "an `rflint:` or `x-rflint:` block in any YAML, JSON or TOML"
SCHEMA, LOADER = "native", "pyyaml"

KEYS = ("version", "input", "frontend", "defaults", "stack", "stacks", "targets", "axis")
_ROLES: tuple[Role, ...] = ("frontend", "encoder", "context", "decoder")


def recognise(root: Cursor) -> bool:
    block = block_of(root)
    return block is not None and (block["stack"].exists or block["stacks"].exists)


def read(root: Cursor) -> Iterator[Model]:
    block = block_of(root)
    if block is None:
        return
    scope = Scope(root)
    model = Model(NAME)
    try:
        _check_keys(block)
        _read(block, scope, model)
    except FormError as error:
        model.notes.append(Note("form error", error.reason, error.where))
    except NotComputable as problem:
        model.notes.append(Note("stack", problem.reason, problem.where))
    yield model


def _check_keys(block: Cursor) -> None:
    for entry in block:
        key = str(entry.path[-1])
        if key not in KEYS:
            import difflib

            near = difflib.get_close_matches(key, KEYS, 1)
            told = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(KEYS)}"
            raise FormError(f"the key `{key[:60]}` is not known; {told}", entry.where)


def _read(block: Cursor, scope: Scope, model: Model) -> None:
    rate = _rate(block["input"], scope)
    model.sample_rate = rate
    frontend = _frontend(block["frontend"], rate, scope)
    if frontend and rate is not None:
        hop = frontend[0].layer.stride
        center = block["frontend"]["center"].value is True
        place = block["frontend"].first("hop", "step").where
        model.exchanges.append(Exchange("gives", Value(hop, place), rate, None, center))
    defaults = Defaults(
        str(scope.value(block["defaults"]["padding"], "valid").value),
        str(scope.value(block["defaults"]["framework"], "torch").value),
    )
    builder = Builder(scope, defaults)
    stacks = block["stacks"]
    named = list(stacks) if stacks.is_mapping() else [block["stack"]]
    for cursor in named:
        name = str(cursor.path[-1])
        stages = [*frontend, *builder.stages(cursor)]
        model.stacks.append(_stack(name, stages, cursor, block, rate, scope))
    for cursor in named:
        several = stacks.is_mapping()
        targets = block["targets"][str(cursor.path[-1])] if several else block["targets"]
        stack = model.stack(str(cursor.path[-1])) if several else model.stacks[-1]
        if stack is not None and targets.exists:
            read_targets(targets, stack, model, scope, block["input"])


def _rate(input_: Cursor, scope: Scope) -> Value[Fraction] | None:
    """The rate of the input positions (Hz): ``16000``, ``86.13``, ``16 kHz`` or a reference."""
    value = scope.value(input_["rate"])
    if value.value is None:
        return None
    number = exact(value.value)
    if number is None and isinstance(value.value, str):
        try:
            number = quantity(value.value, of="sample_rate").low
        except PhraseError as error:
            raise FormError(f"the rate is not understood: {error}", input_["rate"].where) from None
    if number is None or number <= 0:
        raise FormError("a rate must be a positive number of Hz", input_["rate"].where)
    return Value(number, value.where or input_["rate"].where)


def _frontend(cursor: Cursor, rate: Value[Fraction] | None, scope: Scope) -> list[Stage]:
    """A fixed analysis in front of the stack: ``{win: 25ms, hop: 10ms, center: false}``."""
    if not cursor.exists:
        return []
    window, hop = (_samples(cursor.first(*names), rate, scope) for names in (("win", "window"), ("hop", "step")))
    center = scope.value(cursor["center"], False).value is True
    return [Stage("frontend", stft(window, hop, center=center), cursor.where)]


def _samples(cursor: Cursor, rate: Value[Fraction] | None, scope: Scope) -> int:
    value = scope.value(cursor)
    if value.value is None:
        raise FormError(f"`{cursor.key}` is missing", cursor.where)
    if not isinstance(value.value, str):
        return whole(value, cursor.key, cursor.where)
    try:
        target = quantity(value.value, of="receptive_field")
    except PhraseError as error:
        raise FormError(f"`{cursor.key}` is not understood: {error}", cursor.where) from None
    amount = target.low
    if amount is not None and target.unit == "s":
        if rate is None:
            raise FormError("a duration needs the rate of the input", cursor.where)
        amount *= rate.value
    if amount is None or amount.denominator != 1 or amount < 1:
        raise FormError(f"`{cursor.key}` is no whole number of samples: {value.value}", cursor.where)
    return int(amount)


def _stack(
    name: str, stages: list[Stage], cursor: Cursor, block: Cursor, rate: Value[Fraction] | None, scope: Scope
) -> Stack:
    unit = block["input"]["unit"].value
    try:
        coverage = Coverage([stage.layer for stage in stages])
    except CoverageError as error:
        raise FormError(str(error), cursor.where) from None
    role: Role = next((r for r in _ROLES if r == name), "decoder" if coverage.step < 1 else "encoder")
    return Stack(
        role,
        "" if name == "stack" else name,
        stages,
        input_rate=rate.value if rate else None,
        input_unit=_plural(unit) if isinstance(unit, str) else "",
        factors=_factors(stages, cursor, scope),
        inexact="report",
    )


def _plural(unit: str) -> str:
    return {"sample": "samples", "frame": "frames"}.get(unit, unit[:20])


def _factors(stages: list[Stage], cursor: Cursor, scope: Scope) -> list[Factor]:
    """The steps that multiply to the total, where they are whole: the list of strides where one holds them all."""
    steps = [stage.layer.step for stage in stages if stage.layer.step != 1]
    for key in ("strides", "stride", "s"):
        if cursor.has(key) and not cursor["each"].exists:
            listed = scope.value(cursor[key])
            terms = listed.value if isinstance(listed.value, list) else []
            if [term for term in terms if term != 1] == steps:
                return [Factor((listed.where or cursor.where).key, tuple(map(int, terms)), listed.where)]
    if all(step.denominator == 1 for step in steps):
        whole_steps = tuple(int(step) for step in steps)
    elif all(step.numerator == 1 for step in steps):
        whole_steps = tuple(step.denominator for step in steps)
    else:
        return []
    return [Factor(cursor.key, whole_steps, cursor.where)] if whole_steps else []
