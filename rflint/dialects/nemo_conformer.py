"""NeMo's Conformer, FastConformer, Squeezeformer and RNN encoders on top of frames.

Source: nemo/collections/asr/modules/{conformer_encoder,squeezeformer_encoder,rnn_encoder}.py and
parts/submodules/{subsampling,conformer_modules}.py.
"""

from __future__ import annotations

from typing import NamedTuple

from rflint.coverage import Conv, Layer, Mixer, Parallel, Repeat, Sequence, nearest, pool, residual
from rflint.dialects.asr_frontend import (
    attention,
    block,
    chain,
    chunked_attention,
    layers,
    positive,
    stacked,
    vgg,
)
from rflint.documents import Cursor, NotComputable, Value, Where
from rflint.model import Stage

# ConformerEncoder.__init__
SUBSAMPLING, FACTOR = "striding", 4
CONV_KERNEL = 31
STYLE = "regular"
# SqueezeformerEncoder.__init__
SQUEEZEFORMER_SUBSAMPLING = "dw_striding"
REDUCTION_KERNEL, REDUCTION_STRIDE = 5, 2
REDUCTION_PADDING = (3, 1)  # TimeReductionModule pads kernel - stride at both ends and drops what is longer than half

_OVER_TIME = ("instance_norm", "group_norm")


class Stem(NamedTuple):
    """The subsampling before the layers: its stages, the declared factor and the one that the layers make."""

    stages: tuple[Stage, ...]
    declared: Value[int]
    made: int


class Reach(NamedTuple):
    """How far self-attention looks in encoder frames, None without limit; with ``chunk`` the style is chunked."""

    left: int | None = None
    right: int | None = None
    chunk: int | None = None
    sizes: tuple[int, ...] = ()
    where: Where | None = None

    def mixer(self) -> Mixer:
        return attention(self.left, self.right) if self.chunk is None else chunked_attention(self.chunk, self.left)


# -- subsampling --------------------------------------------------------------------------------------------------


def stem(encoder: Cursor, default: str = SUBSAMPLING) -> Stem:
    """The subsampling of an encoder.

    A factor that is no power of two makes the next lower one: ``int(math.log(factor, 2))`` layers.
    """
    kind, factor = encoder["subsampling"], positive(encoder["subsampling_factor"].int(FACTOR))
    mode = default if not kind.exists else kind.value
    place = kind.where if kind.exists else factor.where
    if not mode or factor.value == 1:
        return Stem((), factor, 1)
    if not isinstance(mode, str):
        raise NotComputable("`subsampling` is no name", place)
    if mode in ("stacking", "stacking_norm"):
        return Stem((stacked("pre_encode", factor.value, place),), factor, factor.value)
    steps = factor.value.bit_length() - 1
    causal = encoder["causal_downsampling"].bool(False).value
    return Stem(tuple(_convolutions(mode, steps, causal, place)), factor, 1 << steps)


def _convolutions(mode: str, steps: int, causal: bool, place: Where | None) -> list[Stage]:
    """ConvSubsampling: ``steps`` layers of stride 2; causal ones pad kernel - 1 on the left and 1 on the right."""
    if mode == "vggnet":
        return vgg("pre_encode", steps, place)
    kernel = {"striding": 3, "dw_striding": 3, "striding_conv1d": 5, "dw_striding_conv1d": 5}.get(mode)
    if kernel is None:
        raise NotComputable(f"subsampling `{mode}` is not known", place)
    shifted = causal and mode != "dw_striding_conv1d"
    padding = (kernel - 1, 1) if shifted else ((kernel - 1) // 2,) * 2
    return chain("pre_encode", [(kernel, 2)] * steps, place, padding)


# -- attention ----------------------------------------------------------------------------------------------------


def reach(encoder: Cursor) -> Reach:
    """The limits of self-attention; of several contexts the first is that of inference.

    Raises:
        NotComputable: the contexts are not pairs of numbers.
    """
    cursor = encoder["att_context_size"]
    if not cursor.given or cursor.value == []:
        return Reach()
    pair = cursor[0] if cursor[0].is_list() else cursor
    sizes = pair.ints().value
    if len(sizes) != 2:
        raise NotComputable("`att_context_size` is no pair", pair.where)
    left, right = (size if size >= 0 else None for size in sizes)
    chunk: int | None = None
    if encoder["self_attention_model"].value == "rel_pos_local_attn":
        left, right = (None, None) if encoder["global_tokens"].int(0).value > 0 else (left, right)
    elif encoder["att_context_style"].str(STYLE).value == "chunked_limited" and right is not None:
        chunk, right = right + 1, 0
        left = None if left is None else left // chunk * chunk
    return Reach(left, right, chunk, tuple(sizes), pair.where)


def convolution(encoder: Cursor) -> Conv:
    """The depthwise convolution of a layer: symmetric, causal, or with the context given on both sides."""
    kernel, context = positive(encoder["conv_kernel_size"].int(CONV_KERNEL)).value, encoder["conv_context_size"]
    if context.value == "causal":
        return Conv(kernel, 1, 1, (kernel - 1, 0))
    if not context.given:
        return Conv(kernel, 1, 1, ((kernel - 1) // 2,) * 2)
    sides = context.ints().value
    if len(sides) != 2 or min(sides) < 0:
        raise NotComputable("`conv_context_size` is neither causal nor a pair", context.where)
    return Conv(kernel, 1, 1, (sides[0], sides[1]))


def _normed(encoder: Cursor, convolution: Layer) -> list[Layer]:
    norm = encoder["conv_norm_type"].value
    inner = [convolution, Mixer("norm over time")] if str(norm).startswith(_OVER_TIME) else [convolution]
    return [residual(*inner)]


# -- encoders -----------------------------------------------------------------------------------------------------


def conformer(encoder: Cursor) -> list[Stage]:
    """What follows the subsampling of a ConformerEncoder: attention and convolution in each layer, and a reduction."""
    count, where = layers(encoder["n_layers"]), encoder["n_layers"].where
    layer = block(reach(encoder).mixer(), *_normed(encoder, convolution(encoder)))
    reduced = _reduction(encoder)
    if reduced is None:
        return [Stage("layers", Repeat(count.value, layer), where)]
    position = encoder["reduction_position"].int()
    if not -1 <= position.value < count.value:
        raise NotComputable("`reduction_position` is no layer", position.where)
    before = count.value if position.value == -1 else position.value + 1
    after = [] if before == count.value else [Stage("layers after", Repeat(count.value - before, layer), where)]
    return [Stage("layers", Repeat(before, layer), where), *reduced, *after]


def reduction_factor(encoder: Cursor) -> int:
    """By how much the reduction between or behind the layers slows the frames, 1 without."""
    factor = positive(encoder["reduction_factor"].int(1)).value
    if not encoder["reduction"].given or not encoder["reduction"].value or factor == 1:
        return 1
    return factor if encoder["reduction"].value == "pooling" else 1 << (factor.bit_length() - 1)


def _reduction(encoder: Cursor) -> list[Stage] | None:
    factor, kind, where = reduction_factor(encoder), encoder["reduction"].value, encoder["reduction"].where
    if factor == 1:
        return None
    if kind == "pooling":
        return [Stage("reduction", pool(factor), where)]
    return chain("reduction", [(3, 2)] * (factor.bit_length() - 1), where, (1, 1))


def squeezeformer(encoder: Cursor) -> list[Stage]:
    """What follows the subsampling of a SqueezeformerEncoder: half the rate between two layers, where they are given."""
    count, where = layers(encoder["n_layers"]).value, encoder["n_layers"].where
    layer = block(reach(encoder).mixer(), *_normed(encoder, convolution(encoder)))
    if not encoder["time_reduce_idx"].given:
        return [Stage("layers", Repeat(count, layer), where)]
    start = encoder["time_reduce_idx"].int()
    stop = encoder["time_recovery_idx"].int(count - 1).value
    if not 0 <= start.value < count:
        raise NotComputable("`time_reduce_idx` is no layer", start.where)
    down = Conv(REDUCTION_KERNEL, REDUCTION_STRIDE, 1, REDUCTION_PADDING)
    before = [Stage("layers", Repeat(start.value, layer), where)] if start.value else []
    if not start.value < stop < count:
        return [
            *before,
            Stage("time_reduce", down, start.where),
            Stage("reduced", Repeat(count - start.value, layer), where),
        ]
    inner = Sequence((down, Repeat(stop - start.value, layer), nearest(REDUCTION_STRIDE)))
    half = Stage("reduced and recovered", Parallel((inner, Sequence())), start.where)
    return [*before, half, Stage("layers after", Repeat(count - stop, layer), where)]


def recurrent(encoder: Cursor) -> list[Stage]:
    """What follows the subsampling of an RNNEncoder."""
    both = encoder["bidirectional"]
    right = None if both.bool(True).value else 0
    name = str(encoder["rnn_type"].str("lstm").value).upper()
    count = layers(encoder["n_layers"]).value
    return [
        Stage("layers", Repeat(count, Mixer(name, None, right)), (both if both.exists else encoder["n_layers"]).where)
    ]
