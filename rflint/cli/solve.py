"""Find stacks that meet a target, the ones nearest to a given stack first.

    rflint solve "25 ms frames every 20 ms" --sample-rate 16000 --like config.json

Exit status: 0 when there is one, 1 when there is none, 2 for a target that cannot be solved for.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from fractions import Fraction

from rflint.cli.files import File, Request, files, neighbour_of
from rflint.coverage.design import Design, designs
from rflint.engine import Asked, understand
from rflint.settings import SettingsError
from rflint.targets import PhraseError, Target, amount_in_positions, format_ms, parse

LIKE = ((10, 3, 3, 3, 3, 2, 2), (5, 2, 2, 2, 2, 2, 2))
"""Kernels and strides of wav2vec 2.0: the commonest encoder over the waveform."""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of ``rflint solve``."""
    add = parser.add_argument
    add("target", metavar="PHRASE", help='such as "25 ms frames every 20 ms" or "50 Hz, receptive field 400 samples"')
    add("--sample-rate", type=int, required=True, metavar="HZ")
    add("--layers", type=int, metavar="N", help="how many layers; about as many as the model file when not given")
    add("--like", metavar="FILE", help="stay close to the encoder of this config")
    add("--most", type=int, default=5, metavar="N", help="how many solutions to print (default: 5)")
    add("--format", choices=["text", "json"], default="text")


def run(options: argparse.Namespace) -> int:
    """Print the solutions."""
    try:
        step, field = wanted(parse(options.target), options.sample_rate)
    except PhraseError as error:
        print(f"rflint: {error}", file=sys.stderr)
        return 2
    like = _like(options.like) if options.like else LIKE
    found = []
    for design in designs(step, field, like, options.layers):
        found.append(design)
        if len(found) == options.most:
            break
    text = _json(found, options.sample_rate) if options.format == "json" else _text(found, options.sample_rate)
    sys.stdout.write(text)
    return 0 if found else 1


def wanted(targets: Sequence[Target], rate: int) -> tuple[int, tuple[int, int]]:
    """Step and bounds of the receptive field, in samples.

    Raises:
        PhraseError: no step, or a step that is no whole number of samples.
    """
    steps = [t for t in targets if t.quantity in ("frame_step", "frame_rate")]
    amount = amount_in_positions(steps[0], rate) if steps else None
    if amount is None:
        raise PhraseError("say how often frames come, such as `every 20 ms`", 0)
    if amount.denominator != 1:
        raise PhraseError(f"a step of {amount} samples is not whole", 0)
    fields = [t for t in targets if t.quantity == "receptive_field"]
    return int(amount), _bounds(fields[0], rate) if fields else (int(amount), 100 * int(amount))


def _bounds(target: Target, rate: int) -> tuple[int, int]:
    """The whole numbers of samples that meet a target about the field, its exact value first when it is met by one."""
    factor = Fraction(rate) if target.unit == "s" else Fraction(1)
    exact = amount_in_positions(target, rate)
    if exact is not None and exact.denominator == 1 and target.low == target.high:
        return int(exact), int(exact)
    low = target.low * factor if target.low is not None else Fraction(1)
    high = target.high * factor if target.high is not None else low * 4
    while not target.met(Fraction(int(low)) / factor) and low <= high:
        low += 1
    return int(low), max(int(high), int(low))


def _like(path: str) -> tuple[Sequence[int], Sequence[int]]:
    for file in files(Request([path])):
        if isinstance(file, File):
            reading = understand(file.data, file.name, file.settings, Asked((), neighbour_of(path), True))
            for model in reading.models:
                stack = model.stack("encoder")
                layers = [stage.layer for stage in stack.stages if stage.layer.kind == "conv"] if stack else []
                if layers and all(layer.dilation == 1 for layer in layers):
                    return [layer.kernel for layer in layers], [layer.stride for layer in layers]
    raise SettingsError(f"{path}: holds no encoder of plain convolutions to stay close to")


def _text(found: Sequence[Design], rate: int) -> str:
    if not found:
        return "No stack of convolutions meets the target.\n"
    lines = []
    for design in found:
        field, step = (
            f"{n} samples = {format_ms(Fraction(n * 1000, rate))}" for n in (design.receptive_field, design.step)
        )
        lines += [
            f"kernels {list(design.kernels)}  strides {list(design.strides)}",
            f"  receptive field {field}, step {step}",
        ]
    return "\n".join(lines) + "\n"


def _json(found: Sequence[Design], rate: int) -> str:
    items = [{**design._asdict(), "sample_rate_hz": rate} for design in found]
    return json.dumps({"schema_version": 1, "designs": items}) + "\n"
