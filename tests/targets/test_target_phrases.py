"""Phrases that declare targets, in English and Chinese: what each amount is, whose, and how near it must be met."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rflint.targets import EXACT, PhraseError, Target, Tolerance, Tolerances, parse

MS = Fraction(1, 1000)
STEP, LENGTH, ABOUT = (Tolerance("relative", Fraction(1, n)) for n in (200, 20, 10))


def declared(phrase: str) -> list[tuple[str, Fraction | None, str]]:
    """Quantity, plain value and unit of each target of a phrase."""
    targets = parse(phrase)
    assert all(target.low == target.high for target in targets)
    return [(target.quantity, target.low, target.unit) for target in targets]


def only(phrase: str) -> Target:
    (target,) = parse(phrase)
    return target


@pytest.mark.parametrize(
    "phrase",
    [
        "30 ms frames every 10 ms",
        "30ms frames every 10ms",
        "30-ms frames every 10-ms",
        "frames of 30 ms every 10 ms",
        "every 10 ms a frame of 30 ms",
        "30 ms every 10 ms",
        "30 ms window / 10 ms hop",
        "30 ms window, 10 ms hop",
        "10 ms hop, 30 ms window",
        "hop 10 ms, window 30 ms",
        "hop: 10 ms; window: 30 ms",
        "step=10ms, rf=30ms",
        "rf 30ms step 10ms",
        "window length 30 ms and frame shift 10 ms",
        "30 ms frame length, 10 ms frame shift",
        "30 ms windows with a stride of 10 ms",
        "receptive field 0.03 s, step 0.01 s",
        "receptive field of 30,000 us, hop of 10,000 us",
        "The receptive field is 30 ms, the step is 10 ms",
        "30 milliseconds frames every 10 milliseconds",
        "窗长30ms，帧移10ms",
        "帧移10毫秒、窗长30毫秒",
        "每10ms一帧, 感受野30ms",
        "每１０毫秒输出一帧；感受野为３０毫秒",
        "30 ＭＳ frames every 10 ms",
    ],
)
def test_a_length_and_a_step(phrase: str) -> None:
    assert sorted(declared(phrase)) == [("frame_step", 10 * MS, "s"), ("receptive_field", 30 * MS, "s")]


@pytest.mark.parametrize(
    ("phrase", "quantity", "value", "unit"),
    [
        ("about 210 ms", "receptive_field", 210 * MS, "s"),
        ("320 samples", "receptive_field", 320, "samples"),
        ("15 frames of context", "receptive_field", 15, "frames"),
        ("1.5 s receptive field", "receptive_field", Fraction(3, 2), "s"),
        ("50 Hz", "frame_rate", 50, "Hz"),
        ("12.5 Hz frame rate", "frame_rate", Fraction(25, 2), "Hz"),
        ("frame rate of 12.5", "frame_rate", Fraction(25, 2), "Hz"),
        ("25 fps", "frame_rate", 25, "Hz"),
        ("25 ms", "receptive_field", 25 * MS, "s"),
        ("75 tokens per second", "frame_rate", 75, "Hz"),
        ("75 tokens/s", "frame_rate", 75, "Hz"),
        ("100 frames a second", "frame_rate", 100, "Hz"),
        ("帧率50Hz", "frame_rate", 50, "Hz"),
        ("每秒50帧", "frame_rate", 50, "Hz"),
        ("16 kHz", "sample_rate", 16000, "Hz"),
        ("16000 samples per second", "sample_rate", 16000, "Hz"),
        ("sample rate 22.05k", "sample_rate", 22050, "Hz"),
        ("采样率16千赫兹", "sample_rate", 16000, "Hz"),
        ("every 20 ms", "frame_step", 20 * MS, "s"),
        ("1 frame every 20 ms", "frame_step", 20 * MS, "s"),
        ("20 ms per frame", "frame_step", 20 * MS, "s"),
        ("80 ms/token", "frame_step", 80 * MS, "s"),
        ("20毫秒一帧", "frame_step", 20 * MS, "s"),
        ("a frame rate of 10 ms", "frame_step", 10 * MS, "s"),
        ("a frame every 20 ms", "frame_step", 20 * MS, "s"),
        ("20 ms a frame", "frame_step", 20 * MS, "s"),
        ("a frame length of 25 ms", "receptive_field", 25 * MS, "s"),
        ("hop_length: 320", "frame_step", 320, "samples"),
        ("hop of 320 samples", "frame_step", 320, "samples"),
        ("步长320个采样点", "frame_step", 320, "samples"),
        ("640x downsampling", "frame_step", 640, "samples"),
        ("256x upsampling", "upsampling", 256, "samples"),
        ("upsample by a factor of 256", "upsampling", 256, "samples"),
        ("上采样256倍", "upsampling", 256, "samples"),
        ("look-ahead 0", "look_ahead", 0, "samples"),
        ("looks ahead 40 ms", "look_ahead", 40 * MS, "s"),
        ("right context 40 ms", "right_context", 40 * MS, "s"),
        ("latency of 40 ms", "look_ahead", 40 * MS, "s"),
        ("left context 1e3 samples", "left_context", 1000, "samples"),
    ],
)
def test_one_amount(phrase: str, quantity: str, value: Fraction, unit: str) -> None:
    assert declared(phrase) == [(quantity, value, unit)]


@pytest.mark.parametrize(
    ("phrase", "low", "high"),
    [
        ("look-ahead at most 40 ms", None, 40),
        ("lookahead <= 40ms", None, 40),
        ("40 ms look-ahead at most", None, 40),
        ("max 40 ms look-ahead", None, 40),
        ("前瞻不超过40毫秒", None, 40),
        ("感受野40ms以内", None, 40),
        ("receptive field >= 1.5 s", 1500, None),
        ("receptive field ≥ 1.5 s", 1500, None),
        ("covers at least 1.5 s", 1500, None),
        ("感受野至少1.5秒", 1500, None),
        ("20..30 ms", 20, 30),
        ("20-30 ms", 20, 30),
        ("20 ms – 30 ms window", 20, 30),
        ("between 20 and 30 ms", 20, 30),
        ("window from 20 to 30 ms", 20, 30),
        ("感受野20到30毫秒", 20, 30),
    ],
)
def test_bounds_and_ranges(phrase: str, low: int | None, high: int | None) -> None:
    target = only(phrase)

    assert (target.low, target.high) == tuple(None if bound is None else bound * MS for bound in (low, high))
    assert target.tolerance == EXACT


@pytest.mark.parametrize(
    ("phrase", "tolerance"),
    [
        ("30 ms", LENGTH),
        ("400 samples", LENGTH),
        ("every 10 ms", STEP),
        ("50 Hz", STEP),
        ("sample rate 16 kHz", STEP),
        ("hop of 320 samples", EXACT),
        ("receptive field 465", EXACT),
        ("upsampling 256", EXACT),
        ("about 210 ms", ABOUT),
        ("~210 ms", ABOUT),
        ("≈ 210 ms", ABOUT),
        ("约210毫秒", ABOUT),
        ("210ms左右", ABOUT),
        ("hop of about 10 ms", ABOUT),
        ("exactly 30 ms", EXACT),
        ("正好30毫秒", EXACT),
        ("less than 40 ms", Tolerance("strict")),
        ("30 ms ± 2 ms", Tolerance("absolute", 2 * MS)),
        ("30 ± 2 ms", Tolerance("absolute", 2 * MS)),
        ("50 Hz +/- 1%", Tolerance("relative", Fraction(1, 100))),
    ],
)
def test_tolerances(phrase: str, tolerance: Tolerance) -> None:
    assert only(phrase).tolerance == tolerance


def test_tolerances_are_configurable() -> None:
    loose = Tolerances(step=Tolerance("relative", Fraction(1, 2)))

    assert [target.tolerance for target in parse("30 ms frames every 10 ms", tolerances=loose)] == [LENGTH, loose.step]


@pytest.mark.parametrize(
    ("phrase", "stacks"),
    [
        ("30 ms frames every 10 ms", [None, None]),
        ("encoder: 30 ms frames every 10 ms", ["encoder", "encoder"]),
        ('encoder "30 ms frames every 10 ms"', ["encoder", "encoder"]),
        ("编码器：每10ms一帧", ["encoder"]),
        ("my_net: 10 ms hop", ["my_net"]),
        ("Model.Encoder-2: 10 ms hop", ["Model.Encoder-2"]),
        ("context about 210 ms", ["context"]),
        ("context network: about 210 ms", ["context"]),
        ("receptive field of the context network about 210 ms", ["context"]),
        ("30 ms frames every 10 ms, context about 210 ms", [None, None, "context"]),
        ("encoder 50 Hz, context 210 ms", ["encoder", "context"]),
    ],
)
def test_whose_target_it_is(phrase: str, stacks: list[str | None]) -> None:
    assert [target.stack for target in parse(phrase)] == stacks


def test_the_default_stack_yields_to_a_name_in_the_phrase() -> None:
    assert [target.stack for target in parse("50 Hz", "front")] == ["front"]
    assert [target.stack for target in parse("encoder: 50 Hz", "front")] == ["encoder"]


def test_each_target_keeps_its_words() -> None:
    targets = parse("30 ms frames every 10 ms, look-ahead at most about 40 ms")

    assert [t.wording for t in targets] == ["30 ms frames", "every 10 ms", "look-ahead at most about 40 ms"]
    assert [t.text for t in targets] == ["30 ms", "10 ms", "at most 40 ms"]


def test_a_length_beside_a_rate_is_no_repetition_of_it() -> None:
    assert declared("25 ms, 50 Hz") == [("receptive_field", 25 * MS, "s"), ("frame_rate", 50, "Hz")]


@pytest.mark.parametrize(
    ("phrase", "reason", "position"),
    [
        ("", "no amount", 0),
        ("hop", "an amount is missing", 0),
        ("10 parsecs", "`parsecs` is not understood", 3),
        ("10毫光年", "`毫光年` is not understood", 2),
        ("25ms/10ms", "which is the receptive field", 0),
        ("30 ms, 10 ms", "which is the receptive field", 0),
        ("25 ms at 100 Hz", "which is the receptive field", 9),
        ("hop 10 ms, 160 samples", "say what this amount is", 11),
        ("10 ms = 160 samples", "two amounts for one quantity", 6),
        ("30", "a unit is missing", 0),
        ("25 window, 10 ms hop", "a unit is missing", 0),
        ("0 ms", "above 0", 0),
        ("30..20 ms", "backwards", 0),
        ("10 ms..20 Hz", "different units", 5),
        ("receptive field 50 Hz", "a length, not a rate", 0),
        ("upsampling 10 ms", "a plain number", 0),
        ("at most at least 3 ms", "two bounds", 8),
        ("at most 30 ± 2 ms", "exclude each other", 0),
        ("50%", "a share is no target", 0),
        ("5 tokens", "no duration", 2),
        ("chunk 640 ms", "`chunk` is not understood", 0),
        ("20 ms, 50 Hz", "say what this amount is", 0),
        ("400 samples, 50 Hz", "say what this amount is", 0),
        ("30 ms 25 ms hop", "which is the receptive field", 6),
        ("between 10 ms", "the end of the range is missing", 13),
        ("10 to ms", "the end of the range is missing", 3),
        ("at most 10..20 ms", "a range has its bounds already", 0),
        ("30 ms ± 2 Hz", "another unit", 0),
        ("30 ms ± 2x", "a share or an amount", 10),
        ("10k ms", "`k` goes with a rate", 0),
        ("8x receptive field", "a factor is", 0),
        ("2x 10 ms", "a product", 3),
        ("x 10 ms", "a factor has no unit", 0),
        ("sample rate 10 ms", "is given in Hz", 0),
        ("rate 10 ms", "a rate is given in Hz", 0),
        ("10 ms per second", "a rate counts samples or frames", 0),
        ("1" * 41 + " ms", "too many digits", 0),
        ("10 ms " * 200, "longer than", 0),
    ],
)
def test_what_is_not_understood_says_why_and_where(phrase: str, reason: str, position: int) -> None:
    with pytest.raises(PhraseError, match=reason) as caught:
        parse(phrase)
    assert caught.value.position == position
