"""AudioDec's vocoder (facebookresearch/AudioDec): a causal HiFi-GAN over the codes of a trained codec."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

from rflint.coverage import Layer, Transposed, causal
from rflint.dialects.analysis import equal, known
from rflint.dialects.audiodec import analyzer
from rflint.dialects.generators import Lists, Shape, agree, decoder, default_lists, hifigan
from rflint.dialects.pwg_family import TWICE, causal_block1, causal_block2, generator, stft_loss
from rflint.documents import Cursor, Value
from rflint.model import Duration, Model, Tie

NAME, TITLE = "audiodec/vocoder", "AudioDec vocoders (analyzer, generator_params)"
SCHEMA, LOADER = "audiodec_vocoder", "pyyaml"

# models/vocoder/HiFiGAN.py, Generator
LISTS = default_lists([8, 8, 2, 2], [16, 16, 4, 4], [3, 7, 11], [[1, 3, 5]] * 3)


def recognise(root: Cursor) -> bool:
    params = root["generator_params"]
    return params.has("upsample_scales") and (root.has("batch_length") or root.has("analyzer"))


def read(root: Cursor) -> Iterator[Model]:
    params, rate = root["generator_params"], known(root["sampling_rate"])
    model = Model(NAME, sample_rate=rate)
    with model.deriving("decoder"):
        names = ("upsample_scales", "upsample_kernel_sizes", "resblock_kernel_sizes", "resblock_dilations")
        agree(model, params, *names, because="Generator asserts equal lengths (models/vocoder/HiFiGAN.py)")
        lists = Lists.read(params, *names, defaults=LISTS)
        kernel = params["kernel_size"].int(7).value
        block = causal_block1 if params["use_additional_convs"].bool(True).value else causal_block2
        shape = Shape(block, None, transposed_causal, pre=kernel, post=kernel, outer=causal)
        stages, parts = generator(hifigan(lists, shape), lists.rates)
        frames = model.sample_rate.value if model.sample_rate else None
        frame_rate = None if frames is None or lists.factor < 1 else Fraction(frames, lists.factor)
        model.stacks.append(decoder("generator", stages, frame_rate, parts, TWICE))
        _crop(model, root, lists)
        analyzer(model, root, lists.rates)
    _losses(model, root, rate)
    yield model


def transposed_causal(kernel: int, factor: int) -> Layer:
    """Rule D' (layers/conv_layer.py): ceil(kernel / factor) - 1 frames repeated in front, a factor cut off both ends."""
    before = -(-kernel // max(factor, 1)) - 1
    return Transposed(kernel, factor, 1, ((1 - before) * factor, factor))


def _crop(model: Model, root: Cursor, lists: Lists) -> None:
    crop = known(root["batch_length"])
    if crop is None:
        return
    rate = model.sample_rate
    model.durations.append(Duration(crop, "samples", None if rate is None else Fraction(rate.value), "length"))
    hop: Value[object] = Value(lists.factor, lists.rates.where, "derived")
    because = "the codec gives batch_length // hop frames, the losses compare the whole crop"
    model.ties.append(Tie("segment", "multiple", cast(Value[object], crop), hop, "crash", because))


def _losses(model: Model, root: Cursor, rate: Value[int] | None) -> None:
    if root["use_mel_loss"].value is True:
        because = "the mel loss takes the waveform to have this rate"
        equal(model, known(root["mel_loss_params"]["fs"]), rate, because, "silent")
        stft_loss(model, root["mel_loss_params"])
    if root["use_stft_loss"].value is True:
        stft_loss(model, root["stft_loss_params"])
