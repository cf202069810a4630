"""Autoencoders of stable-audio-tools (Stability-AI/stable-audio-tools), and Oobleck as diffusers publishes it.

Source: stable_audio_tools/models/autoencoders.py; diffusers models/autoencoders/autoencoder_oobleck.py. The autoencoder is
the model itself, or the ``pretransform`` of a diffusion model or language model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from rflint.coverage import Layer, Mixer, Sequence as Chain, nearest, same
from rflint.dialects.codec_facts import both, crop, hop, inverse, ordered, product, tie
from rflint.dialects.codec_graphs import DESCRIPT, SHORT, Dac, Seanet, dac_up, factor, half_down, lstm, norm_over_time
from rflint.dialects.generators import anti_aliased, item
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Model, Outcome, Stage

NAME, TITLE = "stable_audio", "stable-audio-tools autoencoders, diffusers AutoencoderOobleck"
SCHEMA, LOADER = "stable_audio", "json"

KINDS = ("autoencoder", "diffusion_uncond", "diffusion_cond", "diffusion_cond_inpaint", "diffusion_autoencoder", "lm")

# OobleckEncoder, TAAEEncoder and their decoders: c_mults, strides
MULTS, STRIDES = [1, 2, 4, 8], [2, 4, 8, 8]
WINDOW, DEPTHS = [63, 64], [3, 3, 3, 3]
SEANET_RATIOS = [2, 2, 2, 2, 2]  # create_encoder_from_config
# AutoencoderOobleck.__init__
DIFFUSERS_RATIOS, DIFFUSERS_RATE = [2, 4, 4, 8, 8], 44100

PADS = "it pads the input and places decoded chunks; nothing compares it with the strides"
CROPS = "a crop that is no whole number of latents comes back shorter"
STAGES = "there are as many stages as c_mults: fewer strides raise IndexError, the surplus is not read"
OOBLECK = "OobleckDecoder goes through strides backwards by itself"
SEANET = "the factory turns the encoder's list round, the decoder takes its own as it stands"
MIRROR = "the decoder undoes the encoder stage by stage in every published model"


class Half(NamedTuple):
    """One side: its stages, its list, and the order in which the other side's list holds the same numbers."""

    stages: list[Stage]
    listed: Value[list[int]]


def recognise(root: Cursor) -> bool:
    if root["_class_name"].value == "AutoencoderOobleck":
        return True
    return root["model_type"].value in KINDS and root.has("sample_size") and root["model"].is_mapping()


def read(root: Cursor) -> Iterator[Model]:
    if root["_class_name"].value == "AutoencoderOobleck":
        yield _diffusers(root)
        return
    yield from _models(root, root["model"], "")


def _models(root: Cursor, config: Cursor, name: str, depth: int = 4) -> Iterator[Model]:
    """The autoencoder of a config and those it stands upon, outermost first."""
    model = Model(NAME, name)
    with model.deriving("sample_rate"):
        model.sample_rate = root["sample_rate"].int()
    if config["encoder"].is_mapping() and config["decoder"].is_mapping():
        with model.deriving("autoencoder"):
            _autoencoder(model, root, config)
    if model.stacks or model.notes or not name:
        yield model
    inner = config["pretransform"]
    if depth and inner["type"].value == "autoencoder" and inner["config"].is_mapping():
        yield from _models(root, inner["config"], "pretransform", depth - 1)


def _autoencoder(model: Model, root: Cursor, config: Cursor) -> None:
    if config["pretransform"].given:
        raise NotComputable("the autoencoder works on what another transform makes", config["pretransform"].where)
    kinds = config["encoder"]["type"].str().value, config["decoder"]["type"].str().value
    down, up = (
        _side(model, sides, kind, config[side])
        for side, sides, kind in (("encoder", ENCODERS, kinds[0]), ("decoder", DECODERS, kinds[1]))
    )
    factors, back = [factor("strides", down.listed)], [factor("strides", up.listed)]
    both(model, down.stages, up.stages, factors, back, because=SHORT)
    inverse(model, factors)
    _order(model, kinds, down, up)
    step = product(down.listed)
    hop(model, config["downsampling_ratio"], step, PADS)
    crop(model, root["sample_size"], step.value, CROPS)


def _order(model: Model, kinds: tuple[str, str], down: Half, up: Half) -> None:
    """The order in which the two lists stand in the file, where both sides are of one kind."""
    if kinds in (("oobleck", "oobleck"), ("taae", "taae")):
        ordered(model, up.listed, down.listed, "equal", "silent", OOBLECK)
    elif kinds == ("seanet", "seanet"):
        ordered(model, up.listed, down.listed, "reversed", "silent", SEANET)
    elif kinds == ("dac", "dac"):
        ordered(model, up.listed, down.listed, "reversed", "report", MIRROR)


Side = Callable[[Model, Cursor], Half]


def _side(model: Model, sides: dict[str, Side], kind: str, part: Cursor) -> Half:
    if kind not in sides:
        raise NotComputable(f"the {part.path[-1]} `{kind}` is not derived", part["type"].where)
    return sides[kind](model, part["config"])


# -- Oobleck ------------------------------------------------------------------------------------------------------


def _strides(model: Model, config: Cursor) -> Value[list[int]]:
    """The strides that are used: as many as ``c_mults``."""
    mults, strides = config["c_mults"].ints(MULTS), config["strides"].ints(STRIDES)
    outcome: Outcome = "crash" if len(strides.value) < len(mults.value) else "silent"
    count = Value(len(mults.value), mults.where, "derived")
    if strides.where is not None or mults.where is not None:
        tie(model, "lists", "same length", strides, count, outcome, STAGES)
    if outcome == "crash":
        raise NotComputable("there are fewer strides than c_mults", strides.where)
    return Value(strides.value[: len(mults.value)], strides.where, strides.origin)


def _oobleck_encoder(model: Model, config: Cursor) -> Half:
    """Activations filter only before the last convolution: the blocks are not told of ``antialias_activation``."""
    strides = _strides(model, config)
    stages = DESCRIPT.encoder(strides)
    if config["antialias_activation"].bool(False).value:
        stages.insert(-1, Stage("activation", anti_aliased()))
    return Half(stages, strides)


def _oobleck_decoder(model: Model, config: Cursor) -> Half:
    strides = _strides(model, config)
    smooth = (anti_aliased(),) if config["antialias_activation"].bool(False).value else ()
    up = _nearest_up if config["use_nearest_upsample"].bool(False).value else dac_up
    return Half(Dac(up=up, smooth_step=smooth).decoder(strides, backwards=True), strides)


def _nearest_up(stride: int) -> Layer:
    return Chain((nearest(stride), same(2 * stride)))


# -- DAC, SEANet, TAAE --------------------------------------------------------------------------------------------


def _dac_encoder(model: Model, config: Cursor) -> Half:
    strides = config["strides"].ints()
    return Half(DESCRIPT.encoder(strides), strides)


def _dac_decoder(model: Model, config: Cursor) -> Half:
    rates = config["rates"].ints()
    return Half(DESCRIPT.decoder(rates), rates)


def _seanet(config: Cursor) -> Seanet:
    net = Seanet.read(lambda name: config[name])
    return net._replace(memory=lstm(config["lstm"].int(2).value), norm=norm_over_time(config["norm"]))


def _seanet_encoder(model: Model, config: Cursor) -> Half:
    """The factory turns the list round and the class turns it round again: the strides stand in file order."""
    strides = config["ratios"].ints(SEANET_RATIOS)
    return Half(_seanet(config).encoder(strides), strides)


def _seanet_decoder(model: Model, config: Cursor) -> Half:
    net = _seanet(config)
    return Half(net.decoder(), net.ratios)


class _Taae(NamedTuple):
    """A stage of a TAAE: its stride, its attention, and its units."""

    strides: Value[list[int]]
    attention: list[Stage]
    units: list[Stage]


def _taae(model: Model, config: Cursor) -> _Taae:
    strides = _strides(model, config)
    depths, window = config["transformer_depths"].ints(DEPTHS).value, config["sliding_window"].ints(WINDOW).value
    if len(depths) < len(strides.value) or len(window) != 2:
        raise NotComputable("too few transformer_depths, or no window of two sides", config["transformer_depths"].where)
    reach = [Mixer("attention", max(window[0], 0) * max(d, 0), max(window[1], 0) * max(d, 0)) for d in depths]
    units = [DESCRIPT.units("units")] if config["use_dilated_conv"].bool(False).value else []
    return _Taae(strides, [Stage("transformer", mixer) for mixer in reach], units)


def _taae_encoder(model: Model, config: Cursor) -> Half:
    net = _taae(model, config)
    stages = [Stage("conv_in", same(7))]
    for index, stride in enumerate(net.strides.value):
        step = [Stage(f"block.{index}", half_down(stride), item(net.strides, index))] if stride > 1 else []
        stages += [*net.units, *step, net.attention[index]]
    return Half([*stages, Stage("conv_out", same(3))], net.strides)


def _taae_decoder(model: Model, config: Cursor) -> Half:
    net = _taae(model, config)
    stages = [Stage("conv_in", same(3))]
    for index, stride in reversed(list(enumerate(net.strides.value))):
        step = [Stage(f"block.{index}", dac_up(stride), item(net.strides, index))] if stride > 1 else []
        stages += [net.attention[index], *step, *net.units]
    return Half([*stages, Stage("conv_out", same(7))], net.strides)


ENCODERS: Final[dict[str, Side]] = {
    "oobleck": _oobleck_encoder, "dac": _dac_encoder, "seanet": _seanet_encoder, "taae": _taae_encoder,
}  # fmt: skip
DECODERS: Final[dict[str, Side]] = {
    "oobleck": _oobleck_decoder, "dac": _dac_decoder, "seanet": _seanet_decoder, "taae": _taae_decoder,
}  # fmt: skip


# -- diffusers ----------------------------------------------------------------------------------------------------


def _diffusers(root: Cursor) -> Model:
    """The decoder takes the ratios backwards."""
    model = Model(NAME, "diffusers")
    with model.deriving("autoencoder"):
        model.sample_rate = root["sampling_rate"].int(DIFFUSERS_RATE)
        ratios = root["downsampling_ratios"].ints(DIFFUSERS_RATIOS)
        factors = [factor("downsampling_ratios", ratios)]
        both(model, DESCRIPT.encoder(ratios), DESCRIPT.decoder(ratios, backwards=True), factors, because=SHORT)
        hop(model, root["hop_length"], product(ratios), "diffusers computes it as the product")
    return model
