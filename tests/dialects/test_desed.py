"""DESED's CRNN: pooling over time against the subsampling of the labels."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import figures, loud, messages, stack_of

POOLING = [[2, 2], [2, 2], [1, 2]]


def crnn(net: dict[str, Any] | None = None, **sections: dict[str, Any]) -> str:
    feats = {"hop_length": 256, "n_window": 2048, "sample_rate": 16000, **sections.get("feats", {})}
    data = {"fs": 16000, "net_subsample": 4, "audio_max_len": 10, **sections.get("data", {})}
    return json.dumps({"feats": feats, "data": data, "net": {"pooling": POOLING, "rnn_type": "BGRU", **(net or {})}})


@pytest.mark.parametrize(
    ("text", "step", "frames"),
    [
        (crnn(), 1024, 3 + 1 + 2 * 2 + 2 + 4 * 2),  # kernels of 3 by default
        (crnn({"kernel_size": [5, 3, 3], "padding": [2, 1, 1], "stride": [1, 1, 1]}), 1024, 20),
        (crnn({"kernel_size": [[5, 3], 3, 3], "padding": [[2, 1], 1, 1]}), 1024, 20),
        (crnn({"stride": [2, 1, 1]}, data={"net_subsample": 8}), 2048, 3 + 2 * (1 + 2 * 2 + 2 + 4 * 2)),
    ],
)
def test_layers_are_read_exactly_and_in_silence(text: str, step: int, frames: int) -> None:
    assert (figures(text), loud(text)) == ((step, 2048 + 256 * (frames - 1)), [])
    assert stack_of(text).coverage.unbounded


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (crnn(data={"net_subsample": 2}), "RF503", "the model has 4"),
        (crnn(data={"fs": 44100}), "RF403", "44100"),
        (crnn({"kernel_size": [3, 3]}), "RF201", "2 entries"),
    ],
)
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert code in [found for found, _ in loud(text)]
    assert words in messages(text)


def child(**net: Any) -> str:
    """FDY-SED: other sections, and other names for the lists."""
    feature = {"hop_length": 256, "n_window": 2048, "sample_rate": 16000, "sr": 16000, "net_subsample": 4}
    layers = {"kernel": [3, 3, 3], "pad": [1, 1, 1], "stride": [1, 1, 1], "n_filt": [8, 8, 8], "pooling": POOLING}
    return json.dumps({"feature": feature, "CRNN": {**layers, **net}})


def test_a_child_with_sections_of_its_own_is_the_same_network() -> None:
    assert figures(child()) == figures(crnn())
    assert loud(child()) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [(child(pooling=[[2, 2], [1, 2], [1, 2]]), "RF503"), (child(kernel=[3, 3]), "RF201"), (child(n_filt=[8]), "RF201")],
)
def test_contradictions_of_a_child_are_reported(text: str, code: str) -> None:
    assert code in [found for found, _ in loud(text)]
