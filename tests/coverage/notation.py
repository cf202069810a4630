"""Stacks in one line: ``k10s5 k8s4 (k3p2,0)x9`` is two strided convolutions and nine causal ones.

A word is a letter for the kind, its number, and more letters with numbers: k convolution, K convolution padded to keep the
length, m pooling, t transposed convolution, u nearest and l linear upsampling, e SEANet convolution and E its transposed
one (causal with c), f frames, S "SAME", q and Q PQMF analysis and synthesis, x every n-th, - crop, + padding, a attention
window, w chunks, F low frame rate. s is stride, d dilation, p padding, o output padding, h hop. Branches stand as
``[one | other]``, repetitions as ``(body)x3``.
"""

from __future__ import annotations

import re
from typing import Any

Op = dict[str, Any]
WORD = re.compile(r"\s*(\[|\]|\||\(|\)x\d+|[^\s\[\]|()]+)")


def parse(text: str) -> list[Op]:
    words = WORD.findall(text)[::-1]
    return _chain(words)


def _chain(words: list[str]) -> list[Op]:
    ops: list[Op] = []
    while words and words[-1] not in ("|", "]") and not words[-1].startswith(")"):
        word = words.pop()
        if word == "[":
            branches = [_chain(words)]
            while words.pop() == "|":
                branches.append(_chain(words))
            ops.append({"op": "par", "branches": branches})
        elif word == "(":
            body = _chain(words)
            ops.append({"op": "rep", "n": int(words.pop()[2:]), "body": body})
        else:
            ops.append(_op(word))
    return ops


def _op(word: str) -> Op:
    own, numbers = word[0], re.match(r"-?[\d/,]*", word[1:])[0].split(",")  # type: ignore[index]
    fields = dict(re.findall(r"([sdpohc])(-?\d*(?:,-?\d+)?)", word[1 + len(",".join(numbers)) :]))
    size, last = (int(number) if number.isdigit() else 0 for number in (numbers[0], numbers[-1]))
    pads = [int(number) for number in fields.get("p", "0").split(",")]
    pad = pads if len(pads) == 2 else pads[0]
    stride, dilation = int(fields.get("s", 1)), int(fields.get("d", 1))
    causal = "c" in fields
    return {
        "k": {"op": "conv", "k": size, "s": stride, "d": dilation, "pad": pad},
        "K": {"op": "conv", "k": size, "d": dilation, "pad": "same"},
        "m": {"op": "max", "k": size, "s": int(fields.get("s", size)), "pad": pad},
        "t": {"op": "tconv", "k": size, "s": stride, "d": dilation, "pad": pad, "out_pad": int(fields.get("o", 0))},
        "u": {"op": "up", "factor": numbers[0]},
        "l": {"op": "up", "factor": numbers[0], "mode": "linear"},
        "e": {"op": "encodec", "k": size, "s": stride, "d": dilation, "causal": causal},
        "E": {"op": "encodec_t", "k": size, "s": stride, "causal": causal},
        "f": {"op": "frames", "win": size, "hop": int(fields.get("h", 1))},
        "S": {"op": "xla_same", "k": size, "s": stride, "d": dilation},
        "q": {"op": "pqmf_a", "bands": size, "taps": last},
        "Q": {"op": "pqmf_s", "bands": size, "taps": last},
        "x": {"op": "decim", "s": size},
        "-": {"op": "crop", "l": size, "r": last},
        "+": {"op": "pad", "l": size, "r": last},
        "a": {"op": "attn", "left": size, "right": last},
        "w": {"op": "chunk", "size": size, "left_chunks": last},
        "F": {"op": "lfr", "m": size, "n": last},
    }[own]
