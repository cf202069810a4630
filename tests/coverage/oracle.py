"""Brute force: every layer is run on numbers, and what an output depends on is seen from what moves it.

Nothing here computes a receptive field. A signal has one row for each input position, in which that position alone is 1,
and one row for the outside, in which everything that padding adds is 1. All weights are positive, so nothing cancels: an
output depends on an input position where that row of it is not 0. Two ways of running it:

- `virtual`: what lies beyond the ends of any layer's input is marked as outside. Outputs that it reaches say nothing
  about an input without ends; all others have exactly the field of one.
- `border`: padding holds what a framework puts there.

The stacks are those of `vocabulary.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Op = dict[str, Any]
Signal = NDArray[np.float64]
NUMPY_MODE = {"reflect": "reflect", "replicate": "edge", "circular": "wrap", "symmetric": "symmetric"}


class Refused(Exception):
    """A framework would not run this length."""


class Measured(NamedTuple):
    """Positions read by each output, and whether the outside reaches it."""

    read: list[list[int]]
    tainted: list[bool]


def virtual(stack: list[Op], n: int) -> Measured:
    return _measure(stack, n, outside=True)


def border(stack: list[Op], n: int) -> list[list[int]]:
    return _measure(stack, n, outside=False).read


def length(stack: list[Op], n: int) -> int:
    """How many outputs come of ``n`` inputs; 0 where they are refused."""
    try:
        return _Runner(False).run(stack, np.zeros((1, n))).shape[1]
    except Refused:
        return 0


def clean_run(measured: Measured) -> range:
    """The longest run of untainted outputs. Empty ones are never tainted: those among tainted ones show no period."""
    edges = [-1, *(i for i, taint in enumerate(measured.tainted) if taint), len(measured.tainted)]
    before, behind = max(pairwise(edges), key=lambda pair: pair[1] - pair[0])
    return range(before + 1, behind)


def period_of(measured: Measured) -> tuple[int, int, list[list[int]]] | None:
    """The least period and its shift among untainted outputs, and what outputs 0 to period - 1 would read."""
    clean = clean_run(measured)
    reads = {i: measured.read[i] for i in clean}
    for period in range(1, len(clean) // 2 + 1):
        pairs = [(reads[i], reads[i + period]) for i in clean if i + period in reads]
        moves = {_move(one, other) for one, other in pairs if one or other}  # two empty sets say nothing
        if len(moves) == 1 and (shift := moves.pop()):
            first = {i % period: [p - i // period * shift for p in reads[i]] for i in clean}
            return (period, shift, [first[phase] for phase in range(period)]) if len(first) == period else None
    return None


def _move(one: list[int], other: list[int]) -> int | None:
    """By how much a set is moved to be the other; None when it cannot."""
    if len(one) != len(other):
        return None
    moves = {b - a for a, b in zip(one, other, strict=True)}
    return moves.pop() if len(moves) == 1 else None


def _measure(stack: list[Op], n: int, *, outside: bool) -> Measured:
    marks = np.vstack([np.eye(n), np.zeros((1, n))])
    out = _Runner(outside).run(stack, marks) != 0
    return Measured([np.flatnonzero(column[:-1]).tolist() for column in out.T], out[-1].tolist())


class _Runner:
    """Runs a stack on a signal (rows, time)."""

    def __init__(self, outside: bool) -> None:
        self.outside = outside
        self.random = np.random.default_rng(0)

    def run(self, stack: list[Op], x: Signal) -> Signal:
        for op in stack:
            x = getattr(self, f"run_{op['op']}")(x, op)
            if x.shape[1] == 0:
                raise Refused
        return x / max(float(x.max()), 1e-9)  # keep numbers near 1; marks stay marks

    # -- padding, windows, overlap --------------------------------------------------------------------------------
    def pad(self, x: Signal, left: int, right: int, mode: str = "zeros") -> Signal:
        x = x[:, max(-left, 0) : x.shape[1] - max(-right, 0)]
        left, right = max(left, 0), max(right, 0)
        if not self.outside and mode != "zeros":
            if max(left, right) + (mode == "reflect") > x.shape[1] and mode in ("reflect", "circular"):
                raise Refused
            return np.pad(x, ((0, 0), (left, right)), NUMPY_MODE[mode])  # type: ignore[call-overload, no-any-return]
        return np.hstack([self.beyond(x, left), x, self.beyond(x, right)])

    def beyond(self, x: Signal, count: int) -> Signal:
        """Positions outside the signal: zeros, marked as such."""
        cells = np.zeros((x.shape[0], count))
        cells[-1] = float(self.outside)
        return cells

    def weights(self, count: int) -> Signal:
        return self.random.uniform(0.5, 1.5, count)

    def windows(self, x: Signal, weights: Signal, stride: int = 1, dilation: int = 1) -> Signal:
        extent = (len(weights) - 1) * dilation + 1
        if extent > x.shape[1]:
            raise Refused
        return sliding_window_view(x, extent, axis=1)[:, ::stride, ::dilation] @ weights

    def overlap(self, x: Signal, weights: Signal, stride: int, dilation: int = 1, more: int = 0) -> Signal:
        """Every input adds its weighted window to the output, ``more`` longer; with the outside, beyond both ends, too."""
        extra = (len(weights) * dilation // stride + 2 + more) if self.outside else 0
        x = np.hstack([self.beyond(x, extra), x, self.beyond(x, extra)])
        out = np.zeros((x.shape[0], (x.shape[1] - 1) * stride + (len(weights) - 1) * dilation + 1))
        for j, weight in enumerate(weights):
            out[:, j * dilation : j * dilation + (x.shape[1] - 1) * stride + 1 : stride] += weight * x
        end = out.shape[1] - extra * stride
        return np.pad(out, ((0, 0), (0, more)))[:, extra * stride : end + more]

    # -- convolutions ---------------------------------------------------------------------------------------------
    def run_conv(self, x: Signal, op: Op) -> Signal:
        kernel, stride, dilation, pads = op["k"], op.get("s", 1), op.get("d", 1), op.get("pad", 0)
        weights = self.weights(kernel)
        if "taps" in op:
            weights = weights * np.isin(np.arange(kernel), op["taps"])
        if pads == "same":
            spare = dilation * (kernel - 1)
            pads = [spare // 2, spare - spare // 2]
        left, right = (pads, pads) if isinstance(pads, int) else pads
        return self.windows(self.pad(x, left, right, op.get("mode", "zeros")), weights, stride, dilation)

    def run_max(self, x: Signal, op: Op) -> Signal:
        kernel, pad, dilation = op["k"], op.get("pad", 0), op.get("d", 1)
        stride, extent = op.get("s", kernel), dilation * (kernel - 1) + 1
        padded = self.pad(x, pad, pad + (extent + stride if op.get("ceil") else 0))
        end, starts, at = x.shape[1] + 2 * pad, [], 0
        while at + extent <= end or (op.get("ceil") and at - stride + extent < end and at < pad + x.shape[1]):
            starts.append(at)
            at += stride
        if not starts:
            raise Refused
        return np.stack([padded[:, a : a + extent : dilation].max(axis=1) for a in starts], axis=1)

    run_avg = run_max

    def run_xla_same(self, x: Signal, op: Op) -> Signal:
        kernel, stride, dilation = op["k"], op.get("s", 1), op.get("d", 1)
        weights, total = self.weights(kernel), 0
        wanted = len(range(0, x.shape[1], stride))
        while len(range(0, x.shape[1] + total - (kernel - 1) * dilation, stride)) < wanted:
            total += 1
        small, large = total // 2, total - total // 2
        left, right = (large, small) if op.get("lower") else (small, large)
        return self.windows(self.pad(x, left, right), weights, stride, dilation)[:, :wanted]

    def run_encodec(self, x: Signal, op: Op) -> Signal:
        kernel, stride, dilation = op["k"], op.get("s", 1), op.get("d", 1)
        total = (kernel - 1) * dilation + 1 - stride
        right = 0 if op.get("causal", True) else total // 2
        weights, extra = self.weights(kernel), 0
        while (x.shape[1] + total + extra - (kernel - 1) * dilation - 1) % stride:
            extra += 1  # the windows end before the padded signal does
        return self.windows(self.pad(x, total - right, right + extra), weights, stride, dilation)

    def run_decim(self, x: Signal, op: Op) -> Signal:
        return x[:, :: op["s"]]

    def run_lfr(self, x: Signal, op: Op) -> Signal:
        frames, every = op["m"], op["n"]
        padded = self.pad(x, (frames - 1) // 2, frames + every, "replicate")
        starts = range(0, x.shape[1], every)
        return np.stack([padded[:, a : a + frames] @ self.weights(frames) for a in starts], axis=1)

    def run_crop(self, x: Signal, op: Op) -> Signal:
        return x[:, op.get("l", 0) : max(x.shape[1] - op.get("r", 0), 0)]

    def run_pad(self, x: Signal, op: Op) -> Signal:
        return self.pad(x, op.get("l", 0), op.get("r", 0), op.get("mode", "zeros"))

    # -- transforms -----------------------------------------------------------------------------------------------
    def run_frames(self, x: Signal, op: Op) -> Signal:
        return self.windows(x, self.weights(op["win"]), op["hop"])

    def window(self, op: Op) -> Signal:
        size = op.get("win", op["n_fft"])
        turns = np.arange(size) / (size if op.get("periodic", True) else size - 1)
        shape = np.ones(size) if op.get("window", "hann") != "hann" else 0.5 - 0.5 * np.cos(2 * np.pi * turns)
        lead = (op["n_fft"] - size) // 2
        return np.pad(shape, (lead, op["n_fft"] - size - lead))

    def run_stft(self, x: Signal, op: Op) -> Signal:
        half = op["n_fft"] // 2 if op.get("center", True) else 0
        return self.windows(self.pad(x, half, half, op.get("pad_mode", "reflect")), self.window(op), op["hop"])

    def run_istft(self, x: Signal, op: Op) -> Signal:
        half = op["n_fft"] // 2 if op.get("center", True) else 0
        out = self.overlap(x, self.window(op), op["hop"])
        return out[:, half : max(out.shape[1] - half, 0)]

    def run_pqmf_a(self, x: Signal, op: Op) -> Signal:
        half = op["taps"] // 2
        filtered = self.windows(self.pad(x, half, half), self.weights(op["taps"] + 1))
        first_of_each = np.eye(op["bands"])[0]
        return self.windows(filtered, first_of_each, op["bands"])

    def run_pqmf_s(self, x: Signal, op: Op) -> Signal:
        half, bands = op["taps"] // 2, op["bands"]
        padded = np.hstack([self.beyond(x, half), x, self.beyond(x, half)]) if self.outside else x
        stuffed = np.kron(padded, np.eye(bands)[0])
        cut = half * bands if self.outside else 0
        full = self.windows(np.pad(stuffed, ((0, 0), (half, half))), self.weights(op["taps"] + 1))
        return full[:, cut : full.shape[1] - cut]

    # -- upsampling -----------------------------------------------------------------------------------------------
    def run_tconv(self, x: Signal, op: Op) -> Signal:
        cut = op.get("pad", 0)
        out = self.overlap(x, self.weights(op["k"]), op["s"], op.get("d", 1), op.get("out_pad", 0))[:, cut:]
        left, right = (op.get("crop", 0),) * 2 if isinstance(op.get("crop", 0), int) else op["crop"]
        return out[:, left : max(out.shape[1] - cut - right, 0)]

    def run_encodec_t(self, x: Signal, op: Op) -> Signal:
        spare = op["k"] - op["s"]
        share = Fraction(str(op.get("trim_right_ratio", 1)))
        right = -(-spare * share.numerator // share.denominator) if op.get("causal", True) else spare // 2
        out = self.overlap(x, self.weights(op["k"]), op["s"])
        return out[:, spare - right : out.shape[1] - right]

    def run_up(self, x: Signal, op: Op) -> Signal:
        factor, count = Fraction(op["factor"]), x.shape[1]
        outputs = [t for t in range(int(count * factor) + 1) if t + 1 <= count * factor]
        padded = (
            np.hstack([self.beyond(x, 2), x, self.beyond(x, 2)])
            if self.outside
            else np.pad(x, ((0, 0), (2, 2)), "edge")
        )
        columns = [self._between(padded, t, factor, op.get("mode", "nearest")) for t in outputs]
        return np.stack(columns, axis=1) if columns else x[:, :0]

    def _between(self, padded: Signal, output: int, factor: Fraction, mode: str) -> Signal:
        at = output / factor + 2 if mode == "nearest" else (output + Fraction(1, 2)) / factor - Fraction(1, 2) + 2
        below = at.numerator // at.denominator
        share = float(at - below) if mode == "linear" else 0.0
        return padded[:, below] * (1 - share) + padded[:, below + (share > 0)] * share

    def run_adaptive(self, x: Signal, op: Op) -> Signal:
        outputs, count = op["outputs"], x.shape[1]
        bins = [
            [p for p in range(count) if p < Fraction((m + 1) * count, outputs) and p + 1 > Fraction(m * count, outputs)]
            for m in range(outputs)
        ]
        return np.stack([x[:, own].mean(axis=1) for own in bins], axis=1)

    def run_stretch(self, x: Signal, op: Op) -> Signal:
        outputs = int(Fraction(op["factor"]) * x.shape[1])
        if not outputs:
            raise Refused
        places = [Fraction(t * (x.shape[1] - 1), max(outputs - 1, 1)) for t in range(outputs)]
        last = np.pad(x, ((0, 0), (0, 1)), "edge")
        return np.stack(
            [last[:, int(u)] * float(1 - u % 1) + last[:, int(u) + 1] * float(u % 1) for u in places], axis=1
        )

    # -- what looks far -------------------------------------------------------------------------------------------
    def mix(self, x: Signal, sees: NDArray[np.bool_]) -> Signal:
        return x @ sees.T.astype(float)

    def run_attn(self, x: Signal, op: Op) -> Signal:
        left, right = (float(op.get(side, "inf")) for side in ("left", "right"))
        apart = np.subtract.outer(np.arange(x.shape[1]), np.arange(x.shape[1]))
        if not self.outside:
            return self.mix(x, (apart <= left) & (-apart <= right))
        padded = self.pad(x, int(left), int(right))
        return self.windows(padded, np.ones(int(left + right) + 1))

    def run_chunk(self, x: Signal, op: Op) -> Signal:
        size, before = op["size"], op.get("left_chunks", -1)
        extra = size * max(before, 1) if self.outside else 0
        padded = self.pad(x, extra, extra)
        own = (np.arange(padded.shape[1]) - extra) // size
        back = np.subtract.outer(own, own)
        mixed = self.mix(padded, (back >= 0) & ((back <= before) | (before < 0)))
        return mixed[:, extra : mixed.shape[1] - extra]

    def run_lstm(self, x: Signal, op: Op) -> Signal:
        return self.run_se(x, op) if op.get("bi") else np.cumsum(x, axis=1)

    def run_cumnorm(self, x: Signal, op: Op) -> Signal:
        return np.cumsum(x, axis=1)

    def run_se(self, x: Signal, op: Op) -> Signal:
        return x + x.mean(axis=1, keepdims=True)

    run_gnorm = run_se

    # -- graphs ---------------------------------------------------------------------------------------------------
    def run_rep(self, x: Signal, op: Op) -> Signal:
        for _ in range(op["n"]):
            x = self.run(op["body"], x)
        return x

    def run_par(self, x: Signal, op: Op) -> Signal:
        branches = [self.run(branch, x) for branch in op["branches"]]
        shortest = min(branch.shape[1] for branch in branches)
        return np.sum([branch[:, :shortest] for branch in branches], axis=0)


def residues(reads: list[list[int]], shift: int) -> set[int]:
    """The remainders of all positions read."""
    return {position % shift for read in reads for position in read}


def stretches(read: list[int]) -> Iterator[tuple[int, int]]:
    """The stretches of positions left out of a set, in order."""
    for one, other in pairwise(read):
        if other > one + 1:
            yield one + 1, other - 1
