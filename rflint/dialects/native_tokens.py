"""Token strings of the native form: ``k10s5 k8s4 [k4s2]x3``."""

from __future__ import annotations

import re

from rflint.coverage import Layer, nearest
from rflint.dialects.native_layers import MOST_LAYERS, Defaults, conv, repeated, transposed
from rflint.dialects.native_values import FormError, whole
from rflint.documents import Value, Where
from rflint.model import Stage

_TOKEN = re.compile(
    r"\s*(?:(?P<open>\[)|(?P<close>\])(?:\s*x(?P<times>\d{1,4}))?|(?P<kind>pool|conv|tconv|up|k|t)(?P<size>\d{1,9})"
    r"(?P<suffixes>(?:[sdx]\d{1,9}|p(?:\d{1,9}|same|causal|valid|auto))*)(?=[\s\],]|$)|(?P<comma>,))"
)
_SUFFIX = re.compile(r"([sdx])(\d+)|p(\d+|same|causal|valid|auto)")


def tokens(text: str, defaults: Defaults, where: Where) -> list[Stage]:
    """The stages of ``k10s5 k8s4 [k4s2]x3``."""
    levels: list[list[Stage]] = [[]]
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or (match["close"] and len(levels) == 1) or len(levels) > 20:
            raise FormError(
                f"`{text[at : at + 20].strip()}` is no token; write for example `k10s5 k8s4 [k4s2]x3`", where
            )
        if match["open"]:
            levels.append([])
        elif match["close"]:
            group = levels.pop()
            levels[-1] += group * int(match["times"] or 1)
        elif match["kind"]:
            levels[-1] += _token(match, defaults, where)
        if len(levels[-1]) > MOST_LAYERS:
            raise FormError(f"more than {MOST_LAYERS} layers", where)
        at = match.end()
    if len(levels) > 1:
        raise FormError("a group `[` is not closed", where)
    return levels[0]


def _token(match: re.Match[str], defaults: Defaults, where: Where) -> list[Stage]:
    suffixes: dict[str, object] = {"p": None}
    for name, number, padding in _SUFFIX.findall(match["suffixes"]):
        suffixes[name or "p"] = int(number) if number else int(padding) if padding.isdigit() else padding
    size, kind = whole(Value(int(match["size"])), "kernel", where), match["kind"]
    if kind == "up":
        layer: Layer = nearest(size)
    else:
        stride = whole(Value(suffixes.get("s", size if kind == "pool" else 1)), "stride", where)
        dilation = whole(Value(suffixes.get("d", 1)), "dilation", where)
        if kind in ("t", "tconv"):
            row = {"transposed": size, "stride": stride, "dilation": dilation, "op": 0}
            layer = transposed(size, lambda name, *_: row[name], suffixes["p"], where)
        else:
            layer = conv(defaults, size, stride, dilation, suffixes["p"], where, "pool" if kind == "pool" else "conv")
    times = suffixes.get("x", 1)
    return list(repeated(Stage(match[0].strip(), layer, where), int(str(times))))
