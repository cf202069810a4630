"""The vocabulary in which the shared records write stacks (``{op: conv, k: 3, s: 2}``), in terms of the engine's layers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from rflint.coverage import (
    PERIODIC_HANN,
    SYMMETRIC_HANN,
    Adaptive,
    Conv,
    Layer,
    Parallel,
    Repeat,
    Same,
    Sequence,
    Splice,
    Stretched,
    Transposed,
    attention,
    chunked_attention,
    crop,
    decimate,
    framing,
    istft,
    linear,
    norm_over_time,
    pad,
    pool,
    pqmf_analysis,
    pqmf_synthesis,
    recurrent,
    resize,
    same,
    seanet,
    squeeze_excite,
    stack_frames,
    stft,
    transposed,
    transposed_seanet,
)
from rflint.coverage.mixers import counted as with_reach

Op = dict[str, Any]
LONG = 10_000


def layers_of(stack: list[Op], *, counted: bool = False) -> list[Layer]:
    """The layers of a stack; ``counted`` takes attention for what it reaches."""
    layers = [_BUILD[op["op"]](op) for op in stack]
    return list(map(with_reach, layers)) if counted else layers


def chain_of(stack: list[Op]) -> Sequence:
    return Sequence(tuple(layers_of(stack)))


def pair(pads: int | list[int]) -> tuple[int, int]:
    return (pads, pads) if isinstance(pads, int) else (pads[0], pads[1])


def _conv(op: Op) -> Layer:
    kernel, stride, dilation = op["k"], op.get("s", 1), op.get("d", 1)
    if op.get("pad") == "same":
        return same(kernel, dilation)
    padding = pair(op.get("pad", 0))
    if "taps" in op:
        first, last = min(op["taps"]), max(op["taps"])
        padding = padding[0] - first * dilation, padding[1] - (kernel - 1 - last) * dilation
        return Splice(tuple(tap * dilation for tap in op["taps"]), stride, padding)
    return Conv(kernel, stride, dilation, padding, mode=op.get("mode", "zeros"))


def _transposed(op: Op) -> Layer:
    layer = transposed(op["k"], op["s"], op.get("pad", 0), op.get("out_pad", 0), op.get("d", 1))
    return Sequence((layer, crop(*pair(op["crop"])))) if "crop" in op else layer


def _interpolate(op: Op) -> Layer:
    factor = Fraction(op["factor"])
    if op.get("mode", "nearest") == "linear":
        return linear(int(factor)) if factor.denominator == 1 else resize(factor, linearly=True)
    return Transposed(int(factor), int(factor)) if factor.denominator == 1 else resize(factor)


def _window(op: Op) -> tuple[int, int]:
    if op.get("window", "hann") != "hann":
        return 0, 0
    return PERIODIC_HANN if op.get("periodic", True) else SYMMETRIC_HANN


def _stft(op: Op) -> Layer:
    center = op.get("center", True)
    return stft(
        op["n_fft"], op["hop"], op.get("win"), center=center, mode=op.get("pad_mode", "reflect"), zero_taps=_window(op)
    )


def _istft(op: Op) -> Layer:
    return istft(op["n_fft"], op["hop"], op.get("win"), center=op.get("center", True), zero_taps=_window(op))


def _parallel(op: Op) -> Layer:
    branches = [chain_of(branch) for branch in op["branches"]]
    lengths = [branch.length(LONG) for branch in branches]
    cut = {"none": lambda n: 0, "right": lambda n: 0, "left": lambda n: n, "center": lambda n: n // 2}[
        op.get("fit", "none")
    ]
    surplus = [length - min(lengths) if op.get("fit", "none") != "none" else 0 for length in lengths]
    cropped = [
        Sequence((*b.layers, crop(cut(n), n - cut(n)))) if n else b for b, n in zip(branches, surplus, strict=True)
    ]
    return Parallel(tuple(cropped))


def _side(limit: int | str) -> int | None:
    return None if limit == "inf" else int(limit)


_BUILD = {
    "conv": _conv,
    "max": lambda op: pool(op["k"], op.get("s"), op.get("pad", 0), op.get("d", 1), ceil=op.get("ceil", False)),
    "avg": lambda op: pool(op["k"], op.get("s"), op.get("pad", 0), ceil=op.get("ceil", False)),
    "tconv": _transposed,
    "up": _interpolate,
    "crop": lambda op: crop(op.get("l", 0), op.get("r", 0)),
    "pad": lambda op: pad(op.get("l", 0), op.get("r", 0), op.get("mode", "zeros")),
    "decim": lambda op: decimate(op["s"]),
    "lfr": lambda op: stack_frames(op["m"], op["n"]),
    "frames": lambda op: framing(op["win"], op["hop"]),
    "stft": _stft,
    "istft": _istft,
    "pqmf_a": lambda op: pqmf_analysis(op["bands"], op["taps"]),
    "pqmf_s": lambda op: pqmf_synthesis(op["bands"], op["taps"]),
    "attn": lambda op: attention(_side(op.get("left", "inf")), _side(op.get("right", "inf"))),
    "chunk": lambda op: chunked_attention(op["size"], op["left_chunks"] if op.get("left_chunks", -1) >= 0 else None),
    "lstm": lambda op: recurrent(bidirectional=op.get("bi", False)),
    "gnorm": lambda op: norm_over_time("group norm"),
    "se": lambda op: squeeze_excite(),
    "cumnorm": lambda op: norm_over_time("cumulative norm", cumulative=True),
    "xla_same": lambda op: Same(op["k"], op.get("s", 1), op.get("d", 1), op.get("lower", False)),
    "encodec": lambda op: seanet(op["k"], op.get("s", 1), op.get("d", 1), is_causal=op.get("causal", True)),
    "encodec_t": lambda op: transposed_seanet(
        op["k"], op["s"], is_causal=op.get("causal", True), trim_right=Fraction(str(op.get("trim_right_ratio", 1)))
    ),
    "adaptive": lambda op: Adaptive(op["outputs"]),
    "stretch": lambda op: Stretched(Fraction(op["factor"])),
    "par": _parallel,
    "rep": lambda op: Repeat(op["n"], chain_of(op["body"])),
}
