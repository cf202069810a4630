"""preprocessor_config.json: units of hop and window, how frames are cut, what is ours."""

from __future__ import annotations

from typing import Any

import pytest
from ssl_files import figures, loud, model_of, models_of, reported

NAME = "preprocessor_config.json"


def extractor(kind: str, **keys: Any) -> dict[str, Any]:
    return {"feature_extractor_type": f"{kind}FeatureExtractor", **keys}


@pytest.mark.parametrize(
    ("kind", "hop", "window"),
    [
        ("Whisper", 160, 400),
        ("Parakeet", 160, 400),
        ("AST", 160, 400),
        ("SeamlessM4T", 320, 560),
        ("SpeechT5", 256, 1024),
        ("MCTCT", 160, 400),
        ("FunAsrNano", 160, 400),
        ("Gemma3nAudio", 160, 512),
        ("Gemma4Audio", 160, 320),
        ("Clap", 480, 1024),
        ("Clvp", 256, 1024),
        ("MusicgenMelody", 4096, 16384),
        ("UnivNet", 256, 1024),
        ("Inkling", 800, 1600),
    ],
)
def test_the_defaults_of_every_class(kind: str, hop: int, window: int) -> None:
    assert figures(model_of(extractor(kind), NAME).stack("frontend")) == (hop, window)
    assert loud(extractor(kind), NAME) == []


@pytest.mark.parametrize("kind", ["Wav2Vec2", "Encodec", "Dac"])
def test_a_waveform_has_no_frames(kind: str) -> None:
    model = model_of(extractor(kind, sampling_rate=16000), NAME)

    assert model.stacks == []
    assert model.sample_rate is not None and model.sample_rate.value == 16000


def test_milliseconds_are_no_samples() -> None:
    speech = extractor("SpeechT5", hop_length=16, win_length=64, sampling_rate=24000)

    assert figures(model_of(speech, NAME).stack("frontend")) == (384, 1536)


def test_a_token_of_no_whole_samples_is_not_computable() -> None:
    assert model_of(extractor("Inkling", audio_token_duration_s=0.00501), NAME).stacks == []


def test_a_window_must_fit_its_fft() -> None:
    sound = extractor("Parakeet", win_length=400, n_fft=512)

    assert loud(sound, NAME) == []
    assert reported({**sound, "win_length": 600}, NAME, "RF401", "600")


@pytest.mark.parametrize(
    "config",
    [
        {"image_processor_type": "ViTImageProcessor", "size": 224},
        {"feature_extractor_type": "LayoutLMv2FeatureExtractor"},
        {"processor_class": "CLIPProcessor"},
    ],
)
def test_pictures_are_not_ours(config: dict[str, Any]) -> None:
    assert models_of(config, NAME) == []


def test_a_size_of_zero_is_no_frame() -> None:
    assert model_of(extractor("Whisper", hop_length=0), NAME).stacks == []
