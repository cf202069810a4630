"""HierSpeech++ SpeechSR (sh-lee-prml/HierSpeechpp): waveform super-resolution from 16 kHz in a VITS envelope."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.coverage import Conv, Layer, Sequence as Chain, Transposed, decimate, linear, same
from rflint.dialects import flat_hifigan as flat, vits_envelope as envelope
from rflint.dialects.generators import Shape, anti_aliased, branches, fusion, post
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Dead, Model, Stack, Stage

NAME, TITLE = "hierspeech", "HierSpeech++ SpeechSR (VITS envelope with resblock 0)"
SCHEMA, LOADER = "vits", "pyyaml"

INPUT_RATE = 16000  # inference_speechsr.py
READS = 3  # speechsr48k/speechsr.py, AMPBlock0
DEAD = "the factor of the interpolation is written in the code (speechsr.py), not read"


def recognise(root: Cursor) -> bool:
    return envelope.is_envelope(root) and root["model"]["resblock"].value == "0"


def read(root: Cursor) -> Iterator[Model]:
    analysis = envelope.analysis_of(root)
    model = Model(NAME, sample_rate=analysis.rate)
    analysis.describe(model)
    net = root["model"]
    with model.deriving("generator"):
        rate = root["data"]["sampling_rate"].int()
        factor = Fraction(rate.value, INPUT_RATE)
        for name in (flat.RATES, flat.KERNELS):
            if net[name].given:
                instead: Value[object] = Value(factor, None, "derived")
                model.dead.append(Dead(Value(net[name].value, net[name].where), instead, DEAD))
        model.stacks.append(super_resolution(model, net, factor, rate))
    yield model


def super_resolution(model: Model, net: Cursor, factor: Fraction, rate: Value[int]) -> Stack:
    """A convolution, the interpolation, residual blocks with anti-aliased activations, a convolution."""
    lists = flat.read_lists(model, net)
    shape = Shape(reads=READS, activation=(anti_aliased(),))
    stages = [
        Stage("conv_pre", same(7)),
        Stage("interpolate", interpolation(factor, rate), rate.where),
        Stage("resblocks.0", fusion(branches(lists, shape)), lists.branches.where),
        *post(shape),
    ]
    return Stack("decoder", "speechsr", stages, input_rate=INPUT_RATE, input_unit="samples")


def interpolation(factor: Fraction, rate: Value[int]) -> Layer:
    """Linear interpolation by 3 or 3/2, the two that the code holds.

    By 3/2, output t lies at input (2·t + 1) / 3 - 1/2 and reads floor((4·t - 1) / 6) and the position after it.

    Raises:
        NotComputable: another factor.
    """
    if factor == 3:
        return linear(3)
    if factor == Fraction(3, 2):
        return Chain((Conv(2, 1, 1, (0, 1), "upsample"), Transposed(6, 6, 1, (-1, 4), "upsample"), decimate(4)))
    raise NotComputable("SpeechSR is made for 24 and 48 kHz", rate.where)
