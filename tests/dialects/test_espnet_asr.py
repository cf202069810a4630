"""ESPnet2: front ends and encoders by name, prefixes, blocks, labels."""

from __future__ import annotations

import pytest
from speech_files import dialect_of, figures, loud, model_of, notes, stack_of, told

FRONT = "batch_type: numel\nfrontend_conf: {fs: 16k, n_fft: 512, win_length: 400, hop_length: 160}\n"
SEPARATED = """
batch_type: folded
enh_encoder: conv
enh_encoder_conf: {kernel_size: 16, stride: 8}
enh_separator: tcn_nomask
label_aggregator_conf: {win_length: 256, hop_length: 32}
diar_frontend: default
diar_frontend_conf: {hop_length: 64, fs: 8000}
diar_encoder: transformer
diar_encoder_conf: {input_layer: conv2d}
"""
CONFORMER = "encoder: conformer\nencoder_conf: {input_layer: conv2d, num_blocks: 12, cnn_module_kernel: 15}\n"
WAVLM = "batch_type: numel\nfrontend: s3prl\nfrontend_conf: {frontend_conf: {upstream: wavlm_large}}\n"
BLOCKS = """
encoder: contextual_block_conformer
encoder_conf: {block_size: 40, hop_size: 16, look_ahead: 16, num_blocks: 12, cnn_module_kernel: 15}
"""
DIARISATION = """
label_aggregator_conf: {win_length: 1024, hop_length: 512}
frontend_conf: {hop_length: 128}
encoder_conf: {input_layer: conv2d}
"""


def transformer(layer: str, more: str = "") -> str:
    return f"{FRONT}encoder: transformer\nencoder_conf: {{input_layer: {layer}, num_blocks: 2{more}}}\n"


def test_a_conformer_over_a_centred_spectrogram() -> None:
    stack = stack_of(FRONT + CONFORMER)

    assert figures(FRONT + CONFORMER) == (640, 400 + (6 + 12 * 14 * 4) * 160)
    assert stack.coverage.unbounded
    assert stack.factor_text() == "160 × 2·2"
    assert loud(FRONT + CONFORMER) == []


def test_defaults_are_those_of_the_code() -> None:
    bare = "batch_type: numel\nencoder: conformer\nencoder_conf: {output_size: 256}\n"

    assert figures(bare) == (512, 512 + (6 + 6 * 30 * 4) * 128)
    assert loud(bare) == []


@pytest.mark.parametrize(
    "text",
    [
        "batch_type: numel\nencoder: transformer\nencoder_conf: {input_layer: none}\n",  # translation of texts
        "batch_type: numel\nencoder: transformer\nencoder_conf: {input_layer: embed}\n",
        "batch_type: numel\nencoder: unheard_of\nencoder_conf: {num_blocks: 2}\n",
        "batch_type: numel\nencoder: [conformer]\nencoder_conf: {num_blocks: 2}\n",
        "batch_type: numel\nfrontend: [s3prl]\nencoder: conformer\nencoder_conf: {num_blocks: 2}\n",
        "batch_type: numel\ntts: tacotron2\nencoder: conformer\nencoder_conf: {num_blocks: 2}\n",
        "encoder: conformer\nencoder_conf: {num_blocks: 2}\n",
        "batch_type: numel\nencoder: conformer\nencoder_conf: {num_blocks: 2, no_subsample: true}\n",
    ],
)
def test_other_files_are_left_alone(text: str) -> None:
    assert dialect_of(text) != "espnet2/asr"


@pytest.mark.parametrize(
    ("layer", "stride", "frames"),
    [
        ("null", 1, 1),
        ("linear", 1, 1),
        ("conv1d1", 1, 5),
        ("conv1d2", 2, 5),
        ("conv1d3", 3, 7),
        ("conv2d1", 1, 5),
        ("conv2d2", 2, 7),
        ("conv2d", 4, 7),
        ("conv2d6", 6, 11),
        ("conv2d8", 8, 15),
    ],
)
def test_input_layers(layer: str, stride: int, frames: int) -> None:
    assert figures(transformer(layer)) == (160 * stride, 400 + (frames - 1) * 160)
    assert loud(transformer(layer)) == []


@pytest.mark.parametrize(
    ("encoder", "conf", "frames"),
    [
        ("branchformer", "cgmlp_conv_kernel: 31", 7 + 2 * 30 * 4),
        ("branchformer", "use_cgmlp: false", 7),
        ("branchformer", "use_attn: false", 7 + 2 * 30 * 4),
        ("e_branchformer", "cgmlp_conv_kernel: 31, merge_conv_kernel: 3", 7 + 2 * 32 * 4),
        ("conformer", "use_cnn_module: false", 7),
        ("conformer", "positionwise_layer_type: conv1d, macaron_style: true", 7 + 2 * (30 + 4 + 4) * 4),
        ("conformer", "positionwise_layer_type: conv1d-linear", 7 + 2 * (30 + 2) * 4),
        ("transformer", "positionwise_layer_type: conv1d, positionwise_conv_kernel_size: 3", 7 + 2 * 4 * 4),
        ("transformer", "pos_enc_layer_type: conv", 7 + 127 * 4),
        ("multiconv_conformer", "multicgmlp_kernel_sizes: '7,15'", 7 + 2 * (14 + 30) * 4),
        ("multiconv_conformer", "multicgmlp_kernel_sizes: '7,15', multicgmlp_type: sum", 7 + 2 * 14 * 4),
        ("longformer", "cnn_module_kernel: 3, attention_windows: [5, 7], attention_dilation: [1, 1]", 7 + 2 * 2 * 4),
    ],
)
def test_blocks_by_the_encoders_name(encoder: str, conf: str, frames: int) -> None:
    text = f"{FRONT}encoder: {encoder}\nencoder_conf: {{input_layer: conv2d, num_blocks: 2, {conf}}}\n"

    assert figures(text) == (640, 400 + (frames - 1) * 160)
    assert loud(text) == []


LONG = "encoder: longformer\nencoder_conf: {input_layer: linear, cnn_module_kernel: 3, "


@pytest.mark.parametrize(
    ("conf", "frames"),
    [
        ("num_blocks: 2, attention_windows: [5, 7], attention_dilation: [1, 1]", 5 + 7 + 2),
        ("num_blocks: 2, attention_windows: [5, 7], attention_dilation: [1, 2], attention_mode: tvm", 5 + 14 + 2),
        ("output_size: 256", 6 * (100 + 1)),
    ],
)
def test_windows_bound_the_attention(conf: str, frames: int) -> None:
    stack = stack_of(f"{FRONT}{LONG}{conf}}}\n")

    assert not stack.coverage.unbounded
    assert stack.coverage.total is not None and stack.coverage.total.receptive_field == 400 + 2 * frames * 160


@pytest.mark.parametrize(
    ("conf", "reason"),
    [
        ("num_blocks: 3, attention_windows: [5, 7]", "`attention_windows` has 2 entries, not one for each of 3 layers"),
        (
            "num_blocks: 2, attention_windows: [5, 7]",
            "`attention_dilation` has 6 entries, not one for each of 2 layers",
        ),
        ("num_blocks: 12", "`attention_windows` has 6 entries, not one for each of 12 layers"),
        ("attention_mode: n2", "the windows of the mode `n2` are not known"),
    ],
)
def test_windows_that_no_longformer_has(conf: str, reason: str) -> None:
    assert notes(f"{FRONT}{LONG}{conf}}}\n") == [reason]


def test_an_even_kernel_does_not_keep_the_length() -> None:
    assert told(FRONT + CONFORMER.replace("cnn_module_kernel: 15", "cnn_module_kernel: 30"), "RF203", "encoders.0")


def test_recurrent_layers_drop_every_other_frame() -> None:
    text = FRONT + "encoder: rnn\nencoder_conf: {num_layers: 4}\n"

    assert figures(text) == (640, 400)
    assert figures(text.replace("num_layers: 4", "num_layers: 4, subsample: [1, 2]")) == (320, 400)
    assert figures(text.replace("num_layers: 4", "num_layers: 4, subsample: null")) == (160, 400)
    assert loud(text) == []


def test_vgg_before_recurrence() -> None:
    assert figures(FRONT + "encoder: vgg_rnn\nencoder_conf: {num_layers: 4}\n") == (640, 400 + (5 + 10) * 160)


# -- front ends ---------------------------------------------------------------------------------------------------


def test_wavlm_behind_s3prl() -> None:
    text = WAVLM + CONFORMER.replace("conv2d", "conv2d2")

    assert figures(text, "frontend") == (320, 400)
    assert figures(text) == (640, 400 + (6 + 12 * 14 * 2) * 320)
    assert loud(text) == []


def test_wavlm_at_another_rate() -> None:
    text = WAVLM.replace("{frontend_conf:", "{fs: 8000, frontend_conf:") + CONFORMER

    assert told(text, "RF403", "8000")
    assert loud(text.replace("8000", "16000")) == []


def test_tiles_repeat_frames() -> None:
    text = WAVLM.replace("wavlm_large", "wavlm_large, tile_factor: 2") + CONFORMER

    assert stack_of(text, "frontend").coverage.step == 160


def test_fused_front_ends_meet_at_the_common_step() -> None:
    fused = """
batch_type: numel
frontend: fused
frontend_conf:
  frontends:
    - {frontend_type: s3prl, frontend_conf: {upstream: hubert_large_ll60k}}
    - {frontend_type: default, n_fft: 512, win_length: 400, hop_length: 160}
"""
    assert figures(fused + CONFORMER, "frontend") == (160, 200 + 400)  # from 200 before a frame to 400 behind it
    assert loud(fused + CONFORMER) == []


@pytest.mark.parametrize(
    ("frontend", "step", "field"),
    [
        ("sliding_window\nfrontend_conf: {win_length: 800, hop_length: 200}", 200, 800),
        ("huggingface\nfrontend_conf: {model: facebook/hubert-base-ls960}", 320, 400),
        ("whisper\nfrontend_conf: {whisper_model: small}", 320, 400 + 4 * 160),
        ("wav2vec_cnn\nfrontend_conf: {shapes: [[512, 10, 5], [512, 3, 2]]}", 10, 20),
    ],
)
def test_other_front_ends(frontend: str, step: int, field: int) -> None:
    assert figures(f"batch_type: numel\nfrontend: {frontend}\n" + CONFORMER, "frontend") == (step, field)


def test_the_whisper_encoder_has_its_features_built_in() -> None:
    text = "batch_type: numel\nfrontend: null\ninput_size: 1\nencoder: whisper\nencoder_conf: {whisper_model: medium}\n"

    assert figures(text) == (320, 400 + 4 * 160)
    assert loud(text) == []


def test_features_made_beforehand_are_not_derived() -> None:
    text = "batch_type: numel\nfrontend: null\ninput_size: 83\n" + CONFORMER

    assert model_of(text).stacks == []
    assert notes(text) == ["the features are made beforehand"]


@pytest.mark.parametrize(("key", "left"), [("center: true", 256), ("center: false", 0)])
def test_the_spectrogram_is_centred_or_not(key: str, left: int) -> None:
    assert (
        stack_of(
            FRONT.replace("n_fft: 512, win_length: 400", f"n_fft: 512, {key}") + CONFORMER, "frontend"
        ).coverage.left
        == left
    )


def test_the_window_fits_the_fft() -> None:
    assert told(FRONT.replace("win_length: 400", "win_length: 600") + CONFORMER, "RF401", "600")


def test_durations_need_a_rate() -> None:
    wide = FRONT.replace("hop_length: 160", "hop_length: 40") + CONFORMER

    assert told(wide, "RF406", "2.5 ms, unusually short")
    assert not told(wide.replace("fs: 16k, ", ""), "RF406", "unusually short")


# -- what stands around the encoder -------------------------------------------------------------------------------


def test_a_prefix_where_an_enhancement_stands_in_front() -> None:
    text = "batch_type: folded\nenh_encoder: stft\n" + FRONT.replace("batch_type: numel\n", "")
    text += CONFORMER.replace("encoder", "asr_encoder")

    assert figures(text) == (640, 400 + (6 + 12 * 14 * 4) * 160)
    assert notes(text) == ["the enhancement in front of the features is not counted"]


def test_diarisation_of_separated_speech_counts_the_frames_of_the_separator() -> None:
    assert not loud(SEPARATED)
    assert notes(SEPARATED)[0] == "the encoder reads frames of the enhancement"
    assert told(SEPARATED.replace("hop_length: 32", "hop_length: 64"), "RF504", "64 declared, but 32 come out")
    bare = SEPARATED.replace(
        "diar_frontend: default\ndiar_frontend_conf: {hop_length: 64, fs: 8000}", "diar_frontend: null"
    )
    assert model_of(bare).sample_rate is None


def test_diarisation_of_separated_speech_has_a_front_end_of_its_own() -> None:
    masked = SEPARATED.replace("tcn_nomask", "tcn").replace("hop_length: 32", "hop_length: 256")

    assert not loud(masked)
    assert figures(masked) == (64 * 4, 512 + 6 * 64)
    assert told(SEPARATED.replace("tcn_nomask", "tcn"), "RF504", "32 declared, but 256 come out")


def test_a_length_adaptor_behind_the_encoder() -> None:
    text = FRONT + CONFORMER + "postencoder: length_adaptor\npostencoder_conf: {length_adaptor_n_layers: 1}\n"

    assert figures(text) == (1280, 400 + (6 + 12 * 14 * 4 + 4) * 160)


def test_a_mean_over_the_utterance() -> None:
    assert stack_of(FRONT + CONFORMER + "normalize: utterance_mvn\n", "frontend").coverage.unbounded
    assert not stack_of(FRONT + CONFORMER + "normalize: global_mvn\n", "frontend").coverage.unbounded


def test_contextual_blocks_limit_the_look_ahead() -> None:
    total = stack_of(FRONT + BLOCKS).coverage.total

    assert total is not None and total.left is None
    assert total.right == (15 + 16) * 640 + 6 * 160 + 199  # the rest of a block's hop, 16 frames, the convolutions
    assert loud(FRONT + BLOCKS) == []


def test_a_block_holds_its_hop_and_its_look_ahead() -> None:
    assert told(FRONT + BLOCKS.replace("block_size: 40", "block_size: 24"), "RF502", "32 is more than `block_size` 24")


def test_contextual_blocks_take_few_input_layers() -> None:
    text = FRONT + BLOCKS.replace("block_size", "input_layer: conv1d2, block_size")

    assert notes(text) == ["contextual blocks take no input layer `conv1d2`"]


def test_labels_come_as_often_as_predictions() -> None:
    assert loud(DIARISATION) == []
    assert told(DIARISATION.replace("hop_length: 128", "hop_length: 80"), "RF504", "`hop_length` 512 declared")


@pytest.mark.parametrize("key", ["fs: 16k", "hop_length: 160", "n_fft: 512"])
def test_impossible_numbers_are_not_counted_with(key: str) -> None:
    assert model_of(FRONT.replace(key, key.split(":")[0] + ": -1") + CONFORMER).stacks == []


@pytest.mark.parametrize(
    ("tokens", "layer", "wrong"),
    [
        ("token_type: char\n", "conv2d", True),  # every 80 ms
        ("token_type: char\n", "conv2d2", False),
        ("token_type: phn\n", "conv2d", True),
        ("token_type: bpe\n", "conv2d", False),
        ("token_type: bpe\n", "conv2d8", True),
        ("token_type: char\nmodel_conf: {ctc_weight: 0.0}\n", "conv2d", False),
        (f"token_type: char\ntoken_list: {[*range(4000)]}\n", "conv2d", False),  # Chinese
        ("token_type: [char]\n", "conv2d8", False),
        ("token_type: char\nmodel_conf: {mtlalpha: 0.3}\n", "conv2d", False),  # translation: not the source's tokens
        ("", "conv2d8", False),
    ],
)
def test_ctc_needs_more_frames_than_tokens(tokens: str, layer: str, wrong: bool) -> None:
    text = WAVLM + tokens + CONFORMER.replace("conv2d", layer)

    assert told(text, "RF508", "too seldom") is wrong
    assert bool(loud(text)) is wrong


def test_diarisation_of_a_fork_joins_and_thins_frames() -> None:
    front = "frontend: default\nfrontend_conf: {fs: 8k, n_fft: 200, win_length: 200, hop_length: 80}\ninput_size: 322\n"
    conf = "encoder: transformer\nencoder_conf: {input_layer: linear, num_blocks: 2}\nattractor: rnn\n"
    text = front + conf + "model_conf: {context_size: 7, subsampling: 10}\n"
    model = model_of(text)

    assert [stack.coverage.step for stack in model.stacks] == [80, 800]
    assert model.stacks[1].coverage.receptive_field == 200 + 14 * 80
    assert loud(text) == []


def test_espnet3_has_the_recipe_in_a_section() -> None:
    section = "".join(f"  {line}\n" for line in (FRONT + CONFORMER).splitlines())
    text = f"task: espnet3.systems.asr.task.ASRTask\nmodel:\n{section}"

    assert figures(text) == figures(FRONT + CONFORMER)
    assert loud(text) == []
    assert dialect_of(text.replace("espnet3", "own")) is None
