"""Bonito and Dorado: four shapes of one basecaller, in TOML."""

from __future__ import annotations

import pytest

from rflint.engine import check_text, explain_text
from rflint.model import Model

NAME = "config.toml"
CRF = '[model]\npackage = "bonito.crf"\n'


def conv(kernel: int, stride: int = 1, where: str = "encoder") -> str:
    return (
        f'[[{where}.sublayers]]\ntype = "convolution"\nwinlen = {kernel}\nstride = {stride}\npadding = {kernel // 2}\n'
    )


def lstm(reverse: int) -> str:
    return f'[[encoder.sublayers]]\ntype = "lstm"\nsize = 8\nreverse = {reverse}\n'


SERIAL = CRF + '[encoder]\ntype = "serial"\n' + conv(5) + '[[encoder.sublayers]]\ntype = "clamp"\n' + conv(19, 5)
BLOCK = "[[block]]\nrepeat = {}\nkernel = [{}]\nstride = [{}]\ndilation = [{}]\nresidual = {}\n"
CTC = '[model]\npackage = "bonito.ctc"\n' + BLOCK.format(1, 9, 3, 1, "false") + BLOCK.format(2, 5, 1, 2, "true")
TRANSFORMER = (
    '[model]\npackage = "bonito.transformer"\n[model.encoder]\ntype = "namedserial"\n'
    '[model.encoder.conv]\ntype = "serial"\n' + conv(9, 3, "model.encoder.conv") + conv(5, 4, "model.encoder.conv")
    + '[model.encoder.body]\ntype = "stack"\ndepth = 2\n[model.encoder.up]\ntype = "linearupsample"\nscale_factor = 2\n'
    + '[model.encoder.body.layer]\ntype = "transformerencoderlayer"\nattn_window = [ 7, 8,]\n'
)  # fmt: skip
CALLER = "[basecaller]\nchunksize = {}\noverlap = {}\n"


def model_of(text: str) -> Model:
    (model,) = explain_text(text, NAME)
    return model


@pytest.mark.parametrize(
    ("text", "step", "field"),
    [
        (SERIAL, 5, 23),
        (SERIAL + lstm(1) + lstm(0), 5, 23),
        (CRF + "[encoder]\n", 5, 27),
        (CRF + "[encoder]\nstride = 6\nwinlen = 31\nnum_layers = 2\n", 6, 39),
        (CTC, 3, 9 + 2 * 8 * 3),
        (TRANSFORMER, 6, 9 + 4 * 3),
    ],
)
def test_shapes(text: str, step: int, field: int) -> None:
    stack = model_of(text).stack("encoder")

    assert stack is not None
    assert (stack.coverage.step, stack.coverage.receptive_field) == (step, field)
    assert check_text(text, NAME) == []


def test_limits_of_attention_and_directions_of_recurrence() -> None:
    total = model_of(TRANSFORMER).stacks[0].coverage.total
    sides = [mixer.sides for mixer in model_of(SERIAL + lstm(1) + lstm(0)).stacks[0].coverage.unbounded_by]

    assert (total.left, total.right) == (10 + 12 * 14, 10 + 12 * 16)
    assert sides == ["right", "left"]


def test_the_rate_is_that_of_the_run() -> None:
    assert model_of(SERIAL).sample_rate is None
    rate = model_of(SERIAL + "[run_info]\nsample_rate = 5000\n").sample_rate
    assert rate is not None
    assert rate.value == 5000


@pytest.mark.parametrize(
    ("chunk", "overlap", "found"),
    [(4000, 500, []), (4001, 500, ["RF502"]), (4000, 505, ["RF502"]), (4002, 503, ["RF502", "RF502"]), (0, 0, [])],
)
def test_chunks_are_rounded_and_overlaps_halved(chunk: int, overlap: int, found: list[str]) -> None:
    findings = check_text(SERIAL + CALLER.format(chunk, overlap), NAME)

    assert [(finding.code, finding.severity) for finding in findings] == [(code, "info") for code in found]
    assert all(finding.path == NAME and finding.span.line > 10 for finding in findings)


def test_a_stride_behind_the_first_block_is_not_seen() -> None:
    text = CTC.replace("stride = [1]", "stride = [2]").replace("dilation = [2]", "dilation = [1]").replace("true", "false")
    (finding,) = check_text(text, NAME)

    assert (finding.code, finding.severity, finding.span.line) == ("RF503", "warning", 6)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (SERIAL + '[[encoder.sublayers]]\ntype = "gru"\n', "a layer of type gru is not known"),
        (SERIAL.replace("winlen = 5", "winlen = 0"), "`winlen` is 0"),
        (CRF, "`type` is missing"),
        (TRANSFORMER.replace("depth = 2", "depth = 99999999"), "`depth` is 99999999"),
    ],
)
def test_what_stops_the_derivation(text: str, reason: str) -> None:
    model = model_of(text)

    assert model.stacks == []
    assert reason in model.notes[0].reason


@pytest.mark.parametrize("text", ['[model]\npackage = "other"\n', '[tool.bonito]\npackage = "x"\n', 'model = "bonito."\n'])
def test_other_files_are_left_alone(text: str) -> None:
    assert explain_text(text, NAME) == ()
    assert check_text(text, NAME) == []
