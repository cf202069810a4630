"""StyleTTS 2 (yl4579/StyleTTS2): a decoder at half the mel's rate, then a HiFi-GAN or iSTFTNet generator.

As LightningCLI (hanshounsu/styletts2_pl) the decoder's class is named, and the mel is that of the code.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

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
from rflint.dialects.codec_facts import tie
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
FFT, WINDOW, HOP = 2048, 1200, 300  # meldataset.py, to_mel
PRODUCT = "the crops are cut to frames x 300 samples (train_first.py, train_second.py), the mel's hop (meldataset.py)"
NORM = Mixer("AdaIN")
"""Adaptive instance normalisation takes mean and variance over the whole input."""


def recognise(root: Cursor) -> bool:
    return root["model_params"]["decoder"]["type"].value in TYPES or _by_class(root) is not None


def _by_class(root: Cursor) -> str | None:
    """The generator that a decoder's class has, where LightningCLI names it."""
    name = root["model"]["decoder"]["class_path"].value
    return next((kind for kind in TYPES if name == f"Modules.{kind}.Decoder"), None)


def read(root: Cursor) -> Iterator[Model]:
    kind = _by_class(root)
    if kind is not None:
        config = root["model"]["decoder"]["init_args"]
        sizes = (Value(size, None, "framework default") for size in (HOP, WINDOW, FFT))
        yield _model(root["model"], config, kind, Analysis(known(root["model"]["sr"]), *sizes))
        return
    params, config = root["preprocess_params"], root["model_params"]["decoder"]
    keys = (params["spect_params"][key] for key in ("hop_length", "win_length", "n_fft"))
    yield _model(root, config, str(config["type"].value), Analysis.read(params["sr"], *keys))


def _model(root: Cursor, config: Cursor, kind: str, analysis: Analysis) -> Model:
    model = Model(NAME, sample_rate=analysis.rate)
    analysis.describe(model)
    analysis.frontend(model)
    for frames in (root["max_len"], root["slmadv_params"]["max_len"]):
        analysis.framed(model, known(frames))
    with model.deriving("decoder"):
        lists = flat.read_lists(model, config)
        stages, hop = generator(model, config, lists, kind)
        parts = factors(lists, hop)
        rate = analysis.frame_rate
        half = rate / 2 if rate is not None else None
        model.stacks.append(decoder("decoder", [*adain_decoder(), *stages], half, [*parts, Factor("", (2,))]))
        model.stacks.append(decoder("generator", stages, rate, parts))
        if analysis.hop is not None and analysis.hop.where is None:
            made = Value(prod(term for part in parts for term in part.terms), lists.rates.where, "derived")
            tie(model, "upsampling", "equal", made, analysis.hop, "crash", PRODUCT)
        else:
            analysis.inverted(model, PRODUCT)
    return model


def generator(model: Model, config: Cursor, lists: Lists, kind: str) -> tuple[list[Stage], Value[int] | None]:
    """The generator without pre-convolution, whose blocks normalise over time; with the hop of its inverse STFT, if any."""
    shape = Shape(reads=READS, activation=(NORM,), pre=0)
    if kind == "hifigan":
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
