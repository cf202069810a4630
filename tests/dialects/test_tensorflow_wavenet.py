"""ibab/tensorflow-wavenet: the field that its dilations make, and whether it is enough."""

from __future__ import annotations

import json

import pytest

from rflint.engine import check_text, explain_text

CYCLE = [2**i for i in range(10)]


def config(cycles: int = 5, rate: int = 16000, **more: object) -> str:
    return json.dumps({"filter_width": 2, "sample_rate": rate, "dilations": CYCLE * cycles, **more})


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({}, 5 * 1023 + 2),
        ({"scalar_input": True}, 5 * 1023 + 32),
        ({"scalar_input": True, "initial_filter_width": 8}, 5 * 1023 + 8),
    ],
    ids=str,
)
def test_the_field_of_five_cycles(more: dict[str, object], field: int) -> None:
    (model,) = explain_text(config(**more), "wavenet_params.json")
    coverage = model.stacks[0].coverage

    assert (field, 1, field - 1, 0) == (coverage.receptive_field, coverage.step, coverage.left, coverage.right)


def test_the_shipped_shape_is_sound() -> None:
    assert check_text(config(), "wavenet_params.json") == []


def test_the_network_for_words_reads_frames_and_is_left_alone() -> None:
    assert not explain_text(config(1, word_count=1145), "wavenet_params.json")


@pytest.mark.parametrize(("cycles", "rate", "time"), [(1, 16000, "64.06 ms"), (8, 44100, "185.62 ms")])
def test_a_field_that_hears_too_little(cycles: int, rate: int, time: str) -> None:
    (finding,) = check_text(config(cycles, rate), "wavenet_params.json")

    assert (finding.code, finding.severity) == ("RF406", "warning")
    assert finding.message.startswith(
        f"The receptive field of {cycles * 1023 + 2} samples lasts {time}, unusually short"
    )


def test_what_cannot_be_read_is_reported_once() -> None:
    (finding,) = check_text('{"filter_width": 2, "sample_rate": 16000, "dilations": ["x"]}', "wavenet_params.json")

    assert finding.code == "RF002"


@pytest.mark.parametrize(
    ("option", "found"),
    [("--sample_size 5000", ["RF507"]), ("--sample_size=5117", []), ("--sample_size 100000", []), ("a sample_size of 1", [])],
)
def test_the_crop_of_a_command_line_in_a_comment(option: str, found: list[str]) -> None:
    text = f"# python train.py {option}\n{config()}\n"

    assert [(f.code, f.severity, f.span.line) for f in check_text(text, "params.yaml")] == [
        (code, "warning", 1) for code in found
    ]
