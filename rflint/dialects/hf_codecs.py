"""Codecs of transformers with plain convolutions: DAC and what is built on it, X-codec 2.

Sources: transformers 5, models/*/configuration_*.py for the defaults, modeling_*.py for the layers.
"""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Final, cast

from rflint.dialects.codec_facts import both, product, tie
from rflint.dialects.codec_graphs import DESCRIPT, EXACT, SHORT, alias_free, factor
from rflint.dialects.generators import anti_aliased
from rflint.dialects.hf_parts import Part, Reader, agree
from rflint.dialects.hf_vibevoice import VIBEVOICES
from rflint.dialects.waveform import text, whole
from rflint.documents import Cursor, Value
from rflint.model import Model, Tie

# -- DAC ----------------------------------------------------------------------------------------------------------

DAC_RATIOS = [2, 4, 8, 8]
REPAIRED = ("xcodec", "higgs_audio_v2_tokenizer")
"""They add output padding to the decoder and take both lists in one order (modeling_xcodec.py, _adjust_dac_decoder)."""
XCODEC_RATIOS = [8, 5, 4, 2]


def read_dac(model: Model, part: Part) -> None:
    """DAC; inside X-codec and Higgs Audio with a decoder that keeps the length."""
    above = part.above()
    parent = text(above["model_type"]) if above is not None else ""
    down = part.config["downsampling_ratios"].ints(XCODEC_RATIOS if parent == "xcodec" else DAC_RATIOS)
    up = part.config["upsampling_ratios"].ints(XCODEC_RATIOS if parent == "xcodec" else down.value[::-1])
    model.sample_rate = _dac_rate(part, parent, above)
    net = EXACT if parent in REPAIRED else DESCRIPT
    factors, back = [factor("downsampling_ratios", down)], [factor("upsampling_ratios", up)]
    both(model, net.encoder(down), net.decoder(up), factors, back, inexact="report", because=SHORT)
    _state_dac(model, part, down, up, parent)
    if parent == "higgs_audio_v2_tokenizer" and above is not None:
        _state_semantics(model, above, down)


def _dac_rate(part: Part, parent: str, above: Cursor | None) -> Value[int]:
    """The sample rate: that of the codec around it, whose own copy is not used."""
    if parent in REPAIRED and above is not None:
        return above["sample_rate"].int(24000 if parent == "higgs_audio_v2_tokenizer" else 16000)
    if parent.startswith("pe_audio"):
        return part.extractor.rate() or Value(48000, None, "framework default")
    return part.rate(16000)


def _state_dac(model: Model, part: Part, down: Value[list[int]], up: Value[list[int]], parent: str) -> None:
    """Derived values that the JSON repeats override the derivation without a word (configuration_dac.py)."""
    because = "hop_length in the file overrides the product of downsampling_ratios, and pads the input by it"
    agree(model, "frames", whole(part.config["hop_length"]), product(down), because, "silent")
    if part.extractor.kind in ("DacFeatureExtractor", "DiaFeatureExtractor"):
        because = "the extractor pads clips to multiples of its hop_length"
        agree(model, "frames", part.extractor.whole("hop_length"), product(down), because, "report")
    if up.where is not None and parent not in REPAIRED:
        because = "the decoder mirrors the encoder: upsampling_ratios is the reverse of downsampling_ratios"
        tie(model, "order", "reversed", up, down, "silent", because)


def _state_semantics(model: Model, above: Cursor, down: Value[list[int]]) -> None:
    """Higgs Audio: acoustic frames must be whole numbers of semantic ones (modeling_higgs_audio_v2_tokenizer.py)."""
    ratio = above["downsample_factor"].int(320)
    rate, semantic = above["sample_rate"].int(24000).value, above["semantic_sample_rate"].int(16000).value
    if rate <= 0:
        return
    frame: Value[object] = Value(Fraction(prod(down.value) * semantic, rate), down.where or ratio.where, "derived")
    because = "int(hop at the semantic rate / downsample_factor) semantic frames are averaged for an acoustic one"
    model.ties.append(Tie("frames", "multiple", frame, cast(Value[object], ratio), "crash", because))


# -- X-codec 2 and NeuCodec ----------------------------------------------------------------------------------------

XCODEC2_RATIOS, DILATIONS = [2, 2, 4, 4, 5], (1, 3, 9)


def read_xcodec2(model: Model, part: Part) -> None:
    """The acoustic encoder, whose activations filter at twice the rate; the decoder attends to the whole clip."""
    ratios = part.config["downsampling_ratios"].ints(XCODEC2_RATIOS)
    model.sample_rate = part.config.first("input_sampling_rate", "sampling_rate", "sample_rate").int(16000)
    stages = alias_free(DILATIONS, anti_aliased()).encoder(ratios)
    part.stack(model, "encoder", "acoustic_encoder", stages, [factor("downsampling_ratios", ratios)])


CODECS: Final[dict[str, Reader]] = {
    "dac": read_dac,
    **dict.fromkeys(("xcodec2", "neucodec"), read_xcodec2),
    **VIBEVOICES,
}
