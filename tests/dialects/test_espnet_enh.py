"""ESPnet2 enhancement: the analysis, what masks its frames, and its inverse."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import figures, loud, messages, model_of, stack_of

CONV = {"channel": 8, "kernel_size": 16, "stride": 8}


def recipe(kind: str, conf: dict[str, Any] | None, separator: str, **more: Any) -> str:
    """A recipe whose decoder mirrors its encoder unless the test says otherwise."""
    mirrored = {"encoder": kind, "encoder_conf": conf, "decoder": kind, "decoder_conf": conf}
    return json.dumps({**mirrored, "separator": separator, "separator_conf": more.pop("separator_conf", {}), **more})


def tcn(**separator: Any) -> str:
    return recipe("conv", CONV, "tcn", separator_conf=separator)


@pytest.mark.parametrize(
    ("text", "step", "field"),
    [
        (tcn(), 8, 16 + 8 * 2 * 255 * 3),  # eight layers, three stacks, kernels of 3
        (tcn(layer=3, stack=2, kernel=5), 8, 16 + 8 * 4 * 7 * 2),
        (tcn(layer=1, stack=1, causal=True, norm_type="cLN"), 8, 16 + 8 * 2),
        (recipe("stft", {}, "wpe_beamformer"), 128, 512),
        (recipe("stft", None, "rnn"), 128, 512),
        (recipe("stft", {"n_fft": 256, "hop_length": 64, "win_length": 200}, "bsrnn"), 64, 200),
        (recipe("same", {}, "tfgridnet"), 64, 128 + 64 * 4),  # two convolutions over three frames
        (recipe("same", {}, "tfgridnetv2", separator_conf={"n_fft": 256, "stride": 128}), 128, 256 + 128 * 4),
        (recipe("stft", {"n_fft": 256, "hop_length": 64}, "tfgridnetv3"), 64, 256 + 64 * 4),
        (recipe("same", {}, "svoice", separator_conf={"kernel_size": 8}), 4, 8),
        (recipe("same", {}, "fasnet", separator_conf={"win_len": 4, "context_len": 16}), 32, 64 + 2 * 256),
        (recipe("stft", {}, "dccrn"), 128, 512 + 128 * 12),
        (recipe("stft", {}, "dccrn", separator_conf={"kernel_num": [16, 32]}), 128, 512 + 128 * 4),
    ],
)
def test_networks_are_read_exactly_and_in_silence(text: str, step: int, field: int) -> None:
    assert (figures(text), loud(text)) == ((step, field), [])


@pytest.mark.parametrize(
    ("text", "ahead", "unbounded"),
    [
        (tcn(layer=1, stack=1, causal=True, norm_type="cLN"), 0, ""),
        (tcn(layer=1, stack=1, norm_type="cLN"), 8, ""),
        (tcn(layer=1, stack=1, causal=True), 0, "both"),  # gLN is a mean over all frames
        (recipe("conv", CONV, "skim"), 0, "left"),
        (recipe("conv", CONV, "skim", separator_conf={"causal": False}), 0, "both"),
        (recipe("conv", CONV, "dprnn"), 0, "both"),
        (recipe("conv", CONV, "rnn", separator_conf={"rnn_type": "lstm"}), 0, "left"),
        (recipe("conv", CONV, "rnn"), 0, "both"),
        (recipe("conv", CONV, "bsrnn", separator_conf={"causal": True, "norm_type": "cLN"}), 0, "left"),
        (recipe("conv", CONV, "dccrn"), 6 * 8, "left"),
        (recipe("conv", CONV, "dccrn", separator_conf={"bidirectional": True}), 6 * 8, "both"),
    ],
)
def test_what_a_frame_sees_ahead(text: str, ahead: int, unbounded: str) -> None:
    """Samples behind the frame's own window, and the sides on which a layer has no limit."""
    coverage = stack_of(text).coverage
    reading = coverage.reading(0)
    assert reading is not None
    assert reading.last - 15 == ahead
    assert unbounded == next((mixer.sides for mixer in coverage.unbounded_by), "")


def test_the_rate_is_known_where_the_transform_is_fitted_to_others() -> None:
    text = recipe("stft", {"default_fs": 48000, "n_fft": 960, "hop_length": 480}, "bsrnn")

    assert [(d.value.value, d.quantity) for d in model_of(text).durations] == [(480, "step"), (960, "window")]
    assert model_of(recipe("stft", {}, "bsrnn")).sample_rate is None


def test_target_speaker_extraction_is_a_dilated_network() -> None:
    text = json.dumps(
        {
            "encoder": "conv",
            "encoder_conf": CONV,
            "extractor": "td_speakerbeam",
            "extractor_conf": {"layer": 2, "stack": 1},
        }
    )
    assert figures(text) == (8, 16 + 8 * 2 * 3)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (recipe("stft", {}, "dc_crn"), "`dc_crn` are not known"),
        (recipe("same", {}, "ineube"), "the separator are not known"),
        (recipe("stft", {}, "rnn", diffusion_model="sgmse"), "a diffusion model"),
        (
            recipe("same", {}, "fasnet", separator_conf={"win_len": 4, "context_len": 16, "fasnet_type": "ifasnet"}),
            "iFaSNet",
        ),
        (recipe("conv", {}, "tcn"), "`kernel_size` is missing"),
    ],
)
def test_what_is_not_derived_says_why(text: str, reason: str) -> None:
    assert reason in " ".join(note.reason for note in model_of(text).notes)
    assert loud(text) == []


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (recipe("conv", CONV, "tcn", decoder_conf={**CONV, "stride": 4}), "RF305", "4"),
        (recipe("conv", CONV, "tcn", decoder_conf={**CONV, "kernel_size": 20}), "RF305", "20"),
        (recipe("stft", {"n_fft": 400}, "rnn", decoder_conf={}), "RF405", "512"),
        (recipe("stft", {"hop_length": 160}, "rnn", decoder_conf={}), "RF305", "128"),
        (recipe("stft", {"n_fft": 400, "win_length": 512}, "rnn"), "RF401", "512"),
    ],
)
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert code in [found for found, _ in loud(text)]
    assert words in messages(text)


def test_other_encoders_are_let_go() -> None:
    assert loud(recipe("conformer", {"input_layer": "conv2d"}, "tcn")) == []


def test_the_windows_of_fasnet_begin_before_the_signal() -> None:
    text = recipe("same", {}, "fasnet", separator_conf={"win_len": 4, "context_len": 16})
    front = model_of(text).stacks[0].stages[0].layer

    assert front.pull(0, 0) == (-(32 + 256), 64 + 256 - 32 - 1)  # a hop of half the window, and the context
