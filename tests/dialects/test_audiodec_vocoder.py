"""AudioDec's vocoder: causal, no hop in the file, anchors and aliases."""

from __future__ import annotations

import pytest
from vocoder_files import codes, decoder_of, figures, loud, model_of

NAME = "config.yaml"
TEXT = """\
sampling_rate: &sampling_rate 48000
model_type: HiFiGAN
train_mode: vocoder
analyzer: exp/autoencoder/checkpoint.pkl
generator_params:
    kernel_size: 7
    upsample_scales: [5, 5, 4, 3]
    upsample_kernel_sizes: [10, 10, 8, 6]
    resblock_kernel_sizes: [3, 7, 11]
    resblock_dilations: [[1, 3, 5], [1, 3, 5], [1, 3, 5]]
    use_additional_convs: true
use_mel_loss: true
mel_loss_params: {fs: *sampling_rate, fft_sizes: [2048], hop_sizes: [300], win_lengths: [2048]}
batch_length: 9600
"""
SINGLE = TEXT.replace("[3, 7, 11]", "[3]").replace("[[1, 3, 5], [1, 3, 5], [1, 3, 5]]", "[[1, 3, 5]]\n    groups: 3")


@pytest.mark.parametrize(("text", "field"), [(TEXT, 39), (SINGLE, 15)], ids=["three branches", "one branch in groups"])
def test_sound_configs_are_read_exactly_and_in_silence(text: str, field: int) -> None:
    assert (model_of(text, NAME).dialect, figures(text, NAME), loud(text, NAME)) == (
        "audiodec/vocoder",
        (300, field),
        [],
    )


def test_it_looks_back_only() -> None:
    coverage = decoder_of(TEXT, NAME).coverage

    assert (coverage.left, coverage.right, coverage.length(32)) == (38, 0, 9600)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (
            TEXT.replace("9600", "9000").replace("[5, 5, 4, 3]", "[5, 5, 4, 4]").replace("8, 6]", "8, 8]"),
            "RF501",
            "9000",
        ),
        (TEXT.replace("[10, 10, 8, 6]", "[15, 10, 8, 6]"), "RF302", "5·T+10"),
        (TEXT.replace("[10, 10, 8, 6]", "[10, 10, 8]"), "RF201", "3 entries"),
        (TEXT.replace("fs: *sampling_rate", "fs: 24000"), "RF403", "24000"),
    ],
)
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text, NAME)), loud(text, NAME)


def test_a_codec_without_upsampling_list_is_not_claimed() -> None:
    text = TEXT.replace("    upsample_scales: [5, 5, 4, 3]\n", "    dec_strides: [5, 5, 4, 3]\n")

    assert codes(text, NAME) == []
