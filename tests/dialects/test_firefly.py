"""Firefly-GAN: fish-speech's causal codec, the centred one before it, fish-vocoder's generators."""

from __future__ import annotations

import pytest
from codec_files import codes, decoded, decoder, dialect, encoder, loud, model, of, told

YAML = "firefly.yaml"
FIREFLY = "fish_speech.models.vqgan.modules.firefly"
BARE = f"""
_target_: {FIREFLY}.FireflyArchitecture
spec_transform: {{_target_: fish_speech.utils.spectrogram.LogMelSpectrogram}}
backbone: {{_target_: {FIREFLY}.ConvNeXtEncoder}}
head: {{_target_: {FIREFLY}.HiFiGANGenerator}}
quantizer: {{_target_: fish_speech.models.vqgan.modules.fsq.DownsampleFiniteScalarQuantize}}
"""
CODEC = f"""
_target_: {FIREFLY}.FireflyArchitecture
spec_transform:
  _target_: fish_speech.utils.spectrogram.LogMelSpectrogram
  sample_rate: 32000
  n_mels: 100
  n_fft: 1024
  hop_length: 320
  win_length: 1024
backbone:
  _target_: {FIREFLY}.ConvNeXtEncoder
  input_channels: 100
  depths: [1, 2]
  dims: [64, 128]
  kernel_size: 5
head:
  _target_: {FIREFLY}.HiFiGANGenerator
  hop_length: 320
  upsample_rates: [8, 8, 5]
  upsample_kernel_sizes: [16, 16, 11]
  resblock_kernel_sizes: [3, 7]
  resblock_dilation_sizes: [[1, 3, 5], [1, 3, 5]]
  pre_conv_kernel_size: 9
  post_conv_kernel_size: 9
quantizer:
  _target_: fish_speech.models.vqgan.modules.fsq.DownsampleFiniteScalarQuantize
  downsample_factor: [2]
"""
CENTRED = CODEC.replace("  pre_conv", "  use_template: false\n  pre_conv")
UNIFIED = """
_target_: fish_vocoder.modules.generators.unify.UnifyGenerator
backbone:
  _target_: fish_vocoder.modules.encoders.convnext.ConvNeXtEncoder
  depths: [2, 1]
  dims: [64, 128]
head:
  _target_: fish_vocoder.modules.generators.hifigan.HiFiGANGenerator
  hop_length: ${model.hop_length}
  upsample_rates: [8, 8, 4]
  upsample_kernel_sizes: [16, 16, 8]
"""
HEAD = """
_target_: fish_vocoder.modules.generators.hifigan.HiFiGANGenerator
hop_length: 512
use_template: false
"""


@pytest.mark.parametrize("text", [BARE, CODEC, CENTRED, UNIFIED, HEAD])
def test_sound_files_are_recognised_and_silent(text: str) -> None:
    assert (dialect(text, YAML), loud(text, YAML), model(text, YAML).notes) == ("firefly", [], [])


@pytest.mark.parametrize(
    "text",
    [
        BARE.replace("FireflyArchitecture", "Other"),
        HEAD.replace("fish_vocoder", "other_vocoder"),
        HEAD.replace("HiFiGANGenerator", "Other"),
        "name: fish_vocoder.modules.generators firefly.FireflyArchitecture",
    ],
)
def test_other_classes_are_let_go(text: str) -> None:
    assert dialect(text, YAML) is None


def test_the_defaults_are_those_of_the_published_codec_but_for_the_outer_kernels_of_its_head() -> None:
    # 2048 samples of mel, 6 frames for the stem and each of 18 blocks, 1 + 6·2 + 2 + 6·4 for two halvings with a block each
    assert encoder(BARE, YAML) == (2048, 2048 + 512 * (6 * 19 + 1 + 12 + 2 + 24), 77568, 768)
    # the second convolutions of a residual block are dilated, too: 180 samples a stage, and nothing ahead
    assert decoder(BARE, YAML) == (2048, 15, 14, 0)


def test_only_the_mel_of_the_causal_codec_looks_ahead() -> None:
    # 1024 samples; 6 for the stem, 4 for each of 3 blocks; 1 for the halving and 6·2 for its block
    assert encoder(CODEC, YAML) == (640, 1024 + 320 * (6 + 12 + 1 + 12), 320 * (6 + 12 + 12) + 352, 352)
    assert decoder(CODEC, YAML)[0] == 640
    assert decoder(CODEC, YAML)[3] == 0


def test_the_codec_before_was_centred_and_dropped_the_rest_of_a_frame() -> None:
    causal, centred = model(CODEC, YAML), model(CENTRED, YAML)

    # the stem has the kernel of the blocks: 4 frames less 6
    assert encoder(CENTRED, YAML)[:2] == (640, 1024 + 320 * (4 + 12 + 1 + 12))
    assert decoder(CENTRED, YAML)[2] == decoder(CENTRED, YAML)[3]
    lengths = [each.stack("encoder").coverage.length(320 * 7) for each in (causal, centred)]  # type: ignore[union-attr]
    assert lengths == [4, 3]


def test_a_unified_generator_stays_at_the_rate_of_the_mel_until_its_head() -> None:
    stack, head = model(UNIFIED, YAML).stack("decoder"), model(HEAD, YAML).stack("decoder")

    assert stack is not None
    assert head is not None
    assert decoded(stack.coverage)[0] == 256
    assert of(stack.stages[:2]).receptive_field == 1 + 6 + 6 * 3
    assert decoded(head.coverage) == (512, 27, 13, 13)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (CODEC.replace("[8, 8, 5]", "[8, 8, 4]"), "RF305", "320"),
        (CODEC.replace("hop_length: 320\n  win", "hop_length: 160\n  win"), "RF301", "320"),
        (CODEC.replace("input_channels: 100", "input_channels: 128"), "RF405", "128"),
        (CODEC.replace("dims: [64, 128]", "dims: [64]"), "RF201", "`dims` has 1"),
        (CODEC.replace("[16, 16, 11]", "[16, 16]"), "RF201", "2 entries"),
        (CODEC.replace("[[1, 3, 5], [1, 3, 5]]", "[[1, 3, 5], [1, 3]]"), "RF201", "2"),
        (CODEC.replace("win_length: 1024", "win_length: 1280"), "RF401", "1280"),
        (UNIFIED.replace("[16, 16, 8]", "[16, 16, 7]"), "RF302", "4"),
    ],
)
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert told(text, code, words, YAML), loud(text, YAML)


@pytest.mark.parametrize(
    "text",
    [
        UNIFIED + "vq: {_target_: fish_vocoder.modules.vq.fsq.DownsampleFiniteScalarQuantize}",
        UNIFIED.replace("hifigan.HiFiGANGenerator", "vocos.ISTFTHead"),
        UNIFIED.replace("depths: [2, 1]", "depths: [2, 100000]"),
        UNIFIED.replace("depths: [2, 1]", "kernel_sizes: [7]"),
        CODEC.replace("hop_length: 320\n  win", "hop_length: ${hop}\n  win"),
    ],
)
def test_what_is_not_known_is_a_note(text: str) -> None:
    found = model(text, YAML)

    assert ([stack for stack in found.stacks if stack.stages], len(found.notes), codes(text, YAML)) == ([], 1, [])
