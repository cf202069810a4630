"""Encoders of transformers that join spectrogram frames, or cut the spectrogram to patches.

Sources: transformers 5, models/*/configuration_*.py for the defaults, modeling_*.py for the layers.
"""

from __future__ import annotations

from typing import Final, cast

from rflint.coverage import Conv, centred, stack_frames
from rflint.dialects.hf_decoders import read_hifigan
from rflint.dialects.hf_encoders import on_top
from rflint.dialects.hf_extractors import joined, stacking
from rflint.dialects.hf_parts import Part, Reader, agree
from rflint.dialects.waveform import ATTENTION, depthwise, depthwise_causal, whole
from rflint.documents import NotComputable, Value
from rflint.model import Factor, Model, Stack, Stage, Tie

NEMO = "ParakeetFeatureExtractor"
FACTOR = 8
"""configuration_nemotron3_diarization.py, subsampling_factor."""


# -- stacked frames -----------------------------------------------------------------------------------------------

PAIR, DEPTHWISE, BLOCKS = 2, 31, 24
"""SeamlessM4TFeatureExtractor stride; configuration_wav2vec2_bert.py conv_depthwise_kernel_size, num_hidden_layers."""
BERT_ADAPTERS = (1, 3, 2)
SEAMLESS_ADAPTERS = (1, 8, 8)
"""num_adapter_layers, adapter_kernel_size and adapter_stride (of Seamless, adaptor_kernel_size and adaptor_stride)."""


def read_wav2vec2_bert(model: Model, part: Part) -> None:
    """Two filter bank frames to one, then a Conformer with causal convolutions (modeling_wav2vec2_bert.py)."""
    below = _stacked_encoder(model, part)
    channels = whole(part.config["feature_projection_input_dim"])
    bands, stride = part.extractor.whole("num_mel_bins"), part.extractor.whole("stride")
    if bands is not None and stride is not None:
        product: Value[int] = Value(bands.value * stride.value, bands.where, "derived")
        agree(model, "bins", channels, product, "a frame is num_mel_bins × stride numbers")
    if part.config["add_adapter"].value is True:
        _adapter(model, part, below, ("num_adapter_layers", "adapter_kernel_size", "adapter_stride"), BERT_ADAPTERS)


def read_seamless(model: Model, part: Part) -> None:
    """The speech encoder of SeamlessM4T: as above, with an adaptor; the first version pads its convolutions evenly."""
    below = _stacked_encoder(model, part)
    if part.config["add_adapter"].bool(True).value:
        _adapter(model, part, below, ("num_adapter_layers", "adaptor_kernel_size", "adaptor_stride"), SEAMLESS_ADAPTERS)
    with model.deriving("vocoder"):
        read_hifigan(model, part)


def _stacked_encoder(model: Model, part: Part) -> Stack:
    frames = part.frames(model, "SeamlessM4TFeatureExtractor")
    stride = cast(Value[int], part.extractor.whole("stride", PAIR))
    factors = [Factor("stride", (stride.value,), stride.where)]
    below = part.encoder(model, frames, [stacking(part.extractor, stride, stride)], factors, "features")
    with model.deriving("context"):
        kernel = part.config["conv_depthwise_kernel_size"].int(DEPTHWISE)
        blocks = part.config.first("speech_encoder_layers", "num_hidden_layers").int(BLOCKS).value
        conformer = depthwise(kernel, blocks) if part.kind == "seamless_m4t" else depthwise_causal(kernel, blocks)
        on_top(part, model, below, "conformer", [conformer, ATTENTION])
    return below


def _adapter(
    model: Model, part: Part, below: Stack, keys: tuple[str, str, str], defaults: tuple[int, int, int]
) -> None:
    """Strided convolutions padded by stride // 2, while the mask reckons with kernel // 2."""
    with model.deriving("adapter"):
        count, kernel, stride = (part.config[key].int(default) for key, default in zip(keys, defaults, strict=True))
        layer = Conv(kernel.value, stride.value, 1, (stride.value // 2,) * 2)
        stages = [Stage(f"adapter.{i}", layer, kernel.where) for i in range(min(count.value, 32))]
        factors = [Factor(keys[2], (stride.value,) * len(stages), stride.where)]
        on_top(part, model, below, "adapter", [ATTENTION, *stages], factors)


LFR_FRAMES, LFR_STRIDE = 7, 6


def read_fun_asr(model: Model, part: Part) -> None:
    """Seven frames joined, every sixth kept (feature_extraction_fun_asr_nano.py); the encoder keeps their rate."""
    frames = part.frames(model, "FunAsrNanoFeatureExtractor")
    joined = cast(Value[int], part.extractor.whole("num_frames_lfr", LFR_FRAMES))
    stride = cast(Value[int], part.extractor.whole("stride_lfr", LFR_STRIDE))
    stages = [Stage("lfr", stack_frames(joined.value, stride.value), stride.where), ATTENTION]
    part.encoder(model, frames, stages, [Factor("stride_lfr", (stride.value,), stride.where)], "features")
    told = part.extractor.whole("num_frames_lfr")
    agree(model, "bins", whole(part.config["num_stacked_frames"]), told, "a frame is this many frames joined")


def read_stacked(model: Model, part: Part) -> None:
    """``subsampling_factor`` frames joined (modeling_nemotron3_diarization.py)."""
    frames = part.frames(model, NEMO)
    factor = part.config["subsampling_factor"].int(FACTOR)
    joined = Conv(factor.value, factor.value, 1, (0, 0), "stack", "complete")
    stages = [Stage("stacking", joined, factor.where), ATTENTION]
    part.encoder(model, frames, stages, [Factor("subsampling_factor", (factor.value,), factor.where)])


# -- Granite ------------------------------------------------------------------------------------------------------

GRANITE_STACK, GRANITE_KERNEL, GRANITE_BLOCKS, GRANITE_WINDOW, GRANITE_RATE = 2, 15, 10, 15, 5
"""feature_extraction_granite_speech.py stacks two frames; configuration_granite_speech.py: conv_kernel_size,
num_layers, window_size, downsample_rate."""
GRANITE5_KERNEL, GRANITE5_STRIDED, GRANITE5_DELTA = 7, [0, 1], 3


def read_granite(model: Model, part: Part) -> None:
    """Two frames to one, a Conformer, then tokens made from blocks of window_size frames."""
    frames = part.frames(model, "GraniteSpeechFeatureExtractor")
    stages = [joined("stacking", GRANITE_STACK)]
    below = part.encoder(model, frames, stages, [Factor("stacking", (GRANITE_STACK,))], "features")
    with model.deriving("context"):
        kernel, blocks = (
            part.config["conv_kernel_size"].int(GRANITE_KERNEL),
            part.config["num_layers"].int(GRANITE_BLOCKS),
        )
        on_top(part, model, below, "conformer", [depthwise(kernel, blocks.value), ATTENTION])
    above = part.above()
    if above is not None:
        _state_projector(
            model, part, above["window_size"].int(GRANITE_WINDOW), above["downsample_rate"].int(GRANITE_RATE)
        )


def _state_projector(model: Model, part: Part, window: Value[int], rate: Value[int]) -> None:
    left, right = cast(Value[object], window), cast(Value[object], rate)
    because = "a block of window_size frames gives window_size / downsample_rate tokens"
    if window.where or rate.where:
        model.ties.append(Tie("chunk", "multiple", left, right, "crash", because))
    because = "the processor counts audio tokens by its own copy"
    agree(model, "subsampling", part.extractor.whole("projector_window_size"), window, because, "silent")
    agree(model, "subsampling", part.extractor.whole("projector_downsample_rate"), rate, because, "silent")


def read_granite5(model: Model, part: Part) -> None:
    """Frames with their deltas, two to one; some blocks stride by 2 (modeling_granite_speech5.py)."""
    frames = part.frames(model, "GraniteSpeech5FeatureExtractor")
    kernel = part.config["conv_kernel_size"].int(GRANITE5_KERNEL)
    strided = part.config["subsample_layers"].ints(GRANITE5_STRIDED)
    delta = cast(Value[int], part.extractor.whole("delta_win_length", GRANITE5_DELTA))
    stages = [
        Stage("deltas", centred(delta.value), delta.where),
        joined("stacking", GRANITE_STACK),
        *(Stage(f"layers.{i}", centred(kernel.value, 2), kernel.where) for i in strided.value[:32]),
        ATTENTION,
    ]
    twos = Factor("subsample_layers", (2,) * len(strided.value[:32]), strided.where)
    part.encoder(model, frames, stages, [Factor("stacking", (GRANITE_STACK,)), twos])


# -- patches ------------------------------------------------------------------------------------------------------

PATCH, TIME_STRIDE, MAX_LENGTH = 16, 10, 1024
"""configuration_audio_spectrogram_transformer.py: patch_size, time_stride, max_length."""


def read_ast(model: Model, part: Part) -> None:
    """Overlapping patches of the spectrogram, padded to max_length frames: the shortest clip fills a patch, too."""
    frames = part.frames(model, "ASTFeatureExtractor")
    patch, stride = part.config["patch_size"].int(PATCH), part.config["time_stride"].int(TIME_STRIDE)
    stages = [
        Stage("patch_embeddings", Conv(patch.value, stride.value, 1, (0, patch.value - 1)), patch.where),
        ATTENTION,
    ]
    part.encoder(model, frames, stages, [Factor("time_stride", (stride.value,), stride.where)])
    because = "the position table is made for max_length frames"
    agree(model, "limit", whole(part.config["max_length"]), part.extractor.whole("max_length"), because)
    bands = part.extractor.whole("num_mel_bins")
    agree(model, "bins", whole(part.config["num_mel_bins"]), bands, "the extractor's bands are the patches' height")


def read_clap(model: Model, part: Part) -> None:
    """The spectrogram is folded to a square before it is cut to patches: time has no single step then.

    Raises:
        NotComputable: always; the front end is derived all the same.
    """
    frames = part.frames(model, "ClapFeatureExtractor")
    part.stack(model, "frontend", "features", [frames.stage], [frames.factor])
    raise NotComputable("time is folded into an image of spec_size: no single step")


STACKED: Final[dict[str, Reader]] = {
    "wav2vec2-bert": read_wav2vec2_bert,
    **dict.fromkeys(("seamless_m4t", "seamless_m4t_v2"), read_seamless),
    "fun_asr_nano_encoder": read_fun_asr,
    **dict.fromkeys(("nemotron3_5_transcribe_asr_audio", "nemotron3_diarization_audio"), read_stacked),
    **dict.fromkeys(("granite_speech_encoder", "granite_speech_plus_encoder"), read_granite),
    "granite_speech5_encoder": read_granite5,
    "audio-spectrogram-transformer": read_ast,
    "clap_audio_model": read_clap,
}
