"""The tokenizers of VibeVoice: strided convolutions with blocks of depthwise ones, as published and as in transformers.

Sources: transformers 5, models/vibevoice_acoustic_tokenizer; microsoft/VibeVoice vibevoice/modular/configuration_vibevoice.py
and modular_vibevoice_tokenizer.py, whose lists stand in decoder order and whose depths are a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rflint.coverage import Conv, Layer, Repeat, Transposed, causal, residual, seanet, transposed_seanet
from rflint.dialects.codec_facts import both, inverse, tie
from rflint.dialects.codec_graphs import factor
from rflint.dialects.generators import item
from rflint.dialects.hf_parts import Part, Reader
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Model, Outcome, Stage

RATIOS, DEPTHS, KERNEL, RATE = [2, 2, 4, 5, 5, 8], [3, 3, 3, 3, 3, 3, 8], 7, 24000
ONE_MORE = "a depth for the stem and one for every ratio"
MIRROR = "the decoder gives back as many samples as the encoder takes for a latent"


def read_vibevoice(model: Model, part: Part) -> None:
    """Causal convolutions and depthwise blocks; the decoder mirrors them (modeling_vibevoice_acoustic_tokenizer.py)."""
    config = part.config
    if config.has("encoder_ratios") or config.has("encoder_depths"):
        read_published(model, part)
        return
    ratios, depths = config["downsampling_ratios"].ints(RATIOS), config["depths"].ints(DEPTHS)
    kernel = config["kernel_size"].int(KERNEL)
    model.sample_rate = part.rate(RATE)
    _one_more(model, depths, ratios)
    count = len(ratios.value)
    strided, raised = [], []
    for index, ratio in enumerate(ratios.value):
        where = item(ratios, index)
        strided.append((Stage(f"down.{index}", Conv(2 * ratio, ratio, 1, (ratio, 0)), where), depths.value[index + 1]))
        raised.append((Stage(f"up.{index}", Transposed(2 * ratio, ratio, 1, (0, ratio)), where), depths.value[index]))
    encoder = _chain(causal(kernel.value), kernel, depths, depths.value[0], strided)
    decoder = _chain(causal(kernel.value), kernel, depths, depths.value[count], raised[::-1])
    both(model, encoder, decoder, [factor("downsampling_ratios", ratios)])


def read_published(model: Model, part: Part) -> None:
    """Microsoft's own classes: the encoder takes its ratios backwards, the decoder the encoder's depths backwards."""
    config = part.config
    ratios = config["encoder_ratios"].ints(RATIOS[::-1])
    depths = _counts(config["encoder_depths"])
    is_causal, kernel = config["causal"].bool(True).value, config["kernel_size"].int(KERNEL)
    model.sample_rate = part.rate(RATE)
    _one_more(model, depths, ratios, "silent")
    order = list(enumerate(ratios.value))[::-1]
    strided = [
        (
            Stage(f"down.{index}", seanet(2 * ratio, ratio, is_causal=is_causal), item(ratios, index)),
            depths.value[place + 1],
        )
        for place, (index, ratio) in enumerate(order)
    ]
    conv = seanet(kernel.value, is_causal=is_causal)
    encoder, parts = _chain(conv, kernel, depths, depths.value[0], strided), [factor("encoder_ratios", ratios)]
    if part.kind.endswith("semantic_tokenizer"):
        part.stack(model, "encoder", "encoder", encoder, parts)
        return
    back = config["decoder_ratios"].ints(ratios.value)
    told = config["decoder_depths"]
    reversed_: Value[list[int]] = Value(depths.value[::-1], depths.where, "derived")
    # a list is passed over as a null is (modular_vibevoice_tokenizer.py, VibeVoiceAcousticTokenizerModel)
    widths = _counts(told) if isinstance(told.value, str) else reversed_
    _one_more(model, widths, back, "silent")
    raised = [
        (
            Stage(f"up.{index}", transposed_seanet(2 * ratio, ratio, is_causal=is_causal), item(back, index)),
            widths.value[index + 1],
        )
        for index, ratio in enumerate(back.value)
    ]
    both(model, encoder, _chain(conv, kernel, widths, widths.value[0], raised), parts, [factor("decoder_ratios", back)])
    inverse(model, parts, MIRROR, "silent")


def _counts(text: Cursor) -> Value[list[int]]:
    """Blocks a stage, as a list or as a text such as ``3-3-8``.

    Raises:
        NotComputable: it is something else.
    """
    if not isinstance(text.value, str):
        return text.ints(DEPTHS)
    counts = text.value.split("-")
    if not all(count.isdecimal() and len(count) < 4 for count in counts):
        raise NotComputable(f"`{text.key}` holds no numbers between hyphens", text.where)
    return Value([int(count) for count in counts], text.where)


def _one_more(model: Model, depths: Value[list[int]], ratios: Value[list[int]], too_few: Outcome = "crash") -> None:
    """State how many depths there must be; with too few Microsoft's classes leave out the last resampling layers.

    Raises:
        NotComputable: there are fewer.
    """
    needed: Value[int] = Value(len(ratios.value) + 1, None, "derived")
    if depths.where is not None:
        outcome = too_few if len(depths.value) < needed.value else "crash"
        tie(model, "lists", "same length", depths, needed, outcome, ONE_MORE)
    if len(depths.value) < needed.value:
        raise NotComputable(f"`{depths.key or 'depths'}` is too short", depths.where)


def _chain(
    conv: Layer, kernel: Value[int], depths: Value[list[int]], first: int, resampled: Sequence[tuple[Stage, int]]
) -> list[Stage]:
    """A stem, resampling layers each with its blocks, and a head, all of one kernel."""
    block = residual(conv)
    stages = [Stage("stem", conv, kernel.where), Stage("stem blocks", Repeat(first, block), depths.where)]
    for stage, depth in resampled:
        stages += [stage, Stage(f"{stage.name} blocks", Repeat(depth, block), depths.where)]
    return [*stages, Stage("head", conv, kernel.where)]


VIBEVOICES: Final[dict[str, Reader]] = {
    "vibevoice_acoustic_tokenizer": read_vibevoice,
    **dict.fromkeys(
        ("vibevoice_semantic_tokenizer", "vibepod_acoustic_tokenizer", "vibepod_semantic_tokenizer"), read_published
    ),
}
