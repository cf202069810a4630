"""fairseq's encoders over the waveform: fields, defaults, what task and model expect of each other."""

from __future__ import annotations

import pytest
from ssl_files import figures, loud, model_of, models_of, reported

from rflint.dialects.fairseq import PLAIN
from rflint.engine import check_text, explain_text

NAME = "config.yaml"
WAV2VEC = """
task: {_name: audio_pretraining, sample_rate: 16000, max_sample_size: 150000, min_sample_size: 32000}
model:
  _name: wav2vec
  conv_feature_layers: "[(512, 10, 5), (512, 8, 4), (512, 4, 2), (512, 4, 2), (512, 4, 2)]"
  conv_aggregator_layers: "[(512, 3, 1)] * 9"
"""
HUBERT = """
task: {_name: hubert_pretraining, sample_rate: 16000, label_rate: 50, min_sample_size: 32000}
model:
  _name: hubert
  label_rate: 50
  conv_feature_layers: "[(512,10,5)] + [(512,3,2)] * 4 + [(512,2,2)] * 2"
"""


# -- wav2vec ------------------------------------------------------------------------------------------------------


def test_wav2vec_reads_465_samples_every_160_and_its_context_3345() -> None:
    model = model_of(WAV2VEC, NAME)

    assert figures(model.stack("encoder")) == (160, 465)
    assert figures(model.stack("context")) == (160, 3345)
    assert loud(WAV2VEC, NAME) == []


def test_the_context_looks_back_only() -> None:
    encoder, context = (model_of(WAV2VEC, NAME).stack(role) for role in ("encoder", "context"))

    assert encoder is not None and context is not None
    assert context.coverage.right == encoder.coverage.right == 464
    assert context.coverage.left == 9 * 2 * 160


def test_targets_of_the_paper_are_met() -> None:
    targets = '# rflint: target encoder "about 30 ms frames every 10 ms"\n# rflint: target context "about 210 ms"\n'

    assert loud(targets + WAV2VEC, NAME) == []


def test_a_slip_in_a_stride_misses_the_target() -> None:
    slip = '# rflint: target "one frame every 10 ms"\n' + WAV2VEC.replace("(512, 8, 4)", "(512, 8, 5)")

    assert reported(slip, NAME, "RF101", "12.5 ms")


def test_without_layers_the_defaults_are_those_of_the_dataclass() -> None:
    model = model_of("model: {_name: wav2vec}\ntask: {_name: audio_pretraining}\n", NAME)

    assert figures(model.stack("encoder")) == (160, 465)
    assert figures(model.stack("context")) == (160, 12945)  # 465 + (1 + 2 + ... + 12) · 160


def test_a_recurrent_aggregator_has_no_limit_behind() -> None:
    context = model_of(WAV2VEC.replace("_name: wav2vec\n", "_name: wav2vec\n  aggregator: gru\n"), NAME).stack(
        "context"
    )

    assert context is not None
    assert context.coverage.unbounded
    assert figures(context) == (160, 465)


def test_the_default_of_old_arguments_is_not_guessed() -> None:
    flat = 'arch: wav2vec\nconv_feature_layers: "[(512, 10, 5), (512, 8, 4)] + [(512, 4, 2)] * 3"\n'
    model = model_of(flat, NAME)

    assert figures(model.stack("encoder")) == (160, 465)
    assert model.stack("context") is None
    assert any("changed" in note.reason for note in model.notes)


# -- wav2vec 2.0, HuBERT, data2vec --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_the_default_stack_reads_400_samples_every_320(name: str) -> None:
    model = model_of(f"model: {{_name: {name}}}\n", NAME)

    assert figures(model.stack("encoder")) == (320, 400)
    assert model.sample_rate is not None and model.sample_rate.origin == "framework default"


def test_the_positional_convolution_stands_in_the_context_alone() -> None:
    model = model_of("model: {_name: wav2vec2}\n", NAME)
    context = model.stack("context")

    assert figures(context) == (320, 400 + 127 * 320)
    assert context is not None and context.coverage.left == 64 * 320


def test_layers_of_the_positional_convolution_share_its_width() -> None:
    model = model_of("model: {_name: data2vec_audio, conv_pos: 95, pos_conv_depth: 5}\n", NAME)

    assert figures(model.stack("context")) == (320, 400 + 5 * 18 * 320)


def test_a_conformer_with_relative_positions_has_no_positional_convolution() -> None:
    text = "model: {_name: wav2vec2, layer_type: conformer, pos_enc_type: rel_pos, encoder_layers: 2}\n"

    assert figures(model_of(text, NAME).stack("context")) == (320, 400 + 2 * 30 * 320)


def test_a_layer_norm_extractor_is_bounded_and_a_group_norm_is_not() -> None:
    grouped, layered = (
        model_of(f"model: {{_name: wav2vec2, extractor_mode: {mode}}}\n", NAME).stack("encoder")
        for mode in ("default", "layer_norm")
    )

    assert grouped is not None and grouped.coverage.unbounded
    assert layered is not None and not layered.coverage.unbounded


def test_a_fork_is_told_by_its_keys() -> None:
    model = model_of(HUBERT.replace("_name: hubert\n", "_name: my_own\n"), NAME)

    assert (model.name, figures(model.stack("encoder"))) == ("my_own", (320, 400))


def test_a_fork_without_layers_is_not_guessed() -> None:
    assert models_of("model: {_name: my_own, extractor_mode: default}\ntask: {_name: other}\n", NAME) == []


@pytest.mark.parametrize(
    "text",
    [
        "cfg:\n  model: {_name: hubert}\n  task: {_name: hubert_pretraining}\n",
        "model: {_name: wav2vec_ctc, w2v_args: {model: {_name: wav2vec2}, task: {_name: audio_pretraining}}}\n",
        "# @package _group_\nquantize_targets: true\nfinal_dim: 256\n",
        'task_cfg: {sample_rate: 16000, conv_feature_layers: "[(512,10,5)] + [(512,3,2)] * 4 + [(512,2,2)] * 2"}\n',
    ],
)
def test_every_layout_of_the_keys_is_read(text: str) -> None:
    assert figures(model_of(text, NAME).stack("encoder")) == (320, 400)


def test_the_stack_of_a_fine_tuning_is_in_its_checkpoint() -> None:
    text = "model:\n  _name: wav2vec_ctc\n  w2v_path: ???\ntask: {_name: audio_finetuning, sample_rate: 16000}\n"
    model = model_of(text, NAME)

    assert model.stacks == []
    assert any("w2v_path" in note.reason for note in model.notes)
    assert loud(text, NAME) == []


@pytest.mark.parametrize(
    "text",
    [
        "model: {_name: transformer_lm}\ntask: {_name: language_modeling}\n",
        "model: {_name: data2vec_multi, supported_modality: IMAGE}\ntask: {_name: image_pretraining}\n",
        "model: {conv_feature_layers: 7}\n",
        "model: {_name: wav2vec2, in_d: 12}\ntask: {_name: ecg_pretraining}\n",
    ],
)
def test_other_signals_are_not_ours(text: str) -> None:
    assert models_of(text, NAME) == []


def test_an_overlay_holds_no_stack() -> None:
    model = model_of('# @package _global_\ntask: {labels: ["km"]}\nmodel: {label_rate: 100}\n', NAME)

    assert model.stacks == []


# -- labels, clips, plausibility ----------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", ["50", "100", "'???'", "'${model.other}'"])
def test_labels_at_the_frame_rate_or_twice_as_often_are_sound(rate: str) -> None:
    assert loud(HUBERT.replace("label_rate: 50", f"label_rate: {rate}"), NAME) == []


@pytest.mark.parametrize(("rate", "said"), [("40", "40 Hz"), ("25", "25 Hz")])
def test_labels_at_another_rate_slide(rate: str, said: str) -> None:
    assert reported(HUBERT.replace("label_rate: 50", f"label_rate: {rate}"), NAME, "RF402", said)


def test_a_fine_tuning_has_labels_without_a_rate() -> None:
    text = HUBERT.replace("label_rate: 50,", "label_rate: -1, fine_tuning: true,")

    assert loud(text.replace("  label_rate: 50\n", ""), NAME) == []


def test_a_clip_shorter_than_the_field_is_reported() -> None:
    assert reported(HUBERT.replace("32000", "320"), NAME, "RF506", "320")
    assert loud(HUBERT.replace("32000", "400"), NAME) == []
    assert loud(HUBERT.replace("32000", "1"), NAME) == []


def test_the_stack_of_16_khz_at_8_khz_is_implausible() -> None:
    assert reported(HUBERT.replace("16000", "8000").replace("50", "25"), NAME, "RF406", "40 ms")
    assert loud(HUBERT.replace("16000", "24000").replace("50", "75"), NAME) == []


def test_a_stack_of_ones_own_may_be_as_slow_as_it_likes() -> None:
    own = HUBERT.replace("(512,2,2)] * 2", "(512,2,2)] * 3").replace("label_rate: 50", "label_rate: 25")

    assert loud(own, NAME) == []


def test_a_comment_beside_a_size_in_samples_is_compared() -> None:
    sound = HUBERT.replace("task: {", "task: {max_sample_size: 250000, ") + "# 15.6 s\n"
    text = "task:\n  _name: hubert_pretraining\n  max_sample_size: 250000  # {}\nmodel: {{_name: hubert}}\n"

    assert loud(sound, NAME) == loud(text.format("15.6 s"), NAME) == []
    assert reported(text.format("25 s"), NAME, "RF110", "25000 ms")


def test_a_layer_must_have_three_numbers() -> None:
    assert reported(HUBERT.replace("[(512,10,5)]", "[(512,10)]"), NAME, "RF201", "2 entries")


def test_an_unquoted_list_is_explained_by_its_type() -> None:
    text = "model:\n  _name: hubert\n  conv_feature_layers: [(512,10,5), (512,3,2)]\n"

    assert reported(text, NAME, "RF002", "must be a list")


def test_a_hostile_repetition_is_neither_built_nor_fatal() -> None:
    model = model_of('model: {_name: wav2vec2, conv_feature_layers: "[(1,1,1)] * 10**9"}\n', NAME)

    assert model.stack("encoder") is None


# -- children with stacks of their own ----------------------------------------------------------------------------


@pytest.mark.parametrize(("plain", "frames"), [("true", 6), ("false", 12)])
def test_multires_adapters_follow_the_ratios(plain: str, frames: int) -> None:
    keys = f"label_rate_ratios: [1, 2]\n  conv_adapator_kernal: 7\n  use_plain_updownsample: {plain}\n"
    text = HUBERT.replace("_name: hubert\n", f"_name: multires_hubert\n  {keys}")

    assert figures(model_of(text, NAME).stack("context")) == (640, 400 + (127 + frames) * 320)
    assert loud(text, NAME) == []


def test_open_ratios_leave_the_other_resolutions_out() -> None:
    model = model_of(HUBERT.replace("_name: hubert\n", "_name: multires_hubert\n  label_rate_ratios: ???\n"), NAME)

    assert figures(model.stack("encoder")) == (320, 400)
    assert model.stack("context") is None


def test_data2vec_2_reads_its_audio_modality() -> None:
    text = "model: {_name: data2vec_multi, supported_modality: AUDIO, modalities: {audio: {mask_length: 5}}}\n"
    model = model_of(text, NAME)

    assert figures(model.stack("encoder")) == (320, 400)
    assert figures(model.stack("context")) == (320, 400 + 5 * 18 * 320)


def test_masks_of_another_stack_do_not_fit() -> None:
    text = (
        'model: {_name: data2vec_multi, modalities: {audio: {feature_encoder_spec: "[(8, 10, 5)] + [(8, 3, 2)] * 4"}}}\n'
        'task: {precompute_mask_config: {feature_encoder_spec: "[(8, 10, 5)] + [(8, 3, 2)] * {}"}}\n'
    )

    assert loud(text.replace("{}", "4"), NAME) == []
    assert reported(text.replace("{}", "3"), NAME, "RF504", "40")


def test_animal2vec_pads_its_layers_and_keeps_them_in_the_task() -> None:
    layers = "[(127, 63, 1)] +[(512, 10, 5)] + [(512, 3, 2)] * 3 + [(512, 3, 1)] + [(512, 2, 1)] * 2"
    task = f'{{_name: audio_ccas, sample_rate: 8000, conv_feature_layers: "{layers}", min_sample_size: 1}}'
    text = f"task: {task}\nmodel: {{_name: x}}\n"
    encoder = model_of(text, NAME).stack("encoder")

    assert figures(encoder) == (40, 302)
    assert encoder is not None and encoder.coverage.length(8000) == 200  # 200 Hz
    assert loud(text, NAME) == []


@pytest.mark.parametrize(("rate", "found"), [(50, []), (100, []), (40, ["RF402"])])
def test_espnet_hands_its_encoder_to_hubert(rate: int, found: list[str]) -> None:
    conf = f"{{conv_feature_layers: '[(512,10,5)] + [(512,3,2)] * 4 + [(512,2,2)] * 2', label_rate: {rate}, sample_rate: 16000}}"
    text = f"encoder: hubert_pretrain\nencoder_conf: {conf}\nfrontend: null\n"

    assert [finding.code for finding in check_text(text, "train.yaml")] == found
    (model,) = explain_text(text, "train.yaml")
    assert (model.dialect, model.stacks[0].coverage.step) == ("fairseq", 320)


def test_a_fork_keeps_the_features_and_its_own_blocks() -> None:
    text = "model: {_name: wav2vec_S, pos_type: sin, conv_feature_layers: '[(512, 10, 5)] + [(512, 3, 2)] * 4'}\n"
    (model,) = explain_text(text, "config.yaml")

    assert [stack.coverage.step for stack in model.stacks] == [80]
    assert "the blocks of `wav2vec_S` are not known" in model.notes[0].reason
