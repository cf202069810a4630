"""Any text at all: an answer or a PhraseError, in bounded time."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from rflint.targets import PhraseError, Target, comment_verdict, compare, parse, parse_comment, quantity, tolerance

WORDS = """
30 10 ms 12.5 1e9 1,000 .5 s Hz kHz fps k samples frames frame a one every per / , ; : = ( ) - .. … ± +/- % ~ about
exactly at most least < <= >= between and to window hop step receptive field look-ahead context encoder decoder x rate
upsampling sample min overlap 毫秒 秒 帧 每 一帧 约 左右 感受野 帧移 不超过 至少 上下文 和 到 # // " '
"""
TOKENS = [*WORDS.split(), "", "\n"]
phrases = st.lists(st.sampled_from(TOKENS), max_size=12).map(" ".join)
texts = st.one_of(st.text(max_size=80), phrases, st.lists(st.sampled_from(TOKENS), max_size=12).map("".join))
values = st.one_of(texts, st.integers(), st.floats(), st.booleans(), st.none(), st.lists(st.integers()))
amounts = st.one_of(st.integers(-10, 10**12), st.fractions(min_value=0))


def answer(read: Callable[[object], object], value: object) -> object:
    with suppress(PhraseError):
        return read(value)
    return None


@given(texts, amounts, st.one_of(st.none(), st.integers(1, 10**6)))
def test_a_phrase_gives_sound_targets_or_a_reason(text: str, samples: Fraction | int, rate: int | None) -> None:
    targets = answer(parse, text) or []
    assert isinstance(targets, list)
    for target in targets:
        assert isinstance(target, Target)
        assert target.low is None or target.high is None or target.low <= target.high
        assert target.wording in text
        verdict = compare(target, samples=samples, rate=rate)
        assert (verdict.met is None) == bool(verdict.reason)


@given(texts)
def test_a_reason_points_into_the_phrase(text: str) -> None:
    try:
        parse(text)
    except PhraseError as error:
        assert error.message
        assert 0 <= error.position <= len(text)


@given(values)
def test_a_quantity_or_a_tolerance_is_read_or_refused(value: object) -> None:
    answer(quantity, value)  # type: ignore[arg-type]
    answer(tolerance, value)  # type: ignore[arg-type]


@given(texts, amounts, st.one_of(st.none(), st.integers(1, 10**6)), st.sampled_from(["samples", "frames", "ms", "s"]))
def test_a_comment_is_judged_or_left_alone(text: str, value: Fraction | int, rate: int | None, unit: str) -> None:
    for claim in parse_comment(text, value):
        assert claim.wording == text[claim.start : claim.end]
        for role in ("step", "window", "length"):
            verdict = comment_verdict(claim, value, rate, quantity=role, unit=unit, window=1024)
            if verdict.met is False and verdict.computed and verdict.computed > 0:
                assert verdict.computed_text != verdict.declared_text


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from(["# {} ms", "# {} s", "# {} Hz", "# 每{}毫秒"]))
def test_a_corrected_comment_is_true(value: int, stated: int, form: str) -> None:
    text = form.format(stated)
    for claim in parse_comment(text, value):
        verdict = comment_verdict(claim, value, 22050, quantity="step")
        if verdict.met is False and verdict.computed:
            number = claim.number_for(verdict.computed)
            mended = text[: claim.start] + number + text[claim.start + len(claim.number) :]
            again = [comment_verdict(c, value, 22050, quantity="step").met for c in parse_comment(mended, value)]
            # A rate from 4000 Hz on reads as a sample rate, and then nothing is claimed.
            assert again in ([True], [None])


@pytest.mark.parametrize(
    "part", ["1,", "1", "1.", "e", "a_", "a.", "10 ms ", "# ", "/", "(", "一", "~", "1 ms/", "a-", " "]
)
def test_repetition_takes_no_time(part: str) -> None:
    start = time.process_time()
    for length in (50, 400, 999, 100_000):
        text = (part * length)[:length]
        answer(parse, text)
        answer(quantity, text)
        parse_comment(text, 256)

    assert time.process_time() - start < 20  # what grows with the square of the length takes minutes
