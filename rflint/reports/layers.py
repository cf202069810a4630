"""Layers in few words: ``k3 s2 d4``, ``k3, k3 d5``, ``sum of 3``; and their structure for machines.

A layer holds others by one of three attributes of `rflint.coverage`: the ``branches`` of a `Parallel`, the ``layers``
of a `Sequence`, the ``layer`` and ``times`` of a `Repeat`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from rflint.coverage import Layer, Mixer, Parallel, Repeat, Sequence as Chain
from rflint.model import Stage

DEEPEST: Final = 12
"""Levels of nesting that are described; the native form lets a config nest deeper than a reader wants."""
RUN: Final = 6
"""From so many equal layers in a row on, one line stands for all."""
LONGEST: Final = 100
"""Characters of a description."""
WINDOWED: Final = frozenset({"conv", "pool", "transposed", "frames", "stack", "splice", "istft", "pqmf"})
"""Kinds whose kernel means something."""


def compound(layer: Layer) -> bool:
    """True for a layer that is made of others, so has no kernel of its own."""
    return isinstance(layer, Parallel | Repeat | Chain)


def parts(layer: Layer) -> list[list[Layer]]:
    """The branches of a layer, each a chain of layers; one branch for what is repeated or in sequence."""
    if isinstance(layer, Parallel):
        return [list(branch.layers) if isinstance(branch, Chain) else [branch] for branch in layer.branches]
    if isinstance(layer, Repeat):
        return [list(layer.layer.layers) if isinstance(layer.layer, Chain) else [layer.layer]]
    return [list(layer.layers)] if isinstance(layer, Chain) else []


def runs(stages: Sequence[Stage]) -> Iterator[tuple[int, list[Stage]]]:
    """The stages with the index of the last in each group: long runs of equal layers together, others alone."""
    index = -1
    for _, group in groupby(stages, key=lambda stage: stage.layer):
        equal = list(group)
        for together in [equal] if len(equal) >= RUN else [[stage] for stage in equal]:
            index += len(together)
            yield index, together


def name_of(stages: Sequence[Stage]) -> str:
    """The name of a stage, or of the first and last of a run with their number."""
    first, last = stages[0], stages[-1]
    return first.name if first is last else f"{first.name} … {last.name} (×{len(stages)})"


def describe(layer: Layer, depth: int = 0) -> str:
    """A layer in a few words."""
    if depth > DEEPEST:
        return "…"
    if isinstance(layer, Parallel):
        return _parallel(layer, depth)
    if isinstance(layer, Repeat):
        return f"[{chain(parts(layer)[0], depth + 1)}] ×{layer.times}"
    if isinstance(layer, Chain):
        return chain(layer.layers, depth + 1)
    return _leaf(layer)


def chain(layers: Sequence[Layer], depth: int = 0) -> str:
    """Layers in sequence, equal ones counted: ``k3, k3 d3 ×2``; an empty chain is an identity."""
    words = []
    for word, group in groupby(describe(layer, depth) for layer in layers):
        count = len(list(group))
        words.append(word if count == 1 else f"{word} ×{count}")
    return ", ".join(words) or "identity"


def branch_lines(layer: Layer) -> list[str]:
    """A line for each different branch of a layer, cut where it gets long."""
    counted = groupby(chain(part) for part in parts(layer))
    lines = [(text, len(list(group))) for text, group in counted]
    return [_cut(text if count == 1 else f"{count} × ({text})") for text, count in lines]


def _parallel(layer: Parallel, depth: int) -> str:
    branches = [chain(part, depth + 1) for part in parts(layer)]
    paths = [branch for branch in branches if branch != "identity"]
    if len(paths) == 1 and len(branches) == 2:
        return f"residual ({paths[0]})"
    return f"({' | '.join(branches)})"


def _leaf(layer: Layer) -> str:
    if isinstance(layer, Mixer):
        return layer.name
    if layer.kind not in WINDOWED:
        return layer.kind if layer.stride == 1 else f"{layer.kind} {layer.stride}"
    word = f"k{layer.kernel}" if layer.kind == "conv" else f"{layer.kind} k{layer.kernel}"
    stride = f" s{layer.stride}" if layer.stride != 1 else ""
    return word + stride + (f" d{layer.dilation}" if layer.dilation != 1 else "")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 2].rstrip(" ,") + " …"
