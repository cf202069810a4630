"""SEANet and DAC as graphs, against figures measured by gradients through the frameworks' own classes.

A look-ahead counts from the end of a frame's own samples; the decoder's figures are frames.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from codec_files import decoded, encoded, ints, of

from rflint.coverage import seanet, transposed_causal
from rflint.dialects.audiodec import CAUSAL
from rflint.dialects.codec_graphs import (
    DESCRIPT,
    ENCODEC,
    EXACT,
    Dac,
    Seanet,
    SeanetDefaults,
    alias_free,
    lstm,
    padded_as_seanet,
)
from rflint.dialects.fish_dac import CAUSAL_DAC
from rflint.dialects.generators import anti_aliased
from rflint.documents import Value

FIVE, FOUR = (8, 5, 4, 2), (8, 5, 4, 4)


def net(ratios: tuple[int, ...], shape: SeanetDefaults = ENCODEC) -> Seanet:
    kernel, last, residual = (Value(each, None, "derived") for each in (shape.kernel, shape.last, shape.residual))
    return Seanet(ints(*ratios), kernel, last, residual, shape.units, shape.growth, shape.causal)


@pytest.mark.parametrize(
    ("seanet_of", "down", "up"),
    [
        (net(FIVE, SeanetDefaults(causal=True)), (320, 2718, 2398, 0), (320, 9, 8, 0)),
        (net(FIVE), (320, 2718, 1203, 1195), (320, 9, 4, 4)),
        (net(FOUR), (640, 5428, 2402, 2386), (640, 9, 4, 4)),
        (net(FIVE, SeanetDefaults(residual=7, units=3)), (320, 4758, 2223, 2215), (320, 15, 7, 7)),
        (net(FIVE, SeanetDefaults(units=3, causal=True)), (320, 3330, 3010, 0), (320, 11, 10, 0)),
        (net((8, 5, 4, 2, 2)), (640, 5434, 2405, 2389), (640, 9, 4, 4)),
        (net(FIVE, SeanetDefaults(kernel=3, last=3)), (320, 1434, 561, 553), (320, 5, 2, 2)),
        (net(FIVE, SeanetDefaults(units=0)), (320, 2616, 1152, 1144), (320, 9, 4, 4)),
    ],
)
def test_seanet(seanet_of: Seanet, down: tuple[int, ...], up: tuple[int, ...]) -> None:
    assert (encoded(of(seanet_of.encoder())), decoded(of(seanet_of.decoder()))) == (down, up)


def test_half_a_trim_looks_ahead() -> None:
    trimmed = net(FIVE, SeanetDefaults(causal=True))._replace(trim=Fraction(1, 2))

    assert decoded(of(trimmed.decoder())) == (320, 9, 7, 1)


@pytest.mark.parametrize("samples", [320 * 5, 320 * 5 + 1, 1])
def test_seanet_fills_its_last_frame(samples: int) -> None:
    frames = -(-samples // 320)

    assert of(net(FIVE).encoder()).length(samples) == frames
    assert of(net(FIVE).decoder()).length(frames) == 320 * frames


def test_strides_in_their_own_order_are_not_turned_round() -> None:
    assert encoded(of(net(FIVE).encoder(ints(2, 4, 5, 8)))) == encoded(of(net(FIVE).encoder()))


@pytest.mark.parametrize(("bidirectional", "ahead"), [(False, 0), (True, None)])
def test_memory_hears_everything_before_and_backwards_everything_after(bidirectional: bool, ahead: int | None) -> None:
    coverage = of(net(FIVE)._replace(memory=lstm(2, bidirectional=bidirectional)).encoder())
    (mixer,) = coverage.unbounded_by

    assert (mixer.left, mixer.right, coverage.receptive_field) == (None, ahead, 2718)


def test_no_layers_are_no_memory() -> None:
    assert lstm(0) == ()


FILTERED = alias_free([1, 3, 9], anti_aliased())


@pytest.mark.parametrize(
    ("family", "strides", "factors", "down", "up"),
    [
        (DESCRIPT, (2, 4, 8, 8), (8, 8, 4, 2), (512, 7978, 3733, 3733), (512, 20, 10, 10)),
        (DESCRIPT, (2, 4, 5, 8), (8, 5, 4, 2), (320, 5314, 2501, 2493), (320, 21, 10, 10)),
        (DESCRIPT, (2, 4, 4, 4), (4, 4, 2, 2, 2, 1), (128, 3914, 1893, 1893), (128, 38, 19, 19)),
        (DESCRIPT, (4, 5, 6, 8), (8, 6, 5, 4), (960, 15300, 7172, 7168), (960, 20, 10, 10)),
        (EXACT._replace(last=7), (2, 4, 8, 8), (8, 8, 4, 2), (512, 10026, 4757, 4757), (512, 20, 10, 10)),
        (EXACT, (8, 5, 4, 2), (8, 5, 4, 2), (320, 17796, 8742, 8734), (320, 21, 10, 10)),
        (padded_as_seanet(True), (2, 5, 5, 6), (6, 5, 5, 2), (300, 6182, 5882, 0), (300, 25, 24, 0)),
        (padded_as_seanet(False), (2, 5, 5, 6), (6, 5, 5, 2), (300, 6182, 2947, 2935), (300, 25, 12, 12)),
        (CAUSAL_DAC, (2, 4, 8, 8), (8, 8, 4, 2), (512, 7978, 7466, 0), (512, 20, 19, 0)),
        (CAUSAL, (3, 4, 5, 5), (5, 5, 4, 3), (300, 7209, 7208, -299), (300, 29, 28, 0)),
        (FILTERED, (2, 2, 2, 5, 5), (5, 5, 2, 2, 2), (200, 11000, 5424, 5376), (200, 59, 29, 30)),
    ],
)  # fmt: skip
def test_dac(
    family: Dac, strides: tuple[int, ...], factors: tuple[int, ...], down: tuple[int, ...], up: tuple[int, ...]
) -> None:
    encoder, decoder = of(family.encoder(ints(*strides))), of(family.decoder(ints(*factors)))

    assert (encoded(encoder), decoded(decoder)) == (down, up)


@pytest.mark.parametrize(
    ("family", "factors", "lost"),
    [
        (DESCRIPT, (8, 8, 4, 2), 0),
        (DESCRIPT, (8, 5, 4, 2), 8),
        (DESCRIPT, (4, 4, 2, 2, 2, 1), 1),
        (DESCRIPT, (8, 6, 5, 4), 4),
        (DESCRIPT, (5, 4, 4, 4), 64),
        (EXACT, (8, 5, 4, 2), 0),
        (CAUSAL, (5, 5, 4, 3), 0),
        (CAUSAL_DAC, (8, 5, 4, 3), 0),
        (padded_as_seanet(False), (6, 5, 5, 2), 0),
    ],
)
def test_what_a_decoder_loses_to_odd_factors(family: Dac, factors: tuple[int, ...], lost: int) -> None:
    coverage = of(family.decoder(ints(*factors)))

    assert coverage.length(100) == 100 * coverage.upsampling - lost


def test_a_decoder_may_take_its_list_backwards() -> None:
    assert of(DESCRIPT.decoder(ints(2, 4, 8), backwards=True)).length(7) == of(DESCRIPT.decoder(ints(8, 4, 2))).length(
        7
    )
    names = [stage.name for stage in DESCRIPT.decoder(ints(2, 4, 8), backwards=True)]
    assert [name for name in names if name.startswith("block.") and name.endswith(("0", "1", "2"))] == [
        "block.2", "block.1", "block.0",
    ]  # fmt: skip


def test_causal_pieces_are_causal_alone() -> None:
    assert of(CAUSAL_DAC.encoder(ints(4))).right == 3
    assert seanet(8, 4, is_causal=True).padding[1] == 0
    assert transposed_causal(8, 4).padding == (0, 4)
