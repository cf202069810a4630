"""Hugging Face encoders over spectrogram frames: the extractor's frames, what is stacked on them, what must agree."""

from __future__ import annotations

from typing import Any

import pytest
from ssl_files import figures, loud, model_of, models_of, reported

NAME = "config.json"
LOG_MEL = {
    "feature_extractor_type": "WhisperFeatureExtractor",
    "sampling_rate": 16000,
    "feature_size": 80,
    "hop_length": 160,
    "n_fft": 400,
    "chunk_length": 30,
}


def config(kind: str, **keys: Any) -> dict[str, Any]:
    return {"model_type": kind, "transformers_version": "5.0", **keys}


@pytest.mark.parametrize(
    ("kind", "step", "field"),
    [
        ("whisper", 320, 1040),
        ("qwen2_audio_encoder", 640, 1360),
        ("audioflamingo3_encoder", 640, 1360),
        ("voxtral_encoder", 1280, 2000),
        ("voxtral_realtime_encoder", 1280, 2000),
        ("qwen3_asr_encoder", 1280, 2640),
        ("speech_to_text", 640, 2320),
        ("mctct", 480, 1360),
        ("parakeet_encoder", 1280, 2640),
        ("nemotron_asr_streaming_encoder", 1280, 2640),
        ("nemotron3_diarization_audio", 1280, 1520),
        ("lasr_encoder", 640, 2320),
        ("gemma3n_audio", 640, 1472),
        ("gemma4_audio", 640, 1280),
        ("phi4_multimodal_audio", 1280, 2640),
        ("dots3_note_audio_encoder", 1280, 2640),
        ("wav2vec2-bert", 320, 560),
        ("seamless_m4t", 320, 560),
        ("fun_asr_nano_encoder", 960, 1360),
        ("granite_speech_encoder", 320, 560),
        ("granite_speech5_encoder", 1280, 6640),
        ("audio-spectrogram-transformer", 1600, 2800),
    ],
)
def test_the_defaults_of_every_kind(kind: str, step: int, field: int) -> None:
    assert figures(model_of(config(kind), NAME).stack("encoder")) == (step, field)
    assert loud(config(kind), NAME) == []


@pytest.mark.parametrize(
    ("kind", "shortest"),
    [
        ("parakeet_encoder", 1),  # padded with zeros
        ("granite_speech_encoder", 257),  # with mirrored samples
        ("wav2vec2-bert", 400),  # a frame, padded to two
        ("seamless_m4t", 400),
        ("audio-spectrogram-transformer", 400),  # a frame, padded to 1024
    ],
)
def test_the_shortest_clip(kind: str, shortest: int) -> None:
    stack = model_of(config(kind), NAME).stack("encoder")

    assert stack is not None and stack.coverage.min_input() == shortest


def test_three_frames_are_joined_of_an_even_number() -> None:
    features = {"feature_extractor_type": "SeamlessM4TFeatureExtractor", "stride": 3}
    stack = model_of(config("wav2vec2-bert"), NAME, preprocessor_config=features).stack("encoder")

    assert stack is not None and stack.coverage.min_input() == 400 + 2 * 160


def test_whisper_with_its_extractor_is_silent() -> None:
    whisper = config("whisper", num_mel_bins=80, max_source_positions=1500)

    assert figures(model_of(whisper, NAME, preprocessor_config=LOG_MEL).stack("encoder")) == (320, 1040)
    assert loud(whisper, NAME, preprocessor_config=LOG_MEL) == []


def test_whisper_takes_exactly_the_frames_of_its_positions() -> None:
    whisper = config("whisper", max_source_positions=750)

    assert reported(whisper, NAME, "RF505", "1500", preprocessor_config=LOG_MEL)
    assert loud(whisper, NAME, preprocessor_config={**LOG_MEL, "chunk_length": 15}) == []


def test_bands_of_extractor_and_model_agree() -> None:
    assert reported(config("whisper", num_mel_bins=128), NAME, "RF405", "128", preprocessor_config=LOG_MEL)


def test_the_extractor_may_stand_in_the_processors_file() -> None:
    processor = {"processor_class": "X", "feature_extractor": {**LOG_MEL, "hop_length": 320}}

    assert figures(model_of(config("whisper"), NAME, processor_config=processor).stack("encoder")) == (
        640,
        400 + 4 * 320,
    )


def test_an_encoder_below_a_language_model_is_found_with_its_name() -> None:
    whole = config(
        "qwen2_audio", audio_config={"model_type": "qwen2_audio_encoder"}, text_config={"model_type": "qwen2"}
    )
    nameless = config("qwen2_audio", audio_config={"num_mel_bins": 128})

    assert [model.name for model in models_of(whole, NAME)] == ["audio_config qwen2_audio_encoder"]
    assert [model.name for model in models_of(nameless, NAME)] == ["audio_config qwen2_audio_encoder"]


def test_voxtral_joins_as_many_frames_as_fit_its_inner_size() -> None:
    stack = model_of(config("voxtral_encoder", hidden_size=1280, intermediate_size=2560), NAME).stack("encoder")

    assert figures(stack) == (640, 1360)


def test_frames_of_a_token_are_those_of_the_convolutions() -> None:
    whole = config(
        "voxtral_realtime",
        audio_length_per_tok=8,
        downsample_factor=4,
        audio_config={"model_type": "voxtral_realtime_encoder"},
    )

    assert loud(whole, NAME) == []
    assert reported({**whole, "audio_length_per_tok": 4}, NAME, "RF503", "8")


@pytest.mark.parametrize(("factor", "made"), [(8, 8), (4, 4), (6, 4)])
def test_subsampling_is_a_power_of_two(factor: int, made: int) -> None:
    parakeet = config("parakeet_encoder", subsampling_factor=factor)
    expected = [] if factor == made else ["RF503"]

    assert figures(model_of(parakeet, NAME).stack("encoder"))[0] == 160 * made
    assert [code for code, _ in loud(parakeet, NAME)] == expected


def test_a_stride_of_three_makes_another_factor() -> None:
    assert reported(config("parakeet_encoder", subsampling_factor=8, subsampling_conv_stride=3), NAME, "RF503", "27")


def test_the_count_of_layers_of_speech_to_text_is_that_of_its_kernels() -> None:
    assert loud(config("speech_to_text", conv_kernel_sizes=[5, 5, 5], num_conv_layers=3), NAME) == []
    assert reported(
        config("speech_to_text", conv_kernel_sizes=[5, 5, 5], num_conv_layers=2), NAME, "RF201", "3 entries"
    )


def test_a_frame_of_wav2vec2_bert_is_bands_times_stride() -> None:
    features = {
        "feature_extractor_type": "SeamlessM4TFeatureExtractor",
        "num_mel_bins": 80,
        "stride": 2,
        "sampling_rate": 16000,
    }
    bert = config("wav2vec2-bert", feature_projection_input_dim=160)

    assert loud(bert, NAME, preprocessor_config=features) == []
    assert reported(bert, NAME, "RF405", "128", preprocessor_config={**features, "num_mel_bins": 64})


def test_the_adaptor_of_seamless_divides_by_eight_and_its_vocoder_makes_320_samples() -> None:
    model = model_of(config("seamless_m4t_v2"), NAME)

    assert figures(model.stack("adapter")) == (2560, 2800)
    assert int(model.stack("decoder").coverage.upsampling) == 320  # type: ignore[union-attr]


def test_every_fourth_frame_of_gemma_reads_all_before_it() -> None:
    context = model_of(config("gemma3n_audio"), NAME).stack("context")

    assert figures(context) == (2560, 1472 + 12 * 4 * 640)


def test_phi_counts_its_tokens_as_it_makes_them() -> None:
    features = {"feature_extractor_type": "Phi4MultimodalFeatureExtractor", "audio_compression_rate": 8}
    phi = config("phi4_multimodal_audio", time_reduction=8)

    assert loud(phi, NAME, preprocessor_config=features) == []
    assert reported(phi, NAME, "RF503", "4", preprocessor_config={**features, "audio_compression_rate": 4})


def test_granite_makes_whole_numbers_of_tokens() -> None:
    whole = config(
        "granite_speech", window_size=15, downsample_rate=5, encoder_config={"model_type": "granite_speech_encoder"}
    )

    assert loud(whole, NAME) == []
    assert reported({**whole, "window_size": 16}, NAME, "RF502", "16")


def test_the_position_table_of_ast_is_made_for_its_frames() -> None:
    features = {"feature_extractor_type": "ASTFeatureExtractor", "max_length": 1024, "num_mel_bins": 128}
    ast = config("audio-spectrogram-transformer", max_length=1024, num_mel_bins=128)

    assert loud(ast, NAME, preprocessor_config=features) == []
    assert reported(ast, NAME, "RF505", "512", preprocessor_config={**features, "max_length": 512})


def test_time_that_is_folded_has_no_single_step() -> None:
    model = model_of(config("clap_audio_model"), NAME)

    assert figures(model.stack("frontend")) == (480, 1024)
    assert any("folded" in note.reason for note in model.notes)
