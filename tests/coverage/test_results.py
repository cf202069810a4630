"""What is said of a stack beyond its field: lengths and back, time, drift, effective width, what looks further."""

from __future__ import annotations

from fractions import Fraction

import pytest

from rflint.coverage import (
    Adaptive,
    Conv,
    Coverage,
    CoverageError,
    Layer,
    Parallel,
    Phases,
    Repeat,
    Sequence,
    StepMismatch,
    Total,
    attention,
    causal,
    centred,
    chunked_attention,
    crop,
    decimate,
    drift_per_minute,
    framing,
    global_pooling,
    istft,
    mirrored,
    norm_over_time,
    recurrent,
    residual,
    seanet,
    squeeze_excite,
    stft,
    transposed,
    transposed_even,
    unet,
)

WAV2VEC = Coverage([Conv(k, s) for k, s in zip((10, 8, 4, 4, 4), (5, 4, 2, 2, 2), strict=True)])
HUBERT = Coverage([Conv(k, s) for k, s in zip((10, 3, 3, 3, 3, 2, 2), (5, 2, 2, 2, 2, 2, 2), strict=True)])


def test_inputs_for_a_number_of_frames() -> None:
    assert WAV2VEC.inputs_for(98) == range(15985, 16145)
    assert HUBERT.inputs_for(97) == range(31120, 31440)
    assert [HUBERT.length(n) for n in (399, 400, 719, 720, 31439, 31440)] == [0, 1, 1, 2, 97, 98]


def test_the_shortest_input() -> None:
    assert (WAV2VEC.min_input(), HUBERT.min_input(), WAV2VEC.min_input(2)) == (465, 400, 625)
    assert Coverage([Conv(5), Conv(1, padding=(4, 4))]).min_input() == 5  # the first layer starves below


def test_no_input_may_be_long_enough() -> None:
    with pytest.raises(CoverageError, match="no input gives 2 outputs"):
        Coverage([Adaptive(1)], inputs=9).min_input(2)


def test_reflected_padding_asks_for_more_than_is_read() -> None:
    assert Coverage([stft(10**26, 256, 1024)]).shortest_input == 10**26 // 2 + 1
    assert Coverage([stft(10**200, 256, 1024)]).shortest_input is None  # beyond what is searched


def test_an_unread_tail() -> None:
    assert [WAV2VEC.unread_tail(n) for n in (464, 465, 16000, 16144, 16145)] == [464, 0, 15, 159, 0]
    assert Coverage([seanet(4, 2)]).unread_tail(9) == 0


def test_lengths_layer_by_layer() -> None:
    assert WAV2VEC.lengths(16000) == [3199, 798, 398, 198, 98]


def test_samples_that_no_frame_ever_reads() -> None:
    assert Coverage([Conv(2, 5)]).unread_share == Fraction(3, 5)
    assert Coverage([Conv(4, 4, 2)]).unread_share == Fraction(1, 2)
    assert Coverage([Conv(4, 3, 2)]).unread_share == 0
    assert Coverage([Conv(3), Conv(1, 4), Conv(3)]).unread_share == Fraction(1, 4)


def test_time_stamps_by_both_conventions() -> None:
    assert WAV2VEC.time(0, 16000) == Fraction(29, 2000)
    assert HUBERT.time(0, 16000) * 1000 == Fraction("12.46875")
    assert HUBERT.time(0, 16000, edges=True) * 1000 == Fraction("12.5")
    assert HUBERT.time(100, 16000) - HUBERT.time(0, 16000) == 2


def test_drift() -> None:
    ten, eleven = Fraction(1, 100), Fraction(116, 10000)
    assert round(drift_per_minute(Fraction(512), Fraction(44100), ten), 2) == Fraction("9.66")
    assert round(drift_per_minute(Fraction(275), Fraction(22050), Fraction(1, 80)) * 60, 3) == Fraction("-8.163")
    assert round(drift_per_minute(Fraction(512), Fraction(44100), eleven) * 60, 2) == Fraction("3.1")


def test_paths_are_counted() -> None:
    assert list(Coverage([Conv(3)] * 4).paths().values()) == [1, 4, 10, 16, 19, 16, 10, 4, 1]
    assert Coverage([residual(Conv(3, padding=(1, 1)))] * 2).paths() == {-2: 1, -1: 4, 0: 6, 1: 4, 2: 1}
    assert Coverage([Parallel((Conv(2), Conv(3)))]).paths() == {0: 2, 1: 2, 2: 1}
    assert Coverage([transposed(3, 2)]).paths(2) == {0: 1, 1: 1}
    assert sum(Coverage([Repeat(5, Conv(2))]).paths().values()) == 32


def test_the_variance_is_exact() -> None:
    assert WAV2VEC.variance == sum(
        Fraction(k * k - 1, 12) * g * g for k, g in ((10, 1), (8, 5), (4, 20), (4, 40), (4, 80))
    )
    assert WAV2VEC.effective_width == 412
    assert Coverage([residual(centred(3, 1, 3))]).variance == 3
    assert Coverage([Repeat(16, centred(3))]).variance == Fraction(32, 3)
    assert Coverage([residual(causal(3))]).variance == Fraction(1, 3) + Fraction(1, 4)
    assert Coverage([transposed_even(4, 2)]).variance is None


@pytest.mark.parametrize(
    "stack", [[Conv(10, 5), Conv(8, 4)], [Conv(3, 1, 2), Conv(4, 3), Conv(2)], [Repeat(3, Conv(4)), Conv(2, 2)]]
)
def test_the_variance_is_that_of_the_paths(stack: list[Conv]) -> None:
    paths = Coverage(stack).paths()
    total, mean = sum(paths.values()), Fraction(sum(p * c for p, c in paths.items()), sum(paths.values()))

    assert Coverage(stack).variance == sum(c * (p - mean) ** 2 for p, c in paths.items()) / total


def test_phases_of_a_decoder() -> None:
    hop = Coverage([transposed_even(16, 8)])
    assert hop.phases() == [Phases(0, 3, -1, 0), Phases(4, 7, 0, 1)]
    assert Coverage([transposed(2, 4)]).phases() == [Phases(0, 1, 0, 0), Phases(2, 3, None, None)]
    assert WAV2VEC.phases() == [Phases(0, 0, 0, 464)]


def test_latency_of_what_gives_a_sample_for_a_sample() -> None:
    transform = Coverage([stft(32, 8, center=False), istft(32, 8, center=False)])
    codec = Coverage([seanet(8, 4, is_causal=True), transposed(8, 4, 0)])
    assert (transform.step, transform.latency) == (1, 32)
    assert (codec.step, codec.latency, codec.period) == (1, 4, 4)
    assert (Coverage([causal(3)]).latency, Coverage([causal(3)]).look_ahead) == (1, 0)
    assert Coverage([seanet(8, 4, is_causal=True)]).look_ahead == 0  # nothing beyond its own hop


def test_branches_with_different_steps_are_refused_with_both_named() -> None:
    with pytest.raises(StepMismatch, match="steps of 2 and 1 meet"):
        Coverage([Parallel((Conv(3, 2), Conv(3)))])
    with pytest.raises(StepMismatch, match="steps of 3/2 and 1 meet"):
        Coverage([residual(transposed(2, 2), Conv(3, 3))])
    with pytest.raises(StepMismatch):
        Coverage([unet([(Conv(4, 2), transposed(4, 4))], centred(3))])


def test_offsets_of_branches() -> None:
    assert Parallel((Sequence(), causal(5), centred(5), Conv(4, padding=(1, 2)))).offsets == (0, -2, 0, Fraction(1, 2))


def test_lengths_that_meet() -> None:
    aligned = Coverage([Parallel((Conv(3, 4, padding=(1, 1)), Sequence((Conv(3, 2, padding=(1, 1)), Conv(1, 2)))))])
    assert [aligned.fits(n) for n in (16, 17, 18, 19)] == [True, True, True, True]
    net = Coverage([unet([(Conv(4, 2, padding=(1, 1)), transposed_even(4, 2))] * 3, centred(3))])
    assert [n for n in range(8, 33) if net.fits(n)] == [8, 16, 24, 32]


def test_what_looks_further_is_named_with_its_side() -> None:
    layers = [
        Conv(3),
        recurrent("GRU"),
        residual(squeeze_excite()),
        Repeat(2, attention()),
        norm_over_time(),
        global_pooling(),
    ]
    named = [(mixer.name, mixer.sides) for mixer in Coverage(layers).unbounded_by]
    assert named[:2] == [("GRU", "left"), ("squeeze-excite", "both")]
    assert len(named) == 5
    assert Coverage(layers).receptive_field == 3
    assert norm_over_time(cumulative=True).sides == "left"


def test_limited_attention_adds_up_and_chunks_do_not() -> None:
    assert Coverage([attention(5, 2)] * 3).total == Total(22, 15, 6)
    assert Coverage([Repeat(3, chunked_attention(4, 1))]).total == Total(16, 12, 3)
    assert Coverage([Conv(3, 2), recurrent(), attention(3, 1)]).total == Total(None, None, 4)
    assert Coverage([Conv(3)]).total is None
    assert Coverage([Repeat(8, attention(249, 0))]).total == Total(1993, 1992, 0)


def test_progress_is_that_of_the_parts() -> None:
    layers: list[Layer] = [
        Conv(3, 2),
        transposed_even(4, 2),
        residual(centred(5)),
        decimate(3),
        transposed(2, 5),
        centred(3),
        transposed(3, 2, dilation=3),
    ]
    parts = [Coverage(layers[: i + 1]) for i in range(len(layers))]
    assert Coverage(layers).progress() == [(part.step, part.receptive_field) for part in parts]
    assert Coverage(layers[:5]).progress() == [(part.step, part.receptive_field) for part in parts[:5]]


def test_borders_ask_for_an_output_that_is() -> None:
    with pytest.raises(CoverageError, match="so there is no output 98"):
        WAV2VEC.border(98, 16000)


def test_an_empty_stack_is_the_identity() -> None:
    identity = Coverage([])
    assert (identity.receptive_field, identity.step, identity.length(7), identity.min_input()) == (1, 1, 7, 1)
    assert identity.progress() == []


def test_nothing_is_read_where_only_empty_outputs_are_taken() -> None:
    dead = Coverage([transposed(1, 4), crop(1), decimate(4)])
    assert (dead.receptive_field, dead.touched, dead.empty_phases, dead.unread_share) == (0, 0, 1, 1)
    with pytest.raises(CoverageError, match="reads nothing"):
        dead.centre()


def test_frames_at_the_end_of_a_framing() -> None:
    assert Coverage([framing(400, 160)]).unread_tail(16000) == 80


def test_mirrored_layers_ask_for_an_input_longer_than_their_padding() -> None:
    plain = residual(centred(7), centred(3, 1, 5))

    assert Coverage([plain]).min_input() == 1
    assert Coverage([mirrored(plain)]).min_input() == 6
    assert Coverage([mirrored(Conv(3))]).min_input() == 3  # nothing is padded
    assert Coverage([mirrored(plain)]).receptive_field == Coverage([plain]).receptive_field
