"""Targets of the native form: a mapping of quantities to what they must be."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from rflint.dialects.native_values import FormError, Scope, exact
from rflint.documents import Cursor, Value
from rflint.model import Claim, Model, Stack, Tie
from rflint.targets import EXACT, PhraseError, Target, quantity, tolerance

QUANTITY: Mapping[str, str] = {
    **dict.fromkeys(("step", "hop", "frame_shift", "stride_total", "downsample"), "frame_step"),
    **dict.fromkeys(("rf", "receptive_field", "window", "frame_length", "context"), "receptive_field"),
    **dict.fromkeys(("covers", "within"), "receptive_field"),
    **dict.fromkeys(("rate", "frame_rate", "fps", "label_rate"), "frame_rate"),
    **dict.fromkeys(("right", "lookahead", "look_ahead", "latency", "right_context"), "right_context"),
    **dict.fromkeys(("left", "left_context"), "left_context"),
    **dict.fromkeys(("upsample", "upsampling"), "upsampling"),
    "same_as": "frame_step",
}
OTHERS = ("length", "out_length", "multiple_of", "holes", "causal", "anchor")


def read_targets(targets: Cursor, stack: Stack, model: Model, scope: Scope, input_: Cursor) -> None:
    """Hand the targets over as claims and ties about a stack.

    Raises:
        FormError: a key is not known, or its value not understood.
    """
    if not targets.is_mapping():
        raise FormError("`targets` is a mapping such as {step: 10ms, rf: ~30ms}", targets.where)
    for cursor in targets:
        key = str(cursor.path[-1])
        if key in QUANTITY:
            model.claims.append(_claim(cursor, QUANTITY[key], stack, scope))
        elif key in ("length", "out_length"):
            _length(cursor, stack, model, scope, input_)
        elif key == "multiple_of":
            _multiples(cursor, stack, model, scope)
        elif key == "holes":
            _flag(cursor, "holes", stack, model, wanted=("none", 0, False))
        elif key == "causal":
            _flag(cursor, "right_context", stack, model, wanted=(True,))
        elif key != "anchor":
            raise FormError(f"the target `{key[:60]}` is not known; {_near(key)}", cursor.where)


def _near(key: str) -> str:
    import difflib

    near = difflib.get_close_matches(key, [*QUANTITY, *OTHERS], 1)
    return f"did you mean `{near[0]}`?" if near else "known: step, rf, rate, left, right, upsample, length and others"


def _claim(cursor: Cursor, of: str, stack: Stack, scope: Scope) -> Claim:
    detailed = cursor.is_mapping()
    value = scope.value(cursor["value"] if detailed else cursor)
    slack = scope.value(cursor["tol"]).value if detailed else None
    amount = exact(value.value)
    if amount is None and not isinstance(value.value, str):
        raise FormError(f"`{cursor.key}` is no quantity", cursor.where)
    unit = "frames" if stack.input_unit == "frames" else "samples"
    try:
        target = quantity(
            value.value if isinstance(value.value, str) else amount if amount is not None else Fraction(0),
            unit,
            of=of,
            tolerance=tolerance(str(slack)) if slack is not None else None,
            stack=stack.name or stack.role,
        )
    except PhraseError as error:
        raise FormError(f"`{cursor.key}` is not understood: {error}", cursor.where) from None
    return Claim(target, cursor.where, "native block", f"{cursor.path[-1]}: {value.value}")


def _flag(cursor: Cursor, of: str, stack: Stack, model: Model, wanted: tuple[object, ...]) -> None:
    if cursor.value not in wanted:
        return
    none = Target(of, Fraction(0), Fraction(0), "samples", EXACT, str(cursor.value), stack.name or stack.role)
    model.claims.append(Claim(none, cursor.where, "native block", f"{cursor.path[-1]}: {_word(cursor.value)}"))


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _length(cursor: Cursor, stack: Stack, model: Model, scope: Scope, input_: Cursor) -> None:
    """``length: {in: 2114, out: 1000}``, or ``out_length`` with the length of the input."""
    given, wanted = (cursor["in"], cursor["out"]) if cursor.is_mapping() else (input_["length"], cursor)
    numbers = [exact(scope.value(place).value) for place in (given, wanted)]
    if any(n is None or n.denominator != 1 or n < 0 for n in numbers):
        raise FormError("a length needs whole numbers for its input and output", cursor.where)
    inputs, outputs = (int(n) for n in numbers if n is not None)
    made: Value[object] = Value(stack.coverage.length(inputs), None, "derived")
    model.ties.append(
        Tie(
            "frames", "equal", Value(outputs, wanted.where), made, "crash", f"{inputs} inputs give {made.value} outputs"
        )
    )


def _multiples(cursor: Cursor, stack: Stack, model: Model, scope: Scope) -> None:
    """The step divides every listed length; a text such as ``1.28s`` is a duration."""
    value = scope.value(cursor)
    step: Value[object] = Value(stack.coverage.step, None, "derived")
    for item in value.value if isinstance(value.value, list) else [value.value]:
        amount = exact(item)
        if amount is None and isinstance(item, str):
            try:
                target = quantity(item, of="receptive_field")
            except PhraseError as error:
                raise FormError(f"`multiple_of` is not understood: {error}", cursor.where) from None
            amount = target.low
            if amount is not None and target.unit == "s":
                amount = amount * stack.input_rate if stack.input_rate else None
        if amount is None:
            raise FormError("`multiple_of` lists lengths, or durations where the rate is known", cursor.where)
        model.ties.append(Tie("chunk", "multiple", Value(amount, cursor.where), step, "silent"))
