"""Pretrained encoders that a config names only: the convolutions of their front ends, by the name of the upstream.

Source: s3prl/upstream/*/expert.py (get_downsample_rates) and the released models' own configs.
"""

from __future__ import annotations

from rflint.coverage import Conv, centred, framing, stft
from rflint.dialects.asr_frontend import stacked
from rflint.dialects.speech_facts import last_dropped, over_utterance
from rflint.documents import NotComputable, Where
from rflint.model import Stage

WAV2VEC2_CONVS = ((10, 5), (3, 2), (3, 2), (3, 2), (3, 2), (2, 2), (2, 2))
"""Kernel and stride of the wav2vec 2.0 encoder, kept by its successors: 400 samples every 320."""
SAMPLE_RATE = 16000
"""All of them read 16 kHz; none resamples."""

_WAV2VEC2_KIN = (
    "wav2vec2", "hubert", "wavlm", "data2vec", "unispeech_sat", "xlsr", "xls_r", "mms", "distilhubert", "espnet_hubert"
)  # fmt: skip
_FILTERBANK_KIN = ("apc", "vq_apc", "npc")
_LOG_MEL_KIN = ("tera", "mockingjay", "audio_albert")
"""s3prl/upstream/{tera,mockingjay,audio_albert}/hubconf.py: all names but ``tera_fbank…`` are checkpoints over logMel."""


def upstream(name: str, where: Where | None) -> list[Stage]:
    """The stages of an s3prl upstream, its transformer as a layer without limit.

    Raises:
        NotComputable: the upstream is not one of those whose rate is known.
    """
    plain = name.lower().removeprefix("hf_")
    if plain.startswith(_WAV2VEC2_KIN):
        return wav2vec2_kin(where)
    if plain.startswith(_LOG_MEL_KIN) and "_fbank" not in plain:
        return [*log_mel(where), over_utterance("network of the upstream", where)]
    if plain.startswith((*_FILTERBANK_KIN, *_LOG_MEL_KIN)):
        return [Stage("fbank", framing(400, 160), where), over_utterance("network of the upstream", where)]
    raise NotComputable(f"the frame rate of the upstream `{name}` is not known", where)


def wav2vec2_kin(where: Where | None) -> list[Stage]:
    """The convolutions of wav2vec 2.0 and a transformer."""
    stages = [Stage(f"conv_layers.{i}", Conv(k, s), where) for i, (k, s) in enumerate(WAV2VEC2_CONVS)]
    return [*stages, over_utterance("transformer of the upstream", where)]


def log_mel(where: Where | None) -> list[Stage]:
    """Log-mel frames by torch.stft, centred (s3prl/upstream/baseline/preprocessor.py)."""
    return [Stage("log_mel", stft(400, 160), where)]


def whisper_features(where: Where | None) -> list[Stage]:
    """Log-mel frames of Whisper: 400 samples every 160, centred, without the last (whisper/audio.py)."""
    return [Stage("log_mel", stft(400, 160), where), last_dropped(where)]


def whisper_stem(where: Where | None) -> list[Stage]:
    """The two convolutions of Whisper's encoder, the second of stride 2 (whisper/model.py, AudioEncoder)."""
    return [Stage("conv1", centred(3), where), Stage("conv2", Conv(3, 2, 1, (1, 1)), where)]


def whisper_encoder(where: Where | None) -> list[Stage]:
    """Whisper's features and its encoder: a position every 320 samples."""
    return [*whisper_features(where), *whisper_stem(where), over_utterance("self-attention", where)]


def w2v_bert(where: Where | None) -> list[Stage]:
    """Wav2Vec2-BERT: Kaldi frames of 10 ms, padded and stacked by two (transformers, SeamlessM4TFeatureExtractor)."""
    stages = [Stage("fbank", framing(400, 160), where), stacked("stride", 2, where)]
    return [*stages, over_utterance("network of the upstream", where)]
