"""Generators that forks of ParallelWaveGAN add: nnsvs's source-filter vocoders, QPPWG, the BigVGAN of vec2wav 2.

A harmonic source made of f0 counts as an input of its own; the field is that of the features' way to the samples.

Sources: nnsvs/ParallelWaveGAN parallel_wavegan/models/nsf.py and hnhifigan.py; cantabile-kwok/vec2wav2.0
vec2wav2/models/bigvgan.py; bigpon/QPPWG qppwg/models/qppwg.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from rflint.coverage import (
    Mixer,
    Parallel,
    Repeat,
    Sequence as Chain,
    causal,
    centred,
    nearest,
    recurrent,
    residual,
    same,
    transposed_pwg,
)
from rflint.dialects import flat_hifigan as flat
from rflint.dialects.analysis import equal, known
from rflint.dialects.generators import (
    Lists,
    Shape,
    agree,
    anti_aliased,
    arity,
    default_lists,
    hifigan,
    hifigan_shape,
    source_fits,
)
from rflint.dialects.wavenets import conditioned, context_conv, cycle_of, dilations, stretched
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Model, Stage

Built = tuple[list[Stage], Value[list[int]]]
"""The stages of a generator and its upsampling scales."""

# hnhifigan.py, HnSincHifiGanGenerator
HARMONIC = default_lists([8, 4, 2, 2], [16, 16, 4, 4], [3, 7, 11], [[1, 3, 5]] * 3)
# nsf.py, HnSincNSF
RATE, KERNEL, BLOCKS, CONVS, ORDER = 120, 3, 5, 10, 31
SMOOTHED = 4
"""Frames over which the cut-off of the filters is averaged (CondModuleHnSincNSF)."""
# qppwg.py, QPPWGGenerator
QUASI_SCALES, FIXED, ADAPTIVE, CYCLES, CONTEXT, ADAPTIVE_FIRST = [5, 2, 11, 1], 10, 10, 1, 2, 1
SCALED = ("upsample_scales", "upsample_kernel_sizes", "resblock_kernel_sizes", "resblock_dilations")
OUTER = 7  # bigvgan.py; its ``kernel_size`` is not read

SOURCE = "the harmonic source is brought down with padding stride // 2, which loses a sample for an odd stride"
SINES = "the sines of the source are made at this rate"


def _sines(model: Model, root: Cursor, params: Cursor) -> None:
    equal(model, known(params["sample_rate"]), known(root["sampling_rate"]), SINES, "silent")


def hn_sinc_hifigan(model: Model, root: Cursor, params: Cursor) -> Built:
    """HiFi-GAN with a harmonic source, its lists spelt as in jik876/hifi-gan."""
    _sines(model, root, params)
    names = flat.RATES, flat.KERNELS, flat.BRANCHES, flat.DILATIONS
    agree(model, params, *names)
    lists = Lists.read(params, *names, defaults=HARMONIC)
    flat.read_dilations(model, params, lists)
    source_fits(model, lists, "crash", SOURCE)
    return hifigan(lists, flat.shape_of(params)), lists.rates


def hn_sinc_nsf(model: Model, root: Cursor, params: Cursor) -> Built:
    """A neural source-filter model: the features steer causal filters of the source, and the cut-off of two more.

    The features join behind every convolution of a filter block, so they pass all but the first.
    """
    _sines(model, root, params)
    if params["upsample_net"].given:
        raise NotComputable("the upsampling network of the condition is not known", params["upsample_net"].where)
    rate, kernel = params["upsample_rate"].int(RATE), params["cnn_kernel_s"].int(KERNEL)
    blocks, convs = params["filter_block_num"].int(BLOCKS), params["cnn_num_in_block"].int(CONVS).value
    half = (params["sinc_order"].int(ORDER).value - 1) // 2
    if blocks.value < 1:
        raise NotComputable("without a filter block the features take no part", blocks.where)
    block = [residual(causal(kernel.value, 1, dilation)) for dilation in dilations(convs, convs)]
    filtered = Chain((*block[1:], Repeat(blocks.value - 1, Chain(tuple(block))), causal(2 * half + 1)))
    stages = [
        Stage("condition.blstm", recurrent("LSTM", bidirectional=True)),
        Stage("condition.conv", same(kernel.value), kernel.where),
        Stage("condition.upsample", Chain((nearest(rate.value), same(rate.value), same(rate.value))), rate.where),
        Stage("filter", Parallel((filtered, same(SMOOTHED * rate.value))), blocks.where),
    ]
    return stages, Value([rate.value], rate.where, rate.origin)


def conditioned_bigvgan(model: Model, root: Cursor, params: Cursor) -> Built:
    """BigVGAN with the keywords and the padding of ParallelWaveGAN's HiFi-GAN."""
    agree(model, params, *SCALED)
    lists = Lists.read(params, *SCALED)
    shape = hifigan_shape("1" if params["resblock"].value == "1" else "2")
    arity(model, lists, shape.reads or 0, "the residual block")
    anti = (anti_aliased(),)
    shape = Shape(shape.block, shape.reads, transposed_pwg, anti, pre=OUTER, post=OUTER)
    return hifigan(lists, shape), lists.rates


def quasi_periodic(model: Model, root: Cursor, params: Cursor) -> Built:
    """Parallel WaveGAN whose adaptive blocks dilate by the f0 of the moment, before or behind its fixed ones."""
    scales = params["upsample_params"]["upsample_scales"].ints(QUASI_SCALES)
    fixed, cycles = params["blockF"].int(FIXED), params["cycleF"].int(CYCLES)
    first = params["cascade_mode"].int(ADAPTIVE_FIRST).value == ADAPTIVE_FIRST
    cycle = cycle_of(fixed, cycles._replace(value=max(cycles.value, 1)))
    stages = [context_conv(params["aux_context_window"].int(CONTEXT)), *stretched(scales)]
    if params["blockA"].int(ADAPTIVE).value < 1:
        return [*stages, *conditioned(3, fixed.value, cycle)], scales
    adaptive = Stage("adaptive", Mixer("pitch-adaptive blocks"), params["blockA"].where)
    if first:  # the features join behind the first adaptive block, so they pass every fixed one
        conv = residual(centred(3))
        return [*stages, adaptive, Stage("fixed.0", conv), *conditioned(3, fixed.value, cycle)], scales
    return [*stages, *conditioned(3, fixed.value, cycle), adaptive], scales


FORKED: Final[dict[str, Callable[[Model, Cursor, Cursor], Built]]] = {
    "HnSincHifiGanGenerator": hn_sinc_hifigan,
    "HnSincNSF": hn_sinc_nsf,
    "BigVGAN": conditioned_bigvgan,
    "QPPWGGenerator": quasi_periodic,
}
