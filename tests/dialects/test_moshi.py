"""Moshi's language models and Mimi's config."""

from __future__ import annotations

import json
from typing import Any

import pytest
from codec_files import codes, decoder, dialect, encoder, loud, model, told

MOSHI: dict[str, Any] = {
    "dim": 4096,
    "text_card": 32000,
    "n_q": 16,
    "dep_q": 8,
    "card": 2048,
    "num_layers": 32,
    "context": 3000,
    "depformer_dim": 1024,
    "depformer_context": 8,
    "delays": [0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1],
}
SPEECH_TO_TEXT = {
    "mimi_name": "mimi.safetensors",
    "n_q": 32,
    "dep_q": 0,
    "context": 750,
    "delays": [0] * 33,
    "stt_config": {"audio_silence_prefix_seconds": 1.0, "audio_delay_seconds": 2.5},
}
MIMI: dict[str, Any] = {
    "sample_rate": 24000,
    "frame_rate": 12.5,
    "seanet": {"dimension": 512, "causal": True, "ratios": [8, 6, 5, 4], "kernel_size": 7, "last_kernel_size": 3},
    "transformer": {"d_model": 512, "num_layers": 8, "context": 250, "causal": True},
    "quantizer": {"n_q": 32, "bins": 2048},
}


def moshi(**changes: Any) -> str:
    return json.dumps({**MOSHI, **changes})


def mimi(**changes: Any) -> str:
    return json.dumps({**MIMI, **changes})


@pytest.mark.parametrize("text", [moshi(), json.dumps(SPEECH_TO_TEXT), mimi(), moshi(delays=None)])
def test_sound_configs_are_read_in_silence(text: str) -> None:
    assert (dialect(text), loud(text), model(text).notes) == ("moshi", [], [])


@pytest.mark.parametrize("text", ['{"delays": [0, 1]}', '{"seanet": {}, "transformer": {}}', '{"n_q": 8, "dep_q": 8}'])
def test_other_files_are_not_claimed(text: str) -> None:
    assert dialect(text) is None


def test_mimi_has_a_hidden_factor_of_two() -> None:
    assert (encoder(mimi()), decoder(mimi())) == ((1920, 7160, 5240, 0), (1920, 6, 5, 0))
    assert model(mimi()).stacks[0].factor_text() == "8·6·5·4 × 2"


def test_a_language_model_stands_on_mimi_as_it_is_published() -> None:
    assert encoder(moshi()) == (1920, 7160, 5240, 0)
    assert model(moshi()).stacks[0].input_rate == 24000


def test_attention_is_limited_to_its_context() -> None:
    assert not model(mimi()).stacks[0].coverage.unbounded


def test_without_a_stride_there_is_no_second_convolution() -> None:
    assert encoder(mimi(frame_rate=25))[0] == 960


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (moshi(delays=[0] * 16), "RF201", "`delays` has 16 entries"),
        (moshi(dep_q=16), "RF505", "`dep_q` 16"),
        (mimi(frame_rate=20), "RF504", "no multiple of `frame_rate` 20"),
        (mimi(seanet={"ratios": [8, 6, 5, -4]}), "RF002", "4"),
    ],
)
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert told(text, code, words), loud(text)


def test_a_frame_rate_that_is_no_whole_stride_leaves_no_stack() -> None:
    only = model(mimi(frame_rate=20))

    assert (only.stacks, [note.subject for note in only.notes], codes(mimi(frame_rate=20)) != []) == (
        [],
        ["mimi"],
        True,
    )
