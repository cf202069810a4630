"""Stacks whose numbers are known: from papers, by hand, or measured by brute force."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from notation import parse
from vocabulary import layers_of

from rflint.coverage import (
    Coverage,
    Layer,
    Parallel,
    Repeat,
    Sequence,
    causal,
    centred,
    framing,
    istft,
    pool,
    pqmf_synthesis,
    residual,
    seanet,
    stack_frames,
    transposed_causal,
    transposed_dac,
    transposed_even,
    transposed_pwg,
)

INPUTS = (48, 100, 2001)


def rows() -> Iterator[list[str]]:
    for line in Path(__file__).with_name("known.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield [cell.strip() for cell in line.split(";")]


ROWS = list(rows())


@pytest.mark.parametrize(("stack", "numbers", "lengths"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_known_stack(stack: str, numbers: str, lengths: str) -> None:
    c = Coverage(layers_of(parse(stack), counted=True))
    least, most = c.receptive_field_min, c.receptive_field
    told = f"{most if least == most else f'{least}-{most}'} {c.touched} {c.step} {c.left} {c.right}"

    assert told + (f" empty{c.empty_phases}" if c.empty_phases else "") == numbers
    assert " ".join(str(c.length(n)) for n in INPUTS) == lengths


def mrf(*kernels: int, dilations: tuple[int, ...] = (1, 3, 5)) -> Layer:
    blocks = ([residual(centred(k, 1, d), centred(k)) for d in dilations] for k in kernels)
    return Parallel(tuple(Sequence(tuple(block)) for block in blocks))


def decoder(rates: list[int], kernels: list[int], block: Layer, last: int = 7) -> list[Layer]:
    stages = [layer for u, k in zip(rates, kernels, strict=True) for layer in (transposed_even(k, u), block)]
    return [centred(7), *stages, centred(last)]


def strided(kernels: list[int], strides: list[int]) -> list[Layer]:
    return [framing(k, s) for k, s in zip(kernels, strides, strict=True)]


def dac(rates: list[int]) -> list[Layer]:
    units = [residual(centred(7, 1, d)) for d in (1, 3, 9)]
    down = [layer for r in rates for layer in (*units, pool(2 * r, r, -(-r // 2)))]
    return [centred(7), *down, centred(3)]


def undac(rates: list[int]) -> list[Layer]:
    units = [residual(centred(7, 1, d)) for d in (1, 3, 9)]
    return [centred(7), *[layer for r in rates for layer in (transposed_dac(2 * r, r), *units)], centred(7)]


def encodec(ratios: list[int]) -> list[Layer]:
    unit = residual(seanet(3, is_causal=True), seanet(1, is_causal=True))
    down = [layer for r in reversed(ratios) for layer in (unit, seanet(2 * r, r, is_causal=True))]
    return [seanet(7, is_causal=True), *down, seanet(7, is_causal=True)]


def unencodec(ratios: list[int]) -> list[Layer]:
    unit = residual(seanet(3, is_causal=True), seanet(1, is_causal=True))
    up = [layer for r in ratios for layer in (transposed_causal(2 * r, r), unit)]
    return [seanet(7, is_causal=True), *up, seanet(7, is_causal=True)]


def wavenet(kernel: int, layers: int, stacks: int, pad: object = causal) -> list[Layer]:
    return [residual(pad(kernel, 1, 2 ** (i % (layers // stacks)))) for i in range(layers)]  # type: ignore[operator]


WAV2VEC = strided([10, 8, 4, 4, 4], [5, 4, 2, 2, 2])
PUBLISHED = {
    # name: (layers, receptive field, step, left, right), with where the numbers are stated
    "wav2vec context of 9: about 210 ms": ([*WAV2VEC, Repeat(9, causal(3))], 3345, 160, 2880, 464),
    "wav2vec large context: about 810 ms": ([*WAV2VEC, *map(causal, range(2, 14))], 12945, 160, 12480, 464),
    "HuBERT with a positional kernel of 127": (
        [*strided([10, 3, 3, 3, 3, 2, 2], [5, 2, 2, 2, 2, 2, 2]), pool(127, 1, 63)],
        40720, 320, 20160, 20559,
    ),
    "Parallel WaveGAN, 30 layers in 3 stacks": (wavenet(3, 30, 3, centred), 6139, 1, 3069, 3069),
    "WaveNet of 30 layers, 3 stacks": (wavenet(2, 30, 3), 3070, 1, 3069, 0),
    "Conv-TasNet, one repeat": ([framing(16, 8), *wavenet(3, 8, 1, centred)], 4096, 8, 2040, 2055),
    "low frame rate 7/6 over 25/10 ms: 85 ms": ([framing(400, 160), stack_frames(7, 6)], 1360, 960, 480, 879),
    "SampleCNN 3^9": (
        [framing(3, 3), *[layer for _ in range(9) for layer in (centred(3), pool(3))]],
        118095, 59049, 29523, 88571,
    ),
    "Jasper 10x5": (
        [centred(11, 2), *[Repeat(10, centred(k)) for k in (11, 13, 17, 21, 25)], centred(29, 1, 2), centred(1)],
        1763, 2, 881, 881,
    ),
    "ECAPA-TDNN": (
        [centred(5), *[residual(Parallel(tuple(Sequence((centred(3, 1, d),) * n) for n in range(8)))) for d in (2, 3, 4)]],
        131, 1, 65, 65,
    ),
    "DAC 44.1 kHz encoder": (dac([2, 4, 8, 8]), 7978, 512, 3733, 4244),
    "DAC 24 kHz encoder": (dac([2, 4, 5, 8]), 5314, 320, 2501, 2812),
    "EnCodec 24 kHz encoder": (encodec([8, 5, 4, 2]), 2718, 320, 2398, 319),
    "EnCodec 24 kHz decoder": (unencodec([8, 5, 4, 2]), 9, Fraction(1, 320), 8, 0),
    "DAC 24 kHz decoder": (undac([8, 5, 4, 2]), 21, Fraction(1, 320), 10, 10),
    "HiFi-GAN V1": (decoder([8, 8, 2, 2], [16, 16, 4, 4], mrf(3, 7, 11)), 27, Fraction(1, 256), 13, 13),
    "HiFi-GAN, ParallelWaveGAN rates": (
        [centred(7), *[x for u in (5, 5, 4, 3) for x in (transposed_pwg(2 * u, u), mrf(3, 7, 11))], centred(7)],
        39, Fraction(1, 300), 19, 19,
    ),
    "MelGAN": (
        decoder([8, 8, 2, 2], [16, 16, 4, 4], Sequence(tuple(residual(centred(3, 1, d)) for d in (1, 3, 9)))),
        13, Fraction(1, 256), 6, 6,
    ),
    "multi-band MelGAN": (
        [
            *decoder([8, 4, 2], [16, 8, 4], Sequence(tuple(residual(centred(3, 1, d)) for d in (1, 3, 9, 27)))),
            pqmf_synthesis(4, 62),
        ],
        23, Fraction(1, 256), 11, 11,
    ),
    "Vocos": ([centred(7), Repeat(8, residual(centred(7))), istft(1024, 256)], 58, Fraction(1, 256), 28, 29),
    "VITS posterior encoder, 16 layers": ([Repeat(16, residual(centred(5)))], 65, 1, 32, 32),
}  # fmt: skip


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_model(name: str) -> None:
    layers, field, step, left, right = PUBLISHED[name]
    c = Coverage(layers)

    assert (c.receptive_field, c.step, c.left, c.right, c.holes) == (field, step, left, right, 0)


def test_there_are_enough_of_them() -> None:
    assert len(ROWS) + len(PUBLISHED) >= 150
