"""Stacks that meet a target: factor lists with a given product, kernels that give a given receptive field.

Pure search over whole numbers. Ranking is by closeness to a given list, so that a proposal changes as little as it can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import NamedTuple

from rflint.coverage.families import (
    transposed_ceil,
    transposed_dac,
    transposed_even,
    transposed_exact,
    transposed_pwg,
    transposed_same,
    transposed_seanet,
)
from rflint.coverage.layers import Layer, Transposed

LARGEST_PRODUCT = 1 << 20
_MOST_LISTS = 5000


class Design(NamedTuple):
    """Kernels and strides of a chain of convolutions, its receptive field and step in input positions."""

    kernels: tuple[int, ...]
    strides: tuple[int, ...]
    receptive_field: int
    step: int


def factor_lists(product: int, like: Sequence[int], layers: int | None = None) -> list[tuple[int, ...]]:
    """Lists of factors of at least 2 with the given product, nearest to ``like`` first, in its order of sizes.

    Without a number of layers, lists as long as ``like`` come first, then those one shorter or longer.

    >>> factor_lists(600, [8, 8, 2, 2])[0]
    (10, 10, 3, 2)
    """
    if not 1 < product <= LARGEST_PRODUCT:
        return []
    lengths = [layers] if layers else [len(like), len(like) - 1, len(like) + 1]
    found = [
        (abs(length - len(like)), _distance(ordered, like), ordered)
        for length in lengths
        if length > 0
        for factors in _partitions(product, length)
        for ordered in (_in_order(factors, like),)
    ]
    return [ordered for _, _, ordered in sorted(found)]


@lru_cache(maxsize=4096)
def _partitions(product: int, length: int, largest: int = LARGEST_PRODUCT) -> tuple[tuple[int, ...], ...]:
    """Non-increasing lists of factors of at least 2."""
    if length == 1:
        return ((product,),) if 2 <= product <= largest else ()
    found: list[tuple[int, ...]] = []
    for factor in range(min(largest, product // 2 ** (length - 1)), 1, -1):
        if product % factor == 0:
            found += [(factor, *rest) for rest in _partitions(product // factor, length - 1, factor)]
        if len(found) > _MOST_LISTS:
            break
    return tuple(found)


def _in_order(factors: Sequence[int], like: Sequence[int]) -> tuple[int, ...]:
    """The factors, the largest where ``like`` has its largest; non-increasing where the lengths differ."""
    if len(factors) != len(like):
        return tuple(sorted(factors, reverse=list(like) == sorted(like, reverse=True) or list(like) != sorted(like)))
    places = sorted(range(len(like)), key=lambda i: (-like[i], i))
    ordered = [0] * len(like)
    for place, factor in zip(places, sorted(factors, reverse=True), strict=True):
        ordered[place] = factor
    return tuple(ordered)


def _distance(values: Sequence[int], like: Sequence[int]) -> Fraction:
    """The sum of relative changes; positions that one list lacks count whole."""
    pairs = zip(values, like, strict=False)
    return sum((Fraction(abs(a - b), max(b, 1)) for a, b in pairs), Fraction(abs(len(values) - len(like))))


def designs(
    step: int, field: tuple[int, int], like: tuple[Sequence[int], Sequence[int]], layers: int | None = None
) -> Iterator[Design]:
    """Chains of unpadded convolutions with the given step and a receptive field within the bounds, the nearest first.

    Args:
        step: input positions an output.
        field: least and largest receptive field wanted, in input positions.
        like: kernels and strides to stay close to.
        layers: how many layers; as many as ``like`` has, or one more or less, when not given.

    >>> next(designs(160, (465, 465), ([10, 8, 4, 4, 4], [5, 4, 2, 2, 2]))).receptive_field
    465
    """
    kernels, strides = like
    found = []
    for candidate in factor_lists(step, strides, layers)[:60]:
        start = _kernels_like(candidate, kernels, strides)
        fitted = _fit(start, candidate, field)
        if fitted is not None:
            distance = _distance(candidate, strides) * 2 + _distance(fitted, kernels)
            found.append((distance, Design(fitted, candidate, field_of(fitted, candidate), step)))
    yield from (design for _, design in sorted(found))


def field_of(kernels: Sequence[int], strides: Sequence[int]) -> int:
    """The receptive field of a chain: 1 + Σ (k - 1)·J with J the product of the strides before the layer."""
    return 1 + sum((k - 1) * prod(strides[:i]) for i, k in enumerate(kernels))


def _kernels_like(strides: Sequence[int], kernels: Sequence[int], before: Sequence[int]) -> tuple[int, ...]:
    """Kernels in the old proportion to their strides, at least as long as them."""
    ratio = Fraction(sum(kernels), max(sum(before), 1))
    same = [kernels[i] if i < len(kernels) and before[i] == s else round(s * ratio) for i, s in enumerate(strides)]
    return tuple(max(kernel, stride) for kernel, stride in zip(same, strides, strict=True))


def _fit(kernels: Sequence[int], strides: Sequence[int], field: tuple[int, int]) -> tuple[int, ...] | None:
    """Change as few kernel positions as possible so that the field lies within the bounds, widest layers first."""
    fitted = list(kernels)
    weights = [prod(strides[:i]) for i in range(len(strides))]
    for index in sorted(range(len(fitted)), key=lambda i: -weights[i]):
        short, long = field[0] - field_of(fitted, strides), field_of(fitted, strides) - field[1]
        if short <= 0 and long <= 0:
            break
        room = (field[1] - field[0]) // weights[index]
        if short > 0:
            fitted[index] += short // weights[index] + (1 if short % weights[index] and room else 0)
        else:
            fitted[index] = max(fitted[index] - -(-long // weights[index]), strides[index])
    return tuple(fitted) if field[0] <= field_of(fitted, strides) <= field[1] else None


# -- kernels of transposed convolutions -------------------------------------------------------------------------------

_FAMILIES: tuple[Callable[[int, int], Transposed], ...] = (
    transposed_even,
    transposed_pwg,
    transposed_exact,
    transposed_dac,
    transposed_ceil,
    transposed_seanet,
    lambda kernel, stride: transposed_seanet(kernel, stride, is_causal=True),
    transposed_same,
)


def exact_kernel(layers: Sequence[Layer], factor: int) -> int | None:
    """A kernel that gives exactly factor × length under the padding rule that all the layers follow; None if none does.

    It is the smallest of twice the factor, three times, and one more than twice.
    """
    for family in _FAMILIES:
        if all(family(layer.kernel, layer.stride) == layer for layer in layers):
            wide = (2 * factor, 3 * factor, 2 * factor + 1)
            return next((k for k in wide if family(k, factor).length(32) == 32 * factor), None)
    return None
