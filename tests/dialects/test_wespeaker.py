"""wespeaker: features by the front end's name, networks by the model's, crops and bands that must agree."""

from __future__ import annotations

import pytest
from speech_files import dialect_of, figures, loud, model_of, notes, stack_of, told

FBANK = """
exp_dir: exp/{model}-fbank80-num_frms200
model: {model}
model_args: {{feat_dim: 80, embed_dim: 192}}
dataset_args:
  resample_rate: 16000
  num_frms: 200
  fbank_args: {{num_mel_bins: 80, frame_shift: 10, frame_length: 25}}
  filter_args: {{min_num_frames: 100, max_num_frames: 800}}
"""
WAVLM = """
model: ECAPA_TDNN_GLOB_c512
model_args: {feat_dim: -1}
dataset_args:
  frontend: s3prl
  s3prl_args: {upstream_args: {name: wavlm_large}, frame_shift: 20, frame_length: 20}
"""


def over_fbank(model: str) -> str:
    return FBANK.format(model=model)


ECAPA = over_fbank("ECAPA_TDNN_GLOB_c512")


@pytest.mark.parametrize(
    ("name", "stride", "frames"),
    [
        ("ECAPA_TDNN_GLOB_c512", 1, 1 + 4 + 7 * 2 * (2 + 3 + 4)),
        ("XVEC", 1, 1 + 4 + 4 + 6),
        ("ResNet34", 8, 1 + 2 + 12 + (6 + 24) + (12 + 80) + (24 + 64)),
        ("ResNet50", 8, 1 + 2 + 6 + (2 + 12) + (4 + 40) + (8 + 32)),
        ("SimAM_ResNet34_ASP", 8, 1 + 2 + 12 + (6 + 24) + (12 + 80) + (24 + 64)),
        ("CAMPPlus", 2, 1 + (2 + 16 + 2 + 4) + 12 * 4 + 24 * 8 + 16 * 8),
        ("Gemini_DF_ResNet60", 2, 1 + 2 + (2 + 6) + (2 + 12) + (4 + 36) + (4 + 12)),
        ("ERes2Net34_Large", 8, 1 + 2 + 12 + 32 + 96 + 96),
        ("REPVGG_TINY_A0", 8, 1 + 2 + 3 * 2 + (2 + 3 * 4) + (4 + 22 * 8) + (8 + 2 * 16)),
        ("REPVGG_TINY_RSBB_A0", 8, 1 + 2 * (2 + 3 * 2 + (2 + 3 * 4) + (4 + 22 * 8) + (8 + 2 * 16))),
        ("REPVGG_A2", 8, 1 + 2 + 2 * 2 + (2 + 3 * 4) + (4 + 13 * 8) + 8),
        ("REPVGG_RSBB_B0", 8, 1 + 2 * (2 + 4 * 2 + (2 + 5 * 4) + (4 + 15 * 8) + 8)),
        ("REPVGG_B1g4", 8, 1 + 2 + 4 * 2 + (2 + 5 * 4) + (4 + 15 * 8) + 8),
        ("REPVGG_D2SE", 8, 1 + 2 + 8 * 2 + (2 + 13 * 4) + (4 + 23 * 8) + 8),
        ("Res2Net34_Base", 8, 1 + 2 + 6 + 16 + 48 + 48),
    ],
)
def test_networks_by_name(name: str, stride: int, frames: int) -> None:
    text = over_fbank(name)

    assert figures(text) == (160 * stride, 400 + (frames - 1) * 160)
    assert stack_of(text).coverage.unbounded  # the pooling
    assert loud(text) == []


def test_an_adapter_over_w2v_bert_adds_no_frames() -> None:
    text = "model: W2VBert_Adapter_MFA\nmodel_args: {feat_dim: 1024}\ndataset_args: {frontend: w2vbert, cmvn: False}\n"

    assert figures(text) == (320, 560)
    assert stack_of(text).coverage.min_input() == 400
    assert loud(text) == []


def test_a_network_that_is_not_written_down_leaves_the_features() -> None:
    text = over_fbank("ReDimNetB2")

    assert figures(text, "frontend") == (160, 400)
    assert notes(text) == ["the layers of `ReDimNetB2` are not known"]
    assert loud(text) == []


def test_only_files_with_all_three_sections() -> None:
    assert dialect_of("model: ResNet34\nmodel_args: {feat_dim: 80}\n") is None
    assert dialect_of("model: [ResNet34]\nmodel_args: {feat_dim: 80}\ndataset_args: {}\n") is None


def test_defaults_are_those_of_the_code() -> None:
    model = model_of("model: XVEC\nmodel_args: {}\ndataset_args: {shuffle: true}\n")

    assert model.sample_rate is not None and model.sample_rate.value == 16000
    assert [stack.coverage.receptive_field for stack in model.stacks] == [400, 400 + 14 * 160]


def test_the_rate_scales_the_frames() -> None:
    assert figures(ECAPA.replace("16000", "8000"), "frontend") == (80, 200)


# -- front ends ---------------------------------------------------------------------------------------------------


def test_wavlm_gives_frames_of_20_ms() -> None:
    assert figures(WAVLM, "frontend") == (320, 400)
    assert loud(WAVLM) == []


def test_the_shift_of_an_upstream_is_asserted() -> None:
    assert told(WAVLM.replace("frame_shift: 20", "frame_shift: 10"), "RF101", "`frame_shift: 10` says 10 ms")


def test_an_unknown_upstream_is_not_guessed() -> None:
    assert notes(WAVLM.replace("wavlm_large", "mystery")) == ["the frame rate of the upstream `mystery` is not known"]


@pytest.mark.parametrize(
    ("frontend", "step", "field"), [("whisper_encoder", 320, 400 + 4 * 160), ("w2vbert", 320, 400 + 160)]
)
def test_pretrained_encoders(frontend: str, step: int, field: int) -> None:
    text = f"model: ECAPA_TDNN_c512\nmodel_args: {{feat_dim: -1}}\ndataset_args: {{frontend: {frontend}}}\n"

    assert figures(text, "frontend") == (step, field)
    assert loud(text) == []


def test_tfmel_counts_samples() -> None:
    text = "model: XVEC\nmodel_args: {}\ndataset_args: {frontend: tfmel, tfmel_args: {hop_length: 200}}\n"

    assert figures(text, "frontend") == (200, 400)
    assert figures(text.replace("tfmel_args: {hop_length: 200}", "tfmel_args: {}"), "frontend") == (160, 400)


def test_an_unknown_front_end_is_not_guessed() -> None:
    assert model_of(ECAPA.replace("resample_rate", "frontend: lfcc\n  resample_rate")).stacks == []


# -- what must agree ----------------------------------------------------------------------------------------------


def test_the_network_reads_all_bands() -> None:
    assert told(ECAPA.replace("feat_dim: 80", "feat_dim: 40"), "RF405", "`feat_dim` 40 differs from `num_mel_bins` 80")
    assert loud(ECAPA.replace("feat_dim: 80", "feat_dim: -1")) == []


def test_the_name_of_the_experiment_is_reported_but_no_fault() -> None:
    renamed = ECAPA.replace("num_frms: 200", "num_frms: 300")

    assert told(renamed, "RF504", "200")
    assert loud(renamed) == []


def test_a_large_margin_stage_keeps_its_name() -> None:
    assert not told(ECAPA.replace("frms200", "frms200-LM").replace("num_frms: 200", "num_frms: 600"), "RF504", "200")
    assert not told(ECAPA.replace("num_frms: 200", "num_frms: 600") + "do_lm: true\n", "RF504", "200")


def test_a_shift_ten_times_too_long() -> None:
    assert told(ECAPA.replace("frame_shift: 10", "frame_shift: 100"), "RF406", "100 ms, unusually long")


def test_a_raw_waveform_has_no_filter_bank() -> None:
    text = ECAPA.replace("  resample_rate: 16000\n", "  resample_rate: 16000\n  raw_wav: true\n")

    assert model_of(text).stacks == []
    assert loud(text) == []
