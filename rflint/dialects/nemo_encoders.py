"""NeMo's encoders by class: what each puts on top of the frames, and what it declares about itself."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple, cast

from rflint.coverage import Conv, Layer, Mixer, centred, residual
from rflint.dialects import jasper as blocks
from rflint.dialects.asr_frontend import MOST_LAYERS, layers, positive, tie
from rflint.dialects.nemo_conformer import (
    SQUEEZEFORMER_SUBSAMPLING,
    SUBSAMPLING,
    conformer,
    recurrent,
    reduction_factor,
    squeezeformer,
    stem,
)
from rflint.dialects.nemo_frontend import class_of
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Outcome, Stage, Tie, declared

# Wav2VecTransformerEncoder has no default for the kernel of its positional convolution.
_RECURRENT = ("lstm", "gru", "rnn")
_FACTOR = "time stamps, streaming chunks and label lengths are made with the declared factor"


class Encoder(NamedTuple):
    """An encoder over frames: its stages, its factors, and whether they stand on top of a trained frame encoder."""

    stages: tuple[Stage, ...]
    factors: tuple[Factor, ...] = ()
    is_context: bool = False


def kind_of(encoder: Cursor) -> str:
    """The class by `_target_`, adapters like their originals; else by the keys that only it has."""
    name = class_of(encoder).removesuffix("Adapter")
    if name:
        return name
    if encoder["jasper"].is_list():
        return "ConvASREncoder"
    if encoder.has("filters", "kernel_sizes"):
        return "ECAPAEncoder"
    if encoder["rnn_type"].value in _RECURRENT:
        return "RNNEncoder"
    return "SqueezeformerEncoder" if encoder["time_reduce_idx"].exists else "ConformerEncoder"


def read_encoder(model: Model, encoder: Cursor, hop: Value[int] | None, stack: str = "encoder") -> Encoder:
    """The encoder of a section; ``hop`` is the frame step before it (samples), where it is known, ``stack`` its role.

    Raises:
        NotComputable: its class is not known, or a number that matters is missing.
    """
    kind = kind_of(encoder)
    if kind in ("ConvASREncoder", "ParallelConvASREncoder"):
        return _jasper(model, encoder, parallel=kind.startswith("Parallel"))
    if kind == "ECAPAEncoder":
        return Encoder(tuple(_ecapa(model, encoder)))
    if kind == "Wav2VecTransformerEncoder":
        return Encoder(tuple(_wav2vec(encoder)), is_context=True)
    if kind == "ConformerMultiLayerFeatureExtractor":
        return read_encoder(model, encoder["encoder"], hop, stack)
    if kind in ("ConformerEncoder", "SqueezeformerEncoder", "RNNEncoder"):
        return _subsampled(model, encoder, kind, hop, stack)
    raise NotComputable(f"encoders of class {kind} are not known", encoder.where)


# -- convolutional encoders ---------------------------------------------------------------------------------------


def _jasper(model: Model, encoder: Cursor, *, parallel: bool) -> Encoder:
    found = blocks.read_blocks(encoder["jasper"], parallel=parallel)
    for block in found:
        block.state(model)
    stages = blocks.stages(found)
    norm = encoder["normalization_mode"]
    if norm.given and norm.value != "batch":
        stages.append(Stage("normalization", Mixer("norm over time"), norm.where))
    strides = tuple(block.factor for block in found if block.factor > 1)
    return Encoder(tuple(stages), (Factor("stride", strides, encoder["jasper"].where),) if strides else ())


def _ecapa(model: Model, encoder: Cursor) -> list[Stage]:
    """TDNN, SE-TDNN with a shortcut for each filter but the first and the last, and the aggregation (ECAPAEncoder)."""
    filters, kernels, dilations = (encoder[key].ints() for key in ("filters", "kernel_sizes", "dilations"))
    for other in (kernels, dilations):
        because = "ECAPAEncoder takes one kernel and one dilation a filter"
        model.ties.append(Tie("lists", "same length", _any(other), _any(filters), "crash", because))
    count = len(filters.value)
    if not 2 <= count <= min(len(kernels.value), len(dilations.value), MOST_LAYERS):
        raise NotComputable("a kernel or dilation is missing", filters.where)
    order = [*range(count - 1), -1]
    convolutions = [_tdnn(kernels.value[i], dilations.value[i], encoder) for i in order]
    inner = [residual(layer, Mixer("squeeze-excite")) for layer in convolutions[1:-1]]
    places = [encoder["kernel_sizes"][i].where for i in order]
    return [
        Stage(f"layers.{i}", layer, place)
        for i, (layer, place) in enumerate(zip((convolutions[0], *inner, convolutions[-1]), places, strict=True))
    ]


def _tdnn(kernel: int, dilation: int, encoder: Cursor) -> Layer:
    kernel, dilation = (positive(Value(number, encoder.where)).value for number in (kernel, dilation))
    return centred(kernel, 1, dilation)


def _any(value: Value[list[int]]) -> Value[object]:
    return cast(Value[object], value)


def _wav2vec(encoder: Cursor) -> list[Stage]:
    """A positional convolution that loses its last output when even (SamePad), then attention."""
    kernel = positive(encoder.at("pos_embed", "conv_pos").int())
    depth = encoder.at("transformer", "num_layers")
    layers(depth)
    left = kernel.value // 2
    return [
        Stage("pos_embed", Conv(kernel.value, 1, 1, (left, kernel.value - 1 - left)), kernel.where),
        Stage("transformer", Mixer("self-attention"), depth.where),
    ]


# -- encoders with a stem -----------------------------------------------------------------------------------------


def _subsampled(model: Model, encoder: Cursor, kind: str, hop: Value[int] | None, stack: str) -> Encoder:
    squeezed = kind == "SqueezeformerEncoder"
    before = stem(encoder, SQUEEZEFORMER_SUBSAMPLING if squeezed else SUBSAMPLING)
    after = {"ConformerEncoder": conformer, "SqueezeformerEncoder": squeezeformer, "RNNEncoder": recurrent}[kind](
        encoder
    )
    reduced = reduction_factor(encoder) if kind == "ConformerEncoder" else 1
    _factor(model, before.declared, before.made, reduced, hop, stack)
    factors = [Factor("subsampling_factor", (before.made,), before.declared.where)]
    if reduced > 1:
        factors.append(Factor("reduction_factor", (reduced,), encoder["reduction_factor"].where))
    return Encoder((*before.stages, *after), tuple(factors))


def _factor(model: Model, factor: Value[int], made: int, reduced: int, hop: Value[int] | None, stack: str) -> None:
    """The declared factor against the layers: 6 builds 4, without a subsampling nothing is built."""
    outcome: Outcome = "crash" if factor.value % 2 and factor.value > 1 and made > 1 else "silent"
    if factor.where is None:
        return
    if hop is None:
        tie(model, "subsampling", "equal", factor, Value(made, None, "derived"), outcome, _FACTOR)
        return
    step = Fraction(factor.value * reduced * hop.value)
    claim = declared("frame_step", factor, "samples", stack=stack, outcome=outcome, because=_FACTOR, amount=step)
    model.claims.append(claim._replace(topic="subsampling"))
