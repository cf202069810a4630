"""TensorFlowASR's encoders over frames, of both generations of its configs.

Source: TensorSpeech/TensorFlowASR, tensorflow_asr/models/{encoders,layers,ctc,transducer}. The first generation (up to
version 1.0) pads "same" throughout.
"""

from __future__ import annotations

from typing import NamedTuple, cast

from rflint.coverage import Conv, Layer, Mixer, Parallel, Repeat, Same, Sequence, causal, residual
from rflint.dialects.asr_frontend import MOST_LAYERS, block, layers, positive, stacked
from rflint.documents import Cursor, NotComputable, Value, Where
from rflint.model import Factor, Model, Stage, Tie

# models/{ctc,transducer}/conformer.py and transformer.py
CONFORMER_BLOCKS, CONFORMER_KERNEL, TRANSFORMER_BLOCKS = 16, 31, 6
FIRST_GENERATION_KERNEL = 32
# layers/subsampling.py
CONV_KERNELS, CONV_STRIDES, VGG_KERNEL, VGG_POOL = (3, 3), (2, 2), 3, 2
# models/encoders/contextnet.py, ConvBlock
BLOCK_LAYERS, BLOCK_KERNEL = 3, 3
# models/ctc/jasper.py
JASPER_SUBBLOCKS, JASPER_KERNELS = 5, (11, 13, 17, 21, 25)
JASPER_EDGES = {"first": (11, 2, 1), "second": (1, 1, 2), "third": (1, 1, 1)}
# models/ctc/deepspeech2.py
DEEP_KERNELS, DEEP_STRIDES, DEEP_LAYERS = ((11, 41), (11, 21), (11, 21)), ((3, 2), (1, 2), (1, 2)), 5
# models/transducer/rnnt.py
RNNT_FACTORS, RNNT_LAYERS = (6, 0, 0, 0, 0, 0, 0, 0), 8

_LISTS = "the class asserts lists of one length"
_PADDINGS = ("causal", "same", "valid")


class Encoder(NamedTuple):
    """Stages over frames, and by what they slow them."""

    stages: list[Stage]
    factors: list[Factor]


def read_encoder(model: Model, kind: str, config: Cursor, *, first: bool) -> Encoder:
    """The encoder of a model class (lower case); ``first`` for the first generation.

    Raises:
        NotComputable: the class is not known, or a number that matters is missing.
    """
    if kind in ("conformer", "transformer"):
        return _attending(model, kind, config, first=first)
    if kind == "contextnet":
        return _contextnet(config, first=first)
    if kind == "jasper":
        return _jasper(model, config, first=first)
    if kind == "deepspeech2":
        return _deepspeech(model, config, first=first)
    if kind in ("rnntransducer", "rnn_transducer"):
        return _transducer(model, config, first=first)
    raise NotComputable(f"models of class {kind or 'unknown'} are not known", config.where)


def convolved(kernel: int, stride: int, dilation: int, padding: object, where: Where | None) -> Layer:
    """A Keras convolution by its padding."""
    kernel, stride, dilation = (positive(Value(number, where)).value for number in (kernel, stride, dilation))
    if padding == "causal":
        return causal(kernel, stride, dilation)
    if padding == "same":
        return Same(kernel, stride, dilation)
    if padding == "valid":
        return Conv(kernel, stride, dilation)
    raise NotComputable(f"padding `{padding}` is not known", where)


def _time(cursor: Cursor) -> int:
    """A size along time: a number, or the first of [time, frequency]."""
    return positive((cursor[0] if cursor.is_list() else cursor).int()).value


def _strides(stages: list[Stage], cursor: Cursor, key: str) -> list[Factor]:
    terms = tuple(int(stage.layer.step) for stage in stages if stage.layer.step > 1)
    return [Factor(key, terms, cursor.where if cursor.exists else None)] if terms else []


def _equal(model: Model, *lists: Cursor) -> None:
    given = [(Value(cast("list[object]", c.value), c.where)) for c in lists if c.is_list()]
    for other in given[1:]:
        left, right = cast("Value[object]", given[0]), cast("Value[object]", other)
        model.ties.append(Tie("lists", "same length", left, right, "crash", _LISTS))


# -- Conformer, Transformer ---------------------------------------------------------------------------------------


def _attending(model: Model, kind: str, config: Cursor, *, first: bool) -> Encoder:
    stem, blocks, width = _named(config, "subsampling"), _named(config, "num_blocks"), _named(config, "kernel_size")
    before = _subsampling(model, stem, first=first)
    count = layers(blocks, CONFORMER_BLOCKS if kind == "conformer" else TRANSFORMER_BLOCKS)
    inner: list[Layer] = [attention_of(config)]
    if kind == "conformer":
        kernel = width.int(FIRST_GENERATION_KERNEL if first else CONFORMER_KERNEL)
        padding = "same" if first else config["encoder_padding"].str("causal").value
        inner.append(residual(convolved(kernel.value, 1, 1, padding, kernel.where)))
    after = Stage("blocks", Repeat(count.value, block(*inner)), blocks.where if blocks.exists else config.where)
    return Encoder([*before, after], _strides(before, stem, stem.key))


def _named(config: Cursor, key: str) -> Cursor:
    """A key of the encoder; the first configs write it without ``encoder_`` (models/conformer.py before 0.4)."""
    plain = config[key]
    return plain if plain.exists and not config[f"encoder_{key}"].exists else config[f"encoder_{key}"]


def attention_of(config: Cursor) -> Mixer:
    """Full attention, or chunks with a history before them where both are given (layers/multihead_attention.py)."""
    chunk, history = config["encoder_chunk_size"], config["encoder_history_size"]
    ahead = 0 if config["encoder_use_attention_causal_mask"].value is True else None
    if not chunk.given or not history.given:
        return Mixer("self-attention", None, ahead)
    size, before = positive(chunk.int(), MOST_LAYERS).value, history.int().value
    if ahead is None:
        return Mixer("self-attention", before if before >= 0 else None, 0, size)
    return Mixer("self-attention", before + size - 1 if before >= 0 else None, 0)


def _subsampling(model: Model, cursor: Cursor, *, first: bool) -> list[Stage]:
    if not cursor.is_mapping():
        raise NotComputable("`encoder_subsampling` is missing", cursor.where)
    named = cursor["class_name"].value
    config = cursor["config"] if cursor["config"].is_mapping() else cursor
    kind = named.rpartition(">")[2].lower() if isinstance(named, str) else cursor["type"].str("conv2d").value
    if "vgg" in kind:
        return _vgg(config, first=first)
    if first:
        kernel, stride = _time_or(config["kernel_size"], 3), _time_or(config["strides"], 2)
        return [Stage(f"encoder_subsampling.{i}", Same(kernel, stride), cursor.where) for i in range(2)]
    return _conv2d(model, config)


def _time_or(cursor: Cursor, default: int) -> int:
    return _time(cursor) if cursor.given else default


def _conv2d(model: Model, config: Cursor) -> list[Stage]:
    keys = ("filters", "kernels", "strides", "paddings", "norms", "activations")
    _equal(model, *(config[key] for key in keys))
    count = len(list(config["filters"])) if config["filters"].is_list() else 2
    stages = []
    for i in range(min(count, MOST_LAYERS)):
        kernel, stride = config["kernels"], config["strides"]
        size = _time(kernel[i]) if kernel.exists else CONV_KERNELS[i % 2]
        step = _time(stride[i]) if stride.exists else CONV_STRIDES[i % 2]
        padding = config["paddings"][i].str().value if config["paddings"].exists else "causal"
        place = (kernel[i] if kernel.exists else config).where
        stages.append(Stage(f"encoder_subsampling.{i}", convolved(size, step, 1, padding, place), place))
    return stages


def _vgg(config: Cursor, *, first: bool) -> list[Stage]:
    kernel = _time_or(config["kernel_size"], VGG_KERNEL)
    pool = _time_or(config["strides"] if first else config["pool_size"], VGG_POOL)
    stride = _time_or(config["strides"], VGG_POOL)
    padding = "same" if first else config["padding"].str("same").value
    convolution = convolved(kernel, 1, 1, padding, config.where)
    inner = Sequence((convolution, convolution, Same(pool, stride, kind="pool")))
    return [Stage(f"encoder_subsampling.{i}", inner, config.where) for i in range(2)]


# -- convolutional encoders ---------------------------------------------------------------------------------------


def _contextnet(config: Cursor, *, first: bool) -> Encoder:
    blocks = config["encoder_blocks"]
    if not blocks.is_list():
        raise NotComputable("`encoder_blocks` is no list", blocks.where)
    stages = [
        Stage(f"encoder_blocks.{i}", _context_block(item, first=first), _place(item)) for i, item in enumerate(blocks)
    ]
    return Encoder(stages, _strides(stages, blocks, "strides"))


def _place(item: Cursor) -> Where:
    return item["kernel_size"].where if item["kernel_size"].exists else item.where


def _context_block(item: Cursor, *, first: bool) -> Layer:
    """nlayers convolutions, the last one strided, the squeeze-excite module's own, and one beside them (ConvBlock)."""
    count, kernel = layers(item["nlayers"], BLOCK_LAYERS).value, positive(item["kernel_size"].int(BLOCK_KERNEL)).value
    stride = positive(item["strides"].int(1)).value
    padding = "same" if first else item["padding"].str("causal").value
    plain = convolved(kernel, 1, 1, padding, item.where)
    strided = convolved(kernel, stride, 1, padding, item.where)
    inner = Sequence((Repeat(count - 1, plain), strided, plain, Mixer("squeeze-excite")))
    return Parallel((inner, strided)) if item["residual"].bool(True).value else inner


def _jasper(model: Model, config: Cursor, *, first: bool) -> Encoder:
    padding = "same" if first else config["padding"].str("causal").value
    kernels, where = config["block_kernels"].ints(list(JASPER_KERNELS)), config["block_kernels"].where
    _equal(model, config["block_channels"], config["block_kernels"], config["block_dropout"])
    count = layers(config["nsubblocks"], JASPER_SUBBLOCKS).value
    stages = [_edge(config, "first", padding)]
    for i, kernel in enumerate(kernels.value):
        plain = convolved(kernel, 1, 1, padding, where)
        last = plain if first else convolved(kernel, 1, 1, "causal", where)
        inner = residual(Repeat(count - 1, plain), last)
        stages.append(Stage(f"block_kernels.{i}", inner, where if kernels.where else config.where))
    stages += [_edge(config, "second", padding), _edge(config, "third", padding)]
    return Encoder(stages, _strides(stages, config["first_additional_block_strides"], "strides"))


def _edge(config: Cursor, name: str, padding: object) -> Stage:
    keys = [config[f"{name}_additional_block_{part}"] for part in ("kernels", "strides", "dilation")]
    kernel, stride, dilation = (
        positive(cursor.int(default)).value for cursor, default in zip(keys, JASPER_EDGES[name], strict=True)
    )
    where = keys[0].where if keys[0].exists else config.where
    return Stage(f"{name}_additional_block", convolved(kernel, stride, dilation, padding, where), where)


# -- recurrent encoders -------------------------------------------------------------------------------------------


def _deepspeech(model: Model, config: Cursor, *, first: bool) -> Encoder:
    kernels, strides = config["conv_kernels"], config["conv_strides"]
    _equal(model, kernels, strides, config["conv_filters"])
    padding = "same" if first else config["conv_padding"].str("same").value
    sizes = [_time(item) for item in kernels] if kernels.is_list() else [size for size, _ in DEEP_KERNELS]
    steps = [_time(item) for item in strides] if strides.is_list() else [step for step, _ in DEEP_STRIDES]
    places = [item.where for item in kernels] if kernels.is_list() else [config.where] * len(sizes)
    convolutions = [
        Stage(f"conv_kernels.{i}", convolved(size, step, 1, padding, place), place)
        for i, (size, step, place) in enumerate(zip(sizes, steps, places, strict=False))
    ]
    factors = _strides(convolutions, strides, "conv_strides")
    return Encoder([*convolutions, _recurrent(config)], factors)


def _recurrent(config: Cursor) -> Stage:
    """Recurrent layers; a row convolution after forward ones, which looks back whatever its name says (RowConv1D)."""
    both = config["rnn_bidirectional"].bool(True).value
    width = 0 if both else config["rnn_rowconv"].int(0).value
    inner: list[Layer] = [Mixer(str(config["rnn_type"].str("lstm").value).upper(), None, None if both else 0)]
    if width > 0:
        inner.append(causal(2 * width + 1))
    count = layers(config["rnn_nlayers"], DEEP_LAYERS).value
    where = config["rnn_nlayers"].where if config["rnn_nlayers"].exists else config.where
    return Stage("rnn", Repeat(count, block(*inner)), where)


def _transducer(model: Model, config: Cursor, *, first: bool) -> Encoder:
    factors = _reductions(config) if first else config["encoder_reduction_factors"].ints(list(RNNT_FACTORS)).value
    listed = config["encoder_reduction_factors"]
    count = layers(config["encoder_nlayers"], RNNT_LAYERS)
    for cursor in (listed, config["encoder_reduction_positions"]):
        if cursor.is_list():
            given: Value[object] = Value(cast("list[object]", cursor.value), cursor.where)
            wanted = cast("Value[object]", count)
            model.ties.append(
                Tie("lists", "same length", given, wanted, "crash", "one reduction a layer, or an assertion fails")
            )
    where = (listed if listed.exists else config).where
    reducing = [factor for factor in factors if factor > 1]
    stages = [
        stacked(f"reduction.{i}", positive(Value(factor, where)).value, where) for i, factor in enumerate(reducing)
    ]
    rnn = Mixer(str(config["encoder_rnn_type"].str("lstm").value).upper(), None, 0)
    last = Stage("rnn", Repeat(count.value, rnn), where)
    return Encoder([*stages, last], [Factor("encoder_reduction_factors", tuple(reducing), where)] if reducing else [])


def _reductions(config: Cursor) -> list[int]:
    """``encoder_reductions: {0: 3, 1: 2}`` of the first generation: factor by layer."""
    value = config["encoder_reductions"].value if config["encoder_reductions"].exists else {0: 3, 1: 2}
    if not isinstance(value, dict) or not all(isinstance(factor, int) for factor in value.values()):
        raise NotComputable("`encoder_reductions` is no mapping of factors", config["encoder_reductions"].where)
    return list(value.values())
