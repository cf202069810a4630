"""The 12.5 Hz tokenizer of Qwen3-TTS (QwenLM/Qwen3-TTS, speech_tokenizer/config.json): its decoder from codes to samples.

Source: qwen_tts/core/tokenizer_12hz, configuration_qwen3_tts_tokenizer_v2.py and modeling_qwen3_tts_tokenizer_v2.py. The
encoder is Mimi.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod

from rflint.coverage import Mixer, Sequence as Chain, Transposed, causal, residual
from rflint.dialects.analysis import known
from rflint.dialects.generators import decoder, item
from rflint.documents import Cursor, Value
from rflint.model import Duration, Factor, Model, Stage, declared

NAME, TITLE = "qwen3_tts", "Qwen3-TTS tokenizer (decode_upsample_rate, decoder_config)"
SCHEMA, LOADER = "qwen3_tts", "json"

RATE, UPSAMPLE = 24000, 1920
RATES, RATIOS, WINDOW, LAYERS = [8, 5, 4, 3], [2, 2], 72, 8
DILATIONS = (1, 3, 9)  # Qwen3TTSTokenizerV2DecoderDecoderBlock
PRODUCT = "the audio's length is taken as codes x decode_upsample_rate (decode)"


def recognise(root: Cursor) -> bool:
    kind = root["model_type"].value
    return isinstance(kind, str) and kind == "qwen3_tts_tokenizer_12hz" and root["decoder_config"].is_mapping()


def read(root: Cursor) -> Iterator[Model]:
    rate = known(root["output_sample_rate"]) or Value(RATE, None, "framework default")
    model = Model(NAME, sample_rate=rate)
    config = root["decoder_config"]
    steps = (root["decode_upsample_rate"], root["encode_downsample_rate"])
    for step in steps:
        size = known(step)
        if size is not None:
            model.durations.append(Duration(size, "samples", Fraction(rate.value), "step"))
    with model.deriving("decoder"):
        ratios, rates = config["upsampling_ratios"].ints(RATIOS), config["upsample_rates"].ints(RATES)
        total = prod(ratios.value) * prod(rates.value)
        parts = [Factor("upsampling_ratios", tuple(ratios.value), ratios.where)]
        parts.append(Factor("upsample_rates", tuple(rates.value), rates.where))
        frames = Fraction(rate.value, total) if total > 0 else None
        model.stacks.append(decoder("decoder", stages(config, ratios, rates), frames, parts))
        factor = steps[0].int(UPSAMPLE)
        model.claims.append(
            declared("upsampling", factor, "samples", stack="decoder", outcome="silent", because=PRODUCT)
        )
    yield model


def cut_right(kernel: int, factor: int) -> Transposed:
    """Kernel - factor samples are cut off at the right end, none at the left (CausalTransConvNet)."""
    return Transposed(kernel, factor, 1, (0, kernel - factor))


def stages(config: Cursor, ratios: Value[list[int]], rates: Value[list[int]]) -> list[Stage]:
    """A convolution, a transformer that looks back, doublings with ConvNeXt blocks, then causal blocks up to samples."""
    window, layers = config["sliding_window"].int(WINDOW).value, config["num_hidden_layers"].int(LAYERS).value
    found = [Stage("pre_conv", causal(3)), Stage("transformer", Mixer("attention", max((window - 1) * layers, 0), 0))]
    for index, ratio in enumerate(ratios.value):
        found.append(Stage(f"upsample.{index}", cut_right(ratio, ratio), item(ratios, index)))
        found.append(Stage(f"convnext.{index}", residual(causal(7))))
    units = Chain(tuple(residual(causal(7, 1, dilation)) for dilation in DILATIONS))
    found.append(Stage("decoder.conv_in", causal(7)))
    for index, rate in enumerate(rates.value):
        found.append(Stage(f"decoder.{index}", cut_right(2 * rate, rate), item(rates, index)))
        found.append(Stage(f"decoder.{index}.units", units))
    return [*found, Stage("decoder.conv_out", causal(7))]
