"""X-codec (zhenye234/xcodec): DAC beside a HuBERT branch; one list of ratios in one order for both sides.

Source: models/soundstream_semantic.py, SoundStream. The hops of ``criterion`` and of the discriminators are losses.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from rflint.coverage import Mixer
from rflint.dialects.codec_facts import bandwidths, both, crop, product, same_rate, tie
from rflint.dialects.codec_graphs import EXACT, factor
from rflint.documents import Cursor, Value
from rflint.model import Model, Stage

NAME, TITLE = "xcodec", "X-codec (generator: SoundStream with ratios)"
SCHEMA, LOADER = "xcodec", "pyyaml"

RATIOS, RATE = [8, 5, 4, 2], 16000
BOOK = 10
"""Bits of a codebook in the number of codebooks, whatever ``bins`` is."""
TEACHER_HOP = 320

CROPS = "the decoder gives whole frames; the losses compare them with the crop"
FLOORED = "the number of codebooks is rounded down to what fits the bandwidth"
JOINED = "its frames are joined with those of HuBERT, which come every 320 samples"


def recognise(root: Cursor) -> bool:
    generator = root["generator"]
    return generator["name"].value == "SoundStream" and generator["config"]["ratios"].is_list()


def read(root: Cursor) -> Iterator[Model]:
    config = root["generator"]["config"]
    model = Model(NAME)
    with model.deriving("sample_rate"):
        model.sample_rate = config["sample_rate"].int(RATE)
    with model.deriving("codec"):
        ratios = config["ratios"].ints(RATIOS)
        semantic = (Stage("semantic_model", Mixer("HuBERT"), config["semantic_techer"].where),)
        both(model, EXACT.encoder(ratios, semantic), EXACT.decoder(ratios), [factor("ratios", ratios)])
        hop = int(model.stacks[0].coverage.step)
        crop(model, root["segment_size"], hop, CROPS)
        tie(model, "upsampling", "equal", product(ratios), Value(TEACHER_HOP, None, "derived"), "crash", JOINED)
        if model.sample_rate is not None and hop > 0:
            bandwidths(model, config["target_bandwidths"], ceil(model.sample_rate.value / hop) * BOOK, FLOORED)
    for section in (root["mfd"]["config"]["sample_rate"], _mel(root)["sampling_rate"]):
        same_rate(model, section, "losses take the waveform to have the codec's rate")
    yield model


def _mel(root: Cursor) -> Cursor:
    return root["criterion"]["g_criterion"]["config"]["mel_scale_loss"]
