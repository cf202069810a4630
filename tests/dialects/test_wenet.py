"""WeNet: subsampling and encoders by name, streaming, and what must agree with the features."""

from __future__ import annotations

import pytest
from speech_files import dialect_of, figures, loud, model_of, notes, stack_of, told

DATA = """
dataset_conf:
  resample_conf: {resample_rate: 16000}
  fbank_conf: {num_mel_bins: 80, frame_shift: 10, frame_length: 25}
"""
CONFORMER = """
encoder: conformer
encoder_conf: {input_layer: conv2d, num_blocks: 12, cnn_module_kernel: 15, causal: false}
"""
STREAMING = CONFORMER.replace("causal: false", "causal: true, use_dynamic_chunk: true")
WHISPER = """
encoder: transformer
encoder_conf: {input_layer: conv1d2, num_blocks: 24, pos_enc_layer_type: abs_pos_whisper}
dataset_conf:
  feats_type: log_mel_spectrogram
  log_mel_spectrogram_conf: {n_fft: 400, hop_length: 160, num_mel_bins: 80}
  filter_conf: {max_length: 3000}
"""
EFFICIENT = """
encoder: efficientConformer
encoder_conf:
  input_layer: conv2d
  num_blocks: 2
  cnn_module_kernel: 15
  efficient_conf: {stride_layer_idx: [0], stride: [2], group_layer_idx: [0], group_size: 3}
"""


def transformer(layer: str, more: str = "") -> str:
    return f"encoder: transformer\nencoder_conf: {{input_layer: {layer}, num_blocks: 2{more}}}\n" + DATA


def test_a_conformer_reads_four_frames_a_step_and_attends_to_all() -> None:
    stack = stack_of(CONFORMER + DATA)

    assert figures(CONFORMER + DATA) == (640, 400 + (6 + 12 * 14 * 4) * 160)
    assert stack.coverage.unbounded
    assert stack.factor_text() == "160 × 2·2"
    assert loud(CONFORMER + DATA) == []


def test_other_frameworks_files_are_left_alone() -> None:
    assert dialect_of(CONFORMER) != "wenet"
    assert dialect_of(CONFORMER + DATA + "frontend: WavFrontend\nmodel: Conformer\n") == "funasr"
    assert dialect_of(CONFORMER + DATA + "preprocess_config: conf/preprocess.yaml\n") == "paddlespeech/asr"
    assert dialect_of(DATA + "encoder: [conformer]\nencoder_conf: {}\n") is None


@pytest.mark.parametrize(
    ("layer", "stride", "frames"),
    [
        ("linear", 1, 1),
        ("conv2d2", 2, 3),
        ("conv2d", 4, 7),
        ("dwconv2d4", 4, 7),
        ("firered_conv2d4", 4, 7),
        ("conv2d6", 6, 11),
        ("conv2d8", 8, 15),
        ("conv1d2", 2, 5),
        ("stack_n_frames", 2, 2),
        ("paraformer_dummy", 6, 7),
    ],
)
def test_input_layers(layer: str, stride: int, frames: int) -> None:
    assert figures(transformer(layer)) == (160 * stride, 400 + (frames - 1) * 160)
    assert loud(transformer(layer)) == []


def test_an_unknown_input_layer_leaves_the_front_end() -> None:
    assert figures(transformer("conv9"), "frontend") == (160, 400)
    assert model_of(transformer("conv9")).stack("encoder") is None
    assert notes(transformer("conv9")) == ["the input layer `conv9` is not known"]


@pytest.mark.parametrize(
    ("encoder", "conf", "frames"),
    [
        ("branchformer", "cgmlp_conv_kernel: 31, num_blocks: 2", 7 + 2 * 30 * 4),
        ("e_branchformer", "cgmlp_conv_kernel: 31, merge_conv_kernel: 3, num_blocks: 2", 7 + 2 * 32 * 4),
        ("branchformer", "use_cgmlp: false, num_blocks: 2", 7),
        ("conformer", "use_cnn_module: false", 7),
        ("conformer", "", 7 + 6 * 14 * 4),  # six blocks of kernel 15
        ("sanm_encoder", "num_blocks: 2", 7 + 2 * 10 * 4),  # kernel 11
        ("sanm_encoder_with_tp", "num_blocks: 2, tp_blocks: 3", 7 + 5 * 10 * 4),
    ],
)
def test_blocks_by_the_encoders_name(encoder: str, conf: str, frames: int) -> None:
    text = f"encoder: {encoder}\nencoder_conf: {{input_layer: conv2d, {conf}}}\n" + DATA

    assert figures(text) == (640, 400 + (frames - 1) * 160)


def test_squeezeformer_halves_and_recovers_the_rate() -> None:
    conf = "{cnn_module_kernel: 3, num_blocks: 3, reduce_idx: 1, recover_idx: 2, time_reduction_layer_type: conv1d}"
    text = f"encoder: squeezeformer\nencoder_conf: {conf}\n" + DATA

    # convolutions of 3 before and after; between them 5 frames of stride 2 and a convolution of 3 at half the rate
    assert figures(text) == (640, 400 + (6 + (2 + 8 + 2) * 4) * 160)
    assert figures(text.replace("recover_idx: 2", "recover_idx: null"))[0] == 1280


def test_the_kernel_shrinks_behind_a_strided_layer() -> None:
    assert figures(EFFICIENT + DATA) == (1280, 400 + (6 + 14 * 4 + 6 * 8) * 160)
    assert figures((EFFICIENT + DATA).replace("group_size: 3", "group_size: 3, stride_kernel: false")) == (
        1280,
        400 + (6 + 14 * 4 + 14 * 8) * 160,
    )


def test_static_chunks_limit_the_look_ahead() -> None:
    total = stack_of(transformer("conv2d", ", static_chunk_size: 16")).coverage.total

    assert total is not None
    assert total.left is None
    assert total.right == 15 * 640 + 400 + 6 * 160 - 1


def test_defaults_are_those_of_the_code() -> None:
    bare = "encoder: conformer\nencoder_conf: {output_size: 256}\ndataset_conf: {shuffle: true}\n"
    model = model_of(bare)

    assert figures(bare) == (640, 400 + (6 + 6 * 14 * 4) * 160)
    assert model.sample_rate is not None and model.sample_rate.value == 16000 and model.sample_rate.where is None


def test_features_before_version_2_stand_in_collate_conf() -> None:
    older = "collate_conf: {feature_extraction_conf: {frame_shift: 10, frame_length: 20}}\n"

    assert figures(transformer("conv2d").replace("dataset_conf:", older + "dataset_conf:")) == (640, 320 + 6 * 160)


def test_the_rate_scales_the_frames() -> None:
    assert figures(transformer("conv2d").replace("16000", "8000")) == (320, 200 + 6 * 80)


def test_an_impossible_rate_is_not_counted_with() -> None:
    text = transformer("conv2d").replace("16000", "-1")

    assert model_of(text).stacks == []
    assert told(text, "RF002", "resample_rate")


# -- streaming ----------------------------------------------------------------------------------------------------


def test_causal_convolutions_keep_inside_a_chunk() -> None:
    assert loud(STREAMING + DATA) == []


def test_a_dynamic_chunk_with_convolutions_that_look_ahead() -> None:
    text = STREAMING.replace("causal: true", "causal: false") + DATA

    assert told(text, "RF509", "use_dynamic_chunk: true")
    assert loud(text.replace("use_dynamic_chunk: true", "use_dynamic_chunk: false")) == []


def test_a_transformer_needs_no_causal_convolutions() -> None:
    assert loud(transformer("conv2d", ", use_dynamic_chunk: true")) == []


@pytest.mark.parametrize(("chunk", "wrong"), [("16", True), ("18", False), ("-1", False)])
def test_a_decoding_chunk_is_whole_groups_and_strides(chunk: str, wrong: bool) -> None:
    text = EFFICIENT + DATA + f"# recognize: --decoding_chunk_size {chunk} --simulate_streaming\n"

    assert told(text, "RF502", "`decoding_chunk_size` of 16 is 2.67 steps of 6") is wrong
    assert bool(loud(text)) is wrong


# -- what must agree ----------------------------------------------------------------------------------------------


def test_an_export_without_its_data_counts_frames_of_unknown_length() -> None:
    bare = f"{CONFORMER}optim: adam\nmodel_conf: {{}}\n"
    export = bare + "is_json_cmvn: true\ninput_dim: 80\noutput_dim: 4233\n"

    assert (dialect_of(bare), dialect_of(export)) == ("espnet2/asr", "wenet")
    assert figures(export) == (4, 7 + 12 * 14 * 4)
    assert (stack_of(export).input_unit, stack_of(export).input_rate) == ("frames", None)
    assert notes(export) == ["`dataset_conf`, which says how frames are made, is not in the file"]
    assert dialect_of(bare + "cmvn_conf: {is_json_cmvn: true}\n") == "wenet"
    assert stack_of(export + DATA).input_unit == "samples"
    assert loud(export) == loud(export.replace("causal: false", "use_dynamic_chunk: true")) == []


def test_whisper_mirrors_half_a_window_and_drops_its_last_frame() -> None:
    assert stack_of(WHISPER, "frontend").coverage.min_input() == 201
    assert stack_of(WHISPER.replace("conv1d2", "conv2d")).coverage.min_input() == 7 * 160


def test_whisper_holds_1500_positions_of_two_frames() -> None:
    assert figures(WHISPER) == (320, 400 + 4 * 160)
    assert loud(WHISPER) == []
    assert told(WHISPER.replace("max_length: 3000", "max_length: 3500"), "RF505", "`max_length` 3500 is more than 3000")


def test_each_strided_layer_has_its_stride() -> None:
    assert loud(EFFICIENT + DATA) == []
    assert told((EFFICIENT + DATA).replace("stride: [2]", "stride: [2, 2]"), "RF201", "`stride` has 2")


def test_the_input_size_is_that_of_the_filter_bank() -> None:
    assert loud(CONFORMER + DATA + "input_dim: 80\n") == []
    assert loud(transformer("paraformer_dummy") + "input_dim: 560\n") == []
    assert told(CONFORMER + DATA + "input_dim: 40\n", "RF405", "`input_dim` 40 differs from 80")


def test_a_shift_ten_times_too_long() -> None:
    text = (CONFORMER + DATA).replace("frame_shift: 10", "frame_shift: 100")

    assert told(text, "RF406", "100 ms, unusually long")
    assert told(text, "RF601", "75 % of the samples are never read")


CTC = "model_conf: {ctc_weight: 0.3}\n"


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ("tokenizer: bpe\n" + CTC, True),
        ("tokenizer: char\n" + CTC, True),
        ("tokenizer: bpe\n" + CTC.replace("0.3", "0.0"), False),
        ("tokenizer: paraformer\n" + CTC, False),
        (CTC, False),
    ],
)
def test_ctc_needs_frames_as_often_as_subwords(more: str, wrong: bool) -> None:
    """A frame every 80 ms, then every 96 ms."""
    text = transformer("conv2d8") + more

    assert loud(text) == []
    assert told(text.replace("frame_shift: 10", "frame_shift: 12"), "RF508", "A frame every 96 ms") is wrong


@pytest.mark.parametrize(
    ("layer", "stated", "wrong"),
    [
        ("conv2d", 25, False),
        ("conv2d8", 12, False),
        ("conv2d8", 25, True),
        ("conv2d6", 25, True),
        ("conv2d2", 50, False),
    ],
)
def test_the_longest_chunk_of_training_is_one_second(layer: str, stated: int, wrong: bool) -> None:
    conf = f"encoder_conf: {{input_layer: {layer}, causal: true, use_dynamic_chunk: true}}\n"
    text = f"{conf}max_chunk_size: {stated}\n"

    assert told(text, "RF408", f"has no effect; {100 // int(layer[6:] or 4)} is used")
    assert (loud(text) != []) is wrong
    assert not told(text.replace("use_dynamic_chunk: true", "use_dynamic_chunk: false"), "RF408", "has no effect")


def test_without_a_name_the_encoder_is_a_conformer() -> None:
    conf = "encoder_conf: {input_layer: conv2d, causal: true, use_dynamic_chunk: true}\n"

    assert loud(conf) == []
    assert loud("encoder: conformer\n" + DATA + conf) == []
