"""Encoders of transformers that read the waveform: wav2vec 2.0 and its kin, Moonshine, Muse Spark.

Sources: transformers 5 and 4.57, models/*/configuration_*.py for the defaults, modeling_*.py for the layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, cast

from rflint.coverage import Conv, Mixer, Parallel, Repeat, causal, nearest, pool, residual
from rflint.dialects.hf_parts import Part, Reader, agree
from rflint.dialects.waveform import (
    ATTENTION,
    RATE,
    Layers,
    convolutions,
    depthwise,
    extractor,
    positional,
    same_pad,
    state_preset,
    whole,
)
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stack, Stage, Tie

KERNELS, STRIDES = [10, 3, 3, 3, 3, 2, 2], [5, 2, 2, 2, 2, 2, 2]
"""configuration_wav2vec2.py and its copies: conv_kernel, conv_stride (one of its docstrings says otherwise)."""
SEW_KERNELS = [10, 3, 1, 3, 1, 3, 1, 3, 1, 2, 1, 2, 1]
SEW_STRIDES = [5, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
"""configuration_sew.py, configuration_sew_d.py."""
POS_KERNEL, POS_LAYERS, POS_LAYER_KERNEL, SQUEEZE, DEPTHWISE, BLOCKS = 128, 5, 19, 2, 31, 12
"""num_conv_pos_embeddings (of data2vec-audio the number of layers), conv_pos_kernel_size, squeeze_factor,
conv_depthwise_kernel_size, num_hidden_layers."""
ADAPTER_LAYERS, ADAPTER_KERNEL, ADAPTER_STRIDE = 3, 3, 2
TDNN_KERNELS, TDNN_DILATIONS = [5, 3, 3, 1, 1], [1, 2, 3, 1, 1]
TEN_SECONDS = 500
"""Frames of 20 ms: the length at which the formula of a mask is compared with its layers."""


def is_waveform(config: Cursor) -> bool:
    """Keys of wav2vec 2.0's kin under a model type of somebody's own (MERT's music_hubert)."""
    keys = ("conv_dim", "conv_kernel", "conv_stride")
    return all(isinstance(config[key].value, list) for key in keys) and config["num_conv_pos_embeddings"].exists


# -- wav2vec 2.0 and its kin --------------------------------------------------------------------------------------


def read_waveform(model: Model, part: Part) -> None:
    """Seven unpadded convolutions, a convolutional position embedding, a transformer; maybe an adapter."""
    config, sew = part.config, part.kind in ("sew", "sew-d")
    model.sample_rate = part.rate(RATE)
    agree(model, "rate", part.own_rate(), part.extractor.rate(), "the extractor feeds audio at its own rate", "silent")
    layers = _layers(model, config, sew=sew)
    norm = "group norm" if config["feat_extract_norm"].str("group").value == "group" else None
    norm = None if part.kind == "data2vec-audio" else norm
    below = part.stack(model, "encoder", "feature_extractor", extractor(layers, norm=norm), layers.factors)
    state_preset(model, layers, model.sample_rate)
    _state_ratio(model, config, layers)
    with model.deriving("context"):
        on_top(part, model, below, "transformer", _blocks(part))
    _adapters(model, part, below)
    _xvector(model, part, below)


def on_top(
    part: Part, model: Model, below: Stack, name: str, stages: Sequence[Stage], factors: Sequence[Factor] = ()
) -> Stack:
    """A stack over the stages of the one below."""
    return part.stack(model, "context", name, [*below.stages, *stages], [*below.factors, *factors], below.input_rate)


def _layers(model: Model, config: Cursor, *, sew: bool) -> Layers:
    """The convolutions of the feature extractor, from its parallel lists."""
    kernels = config["conv_kernel"].ints(SEW_KERNELS if sew else KERNELS)
    strides = config["conv_stride"].ints(SEW_STRIDES if sew else STRIDES)
    _state_lists(model, config, kernels, strides)
    if len(kernels.value) != len(strides.value):
        raise NotComputable("`conv_kernel` and `conv_stride` have different lengths", kernels.where or strides.where)
    places = tuple(config["conv_kernel"][i].where if kernels.where else None for i in range(len(kernels.value)))
    pairs = tuple(zip(kernels.value, strides.value, strict=True))
    return Layers("conv_layers", pairs, strides.where or kernels.where, places)


def _state_lists(model: Model, config: Cursor, kernels: Value[list[int]], strides: Value[list[int]]) -> None:
    """The three lists, and the count of layers, must agree: validate_architecture of the configuration."""
    because = "the configuration refuses lists of different lengths"
    dims = _list(config["conv_dim"])
    pairs = [(kernels, strides), (dims, kernels), (dims, strides)]
    for left, right in pairs:
        if left is not None and right is not None and (left.where or right.where):
            first, second = (left, right) if left.where else (right, left)
            model.ties.append(_same_length(first, second, because))
    count = whole(config["num_feat_extract_layers"])
    if count is not None and dims is not None:
        because = "transformers 5 refuses another count than that of the lists, 4 puts it right"
        model.ties.append(_same_length(cast(Value[object], count), dims, because))


def _same_length(left: object, right: object, because: str) -> Tie:
    return Tie("lists", "same length", cast(Value[object], left), cast(Value[object], right), "crash", because)


def _list(cursor: Cursor) -> Value[list[int]] | None:
    try:
        return cursor.ints()
    except NotComputable:
        return None


def _state_ratio(model: Model, config: Cursor, layers: Layers) -> None:
    ratio = whole(config["inputs_to_logits_ratio"])
    because = "the ratio is a read-only property, the product of conv_stride: a key of its name is refused"
    agree(model, "subsampling", ratio, Value(layers.step, None, "derived"), because)


def _blocks(part: Part) -> list[Stage]:
    """What stands behind the features: the position embedding and the blocks."""
    config, kind = part.config, part.kind
    if kind == "wav2vec2-conformer":  # its positional convolution is built and never called
        return [_conformer(config), ATTENTION]
    kernel = config["num_conv_pos_embeddings"].int(POS_KERNEL)
    if kind == "data2vec-audio":
        depth = config["num_conv_pos_embeddings"].int(POS_LAYERS).value
        width = config["conv_pos_kernel_size"].int(POS_LAYER_KERNEL)
        return [Stage("pos_conv", Repeat(depth, same_pad(width.value)), width.where), ATTENTION]
    if kind in ("sew", "sew-d"):
        return _squeezed(config, kernel)
    return [*positional(kernel), ATTENTION]


def _conformer(config: Cursor) -> Stage:
    kernel = config["conv_depthwise_kernel_size"].int(DEPTHWISE)
    return depthwise(kernel, config["num_hidden_layers"].int(BLOCKS).value)


def _squeezed(config: Cursor, kernel: Value[int]) -> list[Stage]:
    """SEW: the position embedding strides, averages stand beside it, and the output is spread again (modeling_sew.py)."""
    squeeze = config["squeeze_factor"].int(SQUEEZE)
    factor, half = squeeze.value, kernel.value // 2
    embedded = Parallel((Conv(kernel.value, factor, 1, (half, half)), pool(factor)))
    return [
        Stage("squeeze", embedded, squeeze.where or kernel.where),
        ATTENTION,
        Stage("upsample", nearest(factor), squeeze.where),
    ]


def _adapters(model: Model, part: Part, below: Stack) -> None:
    """Strided convolutions behind the transformer (modeling_wav2vec2.py, Wav2Vec2AdapterLayer: padding 1, GLU)."""
    config = part.config
    if config["add_adapter"].value is not True:
        return
    with model.deriving("adapter"):
        kernel, stride = config["adapter_kernel_size"].int(ADAPTER_KERNEL), config["adapter_stride"].int(ADAPTER_STRIDE)
        count = config["num_adapter_layers"].int(ADAPTER_LAYERS)
        layer = Conv(kernel.value, stride.value, 1, (1, 1))
        _state_mask(model, layer, count.value, kernel)
        stages = [Stage(f"adapter.{i}", layer, kernel.where) for i in range(min(count.value, 32))]
        factors = [Factor("adapter_stride", (stride.value,) * len(stages), stride.where)]
        on_top(part, model, below, "adapter", [ATTENTION, *stages], factors)


def _state_mask(model: Model, layer: Conv, count: int, kernel: Value[int]) -> None:
    """The mask is cut by (frames - 1) // stride + 1 a layer, which is right for a kernel of 3 alone."""
    if layer.stride < 1 or kernel.where is None:
        return
    masked = given = TEN_SECONDS
    for _ in range(min(count, 32)):
        masked, given = (masked - 1) // layer.stride + 1, layer.length(given)
    because = f"for {TEN_SECONDS} frames the attention mask has {masked}, the adapter gives {given}"
    right: Value[object] = Value(given, None, "derived")
    model.ties.append(Tie("frames", "equal", Value(masked, kernel.where, "derived"), right, "crash", because))


def _xvector(model: Model, part: Part, below: Stack) -> None:
    """The x-vector head: dilated layers over the frames (modeling_wav2vec2.py, TDNNLayer)."""
    heads = part.config["architectures"].value
    if not isinstance(heads, list) or not any(str(head).endswith("ForXVector") for head in heads):
        return
    with model.deriving("xvector"):
        kernels = part.config["tdnn_kernel"].ints(TDNN_KERNELS)
        dilations = part.config["tdnn_dilation"].ints(TDNN_DILATIONS)
        model.ties.append(_same_length(kernels, dilations, "a TDNN layer reads one entry of each list"))
        stages = [
            Stage(f"tdnn.{i}", Conv(kernel, 1, dilation), kernels.where)
            for i, (kernel, dilation) in enumerate(zip(kernels.value, dilations.value, strict=False))
        ]
        on_top(part, model, below, "xvector", [ATTENTION, *stages])


# -- Moonshine ----------------------------------------------------------------------------------------------------

MOONSHINE = ((127, 64), (7, 3), (3, 2))
"""modeling_moonshine.py, MoonshineEncoder: no key sets them."""
FRAME_MS = Fraction(5)
"""configuration_moonshine_streaming.py, frame_ms."""


def read_moonshine(model: Model, part: Part) -> None:
    """Three unpadded convolutions; a group norm over the clip behind the first."""
    model.sample_rate = part.rate(RATE)
    layers = Layers("conv", MOONSHINE, None, (None,) * len(MOONSHINE))
    first, *others = convolutions(layers)
    stages = [first, Stage("group norm", Mixer("group norm")), *others, ATTENTION]
    part.stack(model, "encoder", "encoder", stages, layers.factors)


def read_moonshine_streaming(model: Model, part: Part) -> None:
    """Frames of 5 ms, then two causal convolutions of stride 2."""
    rate = part.config["sample_rate"].int(RATE)
    model.sample_rate = rate
    frame = part.config["frame_ms"].number(FRAME_MS)
    length = frame.value * rate.value / 1000
    if length.denominator != 1 or length < 1:
        raise NotComputable("`frame_ms` is no whole number of samples", frame.where)
    first = Stage("frame", Conv(int(length), int(length), 1, (0, 0), "stack"), frame.where)
    convs = [Stage(f"conv{i}", causal(5, 2)) for i in (1, 2)]
    factors = [Factor("frame_ms", (int(length),), frame.where), Factor("conv", (2, 2))]
    part.stack(model, "encoder", "embedder", [first, *convs], factors)


# -- Muse Spark ---------------------------------------------------------------------------------------------------

PATCHES, DEPTHS, PATCH_KERNEL = [16, 6, 5, 4], [2, 2, 2, 2], 7
"""configuration_muse_spark.py: patch_sizes, depths, conv_kernel_size."""


def read_muse_spark(model: Model, part: Part) -> None:
    """Patches of samples, then of frames, with causal convolutions between (modeling_muse_spark.py)."""
    config = part.config
    model.sample_rate = part.rate(24000)
    patches, depths = config["patch_sizes"].ints(PATCHES), config["depths"].ints(DEPTHS)
    if patches.where or depths.where:
        first, second = (patches, depths) if patches.where else (depths, patches)
        model.ties.append(_same_length(first, second, "the configuration refuses lists of different lengths"))
    kernel = config["conv_kernel_size"].int(PATCH_KERNEL)
    stages = []
    for index, (patch, depth) in enumerate(zip(patches.value, depths.value, strict=False)):
        stages.append(Stage(f"patch.{index}", Conv(patch, patch, 1, (0, 0), "stack"), patches.where))
        stages.append(Stage(f"blocks.{index}", Repeat(depth, residual(causal(kernel.value))), depths.where))
    factors = [Factor("patch_sizes", tuple(patches.value), patches.where)]
    stack = part.stack(model, "encoder", "encoder", stages, factors)
    told = part.extractor.whole("samples_per_token")
    agree(
        model,
        "frames",
        told,
        Value(int(stack.coverage.step), patches.where, "derived"),
        "the processor counts tokens by it",
    )


ENCODERS: Final[dict[str, Reader]] = {
    **dict.fromkeys(
        (
            "wav2vec2", "wav2vec2-conformer", "hubert", "wavlm", "unispeech", "unispeech-sat", "sew", "sew-d",
            "data2vec-audio", "speecht5",
        ),
        read_waveform,
    ),
    "moonshine": read_moonshine,
    "moonshine_streaming_encoder": read_moonshine_streaming,
    "muse_spark_audio": read_muse_spark,
}  # fmt: skip
