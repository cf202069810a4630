"""SpeechBrain's encoders over feature frames or the waveform, each by its class.

Sources: speechbrain/lobes/models/{convolution,CRDNN,ECAPA_TDNN,Xvector,ResNet,EnhanceResnet,wav2vec}.py,
speechbrain/lobes/models/{ContextNet,Cnn14,PIQ,MetricGAN,MetricGAN_U}.py,
speechbrain/lobes/models/transformer/{TransformerASR,TransformerSE,Conformer,Branchformer}.py.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest

from rflint.coverage import Conv, Layer, Mixer, Parallel, Sequence as Chain, centred, pool, residual
from rflint.dialects.asr_frontend import MOST_LAYERS, attention, block, layers, positive
from rflint.dialects.conformer_blocks import branches, depthwise, repeated
from rflint.dialects.espnet_encoders import recurrent
from rflint.dialects.speaker_nets import (
    ECAPA_DILATIONS,
    ECAPA_KERNELS,
    ECAPA_SCALE,
    RESNET_STRIDES,
    XVECTOR_DILATIONS,
    XVECTOR_KERNELS,
    ecapa,
    gated_block,
    resnet,
    xvector,
)
from rflint.dialects.speech_facts import over_utterance, sizes
from rflint.dialects.speechbrain_parts import along_time, class_of, container, reflected, same
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Stage

FRONT_END = {"kernel_sizes": [3, 3, 3], "strides": [1, 2, 2], "dilations": [1, 1, 1]}  # convolution.py
FRONT_BLOCKS, FRONT_LAYERS = 3, 5  # num_blocks, num_layers_per_block
ENCODER_LAYERS, ENCODER_KERNEL = 6, 31  # TransformerASR.py, num_encoder_layers, kernel_size
CRDNN_BLOCKS, CRDNN_KERNEL = 2, [3, 3]  # CRDNN.py, cnn_blocks, cnn_kernelsize
CRDNN_POOLING, CRDNN_TIME, CRDNN_RNN = [2, 2], 2, 4  # inter_layer_pooling_size, time_pooling_size, rnn_layers
RESNET_BLOCKS = [3, 4, 6, 3]  # ResNet.py, block_sizes
ENHANCER_BLOCKS = [128, 128, 256, 256, 512, 512]  # EnhanceResnet.py, channel_counts
CONTEXT_BLOCKS, CONTEXT_LAYERS, CONTEXT_KERNEL = 21, 5, 3  # ContextNet.py, num_blocks, num_layers, kernel_size
CONTEXT_STRIDED = (2, 6, 13)  # ContextNet.py: the blocks of stride 2 where no strides are given
CONTEXT_SHORTCUT = 3  # ContextNet.py, ContextNetBlock: reduced_cov
MASK_LAYERS = 8  # TransformerSE.py, num_layers
GENERATOR_LAYERS = 2  # MetricGAN.py and MetricGAN_U.py, EnhancementGenerator: num_layers
CNN14_BLOCKS = 5  # Cnn14.py: blocks that halve both axes; a sixth does not
LATENT_KERNELS, LATENT_STRIDES = [11, 3, 3, 3, 3, 3, 3], [5, 2, 2, 2, 2, 2, 2]  # wav2vec.py, W2VLatentExtractor


# -- convolutional front end --------------------------------------------------------------------------------------


def front_end(place: Cursor, *, causal: bool | None = None) -> list[Stage]:
    """ConvolutionFrontEnd: blocks of convolutions, the last of each with the stride.

    ``causal`` asks for the padding that causal padding should have been: two-dimensional convolutions pad the frequency.
    """
    count = layers(place["num_blocks"], FRONT_BLOCKS).value
    lists = {key: _along_time(place[key], default, count) for key, default in FRONT_END.items()}
    depth, padding = layers(place["num_layers_per_block"], FRONT_LAYERS).value, place["padding"].str("same").value
    shortcuts = place["residuals"].value
    stages = []
    for i, (kernel, stride, dilation) in enumerate(zip(*lists.values(), strict=True)):
        convs = [_padded(kernel, stride if j == depth - 1 else 1, dilation, padding, causal) for j in range(depth)]
        beside = not isinstance(shortcuts, list) or (i < len(shortcuts) and shortcuts[i] is True)
        layer = Parallel((Chain(tuple(convs)), Conv(1, stride))) if beside else Chain(tuple(convs))
        stages.append(
            Stage(f"convblock_{i}", layer, place["strides"].where if place["strides"].exists else place.where)
        )
    return stages


def _along_time(place: Cursor, default: list[int], count: int) -> list[int]:
    """One size a block; of a pair the last is that of time. Entries past the last block are ignored."""
    entries = list(place) if place.is_list() else []
    found = [along_time(entry, 1) for entry in entries[:count]] if place.exists else default[:count]
    if len(found) < count:
        raise NotComputable(f"`{place.key}` has {len(found)} entries for {count} blocks", place.where)
    return found


def _padded(kernel: int, stride: int, dilation: int, padding: str, causal: bool | None) -> Conv:
    if padding == "same":
        return same(kernel, stride, dilation)
    meant = padding == "causal" and causal
    return Conv(kernel, stride, dilation, (dilation * (kernel - 1) if meant else 0, 0))


def shorter_lists(place: Cursor) -> list[tuple[Cursor, Value[int]]]:
    """Lists with fewer entries than blocks, which end in an IndexError."""
    count = place["num_blocks"].int(FRONT_BLOCKS)
    lists = [place[key] for key in (*FRONT_END, "residuals", "out_channels") if place[key].is_list()]
    return [(entry, count) for entry in lists if len(list(entry)) < count.value]


# -- attention ----------------------------------------------------------------------------------------------------


def transformer(place: Cursor) -> list[Stage]:
    """TransformerASR and TransformerST: Conformer layers are causal unless told otherwise; there may be no encoder."""
    if place["num_encoder_layers"].value == 0:
        return []
    count = layers(place["num_encoder_layers"], ENCODER_LAYERS)
    kind, kernel = place["encoder_module"].str("transformer").value, positive(place["kernel_size"].int(ENCODER_KERNEL))
    if kind == "conformer":
        layer = block(attention(), depthwise(kernel.value, is_causal=place["causal"].bool(True).value))
    elif kind == "branchformer":
        layer = block(branches(attention(), kernel.value))
    elif kind == "transformer":
        layer = block(attention())
    else:
        raise NotComputable(f"the encoder `{kind}` is not known", place["encoder_module"].where)
    return repeated("encoder", layer, count.value, kernel.where or count.where)


# -- recurrent and convolutional ----------------------------------------------------------------------------------


def crdnn(place: Cursor) -> list[Stage]:
    """Pairs of convolutions, poolings, recurrent layers; time is pooled between blocks only by 2-D pooling."""
    kernel, count = along_time(place["cnn_kernelsize"], CRDNN_KERNEL), place["cnn_blocks"].int(CRDNN_BLOCKS)
    planar = place["using_2d_pooling"].bool(False).value
    pools = place["inter_layer_pooling_size"].ints(CRDNN_POOLING).value if planar else []
    where = place["cnn_kernelsize"].where if place["cnn_kernelsize"].exists else place.where
    stages = []
    for i, size in zip_longest(range(count.value and layers(place["cnn_blocks"], CRDNN_BLOCKS).value), pools):
        if i is not None:
            pooling: list[Layer] = [pool(positive(Value(size, where)).value)] if size else []
            stages.append(Stage(f"CNN.{i}", Chain((same(kernel), same(kernel), *pooling)), where))
    if place["time_pooling"].bool(False).value:
        size = positive(place["time_pooling_size"].int(CRDNN_TIME))
        stages.append(Stage("time_pooling", pool(size.value), size.where or place["time_pooling"].where))
    both = place["rnn_bidirectional"].bool(True).value
    rnn = place["rnn_layers"].int(CRDNN_RNN)
    depth = layers(place["rnn_layers"], CRDNN_RNN).value if rnn.value else 0
    return stages + recurrent(Value("rnn"), both, depth, rnn.where)


def contextnet(place: Cursor) -> list[Stage]:
    """ContextNet: blocks of convolutions, the last of each with the stride, weighted by a mean over the utterance."""
    count, depth = layers(place["num_blocks"], CONTEXT_BLOCKS).value, layers(place["num_layers"], CONTEXT_LAYERS).value
    kernel = positive(place["kernel_size"].int(CONTEXT_KERNEL)).value
    given = place["strides"].ints([2 if i in CONTEXT_STRIDED else 1 for i in range(max(count, CONTEXT_BLOCKS))])
    shortcuts = place["residuals"].value
    where = given.where or place.where
    if len(given.value) < count or (given.where is None and count <= CONTEXT_STRIDED[-1]):
        raise NotComputable(f"`strides` has no entry for each of {count} blocks", where)
    stages = [Stage("conv_start", same(kernel), where)]
    for i, stride in enumerate(given.value[:count]):
        positive(Value(stride, given.where))
        convs = Chain((*(same(kernel),) * (depth - 1), same(kernel, stride), Mixer("squeeze-excite")))
        beside = not isinstance(shortcuts, list) or (i < len(shortcuts) and shortcuts[i] is True)
        layer = Parallel((convs, same(CONTEXT_SHORTCUT, stride))) if beside else convs
        stages.append(Stage(f"block_{i}", layer, where))
    return [*stages, Stage("conv_end", same(kernel), where)]


# -- sounds ---------------------------------------------------------------------------------------------------------


def cnn14(place: Cursor) -> list[Stage]:
    """Cnn14: pairs of convolutions of 3, an average over two by two behind all but the last, and means over the rest."""
    block = Chain((centred(3), centred(3)))
    halved = repeated("conv_block", Chain((block, pool(2))), CNN14_BLOCKS, place.where, 1)
    last = Stage(f"conv_block.{CNN14_BLOCKS + 1}", block, place.where)
    return [*halved, last, over_utterance("mean and maximum", place.where)]


def conv2d_encoder(place: Cursor) -> list[Stage]:
    """PIQ's Conv2dEncoder_v2: four convolutions of 4 that halve both axes, and a residual block of one of 3."""
    stages = repeated("conv", Conv(4, 2, 1, (1, 1)), 4, place.where, 1)
    return [*stages, Stage("resblock", residual(centred(3)), place.where)]


# -- speakers -----------------------------------------------------------------------------------------------------


def speaker(place: Cursor) -> list[Stage]:
    where = place.where
    if class_of(place) == "ECAPA_TDNN":
        kernels, dilations = sizes(place["kernel_sizes"], ECAPA_KERNELS), sizes(place["dilations"], ECAPA_DILATIONS)
        scale = layers(place["res2net_scale"], ECAPA_SCALE).value
        return reflected(ecapa(kernels.where or where, kernels.value, dilations.value, scale))
    if class_of(place) == "Xvector":
        kernels = sizes(place["tdnn_kernel_sizes"], XVECTOR_KERNELS)
        dilations = sizes(place["tdnn_dilations"], XVECTOR_DILATIONS)
        return reflected(xvector(kernels.where or where, kernels.value, dilations.value, padded=True))
    blocks, strides = sizes(place["block_sizes"], RESNET_BLOCKS, MOST_LAYERS), sizes(place["strides"], RESNET_STRIDES)
    return resnet(strides.where or where, blocks.value, gated_block("squeeze-excite"), strides.value)


# -- enhancement --------------------------------------------------------------------------------------------------


def enhancer(place: Cursor) -> list[Stage]:
    """EnhanceResnet: blocks of three convolutions of 3 that halve the frequency axis alone."""
    counts = sizes(place["channel_counts"], ENHANCER_BLOCKS)
    layer = Chain((centred(3), gated_block("squeeze-excite")(1)))
    return repeated("CNN", layer, len(counts.value), counts.where or place.where)


def mask_transformer(place: Cursor) -> list[Stage]:
    """CNNTransformerSE: a container of convolutions, and attention over what came before, or over all."""
    before = place["custom_emb_module"]
    stages = container(before) if before.is_mapping() else []
    if not before.is_mapping() and before.value is not None and before.exists:
        raise NotComputable(f"`{before.key}` is made elsewhere", before.where)
    layer = block(attention(None, 0 if place["causal"].bool(True).value else None))
    count = layers(place["num_layers"], MASK_LAYERS)
    return [*stages, *repeated("encoder", layer, count.value, count.where or place.where)]


def mask_generator(place: Cursor) -> list[Stage]:
    """MetricGAN's generator: LSTM both ways."""
    count = layers(place["num_layers"], GENERATOR_LAYERS)
    return recurrent(Value("lstm"), True, count.value, count.where or place.where)


# -- waveform -----------------------------------------------------------------------------------------------------


def latent_extractor(place: Cursor) -> list[Stage]:
    """Unpadded convolutions over the waveform."""
    kernels, strides = sizes(place["kernel_sizes"], LATENT_KERNELS), sizes(place["strides"], LATENT_STRIDES)
    pairs = zip(kernels.value, strides.value, strict=False)
    where = strides.where or kernels.where or place.where
    return [Stage(f"latent_extractor.{i}", Conv(k, s), where) for i, (k, s) in enumerate(pairs)]


def segan(place: Cursor) -> list[Stage]:
    """SEGAN's encoder: eleven convolutions of stride 2, padded by half the kernel."""
    kernel = positive(place["kernel_size"].int())
    layer = Conv(kernel.value, 2, 1, (kernel.value // 2,) * 2)
    return repeated("encoder", layer, SEGAN_LAYERS, kernel.where)


SEGAN_LAYERS = 11  # lobes/models/segan_model.py, Generator: EncodeLayers

RECURRENT_NETWORKS = ("EnhancementGenerator",)  # without convolutions
SPEAKERS = ("ECAPA_TDNN", "Xvector", "ResNet")
FRAME_NETWORKS: dict[str, Callable[[Cursor], list[Stage]]] = {
    "CRDNN": crdnn,
    "ContextNet": contextnet,
    "EnhanceResnet": enhancer,
    "CNNTransformerSE": mask_transformer,
    "EnhancementGenerator": mask_generator,
    "Cnn14": cnn14,
    "Conv2dEncoder_v2": conv2d_encoder,
    **dict.fromkeys(SPEAKERS, speaker),
}
