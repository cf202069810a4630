"""Music-Source-Separation-Training and UVR: the transform of each network, and what a chunk must be."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import figures, infos, loud, messages, model_of

AUDIO = {"chunk_size": 32256, "hop_length": 512, "n_fft": 2048, "dim_f": 1024, "dim_t": 64, "sample_rate": 44100}
UNET = {"num_scales": 3, "scale": [2, 2], "num_blocks_per_scale": 1}
MEL = {"num_bands": 60, "stft_hop_length": 512, "stft_n_fft": 2048, "stft_win_length": 2048, "sample_rate": 44100}


def msst(model: Any, audio: dict[str, Any] | None = None, **sections: Any) -> str:
    base = {"audio": {**AUDIO, **(audio or {})}, "model": model, "training": {"batch_size": 1}}
    return json.dumps({**base, "inference": {"num_overlap": 4}, **sections})


def test_the_unet_of_mdx23c_is_read_exactly_and_in_silence() -> None:
    # output 3 backwards: up [1,5] [-2,4] [-3,4], bottom [-4,4], down [-10,11] [-22,25] [-46,53]: 100 frames
    step, field = figures(msst(UNET))
    assert (step, field) == (512, 2048 + 512 * 99)
    assert loud(msst(UNET)) == []


@pytest.mark.parametrize(
    ("model", "audio", "expected"),
    [
        (MEL, {}, (512, 2048)),
        ({"num_bands": 60, "stft_hop_length": 256}, {"hop_length": 256, "chunk_size": 16384}, (256, 2048)),
        ({"freqs_per_bands": [25, 1000], "stft_hop_length": 512}, {}, (512, 2048)),
        ({"band_SR": [1], "band_stride": [1]}, {"chunk_size": 5000}, (1024, 4096)),
        ({"downsample_strides": [1, 4], "n_conv_modules": [3, 2]}, {"chunk_size": 5000}, (1024, 4096)),
        ({"n_sqm_modules": 8, "fs": 44100}, {"chunk_size": 5000}, (512, 2048)),
        # win is in ms; six layers of three convolutions of 7
        ({"sr": 44100, "win": 20, "feature_dim": 256, "layer": 6}, {}, (441, 882 + 6 * 3 * 6 * 441)),
        ({"sr": 44100, "win": 2048, "stride": 512, "num_repeat_mask": 8}, {"hop_length": 1024}, (512, 2048)),
        ({"n_bands": 4, "hop_size": 1024, "win_size": 6144, "n_fft": 6144}, {"n_fft": 6144}, (1024, 6144)),
        ({"encoder_name": "r50", "decoder_type": "unet", "num_subbands": 1}, {}, (512, 2048)),
    ],
)
def test_each_network_by_its_keys(model: dict[str, Any], audio: dict[str, Any], expected: tuple[int, int]) -> None:
    text = msst(model, audio)
    assert (figures(text), loud(text)) == (expected, [])


def test_sections_of_other_names_hold_the_network() -> None:
    second = msst({}, kwargs={"n_sqm_modules": 8, "hop_length": 480}, cls="Bandit")
    demucs = msst(
        "htdemucs", {"chunk_size": 441000}, htdemucs={"nfft": 4096}, training={"segment": 10, "samplerate": 44100}
    )
    conformer = msst({"depth": 8}, stft={"n_fft": 4096, "hop_length": 1024})
    assert [figures(text) for text in (second, demucs, conformer)] == [(480, 2048), (1024, 4096), (1024, 4096)]
    assert [loud(text) for text in (second, demucs, conformer)] == [[], [], []]


def test_a_frame_count_that_nothing_reads_is_information() -> None:
    text = msst(MEL, {"dim_t": 256})
    assert loud(text) == []
    assert "`dim_t` 256 declared, but 64 come out" in infos(text)


BROKEN = [
    (msst(UNET, {"chunk_size": 32300}), ("RF501", "error"), "whole number"),
    (msst(UNET, {"chunk_size": 512 * 64, "dim_t": 65}), ("RF504", "error"), "no multiple of `scale` 8"),
    (msst(UNET, inference={"dim_t": 100}), ("RF504", "error"), "`dim_t` 100"),
    (msst(MEL, {"chunk_size": 32300}), ("RF501", "error"), "whole number"),
    (msst(MEL, inference={"chunk_size": 32300}), ("RF501", "error"), "whole number"),
    (msst(MEL, {"hop_length": 441}), ("RF504", "warning"), "`hop_length` 441"),
    (msst({**MEL, "sample_rate": 48000}), ("RF403", "warning"), "48000"),
    (msst({"freqs_per_bands": [25, 999], "stft_hop_length": 512, "stft_n_fft": 2048}), ("RF405", "error"), "1024"),
    (msst(UNET, {"dim_f": 1026}), ("RF405", "error"), "1026"),
    (
        msst("hdemucs", hdemucs={"nfft": 4096}, training={"segment": 10, "samplerate": 44100}),
        ("RF502", "warning"),
        "differs from 441000",
    ),
]


@pytest.mark.parametrize(("text", "expected", "words"), BROKEN)
def test_contradictions_are_reported(text: str, expected: tuple[str, str], words: str) -> None:
    assert expected in loud(text), loud(text)
    assert words in messages(text)


@pytest.mark.parametrize(
    "text",
    [
        msst(
            {**MEL, "match_input_audio_length": True}, {"chunk_size": 32300}
        ),  # the inverse transform is cut to length
        msst({"freqs_per_bands": [25, 1000], "stft_hop_length": 512}, {"chunk_size": 32300}),
        msst({"band_SR": [1], "band_stride": [1]}, {"chunk_size": 32300}),  # pads by itself
        msst("htdemucs", {"chunk_size": 441000}),  # names a mapping that is not there: not ours
    ],
)
def test_what_networks_put_right_is_silent(text: str) -> None:
    assert loud(text) == []


def test_a_unet_without_its_numbers_is_a_note() -> None:
    model = model_of(msst({**UNET, "scale": "${x}"}))
    assert [stack.role for stack in model.stacks] == ["frontend"] and model.notes
    assert loud(msst({**UNET, "scale": "${x}"})) != [("RF999", "error")]


@pytest.mark.parametrize(
    ("norm", "unbounded"), [("InstanceNorm", True), ("GroupNorm8", True), ("BatchNorm", False), (None, False)]
)
def test_statistics_of_a_chunk_see_all_of_it(norm: str | None, unbounded: bool) -> None:
    stack = model_of(msst({**UNET, "norm": norm})).stack("encoder")

    assert stack is not None and bool(stack.coverage.unbounded) is unbounded


def test_apollo_attends_over_bands_and_is_bounded_in_time() -> None:
    stack = model_of(msst({"sr": 44100, "win": 20, "feature_dim": 256, "layer": 6})).stack("encoder")

    assert stack is not None and not stack.coverage.unbounded
    assert (stack.coverage.left, stack.coverage.right) == (24255, 24254)


@pytest.mark.parametrize(("center", "left"), [(True, 2048), (False, 0)])
def test_a_transform_may_start_at_the_first_sample(center: bool, left: int) -> None:
    for text in (
        msst({"depth": 8}, {"chunk_size": 40960}, stft={"n_fft": 4096, "hop_length": 1024, "center": center}),
        msst({"n_sqm_modules": 8, "n_fft": 4096, "win_length": 4096, "center": center}, {"chunk_size": 40960}),
    ):
        stack = model_of(text).stack("frontend")
        assert stack is not None and stack.coverage.left == left


def test_the_conformer_takes_the_bins_of_its_transform() -> None:
    stft = {"n_fft": 4096, "hop_length": 1024}
    assert loud(msst({"freq_bins": 2049}, stft=stft)) == []
    assert [code for code, _ in loud(msst({"freq_bins": 1025}, stft=stft))] == ["RF405"]


def test_networks_whose_layers_are_not_derived_are_front_ends_and_notes() -> None:
    model = model_of(msst("htdemucs", htdemucs={"nfft": 4096}))

    assert [stack.role for stack in model.stacks] == ["frontend"]
    assert any("not derived" in note.reason for note in model.notes)
