"""fairseq's encoders over the waveform, and the layers on top of them."""

from __future__ import annotations

from collections.abc import Sequence

from rflint.coverage import (
    Conv,
    Layer,
    Mixer,
    Parallel,
    Sequence as Chain,
    Transposed,
    centred,
    decimate,
    nearest,
    same,
)
from rflint.dialects.fairseq_task import Job
from rflint.dialects.waveform import (
    ATTENTION,
    WAV2VEC,
    WAV2VEC2,
    Layers,
    convolutions,
    depthwise,
    extractor,
    positional,
    read_triples,
    text,
)
from rflint.documents import NotComputable, Value
from rflint.model import Model, Stack, Stage, Tie

AGGREGATOR: list[list[int]] = [[512, kernel, 1] for kernel in range(2, 14)]
"""fairseq/models/wav2vec/wav2vec.py, conv_aggregator_layers."""
SINC: list[list[int]] = [[63, 125, 1], [512, 10, 5], *[[512, 3, 2]] * 3, [512, 3, 1], *[[512, 2, 1]] * 2]
"""livingingroups/animal2vec nn/audio_tasks.py, conv_feature_layers."""
CONV_POS, POS_DEPTH, DEPTHWISE, BLOCKS = 128, 1, 31, 12
"""wav2vec2.py: conv_pos, pos_conv_depth, depthwise_conv_kernel_size, encoder_layers."""
CONV_POS_WIDTH, CONV_POS_DEPTH = 95, 5
"""examples/data2vec/models/modalities/audio.py."""
ADAPTER_KERNEL, MOST_RESOLUTIONS = 7, 16
"""fairseq/models/multires_hubert/multires_hubert.py, conv_adapator_kernal (its spelling)."""


def _encoder(model: Model, job: Job, layers: Layers, stages: Sequence[Stage]) -> Stack:
    """The encoder's stack, with what task and model expect of it."""
    rate = model.sample_rate.value if model.sample_rate and job.frame_rate() is None else None
    stack = Stack("encoder", "feature_extractor", stages, input_rate=rate, factors=layers.factors)
    model.stacks.append(stack)
    job.state(model, layers, stack)
    return stack


def _on_top(model: Model, below: Stack, name: str, stages: Sequence[Stage], layers: Layers | None = None) -> None:
    """A stack over the encoder's own stages."""
    factors = [*below.factors, *(layers.factors if layers else ())]
    stack = Stack("context", name, [*below.stages, *stages], input_rate=below.input_rate, factors=factors)
    model.stacks.append(stack)


# -- wav2vec ------------------------------------------------------------------------------------------------------


def read_wav2vec(model: Model, job: Job) -> None:
    """wav2vec and vq-wav2vec: unpadded features, then an aggregator that looks back only."""
    layers = read_triples(model, job.model["conv_feature_layers"], WAV2VEC)
    stack = _encoder(model, job, layers, convolutions(layers))
    with model.deriving("context"):
        _aggregator(model, job, stack)


def _aggregator(model: Model, job: Job, below: Stack) -> None:
    if text(job.model["aggregator"]) == "gru":
        _on_top(model, below, "aggregator", [Stage("gru", Mixer("GRU", None, 0))])
        return
    key = job.model["conv_aggregator_layers"]
    if job.flat and not key.exists:
        raise NotComputable(
            "`conv_aggregator_layers` is missing, and its default changed: 9 layers, then 12", key.where
        )
    layers = read_triples(model, key, AGGREGATOR)
    stages = [  # padded by kernel - 1 on the left, with zeros or by repetition: wav2vec.py, ConvAggegator
        Stage(f"{layers.key}.{index}", Conv(kernel, stride, 1, (kernel - 1, 0)), where)
        for index, ((kernel, stride), where) in enumerate(zip(layers.pairs, layers.places, strict=True))
    ]
    _on_top(model, below, "aggregator", stages, layers)


# -- wav2vec 2.0 and what inherits from it ------------------------------------------------------------------------


def read_wav2vec2(model: Model, job: Job) -> None:
    """wav2vec 2.0, HuBERT, data2vec and their forks."""
    below = _wav2vec2(model, job)
    with model.deriving("context"):
        _on_top(model, below, "transformer", _blocks(job))


def read_features(model: Model, job: Job) -> None:
    """A model of a fork over the same features: what blocks it has on top its name alone does not tell."""
    _wav2vec2(model, job)
    with model.deriving("context"):
        raise NotComputable(f"the blocks of `{job.name}` are not known", job.model["_name"].where)


def _wav2vec2(model: Model, job: Job) -> Stack:
    layers = read_triples(model, job.model["conv_feature_layers"], WAV2VEC2)
    mode = job.model["extractor_mode"].str("default").value
    return _encoder(model, job, layers, extractor(layers, norm="group norm" if mode == "default" else None))


def _blocks(job: Job) -> list[Stage]:
    """The position embedding and the blocks; a Conformer with relative positions skips the former."""
    conformer = text(job.model["layer_type"]) == "conformer"
    stages = []
    if not (conformer and text(job.model["pos_enc_type"]) in ("rel_pos", "rope")):
        depth = job.model["pos_conv_depth"].int(POS_DEPTH).value
        stages += positional(job.model["conv_pos"].int(CONV_POS), depth)
    if conformer:
        kernel = job.model["depthwise_conv_kernel_size"].int(DEPTHWISE)
        stages.append(depthwise(kernel, job.model["encoder_layers"].int(BLOCKS).value))
    return [*stages, ATTENTION]


def read_multires(model: Model, job: Job) -> None:
    """MR-HuBERT: HuBERT's features, then blocks at ever other resolutions with adapters between them."""
    below = _wav2vec2(model, job)
    with model.deriving("context"):
        key = job.model["label_rate_ratios"] if job.model["label_rate_ratios"].exists else job.task["label_rate_ratios"]
        ratios = key.ints().value
        kernel = job.model["conv_adapator_kernal"].int(ADAPTER_KERNEL)
        plain = job.model["use_plain_updownsample"].bool(False).value
        stages = _blocks(job)
        for index in range(min(len(ratios) // 2, MOST_RESOLUTIONS)):
            layer = _adapter(kernel.value, ratios[2 * index], ratios[2 * index + 1], plain=plain)
            stages += [Stage(f"adapter.{index}", layer, kernel.where), ATTENTION]
            _on_top(model, below, f"resolution {index + 2}", stages)


def _adapter(kernel: int, up: int, down: int, *, plain: bool) -> Layer:
    """ConvAdapter of multires_hubert.py: up by a transposed convolution, down by a strided one, each with a shortcut.

    ``plain`` leaves out the one whose factor is 1 (ConvDownsampler, ConvUpsampler).
    """
    pad = (kernel - 1) // 2
    raised = Parallel((Transposed(kernel, up, 1, (0, kernel - up)), nearest(up)))  # cut to the shortcut's length
    lowered = Parallel((Conv(kernel, down, 1, (pad, pad)), decimate(down)))
    if plain and 1 in (up, down):
        return lowered if up == 1 else raised
    return Chain((raised, lowered))


# -- data2vec 2.0 and animal2vec ----------------------------------------------------------------------------------


def read_data2vec(model: Model, job: Job) -> None:
    """data2vec 2.0 (data2vec_multi) for audio, emotion2vec too."""
    audio = job.model["modalities"]["audio"]
    layers = read_triples(model, audio["feature_encoder_spec"], WAV2VEC2)
    mode = audio["extractor_mode"].str("layer_norm").value
    below = _encoder(model, job, layers, extractor(layers, norm="group norm" if mode == "default" else None))
    _state_masks(model, job, layers)
    with model.deriving("context"):
        depth = audio["conv_pos_depth"].int(CONV_POS_DEPTH).value
        width = audio["conv_pos_width"].int(CONV_POS_WIDTH)
        _on_top(model, below, "transformer", [*positional(width, depth), ATTENTION])


def _state_masks(model: Model, job: Job, layers: Layers) -> None:
    """The loader computes the masks from a stack of its own (fairseq/data/audio/raw_audio_dataset.py)."""
    spec = job.task["precompute_mask_config"]["feature_encoder_spec"]
    if not spec.given:
        return
    with model.deriving("masks"):
        theirs = read_triples(model, spec)
        left: Value[object] = Value(theirs.step, theirs.where, "derived")
        right: Value[object] = Value(layers.step, layers.where, "derived")
        because = "the masks have as many frames as this stack gives, and must fit the model's"
        model.ties.append(Tie("frames", "equal", left, right, "crash", because))


def read_sinc(model: Model, job: Job) -> None:
    """animal2vec: the task holds the stack, whose first layer is a bank of sinc filters, and all layers are padded."""
    layers = read_triples(model, job.task["conv_feature_layers"], SINC)
    audio = job.model["modalities"]["audio"]
    first = audio["sinc_input"].bool(True).value
    stages = [
        Stage(f"{layers.key}.{index}", _padded(kernel, stride, sinc=first and index == 0), where)
        for index, ((kernel, stride), where) in enumerate(zip(layers.pairs, layers.places, strict=True))
    ]
    below = _encoder(model, job, layers, stages)
    with model.deriving("context"):
        depth = audio["conv_pos_depth"].int(CONV_POS_DEPTH).value
        width = audio["conv_pos_width"].int(CONV_POS_WIDTH)
        _on_top(model, below, "transformer", [*positional(width, depth), ATTENTION])


def _padded(kernel: int, stride: int, *, sinc: bool) -> Layer:
    """animal2vec nn/utils.py, ConvFeatureExtractionModel, and nn/sinc.py, get_padding_elem."""
    if sinc and stride > 1:
        return Conv(kernel, stride, 1, (kernel // 2, kernel // 2), mode="reflect")
    if sinc:
        return centred(kernel)._replace(mode="reflect")
    pad = -(-stride // 2)
    return same(kernel) if stride == 1 else Conv(kernel, stride, 1, (pad, pad))
