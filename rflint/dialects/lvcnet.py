"""LVCNet (zceng/LVCNet): Parallel WaveGAN with location-variable convolutions, and its plain Parallel WaveGAN."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod
from typing import cast

from rflint.coverage import Layer, Sequence as Chain, centred, nearest, residual
from rflint.dialects.analysis import Analysis, known
from rflint.dialects.generators import decoder
from rflint.dialects.pwg_family import generator, parallel_wavegan, stft_loss
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stage, Tie

NAME, TITLE = "lvcnet", "LVCNet (model_name, model_params.generator_params)"
SCHEMA, LOADER = "lvcnet", "pyyaml"

# vocoder/models/lvcgan.py, LVCNetGenerator
BLOCKS, LAYERS, KERNEL, HOP, PREDICTOR_KERNEL = 3, 10, 3, 256, 1
MOST_BLOCKS, MOST_LAYERS = 100, 30

LENGTHS = "LVCBlock asserts in_length == (cond_length - 4) * cond_hop_length (vocoder/models/lvcnet.py)"


def recognise(root: Cursor) -> bool:
    params = root["model_params"]["generator_params"]
    return params.has("cond_hop_length") or (
        root["model_name"].value == "ParallelWaveGAN" and params.has("upsample_params")
    )


def read(root: Cursor) -> Iterator[Model]:
    params = root["model_params"]["generator_params"]
    analysis = Analysis.read(root["sample_rate"], root["hop_length"], root["win_length"], root["n_fft"])
    model = Model(NAME, sample_rate=analysis.rate)
    analysis.describe(model)
    analysis.framed(model, known(root["batch_mel_length"]))
    analysis.exchanged(model, "takes", known(root["n_mels"]))
    stft_loss(model, root["loss_params"]["stft_loss_params"])
    with model.deriving("analysis"):
        analysis.frontend(model)
    with model.deriving("decoder"):
        stages, parts = _lvc(model, params) if params.has("cond_hop_length") else generator(*parallel_wavegan(params))
        model.stacks.append(decoder("generator", stages, analysis.frame_rate, parts))
        analysis.inverted(model, LENGTHS)
    yield model


def _lvc(model: Model, params: Cursor) -> tuple[list[Stage], list[Factor]]:
    hop, kernel = params["cond_hop_length"].int(HOP), params["lvc_kernel_size"].int(KERNEL).value
    blocks, layers = params["lvc_block_nums"].int(BLOCKS), params["lvc_layers_each_block"].int(LAYERS)
    if not (0 < blocks.value <= MOST_BLOCKS and 0 < layers.value <= MOST_LAYERS):
        raise NotComputable(f"{blocks.value} blocks of {layers.value} layers", layers.where)
    ratios = params["upsample_ratios"]
    if ratios.is_list():
        product: Value[object] = Value(prod(ratios.ints().value), ratios.where, "derived")
        model.ties.append(Tie("upsampling", "equal", cast(Value[object], hop), product, "crash", LENGTHS))
    dilations = [1 << layer for layer in range(layers.value)]
    first = [
        Stage("kernel_predictor", _predictor(params["kpnet_conv_size"].int(PREDICTOR_KERNEL).value)),
        Stage("kernels", nearest(hop.value), hop.where),
        Stage("lvc_blocks.0", _block(dilations[1:], kernel)),
    ]
    later = [Stage(f"lvc_blocks.{block}", residual(_block(dilations, kernel))) for block in range(1, blocks.value)]
    return [*first, *later], [Factor(hop.key or "cond_hop_length", (hop.value,), hop.where)]


def _predictor(kernel: int) -> Layer:
    """An unpadded convolution of 5, which the features exceed, two of ``kernel`` with their input, and one more."""
    return Chain((centred(5), residual(centred(kernel), centred(kernel)), centred(kernel)))


def _block(dilations: Sequence[int], kernel: int) -> Layer:
    """Location-variable convolutions of growing dilation; their kernels hold for a hop of samples each."""
    return Chain(tuple(centred(kernel, 1, dilation) for dilation in dilations))
