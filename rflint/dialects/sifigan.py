"""SiFi-GAN and uSFGAN (chomeyama): Hydra groups `data` and `generator`, or a generator group by itself.

Pitch-adaptive blocks dilate by the f0 of the moment, so their field depends on the input; the rest is derived.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

from rflint.coverage import Mixer, transposed_pwg
from rflint.dialects.analysis import known, paired
from rflint.dialects.generators import (
    Lists,
    Shape,
    block1,
    block2,
    decoder,
    default_lists,
    factors,
    hifigan,
)
from rflint.dialects.wavenets import context_conv, stretched
from rflint.documents import Cursor, Document, Value
from rflint.model import Duration, Factor, Model, Note, Stage, Tie, declared

NAME, TITLE = "sifigan", "SiFi-GAN and uSFGAN (sifigan.models, usfgan.models)"
SCHEMA, LOADER = "sifigan", "omegaconf"

compose = Document.composed  # Hydra: groups such as generator: sifigan

# sifigan/models/generator.py, SiFiGANGenerator and HiFiGANGenerator
SCALES, KERNELS, OUTER = [5, 4, 3, 2], [10, 8, 6, 4], 7
FILTER = default_lists(SCALES, KERNELS, [3, 5, 7], [[1, 3, 5]] * 3)
PLAIN = default_lists(SCALES, KERNELS, [3, 7, 11], [[1, 3, 5]] * 3)
USFGAN_SCALES, CONTEXT = [5, 4, 3, 2], 2  # usfgan/models/generator.py, upsample_params and aux_context_window

LISTS = ("upsample_scales", "upsample_kernel_sizes", "resblock_kernel_sizes", "resblock_dilations")
TWICE = "the class asserts upsample_kernel_sizes[i] == 2 * upsample_scales[i]"
PRODUCT = "the collater asserts samples = frames x hop_size (bin/train.py)"
CROP = "batch_max_length is rounded down to whole frames (bin/train.py)"
BLOCKS = "a dilation list of the source network for every upsampling stage (generator.py)"
SHIFT = "f0 and spectral envelope come every shiftms, mel frames every hop_size samples"
BESIDE = "its convolutions are not counted: up to the samples and down again to each scale they may see a frame more"
DENSE = "a dense factor for every upsampling stage (bin/train.py)"


def recognise(root: Cursor) -> bool:
    if root.has("batch_max_length", "hop_size", "sample_rate") or root.has("shiftms", "hop_size", "sample_rate"):
        return True
    return _ours(root["_target_"].value) or _ours(root["generator"]["_target_"].value)


def _ours(target: object) -> bool:
    return isinstance(target, str) and target.startswith(("sifigan.models", "usfgan.models")) and "Generator" in target


def read(root: Cursor) -> Iterator[Model]:
    config = root["generator"] if root["generator"].is_mapping() else root
    data = root["data"] if root["data"].is_mapping() else root
    rate, hop = known(data["sample_rate"]), known(data["hop_size"])
    model = Model(NAME, sample_rate=rate)
    features(model, data, rate, hop)
    world(model, data, rate, hop)
    frame_rate = Fraction(rate.value, hop.value) if rate and hop else None
    if not config["_target_"].exists:  # a group of data, or the extraction of features
        yield model
        return
    with model.deriving("generator"):
        build = usfgan if "usfgan" in str(config["_target_"].value) else sifigan
        stages, parts = build(model, config)
        paired(model, data["dense_factors"], config["upsample_scales"], DENSE)
        model.stacks.append(decoder("generator", stages, frame_rate, parts, TWICE))
        if hop is not None:
            model.claims.append(
                declared("upsampling", hop, "samples", stack="generator", outcome="crash", because=PRODUCT)
            )
    yield model


def features(model: Model, data: Cursor, rate: Value[int] | None, hop: Value[int] | None) -> None:
    """Hop and crop of the data group."""
    per_second = Fraction(rate.value) if rate else None
    crop = known(data["batch_max_length"])
    if hop is not None:
        model.durations.append(Duration(hop, "samples", per_second, "step"))
    if crop is not None:
        model.durations.append(Duration(crop, "samples", per_second, "length"))
    if crop is not None and hop is not None:
        left, right = cast(Value[object], crop), cast(Value[object], hop)
        model.ties.append(Tie("segment", "multiple", left, right, "repaired", CROP))


def world(model: Model, data: Cursor, rate: Value[int] | None, hop: Value[int] | None) -> None:
    """State that WORLD's frame shift (ms) and the mel's hop are one (bin/extract_features.py)."""
    with model.deriving("shiftms"):
        if data["shiftms"].exists and rate is not None and hop is not None:
            shift = cast(Value[object], data["shiftms"].number())
            wanted: Value[object] = Value(Fraction(1000 * hop.value, rate.value), None, "derived")
            model.ties.append(Tie("frames", "equal", shift, wanted, "silent", SHIFT))


def sifigan(model: Model, config: Cursor) -> tuple[list[Stage], list[Factor]]:
    """The filter network, whose blocks stand behind the pitch-adaptive ones of the source network; or plain HiFi-GAN."""
    split = config["filter_network_params"].is_mapping() or "SiFiGAN" in str(config["_target_"].value)
    net = config["filter_network_params"] if split else config
    defaults = FILTER if split else PLAIN
    lists = Lists(
        config[LISTS[0]].ints(defaults.rates.value),
        config[LISTS[1]].ints(defaults.kernels.value),
        net[LISTS[2]].ints(defaults.branches.value),
        net[LISTS[3]].lists(defaults.dilations.value),
    )
    paired(model, config[LISTS[1]], config[LISTS[0]], "the class asserts equal lengths")
    paired(model, net[LISTS[3]], net[LISTS[2]], "the class asserts equal lengths")
    paired(model, config["source_network_params"]["resblock_dilations"], config[LISTS[0]], BLOCKS)
    block = block1 if net["use_additional_convs"].bool(False).value else block2
    kernel = config["kernel_size"].int(OUTER).value
    stages = hifigan(lists, Shape(block, None, transposed_pwg, pre=kernel, post=kernel))
    if split or config["use_qp_resblocks"].value is True:
        stages.insert(1, Stage("source", Mixer("pitch-adaptive blocks")))
    if split:
        model.notes.append(Note("source network", BESIDE, config["source_network_params"].where))
    return stages, factors(lists)


def usfgan(model: Model, config: Cursor) -> tuple[list[Stage], list[Factor]]:
    """The upsampling network of ParallelWaveGAN, then pitch-adaptive WaveNet blocks."""
    scales = config["upsample_params"]["upsample_scales"].ints(USFGAN_SCALES)
    context = context_conv(config["aux_context_window"].int(CONTEXT))
    stages = [context, *stretched(scales), Stage("blocks", Mixer("pitch-adaptive blocks"))]
    return stages, [Factor("upsample_scales", tuple(scales.value), scales.where)]
