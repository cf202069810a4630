"""Hugging Face transformers: ``config.json`` of models that hear or speak, and their ``preprocessor_config.json``.

Every mapping that says its ``model_type`` is a model of its own, at whatever depth: a speech encoder below a language
model, a vocoder below a talker. The feature extractor is read from the files beside ``config.json``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rflint.dialects.hf_codecs import CODECS
from rflint.dialects.hf_decoders import DECODERS
from rflint.dialects.hf_encoders import ENCODERS, is_waveform, read_waveform
from rflint.dialects.hf_extractors import EXTRACTORS, Extractor, beside, read_extractor
from rflint.dialects.hf_parts import Part, Reader
from rflint.dialects.hf_seanet import SEANETS
from rflint.dialects.hf_spectrograms import SUBSAMPLED
from rflint.dialects.hf_stacked import STACKED
from rflint.dialects.hf_whisper import WHISPERS
from rflint.dialects.waveform import mappings, text
from rflint.documents import Cursor
from rflint.model import Model

NAME, TITLE = "hf", "Hugging Face transformers: config.json and preprocessor_config.json of audio models"
SCHEMA, LOADER = "hf", "json"

READERS: Final[dict[str, Reader]] = {**ENCODERS, **WHISPERS, **SUBSAMPLED, **STACKED, **DECODERS, **SEANETS, **CODECS}

UNNAMED: Final[dict[tuple[str, str], str]] = {
    ("musicgen", "audio_encoder"): "encodec",
    ("musicgen_melody", "audio_encoder"): "encodec",
    ("parler_tts", "audio_encoder"): "dac",
    ("moshi", "audio_encoder_config"): "mimi",
    ("csm", "codec_config"): "mimi",
    ("kyutai_speech_to_text", "codec_config"): "mimi",
    ("xcodec", "acoustic_model_config"): "dac",
    ("xcodec", "semantic_model_config"): "hubert",
    ("higgs_audio_v2_tokenizer", "acoustic_model_config"): "dac",
    ("higgs_audio_v2_tokenizer", "semantic_model_config"): "hubert",
    ("fastspeech2_conformer_with_hifigan", "vocoder_config"): "fastspeech2_conformer_hifigan",
    ("qwen2_audio", "audio_config"): "qwen2_audio_encoder",
    ("voxtral", "audio_config"): "voxtral_encoder",
    ("granite_speech", "encoder_config"): "granite_speech_encoder",
    ("clap", "audio_config"): "clap_audio_model",
    ("speech-encoder-decoder", "encoder"): "wav2vec2",
}
"""Sub-configs that older files write without a ``model_type``: the class that their parent gives them."""


SIGNED: Final = ("transformers_version", "architectures")
"""Keys that transformers writes into every config it saves."""
OWN: Final = (
    "hidden_size", "d_model", "num_hidden_layers", "encoder_layers", "initializer_range", "conv_dim", "conv_kernel",
    "num_mel_bins", "upsample_rates", "upsampling_ratios", "downsampling_ratios", "resblock_kernel_sizes",
    "subsampling_factor", "patch_sizes", "max_source_positions", "encoder_ratios",
)  # fmt: skip
"""Keys of our models' classes: a ``model_type`` without any of them is somebody else's word."""


def recognise(root: Cursor) -> bool:
    return any(True for _ in _parts(root)) or _is_extractor(root)


def read(root: Cursor) -> Iterator[Model]:
    if _is_extractor(root):
        yield read_extractor(NAME, root)
        return
    for reader, part in _parts(root):
        model = Model(NAME, part.name)
        with model.deriving("model"):
            reader(model, part)
        yield model


def _is_extractor(root: Cursor) -> bool:
    """A preprocessor file: the class must be ours, since image processors have such files too."""
    return text(root["feature_extractor_type"]) in EXTRACTORS or (
        text(root["feature_extractor"]["feature_extractor_type"]) in EXTRACTORS
    )


def _parts(root: Cursor) -> Iterator[tuple[Reader, Part]]:
    """The models of a file that are ours, outermost first."""
    extractor: Extractor | None = None
    signed = any(root[key].exists for key in SIGNED)
    own = OWN if root.document.loader == "json" else ()  # transformers writes JSON alone
    for mapping in mappings(root):
        kind = text(mapping["model_type"]) or _unnamed(root, mapping)
        reader = READERS.get(kind) or (read_waveform if kind and is_waveform(mapping) else None)
        if reader is not None and (signed or any(mapping[key].exists for key in own)):
            extractor = extractor or beside(root)
            yield reader, Part(mapping, kind, extractor, text(root["model_type"]))


def _unnamed(root: Cursor, mapping: Cursor) -> str:
    """The model type that the parent of a nameless mapping gives it; empty where there is none."""
    if not mapping.path:
        return ""
    parent = root.at(*mapping.path[:-1])
    return UNNAMED.get((text(parent["model_type"]), str(mapping.path[-1])), "")
