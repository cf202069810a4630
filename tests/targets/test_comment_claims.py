"""Ordinary comments: which say something about the value beside them, and whether it is true. Silence comes first."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import pytest

from rflint.targets import CommentClaim, comment_verdict, parse_comment


class Key(NamedTuple):
    """The value that a comment stands beside."""

    value: Fraction | int
    rate: int | None
    quantity: str
    unit: str = "samples"
    window: int | None = None


HOP = Key(256, 22050, "step", window=1024)  # 11.61 ms, 86.13 Hz, window 46.44 ms
WINDOW = Key(1024, 22050, "window")
CROP = Key(32000, 22050, "length")  # 1.451 s
CHUNK = Key(16, 100, "length", "frames")  # 160 ms


def verdicts(text: str, key: Key = HOP) -> dict[str, bool | None]:
    """What is made of each amount that may speak of the value: true or false."""
    found = {}
    for claim in parse_comment(text, key.value):
        met = comment_verdict(
            claim, key.value, key.rate, quantity=key.quantity, unit=key.unit, window=key.window
        ).met
        if met is not None:
            found[claim.wording] = met
    return found


@pytest.mark.parametrize(
    "text",
    [
        # no amount, or one of another quantity
        "#", "# samples", "# hop size", "# 256", "# 0.0125", "# -40 dB", "# 80 mel bands", "# 8000 Hz", "# 16-bit",
        "# fmin 50 Hz", "# pitch floor, 50 Hz", "# cutoff at 20 Hz", "# 50 ms of silence", "# attack 5 ms",
        "# 10 ms look-ahead", "# latency 50 ms", "# receptive field 50 ms", "# context of 1 s",
        # data, training
        "# 10 s clips", "# utterances of 2 seconds", "# 24 hours", "# 5 minutes", "# 3 s per batch", "# 2 s/iter",
        "# validation every epoch, 20 s", "# train on 1 s", "# 100 samples in the data set", "# 1000 samples",
        # bounds, ranges, lists of choices, alternatives
        "# at most 50 ms", "# < 50 ms", "# >= 20ms", "# up to 50 ms", "# minimum 50 ms", "# 10-20 ms", "# 10 to 20 ms",
        "# 10 ms ~ 20 ms", "# 10ms-20ms", "# 10..20 ms", "# between 10 and 20 ms", "# 10, 20 or 30 ms", "# 10/20/30 ms",
        "# either 10 ms", "# 10 ms or 20 ms", "# 10 ms, 20 ms", "# options: 10 ms", "# 256 for 22k", "# 512 for 44.1k",
        "# (12.5 ms at 16k)", "# 10 ms @ 16 kHz", "# 12.5 ms for 24000 Hz", "# 10 ms at sampling rate 16000",
        # advice, questions, negations, the past, other places
        "# should be 10 ms", "# 10 ms?", "# try 10 ms", "# recommended: 10 ms", "# usually 10 ms", "# must be 10 ms",
        "# not 10 ms", "# was 10 ms", "# default 10 ms", "# 10 ms in the paper", "# originally 10 ms",
        "# e.g. 10 ms", "# if 10 ms", "# TODO 10 ms", "# https://example.org/10 ms", "# see v2: 10 ms",
        # other numbers that count something else
        "# 275 ~= 12.5 ms", "# for 22050 Hz, 275 ~= 12.5 ms (0.0125 * sample_rate)", "# 300 samples, 12.5 ms",
        "# 0.0125 * 24000 = 300 (12.5 ms)", "# 2 x 12.5 ms", "# 4 * 10 ms", "# 12.5 ms * 4", "# 12.5 ms + 2",
        "# 1 ~= 40 ms", "# [0, 10, 5] 600 ms", "# 12.5 ms -> 300", "# ±5 ms",
        # settings commented out
        "# hop_size: 300  # 12.5 ms", "# hop_size = 300 (12.5 ms)", "# 300  # 12.5 ms", "# int(0.0125 * sr)  # 12.5ms",
        # words to rflint
        '# rflint: target "10 ms hop"', "# rflint: ignore[RF110] 10 ms",
        # Chinese
        "# 采样点数", "# 默认10毫秒", "# 至少10毫秒", "# 建议10毫秒", "# 论文中为12.5毫秒", "# 10毫秒或20毫秒",
        "# 10到20毫秒", "# 静音10毫秒", "# 基频50赫兹", "# 延迟10毫秒", "# 感受野50毫秒",
        "# " + "very " * 100 + "10 ms", "# 9" + "9" * 50 + " ms",
    ],
)  # fmt: skip
def test_what_speaks_of_something_else_is_left_alone(text: str) -> None:
    assert verdicts(text) == {}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("# 50 Hz resolution", WINDOW),
        ("# hop of 11.6 ms", WINDOW),
        ("# 50 ms window", HOP),
        ("# 20 ms frames", HOP),  # as long, or as often?
        ("# 46.4 ms", HOP),  # the window of the step
        ("# 100 frames a second", CROP),
        ("# windows of 25 ms", CROP),
        ("# 10 ms", CHUNK),  # one of the frames that are counted
        ("# 10 ms per frame", CHUNK),
        ("# frames of 10 ms", CHUNK),
        ("# frame shift 10 ms", CHUNK),
        ("# 16 samples", CHUNK),
        ("# 75 % overlap", WINDOW),
        ("# 75 % overlap", Key(256, 22050, "step")),  # no window known
        ("# 12.5 ms", Key(256, None, "step")),  # no rate known
        ("# 12.5 ms", Key(0, 22050, "step")),
    ],
)
def test_what_speaks_of_a_neighbour_is_left_alone(text: str, key: Key) -> None:
    assert verdicts(text, key) == {}


@pytest.mark.parametrize(
    ("text", "key", "true"),
    [
        ("# 11.6 ms", HOP, True),
        ("# 12.5 ms", HOP, False),
        ("#12.5ms", HOP, False),
        ("// 12.5 ms", HOP, False),
        ("/* 12.5 ms */", HOP, False),
        ("## 12.5 ms", HOP, False),
        ("# = 12.5 ms", HOP, False),
        ("# (12.5 ms)", HOP, False),
        ("# Hop size (samples). 12.5ms", HOP, False),
        ("# 12.5 ms frame shift", HOP, False),
        ("# every 12.5 ms", HOP, False),
        ("# one frame = 12.5 ms", HOP, False),
        ("# 1 frame = 12.5 ms", HOP, False),
        ("# 12.5ms/frame", HOP, False),
        ("# i.e. 12.5 ms", HOP, False),
        ("# corresponds to 12.5 ms", HOP, False),
        ("# 256 samples = 12.5 ms", HOP, False),
        ("# 256 / 22050 = 12.5 ms", HOP, False),
        ("# 1000 * 256 / 22050 = 12.5 ms", HOP, False),
        ("# 12.5 ms at 22.05 kHz", HOP, False),
        ("# 12.5 ms @ 22k", HOP, False),
        ("# 12.5 ms, from section 4.1 of the paper, or 300 if at 24 kHz", HOP, False),
        ("# 12.5ms - in line with the Tacotron 2 paper", HOP, False),
        ("# 12.5 ms  # rflint: ignore[RF110]", HOP, False),
        ("# 0.0125 s", HOP, False),
        ("# 12500 us", HOP, False),
        ("# １２．５ｍｓ", HOP, False),
        ("# 帧移12.5ms", HOP, False),
        ("# 12.5毫秒", HOP, False),
        ("# 每12.5ms一帧", HOP, False),
        ("# 46.4 ms", WINDOW, True),
        ("# 50 ms", WINDOW, False),
        ("# 窗长50ms", WINDOW, False),
        ("# 50ms窗长", WINDOW, False),
        ("# 即帧长为50ms", WINDOW, False),
        ("# 1.45 seconds", CROP, True),
        ("# 2 seconds", CROP, False),
        ("# crop to 2 s", CROP, False),
        ("# 2秒", CROP, False),
        ("# 160 ms", CHUNK, True),
        ("# 16 frames, 160 ms", CHUNK, True),
        ("# 640 ms", CHUNK, False),
        ("# chunks of 10 ms", CHUNK, False),
        ("# 86 Hz", HOP, True),
        ("# 22050 / 256 = 86 Hz", HOP, True),
        ("# 100 Hz frame rate", HOP, False),
        ("# 100 fps", HOP, False),
        ("# 100 frames per second", HOP, False),
        ("# 75 tokens/s", HOP, False),
        ("# 帧率100Hz", HOP, False),
        ("# 80 ms", Key(8, 100, "step", "frames"), True),
        ("# 40 ms", Key(8, 100, "step", "frames"), False),
        ("# 10 ms", Key(Fraction(1, 100), 1, "step", "s"), True),
        ("# 100 Hz", Key(10, 1000, "step", "ms"), True),
        ("# 12.5 ms", Key(10, 1000, "step", "ms"), False),
        ("# hop of 256 samples", HOP, True),
        ("# hop of 300 samples", HOP, False),
        ("# 帧移300个采样点", HOP, False),
        ("# 10ms at 44100Hz", Key(512, None, "step"), False),  # the comment brings its own rate
        ("# 10ms at 44100Hz", Key(441, None, "step"), True),
    ],
)
def test_one_claim(text: str, key: Key, true: bool) -> None:
    assert list(verdicts(text, key).values()) == [true]


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("# 75% overlap", True),
        ("# overlap 75 %", True),
        ("# overlap of 75 per cent", True),
        ("# 75% overlapping windows", True),
        ("# 50% overlap", False),
        ("# overlap: 34.8 ms", True),
        ("# 16 ms overlap", False),
        ("# 重叠16毫秒", False),
        ("# overlap of 768 samples", True),
        ("# overlap of 512 samples", False),
    ],
)
def test_overlap_is_window_minus_step(text: str, true: bool) -> None:
    assert list(verdicts(text).values()) == [true]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# 11.6 ms hop (50% overlap)", {"11.6 ms": True, "50%": False}),
        ("# 12.5 ms (86 Hz)", {"12.5 ms": False, "86 Hz": True}),
        ("# 12.5 ms = 0.0125 s", {"12.5 ms": False, "0.0125 s": False}),
        ("# hop 12.5 ms, window 50 ms", {"12.5 ms": False}),
        ("# window of 50 ms with a hop of 12.5 ms", {"12.5 ms": False}),
        ("# 帧长50ms，帧移12.5ms", {"12.5ms": False}),
        ("# hop 12.5 ms, 50 ms", {}),
        ("# 11.6 ms, 75% overlap", {"11.6 ms": True, "75%": True}),
        ("# 50%overlap, 5ms", {"50%": False, "5ms": False}),
        ("# 46-ms frames with 16-ms overlaps", {"16-ms": False}),
        ("# frames of 46 ms and a shift of 12.5 ms", {"12.5 ms": False}),
        ("# 12.5 ms frame shift, 50 ms frame length", {"12.5 ms": False}),
    ],
)
def test_two_amounts_in_one_comment(text: str, expected: dict[str, bool]) -> None:
    assert verdicts(text) == expected


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("# 11 ms", True),  # cut off
        ("# 12 ms", True),
        ("# 11.7 ms", True),  # within 1 %
        ("# 11.8 ms", False),
        ("# about 12.5 ms", True),  # within 10 %
        ("# ~12.5 ms", True),
        ("# 约12.5毫秒", True),
        ("# 12.5ms左右", True),
        ("# approx. 13 ms", False),
    ],
)
def test_how_near_a_comment_must_come(text: str, true: bool) -> None:
    assert list(verdicts(text).values()) == [true]


def test_a_claim_knows_where_its_amount_stands() -> None:
    text = "# 帧移（约12.5毫秒）"
    (claim,) = parse_comment(text, 256)

    assert text[claim.start : claim.end] == claim.wording == "12.5毫秒"
    assert (claim.number, claim.kind, claim.about) == ("12.5", "step", True)


def correction(text: str) -> str:
    (claim,) = (c for c in parse_comment(text, 256) if c.kind != "sample_rate")
    verdict = comment_verdict(claim, 256, 22050, quantity="step", window=1024)
    assert verdict.computed is not None
    return claim.number_for(verdict.computed)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("# 12.5 ms", "11.61"),
        ("# 10ms", "11.61"),
        ("# 0.0125 s", "0.0116"),
        ("# 12.500 ms", "11.61"),
        ("# 12500 us", "11609.98"),
        ("# 100 Hz", "86.13"),
        ("# 50% overlap", "75"),
        ("# hop of 1,024 samples", "256"),
    ],
)
def test_the_right_number_in_the_units_of_the_comment(text: str, number: str) -> None:
    assert correction(text) == number


def test_the_texts_of_a_verdict() -> None:
    def texts(text: str) -> tuple[str, str]:
        claim: CommentClaim = parse_comment(text, 256)[0]
        verdict = comment_verdict(claim, 256, 22050, quantity="step", window=1024)
        return verdict.computed_text, verdict.declared_text

    assert texts("# 12.5 ms") == ("11.61 ms", "12.5 ms")
    assert texts("# 100 fps") == ("86.13 Hz", "100 Hz")
    assert texts("# 50% overlap") == ("75 %", "50 %")
    assert texts("# 11.8 ms") == ("11.61 ms", "11.8 ms")
