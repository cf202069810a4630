"""The VQ-VAE of F0 contours, and the same coder over waveforms beside a unit vocoder."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import JSON, figures, loud, messages, model_of, stack_of
from vocoder_files import flat

SMALL: dict[str, Any] = {"downs_t": [1], "strides_t": [2], "depth": 1}
DEEP: dict[str, Any] = {"downs_t": [4], "strides_t": [2], "depth": 4, "dilation_growth_rate": 3}
EVERY: dict[str, Any] = {
    **DEEP,
    "input_emb_width": 1,
    "output_emb_width": 128,
    "levels": 1,
    "width": 32,
    "m_conv": 1.0,
    "dilation_cycle": None,
}


def contour(encoder: dict[str, Any], decoder: dict[str, Any] | None = None, **keys: Any) -> str:
    coders = {"f0_encoder_params": encoder, "f0_decoder_params": decoder or encoder}
    return json.dumps({"sampling_rate": 16000, **coders, **keys})


CODERS = [
    # what it is, its parameters, step and field of the encoder in F0 frames
    ("one stride, one block", SMALL, 2, 4 + 2 * 2 + 2 * 2),
    ("dilations grow", {"downs_t": [2], "strides_t": [4], "depth": 2, "dilation_growth_rate": 3}, 16, 228),
    (
        "a cycle starts again",
        {"downs_t": [2], "strides_t": [4], "depth": 2, "dilation_growth_rate": 3, "dilation_cycle": 1},
        16,
        148,
    ),
    ("listed strides, an odd one with kernel 7", {"downs_t": [[1, 1]], "strides_t": [[2, 3]], "depth": 1}, 6, 44),
    ("two levels", {"downs_t": [1, 1], "strides_t": [2, 2], "depth": 1}, 4, 34),
    ("one of two levels", {"downs_t": [1, 1], "strides_t": [2, 2], "depth": 1, "levels": 1}, 2, 12),
    ("the published depth", EVERY, 16, 2478),
]


@pytest.mark.parametrize(("coder", "step", "field"), [c[1:] for c in CODERS], ids=[c[0] for c in CODERS])
def test_the_encoder_over_f0_frames(coder: dict[str, Any], step: int, field: int) -> None:
    text = contour(coder)

    assert (figures(text, "encoder", JSON), loud(text, JSON)) == ((step, field), [])
    assert stack_of(text, "decoder", JSON).coverage.upsampling == step


def test_f0_frames_come_every_5_ms() -> None:
    (down, up) = model_of(contour(DEEP), JSON).stacks
    assert (down.input_rate, down.input_unit, up.input_rate) == (200, "frames", 12.5)
    (odd, _) = model_of(contour(DEEP, sampling_rate=22050), JSON).stacks
    assert odd.input_rate == pytest.approx(22050 / 110)


def test_the_decoder_goes_back() -> None:
    assert stack_of(contour(SMALL), "decoder", JSON).coverage.receptive_field == 3 + 2 + 2
    reverse = contour(DEEP, {**DEEP, "reverse_decoder_dilation": True})
    assert stack_of(reverse, "decoder", JSON).coverage == stack_of(contour(DEEP), "decoder", JSON).coverage


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (contour(DEEP, segment_size=16640), []),  # 208 frames of 80 samples, 13 codes
        (contour(DEEP, segment_size=16630), []),  # 208 frames, the last one of them not whole
        (contour(DEEP, segment_size=16641), ["RF501"]),
        (contour(DEEP, segment_size=16000), ["RF501"]),
        (contour(DEEP, segment_size=-1), []),  # whole utterances
        (contour(DEEP, segment_size=17600, sampling_rate=22050), []),  # frames of 110 samples
        (contour(DEEP, segment_size=16640, sampling_rate=22050), ["RF501"]),
        (contour(DEEP, {**DEEP, "downs_t": [3]}), ["RF305"]),
        (contour({**DEEP, "strides_t": [3], "downs_t": [2]}), ["RF302"]),
    ],
)
def test_what_training_relies_on(text: str, codes: list[str]) -> None:
    assert [code for code, _ in loud(text, JSON)] == codes


def test_a_crop_of_broken_codes_is_mended_in_samples() -> None:
    assert "`segment_size` of 16000 is 12.5 frames of 1280" in messages(contour(DEEP, segment_size=16000), JSON)


def test_lists_that_do_not_belong_together_are_a_note() -> None:
    text = contour({**DEEP, "downs_t": [4, 4]})
    assert {note.subject for note in model_of(text, JSON).notes} >= {"encoder", "decoder"}
    assert loud(text, JSON) == []


def test_a_coder_of_waveforms_is_read_beside_its_vocoder() -> None:
    units = {"upsample_rates": [5, 4, 2, 2, 2], "upsample_kernel_sizes": [11, 8, 4, 4, 4]}
    coder = {"downs_t": [[5, 1]], "strides_t": [[2, 5]], "depth": 1}
    text = flat(**units, sampling_rate=16000, segment_size=8960, code_hop_size=160, code_encoder_params=coder)

    # kernels of 4 with blocks of 3: 4 + 4 and so on to 5 · 32 = 160, one kernel of 11 over steps of 32 samples
    spread = 1 + sum(3 * 2**i + 2 * 2 ** (i + 1) for i in range(5)) + 10 * 32 + 2 * 160 + 2 * 160
    assert (figures(text, "encoder", JSON), loud(text, JSON)) == ((160, spread), [])
