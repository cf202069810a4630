"""SpeechBrain vocoders in HyperPyYAML: mel, units, DiffWave."""

from __future__ import annotations

import pytest
from vocoder_files import codes, figures, infos, loud, model_of

NAME = "train.yaml"
ANALYSIS = """\
sample_rate: 16000
hop_length: 256
win_length: 1024
n_fft: 1024
n_mel_channels: 80
segment_size: 8192
"""
NETWORK = """\
resblock_type: "1"
resblock_dilation_sizes: [[1, 3, 5], [1, 3, 5], [1, 3, 5]]
resblock_kernel_sizes: [3, 7, 11]
upsample_kernel_sizes: [16, 16, 4, 4]
upsample_factors: [8, 8, 2, 2]
generator: !new:speechbrain.lobes.models.HifiGAN.HifiganGenerator
  resblock_type: !ref <resblock_type>
  resblock_dilation_sizes: !ref <resblock_dilation_sizes>
  resblock_kernel_sizes: !ref <resblock_kernel_sizes>
  upsample_kernel_sizes: !ref <upsample_kernel_sizes>
  upsample_factors: !ref <upsample_factors>
"""
UNITS = (
    ANALYSIS.replace("segment_size: 8192", "segment_size: 8960") + "code_hop_size: 320\n"
    + NETWORK.replace("[16, 16, 4, 4]", "[11, 8, 8, 4, 4]").replace("[8, 8, 2, 2]", "[5, 4, 4, 2, 2]").replace(
        "HifiganGenerator", "UnitHifiganGenerator")
)  # fmt: skip
DIFFWAVE = """\
sample_rate: 22050
spec_hop_length: 256
spec_win_length: 1024
spec_n_fft: 1024
residual_layers: 30
dilation_cycle_length: 10
diffwave: !new:speechbrain.lobes.models.DiffWave.DiffWave
  residual_layers: !ref <residual_layers>
  dilation_cycle_length: !ref <dilation_cycle_length>
  unconditional: False
"""


@pytest.mark.parametrize(
    ("text", "upsampling", "field"),
    [(ANALYSIS + NETWORK, 256, 27), (UNITS, 320, 42), (DIFFWAVE, 256, 27)],
    ids=["mel", "units, whose hop is the loss's", "DiffWave"],
)
def test_sound_configs_are_read_exactly_and_in_silence(text: str, upsampling: int, field: int) -> None:
    found = model_of(text, NAME).dialect, figures(text, NAME), loud(text, NAME)

    assert found == ("speechbrain/vocoder", (upsampling, field), [])


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (ANALYSIS.replace("256", "200") + NETWORK, "RF301", "256"),
        (UNITS.replace("320", "160"), "RF301", "320"),
        (UNITS.replace("8960", "9000"), "RF501", "9000"),
        (ANALYSIS + NETWORK.replace('"1"', "1"), "RF201", "3 entries"),
        (ANALYSIS + NETWORK.replace("[16, 16, 4, 4]", "[16, 16, 4]"), "RF201", "3 entries"),
        (DIFFWAVE.replace("256", "300"), "RF304", "256"),
    ],
)
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text, NAME)), loud(text, NAME)


def test_the_recipe_cuts_the_output_so_an_odd_kernel_is_told_quietly() -> None:
    text = ANALYSIS + NETWORK.replace("[16, 16, 4, 4]", "[15, 16, 4, 4]")

    assert codes(text, NAME) == []
    assert any("8·T+1" in message for message in infos(text, NAME))


def test_a_crop_of_mel_frames_need_not_be_whole_hops() -> None:
    assert codes(ANALYSIS.replace("8192", "8000") + NETWORK, NAME) == []
