"""WeNet's encoders, which PaddleSpeech took over: subsampling behind ``input_layer``, blocks behind the encoder's name.

Sources: wenet/utils/class_utils.py, wenet/models/*/encoder.py and subsampling.py; paddlespeech/s2t/modules/encoder.py.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from rflint.coverage import Conv, Layer, centred, crop, stack_frames
from rflint.dialects.asr_frontend import attention, block, chain, chunked_attention, layers, positive
from rflint.dialects.conformer_blocks import (
    REDUCTIONS,
    branches,
    depthwise,
    memory,
    merged_branches,
    repeated,
    squeezed,
    strided_conformer,
)
from rflint.dialects.speech_facts import Features, maybe, strided
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Claim, Model, Stack, Stage
from rflint.targets import EXACT, Target

BLOCKS = 6  # transformer/encoder.py, num_blocks
BRANCHED_BLOCKS = 12  # branchformer, e_branchformer, squeezeformer: num_blocks
KERNEL, GATED_KERNEL, MERGE_KERNEL = 15, 31, 3  # cnn_module_kernel, cgmlp_conv_kernel, merge_conv_kernel
SQUEEZE_KERNEL, REDUCE, RECOVER = 31, 5, 11  # squeezeformer/encoder.py
SANM_KERNEL, SANM_SHIFT = 11, 0  # paraformer/layers.py, SanmEncoder: kernel_size, sanm_shfit
EFFICIENT = {"stride_layer_idx": 3, "stride": 2, "group_size": 3}  # efficient_conformer/encoder.py
LOW_RATE = 7, 6  # paraformer/layers.py, LFR(m=7, n=6)

SUBSAMPLING: dict[str, tuple[tuple[int, int], ...]] = {
    "linear": (), "embed": (), "conv2d2": ((3, 2),), "conv2d": ((3, 2), (3, 2)), "dwconv2d4": ((3, 2), (3, 2)),
    "firered_conv2d4": ((3, 2), (3, 2)), "conv2d6": ((3, 2), (5, 3)), "conv2d8": ((3, 2),) * 3,
}  # fmt: skip
"""Kernel and stride of unpadded convolutions (wenet/models/transformer/subsampling.py)."""


ENCODER = "conformer"  # wenet/utils/init_model.py


def encode(model: Model, root: Cursor, made: Features | None) -> None:
    """Hand over the encoder that ``encoder`` and ``encoder_conf`` describe, and what chunks promise of it.

    Without features it is counted in frames of unknown length.
    """
    conf, name = root["encoder_conf"], root["encoder"].str(ENCODER)
    stem = subsampling(conf)
    where = conf["input_layer"].where if conf["input_layer"].exists else name.where
    is_causal = conf["causal"].bool(False)

    def built(causally: bool) -> Stack:
        stages = [*stem, *ENCODERS[name.value](conf, causally)]
        factors = [strided("input_layer", stages, where)]
        if made is None:
            return Stack("encoder", name.value, stages, input_unit="frames", factors=factors)
        return made.encoder(name.value, stages, factors)

    model.stacks.append(built(is_causal.value))
    if made is not None and conf["use_dynamic_chunk"].bool(False).value:
        model.claims.append(streaming(conf["use_dynamic_chunk"], built(True).coverage.look_ahead))


def streaming(key: Cursor, allowed: int) -> Claim:
    """The claim of ``use_dynamic_chunk: true``: no convolution looks past a chunk (``allowed`` samples look-ahead)."""
    wording = f"{key.key}: true"
    because = "chunks are trained and decoded one by one; convolutions without `causal: true` read past a chunk's end"
    target = Target("look_ahead", None, Fraction(allowed), "samples", EXACT, wording, "encoder")
    return Claim(target, key.where, "key", wording, because, "silent", "latency")


# -- stems and blocks ---------------------------------------------------------------------------------------------


def subsampling(conf: Cursor) -> list[Stage]:
    """The layers behind ``input_layer``; Squeezeformer has its own, of the same numbers as conv2d."""
    kind = conf["input_layer"].str("conv2d")
    name, where = kind.value, kind.where
    if name == "conv1d2":
        return [Stage("embed.0", centred(3), where), Stage("embed.1", Conv(3, 2, 1, (1, 1)), where)]
    if name == "stack_n_frames":
        return [Stage("embed", Conv(2, 2, 1, (0, 0), "stack"), where)]
    if name == "paraformer_dummy":
        return [Stage("lfr", stack_frames(*LOW_RATE), where)]
    if name not in SUBSAMPLING:
        raise NotComputable(f"the input layer `{name}` is not known", where)
    ahead = [Stage("embed.pad", crop(0, -6), where)] if name == "firered_conv2d4" else []
    return [*ahead, *chain("embed", SUBSAMPLING[name], where)]


def _attention(conf: Cursor) -> Layer:
    """Attention over everything, or inside chunks of one size; chunks of random size are for training."""
    size = conf["static_chunk_size"].int(0)
    if size.value > 0 and not conf["use_dynamic_chunk"].bool(False).value:
        return chunked_attention(size.value, None)
    return attention()


def _transformer(conf: Cursor, _: bool) -> list[Stage]:
    count = layers(conf["num_blocks"], BLOCKS).value
    return repeated("encoders", block(_attention(conf)), count, conf["num_blocks"].where)


def _conformer(conf: Cursor, is_causal: bool) -> list[Stage]:
    if not conf["use_cnn_module"].bool(True).value:
        return _transformer(conf, is_causal)
    kernel = positive(conf["cnn_module_kernel"].int(KERNEL))
    layer = block(_attention(conf), depthwise(kernel.value, is_causal=is_causal))
    return repeated("encoders", layer, layers(conf["num_blocks"], BLOCKS).value, kernel.where)


def _branchformer(conf: Cursor, is_causal: bool) -> list[Stage]:
    count, kernel = layers(conf["num_blocks"], BRANCHED_BLOCKS), positive(conf["cgmlp_conv_kernel"].int(GATED_KERNEL))
    if not conf["use_cgmlp"].bool(True).value:
        return repeated("encoders", block(_attention(conf)), count.value, count.where)
    layer = branches(_attention(conf), kernel.value, is_causal=is_causal)
    return repeated("encoders", layer, count.value, kernel.where)


def _e_branchformer(conf: Cursor, is_causal: bool) -> list[Stage]:
    count, kernel = layers(conf["num_blocks"], BRANCHED_BLOCKS), positive(conf["cgmlp_conv_kernel"].int(GATED_KERNEL))
    merge = positive(conf["merge_conv_kernel"].int(MERGE_KERNEL))
    layer = merged_branches(_attention(conf), kernel.value, merge.value, is_causal=is_causal)
    return repeated("encoders", layer, count.value, kernel.where)


def _squeezeformer(conf: Cursor, is_causal: bool) -> list[Stage]:
    kernel = positive(conf["cnn_module_kernel"].int(SQUEEZE_KERNEL))
    kind = conf["time_reduction_layer_type"].str("conv1d")
    layer = block(_attention(conf), depthwise(kernel.value, is_causal=is_causal))
    count = layers(conf["num_blocks"], BRANCHED_BLOCKS).value
    halve, recover = _indices(conf["reduce_idx"], REDUCE), _indices(conf["recover_idx"], RECOVER)
    return squeezed(layer, count, REDUCTIONS.get(kind.value, REDUCTIONS["conv2d"]), halve, recover, kernel.where)


def _indices(place: Cursor, default: int) -> list[int]:
    """One layer or several; null is none."""
    if place.exists and place.value is None:
        return []
    return place.ints().value if place.is_list() else [place.int(default).value]


def _efficient(conf: Cursor, is_causal: bool) -> list[Stage]:
    """Kernels shrink with the stride behind every strided layer, unless told otherwise."""
    kernel, count = positive(conf["cnn_module_kernel"].int(KERNEL)), layers(conf["num_blocks"], BLOCKS)
    strides = dict(zip(*efficient_strides(conf), strict=False))
    shrinks = efficient_key(conf, "stride_kernel").bool(True).value
    size, mixer, stages = kernel.value, _attention(conf), []
    for i in range(count.value):
        stride = strides.get(i, 1)
        strided_layer = strided_conformer(mixer, size, stride, is_causal=is_causal)
        layer = strided_layer if i in strides else block(mixer, depthwise(size, is_causal=is_causal))
        stages.append(Stage(f"encoders.{i}", layer, kernel.where))
        size = max(size // stride, 1) if shrinks else size
    return stages


def efficient_strides(conf: Cursor) -> tuple[list[int], list[int]]:
    """Layers that stride, and their strides."""
    places, strides = (_indices(efficient_key(conf, key), EFFICIENT[key]) for key in ("stride_layer_idx", "stride"))
    return places, [positive(Value(stride, conf["efficient_conf"].where)).value for stride in strides]


def efficient_key(conf: Cursor, key: str) -> Cursor:
    """Keys of ``efficient_conf`` are arguments of the encoder, too (init_model.py)."""
    inner = conf["efficient_conf"][key]
    return inner if inner.exists else conf[key]


def _sanm(conf: Cursor, _: bool) -> list[Stage]:
    kernel, shift = positive(conf["kernel_size"].int(SANM_KERNEL)), conf["sanm_shfit"].int(SANM_SHIFT)
    count = layers(conf["num_blocks"], BLOCKS).value
    later = maybe(conf["tp_blocks"].int)
    stages = repeated("encoders", block(_attention(conf), memory(kernel.value, shift.value)), count, kernel.where)
    more = layers(conf["tp_blocks"]).value if later and later.value > 0 else 0
    return stages + repeated("tp_encoders", stages[0].layer, more, kernel.where)


ENCODERS: dict[str, Callable[[Cursor, bool], list[Stage]]] = {
    "transformer": _transformer,
    "dual_transformer": _transformer,
    "conformer": _conformer,
    "dual_conformer": _conformer,
    "firered_conformer": _conformer,
    "branchformer": _branchformer,
    "e_branchformer": _e_branchformer,
    "squeezeformer": _squeezeformer,
    "efficientConformer": _efficient,
    "sanm_encoder": _sanm,
    "sanm_encoder_with_tp": _sanm,
}
