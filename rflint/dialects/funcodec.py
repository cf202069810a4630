"""FunCodec (modelscope/FunCodec): SEANet over the waveform, or in two dimensions over its spectrogram.

Sources: funcodec/models/encoder/seanet_encoder.py, models/codec_basic.py, models/codec_freq.py, models/quantizer/
costume_quantizer.py. Ratios of the second kind are pairs (frequency, time); dilation applies to time.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import NamedTuple

from rflint.coverage import Mixer, attention, crop as cut, istft, recurrent, stft
from rflint.dialects.analysis import known
from rflint.dialects.codec_facts import both, crop, inverse, lasting, ordered, same_rate, tie
from rflint.dialects.codec_graphs import ENCODEC, Key, Seanet, SeanetDefaults, norm_over_time
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stage

NAME, TITLE = "funcodec", "FunCodec (encodec_seanet_encoder, costume_quantizer)"
SCHEMA, LOADER = "funcodec", "pyyaml"

ENCODERS = ("encodec_seanet_encoder", "encodec_seanet_encoder_2d")
# SEANetEncoder and SEANetEncoder2d
SEQUENCE, LAYERS = "lstm", 2
RATIOS_2D = [[4, 1], [4, 1], [4, 2], [4, 1]]
# codec_freq.py, domain_conf
TIME, FFT, HOP = "time", 512, 160
TRANSFORMS = ("stft", "mag", "mag_phase", "mag_angle", "mag_oracle_phase", "mel")
RATE, QUANTIZER_HOP = 24000, 320  # CostumeQuantizer.__init__; Encodec.__init__ target_sample_hz

CUT = "the output is cut to the length of the clip"
BANDWIDTH = "bandwidths are turned into numbers of codebooks with it: all are mislabelled"
LOSSES = "mel filters of the losses are made for this rate"
SAME = "both sides take their ratios in the decoder's order"
DROPPED = "more codebooks than there are cannot be drawn"


class Domain(NamedTuple):
    """What stands between samples and the encoder, and between the decoder and samples."""

    before: list[Stage]
    after: list[Stage]
    hop: Value[int] | None

    @property
    def down(self) -> list[Factor]:
        return [Factor("hop_length", (self.hop.value,), self.hop.where)] if self.hop and self.before else []

    @property
    def up(self) -> list[Factor]:
        istft_after = any(stage.name == "istft" for stage in self.after)
        return [Factor("hop_length", (self.hop.value,), self.hop.where)] if self.hop and istft_after else []


def recognise(root: Cursor) -> bool:
    return root["encoder"].value in ENCODERS and root["quantizer"].exists and (root.has("decoder") or root.has("model"))


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME)
    with model.deriving("sample_rate"):
        model.sample_rate = root["sampling_rate"].int()
    with model.deriving("codec"):
        _codec(model, root)
    same_rate(model, root["model_conf"]["target_sample_hz"], LOSSES)
    yield model


def _codec(model: Model, root: Cursor) -> None:
    encoder, decoder = root["encoder_conf"], root["decoder_conf"]
    flat = root["encoder"].value == ENCODERS[1], str(root["decoder"].value).endswith("_2d")
    down, up = _net(encoder, flat[0]), _net(decoder, flat[1])
    domain = domain_of(root["model_conf"]["codec_domain"], root["model_conf"]["domain_conf"])
    factors, back = [*domain.down, *down.factors], [*up.factors, *domain.up]
    both(model, [*domain.before, *down.encoder()], [*up.decoder(), *domain.after], factors, back)
    inverse(model, factors)
    ordered(model, up.ratios, down.ratios, "equal", "report", SAME)
    step = prod(term for each in factors for term in each.terms)
    if root["quantizer"].value == "costume_quantizer":
        _bandwidth(model, root["quantizer_conf"], Value(step, down.ratios.where, "derived"))
    for key in ("speech_max_length", "valid_max_length"):
        if domain.hop is None:
            crop(model, root[key], step, CUT, "repaired")
        else:
            lasting(model, known(root[key]))


def _net(conf: Cursor, is_2d: bool) -> Seanet:
    """A SEANet; of one in two dimensions what it does to time."""
    net = over_time(conf.__getitem__, conf["ratios"]) if is_2d else Seanet.read(conf.__getitem__)
    return net._replace(memory=_memory(conf, net.causal), norm=norm_over_time(conf["norm"]))


def over_time(key: Key, ratios: Cursor, defaults: SeanetDefaults = ENCODEC) -> Seanet:
    """What a SEANet in two dimensions does to time, the second of every pair of its ratios.

    Raises:
        NotComputable: the ratios are no pairs.
    """
    pairs = ratios.lists(RATIOS_2D)
    if any(len(pair) != 2 for pair in pairs.value):
        raise NotComputable("`ratios` are no pairs of frequency and time", ratios.where)
    times = Value([time for _, time in pairs.value], pairs.where, pairs.origin)
    return Seanet.read(lambda name: ratios["none"] if name == "ratios" else key(name), defaults)._replace(ratios=times)


def _memory(conf: Cursor, is_causal: bool) -> tuple[Stage, ...]:
    kind = conf["seq_model"].value if conf["seq_model"].exists else SEQUENCE
    if conf["seq_layer_num"].int(LAYERS).value < 1:
        return ()
    if kind == "lstm":
        return (Stage("lstm", recurrent()),)
    mixer: Mixer = attention(None, 0 if is_causal else None)
    return (Stage("transformer", mixer),) if kind == "transformer" else ()


def domain_of(domain: Cursor, conf: Cursor) -> Domain:
    """The transforms of ``codec_domain``: one for both sides in codec_basic.py, a pair in codec_freq.py."""
    domains = [each.str().value for each in domain] if domain.is_list() else [domain.str(TIME).value] * 2
    if len(domains) != 2 or not any(each in TRANSFORMS for each in domains):
        return Domain([], [], None)
    fft, step = conf["n_fft"].int(FFT), conf["hop_length"].int(HOP)
    before = [Stage("stft", stft(fft.value, step.value), step.where)] if domains[0] in TRANSFORMS else []
    after = [Stage("istft", istft(fft.value, step.value), step.where)] if domains[1] in TRANSFORMS else []
    if before and not after:
        after = [Stage("cut", cut(step.value // 2, step.value // 2), step.where)]
    return Domain(before, after, step)


def _bandwidth(model: Model, quantizer: Cursor, step: Value[int]) -> None:
    """What the quantizer takes the codec to be, to turn a bandwidth into codebooks."""
    declared, rate = quantizer["encoder_hop_length"].int(QUANTIZER_HOP), quantizer["sampling_rate"].int(RATE)
    lasting(model, declared if declared.where else None, "step")
    tie(model, "subsampling", "equal", declared, step, "crash" if declared.where else "silent", BANDWIDTH)
    tie(model, "rate", "equal", rate, model.sample_rate, "silent", BANDWIDTH)
    drawn, books = quantizer["rand_num_quant"], known(quantizer["num_quantizers"])
    for entry in drawn if drawn.is_list() else ():
        tie(model, "limit", "at most", known(entry), books, "crash", DROPPED)
