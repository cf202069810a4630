"""Random stacks and graphs in the vocabulary of `vocabulary.py`, over all kinds of layers."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Op = dict[str, Any]
MODES = ["zeros", "reflect", "replicate", "circular"]


def _ints(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


def _op(name: str, **fields: Any) -> st.SearchStrategy[Op]:
    return st.fixed_dictionaries({"op": st.just(name), **fields})


INWARD = st.one_of(_ints(0, 3), st.lists(_ints(-1, 4), min_size=2, max_size=2))
PADS = st.one_of(_ints(0, 3), st.lists(_ints(0, 4), min_size=2, max_size=2))
SHAPE = {"k": _ints(1, 6), "s": _ints(1, 4), "d": _ints(1, 3)}
CONV = st.one_of(_op("conv", **SHAPE, pad=INWARD), _op("conv", **SHAPE, pad=PADS, mode=st.sampled_from(MODES)))
KEEPING = _op("conv", k=_ints(1, 6), d=_ints(1, 4), pad=st.just("same"))
SPLICE = _op(
    "conv", k=st.just(6), s=_ints(1, 2), pad=PADS, taps=st.lists(_ints(0, 5), min_size=1, max_size=4, unique=True)
)
POOL = st.builds(
    lambda k, s, pad, ceil, name: {"op": name, "k": k, "s": s, "pad": min(pad, k // 2), "ceil": ceil},
    _ints(1, 5), _ints(1, 4), _ints(0, 2), st.booleans(), st.sampled_from(["max", "avg"]),
)  # fmt: skip
ENCODEC = st.builds(
    lambda k, s, d, causal: {"op": "encodec", "k": max(k, s), "s": s, "d": d if s == 1 else 1, "causal": causal},
    _ints(1, 6), _ints(1, 4), _ints(1, 3), st.booleans(),
)  # fmt: skip
CROP = _op("crop", l=_ints(0, 3), r=_ints(0, 3))
PAD = _op("pad", l=_ints(0, 3), r=_ints(0, 3), mode=st.sampled_from(MODES))
DECIMATE = _op("decim", s=_ints(1, 4))
STACKED = _op("lfr", m=_ints(1, 7), n=_ints(1, 4))
FRAMES = _op("frames", win=_ints(1, 8), hop=_ints(1, 4))
WINDOW = {"window": st.sampled_from(["hann", "rect"]), "periodic": st.booleans(), "center": st.booleans()}
STFT = st.builds(
    lambda op, half, win: op | {"n_fft": 2 * half, "win": max(3, min(win, 2 * half))},
    _op("stft", hop=_ints(1, 4), **WINDOW), _ints(2, 6), _ints(3, 12),
)  # fmt: skip
ISTFT = st.builds(
    lambda op, half, win: op | {"n_fft": 2 * half, "win": max(4, min(win, 2 * half))},
    _op("istft", hop=_ints(1, 4), **WINDOW), _ints(2, 5), _ints(4, 10),
)  # fmt: skip
PQMF_A = _op("pqmf_a", bands=_ints(1, 4), taps=st.sampled_from([4, 6, 10]))
PQMF_S = _op("pqmf_s", bands=_ints(1, 4), taps=st.sampled_from([4, 6, 10]))
TRANSPOSED = st.builds(
    lambda k, s, d, pad, out_pad, crop: {
        "op": "tconv", "k": k, "s": s, "d": d, "pad": min(pad, k - 1), "out_pad": min(out_pad, max(s, d) - 1), "crop": crop
    },
    _ints(1, 8), _ints(1, 4), st.sampled_from([1, 1, 1, 2, 3]), _ints(0, 3), _ints(0, 2),
    st.sampled_from([0, 0, [1, 0], [0, 2], [2, 2]]),
)  # fmt: skip
ENCODEC_T = st.builds(
    lambda s, more, causal, trim: {"op": "encodec_t", "k": s + more, "s": s, "causal": causal, "trim_right_ratio": trim},
    _ints(1, 4), _ints(0, 6), st.booleans(), st.sampled_from([1.0, 0.5, 0.0, 0.3]),
)  # fmt: skip
UP = _op(
    "up",
    factor=st.sampled_from(["1", "2", "3", "4", "3/2", "4/3", "2/3", "5/2"]),
    mode=st.sampled_from(["nearest", "linear"]),
)
ATTENTION = _op("attn", left=_ints(0, 4), right=_ints(0, 4))
CHUNKS = _op("chunk", size=_ints(1, 4), left_chunks=_ints(0, 2))
FARSIGHTED = st.one_of(
    _op("lstm", bi=st.booleans()), _op("gnorm"), _op("se"), _op("cumnorm"), _op("attn", left=st.just("inf"), right=_ints(0, 2)),
    _op("chunk", size=_ints(1, 4), left_chunks=st.just(-1)),
)  # fmt: skip
SAME = _op("xla_same", k=_ints(1, 6), s=_ints(1, 3), d=_ints(1, 2), lower=st.booleans())

PLAIN = st.one_of(CONV, KEEPING, SPLICE, POOL, ENCODEC, CROP, PAD, DECIMATE, STACKED, FRAMES, STFT, PQMF_A)
UPSAMPLING = st.one_of(TRANSPOSED, ENCODEC_T, UP, ISTFT, PQMF_S)
ANY = st.one_of(PLAIN, UPSAMPLING, KEEPING, ATTENTION, CHUNKS)


def _branching(inner: st.SearchStrategy[list[Op]]) -> st.SearchStrategy[list[Op]]:
    """Graphs of which every part keeps the step: sums of chains, repetitions, a U-Net around any of them."""
    branches = _op("par", branches=st.lists(inner, min_size=2, max_size=3))
    repeated = _op("rep", n=_ints(0, 4), body=inner)
    around = st.builds(_unet, _ints(1, 3), _ints(0, 3), _ints(0, 3), inner)
    return st.lists(st.one_of(branches, repeated, around, KEEPING, ATTENTION), min_size=1, max_size=2)


def _unet(factor: int, more_down: int, more_up: int, inner: list[Op]) -> Op:
    down = {"op": "conv", "k": factor + more_down, "s": factor, "pad": [more_down // 2, more_down - more_down // 2]}
    up = {"op": "tconv", "k": factor + more_up, "s": factor, "pad": more_up // 2}
    return {"op": "par", "branches": [[down, *inner, up], []]}


STEADY = st.recursive(
    st.lists(st.one_of(KEEPING, CROP, PAD, ATTENTION, CHUNKS, SPLICE.map(lambda op: op | {"s": 1})), max_size=3),
    _branching,
    max_leaves=6,
)
"""Chains and graphs with a step of 1."""

CHAINS = st.lists(ANY, min_size=1, max_size=5)
GRAPHS = st.builds(lambda a, b, c: [*a, *b, *c], st.lists(ANY, max_size=2), STEADY, st.lists(ANY, max_size=1))
ADAPTIVE = _op("adaptive", outputs=_ints(1, 7))
STRETCH = _op("stretch", factor=st.sampled_from(["2", "3", "3/2", "1/2"]))
LENGTHWISE = st.lists(st.one_of(SAME, SAME, KEEPING, POOL, STFT, ADAPTIVE, STRETCH), min_size=1, max_size=4).filter(
    lambda stack: sum(op["op"] in ("stretch", "adaptive") for op in stack) < 2  # each multiplies the phases by a length
)
UNBOUNDED = st.builds(
    lambda a, far, b: [*a, far, *b],
    st.lists(ANY, max_size=2),
    FARSIGHTED,
    st.lists(st.one_of(PLAIN, UPSAMPLING), max_size=1),
)
