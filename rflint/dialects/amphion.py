"""Amphion (open-mmlab/Amphion): vocoders, VITS, singing voice conversion, in JSON with `base_config` chains."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import prod
from typing import cast

from rflint.coverage import Layer, Sequence as Chain, centred, istft
from rflint.dialects.analysis import Analysis, known
from rflint.dialects.base_configs import merged_with_bases
from rflint.dialects.generators import (
    Lists,
    agree,
    anti_aliased,
    arity,
    block1,
    decoder,
    factors,
    fusion,
    hifigan,
    hifigan_shape,
    source_fits,
)
from rflint.dialects.melgans import MelGAN, melgan
from rflint.dialects.pwg_family import generator
from rflint.dialects.vocos_stacks import convnext, istft_head
from rflint.dialects.wavenets import diffwave
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Dead, Factor, Model, Stage, Tie, declared

NAME, TITLE = "amphion", "Amphion (base_config, preprocess, model.generator)"
SCHEMA, LOADER = "amphion", "json"

NAMES = ("upsample_rates", "upsample_kernel_sizes", "resblock_kernel_sizes", "resblock_dilation_sizes")
VOCOS_FFT, VOCOS_HOP, VOCOS_LAYERS, VOCOS_PADDING = 800, 200, 8, "same"  # models/codec/amphion_codec/vocos.py, Vocos
MELGAN_RATIOS, MELGAN_LAYERS = [8, 8, 2, 2], 3  # config of egs/vocoder/gan/melgan; the class has no defaults
CONTENT = {"whisper": "whisper_downsample_rate", "contentvec": "", "wenet": "wenet_downsample_rate"}
"""Content features of singing voice conversion, and the key of what their frames are thinned by."""

LENGTHS = "the losses compare the output with cut_mel_frame frames of hop_size samples"


def recognise(root: Cursor) -> bool:
    preprocess, net = root["preprocess"], root["model"]
    inherits = isinstance(root["base_config"].value, str)
    if not preprocess.is_mapping():
        return inherits and isinstance(net["generator"].value, str)
    built = isinstance(net["generator"].value, str) or net["vocos"].is_mapping() or net.has("upsample_rates")
    content = any(preprocess.has(f"{name}_frameshift") for name in CONTENT) or preprocess.has("mert_hop_size")
    framed = preprocess.has("sample_rate", "hop_size")
    analysed = framed and (preprocess.has("n_fft") or preprocess.has("win_size"))
    named = root.has("task_type") or root.has("model_type")
    coded = framed and root["codec"].has("strides")
    return inherits or content or coded or (built and (analysed or named)) or (analysed and named)


def read(root: Cursor) -> Iterator[Model]:
    root = merged_with_bases(root)
    analysis = Analysis.read(*(root["preprocess"][key] for key in ("sample_rate", "hop_size", "win_size", "n_fft")))
    kind = root["model"]["generator"].value
    model = Model(NAME, kind if isinstance(kind, str) else "", sample_rate=analysis.rate)
    # What its bases say is checked where they are checked as files of their own.
    Analysis(*(value if _is_own(root, value) else None for value in analysis)).describe(model)
    _content(model, root, analysis)
    with model.deriving("codec"):
        _codec(model, root["codec"], analysis)
    with model.deriving("analysis"):
        analysis.frontend(model, center=False)  # utils/mel.py, extract_mel_features
    with model.deriving("decoder"):
        _decoder(model, root, analysis)
    misspelt = root["model"]["mpd"]["discriminator_channel_multi"]
    if misspelt.exists and misspelt.where.document.name == root.document.name:
        because = "the discriminator reads discriminator_channel_mult_factor"
        model.dead.append(Dead(misspelt.literal(), None, because))
    yield model


def _is_own(root: Cursor, value: Value[int] | None) -> bool:
    return value is not None and value.where is not None and value.where.document.name == root.document.name


# -- decoders -----------------------------------------------------------------------------------------------------


def _decoder(model: Model, root: Cursor, analysis: Analysis) -> None:
    net, bands = root["model"], known(root["preprocess"]["n_mel"])
    if net["vocos"].is_mapping():
        _vocos(model, net["vocos"], analysis)
    elif net["upsample_rates"].exists:
        _vits(model, root, analysis, net, "hifigan")
    elif net["generator_config"].is_mapping():
        name = net["generator"].str().value
        _vits(model, root, analysis, net["generator_config"][name], name)
    elif net["generator"].given:
        crop = known(root["preprocess"]["cut_mel_frame"])
        analysis.framed(model, crop if _is_own(root, crop) else None)
        analysis.exchanged(model, "takes", bands)
        name = net["generator"].str().value
        _build(model, name, net[name], analysis)
    else:
        analysis.exchanged(model, "gives", bands)


def _vits(model: Model, root: Cursor, analysis: Analysis, params: Cursor, name: str) -> None:
    because = "the model makes segment_size // hop_size frames and compares them with segment_size samples"
    crop = known(root["preprocess"]["segment_size"])
    if _is_own(root, crop) or _is_own(root, analysis.hop):
        analysis.cropped(model, crop, "crash", because)
    _build(model, name, params, analysis)


def _build(model: Model, name: str, params: Cursor, analysis: Analysis) -> None:
    if name not in BUILDERS:
        raise NotComputable(f"the generator {name} is not known", params.where)
    if not params.is_mapping():
        raise NotComputable(f"the file has no parameters of the generator {name}", params.where)
    stages, parts = BUILDERS[name](model, params, analysis)
    model.stacks.append(decoder(name, stages, analysis.frame_rate, parts))
    analysis.inverted(model, LENGTHS)


Built = tuple[list[Stage], list[Factor]]


def _lists(model: Model, params: Cursor) -> Lists:
    agree(model, params, *NAMES)
    return Lists.read(params, *NAMES)


def _block_type(params: Cursor) -> str:
    """The classes ask for the text "1"; anything else gives the other block (models/vocoders/gan/generator)."""
    return "1" if params["resblock"].value == "1" else "2"


def _hifigan(model: Model, params: Cursor, analysis: Analysis) -> Built:
    lists, shape = _lists(model, params), hifigan_shape(_block_type(params))
    arity(model, lists, shape.reads or 0, "the residual block")
    return hifigan(lists, shape), factors(lists)


def _bigvgan(model: Model, params: Cursor, analysis: Analysis) -> Built:
    lists = _lists(model, params)
    shape = hifigan_shape(_block_type(params))._replace(activation=(anti_aliased(),))
    return hifigan(lists, shape), factors(lists)


def _nsf(model: Model, params: Cursor, analysis: Analysis) -> Built:
    stages, parts = _hifigan(model, params, analysis)
    because = "source and generator are cut to the shorter of the two, stage by stage (nsfhifigan.py)"
    source_fits(model, Lists.read(params, *NAMES), "silent", because)
    return stages, parts


def _melgan(model: Model, params: Cursor, analysis: Analysis) -> Built:
    ratios = params["ratios"].ints(MELGAN_RATIOS)
    shape = MelGAN(stacks=params["n_residual_layers"].int(MELGAN_LAYERS).value)
    return generator(melgan(ratios, shape), ratios, key="ratios")


def _diffwave(model: Model, params: Cursor, analysis: Analysis) -> Built:
    given = params["upsample_factors"].ints()
    used = Value(given.value[:2], given.where)  # diffwave.py, SpectrogramUpsampler
    two: Value[object] = Value(2, None, "derived")
    because = "SpectrogramUpsampler has two transposed convolutions"
    model.ties.append(Tie("lists", "same length", cast(Value[object], given), two, "crash", because))
    layers, cycle = params["residual_layers"].int(), params["dilation_cycle_length"].int()
    stages = diffwave(used, layers.value, cycle.value)
    return stages, [Factor(used.key, tuple(used.value), used.where)]


def _apnet(model: Model, params: Cursor, analysis: Analysis) -> Built:
    """Amplitude and phase by residual blocks at the frame rate, then the inverse STFT of the analysis (apnet.py)."""
    window = analysis.window or analysis.fft
    if analysis.hop is None or window is None:
        raise NotComputable("the analysis is not known", params.where)
    paths = [_apnet_path(params, part) for part in ("ASP", "PSP")]
    trim = max(window.value - analysis.hop.value, 0) // 2
    head = istft(window.value, analysis.hop.value, trim=trim)
    stages = [Stage("amplitude and phase", fusion(paths), params.where), Stage("istft", head, analysis.hop.where)]
    return stages, [Factor(analysis.hop.key, (analysis.hop.value,), analysis.hop.where)]


def _apnet_path(params: Cursor, part: str) -> Layer:
    kernels, dilations = (
        params[f"{part}_resblock_kernel_sizes"].ints(),
        params[f"{part}_resblock_dilation_sizes"].lists(),
    )
    blocks = [block1(kernel, rates[:3]) for kernel, rates in zip(kernels.value, dilations.value, strict=False)]
    last = "ASP_output_conv_kernel_size" if part == "ASP" else "PSP_output_R_conv_kernel_size"
    first = centred(params[f"{part}_input_conv_kernel_size"].int().value)
    return Chain((first, fusion(blocks), centred(params[last].int().value)))


BUILDERS: dict[str, Callable[[Model, Cursor, Analysis], Built]] = {
    "hifigan": _hifigan,
    "bigvgan": _bigvgan,
    "nsfhifigan": _nsf,
    "melgan": _melgan,
    "diffwave": _diffwave,
    "apnet": _apnet,
}


def _vocos(model: Model, params: Cursor, analysis: Analysis) -> None:
    analysis.exchanged(model, "takes", known(params["input_channels"]))
    fft, hop = params["n_fft"].int(VOCOS_FFT), params["hop_size"].int(VOCOS_HOP)
    head = istft_head(fft.value, hop.value, params["padding"].str(VOCOS_PADDING).value)
    stages = [*convnext(params["num_layers"].int(VOCOS_LAYERS)), Stage("head", head, hop.where)]
    parts = [Factor(hop.key or "hop_size", (hop.value,), hop.where)]
    model.stacks.append(decoder("vocos", stages, analysis.frame_rate, parts))
    if analysis.hop is not None:
        because = "the head gives hop_size samples for every frame of the features"
        claim = declared("upsampling", analysis.hop, "samples", stack="decoder", outcome="crash", because=because)
        model.claims.append(claim)


# -- content features ---------------------------------------------------------------------------------------------


def _content(model: Model, root: Cursor, analysis: Analysis) -> None:
    """Frame steps of content features, in whole samples at the output's rate (processors/content_extractor.py)."""
    preprocess, rate = root["preprocess"], analysis.rate
    for name, thinned in CONTENT.items():
        shift = preprocess[f"{name}_frameshift"]
        if rate is None or not shift.given or shift.where.document.name != root.document.name:
            continue
        with model.deriving(f"{name}_frameshift"):
            times = preprocess[thinned].int(1).value if thinned else 1
            exact = shift.number().value * times * rate.value
            left: Value[object] = Value(exact, shift.where, "derived")
            because = "AudioPretrainedModelFeaturesExtractor cuts the step to whole samples"
            model.ties.append(Tie("rounding", "equal", left, Value(int(exact), None, "derived"), "silent", because))
    shift = preprocess.first("mert_frameshift", "mert_frameshit")
    if shift.given and shift.where.document.name == root.document.name:
        with model.deriving("mert"):
            _mert(model, preprocess, shift)


def _codec(model: Model, codec: Cursor, analysis: Analysis) -> None:
    """Pitch and durations are cut at the hop of the analysis and laid beside the codec's frames (tts/naturalspeech2)."""
    rate = known(codec["sample_rate"]) or analysis.rate
    if not codec["strides"].exists or analysis.hop is None or analysis.rate is None or rate is None:
        return
    strides = codec["strides"].ints()
    step = Value(Fraction(prod(strides.value) * analysis.rate.value, rate.value), strides.where, "derived")
    because = "pitch and durations of every hop_size samples are laid beside the codec's frames"
    model.ties.append(
        Tie("frames", "equal", cast(Value[object], analysis.hop), cast(Value[object], step), "silent", because)
    )


def _mert(model: Model, preprocess: Cursor, shift: Cursor) -> None:
    """MERT's step is declared twice: in samples of its own rate, and in seconds (under a misspelt key in shipped files)."""
    seconds = shift.number()
    if shift.key == "mert_frameshit":
        because = "the extractor reads mert_frameshift (processors/content_extractor.py)"
        model.dead.append(Dead(cast(Value[object], seconds), None, because))
    hop, rate = known(preprocess["mert_hop_size"]), known(preprocess["mert_sample_rate"])
    if hop is not None and rate is not None:
        step: Value[object] = Value(seconds.value * rate.value, shift.where, "derived")
        because = "features are extracted at the one step and aligned at the other"
        model.ties.append(Tie("frames", "equal", step, cast(Value[object], hop), "silent", because))
