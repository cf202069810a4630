"""SpeechBrain recipes for separation and masking in the time domain: a learned analysis, a mask network, its inverse.

Sources: speechbrain/lobes/models/{dual_path,conv_tasnet,resepformer}.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import Conv, Mixer, centred, residual
from rflint.dialects.asr_frontend import layers, positive, tie
from rflint.dialects.speech_facts import derived, maybe, over_utterance, stated_rate
from rflint.dialects.speechbrain_parts import find, made
from rflint.documents import Cursor, Value
from rflint.model import Factor, Model, Stack, Stage

NAME, TITLE = "speechbrain/separation", "SpeechBrain separation (dual_path.Encoder, MaskNet)"
SCHEMA, LOADER = "speechbrain_separation", "ruamel"

KERNEL = 2  # dual_path.py, Encoder: kernel_size; its stride is half of it
STRIDE = 1  # torch.nn.ConvTranspose1d, stride
NORM, CAUSAL = "gLN", False  # conv_tasnet.py, MaskNet: norm_type, causal
DEEPEST = 20


def recognise(root: Cursor) -> bool:
    return root.is_mapping() and root.document.has_tags and _encoder(root) is not None


def _encoder(root: Cursor) -> Cursor | None:
    return next((place for place in made(root) if (place.tag or "").endswith("dual_path.Encoder")), None)


def read(root: Cursor) -> Iterator[Model]:
    rate, encoder = stated_rate(root["sample_rate"]), _encoder(root)
    model = Model(NAME, sample_rate=rate)
    if encoder is not None:
        with model.deriving("encoder"):
            kernel = positive(encoder["kernel_size"].int(KERNEL))
            hop = positive(Value(kernel.value // 2, kernel.where))
            analysis = Stage("Encoder", Conv(kernel.value, hop.value), kernel.where)
            stages = [analysis, *_masks(root)]
            factors = [Factor("kernel_size // 2", (hop.value,), kernel.where)]
            input_rate = rate.value if rate else None
            model.stacks.append(Stack("encoder", "Encoder", stages, input_rate=input_rate, factors=factors))
            for decoder in made(root):
                if (decoder.tag or "").endswith("dual_path.Decoder"):
                    _inverse(model, decoder, kernel, hop)
    yield model


def _masks(root: Cursor) -> list[Stage]:
    """The mask network: convolutions of doubling dilation, or attention and recurrence inside and across chunks."""
    masks = find(root, "MaskNet")
    if masks is None or not (masks.tag or "").endswith("conv_tasnet.MaskNet"):
        other = find(root, "Dual_Path_Model", "ResourceEfficientSeparator", "SkiM")
        return [over_utterance("chunks within and across", other.where)] if other else []
    kernel = positive(masks["P"].int())
    depth, rounds = positive(masks["X"].int(), DEEPEST).value, layers(masks["R"]).value
    is_causal = masks["causal"].bool(CAUSAL).value
    whole = [Mixer("norm over time")] if masks["norm_type"].str(NORM).value == "gLN" else []
    convs = [residual(_temporal(kernel.value, 2**x, is_causal=is_causal), *whole) for x in range(depth)]
    return [Stage(f"MaskNet.{r}.{x}", conv, kernel.where) for r in range(rounds) for x, conv in enumerate(convs)]


def _temporal(kernel: int, dilation: int, *, is_causal: bool) -> Conv:
    """One depthwise convolution.

    The causal one is padded on the left and once more on both sides, and cut at the end: its last tap is half the extent
    before the frame itself (conv_tasnet.py, DepthwiseSeparableConv).
    """
    if not is_causal:
        return centred(kernel, 1, dilation)
    extent = dilation * (kernel - 1)
    return Conv(kernel, 1, dilation, (extent + extent // 2, -(extent // 2)))


def _inverse(model: Model, decoder: Cursor, kernel: Value[int], hop: Value[int]) -> None:
    """The decoder's own kernel and stride against those of the encoder."""
    stride, size = decoder["stride"].int(STRIDE), maybe(decoder["kernel_size"].int)
    because = "the encoder strides by half its kernel (dual_path.py) and estimates are cut or padded to length"
    given = stride if stride.where else stride._replace(where=decoder.where)
    tie(model, "upsampling", "equal", given, derived(hop.value), "silent", because)
    if size:
        because = "the decoder lays the encoder's windows over each other"
        tie(model, "upsampling", "equal", size, kernel, "silent", because)
