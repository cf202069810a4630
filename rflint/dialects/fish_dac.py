"""fish-speech's codec (fishaudio/fish-speech): causal DAC, windows of attention, and a thinner grid for the codes.

Sources: fish_speech/models/dac/modded_dac.py and rvq.py, built by Hydra from ``_target_``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import cast

from rflint.coverage import Layer, attention, residual, seanet, transposed_causal
from rflint.dialects.codec_facts import both, causal, inverse, ordered, tie
from rflint.dialects.codec_graphs import DESCRIPT, SHORT, Dac, factor
from rflint.dialects.generators import item
from rflint.documents import Cursor, Value
from rflint.model import Dead, Factor, Model, Stage

NAME, TITLE = "fish_dac", "fish-speech codec (fish_speech.models.dac.modded_dac.DAC)"
SCHEMA, LOADER = "fish_dac", "omegaconf"

# modded_dac.py, DAC.__init__; rvq.py, DownsampleResidualVectorQuantize.__init__
ENCODER_RATES, DECODER_RATES, RATE, CAUSAL, THINNING = [2, 4, 8, 8], [8, 8, 4, 2], 44100, True, [2, 2]
LAYERS, WINDOW = [0, 0, 0, 0], 512
FRAMES = 4
"""frame_length = hop_length * 4 in the class, whatever ``downsample_factor`` is."""

CAUSAL_DAC = Dac(
    unit=lambda kernel, dilation: seanet(kernel, 1, dilation, is_causal=True),
    down=lambda stride: seanet(2 * stride, stride, is_causal=True),
    up=lambda stride: transposed_causal(2 * stride, stride),
)

CONVNEXT = residual(seanet(7, is_causal=True))
"""A causal ConvNeXt block (rvq.py), which stands behind every change of the grid."""

ZIPPED = "stages and their transformer layers are paired with zip, which drops the surplus"
FIXED = "encode() pads clips to multiples of 4 hops, which is fixed in the class"
IDLE = "the transformer of DecoderBlock is commented out: the decoder has 0 layers of it"
MIRROR = "the decoder undoes the encoder stage by stage in every published model"


def recognise(root: Cursor) -> bool:
    target = root["_target_"].value
    return isinstance(target, str) and target.endswith("modded_dac.DAC")


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME)
    with model.deriving("sample_rate"):
        model.sample_rate = root["sample_rate"].int(RATE)
    with model.deriving("codec"):
        _codec(model, root)
    idle = root["decoder_transformer_layers"]
    if idle.is_list():
        with model.deriving("decoder_transformer_layers"):
            layers = idle.ints()
            if any(layers.value):
                model.dead.append(Dead(cast(Value[object], layers), None, IDLE))
    yield model


def _codec(model: Model, root: Cursor) -> None:
    down, up = root["encoder_rates"].ints(ENCODER_RATES), root["decoder_rates"].ints(DECODER_RATES)
    thinning = root["quantizer"]["downsample_factor"].ints(THINNING)
    is_causal = root["causal"].bool(CAUSAL).value
    family = CAUSAL_DAC if is_causal else DESCRIPT
    encoder = [
        *_with_attention(family.encoder(down), root, is_causal),
        *thinned(thinning, lambda size: seanet(size, size, is_causal=True), CONVNEXT),
        *_module(root, "pre_module"),
    ]
    wider = widened(thinning, lambda size: transposed_causal(size, size), CONVNEXT)
    decoder = [*_module(root, "post_module"), *wider, *family.decoder(up)]
    extra = Factor("downsample_factor", tuple(thinning.value), thinning.where)
    factors, back = [factor("encoder_rates", down), extra], [factor("decoder_rates", up), extra]
    both(model, encoder, decoder, factors, back, because=SHORT)
    inverse(model, factors)
    ordered(model, up, down, "reversed", "report", MIRROR)
    causal(model, root["causal"], "encoder", "causal pads on the left alone")
    for rates, key in ((down, "encoder_transformer_layers"), (up, "decoder_transformer_layers")):
        if root[key].is_list():
            tie(model, "lists", "same length", root[key].ints(), Value(len(rates.value), rates.where), "crash", ZIPPED)
    step = Value(prod(thinning.value), thinning.where, "derived")
    tie(model, "upsampling", "equal", step, Value(FRAMES, None, "derived"), "silent", FIXED)


def _with_attention(stages: list[Stage], root: Cursor, is_causal: bool) -> Iterator[Stage]:
    """Behind each strided convolution its transformer: windows of 512 frames that look back when causal."""
    layers = root["encoder_transformer_layers"].ints(LAYERS)
    for stage in stages:
        yield stage
        _, dot, index = stage.name.partition("block.")
        if dot and index.isdigit() and int(index) < len(layers.value) and layers.value[int(index)] > 0:
            reach = (WINDOW - 1) * layers.value[int(index)]
            yield Stage(f"{stage.name}.transformer", attention(reach, 0 if is_causal else reach), layers.where)


def thinned(factors: Value[list[int]], down: Callable[[int], Layer], block: Layer) -> Iterator[Stage]:
    """A convolution of one kernel a factor, and a ConvNeXt block."""
    for index, size in enumerate(factors.value):
        yield Stage(f"quantizer.downsample.{index}", down(size), item(factors, index))
        yield Stage(f"quantizer.downsample.{index}.convnext", block)


def widened(factors: Value[list[int]], up: Callable[[int], Layer], block: Layer) -> Iterator[Stage]:
    """The same backwards, from the codes to the frames."""
    for index, size in reversed(list(enumerate(factors.value))):
        yield Stage(f"quantizer.upsample.{index}", up(size), item(factors, index))
        yield Stage(f"quantizer.upsample.{index}.convnext", block)


def _module(root: Cursor, name: str) -> Iterator[Stage]:
    """A transformer of limited window before or behind the codebooks."""
    module = root["quantizer"][name]
    if not module.is_mapping():
        return
    layers, window = module["config"]["n_layer"].int().value, module["window_size"]
    reach = None if not window.given else max(window.int().value - 1, 0) * max(layers, 0)
    yield Stage(name, attention(reach, 0 if module["causal"].bool(True).value else reach), window.where)
