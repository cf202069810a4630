"""fairseq's data configs, fairseq2, torchaudio's arguments, and UniSpeech's diarization."""

from __future__ import annotations

import pytest
from ssl_files import figures, loud, model_of, models_of, reported

NAME = "config.yaml"
SPEECH = "vocab_filename: dict.txt\ninput_feat_per_channel: 80\n"
SPOKEN = """
vocab_filename: dict.txt
features:
  {sample_rate: 22050, n_fft: 1024, hop_length: 256, win_length: 1024,
   hop_len_t: 0.011609977324263039, win_len_t: 0.046439909297052155}
"""
ENCODER = "model: {arch: large, config_overrides: {encoder_config: {first_pass_dropout_p: 0.1}}}\n"
ARGUMENTS = """
{"extractor_mode": "group_norm", "extractor_conv_layer_config": [[512, 10, 5], [512, 3, 2]], "encoder_pos_conv_kernel": 128}
"""
TURNS = """
model: {sr: 8000, frame_shift: 320, frame_size: 200, context_size: 0, subsampling: 1, feat_type: a/checkpoint.th}
dataset: {frame_shift: 320, sampling_rate: 8000}
"""


# -- fairseq's data configs ---------------------------------------------------------------------------------------


def test_speech_is_read_as_kaldi_frames() -> None:
    assert figures(model_of(SPEECH, NAME).stack("frontend")) == (160, 400)
    assert model_of(SPEECH + "use_audio_input: true\n", NAME).stacks == []


def test_a_spectrogram_says_the_same_in_seconds() -> None:
    assert figures(model_of(SPOKEN, NAME).stack("frontend")) == (256, 1024)
    assert loud(SPOKEN, NAME) == []
    assert reported(SPOKEN.replace("0.011609977324263039", "0.0125"), NAME, "RF101", "hop_len_t")


def test_a_window_must_fit_its_fft() -> None:
    assert reported(SPOKEN.replace("n_fft: 1024", "n_fft: 512"), NAME, "RF401", "512")


def test_a_vocabulary_alone_is_no_data_config() -> None:
    assert models_of("vocab_filename: dict.txt\nmodel: x\n", NAME) == []


# -- fairseq2 -----------------------------------------------------------------------------------------------------


def test_an_architecture_of_fairseq2_has_the_stack_of_wav2vec_2() -> None:
    model = model_of(ENCODER, NAME)

    assert (figures(model.stack("encoder")), figures(model.stack("context"))) == ((320, 400), (320, 41040))
    assert loud(ENCODER, NAME) == []


def test_filter_bank_frames_are_joined() -> None:
    text = "encoder_config: {use_fbank: true, fbank_stride: 2, use_conformer: true, num_encoder_layers: 1}\n"
    model = model_of(text, NAME)

    assert (figures(model.stack("encoder")), figures(model.stack("context"))) == ((320, 560), (320, 560 + 30 * 320))


def test_an_unknown_architecture_is_not_guessed() -> None:
    assert model_of(ENCODER.replace("large", "conformer_shaw"), NAME).stacks == []


def test_another_encoder_of_fairseq2_is_not_ours() -> None:
    assert models_of("model: {config_overrides: {encoder_config: {num_layers: 3}}}\n", NAME) == []


# -- torchaudio ---------------------------------------------------------------------------------------------------


def test_arguments_of_torchaudio_are_a_stack() -> None:
    model = model_of(ARGUMENTS, "aves.json")

    assert figures(model.stack("encoder")) == (10, 20)
    assert loud(ARGUMENTS, "aves.json") == []


def test_null_is_the_stack_of_hubert() -> None:
    text = ARGUMENTS.replace("[[512, 10, 5], [512, 3, 2]]", "null")

    assert figures(model_of(text, "aves.json").stack("encoder")) == (320, 400)


# -- UniSpeech ----------------------------------------------------------------------------------------------------


def test_frames_of_the_upstream_are_halved_to_the_labels() -> None:
    model = model_of(TURNS, NAME)

    assert figures(model.stack("encoder")) == (320, 360)
    assert model.sample_rate is not None and model.sample_rate.value == 8000
    assert loud(TURNS, NAME) == []


def test_labels_are_cut_as_the_frames_are() -> None:
    assert reported(TURNS.replace("dataset: {frame_shift: 320", "dataset: {frame_shift: 160"), NAME, "RF504", "160")
    assert reported(TURNS.replace("sampling_rate: 8000", "sampling_rate: 16000"), NAME, "RF403", "16000")


@pytest.mark.parametrize("shift", ["300", "640"])
def test_another_interpolation_is_not_computable(shift: str) -> None:
    assert model_of(TURNS.replace("320", shift), NAME).stacks == []


def test_spectral_features_need_no_upstream() -> None:
    text = TURNS.replace("a/checkpoint.th", "fbank").replace("320", "80")

    assert figures(model_of(text, NAME).stack("encoder")) == (80, 200)
