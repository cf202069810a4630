"""SpeechBrain vocoders: HiFi-GAN, unit HiFi-GAN and DiffWave recipes (HyperPyYAML)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from rflint.dialects.analysis import Analysis, known
from rflint.dialects.generators import Lists, agree, arity, decoder, factors, hifigan, hifigan_shape
from rflint.dialects.wavenets import diffwave
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Tie, declared

NAME, TITLE = "speechbrain/vocoder", "SpeechBrain vocoders (HifiganGenerator, DiffWave)"
SCHEMA, LOADER = "speechbrain_vocoder", "ruamel"

HIFIGAN = ("HifiGAN.HifiganGenerator", "HifiGAN.UnitHifiganGenerator")
DIFFWAVE = "DiffWave.DiffWave"
DIFFWAVE_UPSAMPLING = [16, 16]  # speechbrain/lobes/models/DiffWave.py, SpectrogramUpsampler
NAMES = ("upsample_factors", "upsample_kernel_sizes", "resblock_kernel_sizes", "resblock_dilation_sizes")


def recognise(root: Cursor) -> bool:
    return root.has("upsample_factors", "resblock_type") or _network(root) is not None


def _network(root: Cursor) -> Cursor | None:
    """The network that is built at the top of the file, by its tag."""
    if not root.is_mapping() or not root.document.has_tags:
        return None
    tags = ((cursor, cursor.tag or "") for cursor in root)
    return next(
        (cursor for cursor, tag in tags if tag.startswith("!new:") and tag.endswith((*HIFIGAN, DIFFWAVE))), None
    )


def read(root: Cursor) -> Iterator[Model]:
    network = _network(root)
    is_diffwave = network is not None and (network.tag or "").endswith(DIFFWAVE)
    unit = root["code_hop_size"].exists
    analysis = _analysis(root, "spec_" if root.has("spec_hop_length") else "")
    model = Model(NAME, "diffwave" if is_diffwave else "unit_hifigan" if unit else "hifigan", sample_rate=analysis.rate)
    analysis.describe(model)
    if not unit:
        with model.deriving("analysis"):
            analysis.frontend(model)
        analysis.exchanged(model, "takes", known(root.first("n_mel_channels", "spec_n_mels")), centred=True)
    with model.deriving("decoder"):
        if is_diffwave:
            _diffwave(model, cast(Cursor, network), analysis)
        else:
            _hifigan(model, root, root if network is None else network, analysis)
    analysis.lasting(model, known(root["segment_size"]))
    yield model


def _analysis(root: Cursor, prefix: str) -> Analysis:
    return Analysis.read(
        root["sample_rate"], root[f"{prefix}hop_length"], root[f"{prefix}win_length"], root[f"{prefix}n_fft"]
    )


def _hifigan(model: Model, root: Cursor, params: Cursor, analysis: Analysis) -> None:
    """Units come every code_hop_size samples; the hop then belongs to the mel loss alone."""
    agree(model, params, *NAMES)
    lists = Lists.read(params, *NAMES)
    shape = hifigan_shape("1" if params["resblock_type"].value == "1" else "2")
    arity(model, lists, shape.reads or 0, "the residual block")
    step = known(root["code_hop_size"]) if root["code_hop_size"].exists else analysis.hop
    rate = analysis._replace(hop=step).frame_rate
    because = "the recipe cuts the output to the length of the recording"
    model.stacks.append(decoder("generator", hifigan(lists, shape), rate, factors(lists), because, "repaired"))
    if step is None:
        return
    because = "the generator gives one hop of samples for every frame"
    model.claims.append(declared("upsampling", step, "samples", stack="decoder", outcome="crash", because=because))
    crop = known(root["segment_size"])
    if root["code_hop_size"].exists and crop is not None:
        left, right = (cast(Value[object], side) for side in (crop, step))
        because = "the crop is cut together with its units (LJSpeech and LibriTTS hifigan_discrete train.py)"
        model.ties.append(Tie("segment", "multiple", left, right, "crash", because))


def _diffwave(model: Model, network: Cursor, analysis: Analysis) -> None:
    layers, cycle = network["residual_layers"].int(), network["dilation_cycle_length"].int()
    if network["unconditional"].bool(False).value:
        raise NotComputable("an unconditional model takes no frames", network["unconditional"].where)
    factors_ = Value(DIFFWAVE_UPSAMPLING, None, "framework default")
    stages = diffwave(factors_, layers.value, cycle.value)
    parts = [Factor("factors", tuple(DIFFWAVE_UPSAMPLING))]
    model.stacks.append(decoder("diffwave", stages, analysis.frame_rate, parts))
    if analysis.hop is not None:
        because = "the spectrogram upsampler has strides 16 and 16 (speechbrain/lobes/models/DiffWave.py)"
        claim = declared("upsampling", analysis.hop, "samples", stack="decoder", outcome="crash", because=because)
        model.claims.append(claim._replace(topic="fixed"))
