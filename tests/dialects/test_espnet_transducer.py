"""ESPnet2's transducer task: an encoder as a list of blocks."""

from __future__ import annotations

import pytest
from speech_files import dialect_of, figures, loud, notes, stack_of, told

BODY = """
optim: adam
frontend_conf: {fs: 16000, n_fft: 512, win_length: 400, hop_length: 160}
encoder_conf:
  main_conf: {pos_wise_act_type: swish}
  input_conf: {subsampling_factor: 4}
  body_conf:
  - {block_type: conformer, linear_size: 1024, hidden_size: 256, conv_mod_kernel_size: 31, num_blocks: 18}
"""


def test_each_block_as_often_as_it_says() -> None:
    assert figures(BODY) == (640, 400 + (6 + 18 * 30 * 4) * 160)
    assert loud(BODY) == []


@pytest.mark.parametrize(("factor", "frames"), [(2, 7), (4, 7), (6, 11)])
def test_the_subsampling_factor_chooses_the_second_convolution(factor: int, frames: int) -> None:
    text = BODY.replace("subsampling_factor: 4", f"subsampling_factor: {factor}").replace("31", "1")

    assert figures(text) == (160 * factor, 400 + (frames - 1) * 160)


def test_the_factor_has_a_default() -> None:
    assert figures(BODY.replace("subsampling_factor: 4", "conv_size: 256")) == figures(BODY)


def test_other_factors_are_refused() -> None:
    assert notes(BODY.replace("subsampling_factor: 4", "subsampling_factor: 5")) == [
        "a subsampling factor of 5 is refused"
    ]


def test_vgg_strides_by_two_twice() -> None:
    text = BODY.replace("subsampling_factor: 4", "subsampling_factor: 4, vgg_like: true").replace("31", "1")

    # convolutions of 3, a pooling of 2, convolutions of 3 and a pooling of 2 at half the rate
    assert figures(text) == (640, 400 + (4 + 1 + 8 + 2) * 160)
    assert loud(text) == []
    assert told(text.replace("factor: 4", "factor: 6"), "RF503", "`subsampling_factor` 6 is declared, the model has 4")


@pytest.mark.parametrize(
    ("block", "step", "frames"),
    [
        ("block_type: branchformer, conv_mod_kernel_size: 15", 4, 7 + 14 * 4),
        ("block_type: ebranchformer, conv_mod_kernel_size: 15, depth_conv_kernel_size: 3", 4, 7 + 16 * 4),
        ("block_type: ebranchformer, conv_mod_kernel_size: 15", 4, 7 + 28 * 4),
        ("block_type: conv1d, kernel_size: 3, dilation: 2", 4, 7 + 4 * 4),
        ("block_type: conv1d, kernel_size: 3, stride: 2, num_blocks: 2", 16, 7 + 2 * 4 + 2 * 8),
    ],
)
def test_block_types(block: str, step: int, frames: int) -> None:
    text = BODY[: BODY.index("  - {")] + f"  - {{{block}}}\n"

    assert figures(text) == (160 * step, 400 + (frames - 1) * 160)


def test_streaming_blocks_do_not_look_ahead() -> None:
    streaming = BODY.replace("main_conf: {", "main_conf: {dynamic_chunk_training: true, ")

    assert stack_of(streaming).coverage.right == 6 * 160 + 199
    assert stack_of(BODY).coverage.right == (6 + 18 * 15 * 4) * 160 + 199


def test_a_streaming_convolution_has_no_stride_and_plain_padding() -> None:
    text = BODY.replace("main_conf: {", "main_conf: {dynamic_chunk_training: true, ")
    text = text[: text.index("  - {")] + "  - {block_type: conv1d, kernel_size: 3, stride: 2, dilation: 2}\n"

    assert figures(text) == (640, 400 + (6 + 4 * 4) * 160)
    assert stack_of(text).coverage.right == (6 + 2 * 4) * 160 + 199  # two of its four frames are padded


def test_unknown_blocks_are_said() -> None:
    assert notes(BODY.replace("block_type: conformer", "block_type: rwkv")) == ["the block type `rwkv` is not known"]


def test_other_lists_are_left_alone() -> None:
    assert dialect_of("optim: adam\nencoder_conf: {body_conf: [1, 2]}\n") != "espnet2/transducer"
