"""Encoders of transformers that subsample spectrogram frames by strided convolutions.

Sources: transformers 5, models/*/configuration_*.py for the defaults, modeling_*.py for the layers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from rflint.coverage import Conv, Layer, decimate
from rflint.dialects.hf_encoders import on_top
from rflint.dialects.hf_parts import Part, Reader, agree
from rflint.dialects.waveform import ATTENTION, depthwise, depthwise_causal
from rflint.documents import NotComputable, Value
from rflint.model import Factor, Model, Stage, Tie

NEMO, KALDI = "ParakeetFeatureExtractor", "Speech2TextFeatureExtractor"


# -- strided convolutions under a Conformer ------------------------------------------------------------------------

SUB_KERNELS, SUB_LAYERS = [5, 5], 2
"""configuration_speech_to_text.py: conv_kernel_sizes, num_conv_layers."""


def read_speech_to_text(model: Model, part: Part) -> None:
    """A convolution of stride 2 and padding kernel // 2 a kernel (modeling_speech_to_text.py, Conv1dSubsampler)."""
    frames = part.frames(model, KALDI)
    kernels = part.config["conv_kernel_sizes"].ints(SUB_KERNELS)
    count = part.config["num_conv_layers"].int(SUB_LAYERS)
    _state_count(model, kernels, count)
    stages = [
        Stage(f"conv.{i}", Conv(kernel, 2, 1, (kernel // 2,) * 2), part.config["conv_kernel_sizes"][i].where)
        for i, kernel in enumerate(kernels.value)
    ]
    twos = Factor("conv_kernel_sizes", (2,) * len(stages), kernels.where)
    part.encoder(model, frames, [*stages, ATTENTION], [twos])


def _state_count(model: Model, listed: Value[list[int]], count: Value[int]) -> None:
    if listed.where is not None:
        because = "the configuration refuses another number of layers than the list has"
        left, right = cast(Value[object], listed), cast(Value[object], count)
        model.ties.append(Tie("lists", "same length", left, right, "crash", because))


MCTCT_KERNELS, MCTCT_STRIDES = [7], [3]
"""configuration_mctct.py of transformers 4: conv_kernel, conv_stride."""


def read_mctct(model: Model, part: Part) -> None:
    """Strided convolutions with padding kernel // 2 (modeling_mctct.py, MCTCTConv1dSubsampler)."""
    frames = part.frames(model, "MCTCTFeatureExtractor")
    kernels, strides = part.config["conv_kernel"].ints(MCTCT_KERNELS), part.config["conv_stride"].ints(MCTCT_STRIDES)
    _state_count(model, kernels, part.config["num_conv_layers"].int(len(MCTCT_KERNELS)))
    stages = [
        Stage(f"conv.{i}", Conv(kernel, stride, 1, (kernel // 2,) * 2), kernels.where)
        for i, (kernel, stride) in enumerate(zip(kernels.value, strides.value, strict=False))
    ]
    part.encoder(model, frames, [*stages, ATTENTION], [Factor("conv_stride", tuple(strides.value), strides.where)])


FACTOR, SUB_KERNEL, SUB_STRIDE, CONFORMER_KERNEL, CONFORMER_BLOCKS = 8, 3, 2, 9, 24
"""configuration_parakeet.py: subsampling_factor, subsampling_conv_kernel_size, subsampling_conv_stride,
conv_kernel_size, num_hidden_layers."""


def read_parakeet(model: Model, part: Part) -> None:
    """int(log2(subsampling_factor)) strided convolutions, then a Conformer (modeling_parakeet.py)."""
    _fast_conformer(model, part, NEMO, lambda kernel, stride: Conv(kernel, stride, 1, ((kernel - 1) // 2,) * 2))


def read_parakeet_causal(model: Model, part: Part) -> None:
    """The same with NeMo's causal padding: kernel - 1 in front, stride - 1 behind (modeling_nemotron_asr_streaming.py)."""
    kind = "NemotronAsrStreamingFeatureExtractor"
    _fast_conformer(model, part, kind, lambda kernel, stride: Conv(kernel, stride, 1, (kernel - 1, stride - 1)))


def _fast_conformer(model: Model, part: Part, kind: str, padded: Callable[[int, int], Layer]) -> None:
    frames, config = part.frames(model, kind), part.config
    factor = config["subsampling_factor"].int(FACTOR)
    kernel, stride = (
        config["subsampling_conv_kernel_size"].int(SUB_KERNEL),
        config["subsampling_conv_stride"].int(SUB_STRIDE),
    )
    if factor.value < 1:
        raise NotComputable("`subsampling_factor` is not positive", factor.where)
    count = factor.value.bit_length() - 1
    stages = [Stage(f"subsampling.{i}", padded(kernel.value, stride.value), kernel.where) for i in range(count)]
    factors = [Factor("subsampling_conv_stride", (stride.value,) * count, stride.where or factor.where)]
    below = part.encoder(model, frames, stages, factors, "subsampling")
    because = "int(log2(subsampling_factor)) layers are built, each with subsampling_conv_stride"
    made: Value[int] = Value(stride.value**count, stride.where, "derived")
    agree(model, "subsampling", factor if factor.where else None, made, because, "silent")
    with model.deriving("context"):
        block = config["conv_kernel_size"].int(CONFORMER_KERNEL)
        blocks = config["num_hidden_layers"].int(CONFORMER_BLOCKS).value
        conformer = depthwise(block, blocks) if kind == NEMO else depthwise_causal(block, blocks)
        on_top(part, model, below, "conformer", [conformer, ATTENTION])
    part.same_bands(model)


LASR_KERNEL, LASR_STRIDE = 5, 2
"""configuration_lasr.py: subsampling_conv_kernel_size, subsampling_conv_stride."""


def read_lasr(model: Model, part: Part) -> None:
    """Two unpadded convolutions over the frames (modeling_lasr.py, LasrEncoderSubsampling)."""
    frames = part.frames(model, "LasrFeatureExtractor")
    kernel = part.config["subsampling_conv_kernel_size"].int(LASR_KERNEL)
    stride = part.config["subsampling_conv_stride"].int(LASR_STRIDE)
    stages = [Stage(f"conv_{i}", Conv(kernel.value, stride.value), kernel.where) for i in (0, 1)]
    factors = [Factor("subsampling_conv_stride", (stride.value,) * 2, stride.where)]
    part.encoder(model, frames, [*stages, ATTENTION], factors, "subsampling")
    part.same_bands(model)


GEMMA_KERNELS, GEMMA_STRIDES, GEMMA_REDUCTION, GEMMA_CAUSAL, GEMMA_BLOCKS = [[3, 3], [3, 3]], [[2, 2], [2, 2]], 4, 5, 12
"""configuration_gemma3n.py: sscp_conv_kernel_size, sscp_conv_stride_size ([time, frequency]), conf_reduction_factor,
conf_conv_kernel_size, conf_num_hidden_layers."""


def read_gemma3n(model: Model, part: Part) -> None:
    """Two convolutions padded behind, a causal Conformer, then every fourth frame (modeling_gemma3n.py)."""
    frames, config = part.frames(model, "Gemma3nAudioFeatureExtractor"), part.config
    kernels, strides = (
        config["sscp_conv_kernel_size"].lists(GEMMA_KERNELS),
        config["sscp_conv_stride_size"].lists(GEMMA_STRIDES),
    )
    stages = [
        Stage(f"subsample.{i}", Conv(kernel[0], stride[0], 1, (0, kernel[0] - 1)), kernels.where)
        for i, (kernel, stride) in enumerate(zip(kernels.value, strides.value, strict=False))
        if kernel and stride
    ]
    factors = [Factor("sscp_conv_stride_size", tuple(stride[0] for stride in strides.value if stride), strides.where)]
    below = part.encoder(model, frames, stages, factors, "subsample")
    reduction = config["conf_reduction_factor"].int(GEMMA_REDUCTION)
    block = depthwise_causal(
        config["conf_conv_kernel_size"].int(GEMMA_CAUSAL), config["conf_num_hidden_layers"].int(GEMMA_BLOCKS).value
    )
    tail = [ATTENTION, block, Stage("reduction", decimate(reduction.value), reduction.where)]
    on_top(
        part, model, below, "conformer", tail, [Factor("conf_reduction_factor", (reduction.value,), reduction.where)]
    )


def read_gemma4(model: Model, part: Part) -> None:
    """Two convolutions of kernel 3 and stride 2 (modeling_gemma4.py)."""
    frames = part.frames(model, "Gemma4AudioFeatureExtractor")
    stages = [Stage(f"layer{i}", Conv(3, 2, 1, (1, 1))) for i in (0, 1)]
    part.encoder(model, frames, [*stages, ATTENTION], [Factor("layers", (2, 2))], "subsample")


def read_phi4(model: Model, part: Part) -> None:
    """int(log2(time_reduction)) convolutions of kernel 3 and stride 2 (modeling_phi4_multimodal.py)."""
    frames = part.frames(model, "Phi4MultimodalFeatureExtractor")
    reduction = part.config["time_reduction"].int(FACTOR)
    if reduction.value < 1:
        raise NotComputable("`time_reduction` is not positive", reduction.where)
    count = reduction.value.bit_length() - 1
    stages = [Stage(f"conv.{i}", Conv(3, 2, 1, (1, 1)), reduction.where) for i in range(count)]
    part.encoder(model, frames, [*stages, ATTENTION], [Factor("time_reduction", (2,) * count, reduction.where)])
    because = "int(log2(time_reduction)) layers of stride 2 are built"
    agree(
        model,
        "subsampling",
        reduction if reduction.where else None,
        Value(2**count, None, "derived"),
        because,
        "silent",
    )
    told = part.extractor.whole("audio_compression_rate")
    agree(model, "subsampling", told, reduction, "the processor counts audio tokens by it", "silent")


SUBSAMPLED: Final[dict[str, Reader]] = {
    "speech_to_text": read_speech_to_text,
    "mctct": read_mctct,
    "parakeet_encoder": read_parakeet,
    "nemotron_asr_streaming_encoder": read_parakeet_causal,
    "lasr_encoder": read_lasr,
    "gemma3n_audio": read_gemma3n,
    "gemma4_audio": read_gemma4,
    "phi4_multimodal_audio": read_phi4,
}
