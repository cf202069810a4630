"""StyleTTS 2 (yl4579/StyleTTS2): a decoder at half the mel's rate, then a HiFi-GAN or iSTFTNet generator."""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import (
    Layer,
    Mixer,
    Parallel,
    Sequence as Chain,
    centred,
    nearest,
    transposed,
    transposed_even,
    transposed_pwg,
)
from rflint.dialects import flat_hifigan as flat
from rflint.dialects.analysis import Analysis, known
from rflint.dialects.generators import (
    REFLECTION_PAD,
    Lists,
    Shape,
    body,
    decoder,
    factors,
    inverse_sizes,
    inverse_stft,
    post,
)
from rflint.documents import Cursor, Value
from rflint.model import Factor, Model, Stage

NAME, TITLE = "styletts2", "StyleTTS 2 (model_params.decoder)"
SCHEMA, LOADER = "styletts2", "pyyaml"

READS = 3  # Modules/hifigan.py and Modules/istftnet.py, AdaINResBlock1
TYPES = ("hifigan", "istftnet")
PRODUCT = "the crops are cut to frames x 300 samples (train_first.py, train_second.py), the mel's hop (meldataset.py)"
NORM = Mixer("AdaIN")
"""Adaptive instance normalisation takes mean and variance over the whole input."""


def recognise(root: Cursor) -> bool:
    return root["model_params"]["decoder"]["type"].value in TYPES


def read(root: Cursor) -> Iterator[Model]:
    params, config = root["preprocess_params"], root["model_params"]["decoder"]
    sizes = params["spect_params"]
    analysis = Analysis.read(params["sr"], sizes["hop_length"], sizes["win_length"], sizes["n_fft"])
    model = Model(NAME, sample_rate=analysis.rate)
    analysis.describe(model)
    analysis.frontend(model)
    for frames in (root["max_len"], root["slmadv_params"]["max_len"]):
        analysis.framed(model, known(frames))
    with model.deriving("decoder"):
        lists = flat.read_lists(model, config)
        stages, hop = generator(model, config, lists)
        parts = factors(lists, hop)
        rate = analysis.frame_rate
        half = rate / 2 if rate is not None else None
        model.stacks.append(decoder("decoder", [*adain_decoder(), *stages], half, [*parts, Factor("", (2,))]))
        model.stacks.append(decoder("generator", stages, rate, parts))
        analysis.inverted(model, PRODUCT)
    yield model


def generator(model: Model, config: Cursor, lists: Lists) -> tuple[list[Stage], Value[int] | None]:
    """The generator without pre-convolution, whose blocks normalise over time; with the hop of its inverse STFT, if any."""
    shape = Shape(reads=READS, activation=(NORM,), pre=0)
    if config["type"].value == "hifigan":
        shape = shape._replace(upsampler=transposed_pwg)
        return [*body(lists, shape), *post(Shape())], None
    shape = shape._replace(upsampler=transposed_even, before_blocks=(REFLECTION_PAD,))
    fft, hop = inverse_sizes(model, config["gen_istft_n_fft"], config["gen_istft_hop_size"])
    return [*body(lists, shape), *inverse_stft(fft, hop, Shape(), padded=False)], hop


def adain_decoder() -> list[Stage]:
    """One block, three more, and one that doubles the frames (Modules/hifigan.py, Decoder)."""
    double = Parallel((Chain((NORM, transposed(3, 2, 1, 1), centred(3), NORM, centred(3))), nearest(2)))
    plain: Layer = Parallel((Chain((NORM, centred(3), NORM, centred(3))), Chain()))
    return [Stage("encode", plain), *(Stage(f"decode.{index}", plain) for index in range(3)), Stage("decode.3", double)]
