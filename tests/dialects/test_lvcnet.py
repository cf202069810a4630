"""LVCNet: kernels for a hop of samples each."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vocoder_files import figures, loud, model_of

NAME = "lvcgan.yaml"


def config(hop: int = 256, name: str = "LVCNetWaveGAN", **params: Any) -> str:
    return json.dumps({"sample_rate": 22050, "hop_length": hop, "win_length": 1024, "n_fft": 1024, "n_mels": 80,
                       "model_name": name, "model_params": {"generator_params": params}, "batch_mel_length": 48})  # fmt: skip


@pytest.mark.parametrize(
    ("text", "field"),
    [
        # 5 frames, 1280 samples, 2044 more without the first layer, 2 · 2046 in later blocks: 7416 / 256
        (config(cond_hop_length=256, lvc_block_nums=3, lvc_layers_each_block=10), 29),
        (config(name="ParallelWaveGAN", layers=30, stacks=3, upsample_params={"upsample_scales": [4, 4, 4, 4]}), 32),
    ],
)
def test_sound_configs_are_read_exactly_and_in_silence(text: str, field: int) -> None:
    assert (model_of(text, NAME).dialect, figures(text, NAME), loud(text, NAME)) == ("lvcnet", (256, field), [])


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (config(hop=300, cond_hop_length=256), "RF301", "256"),
        (config(cond_hop_length=256, upsample_ratios=[8, 8, 2]), "RF305", "256"),
        (config(hop=300, name="ParallelWaveGAN", upsample_params={"upsample_scales": [4, 4, 4, 4]}), "RF301", "256"),
    ],
)
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text, NAME)), loud(text, NAME)
