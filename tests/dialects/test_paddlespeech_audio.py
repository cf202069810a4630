"""PaddleSpeech beside recognition: speakers, keywords, sounds, the streaming server."""

from __future__ import annotations

import pytest
from speech_files import figures, loud, model_of, models_of, stack_of, told

ECAPA = """
sr: 16000
n_mels: 80
window_size: 400
hop_size: 160
model:
  input_size: 80
  channels: [1024, 1024, 1024, 1024, 3072]
  kernel_sizes: [5, 3, 3, 3, 1]
  dilations: [1, 2, 3, 4, 1]
  attention_channels: 128
  lin_neurons: 192
"""
MDTC = """
backbone: paddlespeech.kws.models:MDTC
sample_rate: 16000
frame_shift: 10
frame_length: 25
n_mels: 80
in_channels: 80
stack_num: 3
stack_size: 4
kernel_size: 5
"""
PANNS = """
feature: {sr: 32000, n_fft: 1024, hop_length: 320, window: hann, win_length: 1024, n_mels: 64}
model: {backbone: "paddlespeech.cls.models:cnn14"}
"""
SERVER = """
asr_online:
  cfg_path: conf/model.yaml
  sample_rate: 16000
  chunk_buffer_conf: {window_n: 7, shift_n: 4, window_ms: 25, shift_ms: 10, sample_rate: 16000}
"""


def test_ecapa() -> None:
    assert figures(ECAPA) == (160, 400 + (4 + 7 * 2 * (2 + 3 + 4)) * 160)
    assert stack_of(ECAPA).coverage.unbounded
    assert loud(ECAPA) == []


def test_lists_of_ecapa() -> None:
    assert told(ECAPA.replace("dilations: [1, 2, 3, 4, 1]", "dilations: [1, 2, 3, 1]"), "RF201", "`dilations` has 4")
    assert told(ECAPA.replace("[5, 3, 3, 3, 1]", "[5, 3, 5, 3, 1]"), "RF408", "`kernel_sizes`")
    assert told(ECAPA.replace("input_size: 80", "input_size: 40"), "RF405", "`input_size` 40 differs from `n_mels` 80")


def test_mdtc() -> None:
    assert figures(MDTC) == (160, 400 + (4 + 3 * 4 * 15) * 160)
    assert loud(MDTC) == []
    assert told(MDTC.replace("in_channels: 80", "in_channels: 40"), "RF405", "`in_channels` 40")


@pytest.mark.parametrize(
    ("net", "stride", "frames"),
    [
        ("cnn6", 16, 1 + (4 + 1) * (1 + 2 + 4 + 8)),
        ("cnn10", 16, 1 + (4 + 1) * (1 + 2 + 4 + 8)),
        ("cnn14", 32, 1 + (4 + 1) * (1 + 2 + 4 + 8 + 16) + 4 * 32),
    ],
)
def test_sounds(net: str, stride: int, frames: int) -> None:
    text = PANNS.replace("cnn14", net)

    assert figures(text) == (320 * stride, 1024 + (frames - 1) * 320)
    assert loud(text) == []


def test_the_window_fits_the_fft() -> None:
    assert told(PANNS.replace("win_length: 1024", "win_length: 2048"), "RF401", "2048")


def test_a_window_shorter_than_the_hop() -> None:
    text = PANNS.replace("n_fft: 1024", "n_fft: 126").replace("win_length: 1024", "win_length: 126")

    assert told(text, "RF601", "never read")


def test_the_server_cuts_a_window_of_frames() -> None:
    assert figures(SERVER) == (640, 400 + 6 * 160)
    assert loud(SERVER) == []


def test_the_server_states_the_window_once_more() -> None:
    longer = SERVER.replace("window_n: 7", "window_n: 7, frame_duration_ms: 85")

    assert loud(longer) == []
    assert told(longer.replace("85", "80"), "RF103", "`frame_duration_ms: 80` says 80 ms")


def test_the_released_models_read_seven_frames_every_four() -> None:
    text = SERVER.replace("cfg_path: conf/model.yaml", "cfg_path:")

    assert loud(text) == []
    assert told(text.replace("shift_n: 4", "shift_n: 6"), "RF504", "`shift_n` 6")
    assert loud(SERVER.replace("shift_n: 4", "shift_n: 6")) == []


def test_rates_of_the_server() -> None:
    assert told(SERVER.replace("  sample_rate: 16000\n", "  sample_rate: 8000\n"), "RF403", "`sample_rate` 8000")


def test_a_server_and_nothing_else() -> None:
    assert [model.name for model in models_of(SERVER)] == ["asr_online"]


def test_impossible_sizes_are_not_counted_with() -> None:
    assert model_of(ECAPA.replace("sr: 16000", "sr: 0")).stacks == []
    assert model_of(MDTC.replace("stack_num: 3", "stack_num: 100000")).stack("encoder") is None
