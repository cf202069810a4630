"""WaveGlow, whose stride stands in the code, and nv-wavenet, whose stride stands in the file."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vocoder_files import codes, figures, loud, model_of


def data(**changes: Any) -> dict[str, Any]:
    sound = {
        "segment_length": 16000,
        "sampling_rate": 22050,
        "filter_length": 1024,
        "hop_length": 256,
        "win_length": 1024,
    }
    return {"data_config": {**sound, **changes}}


NET = {
    "waveglow_config": {
        "n_mel_channels": 80,
        "n_flows": 12,
        "n_group": 8,
        "WN_config": {"n_layers": 8, "kernel_size": 3},
    }
}
WAVENET = {"wavenet_config": {"upsamp_window": 1024, "upsamp_stride": 256, "n_layers": 16, "max_dilation": 128}}


def test_a_crop_of_no_whole_frames_is_silent() -> None:
    for text in (json.dumps(data() | NET), json.dumps(data())):
        assert (model_of(text).name, figures(text)[0], loud(text)) == ("waveglow", 256, [])


def test_nv_wavenet_is_read_exactly_and_in_silence() -> None:
    text = json.dumps(data() | WAVENET)

    # 1024 samples of four frames, and twice 255 less the first layer's: 1533 / 256
    assert (model_of(text).name, figures(text), loud(text)) == ("nv-wavenet", (256, 6), [])


@pytest.mark.parametrize(
    ("keys", "code", "words"),
    [
        (data(hop_length=512, filter_length=4096, win_length=4096) | NET, "RF304", "256"),
        (data(hop_length=512), "RF304", "256"),
        (data(win_length=2048) | NET, "RF401", "2048"),
        (
            data() | {"wavenet_config": {**WAVENET["wavenet_config"], "upsamp_window": 800, "upsamp_stride": 200}},
            "RF301",
            "200",
        ),
    ],
)
def test_contradictions_are_reported(keys: dict[str, Any], code: str, words: str) -> None:
    text = json.dumps(keys)

    assert any(found == code and words in message for found, message in loud(text)), loud(text)


def test_data_settings_of_other_models_are_not_claimed() -> None:
    assert codes(json.dumps(data(hop_length=512) | {"model_config": {"n_flows": 8}})) == []
