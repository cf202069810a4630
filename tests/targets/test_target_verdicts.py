"""Targets against computed amounts: what is met, and what the texts of a verdict say."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from rflint.targets import Tolerance, amount_in_positions, compare, parse, quantity


def met(phrase: str, samples: Fraction | int, rate: int | None = 16000) -> bool | None:
    (target,) = parse(phrase)
    return compare(target, samples=samples, rate=rate).met


@pytest.mark.parametrize(
    ("phrase", "samples", "expected"),
    [
        ("30 ms", 465, True),  # 29.06 ms is within 5 %
        ("~30 ms", 465, True),
        ("exactly 30 ms", 465, False),
        ("exactly 30 ms", 480, True),
        ("30 ms", 456, True),
        ("30 ms", 455, False),
        ("~30 ms", 432, True),
        ("~30 ms", 431, False),
        ("about 210 ms", 3345, True),
        ("every 10 ms", 160, True),
        ("every 10 ms", 161, False),
        ("every 200 ms", 3216, True),  # 0.5 %
        ("every 200 ms", 3217, False),
        ("50 Hz", 320, True),
        ("50 Hz", 321, True),
        ("50 Hz", 322, False),
        ("12.5 Hz frame rate", 1280, True),
        ("hop of 320 samples", 321, False),
        ("upsampling 256", 256, True),
        ("upsampling 256", Fraction(257), False),
        ("look-ahead at most 40 ms", 640, True),
        ("look-ahead at most 40 ms", 641, False),
        ("look-ahead below 40 ms", 640, False),
        ("look-ahead 0 ms", 0, True),
        ("look-ahead 0 ms", 1, False),
        ("receptive field >= 1.5 s", 24000, True),
        ("receptive field >= 1.5 s", 23999, False),
        ("20..30 ms", 320, True),
        ("20..30 ms", 481, False),
        ("30 ms ± 2 ms", 448, True),
        ("30 ms ± 2 ms", 447, False),
        ("sample rate 16 kHz", 16000, True),
        ("sample rate 16 kHz", 22050, False),
    ],
)
def test_met_or_missed(phrase: str, samples: Fraction | int, expected: bool) -> None:
    assert met(phrase, samples) is expected


def test_without_a_sample_rate_only_counts_can_be_compared() -> None:
    assert met("hop of 320 samples", 320, None) is True
    assert met("every 20 ms", 320, None) is None
    assert compare(parse("50 Hz")[0], samples=320, rate=None).reason == "the sample rate is not known"
    assert compare(parse("50 Hz")[0], samples=None, rate=16000).reason == "it cannot be computed"
    assert compare(parse("50 Hz")[0], samples=0, rate=16000).met is None


def test_frames_and_samples_convert_by_the_length_of_a_frame() -> None:
    target = quantity("15 frames")

    assert compare(target, samples=15, rate=100, unit="frames").met is True
    assert compare(target, samples=2400, rate=16000, per_frame=160).met is True
    assert compare(target, samples=2400, rate=16000).met is None
    assert compare(quantity("2400 samples"), samples=15, rate=100, unit="frames", per_frame=160).met is True


@pytest.mark.parametrize(
    ("phrase", "samples", "computed", "declared"),
    [
        ("30 ms", 465, "29.06 ms", "30 ms"),
        ("about 210 ms", 3345, "209.06 ms", "about 210 ms"),
        ("50 Hz", 640, "25 Hz", "50 Hz"),
        ("look-ahead below 40 ms", 1280, "80 ms", "less than 40 ms"),
        ("receptive field >= 1.5 s", 160, "10 ms", "at least 1500 ms"),
        ("20..30 ms", 160, "10 ms", "20 ms to 30 ms"),
        ("30 ms ± 2 ms", 160, "10 ms", "30 ms ± 2 ms"),
        ("30 ms ± 20%", 160, "10 ms", "30 ms ± 20 %"),
        ("upsampling 256", 300, "300", "256"),
        ("hop of 320 samples", 160, "160 samples", "320 samples"),
    ],
)
def test_texts(phrase: str, samples: int, computed: str, declared: str) -> None:
    verdict = compare(parse(phrase)[0], samples=samples, rate=16000)

    assert (verdict.computed_text, verdict.declared_text) == (computed, declared)


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1000, 200000))
def test_the_texts_of_a_missed_target_differ(declared: int, computed: int, rate: int) -> None:
    for text in (f"exactly {declared} us", f"every {declared} us", f"{declared} Hz frame rate"):
        verdict = compare(parse(text)[0], samples=computed, rate=rate)
        assert verdict.met or verdict.computed_text != verdict.declared_text


@pytest.mark.parametrize(
    ("phrase", "positions"),
    [
        ("every 10 ms", 160),
        ("50 Hz", 320),
        ("hop of 320 samples", 320),
        ("at most 40 ms", 640),
        ("20..30 ms", None),
        ("15 frames", None),
    ],
)
def test_what_a_target_asks_for_in_positions(phrase: str, positions: int | None) -> None:
    assert amount_in_positions(parse(phrase)[0], 16000) == positions


def test_what_a_target_asks_for_without_a_rate() -> None:
    assert amount_in_positions(parse("every 10 ms")[0], None) is None


@pytest.mark.parametrize(
    ("value", "digit", "expected"),
    [
        ("11.61", "0.1", True),
        ("11.55", "0.1", True),  # rounds to 11.6
        ("11.69", "0.1", True),  # cut off to 11.6
        ("11.7", "0.1", True),  # within 1 %
        ("11.8", "0.1", False),
        ("12.5", "0.1", False),
        ("11.4", "0.1", False),
        ("11.1", "1", False),
        ("11.5", "1", True),
    ],
)
def test_digits_given_may_be_rounded_or_cut_off(value: str, digit: str, expected: bool) -> None:
    written = Fraction("11.6") if digit == "0.1" else Fraction(12)

    assert Tolerance("rounds", Fraction(digit)).admits(Fraction(value), written, written) is expected
