"""wesep: the network behind the name of a speaker extractor."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import figures, loud, messages, model_of, stack_of


def config(name: str, data: dict[str, Any] | None = None, **network: Any) -> str:
    dataset = {"resample_rate": 8000, "chunk_len": 24000, "fbank_args": {"frame_shift": 10, "frame_length": 25}}
    return json.dumps(
        {
            "model": {"tse_model": name},
            "dataset_args": {**dataset, **(data or {})},
            "model_args": {"tse_model": network},
        }
    )


@pytest.mark.parametrize(
    ("text", "step", "field"),
    [
        (config("ConvTasNet"), 8, 160 + 8 * 2 * 255 * 3),  # the longest of three windows at the stride of the first
        (config("ConvTasNet", L=200, R=1, X=1), 100, 200 + 100 * 2),
        (config("ConvTasNet", encoder_type=False, R=1, X=2), 8, 16 + 8 * 2 * 3),
        (config("ConvTasNet", encoder_type="Deep", R=1, X=2), 8, 16 + 8 * 2 * 15 + 8 * 2 * 3),
        (config("BSRNN"), 128, 512),
        (config("BSRNN_Feats", win=256, stride=64), 64, 256),
        (config("TFGridNet"), 64, 128 + 64 * 4),
        (config("DPCCN"), 128, 512),
    ],
)
def test_networks_are_read_exactly_and_in_silence(text: str, step: int, field: int) -> None:
    assert (figures(text), loud(text)) == ((step, field), [])


def test_windows_of_several_lengths_begin_on_one_sample() -> None:
    reading = stack_of(config("ConvTasNet", R=1, X=1, causal=True, norm="cLN")).coverage.reading(0)

    assert reading is not None
    assert (reading.first, reading.last) == (-16, 159)


def test_sizes_in_samples_and_times_are_told() -> None:
    durations = model_of(config("BSRNN", win=256, stride=64)).durations

    assert [(d.value.value, d.unit, d.quantity) for d in durations] == [
        (64, "samples", "step"),
        (256, "samples", "window"),
        (24000, "samples", "length"),
        (10, "ms", "step"),
        (25, "ms", "window"),
    ]


def test_the_rate_of_the_bands_is_that_of_the_clips() -> None:
    text = config("BSRNN", sr=16000)

    assert [code for code, _ in loud(text)] == ["RF403"]
    assert "16000" in messages(text)


@pytest.mark.parametrize("name", ["DPCCN", "Own"])
def test_other_networks_are_known_by_name_alone(name: str) -> None:
    assert f"of `{name}` are not known" in model_of(config(name)).notes[0].reason
