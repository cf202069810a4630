"""FastDiff: kernels predicted from frames, for samples of a hop each."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vocoder_files import figures, given, loud, model_of

from rflint.engine import Asked, check_text, explain_text

NAME = "fastdiff.yaml"
NET: dict[str, Any] = {"upsample_ratios": [8, 8, 4], "lvc_layers_each_block": 4, "lvc_kernel_size": 3, "kpnet_conv_size": 3}
ANALYSIS = {"audio_sample_rate": 22050, "hop_size": 256, "win_size": 1024, "fft_size": 1024, "max_samples": 25600}


def config(**changes: Any) -> str:
    return json.dumps(given({**ANALYSIS, **NET, **changes}))


@pytest.mark.parametrize(
    ("text", "upsampling", "field"),
    [
        (config(), 256, 32),
        # a predictor of 1 reads 5 frames, so 14 fewer
        (config(kpnet_conv_size=1), 256, 18),
        # one layer a block: the first block passes the kernels alone, later ones reach 2 samples either side
        (config(lvc_layers_each_block=1), 256, 20),
        (config(upsample_ratios=[5, 5, 3, 4], hop_size=300, max_samples=15000), 300, 42),
    ],
)
def test_sound_configs_are_read_exactly_and_in_silence(text: str, upsampling: int, field: int) -> None:
    assert (model_of(text, NAME).dialect, figures(text, NAME), loud(text, NAME)) == ("fastdiff", (upsampling, field), [])


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (config(upsample_ratios=[8, 8, 2]), "RF301", "128"),
        (config(hop_size=300, max_samples=30000), "RF301", "256"),
        (config(win_size=2048), "RF401", "2048"),
        (config(fmax=16000), "RF405", "11025"),
    ],
)
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text, NAME)), loud(text, NAME)


def test_the_hop_may_stand_in_a_base() -> None:
    text = config(hop_size=None, base_config="./base.yaml")
    beside = Asked((), lambda name: b"hop_size: 300" if name == "base.yaml" else None, True)

    assert [f.code for f in check_text(text, NAME, asked=beside) if f.severity == "error"] == ["RF301"]


@pytest.mark.parametrize("layers", [0, 1000, "many"])
def test_a_number_of_layers_that_no_model_has_is_no_stack(layers: object) -> None:
    (model,) = explain_text(config(lvc_layers_each_block=layers), NAME)

    assert model.stack("decoder") is None


def test_keys_of_another_net_are_not_enough() -> None:
    assert explain_text(json.dumps({**ANALYSIS, "upsample_ratios": [8, 8, 4]}), NAME)[0].dialect == "acoustic"
