"""wekws: small causal networks over frames that may be joined and skipped."""

from __future__ import annotations

import pytest
from speech_files import dialect_of, figures, loud, model_of, stack_of, told

DATA = """
dataset_conf:
  resample_conf: {resample_rate: 16000}
  feats_type: fbank
  fbank_conf: {num_mel_bins: 40, frame_shift: 10, frame_length: 25}
"""
TCN = "model: {hidden_dim: 64, input_dim: 40, backbone: {type: tcn, ds: true, num_layers: 4, kernel_size: 8}}\n"
MDTC = """
model:
  hidden_dim: 32
  backbone: {type: mdtc, num_stack: 3, stack_size: 4, kernel_size: 5, hidden_dim: 32, causal: true}
"""
GRU = "model: {hidden_dim: 128, backbone: {type: gru, num_layers: 2}}\n"
FSMN = """
model:
  hidden_dim: 128
  input_dim: 200
  backbone: {type: fsmn, num_layers: 4, left_order: 10, right_order: 2, left_stride: 1, right_stride: 1}
"""
JOINED = """
  context_expansion: true
  context_expansion_conf: {left: 2, right: 2}
  frame_skip: 3
"""


def test_a_tcn_doubles_its_dilation() -> None:
    assert figures(TCN + DATA) == (160, 400 + 7 * (1 + 2 + 4 + 8) * 160)
    assert stack_of(TCN + DATA).coverage.right == 399
    assert loud(TCN + DATA) == []


def test_mdtc_is_a_block_and_stacks_of_blocks() -> None:
    assert figures(MDTC + DATA) == (160, 400 + (4 + 3 * 4 * 15) * 160)
    assert loud(MDTC + DATA) == []


def test_a_gru_sees_all_that_was() -> None:
    total = stack_of(GRU + DATA).coverage.total

    assert figures(GRU + DATA) == (160, 400)
    assert total is not None and total.left is None and total.right == 399


def test_fsmn_is_late_instead_of_looking_ahead() -> None:
    text = FSMN + DATA + JOINED

    assert figures(text) == (480, 400 + (2 + 2 + 3 * 4 * (9 + 2)) * 160)
    assert loud(text) == []


def test_a_first_convolution_and_a_mean_over_time() -> None:
    text = TCN.replace("hidden_dim: 64", "hidden_dim: 64, preprocessing: {type: cnn1d_s1}, classifier: {type: global}")

    assert figures(text + DATA) == (160, 400 + (2 + 7 * 15) * 160)
    assert stack_of(text + DATA).coverage.unbounded


def test_features_in_one_section_as_older_files_have_them() -> None:
    older = "dataset_conf: {feature_extraction_conf: {feature_type: mfcc, frame_shift: 20, frame_length: 40}}\n"

    assert figures(GRU + older, "frontend") == (320, 640)


def test_the_kernel_of_a_tcn_has_a_default() -> None:
    assert figures(TCN.replace(", kernel_size: 8", "") + DATA) == figures(TCN + DATA)


@pytest.mark.parametrize(
    "text",
    ["model: {hidden_dim: 64}\n", "model: {hidden_dim: 64, backbone: {type: [tcn]}}\n", "backbone: {type: tcn}\n"],
)
def test_other_models_are_left_alone(text: str) -> None:
    assert dialect_of(text + DATA) is None


# -- what must agree ----------------------------------------------------------------------------------------------


def test_the_network_reads_all_bands_of_the_joined_frames() -> None:
    assert told(FSMN.replace("200", "40") + DATA + JOINED, "RF405", "`input_dim` 40 differs from 200")
    assert told(TCN.replace("input_dim: 40", "input_dim: 80") + DATA, "RF405", "`input_dim` 80 differs from 40")


def test_fsmn_has_no_strides() -> None:
    text = FSMN.replace("left_stride: 1", "left_stride: 2") + DATA + JOINED

    assert told(text, "RF408", "`left_stride` has no effect")


@pytest.mark.parametrize("missing", ["num_layers: 4, ", "left_order: 10, "])
def test_keys_that_the_code_reads_without_a_default(missing: str) -> None:
    assert told(FSMN.replace(missing, "") + DATA + JOINED, "RF002", missing.split(":")[0])


def test_a_tcn_without_layers() -> None:
    text = TCN.replace("num_layers: 4, ", "") + DATA

    assert told(text, "RF002", "num_layers")
    assert model_of(text).stack("encoder") is None


def test_mdtc_is_only_causal() -> None:
    assert told(MDTC.replace("causal: true", "causal: false") + DATA, "RF002", "causal")
