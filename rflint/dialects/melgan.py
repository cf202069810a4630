"""MelGAN of seungwonpark and VocGAN of rishikksh20: several YAML documents in one file, which the loader merges."""

from __future__ import annotations

from collections.abc import Iterator

from rflint.dialects.analysis import Analysis, known
from rflint.dialects.generators import decoder
from rflint.dialects.melgans import MelGAN, melgan
from rflint.dialects.pwg_family import generator
from rflint.documents import Cursor, Value
from rflint.model import Model, Tie, declared

NAME, TITLE = "melgan", "MelGAN (seungwonpark) and VocGAN (audio, model)"
SCHEMA, LOADER = "melgan", "omegaconf"
MERGES_DOCUMENTS = True

RATIOS = [8, 8, 2, 2]  # seungwonpark/melgan model/generator.py, Generator
SKIPS = 6  # rishikksh20/VocGAN model/generator.py, VOCGenerator: ratios[0] to ratios[5]
RESIDUAL_LAYERS = 4  # rishikksh20/VocGAN config/default.yaml; the class has no default


def recognise(root: Cursor) -> bool:
    model = _section(root, "model")
    return root["audio"].has("segment_length", "n_mel_channels") and (model.has("feat_match") or model.has("num_D"))


def _section(root: Cursor, key: str) -> Cursor:
    """A section of the merged documents: the last document that has it decides."""
    found = [Cursor(document)[key] for document in root.document.stream if Cursor(document).has(key)]
    return found[-1] if found else root[key]


def read(root: Cursor) -> Iterator[Model]:
    audio, net = root["audio"], _section(root, "model")
    analysis = Analysis.read(audio["sampling_rate"], audio["hop_length"], audio["win_length"], audio["filter_length"])
    vocgan = net.has("generator_ratio")
    model = Model(NAME, "vocgan" if vocgan else "melgan", sample_rate=analysis.rate)
    analysis.describe(model)
    analysis.below_nyquist(model, audio["mel_fmax"])
    # The loader takes two frames more than whole hops and cuts the output (datasets/dataloader.py): any crop will do.
    for key in ("segment_length", "pad_short"):
        analysis.lasting(model, known(audio[key]))
    analysis.exchanged(model, "takes", known(audio["n_mel_channels"]), centred=True)
    with model.deriving("analysis"):
        analysis.frontend(model)
    with model.deriving("decoder"):
        if vocgan:
            _vocgan(model, net, analysis)
        else:
            _melgan(model, analysis)
    yield model


def _melgan(model: Model, analysis: Analysis) -> None:
    stages, parts = generator(melgan(Value(RATIOS, None, "framework default"), MelGAN()), Value(RATIOS))
    model.stacks.append(decoder("generator", stages, analysis.frame_rate, parts))
    if analysis.hop is not None:
        because = "the strides 8, 8, 2, 2 stand in model/generator.py"
        claim = declared("upsampling", analysis.hop, "samples", stack="decoder", outcome="crash", because=because)
        model.claims.append(claim._replace(topic="fixed"))


def _vocgan(model: Model, net: Cursor, analysis: Analysis) -> None:
    ratios = net["generator_ratio"].ints()
    because = "the generator has six stages, and skips of factors 32, 64, 128 and 256 join the last four"
    left: Value[object] = Value(list(ratios.value), ratios.where)
    model.ties.append(Tie("lists", "same length", left, Value(SKIPS, None, "derived"), "crash", because))
    shape = MelGAN(stacks=net["n_residual_layers"].int(RESIDUAL_LAYERS).value)
    stages, parts = generator(melgan(ratios, shape), ratios, bands=net["out_channels"].int(1))
    model.stacks.append(decoder("generator", stages, analysis.frame_rate, parts))
    analysis.inverted(model, because)
