"""HiFT in CosyVoice and seed-vc: the generator, its causal twin, and the sections that must agree with it."""

from __future__ import annotations

import pytest
from vocoder_files import codes, decoder_of, figures, loud, model_of

NAME = "config.yaml"
COSY = """
sample_rate: 24000
token_frame_rate: 25
token_mel_ratio: 2
hift: !new:cosyvoice.hifigan.generator.HiFTGenerator
    sampling_rate: !ref <sample_rate>
    upsample_rates: [8, 5, 3]
    upsample_kernel_sizes: [16, 11, 7]
    istft_params: {n_fft: 16, hop_len: 4}
    source_resblock_kernel_sizes: [7, 7, 11]
mel_spec_transform1: !name:matcha.utils.audio.mel_spectrogram
    {n_fft: 1920, sampling_rate: !ref <sample_rate>, hop_size: 480, win_size: 1920}
feat_extractor: !name:matcha.utils.audio.mel_spectrogram
    {hop_size: 480, n_fft: 1920, sampling_rate: !ref <sample_rate>, win_size: 1920}
resample: !name:cosyvoice.dataset.processor.resample {resample_rate: !ref <sample_rate>}
truncate: !name:cosyvoice.dataset.processor.truncate {truncate_length: 24480}
compute_fbank: !name:cosyvoice.dataset.processor.compute_fbank {num_frames: 960}
compute_f0: !name:cosyvoice.dataset.processor.compute_f0 {sample_rate: !ref <sample_rate>, hop_size: 480}
"""
CAUSAL = COSY.replace("HiFTGenerator", "CausalHiFTGenerator").replace(
    "    istft_params", "    conv_pre_look_right: 4\n    istft_params"
)
SEED = "hift:\n    istft_params: {n_fft: 16, hop_len: 4}\n"


@pytest.mark.parametrize(("text", "expected"), [(COSY, (480, 28)), (CAUSAL, (480, 27)), (SEED, (256, 26))])
def test_sound_configs_are_read_exactly_and_in_silence(text: str, expected: tuple[int, int]) -> None:
    assert (model_of(text, NAME).dialect, figures(text, NAME), loud(text, NAME)) == ("cosyvoice", expected, [])


def test_sections_that_refer_to_one_rate_agree() -> None:
    rate = model_of(COSY, NAME).sample_rate

    assert rate is not None
    assert rate.value == 24000


def test_the_causal_generator_looks_ahead_by_its_first_convolution_and_the_stft() -> None:
    coverage = decoder_of(CAUSAL, NAME).coverage

    assert (coverage.left, coverage.right) == (22, 5)


BROKEN = [
    (
        "hop of the acoustic model",
        "{hop_size: 480,",
        "{hop_size: 256,",
        "RF301",
    ),
    (
        "hop of f0",
        "{sample_rate: !ref <sample_rate>, hop_size: 480}",
        "{sample_rate: !ref <sample_rate>, hop_size: 240}",
        "RF301",
    ),
    ("factors", "upsample_rates: [8, 5, 3]", "upsample_rates: [8, 5, 4]", "RF301"),
    ("parity", "[16, 11, 7]", "[16, 10, 7]", "RF302"),
    ("source blocks", "[7, 7, 11]", "[7, 11]", "RF201"),
    ("tokens", "token_mel_ratio: 2", "token_mel_ratio: 4", "RF504"),
    ("samples a token", "num_frames: 960", "num_frames: 640", "RF504"),
    ("crop", "truncate_length: 24480", "truncate_length: 24576", "RF501"),
    ("rate of f0", "compute_f0 {sample_rate: !ref <sample_rate>", "compute_f0 {sample_rate: 16000", "RF403"),
    ("inverse STFT", "hop_len: 4", "hop_len: 32", "RF404"),
    ("window of the mel", "sample_rate>, win_size: 1920}", "sample_rate>, win_size: 2048}", "RF401"),
    ("window of the mel loss", "hop_size: 480, win_size: 1920}", "hop_size: 480, win_size: 2048}", "RF401"),
]


@pytest.mark.parametrize(("old", "new", "code"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_contradictions_are_reported(old: str, new: str, code: str) -> None:
    assert old in COSY
    assert code in codes(COSY.replace(old, new), NAME)
