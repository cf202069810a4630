"""ESPnet's neural codecs (espnet/espnet, egs2/*/codec1/conf): SEANet under ``codec_conf.generator_params``.

All of them but ``hificodec`` and ``bscodec`` are one net with other activations, codebooks and losses, ``dac`` included;
``funcodec`` is the one in two dimensions, ``hificodec`` is HiFi-GAN both ways. Sources: espnet2/gan_codec/*,
espnet2/gan_codec/shared/encoder/seanet.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import NamedTuple

from rflint.dialects import flat_hifigan as flat
from rflint.dialects.analysis import Analysis, known
from rflint.dialects.codec_facts import bits, both, crop, exact, inverse, lasting, same_rate, tie
from rflint.dialects.codec_graphs import Seanet, SeanetDefaults, lstm, norm_over_time
from rflint.dialects.funcodec import Domain, domain_of, over_time
from rflint.dialects.generators import Lists, agree, arity, default_lists, hifigan_shape
from rflint.dialects.hificodec import sides
from rflint.documents import Cursor, Value
from rflint.model import Model

NAME, TITLE = "espnet/codec", "ESPnet codecs (codec, codec_conf.generator_params)"
SCHEMA, LOADER = "espnet_codec", "pyyaml"

HIFICODEC = "hificodec"
KINDS = (HIFICODEC, "soundstream", "encodec", "dac", "funcodec", "speechtokenizer", "fsq_dac", "semantic_dac")
# the signatures of espnet2/gan_codec/*/*.py
RATE, BOOKS, SIZE, MEMORY = 24000, 8, 1024, 2
DEFAULTS = SeanetDefaults(residual=7)
LISTS = default_lists([8, 5, 4, 2], [16, 11, 8, 4], [3, 7, 11], [[1, 3, 5]] * 3)

REACHED = "training asks for more codebooks than there are: the quantizer takes all it has and reports nothing"
BANDS = "the discriminator takes the waveform to have this rate (shared/discriminator/msmpmb_discriminator.py)"
COMPARED = "the waveform loss compares the crop with its frames times the hop"


class Codec(NamedTuple):
    """Both sides of a codec, and what stands before and behind them."""

    encoder: Seanet
    decoder: Seanet
    domain: Domain


def recognise(root: Cursor) -> bool:
    return root["codec"].value in KINDS and root["codec_conf"]["generator_params"].is_mapping()


def read(root: Cursor) -> Iterator[Model]:
    conf = root["codec_conf"]
    model = Model(NAME)
    with model.deriving("sample_rate"):
        model.sample_rate = conf["sampling_rate"].int(RATE)
    if root["codec"].value == HIFICODEC:
        with model.deriving("codec"):
            _hificodec(model, root, conf)
        yield model
        return
    with model.deriving("codec"):
        codec = _codec(root["codec"].value == "funcodec", conf["generator_params"])
        down = [*codec.domain.down, *codec.encoder.factors]
        up = [*codec.decoder.factors, *codec.domain.up]
        encoder = [*codec.domain.before, *codec.encoder.encoder()]
        both(model, encoder, [*codec.decoder.decoder(), *codec.domain.after], down, up)
        inverse(model, down)
        step = codec.encoder.hop * (codec.domain.hop.value if codec.domain.down and codec.domain.hop else 1)
        _bitrate(model, conf["generator_params"], step)
        if codec.domain.hop is None:
            crop(model, root["chunk_length"], step, COMPARED)
        else:
            lasting(model, known(root["chunk_length"]))
    _rates(model, conf)
    yield model


def _hificodec(model: Model, root: Cursor, conf: Cursor) -> None:
    """HiFi-GAN's lists, which the encoder goes through backwards (espnet2/gan_codec/hificodec/module.py)."""
    params, rate = conf["generator_params"], known(conf["sampling_rate"], RATE)
    names = flat.RATES, flat.KERNELS, flat.BRANCHES, flat.DILATIONS
    agree(model, params, *names)
    lists = Lists.read(params, *names, defaults=LISTS)
    kind = flat.block_type(params["resblock_num"])
    shape = hifigan_shape(kind)
    arity(model, lists, shape.reads or 0, f"ResBlock{kind}")
    sides(model, lists, shape, Analysis(rate))
    crop(model, root["chunk_length"], lists.factor, COMPARED)


def _codec(is_2d: bool, params: Cursor) -> Codec:
    def key(name: str) -> Cursor:
        return params["decoder_trim_right_ratio" if name == "trim_right_ratio" else f"encdec_{name}"]

    net = over_time(key, key("ratios"), DEFAULTS) if is_2d else Seanet.read(key, DEFAULTS)
    layers, bidirectional = key("lstm").int(MEMORY).value, params["bidirectional"].bool(False).value
    net = net._replace(norm=norm_over_time(key("norm")), memory=lstm(layers))
    encoder = net._replace(memory=lstm(layers, bidirectional=bidirectional))
    domain = domain_of(params["codec_domain"], params["domain_conf"]) if is_2d else Domain([], [], None)
    return Codec(encoder, net, domain)


def _bitrate(model: Model, params: Cursor, step: int) -> None:
    """State that the codebooks carry the largest bandwidth; any smaller one takes as many as fit into it.

    A last entry that asks for more is a way to write "all": it is told, and several of them are held to be a mistake.
    """
    size, books = params["quantizer_bins"].int(SIZE), params["quantizer_n_q"].int(BOOKS)
    book = bits(size.value)
    listed = params["quantizer_target_bandwidth"]
    if book is None or model.sample_rate is None or step < 1 or params.has("quantizer_codedim") or not listed.is_list():
        return
    rate = ceil(model.sample_rate.value / step)
    carried = Value(books.value * book * rate, books.where, "derived")
    asked = [Value(value.value * 1000, value.where, "derived") for entry in listed if (value := exact(entry))]
    beyond = [value for value in asked if value.value > carried.value]
    for value in sorted(beyond, key=lambda value: value.value)[-1:]:
        tie(model, "bitrate", "at most", value, carried, "silent" if len(beyond) > 1 else "report", REACHED)


def _rates(model: Model, conf: Cursor) -> None:
    """The discriminator resamples by the ratio of its rate and each of `rates`; without those it reads none."""
    section = conf["discriminator_params"]["msmpmb_discriminator_params"]
    if section["rates"].is_list() and section["rates"].value:
        same_rate(model, section["sample_rate"], BANDS)
