"""Encoders that ESPnet wrote and FunASR took over: subsampling behind ``input_layer``, blocks behind the class name.

Sources: espnet/nets/pytorch_backend/transformer/subsampling.py, espnet2/asr/encoder/*.py, espnet2/asr/layers/cgmlp.py.
"""

from __future__ import annotations

from collections.abc import Callable

from rflint.coverage import Conv, Layer, Mixer, Parallel, Sequence as Chain, centred, residual
from rflint.dialects.asr_frontend import attention, block, chain, layers, positive
from rflint.dialects.conformer_blocks import branches, depthwise, merged_branches, repeated
from rflint.documents import Cursor, Impossible, NotComputable, Value, Where
from rflint.model import Stage

BLOCKS, BRANCHED_BLOCKS = 6, 12  # num_blocks of the (Conformer, Transformer) and (E-)Branchformer encoders
KERNEL, GATED_KERNEL, MERGE_KERNEL = 31, 31, 3  # cnn_module_kernel, cgmlp_conv_kernel, merge_conv_kernel
FORWARD_KERNEL = {"conformer": 3, "transformer": 1}  # positionwise_conv_kernel_size
CONVOLUTIONAL_POSITIONS = 128  # transformer/embedding.py, ConvolutionalPositionalEmbedding: kernel_size
MULTI_MERGE_KERNEL = 31  # multiconvformer_encoder.py, multicgmlp_merge_conv_kernel
WINDOW, DILATION = 100, 1  # longformer_encoder.py, of each of its six layers
WINDOWED = "sliding_chunks"  # the same, attention_mode
MULTI_KERNELS, MULTI_TYPE = "7,15,23,31", "concat_fusion"  # multicgmlp_kernel_sizes, multicgmlp_type

SUBSAMPLING: dict[str, tuple[tuple[int, int], ...]] = {
    "conv2d": ((3, 2), (3, 2)), "conv2d1": ((3, 1), (3, 1)), "conv2d2": ((3, 2), (3, 1)),
    "conv2d6": ((3, 2), (5, 3)), "conv2d8": ((3, 2),) * 3,
    "conv1d1": ((3, 1), (3, 1)), "conv1d2": ((3, 1), (3, 2)), "conv1d3": ((3, 1), (5, 3)),
    "linear": (), "embed": (), "wav2vec": (), "pe": (), "pe_online": (),
}  # fmt: skip
"""Kernel and stride of unpadded convolutions: shorter inputs raise TooShortUttError."""


def subsampling(conf: Cursor, default: str = "conv2d") -> list[Stage]:
    """The layers behind ``input_layer``; null is none."""
    place = conf["input_layer"]
    if place.exists and place.value is None:
        return []
    kind = place.str(default)
    if kind.value not in SUBSAMPLING:
        raise NotComputable(f"the input layer `{kind.value}` is not known", kind.where)
    return chain("embed", SUBSAMPLING[kind.value], kind.where)


def positions(conf: Cursor) -> list[Stage]:
    """Convolutional position embeddings reach over 128 frames, one of them cut off; others reach nowhere."""
    kind = conf["pos_enc_layer_type"]
    if kind.value != "conv":
        return []
    half = CONVOLUTIONAL_POSITIONS // 2
    return [Stage("pos_enc", Conv(CONVOLUTIONAL_POSITIONS, 1, 1, (half, half - 1)), kind.where)]


def feed_forward(conf: Cursor, encoder: str) -> list[Layer]:
    """A feed-forward part that convolves: twice (conv1d) or once (conv1d-linear), beside a shortcut."""
    kind = conf["positionwise_layer_type"].str("linear").value
    kernel = positive(conf["positionwise_conv_kernel_size"].int(FORWARD_KERNEL[encoder])).value
    times = {"conv1d": 2, "conv1d-linear": 1}.get(kind, 0)
    return [residual(*[centred(kernel)] * times)] if times and kernel > 1 else []


def transformer(conf: Cursor) -> list[Stage]:
    count = layers(conf["num_blocks"], BLOCKS)
    layer = block(attention(), *feed_forward(conf, "transformer"))
    return repeated("encoders", layer, count.value, count.where)


def conformer(conf: Cursor) -> list[Stage]:
    kernel, count = positive(conf["cnn_module_kernel"].int(KERNEL)), layers(conf["num_blocks"], BLOCKS)
    return repeated("encoders", conformer_layer(conf, attention()), count.value, kernel.where)


def conformer_layer(conf: Cursor, mixer: Layer) -> Layer:
    """Feed-forward, attention, convolution, feed-forward; the first feed-forward only in macaron style."""
    kernel = positive(conf["cnn_module_kernel"].int(KERNEL))
    convolution = [depthwise(kernel.value)] if conf["use_cnn_module"].bool(True).value else []
    forward = feed_forward(conf, "conformer")
    before = forward if conf["macaron_style"].bool(False).value else []
    return block(*before, mixer, *convolution, *forward)


def longformer(conf: Cursor) -> list[Stage]:
    """Attention over a window on each side, of its own size in every layer; no frame attends to or is seen by all.

    Sources: allenai/longformer, longformer.py ("number of attention locations on each side") and, for the mask, which
    marks none as global, pytorch_backend/transformer/longformer_attention.py.
    """
    mode, count = conf["attention_mode"].str(WINDOWED), layers(conf["num_blocks"], BLOCKS)
    if mode.value not in (WINDOWED, "tvm"):
        raise NotComputable(f"the windows of the mode `{mode.value}` are not known", mode.where)
    windows, dilations = (
        _one_a_layer(conf[key], usual, count)
        for key, usual in (("attention_windows", WINDOW), ("attention_dilation", DILATION))
    )
    if mode.value == WINDOWED and any(dilation != 1 for dilation in dilations.value):
        raise Impossible("`sliding_chunks` takes no dilation (ValueError)", dilations.where or mode.where)
    reaches = [window * dilation for window, dilation in zip(windows.value, dilations.value, strict=True)]
    stages = [conformer_layer(conf, attention(reach, reach)) for reach in reaches]
    return [Stage(f"encoders.{i}", layer, windows.where or count.where) for i, layer in enumerate(stages)]


def _one_a_layer(place: Cursor, usual: int, count: Value[int]) -> Value[list[int]]:
    """A list of positive numbers. Raises `Impossible` unless it holds one for every layer, as the class does."""
    listed = place.ints([usual] * BLOCKS)
    if len(listed.value) != count.value:
        found = f"`{place.key}` has {len(listed.value)} entries"
        raise Impossible(f"{found}, not one for each of {count.value} layers", listed.where or count.where)
    for size in listed.value:
        positive(Value(size, listed.where))
    return listed


def branchformer(conf: Cursor) -> list[Stage]:
    kernel = positive(conf["cgmlp_conv_kernel"].int(GATED_KERNEL))
    count = layers(conf["num_blocks"], BRANCHED_BLOCKS)
    if not conf["use_cgmlp"].bool(True).value:
        return repeated("encoders", block(attention()), count.value, count.where)
    attends = conf["use_attn"].bool(True).value
    layer = branches(attention(), kernel.value) if attends else depthwise(kernel.value)
    return repeated("encoders", layer, count.value, kernel.where)


def e_branchformer(conf: Cursor) -> list[Stage]:
    kernel = positive(conf["cgmlp_conv_kernel"].int(GATED_KERNEL))
    merge = positive(conf["merge_conv_kernel"].int(MERGE_KERNEL))
    layer = merged_branches(attention(), kernel.value, merge.value)
    return repeated("encoders", layer, layers(conf["num_blocks"], BRANCHED_BLOCKS).value, kernel.where)


def multiconv_conformer(conf: Cursor) -> list[Stage]:
    """Convolutions of several kernels side by side in every layer, and in one kind a convolution over their outputs."""
    sizes = multi_kernels(conf["multicgmlp_kernel_sizes"])
    if not conf["use_cnn_module"].bool(True).value:
        return conformer(conf)
    gated: list[Layer] = [Parallel((*(centred(size) for size in sizes.value), Chain()))]
    if conf["multicgmlp_type"].str(MULTI_TYPE).value == "concat_fusion":
        gated.append(depthwise(positive(conf["multicgmlp_merge_conv_kernel"].int(MULTI_MERGE_KERNEL)).value))
    forward = feed_forward(conf, "conformer")
    before = forward if conf["macaron_style"].bool(False).value else []
    layer = block(*before, attention(), *gated, *forward)
    return repeated("encoders", layer, layers(conf["num_blocks"], BLOCKS).value, sizes.where)


def multi_kernels(place: Cursor) -> Value[list[int]]:
    """Kernels that stand in one text: ``"7,15,23,31"``."""
    if isinstance(place.value, int):
        size = positive(place.int())
        return Value([size.value], size.where)
    text = place.str(MULTI_KERNELS)
    sizes = [size.strip() for size in text.value.split(",")]
    if not all(size.isdigit() and 0 < int(size) < 10_000 for size in sizes):
        raise NotComputable(f"`{place.key}` is no list of kernels", text.where)
    return Value([int(size) for size in sizes], text.where)


def recurrent(kind: Value[str], bidirectional: bool, count: int, where: Where | None) -> list[Stage]:
    """Layers of LSTM or GRU, both ways or forward."""
    name = ("bidirectional " if bidirectional else "") + kind.value.upper()
    return repeated("rnn", Mixer(name, None, None if bidirectional else 0), count, where)


ENCODERS: dict[str, Callable[[Cursor], list[Stage]]] = {
    "transformer": transformer,
    "conformer": conformer,
    "branchformer": branchformer,
    "e_branchformer": e_branchformer,
    "longformer": longformer,
}
"""Blocks behind the subsampling, by ESPnet's name."""
