"""SpeechBrain's separators in the time domain."""

from __future__ import annotations

import pytest
from speech_files import dialect_of, figures, loud, model_of, stack_of, told

CODING = """
sample_rate: 8000
kernel_size: 16
kernel_stride: 8
Encoder: !new:speechbrain.lobes.models.dual_path.Encoder
    kernel_size: !ref <kernel_size>
    out_channels: 256
Decoder: !new:speechbrain.lobes.models.dual_path.Decoder
    kernel_size: !ref <kernel_size>
    stride: !ref <kernel_stride>
"""
MASKS = """
MaskNet: !new:speechbrain.lobes.models.conv_tasnet.MaskNet
    P: 3
    X: 6
    R: 4
    norm_type: gLN
    causal: False
"""
SEPFORMER = "MaskNet: !new:speechbrain.lobes.models.dual_path.Dual_Path_Model {num_layers: 2}\n"


def test_convolutional_masks() -> None:
    assert figures(CODING + MASKS) == (8, 16 + 4 * 2 * 63 * 8)
    assert stack_of(CODING + MASKS).coverage.unbounded  # the norm
    assert not stack_of(CODING + MASKS.replace("gLN", "cLN")).coverage.unbounded
    assert loud(CODING + MASKS) == []


def test_causal_masks_read_late() -> None:
    stack = stack_of(CODING + MASKS.replace("causal: False", "causal: True").replace("gLN", "cLN"))

    # padded twice and cut at the end: the taps lie 1 to 3 dilations before the frame, which the shortcut reads
    assert stack.coverage.receptive_field == 16 + 4 * 3 * 63 * 8
    assert stack.coverage.right == 15


def test_attention_within_and_across_chunks() -> None:
    assert figures(CODING + SEPFORMER) == (8, 16)
    assert stack_of(CODING + SEPFORMER).coverage.unbounded
    assert loud(CODING + SEPFORMER) == []


def test_the_stride_is_half_the_kernel_by_default() -> None:
    assert figures("Encoder: !new:speechbrain.lobes.models.dual_path.Encoder {}\n" + SEPFORMER) == (1, 2)


@pytest.mark.parametrize(("stride", "wrong"), [("8", False), ("4", True)])
def test_the_decoder_undoes_the_encoder(stride: str, wrong: bool) -> None:
    text = CODING.replace("kernel_stride: 8", f"kernel_stride: {stride}") + SEPFORMER

    assert bool(loud(text)) is wrong


def test_the_decoder_has_the_encoders_kernel() -> None:
    decoder = CODING[CODING.index("Decoder") :].replace("!ref <kernel_size>", "20")

    assert told(
        CODING[: CODING.index("Decoder")] + decoder + SEPFORMER,
        "RF305",
        "`kernel_size` 20 does not fit `kernel_size` 16",
    )


def test_other_files_are_left_alone() -> None:
    assert dialect_of("Encoder: {kernel_size: 16}\nMaskNet: {P: 3}\n") is None


@pytest.mark.parametrize(
    ("key", "value"), [("kernel_size: 16", "kernel_size: 1"), ("kernel_size: 16", "kernel_size: -2")]
)
def test_impossible_sizes_are_not_counted_with(key: str, value: str) -> None:
    assert model_of(CODING.replace(key, value) + MASKS).stacks == []


def test_more_dilations_than_anyone_trains() -> None:
    assert model_of(CODING + MASKS.replace("X: 6", "X: 60")).stacks == []
