"""Plain layers of the native form, from their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from rflint.coverage import Conv, Layer, Repeat, Same, Transposed
from rflint.dialects.native_values import FormError, whole
from rflint.documents import Value, Where
from rflint.model import Stage

MOST_LAYERS: Final = 2000
_PADDINGS: Final = ("valid", "same", "causal", "auto")


class Defaults(NamedTuple):
    """What a layer has that names no padding of its own, and whose arithmetic "same" follows (``torch`` or ``keras``)."""

    padding: str = "valid"
    framework: str = "torch"


def conv(
    defaults: Defaults, kernel: int, stride: int, dilation: int, padding: object, where: Where, kind: str = "conv"
) -> Layer:
    """A convolution or pooling with a padding given as a number, a pair, a word, or not at all (None)."""
    extent = dilation * (kernel - 1) + 1
    word = padding if padding is not None else ("valid" if kind == "pool" else defaults.padding)
    if isinstance(word, str):
        if word not in _PADDINGS:
            raise FormError(f"the padding `{word[:40]}` is not known: valid, same, causal, auto or a number", where)
        return padded(defaults, kernel, stride, dilation, word, where, kind)
    if isinstance(word, list):
        sides = [whole(Value(side), "padding", where, -extent * 1000) for side in word]
        if len(sides) != 2:
            raise FormError("a padding is a number, a word, or [left, right]", where)
        return Conv(kernel, stride, dilation, (sides[0], sides[1]), kind)
    pad = whole(Value(word), "padding", where, 0)
    return Conv(kernel, stride, dilation, (pad, pad), kind)


def padded(defaults: Defaults, kernel: int, stride: int, dilation: int, word: str, where: Where, kind: str) -> Layer:
    """A convolution padded as a word says; "same" by the arithmetic of the framework."""
    total = dilation * (kernel - 1)
    if word == "valid":
        return Conv(kernel, stride, dilation, (0, 0), kind)
    if word == "causal":
        return Conv(kernel, stride, dilation, (total, 0), kind)
    if word == "auto":
        return Conv(kernel, stride, dilation, (kernel // 2, kernel // 2), kind)
    if defaults.framework == "keras":
        return Same(kernel, stride, dilation, kind=kind)
    if stride > 1:
        raise FormError('padding "same" with a stride is refused by torch; state `framework: keras` or a number', where)
    return Conv(kernel, 1, dilation, (total // 2, total - total // 2), kind)


def transposed(kernel: int, number: Callable[..., int], padding: object, where: Where) -> Layer:
    """A transposed convolution; ``number`` gives stride, dilation and output padding (op) by name."""
    stride, dilation = number("stride", 1), number("dilation", 1)
    sides = [0, 0] if padding is None or padding == "valid" else padding if isinstance(padding, list) else [padding] * 2
    if isinstance(padding, str) and padding != "valid":
        total = max(kernel - stride, 0)
        sides = [total // 2, kernel - stride - total // 2] if padding == "same" else [0, kernel - stride]
    left, right = (whole(Value(side), "padding", where, -kernel) for side in sides)
    return Transposed(kernel, stride, dilation, (left, right - number("op", 0, 0)))


def repeated(stage: Stage, times: int) -> Iterator[Stage]:
    """A stage so many times; past `MOST_LAYERS` as one repetition."""
    if times > MOST_LAYERS:
        yield Stage(stage.name, Repeat(times, stage.layer), stage.where)
    else:
        yield from (stage for _ in range(times))
