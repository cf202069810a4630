"""The paddings of the frameworks: how many outputs each gives, and where it reads."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from rflint.coverage import (
    PERIODIC_HANN,
    SYMMETRIC_HANN,
    Adaptive,
    Conv,
    Coverage,
    Layer,
    Same,
    Stretched,
    Transposed,
    anticausal,
    causal,
    centred,
    crop,
    decimate,
    framing,
    istft,
    kaldi_frames,
    linear,
    nearest,
    pad,
    pool,
    pqmf_analysis,
    pqmf_synthesis,
    resize,
    same,
    seanet,
    splice,
    stack_frames,
    stft,
    transposed,
    transposed_balanced,
    transposed_by_parity,
    transposed_causal,
    transposed_ceil,
    transposed_dac,
    transposed_even,
    transposed_exact,
    transposed_overcut,
    transposed_pwg,
    transposed_repeated,
    transposed_same,
    transposed_seanet,
)

T = 34


@pytest.mark.parametrize(
    ("rule", "kernel", "stride", "surplus"),
    [
        (transposed_even, 16, 8, 0), (transposed_even, 10, 5, 1), (transposed_even, 11, 5, 0), (transposed_even, 16, 10, 0),
        (transposed_ceil, 16, 8, 0), (transposed_ceil, 10, 5, -1), (transposed_ceil, 11, 5, 0),
        (transposed_pwg, 16, 8, 0), (transposed_pwg, 10, 5, 0), (transposed_pwg, 11, 5, 1), (transposed_pwg, 8, 5, -2),
        (transposed_exact, 10, 5, 0), (transposed_exact, 6, 3, 0),
        (transposed_dac, 16, 8, 0), (transposed_dac, 10, 5, -1), (transposed_dac, 2, 1, -1),
        (transposed_by_parity, 16, 8, 0), (transposed_by_parity, 15, 8, 1),
        (transposed_by_parity, 10, 5, 0), (transposed_by_parity, 11, 5, 1),
        (transposed_balanced, 16, 8, 0), (transposed_balanced, 10, 5, 0), (transposed_balanced, 11, 5, 0),
        (transposed_repeated, 16, 8, 0), (transposed_repeated, 10, 5, 0), (transposed_repeated, 11, 5, 1),
        (transposed_seanet, 16, 8, 0), (transposed_seanet, 10, 5, 0), (transposed_seanet, 11, 5, 0),
        (transposed_causal, 16, 8, 0), (transposed_causal, 10, 5, 0), (transposed_causal, 11, 5, 0),
        (transposed_same, 16, 8, 0), (transposed_same, 10, 5, 0), (transposed_same, 3, 5, 0),
        (transposed_overcut, 16, 8, -8), (transposed_overcut, 10, 5, -5),
        (lambda k, s: nearest(s), 0, 3, 0), (lambda k, s: linear(s), 0, 4, 0), (lambda k, s: linear(s), 0, 5, 0),
    ],
)  # fmt: skip
def test_outputs_beyond_stride_times_length(
    rule: Callable[[int, int], Layer], kernel: int, stride: int, surplus: int
) -> None:
    assert rule(kernel, stride).length(T) == stride * T + surplus
    assert rule(kernel, stride).step == Fraction(1, stride)
    assert {int} == set(map(type, rule(kernel, stride).padding))


@pytest.mark.parametrize(
    ("layer", "first", "last"),
    [
        (transposed_even(16, 8), [-1, 0], [0, 1]),
        (transposed_repeated(16, 8), [-1, 0], [-1, 0]),
        (transposed_repeated(24, 8, 2), [-3, -1], [-3, -1]),
        (transposed_causal(16, 8), [-1, 0], [-1, 0]),
        (transposed_overcut(16, 8), [0, 1], [0, 1]),
        (transposed_seanet(16, 8, is_causal=True), [-1, 0], [-1, 0]),
        (transposed_seanet(16, 8, is_causal=True, trim_right=Fraction(1, 2)), [-1, 0], [0, 1]),
        (transposed_seanet(10, 5), [-1, 0], [0, 1]),
        (transposed_same(16, 8), [-1, 0], [0, 1]),
        (nearest(8), [0, 0], [0, 0]),
    ],
)
def test_inputs_of_the_first_and_last_output_of_a_frame(layer: Transposed, first: list[int], last: list[int]) -> None:
    assert [first, last] == [list(layer.pull(i, i) or ()) for i in (0, layer.stride - 1)]


@pytest.mark.parametrize(
    ("layer", "lengths"),
    [
        (centred(4), {10: 9}), (centred(3, 2), {10: 5, 11: 6}), (same(4, 3), {10: 10}), (causal(3, 1, 4), {1: 1, 10: 10}),
        (causal(4, 2), {10: 5, 11: 6}), (anticausal(5), {10: 10}), (seanet(7), {10: 10}), (seanet(16, 8), {24001: 3001}),
        (seanet(4, 2, is_causal=True), {1: 1, 9: 5, 10: 5}),
        (pool(3, 2), {7: 3, 8: 3}), (pool(3, 2, ceil=True), {7: 3, 8: 4, 9: 4}),
        (pool(2, 3, ceil=True), {3: 1}), (pool(2), {9: 4}), (crop(2, 1), {10: 7, 3: 0, 1: 0}), (crop(-2), {10: 12}),
        (pad(3, 1, "reflect"), {4: 8, 3: 0}), (pad(3, 1), {1: 5}), (decimate(2), {4: 2, 5: 3, 1: 1}),
        (stack_frames(7, 6), {1: 1, 12: 2, 13: 3}),
        (framing(400, 160), {399: 0, 400: 1, 559: 1, 560: 2, 16000: 98}), (kaldi_frames(551, 220), {109: 0, 110: 1, 22050: 100}),
        (stft(400, 160), {200: 0, 201: 2, 16000: 101}), (stft(512, 160, 320), {256: 0, 257: 2}),
        (stft(1024, 256, center=False, padding=384), {8192: 32}),
        (stft(16, 4, mode="zeros"), {1: 1}), (stft(400, 160, zero_taps=PERIODIC_HANN), {16000: 101}),
        (istft(1024, 256), {5: 1024, 1: 0}), (istft(1024, 256, trim=384), {5: 1280}), (istft(16, 4, 8), {10: 36}),
        (pqmf_analysis(4, 62), {16: 4, 19: 4}), (pqmf_synthesis(4, 62), {10: 40}),
        (resize(Fraction(3, 2)), {10: 15, 11: 16}), (resize(Fraction(2, 3), linearly=True), {10: 6}),
        (Same(3, 2), {10: 5, 11: 6}), (Adaptive(7), {1: 7, 100: 7}), (Stretched(2), {10: 20}), (splice((-2, 0, 2)), {10: 10}),
        (splice((-3, 3), 3), {10: 4}), (transposed(3, 2, 1, 1), {10: 20}),
    ],
)  # fmt: skip
def test_lengths(layer: Layer, lengths: dict[int, int]) -> None:
    assert lengths == {n: layer.length(n) for n in lengths}


@pytest.mark.parametrize(
    ("layer", "hull"),
    [
        (kaldi_frames(400, 160), (-120, 279)),
        (stft(400, 160), (-200, 199)),
        (stft(512, 160, 320), (-160, 159)),
        (stft(400, 160, zero_taps=PERIODIC_HANN), (-199, 199)),
        (stft(400, 160, zero_taps=SYMMETRIC_HANN), (-199, 198)),
        (stft(1024, 256, center=False, padding=384), (-384, 639)),
        (pqmf_analysis(4, 62), (-31, 31)),
        (pqmf_synthesis(4, 62), (-7, 7)),
        (stack_frames(7, 6), (-3, 3)),
        (splice((-3, 3)), (-3, 3)),
        (anticausal(5), (0, 4)),
        (seanet(8, 4, is_causal=True), (-4, 3)),
        (Conv(3, 2, padding=(-1, -1)), (1, 3)),
    ],
)
def test_where_output_0_reads(layer: Layer, hull: tuple[int, int]) -> None:
    assert hull == layer.pull(0, 0)


def test_a_periodic_hann_window_loses_one_tap_in_the_inverse_transform_too() -> None:
    assert Coverage([istft(16, 4, zero_taps=PERIODIC_HANN)]).receptive_field == 4
    assert Coverage([istft(16, 4, zero_taps=PERIODIC_HANN)]).receptive_field_min == 3


def test_the_one_zero_of_same_is_on_the_right_for_an_even_length() -> None:
    assert [Coverage([Same(3, 2)], inputs=n).reading(0) for n in (10, 11)] == [
        Conv(3, 2).touch(Coverage([]).reading(0)),
        (-1, 1, None),
    ]  # type: ignore[arg-type]


def test_same_moves_with_the_length() -> None:
    assert Coverage([Same(3, 2), Same(3, 2)]).left_by_length() == {0: 0, 1: 3, 2: 2, 3: 1}


def test_adaptive_pooling_and_aligned_corners_are_known_for_a_length() -> None:
    assert [tuple(Coverage([Adaptive(3)], inputs=10).reading(i) or ())[:2] for i in range(3)] == [
        (0, 3),
        (3, 6),
        (6, 9),
    ]
    assert Coverage([Stretched(2)], inputs=5).step == Fraction(4, 9)
