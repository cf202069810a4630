"""The engine against the brute-force oracle on random stacks and graphs: every set, length and border."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import oracle
import pytest
import stacks
from hypothesis import HealthCheck, assume, given, settings, strategies as st
from vocabulary import layers_of

from rflint.coverage import Coverage

Op = dict[str, Any]
SIZES = (30, 80, 200, 420)


def many(examples: int) -> settings:
    slow = [
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.large_base_example,
        HealthCheck.data_too_large,
    ]
    return settings(max_examples=examples, deadline=None, suppress_health_check=slow, derandomize=False)


def read_by(coverage: Coverage, output: int) -> list[int]:
    read = coverage.reading(output)
    return list(read.positions()) if read else []


def check_fields(coverage: Coverage, stack: list[Op]) -> None:
    """Every output that the outside does not reach reads what the engine says; and what follows from that."""
    for n in SIZES:
        try:
            measured = oracle.virtual(stack, n)
        except oracle.Refused:
            continue
        clean = [i for i, taint in enumerate(measured.tainted) if not taint]
        assert [measured.read[i] for i in clean] == [read_by(coverage, i) for i in clean]
        if len(oracle.clean_run(measured)) > 2 * coverage.period + 1 and (found := oracle.period_of(measured)):
            check_what_follows(coverage, *found)
            return


def check_what_follows(coverage: Coverage, period: int, shift: int, reads: list[list[int]]) -> None:
    own = [Fraction(i * shift, period).__floor__() for i in range(period)]
    full = [(read, at) for read, at in zip(reads, own, strict=True) if read]
    hulls = [read[-1] - read[0] + 1 for read, _ in full]

    assert (period, shift) == (coverage.period, coverage.shift)
    assert Fraction(shift, period) == coverage.step
    assert (max(hulls), min(hulls)) == (coverage.receptive_field, coverage.receptive_field_min)
    assert max(len(read) for read, _ in full) == coverage.touched
    assert max(hull - len(read) for hull, (read, _) in zip(hulls, full, strict=True)) == coverage.holes
    assert period - len(full) == coverage.empty_phases
    assert -min(read[0] for read, _ in full) == coverage.left
    assert max(read[-1] - at for read, at in full) == coverage.right
    assert Fraction(len(oracle.residues(reads, shift)), shift) == 1 - coverage.unread_share
    for i, (read, at) in enumerate(zip(reads, own, strict=True)):
        (phase,) = (each for each in coverage.phases() if each.first <= i <= each.last)
        assert (phase.begin, phase.end) == ((read[0] - at, read[-1] - at) if read else (None, None))
        assert list(oracle.stretches(read)) == list(coverage.gaps(i))


def check_lengths(coverage: Coverage, stack: list[Op], most: int = 24) -> None:
    lengths = [oracle.length(stack, n) for n in range(1, most)]

    assert lengths == [coverage.length(n) for n in range(1, most)]
    for outputs in {1, 2, 5} & set(range(1, lengths[-1] + 1)):  # lengths grow with the input
        reaching = [n for n, length in enumerate(lengths, 1) if length >= outputs]
        assert reaching[0] == coverage.min_input(outputs)


def check_borders(coverage: Coverage, stack: list[Op], n: int) -> None:
    try:
        reads = oracle.border(stack, n)
    except oracle.Refused:
        assume(False)
    borders = [coverage.border(i, n) for i in range(coverage.length(n))]
    assert reads == [list(read.positions()) if read else [] for read in borders]


@many(1000)
@given(stacks.CHAINS)
def test_chains(stack: list[Op]) -> None:
    coverage = Coverage(layers_of(stack, counted=True))
    check_fields(coverage, stack)
    check_lengths(coverage, stack, 8)


@many(1000)
@given(stacks.GRAPHS)
def test_graphs(stack: list[Op]) -> None:
    coverage = Coverage(layers_of(stack, counted=True))
    check_fields(coverage, stack)
    check_lengths(coverage, stack, 8)


@many(200)
@given(st.one_of(stacks.CHAINS, stacks.GRAPHS))
def test_lengths(stack: list[Op]) -> None:
    check_lengths(Coverage(layers_of(stack)), stack)


@many(400)
@given(st.one_of(stacks.CHAINS, stacks.GRAPHS, stacks.UNBOUNDED), st.integers(1, 24))
def test_borders(stack: list[Op], n: int) -> None:
    check_borders(Coverage(layers_of(stack)), stack, n)


@many(250)
@given(stacks.LENGTHWISE, st.integers(8, 60))
def test_padding_that_depends_on_the_length(stack: list[Op], n: int) -> None:
    coverage = Coverage(layers_of(stack), inputs=n)
    check_borders(coverage, stack, n)
    assume(1 not in coverage.lengths(n))  # all that is stretched from one position stands on it: no step
    try:
        measured = oracle.virtual(stack, n)
    except oracle.Refused:
        assume(False)

    clean = [i for i, taint in enumerate(measured.tainted) if not taint]
    assert [measured.read[i] for i in clean] == [read_by(coverage, i) for i in clean]


def test_the_oracle_itself_on_cases_done_by_hand() -> None:
    assert oracle.border([{"op": "conv", "k": 3, "s": 2, "pad": [1, 0]}], 8) == [
        [0, 1],
        [1, 2, 3],
        [3, 4, 5],
        [5, 6, 7],
    ]
    assert oracle.border([{"op": "conv", "k": 3, "d": 4, "pad": [8, 0]}], 20)[15] == [7, 11, 15]
    assert oracle.border([{"op": "tconv", "k": 2, "s": 4, "crop": [0, 0]}], 3)[:8] == [
        [0],
        [0],
        [],
        [],
        [1],
        [1],
        [],
        [],
    ]
    assert oracle.border([{"op": "tconv", "k": 3, "s": 2}], 3) == [[0], [0], [0, 1], [1], [1, 2], [2], [2]]
    assert oracle.virtual([{"op": "conv", "k": 3, "pad": 1}], 4).tainted == [True, False, False, True]
    with pytest.raises(oracle.Refused):
        oracle.border([{"op": "conv", "k": 3}], 2)
