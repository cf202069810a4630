"""BPNet over base pairs, the ECG network, U-Time over nights of sleep, ClearerVoice over voices."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import JSON, figures, infos, loud, model_of

LITE = {"n_filters": 64, "n_layers": 8, "in_window": 2114, "out_window": 1000}
ORIGINAL: dict[str, Any] = {
    "input_len": 2114,
    "output_profile_len": 1000,
    "motif_module_params": {"filters": [64], "kernel_sizes": [21], "padding": "valid"},
    "syntax_module_params": {"num_dilation_layers": 8, "kernel_size": 3, "padding": "valid"},
    "profile_head_params": {"kernel_size": 75, "padding": "valid"},
}


@pytest.mark.parametrize(
    ("config", "field"),
    [
        (LITE, 1 + 20 + 4 * 255 + 74),
        ({**LITE, "n_layers": 1, "in_window": 1200}, 1 + 20 + 4 + 74),
        (ORIGINAL, 1115),
        ({**ORIGINAL, "motif_module_params": {"filters": [64, 64], "kernel_sizes": [11, 11]}}, 1115),
    ],
)
def test_bpnet_is_read_exactly_and_in_silence(config: dict[str, Any], field: int) -> None:
    text = json.dumps(config)
    assert (figures(text, name=JSON), loud(text, JSON)) == ((1, field), [])


def test_a_window_shorter_than_the_field_is_told() -> None:
    text = json.dumps({**LITE, "in_window": 400, "out_window": 300})

    assert loud(text, JSON) == []
    assert infos(text, JSON) == [
        "The receptive field of 1115 is longer than `in_window` 400: no example shows a full context"
    ]


def test_bpnet_without_padding_gives_only_so_many_positions() -> None:
    assert ("RF504", "error") in loud(json.dumps({**ORIGINAL, "output_profile_len": 1002}), JSON)
    padded = json.dumps({**LITE, "out_window": 1002})
    assert loud(padded, JSON) == [] and len(infos(padded, JSON)) == 1


def test_bpnet_cuts_from_the_middle() -> None:
    assert ("RF504", "warning") in loud(json.dumps({**LITE, "out_window": 999}), JSON)


def ecg(strides: list[int], **keys: Any) -> str:
    return json.dumps({"conv_subsample_lengths": strides, "conv_filter_length": 16, "conv_num_skip": 2, **keys})


def test_the_ecg_network_labels_256_samples() -> None:
    text = ecg([1, 2] * 8)
    assert (figures(text, name=JSON), loud(text, JSON)) == ((256, 19141), [])
    assert loud(ecg([1, 2] * 7), JSON) == [("RF503", "error")]
    assert figures(ecg([2], is_regular_conv=True), name=JSON) == (2, 31)
    assert figures(ecg([2]), name=JSON) == (2, 16 + 15 + 30)


def night(name: str, **build: Any) -> str:
    return json.dumps({"build": {"model_class_name": name, "batch_shape": [12, 35, 3000, 1], **build}})


@pytest.mark.parametrize(
    ("text", "step", "field"),
    [
        (night("UTime"), 1920, 26416),
        (night("USleep"), 4096, 69624),
        (night("UTime", depth=2, pools=4, kernel_size=3, dilation=1), 16, 5 + 3 + 16 + 12 + 64),
    ],
)
def test_the_way_down_of_utime(text: str, step: int, field: int) -> None:
    assert (figures(text), loud(text)) == ((step, field), [])


def test_utime_needs_a_pool_a_level_and_whole_predictions() -> None:
    assert model_of(night("UTime", pools=[2, 2])).notes
    assert loud(night("UTime", data_per_prediction=750)) == []
    assert loud(night("UTime", data_per_prediction=700)) == [("RF502", "error")]


def speaker(backbone: str, **net: Any) -> str:
    return json.dumps({"audio_sr": 8000, "ref_sr": 25, "network_audio": {"backbone": backbone, **net}})


@pytest.mark.parametrize(
    ("text", "step", "field"),
    [
        (speaker("av_convtasnet", L=16, P=3, X=3, R=2), 8, 16 + 8 * 28),
        (speaker("SpEx-plus", L=20, P=3, X=8, R=1), 10, 160 + 10 * 2040),  # four stacks, whatever R says
        (speaker("av_dprnn", L=40, K=100), 20, 40),
        (speaker("av_tfgridnet", n_fft=256, stride=128), 128, 256),
    ],
)
def test_speaker_extraction(text: str, step: int, field: int) -> None:
    assert (figures(text), loud(text)) == ((step, field), [])
