"""ESPnet2 GAN-based synthesis: the loss's hop is the only one in the file, crops count frames."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pwg_files import HIFIGAN
from test_paddle_tts import JETS, VITS
from vocoder_files import figures, loud, model_of

from rflint.engine import check_text

NAME = "train.yaml"
MEL = {"fs": 22050, "n_fft": 1024, "hop_length": 256, "win_length": None}


def tts(kind: str, params: dict[str, Any], section: str = "tts", **conf: Any) -> str:
    whole = {"generator_params": params, "sampling_rate": 22050, "mel_loss_params": MEL, **conf}
    return json.dumps({section: kind, f"{section}_conf": whole})


def joint(**conf: Any) -> str:
    mel = {"fs": 24000, "n_fft": 2048, "hop_length": 300, "win_length": 1200}
    whole = {"vocoder_params": HIFIGAN, "sampling_rate": 24000, "segment_size": 16, "mel_loss_params": mel, **conf}
    return json.dumps({"tts": "joint_text2wav", "tts_conf": whole})


AVOCODO = {"pqmf_config": {"lv1": [2, 256, 0.25, 10.0], "lv2": [4, 192, 0.13, 10.0]}}
SOUND = [
    ("VITS", tts("vits", VITS), 256, 27),
    ("VITS by default", tts("vits", {}), 256, 27),
    ("JETS", tts("jets", JETS), 256, 27),
    ("text and vocoder together", joint(), 300, 39),
    # one more convolution of 3 behind the first one and behind every upsampling
    ("singing with VISinger2", tts("vits", VITS, "svs", vocoder_generator_type="visinger2"), 256, 29),
    ("singing with Avocodo", tts("vits", VITS, "svs", vocoder_generator_type="avocodo", discriminator_params=AVOCODO), 256, 27),
]  # fmt: skip


@pytest.mark.parametrize(("text", "upsampling", "field"), [s[1:] for s in SOUND], ids=[s[0] for s in SOUND])
def test_sound_configs_are_read_exactly_and_in_silence(text: str, upsampling: int, field: int) -> None:
    assert (model_of(text, NAME).dialect, figures(text, NAME), loud(text, NAME)) == (
        "espnet/tts",
        (upsampling, field),
        [],
    )


BROKEN = [
    ("rate of the loss", tts("vits", VITS, sampling_rate=24000), "RF403", "24000"),
    ("kernel", tts("vits", {**VITS, "decoder_upsample_kernel_sizes": [15, 16, 4, 4]}), "RF302", "8·T-1"),
    ("lists", tts("vits", {**VITS, "decoder_upsample_kernel_sizes": [16, 16, 4]}), "RF201", "3 entries"),
    ("bands of Avocodo",
     tts("vits", VITS, "svs", discriminator_params={"pqmf_config": {"lv1": [2, 256], "lv2": [8, 192]}}), "RF305", "8"),
    ("way down of U-HiFi-GAN",
     tts("vits", {**VITS, "decoder_downsample_scales": [8, 8, 2, 2]}, "svs", vocoder_generator_type="uhifigan"),
     "RF202", "reverse"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "words"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text, NAME)), loud(text, NAME)


def test_a_product_that_is_not_the_hop_of_the_loss_is_no_more_than_a_remark() -> None:
    found = check_text(tts("vits", {**VITS, "decoder_upsample_scales": [8, 8, 4, 2]}), NAME)

    assert [(f.code, f.severity, "512" in f.message) for f in found if f.code == "RF301"] == [("RF301", "info", True)]


def test_the_sine_of_visinger2_joins_every_scale_so_that_its_hop_must_be_the_product() -> None:
    found = check_text(
        tts("vits", {**VITS, "decoder_upsample_scales": [8, 8, 4, 2]}, "svs", vocoder_generator_type="visinger2"), NAME
    )

    assert {f.severity for f in found if f.code == "RF301"} == {"error"}
