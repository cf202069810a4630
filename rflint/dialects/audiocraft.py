"""audiocraft (facebookresearch/audiocraft): Hydra configs of EnCodec, of AudioSeal, and of what is trained on codes.

A solver file holds little itself: its defaults list composes it with a model and a dataset. A language model and
MultiBand Diffusion know their codec by the name of a checkpoint alone. Sources: audiocraft/models/builders.py,
solvers/musicgen.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod
from typing import Final, NamedTuple

from rflint.coverage import nearest
from rflint.dialects.analysis import known
from rflint.dialects.audiocraft_unet import way_down
from rflint.dialects.codec_facts import AGREES, both, causal, crop_seconds, exact, hop, inverse, same_rate, tie
from rflint.dialects.codec_graphs import Key, Seanet, SeanetDefaults, lstm, norm_over_time
from rflint.documents import Cursor, NotComputable, Value, Where
from rflint.model import Duration, Factor, Model, Stack, Stage, declared

NAME, TITLE = "audiocraft", "audiocraft solvers and models (seanet, encodec, transformer_lm, audioseal)"
SCHEMA, LOADER = "audiocraft", "omegaconf"

CLASS = SeanetDefaults(units=3)  # audiocraft/modules/seanet.py, SEANetEncoder; lstm 0 and norm none likewise
GROUPS = (
    "compression/",
    "musicgen/",
    "audiogen/",
    "magnet/",
    "jasco/",
    "watermark/",
    "encodec/",
    "diffusion/",
    "lm/",
    "score/",
)

FLOORED = "the builder computes the frame rate as sample_rate // hop: every duration in codes drifts"
FILLED = "the last frame is filled up, and the output cut to the input's length"
STARTS = "the solver asserts it when it starts (solvers/musicgen.py, build_model)"
FRAMES = "durations in codes are counted at this rate; it must be that of the compression model"
DELAYS = "DelayedPatternProvider asserts one delay a codebook"
MULTIBAND = "the solver asserts it when it starts (solvers/diffusion.py, DiffusionSolver)"
CONDITIONED = "DiffusionUnet asserts that the latents come at most twice as often as the positions they join"
MARKED = (
    "the card of the watermarking model names another rate than the solver trains at; nothing reads it (builders.py)"
)


class Codec(NamedTuple):
    """A compression model that is known by name: sample rate (Hz), ratios, codebooks, entries of one, causal."""

    rate: int
    ratios: tuple[int, ...]
    books: int
    size: int
    causal: bool = False
    lstm: int = 2


CODECS: Final[dict[str, Codec]] = {
    "//pretrained/facebook/encodec_32khz": Codec(32000, (8, 5, 4, 4), 4, 2048),
    "//pretrained/facebook/encodec_24khz": Codec(24000, (8, 5, 4, 2), 32, 1024, causal=True),
    "//reference/bd44a852/checkpoint.th": Codec(16000, (8, 5, 4, 2), 4, 2048),
}
"""Published checkpoints (docs/ENCODEC.md, docs/AUDIOGEN.md)."""
DEBUG: Final = {16000: (10, 8, 8), 32000: (10, 8, 16)}
"""builders.py, get_debug_compression_model: the ratios by the sample rate (Hz)."""


def recognise(root: Cursor) -> bool:
    if root["seanet"].is_mapping() and any(root[key].exists for key in ("encodec", "audioseal", "rvq", "nbits")):
        return True
    if root["diffusion_unet"].has("depth", "stride"):
        return True
    if root["transformer_lm"].is_mapping() and root.has("compression_model_checkpoint"):
        return True
    return root.has("compression_model", "encodec") or any(_is_ours(choice) for choice in _choices(root))


def _choices(root: Cursor) -> Iterator[str]:
    """The groups and names of a defaults list: ``compression/default``, ``/model:encodec/default``."""
    listed = root["defaults"].value
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, str):
            yield entry.removeprefix("../").removeprefix("/solver/")
        elif isinstance(entry, dict):
            yield from (f"{key}:{name}" for key, name in entry.items() if isinstance(name, str))


def _is_ours(choice: str) -> bool:
    """True for the solvers and models of audiocraft, which it names by group and name."""
    group, colon, name = choice.rpartition(":")
    if colon:
        return group in ("/model", "override /model") and name.startswith(GROUPS)
    return choice.startswith(GROUPS) and choice.count("/") == 1


def read(root: Cursor) -> Iterator[Model]:
    config = Cursor(root.document.composed()) if root["defaults"].exists else root
    model = Model(NAME)
    with model.deriving("sample_rate"):
        model.sample_rate = config["sample_rate"].int()
    if config["diffusion_unet"].is_mapping():
        with model.deriving("unet"):
            bottom = way_down(model, config["diffusion_unet"]).hop
            with model.deriving("codec"):
                _on_latents(model, config, bottom)
    elif config["compression_model_checkpoint"].exists and not config["seanet"].exists:
        with model.deriving("codec"):
            _on_codes(model, config)
    else:
        with model.deriving("codec"):
            _codec(model, config)
    yield model


# -- compression and watermarking ---------------------------------------------------------------------------------


def _side(config: Cursor, side: str) -> Key:
    """A key of one side: what stands below its name goes before what both share (get_encodec_autoencoder).

    AudioSeal's cards have the sides at the top.
    """
    own = config[side] if config["nbits"].exists else config["seanet"][side]
    return lambda name: own[name] if own[name].exists else config["seanet"][name]


def _seanet(key: Key) -> Seanet:
    net = Seanet.read(key, CLASS)
    return net._replace(memory=lstm(key("lstm").int(0).value), norm=norm_over_time(key("norm"), "none"))


def _codec(model: Model, config: Cursor) -> None:
    if not config["seanet"].is_mapping():
        raise NotComputable("there is no seanet in it", config.where)
    down, up = _seanet(_side(config, "encoder")), _seanet(_side(config, "decoder"))
    if config["nbits"].exists and config["detector"].is_mapping():
        both(model, down.encoder(), [Stage("reverse_convolution", nearest(down.hop), down.ratios.where)], down.factors)
        return
    both(model, down.encoder(), up.decoder(), down.factors, up.factors)
    inverse(model, down.factors, AGREES)
    for side in ("encoder", "decoder"):
        causal(model, _side(config, side)("causal"), side, "trim_right_ratio below 1 cuts off what lies ahead, too")
    _rates(model, config, down)
    crop_seconds(model, config["dataset"]["segment_duration"], down.hop, FILLED, "repaired")


def _rates(model: Model, config: Cursor, net: Seanet) -> None:
    same_rate(model, config["encodec"]["sample_rate"], "the codec is built for this rate and fed with the solver's")
    rate, card = model.sample_rate, known(config["audioseal"]["sample_rate"])
    if rate is None:
        return
    tie(model, "rate", "equal", rate, card, "report", MARKED)
    if config["encodec"].is_mapping() and rate.value % net.hop:
        rounded = Value(rate.value // net.hop, None, "derived")
        tie(model, "rounding", "equal", Value(Fraction(rate.value, net.hop), net.ratios.where or rate.where, "derived"),
            rounded, "report", FLOORED)  # fmt: skip


# -- what is trained on codes -------------------------------------------------------------------------------------


def _named(config: Cursor, rate: Fraction | int | None) -> Codec:
    """The compression model of a checkpoint's name.

    Raises:
        NotComputable: it is none of those that are published.
    """
    name = config["compression_model_checkpoint"].str()
    if name.value == "//pretrained/debug_compression_model":
        wanted = int(rate) if rate is not None and rate in DEBUG else 32000
        return Codec(wanted, DEBUG[wanted], 4, 400, lstm=0)
    if name.value not in CODECS:
        raise NotComputable(f"the compression model `{name.value}` is not known by name", name.where)
    return CODECS[name.value]


def _on_codes(model: Model, config: Cursor) -> None:
    codec = _named(config, model.sample_rate.value if model.sample_rate else None)
    place = config["compression_model_checkpoint"].where
    net = _net(codec)
    factors = [Factor("compression_model_checkpoint", codec.ratios[::-1], place)]
    model.stacks.append(Stack("encoder", "compression_model", net.encoder(), input_rate=codec.rate, factors=factors))
    if model.sample_rate is not None:
        tie(model, "rate", "equal", model.sample_rate, Value(codec.rate, place, "derived"), "crash", STARTS)
    _books(model, config, codec, place)
    for cursor in (config["compression_model_framerate"], config["transformer_lm"]["compression_model_framerate"]):
        rate = exact(cursor)
        if rate is not None:
            model.claims.append(declared("frame_rate", rate, "Hz", stack="encoder", outcome="crash", because=FRAMES))
    style = config["conditioners"]["self_wav"]["style"]
    hop(model, style["ds_rate_compression"], Value(net.hop, place, "derived"), "masks are cut at this hop")
    seconds = exact(config["dataset"]["segment_duration"])
    if seconds is not None:
        model.durations.append(Duration(seconds, "s", None, "length"))


def _on_latents(model: Model, config: Cursor, bottom: Value[int]) -> None:
    """MultiBand Diffusion: the latents of the codec are stretched to the bottom of the U-Net, which they join."""
    if not config["compression_model_checkpoint"].exists:
        return
    codec = _named(config, model.sample_rate.value if model.sample_rate else None)
    place = config["compression_model_checkpoint"].where
    if model.sample_rate is not None:
        tie(model, "rate", "equal", model.sample_rate, Value(codec.rate, place, "derived"), "crash", MULTIBAND)
    if config["diffusion_unet"]["codec_dim"].given:
        twice: Value[int] = Value(2 * prod(codec.ratios), place, "derived")
        tie(model, "upsampling", "at most", bottom, twice, "crash", CONDITIONED)


def _net(codec: Codec) -> Seanet:
    """The SEANet of a published checkpoint: one residual layer, kernels 7, 3, 7."""
    seven, three = Value(7, None, "derived"), Value(3, None, "derived")
    ratios = Value([*codec.ratios], None, "derived")
    return Seanet(ratios, seven, seven, three, 1, 2, codec.causal, memory=lstm(codec.lstm))


def _books(model: Model, config: Cursor, codec: Codec, place: Where | None) -> None:
    """Codebooks of the language model against those of the codec; interleaved stereo has them twice."""
    lm, stereo = config["transformer_lm"], config["interleave_stereo_codebooks"]
    streams, size = known(lm["n_q"]), known(lm["card"])
    tie(model, "bins", "equal", size, Value(codec.size, place, "derived"), "crash", STARTS)
    used = known(config["compression_model_n_q"])
    books = used.value if used else codec.books
    twice = 2 if stereo["use"].value is True and stereo["per_timestep"].value is not True else 1
    if used is None or used.value <= codec.books:
        tie(model, "bins", "equal", streams, Value(books * twice, place, "derived"), "crash", STARTS)
    pattern = config["codebooks_pattern"]
    if pattern["modeling"].value == "delay" and pattern["delay"]["delays"].is_list() and streams is not None:
        delays = pattern["delay"]["delays"].ints()
        tie(model, "lists", "same length", delays, streams, "crash", DELAYS)
