"""What `rflint explain` says of a stack, to readers and to programs."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from rflint.coverage import (
    Conv,
    Layer,
    Mixer,
    Parallel,
    Repeat,
    Sequence,
    attention,
    causal,
    centred,
    crop,
    decimate,
    recurrent,
    residual,
    transposed,
    transposed_even,
)
from rflint.model import Model, Stack, Stage
from rflint.reports import explain_json, explain_text
from rflint.reports.explanation import Explanation, ModelView
from rflint.schemas import load_schema

WAV2VEC = [Conv(k, s) for k, s in zip((10, 8, 4, 4, 4), (5, 4, 2, 2, 2), strict=True)]


def explained(*layers: Layer, role: str = "encoder", rate: int | None = 16000) -> Explanation:
    stages = [Stage(f"layers.{i}", layer) for i, layer in enumerate(layers)]
    model = Model("toynet", "net")
    model.stacks.append(Stack(role, "net", stages, input_rate=rate))  # type: ignore[arg-type]
    return Explanation("a.yaml", "toynet", [ModelView(model)])


def text(*layers: Layer, role: str = "encoder", rate: int | None = 16000) -> str:
    return explain_text.render([explained(*layers, role=role, rate=rate)])


def stack_of(*layers: Layer, role: str = "encoder", rate: int | None = 16000) -> dict[str, Any]:
    report = json.loads(explain_json.render([explained(*layers, role=role, rate=rate)]))
    Draft202012Validator(load_schema("report-explain")).validate(report)
    (stack,) = report["files"][0]["models"][0]["stacks"]
    return stack  # type: ignore[no-any-return]


# -- for readers ----------------------------------------------------------------------------------------------------


def test_a_plain_encoder_says_its_field_and_where_frame_0_stands() -> None:
    said = text(*WAV2VEC)

    assert "  receptive field 465 samples = 29.06 ms, step 160 samples = 10 ms, 100 Hz at 16000 Hz\n" in said
    assert (
        "  frame 0 is centred on sample 232 = 14.5 ms; about 95 % of the paths lie within 412 samples = 25.75 ms\n"
        in said
    )
    assert "layers.4  ██████████████████████████████████████████  0 to 464\n" in said
    assert not any(word in said for word in ("holes", "unbounded", "never read", "look-ahead"))


def test_a_decoder_says_its_phases() -> None:
    said = text(centred(3), transposed_even(16, 8), role="decoder", rate=None)

    assert "  a sample reads 2 frames back and 2 ahead of its own\n" in said
    assert "  of every 8 outputs 0-3 read -2 to 1, 4-7 read -1 to 2 (frames about their own)\n" in said


def test_outputs_made_of_nothing_are_told() -> None:
    said = text(transposed(2, 4), role="decoder", rate=50)

    assert "of every 4 outputs 0-1 read 0 to 0, 2-3 read nothing (frames about their own)" in said
    assert "2 of every 4 outputs read nothing: they are made of the bias alone" in said


def test_holes_are_told_with_their_grid() -> None:
    said = text(*[Conv(3, 1, 2)] * 3)

    assert "  holes: 6 of 13 samples are not read (53.8 % are, only every 2nd)\n" in said


def test_input_that_is_never_read_is_told() -> None:
    assert "  60 % of the samples are never read, by any output\n" in text(Conv(2, 5), Conv(3))


def test_what_looks_without_limit_is_named_with_its_side() -> None:
    said = text(Conv(3), recurrent("GRU"), residual(attention()), Mixer("instance norm"))

    assert "  unbounded by GRU (left), attention (both sides), instance norm (both sides); " in said


def test_limited_attention_is_counted_beside_the_field() -> None:
    said = text(causal(3), Repeat(3, attention(5, 2)))

    assert "  receptive field 3 samples = 0.19 ms, " in said
    assert "  with attention counted in: receptive field 24 samples = 1.5 ms, 17 back and 6 ahead\n" in said


def test_ascii_output_holds_only_ascii() -> None:
    said = explain_text.render([explained(*[causal(2, 1, 3**i) for i in range(3)])], unicode=False)

    assert said.isascii()
    assert "##.##....##.##" in said


# -- for programs -----------------------------------------------------------------------------------------------------


def test_the_contract_for_an_encoder() -> None:
    stack = stack_of(*WAV2VEC)
    told = {key: value for key, value in stack.items() if key != "layers"}

    assert told == {
        "role": "encoder", "name": "net", "direction": "analysis", "input_unit": "samples", "step": "160", "step_ms": 10.0,
        "frame_rate_hz": 100.0, "upsampling": "1/160", "receptive_field": 465, "receptive_field_ms": 29.0625, "left": 0,
        "right": 464, "unbounded": False, "unbounded_by": [], "holes": 0, "density": 1.0, "min_input": 465,
    }  # fmt: skip
    assert [(layer["step"], layer["receptive_field"]) for layer in stack["layers"]][-1] == ("160", 465)


def test_mixers_are_named_and_limits_counted() -> None:
    unbounded = stack_of(Conv(3), recurrent(), residual(recurrent()), attention(3, 1))
    limited = stack_of(Conv(3), attention(3, 1), attention(3, 1))

    assert (unbounded["unbounded"], unbounded["unbounded_by"], "total" in unbounded) == (True, ["LSTM"], False)
    assert (unbounded["layers"][1]["mixer"], unbounded["layers"][1]["side"]) == ("LSTM", "left")
    assert (limited["unbounded_by"], limited["layers"][1]["side"]) == ([], None)
    assert limited["total"] == {"receptive_field": 11, "left": 6, "right": 4}


def test_what_is_not_computable_is_null_with_a_reason() -> None:
    stack = stack_of(transposed(1, 4), crop(1), decimate(4), role="decoder", rate=None)

    assert (stack["step_ms"], stack["reason"]) == (None, "the frame rate is not known")
    assert (stack["receptive_field"], stack["min_input"]) == (0, 2)


def test_fractions_are_text() -> None:
    stack = stack_of(transposed_even(4, 2), Conv(3, 3), rate=None)

    assert (stack["step"], stack["upsampling"]) == ("3/2", "2/3")
    assert Fraction(stack["layers"][0]["step"]) == Fraction(1, 2)


@pytest.mark.parametrize("times", [0, 1, 30])
def test_layers_made_of_layers_meet_the_schema(times: int) -> None:
    block = Parallel((Sequence((centred(3), Repeat(times, residual(centred(5))))), Sequence()))
    (layer,) = stack_of(block)["layers"]

    assert layer["branches"][0][1]["count"] == times
