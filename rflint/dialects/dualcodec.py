"""DualCodec (open-mmlab/Amphion models/codec/dualcodec): DAC beside quantised frames of w2v-BERT."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.dialects.codec_facts import both, causal, inverse, ordered, product, same_rate, tie
from rflint.dialects.codec_graphs import DESCRIPT, SHORT, factor
from rflint.documents import Cursor, Value
from rflint.model import Model

NAME, TITLE = "dualcodec", "DualCodec (dualcodec.model_codec.DualCodec)"
SCHEMA, LOADER = "dualcodec", "omegaconf"

# dualcodec/model_codec/dualcodec_model.py, DualCodec.__init__
ENCODER_RATES, DECODER_RATES, RATE, THINNED = [2, 4, 8, 8], [8, 8, 4, 2], 44100, 2
SEMANTIC_RATE = 50
"""Frames of w2v-BERT a second."""

MIRROR = "the decoder undoes the encoder stage by stage in every published model"
JOINED = "semantic frames at 50 Hz are thinned by it and subtracted from the codec's"
PARTLY = "is_causal reaches the ConvNeXt blocks of the semantic branch alone; the DAC pads at both ends"
RATES = "the discriminator's bands take the audio to have the codec's rate"


def recognise(root: Cursor) -> bool:
    target = root["model"]["_target_"].value
    return isinstance(target, str) and target.startswith("dualcodec.") and target.endswith(".DualCodec")


def read(root: Cursor) -> Iterator[Model]:
    config = root["model"]
    model = Model(NAME)
    with model.deriving("sample_rate"):
        model.sample_rate = config["sample_rate"].int(RATE)
    with model.deriving("codec"):
        down, up = config["encoder_rates"].ints(ENCODER_RATES), config["decoder_rates"].ints(DECODER_RATES)
        factors, back = [factor("encoder_rates", down)], [factor("decoder_rates", up)]
        both(model, DESCRIPT.encoder(down), DESCRIPT.decoder(up), factors, back, because=SHORT)
        inverse(model, factors)
        ordered(model, up, down, "reversed", "report", MIRROR)
        causal(model, config["is_causal"], "encoder", PARTLY, "report")
        _thinned(model, config, product(down))
    same_rate(model, root["discriminator"]["sample_rate"], RATES)
    yield model


def _thinned(model: Model, config: Cursor, step: Value[int]) -> None:
    thinned = config["semantic_downsample_factor"].int(THINNED)
    if model.sample_rate is not None and model.sample_rate.value > 0:
        wanted = Value(Fraction(SEMANTIC_RATE * step.value) / model.sample_rate.value, step.where, "derived")
        tie(model, "subsampling", "equal", thinned, wanted, "crash", JOINED)
