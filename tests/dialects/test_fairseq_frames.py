"""fairseq models over frames: audio-visual HuBERT, FastHuBERT, wav2vec-U."""

from __future__ import annotations

import pytest
from ssl_files import figures, found, loud, model_of, reported

NAME = "config.yaml"
LIPS = """
task: {_name: av_hubert_pretraining, sample_rate: 25, stack_order_audio: 4, max_sample_size: 500, min_sample_size: 5}
model:
  _name: av_hubert
  label_rate: 100
  # conv_feature_layers: '[(512,10,5)] + [(512,3,2)] * 4 + [(512,2,2)] * 2'
  wav_input: false
  audio_feat_dim: 104
"""
FAST = """
task: {_name: fasthubert_pretraining, sample_rate: 100, max_sample_size: 1562}
model:
  _name: fasthubert
  label_rate: 50
  conv_kernel_sizes: '5,5'
"""
GAN = "model: {_name: wav2vec_u, generator_kernel: 9, generator_stride: 3, discriminator_kernel: 8}\n"


def test_audio_frames_are_stacked_to_the_video_rate() -> None:
    model = model_of(LIPS, NAME)

    assert figures(model.stack("encoder")) == (640, 400 + 3 * 160)
    assert model.sample_rate is not None and model.sample_rate.value == 16000
    assert loud(LIPS, NAME) == []


@pytest.mark.parametrize("rate", ["25", "100"])
def test_labels_at_the_video_rate_or_a_multiple_are_sound(rate: str) -> None:
    assert loud(LIPS.replace("label_rate: 100", f"label_rate: {rate}"), NAME) == []


def test_labels_between_the_frames_slide() -> None:
    assert reported(LIPS.replace("label_rate: 100", "label_rate: 40"), NAME, "RF402", "40 Hz")


def test_audio_slower_than_the_video_is_reported() -> None:
    assert reported(LIPS.replace("stack_order_audio: 4", "stack_order_audio: 5"), NAME, "RF504", "20")


def test_a_frame_is_26_filters_for_every_stacked_frame() -> None:
    assert reported(LIPS.replace("104", "80"), NAME, "RF405", "104")


def test_video_alone_has_no_audio_stack() -> None:
    text = "task: {_name: av_hubert_pretraining, stack_order_audio: 4, modalities: [video]}\nmodel: {_name: av_hubert_seq2seq}\n"
    model = model_of(text, NAME)

    assert model.stacks == []
    assert any("video" in note.reason for note in model.notes)


def test_fast_hubert_halves_filter_bank_frames_twice() -> None:
    assert figures(model_of(FAST, NAME).stack("encoder")) == (640, 2320)
    assert loud(FAST, NAME) == []


def test_the_raw_stack_of_fast_hubert_is_dead() -> None:
    text = FAST + "  conv_feature_layers: '[(512,10,5)] + [(512,3,2)] * 4'\n"

    assert [f.code for f in found(text, NAME)] == ["RF408"]
    assert figures(model_of(text, NAME).stack("encoder")) == (640, 2320)


def test_the_generator_reads_frames_of_wav2vec_2() -> None:
    assert figures(model_of(GAN, NAME).stack("encoder")) == (960, 400 + 8 * 320)
    assert loud(GAN, NAME) == []


def test_an_even_generator_gives_a_frame_more() -> None:
    stack = model_of(GAN.replace("9,", "4,").replace("stride: 3", "stride: 1"), NAME).stack("encoder")

    assert figures(stack) == (320, 400 + 3 * 320)
    assert stack is not None and stack.coverage.length(400 + 9 * 320) == 11


def test_merged_frames_have_no_fixed_step() -> None:
    kept = GAN + "task: {_name: unpaired_audio_text, aux_target_postfix: km}\n"

    assert "no fixed step" in model_of(GAN, NAME).notes[0].reason
    assert model_of(kept, NAME).notes == []
    assert model_of(GAN.replace("kernel: 9", "kernel: 9, mmi_weight: 0.5"), NAME).notes == []


def test_a_generator_without_taps_is_no_stack() -> None:
    assert model_of(GAN.replace("generator_kernel: 9", "generator_kernel: 0"), NAME).stacks == []
