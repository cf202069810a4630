"""Every shared record of exact coverage, measured by brute force elsewhere, is met by the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from vocabulary import layers_of

from rflint.coverage import Coverage, Indices, StepMismatch

MEASURES: dict[str, Callable[[Coverage], object]] = {
    "rf": lambda c: c.receptive_field,
    "rf_min": lambda c: c.receptive_field_min,
    "touched": lambda c: c.touched,
    "touched_min": lambda c: c.touched_min,
    "holes": lambda c: c.holes,
    "empty_phases": lambda c: c.empty_phases,
    "step": lambda c: c.step,
    "period": lambda c: c.period,
    "shift": lambda c: c.shift,
    "left": lambda c: c.left,
    "right": lambda c: c.right,
    "centre": lambda c: c.centre(),
    "n_min": lambda c: c.min_input(),
    "fields": lambda c: [[read.first, read.last] if read else [None, None] for read in c.fields],
}


def expected(record: dict[str, Any]) -> dict[str, object]:
    said = dict(record["expect"])
    flat = {f"length of {n}": outputs for n, outputs in said.pop("valid", {}).items()}
    flat |= {f"output {b['i']} of {b['n']}": b["touched"] for b in said.pop("border", [])}
    return flat | {key: Fraction(value) if isinstance(value, str) else value for key, value in said.items()}


def measured(record: dict[str, Any]) -> Iterator[tuple[str, object]]:
    expect = record["expect"]
    coverage = Coverage(layers_of(record["stack"], counted="rf" in expect))
    for key in expect:
        if key in MEASURES:
            yield key, MEASURES[key](coverage)
    for n in expect.get("valid", {}):
        yield f"length of {n}", coverage.length(int(n)) if coverage.fits(int(n)) else 0
    for border in expect.get("border", []):
        read = coverage.border(border["i"], border["n"])
        yield f"output {border['i']} of {border['n']}", list(read.positions()) if read else []


def test_every_shared_record_is_met_exactly(shared: Path) -> None:
    records = yaml.safe_load((shared / "golden" / "theory.yaml").read_text("utf-8"))["records"]
    sound = [record for record in records if record["name"] != "border.distill.fig4"]

    assert len(sound) >= 147
    assert {r["name"]: expected(r) for r in sound} == {r["name"]: dict(measured(r)) for r in sound}


def test_the_record_whose_branches_drift_is_refused_though_its_borders_are_known(shared: Path) -> None:
    records = yaml.safe_load((shared / "golden" / "theory.yaml").read_text("utf-8"))["records"]
    (record,) = (record for record in records if record["name"] == "border.distill.fig4")
    (drifting,) = layers_of(record["stack"])

    with pytest.raises(StepMismatch, match="steps of 2 and 1"):
        Coverage([drifting])
    for border in record["expect"]["border"]:
        read = drifting.within(Indices(border["i"], border["i"]), border["n"])
        assert read is not None
        assert border["touched"] == list(read.positions())
