"""Conv-TasNet by the letters of its paper: N, L, B, H, P, X, R, in the configs of several projects.

Sources: JusperLee/Dual-Path-RNN-Pytorch, model/model.py; riviera1020/speech_separation_domain_adaptation,
src/conv_tasnet.py; traktorex/polsess_separation, models/conv_tasnet.py (which takes SpeechBrain's layers).
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import Conv
from rflint.dialects.asr_frontend import MOST_LAYERS, positive, tie
from rflint.dialects.speech_facts import counted, derived, maybe, over_utterance, stated_rate
from rflint.dialects.tasnet import doubling
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stack, Stage

NAME, TITLE = "conv-tasnet", "Conv-TasNet by letters (N, L, B, H, P, X, R)"
SCHEMA, LOADER = "conv_tasnet", "pyyaml"

SECTIONS = (("Conv_Tasnet",), ("model",), ("model", "gen"), ("model", "convtasnet"))
LETTERS = ("N", "B", "H", "P", "X", "R")
WHOLE_NORM = "gln"  # of all the classes the default


def recognise(root: Cursor) -> bool:
    return _section(root) is not None


def _section(root: Cursor) -> Cursor | None:
    """The section with the letters, and the length of the filters as a letter or in full."""
    for path in SECTIONS:
        here = root.at(*path)
        if here.has(*LETTERS) and (here["L"].exists or here.has("kernel_size", "mask_nonlinear")):
            return here
    return None


def read(root: Cursor) -> Iterator[Model]:
    conf = _section(root)
    if conf is None:
        return
    data, clips = root["data"], root["datasets"]["audio_setting"]
    rate = stated_rate(clips["sample_rate"]) or stated_rate(data["sample_rate"])
    model = Model(NAME, sample_rate=rate)
    with model.deriving("encoder"):
        length = positive(conf.first("L", "kernel_size").int())
        hop = positive(Value(length.value // 2, length.where, "derived"))
        stages = [Stage("encoder", Conv(length.value, hop.value), length.where), *_masks(conf)]
        factors = [Factor(f"{length.key} // 2", (hop.value,), length.where)]
        input_rate = rate.value if rate else None
        model.stacks.append(Stack("encoder", "Conv-TasNet", stages, input_rate=input_rate, factors=factors))
        _inverse(model, conf, hop)
    if rate is not None:
        counted(model, clips["chunk_size"], "samples", rate.value)
    counted(model, data["segment"], "s", 1)
    yield model


def _masks(conf: Cursor) -> list[Stage]:
    """Blocks of doubling dilation; SpeechBrain's causal ones are padded on both sides and left to its own dialect."""
    causal = conf["causal"].value in (True, 1)
    if causal and conf["kernel_size"].exists:
        raise NotComputable("the causal layers of SpeechBrain are not counted here", conf["causal"].where)
    repeats = positive(conf["R"].int(), MOST_LAYERS)
    stages = doubling(conf["P"].int(), conf["X"].int(), repeats.value, is_causal=causal)
    norm = conf.first("norm", "norm_type")
    whole = norm.str(WHOLE_NORM).value.lower() == WHOLE_NORM
    return [*stages, over_utterance("norm over time", norm.where)] if whole else stages


def _inverse(model: Model, conf: Cursor, hop: Value[int]) -> None:
    """Where the decoder has a stride of its own, the encoder strides by half its kernel all the same."""
    stride = maybe(conf["stride"].int)
    if stride is not None:
        because = "the encoder strides by kernel_size // 2, whatever `stride` says to the decoder"
        tie(model, "upsampling", "equal", stride, derived(hop.value), "silent", because)
