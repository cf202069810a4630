"""Derivations for readers: a table a stack, layer by layer, as the field's textbooks write it, and what follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from rflint.coverage import Layer, Mixer, Phases
from rflint.documents.values import Place, Where
from rflint.model import Model, Stack
from rflint.reports.drawing import drawing
from rflint.reports.explanation import ClaimView, Explanation, ModelView
from rflint.reports.layers import WINDOWED, branch_lines, compound, name_of, runs
from rflint.reports.pen import Pen, Style
from rflint.reports.quantities import frame_rate, milliseconds, ordinal, upsampling_derivation
from rflint.reports.table import Row, table
from rflint.targets import format_ms, format_number, format_rate

MOST_RANGES: Final = 6
"""Ranges of phases that are told one by one."""


def render(explanations: Sequence[Explanation], *, color: bool = False, unicode: bool = True) -> str:
    """Every file with its models, an empty line between any two parts."""
    pen = Pen(color, unicode)
    return "\n\n".join("\n".join(_file(explanation, pen)) for explanation in explanations) + "\n"


def _file(explanation: Explanation, pen: Pen) -> Iterator[str]:
    if explanation.dialect is None:
        yield f"{pen.paint(pen.write(explanation.path), 'bold')}: no model config that rflint recognises"
    elif not explanation.models:
        yield f"{_title(explanation, '', pen)}, no model could be derived"
    for problem in explanation.problems:
        yield f"  {pen.paint('problem', 'warning')}: {pen.write(problem)}"
    for index, view in enumerate(explanation.models):
        if index or explanation.problems:
            yield ""
        yield f"{_title(explanation, view.model.name, pen)}, {pen.write(_rate(view.model))}"
        yield from _model(view, pen)


def _title(explanation: Explanation, model: str, pen: Pen) -> str:
    name = f" {pen.write(model)}" if model else ""
    return f"{pen.paint(pen.write(explanation.path), 'bold')}: {pen.write(explanation.dialect or '')}{name}"


def _rate(model: Model) -> str:
    rate = model.sample_rate
    if rate is None:
        return "sample rate not known"
    where = _line(rate.where) if rate.origin in ("file", "referenced file") else ""
    return f"{format_rate(Fraction(rate.value))}{where or f' ({rate.origin})'}"


def _model(view: ModelView, pen: Pen) -> Iterator[str]:
    for stack in view.model.stacks:
        yield ""
        output = "samples" if stack.direction == "synthesis" else "frames"
        yield f"{pen.paint(pen.write(f'{stack.role} {stack.name}'.rstrip()), 'bold')}: {stack.input_unit} to {output}"
        yield from (f"  {line}" for line in table(_heading(stack), list(_rows(stack)), pen, left=2))
        yield from (f"  {pen.write(line)}" for line in _results(stack))
        yield from _picture(stack, pen)
    for exchange in view.model.exchanges if not view.model.stacks else ():
        period = format_ms(1000 * Fraction(exchange.hop.value) / Fraction(exchange.rate.value))
        yield f"  {exchange.side} frames every {format_number(exchange.hop.value)} samples = {period}"
    if view.verdicts or view.model.notes:
        yield ""
    for verdict in view.verdicts:
        yield f"  {_claim(verdict, pen)}"
    for note in view.model.notes:
        said = pen.write(f"{note.subject}: {note.reason}{_line(note.where)}")
        yield f"  {pen.paint('not derived', 'warning')}: {said}"


def _picture(stack: Stack, pen: Pen) -> Iterator[str]:
    if lines := drawing(stack, unicode=pen.unicode):
        yield f"  what one output of each layer reads, in {stack.input_unit} about its own:"
        yield from (f"  {pen.write(line)}" for line in lines)


# -- the table ----------------------------------------------------------------------------------------------------


def _heading(stack: Stack) -> Row:
    total = "upsampling" if stack.direction == "synthesis" else f"step ({stack.input_unit})"
    field = [f"receptive field ({stack.input_unit})", *(["ms"] if stack.input_rate else [])]
    return ["layer", "kind", "kernel", "stride", "dilation", "padding", total, *field]


def _rows(stack: Stack) -> Iterator[Row | str]:
    """A row a layer with the cumulative step (or upsampling) and receptive field behind it."""
    progress = stack.coverage.progress()
    shown_before: dict[Layer, str] = {}
    for index, stages in runs(stack.stages):
        step, field = progress[index]
        total = 1 / step if stack.direction == "synthesis" and step else step
        time = milliseconds(field, stack)
        shown = [format_number(total), format_number(field), *([format_number(time)] if time is not None else [])]
        layer = stages[0].layer
        yield [name_of(stages), *_own(layer), *shown]
        if layer in shown_before:
            yield f"as {shown_before[layer]}"
        elif compound(layer):
            shown_before[layer] = stages[0].name
            yield from branch_lines(layer)


def _own(layer: Layer) -> Row:
    """The kind of a layer and its own numbers, where it has any."""
    if isinstance(layer, Mixer):
        return [layer.name, "", "", "", ""]
    if compound(layer):
        return [layer.kind, "", "", "", ""]
    left, right = layer.padding
    padding = str(left) if left == right else f"{left}, {right}"
    if layer.kind not in WINDOWED:
        return [layer.kind, "", str(layer.stride) if layer.stride != 1 else "", "", padding if left or right else ""]
    return [layer.kind, str(layer.kernel), str(layer.stride), str(layer.dilation), padding]


# -- what follows from it -----------------------------------------------------------------------------------------


def _results(stack: Stack) -> Iterator[str]:
    yield _synthesis(stack) if stack.direction == "synthesis" else _analysis(stack)
    yield from _position(stack)
    yield from _gaps(stack)


def _analysis(stack: Stack) -> str:
    """``receptive field 465 samples = 29.06 ms, step 160 samples = 10 ms, 100 Hz at 16 kHz``."""
    coverage = stack.coverage
    field = _positions(coverage.receptive_field, stack)
    rate = frame_rate(stack)
    per_second = f", {format_rate(rate)} at {format_rate(stack.input_rate)}" if rate and stack.input_rate else ""
    return f"receptive field {field}, step {_positions(coverage.step, stack)}{per_second}"


def _synthesis(stack: Stack) -> str:
    """``upsampling 8·8·2·2 = 256 samples a frame, receptive field 26 to 27 frames, at most 313.5 ms, ...``.

    The field differs from phase to phase: samples of one frame read more or fewer frames around it.
    """
    coverage = stack.coverage
    most, least = coverage.receptive_field, coverage.receptive_field_min
    field = _positions(most, stack)
    if least != most:
        field = f"{format_number(least)} to {field.replace(' = ', ', at most ')}"
    rate = f", {stack.input_unit} at {format_rate(stack.input_rate)}" if stack.input_rate else ""
    return f"upsampling {upsampling_derivation(stack)} samples a frame, receptive field {field}{rate}"


def _position(stack: Stack) -> Iterator[str]:
    """Where the field lies: about each sample of a decoder, and of an encoder where padding or causality moves it."""
    coverage = stack.coverage
    if stack.direction == "synthesis":
        yield f"a sample reads {coverage.left} {stack.input_unit} back and {coverage.right} ahead of its own"
        yield from _phases(stack)
        return
    if coverage.left:
        ahead = f"{_positions(coverage.look_ahead, stack)} of look-ahead" if coverage.look_ahead else "no look-ahead"
        begin, end = _offset(-coverage.left), _offset(coverage.right)
        first = f"{coverage.step}·i" if coverage.step.denominator == 1 else f"({coverage.step})·i"
        yield f"frame i reads {stack.input_unit} {first}{begin} to {first}{end}: {ahead} beyond its step"
    yield from _weight(stack)


def _phases(stack: Stack) -> Iterator[str]:
    """``outputs 0-69 of 256 read frames -13 to 12, 70-185 -13 to 13, ...`` where there are few such ranges."""
    phases, period = stack.coverage.phases(), stack.coverage.period
    if 1 < len(phases) <= MOST_RANGES:
        told = ", ".join(f"{p.first}-{p.last} {_between(p)}" for p in phases)
        yield f"of every {period} outputs {told} ({stack.input_unit} about their own)"
    if stack.coverage.empty_phases:
        yield f"{stack.coverage.empty_phases} of every {period} outputs read nothing: they are made of the bias alone"


def _between(phase: Phases) -> str:
    return "read nothing" if phase.begin is None else f"read {phase.begin} to {phase.end}"


def _weight(stack: Stack) -> Iterator[str]:
    """Where frame 0 stands, and how much of the field carries most of the weight (Luo et al. 2016)."""
    coverage = stack.coverage
    if not coverage.touched:
        return
    centre = f"frame 0 is centred on {stack.input_unit[:-1]} {format_number(coverage.centre())}"
    if stack.input_rate:
        centre += f" = {format_ms(coverage.time(0, stack.input_rate) * 1000)}"
    width = coverage.effective_width
    if width and len(stack.stages) > 1:
        centre += f"; about 95 % of the paths lie within {_positions(width, stack)}"
    yield centre


def _offset(positions: int) -> str:
    return f" - {-positions}" if positions < 0 else f" + {positions}"


def _gaps(stack: Stack) -> Iterator[str]:
    """What the receptive field leaves unsaid: holes in it, input that is never read, and what looks beyond it."""
    coverage = stack.coverage
    if coverage.holes:
        read = format_number(round(Fraction(coverage.density) * 100, 1))
        grid = f", only every {ordinal(coverage.gridding)}" if coverage.gridding > 1 else ""
        yield f"holes: {coverage.holes} of {coverage.receptive_field} {stack.input_unit} are not read ({read} % are{grid})"
    if coverage.unread_share:
        share = format_number(round(coverage.unread_share * 100, 1))
        yield f"{share} % of the {stack.input_unit} are never read, by any output"
    if coverage.unbounded:
        yield f"unbounded by {_mixers(stack)}; the figures are those of the convolutions alone"
    elif (total := coverage.total) and total.receptive_field is not None:
        field = _positions(total.receptive_field, stack)
        yield f"with {_limited(stack)} counted in: receptive field {field}, {total.left} back and {total.right} ahead"


def _mixers(stack: Stack) -> str:
    """Every layer without limit, with its side: ``attention (both sides), GRU (left)``."""
    sides = {"both": "both sides"}
    return ", ".join(f"{mixer.name} ({sides.get(mixer.sides, mixer.sides)})" for mixer in stack.coverage.unbounded_by)


def _limited(stack: Stack) -> str:
    return ", ".join(dict.fromkeys(mixer.name for mixer in stack.coverage.mixers))


def _positions(amount: Fraction | int, stack: Stack) -> str:
    """``465 samples = 29.06 ms``."""
    time = milliseconds(amount, stack)
    return f"{format_number(amount)} {stack.input_unit}" + (f" = {format_ms(time)}" if time is not None else "")


# -- claims -------------------------------------------------------------------------------------------------------


_SIGNS: Final[dict[bool | None, tuple[str, Style]]] = {True: ("✓", "good"), False: ("✗", "bad"), None: ("?", "dim")}


def _claim(view: ClaimView, pen: Pen) -> str:
    """``✓ encoder frame step: declared 10 ms, computed 10 ms (line 3)``."""
    sign, style = _SIGNS[view.met]
    name = f"{view.stack} {view.claim.target.quantity.replace('_', ' ')}".strip()
    where = _line(view.claim.where) or f" ({view.claim.source})"
    said = f"{name}: declared {view.declared}, computed {view.computed or 'unknown'}{where}"
    return f"{pen.paint(pen.write(sign), style)} {pen.write(said)}"


def _line(where: Where | Place | None) -> str:
    """The line, with the file where that is another than the one explained."""
    beside = isinstance(where, Where) and where.document.origin != "file"
    return f" (line {where.span.line}{f' of {where.name}' if beside else ''})" if where is not None else ""
