"""Going through the layers of a stack: back from all outputs of a period at once, or forward layer by layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import accumulate, groupby

from rflint.coverage.graphs import COUNTED, Sequence, compose
from rflint.coverage.indices import LARGEST, CoverageError, Indices
from rflint.coverage.layers import Hull, Layer
from rflint.coverage.repeats import MOST_LAYERS

MOST_PHASES = 1 << 16
"""Outputs of one period: each is gone through. Real decoders make up to 4096 samples a frame."""
MOST_PLACES, MOST_LOOKS = 1 << 34, 1 << 23
"""Positions in masks, and sets, over all layers and phases: a few seconds each."""


def readings(layers: tuple[Layer, ...], count: int) -> list[Indices | None]:
    """What outputs 0 to ``count`` - 1 read.

    All go back together: those that read the same set at some layer stay together from there on, and a layer treats
    sets a period apart alike. Few different ones remain at any layer, whatever the strides.
    """
    together: dict[Indices, list[int]] = {Indices(i, i): [i] for i in range(count)}
    for layer in _merged(layers):
        period, shift = layer.rhythm
        known: dict[Indices, Indices | None] = {}
        behind: dict[Indices, list[int]] = {}
        for outputs, members in together.items():
            turn = outputs.first // period
            own = outputs.shift(-turn * period)
            if own not in known:
                known[own] = layer.touch(own)
            if (read := moved(known[own], turn * shift)) is not None:
                behind.setdefault(read, []).extend(members)
        together = behind
    by_output = {i: read for read, members in together.items() for i in members}
    return [by_output.get(i) for i in range(count)]


def _merged(layers: tuple[Layer, ...]) -> Iterator[Layer]:
    """The layers from the last to the first, neighbours that read alike for every output as one."""
    for plain, group in groupby(reversed(layers), key=lambda layer: layer.period == 1):
        alike = tuple(group)
        yield from (Sequence(alike[::-1]),) if plain else alike


def moved(read: Indices | None, by: int) -> Indices | None:
    return None if read is None else read.shift(by)


def rhythms(layers: tuple[Layer, ...]) -> list[tuple[int, int]]:
    """Period and shift behind every layer, beginning with those of the input. Raises CoverageError past all counting."""
    return list(accumulate((layer.rhythm for layer in layers), compose, initial=(1, 1)))


def progress(layers: tuple[Layer, ...]) -> list[tuple[Fraction, int]]:
    """Step and receptive field behind every layer. The hull of an output is that of the fields of what it reads."""
    found: list[tuple[Fraction, int]] = []
    hulls: list[Hull | None] = [(0, 0)]
    gappy, behind = Sequence(layers).gappy, rhythms(layers)
    for layer, (_, before), (period, shift) in zip(layers, behind, behind[1:], strict=False):
        own, by = layer.rhythm
        ends = [_ends(layer, phase, gappy) for phase in range(own)]
        turns = (divmod(output, own) for output in range(period))
        hulls = [_hull((p + turn * by for p in ends[phase]), hulls, before) for turn, phase in turns]
        found.append((Fraction(shift, period), max((h[1] - h[0] + 1 for h in hulls if h), default=0)))
    return found


def _ends(layer: Layer, output: int, gappy: bool) -> tuple[int, ...]:
    """The positions whose fields make up that of an output: the first and the last, or all where order is not kept."""
    read = layer.touch(Indices(output, output)) if gappy else layer.pull(output, output)
    return tuple(read.positions()) if isinstance(read, Indices) else read or ()


def _hull(positions: Iterable[int], hulls: list[Hull | None], shift: int) -> Hull | None:
    """The hull of the fields of some positions, given those of one period."""
    firsts, lasts = [], []
    for position in positions:
        turn, phase = divmod(position, len(hulls))
        if (hull := hulls[phase]) is not None:
            firsts.append(hull[0] + turn * shift)
            lasts.append(hull[1] + turn * shift)
    return (min(firsts), max(lasts)) if firsts else None


def check_bounds(chain: Sequence, leaves: int) -> bool:
    """False when only the exact sets can tell whether the stack is within bounds: it is if they stay unbroken.

    Raises:
        CoverageError: some number passes every bound of real stacks.
    """
    behind = rhythms(chain.layers)
    if (most := max(period for period, _ in behind)) > MOST_PHASES:
        raise CoverageError(f"{most} outputs that differ in phase")
    period, gappy = behind[-1][0], chain.gappy
    widest = chain.reach(0, period - 1)
    if widest > COUNTED:
        raise CoverageError("a field past what can be counted")
    places = min(widest, LARGEST) * (leaves + period)
    looks = leaves * period
    for (own, _), layer in zip(behind[1:], chain.layers, strict=True):
        looks += own * (min(layer.reach(0, 0), LARGEST) if gappy else 1)
    if places > MOST_PLACES or looks > MOST_LOOKS:
        raise CoverageError(f"{leaves} layers over {widest} positions in {period} phases are more than is gone through")
    return leaves < MOST_LAYERS and widest <= LARGEST
