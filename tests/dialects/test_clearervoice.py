"""ClearerVoice-Studio: networks for enhancement and separation by their names, and the extraction of a speaker."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import figures, loud, messages, model_of, stack_of

from rflint.engine import explain_text

FRCRN: dict[str, Any] = {"network": "FRCRN_SE_16K", "win_len": 640, "win_inc": 320, "fft_len": 640}
GAN: dict[str, Any] = {"network": "MossFormerGAN_SE_16K", "win_len": 400, "win_inc": 100, "fft_len": 400}
FULL_BAND: dict[str, Any] = {
    "network": "MossFormer2_SE_48K",
    "sampling_rate": 48000,
    "win_len": 1920,
    "win_inc": 384,
    "fft_len": 1920,
}
TRAINED: dict[str, Any] = {"mode": "train", "max_length": 4}
DECODED: dict[str, Any] = {"mode": "inference", "one_time_decode_length": 20, "decode_window": 4}
EVERY: dict[str, Any] = {**FULL_BAND, "win_type": "hamming", "num_mels": 60, "load_fbank": 1}
SEPARATION: dict[str, Any] = {"network": "MossFormer2_SS_8K", "sampling_rate": 8000, "encoder_kernel_size": 20}


def written(*parts: dict[str, Any], **changes: Any) -> str:
    keys = {key: value for part in (*parts, changes) for key, value in part.items()}
    return "".join(f"{key}: {value}\n" for key, value in keys.items() if value is not None)


def sides(text: str) -> list[str]:
    """Where the network has no limit."""
    return [mixer.sides for mixer in stack_of(text).coverage.unbounded_by]


SOUND = [
    # what it is, config, step, field of what comes before the network, which sees everything
    ("FRCRN has no padding", written(FRCRN), 320, 640),
    ("FRCRN in training", written(FRCRN, TRAINED, sampling_rate=16000), 320, 640),
    ("FRCRN decodes windows", written(FRCRN, DECODED), 320, 640),
    ("an odd FFT has the bins of the even one", written(FRCRN, fft_len=641), 320, 640),
    ("a window shorter than its FFT", written(FRCRN, win_len=480, win_inc=160), 160, 480),
    ("MossFormerGAN", written(GAN, TRAINED), 100, 400),
    ("201 bins of an odd FFT", written(GAN, fft_len=401), 100, 400),
    ("the defaults of inference", written({"network": "MossFormerGAN_SE_16K", "mode": "inference"}), 100, 400),
    ("MossFormer2 with two deltas, four frames either side", written(FULL_BAND), 384, 1920 + 8 * 384),
    ("MossFormer2 in training", written(EVERY, TRAINED), 384, 4992),
    ("MossFormer2 decodes", written(EVERY, DECODED), 384, 4992),
    ("milliseconds are broken in inference", written(FULL_BAND, DECODED, win_inc=400), 400, 1920 + 8 * 400),
    ("separation", written(SEPARATION, TRAINED), 10, 20),
    ("the kernel of separation", written(SEPARATION, DECODED, encoder_kernel_size=None), 8, 16),
    ("an odd kernel", written({**SEPARATION, "network": "MossFormer2_SS_16K"}, encoder_kernel_size=17), 8, 17),
]


@pytest.mark.parametrize(("text", "step", "field"), [s[1:] for s in SOUND], ids=[s[0] for s in SOUND])
def test_a_network_by_its_name(text: str, step: int, field: int) -> None:
    assert (figures(text), sides(text), loud(text)) == ((step, field), ["both"], [])


BROKEN = [
    ("window above the FFT", written(FRCRN, win_len=800), "RF401", "800"),
    ("window above the FFT", written(GAN, win_len=512), "RF401", "512"),
    ("gaps between windows", written(GAN, win_inc=500), "RF404", "500"),
    ("bins of the U-Net", written(FRCRN, fft_len=1024), "RF405", "640"),
    ("bins of the mask", written(FULL_BAND, fft_len=2048), "RF405", "1920"),
    ("bands", written(FULL_BAND, num_mels=80), "RF405", "60"),
    ("an even number of bins", written(GAN, fft_len=402), "RF405", "402"),
    ("a crop of broken frames", written(FRCRN, TRAINED, win_inc=300), "RF504", "63940"),
    ("a window of broken frames", written(FRCRN, DECODED, win_inc=300), "RF504", "63940"),
    ("whole milliseconds in training", written(FULL_BAND, TRAINED, win_inc=400), "RF504", "384"),
]


@pytest.mark.parametrize(("text", "code", "words"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_what_the_code_refuses(text: str, code: str, words: str) -> None:
    assert code in {found for found, _ in loud(text)}
    assert words in messages(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (written({"network": "FRCRN_SE_16K"}, TRAINED), "`win_len` is missing"),
        (written({"network": "MossFormer2_SR_48K", "config_json": "a.json"}), "`config_json`"),
        (written(SEPARATION, encoder_kernel_size=1), "encoder_kernel_size"),
    ],
)
def test_what_cannot_be_known_is_a_note(text: str, reason: str) -> None:
    (note,) = model_of(text).notes
    assert reason in note.reason


def test_super_resolution_has_the_rate_of_another_file() -> None:
    assert model_of(written({"network": "MossFormer2_SR_48K"})).sample_rate is None
    assert model_of(written({"network": "MossFormer2_SS_16K"})).sample_rate == (16000, None, "framework default")


AUDIO_VISUAL = """
network: AV_MossFormer2_TSE_16K
sampling_rate: 16000
decode_window: 3
network_audio: {backbone: mossformer2, encoder_kernel_size: 16}
"""
STREAM = "audio_sr: 16000\nref_sr: 25\ncausal: 1\nnetwork_audio: {backbone: av_skim, window: 16, segment_size: 50}\n"


@pytest.mark.parametrize(
    ("text", "side"),
    [(AUDIO_VISUAL, "both"), (STREAM, "left"), (STREAM.replace("causal: 1", "causal: 0"), "both")],
)
def test_extraction_by_a_learnt_encoder(text: str, side: str) -> None:
    assert (figures(text), sides(text), loud(text)) == ((8, 16), [side], [])


def test_a_window_that_is_a_shape_is_no_kernel() -> None:
    text = "audio_sr: 16000\nnetwork_audio: {backbone: av_tfgridnet, n_fft: 256, stride: 128, window: hann}\n"
    assert (figures(text), loud(text)) == ((128, 256), [])


def test_another_projects_network_is_left_alone() -> None:
    assert list(explain_text(written(FRCRN, network="FRCRN"), "config.yaml")) == []


@pytest.mark.parametrize(("causal", "left", "right"), [(0, 2 * 14 * 8, 2 * 14 * 8 + 15), (1, 4 * 14 * 8, 15)])
@pytest.mark.parametrize("backbone", ["av_convtasnet", "SpEx-plus"])
def test_causal_networks_pad_on_the_left(causal: int, left: int, right: int, backbone: str) -> None:
    net = {"backbone": backbone, "L": 16, "P": 3, "X": 3, "R": 4, "norm": "cLN"}
    stack = model_of(json.dumps({"audio_sr": 8000, "causal": causal, "network_audio": net})).stack("encoder")
    wide = 160 - 16 if backbone == "SpEx-plus" else 0

    assert stack is not None
    assert (stack.coverage.left, stack.coverage.right) == (left, right + wide)
    assert stack.coverage.unbounded is (backbone == "av_convtasnet" and causal == 1)


@pytest.mark.parametrize(("norm", "unbounded"), [("cLN", False), ("gLN", True), ("BN", False)])
def test_a_global_norm_sees_the_whole_mixture(norm: str, unbounded: bool) -> None:
    net = {"backbone": "SpEx-plus", "L": 20, "P": 3, "X": 8, "R": 4, "norm": norm}
    stack = model_of(json.dumps({"audio_sr": 8000, "network_audio": net})).stack("encoder")

    assert stack is not None and stack.coverage.unbounded is unbounded


def test_the_long_filters_of_spex_are_padded_on_the_right() -> None:
    net = {"backbone": "SpEx-plus", "L": 20, "P": 3, "X": 2, "R": 4, "norm": "cLN"}
    coverage = stack_of(json.dumps({"audio_sr": 8000, "network_audio": net})).coverage

    assert (coverage.min_input(), coverage.length(8000)) == (20, (8000 - 20) // 10 + 1)
