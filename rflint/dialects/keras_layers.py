"""Keras layers of one dimension, or of two along one of them, as every generation of Keras writes them to JSON.

Sources: keras-team/keras, keras/src/layers/{convolutional,pooling,reshaping,rnn}; Keras 1.1 by its saved models.
"""

from __future__ import annotations

from collections.abc import Callable

from rflint.coverage import Conv, Layer, Mixer, Same, causal, crop, nearest, pad, transposed, transposed_same
from rflint.dialects.asr_frontend import positive
from rflint.documents import Cursor, NotComputable, Value

# keras/src/layers: strides, dilation_rate; pool_size; size; cropping and padding
STRIDE, DILATION, POOL, UP, EDGE = 1, 1, 2, 2, 1

CONVOLUTIONS = ("Conv1D", "Convolution1D", "AtrousConvolution1D", "SeparableConv1D", "DepthwiseConv1D",
                "LocallyConnected1D")  # fmt: skip
POOLINGS = ("MaxPooling1D", "AveragePooling1D", "MaxPool1D", "AvgPool1D")
RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "CuDNNLSTM", "CuDNNGRU", "ConvLSTM1D")
MERGES = ("Add", "Concatenate", "Multiply", "Average", "Maximum", "Minimum", "Subtract", "Merge")
COLLAPSING = ("Flatten", "GlobalMaxPooling1D", "GlobalAveragePooling1D", "GlobalMaxPool1D", "GlobalAvgPool1D",
              "GlobalMaxPooling2D", "GlobalAveragePooling2D")  # fmt: skip
POINTWISE = (
    "InputLayer", "Activation", "BatchNormalization", "LayerNormalization", "UnitNormalization", "Normalization",
    "Dropout", "SpatialDropout1D", "SpatialDropout2D", "AlphaDropout", "GaussianNoise", "GaussianDropout",
    "ActivityRegularization", "Dense", "TimeDistributedDense", "EinsumDense", "Embedding", "Masking", "Rescaling",
    "ReLU", "LeakyReLU", "PReLU", "ELU", "ThresholdedReLU", "Softmax", "GELU", "Swish", "SReLU", "StochasticShift",
    "StochasticReverseComplement", "Highway", "MaxoutDense",
)  # fmt: skip
TEMPORAL = (*CONVOLUTIONS, *POOLINGS, "Conv1DTranspose", "UpSampling1D", "Cropping1D", "ZeroPadding1D")
PLANE = tuple(name.replace("1D", "2D") for name in TEMPORAL)
"""Layers of two dimensions: which of them is time is not in the file."""


def number(place: Cursor, index: int | None, default: int | None = None) -> Value[int]:
    """A number for all dimensions, or that of one in a list.

    Raises:
        NotComputable: it is none.
    """
    place = place[index or 0] if place.is_list() else place
    return positive(place.int() if default is None else place.int(default))


def layer_of(name: str, config: Cursor, index: int | None = None) -> Layer:
    """What a layer does along time: its only dimension, or of two the one of that index. Raises `NotComputable`."""
    name = name.replace("2D", "1D")
    if name in CONVOLUTIONS:
        return _convolution(config, index)
    if name in POOLINGS:
        size = number(config.first("pool_size", "pool_length"), index, POOL).value
        stride = number(config.first("strides", "stride"), index, size).value
        return Same(size, stride, kind="pool") if _padding(config) == "same" else Conv(size, stride, kind="pool")
    return _SHAPING[name](config, index)


def _padding(config: Cursor) -> str:
    return config.first("padding", "border_mode").str("valid").value


def _convolution(config: Cursor, index: int | None) -> Layer:
    kernel = number(config.first("kernel_size", "filter_length"), index).value
    stride = number(config.first("strides", "subsample_length"), index, STRIDE).value
    dilation = number(config.first("dilation_rate", "atrous_rate"), index, DILATION).value
    padding = _padding(config)
    if padding == "causal":
        return causal(kernel, stride, dilation)
    return Same(kernel, stride, dilation) if padding == "same" else Conv(kernel, stride, dilation)


def _transposed(config: Cursor, index: int | None) -> Layer:
    kernel, stride = number(config["kernel_size"], index).value, number(config["strides"], index, STRIDE).value
    if config["output_padding"].given:
        raise NotComputable("output padding is not read", config["output_padding"].where)
    return transposed_same(kernel, stride) if _padding(config) == "same" else transposed(kernel, stride)


def _edges(place: Cursor, index: int | None) -> tuple[int, int]:
    """What is added or cut before and after; of two dimensions a number or a pair for each."""
    if index is not None and place.is_list():
        place = place[index]
    if not place.is_list():
        both = place.int(EDGE).value
        return both, both
    two = place.ints().value
    if len(two) != 2 or min(two) < 0:
        raise NotComputable(f"`{place.key}` is no pair", place.where)
    return two[0], two[1]


_SHAPING: dict[str, Callable[[Cursor, int | None], Layer]] = {
    "Conv1DTranspose": _transposed,
    "UpSampling1D": lambda config, index: nearest(number(config.first("size", "length"), index, UP).value),
    "Cropping1D": lambda config, index: crop(*_edges(config["cropping"], index)),
    "ZeroPadding1D": lambda config, index: pad(*_edges(config["padding"], index)),
}


def recurrence(name: str, config: Cursor) -> tuple[Mixer, bool] | None:
    """A recurrent layer, alone or both ways, and whether it gives every position on; None for another layer."""
    both = name == "Bidirectional"
    inner = config["layer"] if both else None
    if inner is not None:
        name, config = inner["class_name"].str("").value, inner["config"]
    if name not in RECURRENT:
        return None
    mixer = Mixer(name, None, None if both or config["go_backwards"].bool(False).value else 0)
    return mixer, config["return_sequences"].bool(False).value
