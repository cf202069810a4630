"""Mends for the factors of a decoder: lists with the wanted product, in the family's shape, with kernels that keep length."""

from __future__ import annotations

from fractions import Fraction

from rflint.coverage.design import exact_kernel, factor_lists
from rflint.documents import Value
from rflint.findings import Fix
from rflint.model import Model, Stack, Stage
from rflint.rules.edits import rewrite

SHOWN = 2


def transposed_stages(stack: Stack) -> list[Stage]:
    return [stage for stage in stack.stages if stage.layer.kind == "transposed"]


def kernel_list(model: Model, stack: Stack) -> Value[object] | None:
    """The list of the file that holds the kernels of the stack's transposed convolutions, found by its tie to the factors."""
    kernels = [stage.layer.kernel for stage in transposed_stages(stack)]
    for tie in model.ties:
        if tie.kind == "same length":
            for side in (tie.left, tie.right):
                if isinstance(side.value, list | tuple) and list(side.value) == kernels and side.where is not None:
                    return side
    return None


def proposals(model: Model, stack: Stack, wanted: Fraction) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Factor lists whose product is ``wanted``, nearest first, each with kernels that keep the length.

    Only the first list of factors changes; an inverse STFT hop or sub-bands behind it stay.
    """
    stages = transposed_stages(stack)
    if not stages or not stack.factors or not stack.factors[0].terms:
        return []
    list_, rest = stack.factors[0], Fraction(1)
    for factor in stack.factors[1:]:
        for term in factor.terms:
            rest *= term
    product = wanted / rest
    if product.denominator != 1:
        return []
    layers = [stage.layer for stage in stages]
    found = []
    near = [f for f in factor_lists(int(product), list_.terms) if max(f) <= 2 * max(list_.terms)]
    for factors in near[: 4 * SHOWN]:
        kernels = [exact_kernel(layers, factor) for factor in factors]
        exact = tuple(k for k in kernels if k is not None)
        if len(exact) == len(factors):
            found.append((factors, exact))
    return found[:SHOWN]


def factor_fixes(model: Model, stack: Stack, wanted: Fraction) -> list[Fix]:
    """Fixes that write new factors and, where the file lists them, new kernels."""
    listed = kernel_list(model, stack)
    fixes = []
    for factors, kernels in proposals(model, stack, wanted):
        changes = [(stack.factors[0].where, factors)]
        if listed is not None and len(kernels) == len(stack.factors[0].terms):
            changes.append((listed.where, kernels))
        elif listed is not None:
            continue  # another number of stages changes more than two lists
        fix = rewrite(_title(stack, factors, kernels, listed), changes)
        if fix is not None:
            fixes.append(fix)
    return fixes


def _title(stack: Stack, factors: tuple[int, ...], kernels: tuple[int, ...], listed: Value[object] | None) -> str:
    title = f"`{stack.factors[0].key}`: {list(factors)}"
    return f"{title}, `{listed.key}`: {list(kernels)}" if listed is not None else title
