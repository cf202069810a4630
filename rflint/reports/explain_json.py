"""Derivations as one JSON object, for scripts. Its form is a contract: ``schemas/report-explain.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction

from rflint.coverage import Coverage, CoverageError, Layer, Mixer, Repeat
from rflint.documents.values import Place, Where
from rflint.model import Note, Stack
from rflint.reports.explanation import ClaimView, Explanation, ModelView
from rflint.reports.layers import DEEPEST, compound, parts
from rflint.reports.quantities import frame_rate, milliseconds, why_no_time

SCHEMA_VERSION = 1
Object = dict[str, object]


def render(explanations: Sequence[Explanation], *, color: bool = False, unicode: bool = True) -> str:
    """One object, each file in a line of its own. It is ASCII and uncoloured whatever the terminal can do."""
    files = ",\n".join(json.dumps(_file(explanation)) for explanation in explanations)
    body = f"[\n{files}\n]" if files else "[]"
    return f'{{"schema_version": {SCHEMA_VERSION}, "files": {body}}}\n'


def _file(explanation: Explanation) -> Object:
    return {
        "path": explanation.path,
        "dialect": explanation.dialect,
        "models": [_model(view) for view in explanation.models],
        "problems": list(explanation.problems),
    }


def _model(view: ModelView) -> Object:
    model = view.model
    rate = model.sample_rate
    said: Object = {
        "name": model.name,
        "sample_rate_hz": _hertz(Fraction(rate.value)) if rate else None,
        "sample_rate_from": rate.origin if rate else None,
    }
    if rate is None:
        said["reason"] = "the sample rate is not known"
    said["stacks"] = [_stack(stack) for stack in model.stacks]
    said["claims"] = [_claim(verdict) for verdict in view.verdicts]
    said["notes"] = [_note(note) for note in model.notes]
    return said


def _hertz(rate: Fraction) -> int | float:
    return int(rate) if rate.denominator == 1 else float(rate)


def _stack(stack: Stack) -> Object:
    coverage = stack.coverage
    least, why = _min_input(coverage)
    said: Object = {
        "role": stack.role,
        "name": stack.name,
        "direction": stack.direction,
        "input_unit": stack.input_unit,
        "step": str(coverage.step),
        "step_ms": _rounded(milliseconds(coverage.step, stack)),
        "frame_rate_hz": _rounded(frame_rate(stack)),
        "upsampling": str(coverage.upsampling),
        "receptive_field": coverage.receptive_field,
        "receptive_field_ms": _rounded(milliseconds(coverage.receptive_field, stack)),
        "left": coverage.left,
        "right": coverage.right,
        "unbounded": coverage.unbounded,
        "unbounded_by": list(dict.fromkeys(mixer.name for mixer in coverage.unbounded_by)),
        "holes": coverage.holes,
        "density": _rounded(coverage.density),
        "min_input": least,
    }
    if coverage.total is not None and not coverage.unbounded:
        said["total"] = coverage.total._asdict()
    if stack.input_rate is None:
        why = "; ".join(filter(None, (why_no_time(stack), why)))
    if why:
        said["reason"] = why
    said["layers"] = _layers(stack)
    return said


def _min_input(coverage: Coverage) -> tuple[int | None, str]:
    """The shortest input that gives one output, or why there is none."""
    try:
        return coverage.min_input(), ""
    except CoverageError as error:
        return None, str(error)


def _layers(stack: Stack) -> list[Object]:
    said = []
    for stage, (step, field) in zip(stack.stages, stack.coverage.progress(), strict=True):
        place = _place(stage.where)
        said.append(
            {"name": stage.name, **_structure(stage.layer), "step": str(step), "receptive_field": field, **place}
        )
    return said


def _structure(layer: Layer, depth: int = 0) -> Object:
    """Kind and numbers of a layer; one that is made of others has none of its own and lists them by branch."""
    if not compound(layer):
        said: Object = {"kind": layer.kind, "kernel": layer.kernel, "stride": layer.stride, "dilation": layer.dilation}
        said["padding"] = list(layer.padding)
        if isinstance(layer, Mixer):
            said |= {"mixer": layer.name, "side": layer.sides or None}
        return said
    said = {"kind": layer.kind, "kernel": None, "stride": None, "dilation": None, "padding": None}
    if isinstance(layer, Repeat):
        said["count"] = layer.times
    if depth < DEEPEST:
        said["branches"] = [[_structure(inner, depth + 1) for inner in part] for part in parts(layer)]
    return said


def _claim(view: ClaimView) -> Object:
    claim = view.claim
    return {
        "quantity": claim.target.quantity,
        "stack": view.stack,
        "declared": view.declared,
        "computed": view.computed,
        "met": view.met,
        "source": claim.source,
        "wording": claim.wording or claim.target.wording,
        **_place(claim.where),
    }


def _note(note: Note) -> Object:
    return {"subject": note.subject, "reason": note.reason, **_place(note.where)}


def _place(where: Where | Place | None) -> Mapping[str, int | None]:
    """Line and column in the file explained; null for what stands in one beside it."""
    beside = isinstance(where, Where) and where.document.origin != "file"
    span = where.span if where is not None and not beside else None
    return {"line": span.line if span else None, "column": span.column if span else None}


def _rounded(value: Fraction | float | None) -> float | None:
    """Six decimals: a nanosecond, where the value is in milliseconds."""
    return None if value is None else round(float(value), 6)
