"""Whisper and the encoders of transformers that grew out of it: two convolutions over a log-mel spectrogram.

Sources: transformers 5, models/*/configuration_*.py for the defaults, modeling_*.py for the layers.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from rflint.coverage import Conv, Mixer, causal, pool
from rflint.dialects.hf_extractors import Frames, joined
from rflint.dialects.hf_parts import Part, Reader, agree
from rflint.dialects.waveform import ATTENTION, whole
from rflint.documents import Value
from rflint.model import Factor, Model, Stage

WHISPER = "WhisperFeatureExtractor"


# -- Whisper and its kin ------------------------------------------------------------------------------------------

CONVS = [Stage("conv1", Conv(3, 1, 1, (1, 1))), Stage("conv2", Conv(3, 2, 1, (1, 1)))]
"""modeling_whisper.py, WhisperEncoder: no key sets them."""
POSITIONS = 1500
POOL, JOIN, SEQUENCES = 2, 4, 2
"""AvgPool1d(2) of modeling_qwen2_audio.py; 4 frames joined by modeling_voxtral.py and modeling_glmasr.py."""


def read_whisper(model: Model, part: Part) -> None:
    """Two convolutions over the spectrogram, the second with stride 2."""
    frames = part.frames(model, WHISPER)
    part.encoder(model, frames, [*CONVS, ATTENTION], [Factor("conv2", (2,))])
    part.same_bands(model)
    if part.top == part.kind:
        _state_positions(model, part, frames)


def _state_positions(model: Model, part: Part, frames: Frames) -> None:
    """The encoder demands 2 · max_source_positions frames, no more and no fewer (modeling_whisper.py, forward)."""
    positions = part.config["max_source_positions"].int(POSITIONS)
    seconds = part.extractor.whole("chunk_length") or whole(part.config["chunk_length"])
    if seconds is not None:
        given = Fraction(seconds.value * frames.rate.value, 2 * frames.hop.value)
        because = "the model refuses any other number of frames than 2 × max_source_positions"
        agree(model, "limit", positions, Value(given, seconds.where, "derived"), because)


def read_pooled(model: Model, part: Part) -> None:
    """Whisper's encoder, then averages of two frames."""
    frames = part.frames(model, WHISPER)
    stages = [*CONVS, ATTENTION, Stage("avg_pooler", pool(POOL))]
    part.encoder(model, frames, stages, [Factor("conv2", (2,)), Factor("avg_pooler", (POOL,))])
    part.same_bands(model)


def read_joined(model: Model, part: Part) -> None:
    """Whisper's encoder, then frames joined: as many as fit the intermediate size (modeling_voxtral.py)."""
    frames = part.frames(model, WHISPER)
    inner, outer = whole(part.config["intermediate_size"]), whole(part.config["hidden_size"])
    count, where = JOIN, None
    if part.kind == "voxtral_encoder" and inner and outer and outer.value > 0 and inner.value >= outer.value:
        count, where = inner.value // outer.value, inner.where
    stages = [*CONVS, ATTENTION, joined("projector", count, where)]
    part.encoder(model, frames, stages, [Factor("conv2", (2,)), Factor("projector", (count,), where)])
    part.same_bands(model)


def read_causal_whisper(model: Model, part: Part) -> None:
    """Whisper's convolutions padded on the left by kernel - stride, then frames joined (modeling_voxtral_realtime.py)."""
    frames = part.frames(model, "VoxtralRealtimeFeatureExtractor")
    above = part.above()
    count = (above["downsample_factor"] if above is not None else part.config["downsample_factor"]).int(JOIN)
    stages = [
        Stage("conv1", causal(3)),
        Stage("conv2", Conv(3, 2, 1, (1, 0))),
        Stage("attention", Mixer("attention", _window(part), 0)),
        joined("projector", count.value, count.where),
    ]
    part.encoder(model, frames, stages, [Factor("conv2", (2,)), Factor("projector", (count.value,), count.where)])
    if above is not None:
        per_token = whole(above["audio_length_per_tok"])
        because = "audio_length_per_tok counts the spectrogram frames of a token"
        agree(model, "subsampling", per_token, Value(2 * count.value, count.where, "derived"), because, "silent")


def _window(part: Part) -> int | None:
    window = whole(part.config["sliding_window"])
    layers = whole(part.config["num_hidden_layers"])
    if window is None or layers is None or window.value < 1 or layers.value < 1:
        return None
    return (window.value - 1) * layers.value


def read_windows(model: Model, part: Part) -> None:
    """Three strided convolutions over windows of 2 · n_window frames, which no field crosses (modeling_qwen3_asr.py)."""
    frames = part.frames(model, WHISPER)
    stages = [Stage(f"conv2d{i}", Conv(3, 2, 1, (1, 1))) for i in (1, 2, 3)]
    part.encoder(model, frames, [*stages, ATTENTION], [Factor("conv2d", (2, 2, 2))])
    part.same_bands(model)


def read_dots(model: Model, part: Part) -> None:
    """Three convolutions of kernel 3 and stride 2; tokens are counted by hop_length · 8 (modeling_dots3_note.py)."""
    frames = part.frames(model, "Dots3NoteFeatureExtractor")
    stages = [Stage(f"conv{i}", Conv(3, 2, 1, (1, 1))) for i in (1, 2, 3)]
    part.encoder(model, frames, [*stages, ATTENTION], [Factor("conv", (2, 2, 2))])
    agree(
        model,
        "frames",
        whole(part.config["hop_length"]),
        frames.hop if frames.hop.where else None,
        "tokens are counted by it",
        "silent",
    )


WHISPERS: Final[dict[str, Reader]] = {
    "whisper": read_whisper,
    "moss_transcribe_diarize_audio": read_whisper,
    **dict.fromkeys(("qwen2_audio_encoder", "audioflamingo3_encoder", "qwen2_5_omni_audio_encoder"), read_pooled),
    **dict.fromkeys(("voxtral_encoder", "glmasr_encoder"), read_joined),
    "voxtral_realtime_encoder": read_causal_whisper,
    **dict.fromkeys(("qwen3_asr_encoder", "qwen3_omni_moe_audio_encoder"), read_windows),
    "dots3_note_audio_encoder": read_dots,
}
