"""OpenUtau's DiffSinger voicebanks: acoustic model and vocoder exchange frames, and one file may hold both."""

from __future__ import annotations

import pytest
from vocoder_files import codes, loud, model_of

from rflint.engine import Asked, check_text, explain_text

VOICEBANK = "phonemes: phonemes.txt\nacoustic: acoustic.onnx\nvocoder: nsf_hifigan\n"
VOCODER = "name: nsf_hifigan\nmodel: nsf_hifigan.onnx\n"
BANDS = "num_mel_bins: 128\nhop_size: 512\nsample_rate: 44100\n"


def beside(text: str, vocoder: str) -> list[str]:
    files = {"dsvocoder/vocoder.yaml": vocoder.encode()}
    return [finding.code for finding in check_text(text, "dsconfig.yaml", asked=Asked(neighbour=files.get))]


@pytest.mark.parametrize("text", [VOICEBANK, VOICEBANK + BANDS, VOCODER + BANDS, "sample_rate: 44100\nhop_size: 512\n"])
def test_each_file_alone_is_sound(text: str) -> None:
    model = model_of(text, "dsconfig.yaml")

    assert (model.dialect, [exchange.hop.value for exchange in model.exchanges]) == ("openutau", [512])
    assert loud(text, "dsconfig.yaml") == []


def test_defaults_of_a_voicebank() -> None:
    (exchange,) = model_of(VOICEBANK, "dsconfig.yaml").exchanges

    assert (exchange.side, exchange.rate.value, exchange.bands and exchange.bands.value) == ("gives", 44100, 128)


def test_the_vocoder_makes_an_analysis() -> None:
    stack = model_of(VOCODER + BANDS + "win_size: 2048\nfft_size: 2048\n", "vocoder.yaml").stack("frontend")

    assert stack is not None
    assert (stack.coverage.step, stack.coverage.receptive_field) == (512, 2048)


def test_a_vocoder_of_too_many_bands_is_refused() -> None:
    assert codes(VOCODER + BANDS.replace("128", "256"), "vocoder.yaml") == ["RF405"]


@pytest.mark.parametrize(
    ("vocoder", "found"),
    [
        (VOCODER + BANDS, []),
        (VOCODER, []),
        (VOCODER + BANDS.replace("512", "441"), ["RF504"]),
        (VOCODER + BANDS.replace("44100", "48000"), ["RF403"]),
        (VOCODER + BANDS.replace("128", "80"), ["RF405"]),
    ],
)
def test_the_bundled_vocoder_must_take_the_frames(vocoder: str, found: list[str]) -> None:
    assert beside(VOICEBANK + BANDS, vocoder) == found


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("sample_rate: 44100\nhop_size: 512\n", "sample_rate: 44100\nhop_size: 441\n", ["RF701"]),
        ("sample_rate: 16000\nhop_size: 160\n", "sample_rate: 32000\nhop_size: 320\n", []),
        (VOICEBANK + BANDS, VOCODER + BANDS.replace("512", "256"), ["RF701"]),
        (VOICEBANK + BANDS, VOCODER + BANDS, []),
    ],
)
def test_two_documents_of_one_file_are_a_pair(one: str, other: str, found: list[str]) -> None:
    assert codes(f"{one}---\n{other}", "voice.yaml") == found


@pytest.mark.parametrize(
    "text",
    [
        "phonemes: phonemes.txt\nlinguistic: linguistic.onnx\n",
        "model: net.onnx\nsample_rate: 16000\n",
        "sample_rate: 16000\nhop_size: 160\nlearning_rate: 0.1\n",
        "sample_rate: 16000\n",
    ],
)
def test_other_files_are_left_alone(text: str) -> None:
    assert check_text(text, "dsconfig.yaml") == []
    assert explain_text(text, "dsconfig.yaml") == ()
