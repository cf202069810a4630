"""ParallelWaveGAN and its sisters (kan-bayashi/ParallelWaveGAN): vocoders of all its generator types."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import prod

from rflint.coverage import centred, same
from rflint.dialects.analysis import Analysis, known
from rflint.dialects.base_configs import Layered
from rflint.dialects.generators import decoder
from rflint.dialects.melgans import StyleMelGAN, interpolation, melgan, style_melgan
from rflint.dialects.pwg_family import (
    LENGTHS,
    PQMF_TAPS,
    TWICE,
    generator,
    hifigan_of,
    mel_loss,
    melgan_shape,
    parallel_wavegan,
    reversed_order,
    rounded_crop,
    stft_loss,
    style_noise,
)
from rflint.dialects.pwg_forks import FORKED, Built
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stack, Stage, Tie, declared

NAME, TITLE = "pwg", "ParallelWaveGAN vocoders (generator_type, generator_params)"
SCHEMA, LOADER = "pwg", "pyyaml"

DEFAULT_TYPE = "ParallelWaveGANGenerator"  # bin/train.py, main
MELGAN_SCALES = [8, 8, 2, 2]  # models/melgan.py, MelGANGenerator
STYLE_SCALES = [2, 2, 2, 2, 2, 2, 2, 2, 1]  # models/style_melgan.py, StyleMelGANGenerator
VQVAE_SCALES = [4, 4, 2, 2]  # models/vqvae.py, encoder_conf and decoder_conf
ENCODER_KERNELS = [5, 3]  # models/melgan.py, MelGANDiscriminator, which is the encoder of VQVAE


def recognise(root: Cursor) -> bool:
    params = root["generator_params"]
    if not params.is_mapping() or any(root.has(key) for key in ("batch_length", "analyzer", "fs", "audio_sample_rate")):
        return False
    scales = params.has("upsample_scales") or params["upsample_params"].has("upsample_scales")
    if scales and (root.has("frontend_params", "crop_max_frames") or root.has("base_config", "discriminator_params")):
        return True  # CTX-vec2wav, whose script gives the hop; NATSpeech and its relatives, whose base does
    analysed = root.has("sampling_rate") or root.has("hop_size")
    return (root.has("batch_max_steps") and analysed) or (root.has("hop_size") and scales)


def read(root: Cursor) -> Iterator[Model]:
    files = Layered(root)
    rate = files["sampling_rate"] if files["sampling_rate"].exists else files["audio_sample_rate"]
    analysis = Analysis.read(rate, files["hop_size"], files["win_length"], files["fft_size"])
    kind = generator_type(root)
    model = Model(NAME, kind, sample_rate=analysis.rate)
    _features(model, root, analysis, kind)
    with model.deriving("decoder"):
        if kind == "VQVAE":
            _vqvae(model, root, analysis)
        elif kind in GENERATORS:
            _vocoder(model, root, analysis, GENERATORS[kind], TWICE)
        elif kind in FORKED:
            _vocoder(model, root, analysis, FORKED[kind])
        else:
            raise NotComputable(f"the generator type {kind} is not known", root["generator_type"].where)
    _losses(model, root, analysis)
    yield model


def generator_type(root: Cursor) -> str:
    """The class that is built; where a file does not name it, the one that takes the keywords it gives."""
    params = root["generator_params"]
    if root["generator_type"].given:
        return str(root["generator_type"].value)
    if not params.has("upsample_scales"):
        return DEFAULT_TYPE
    if params.has("noise_upsample_scales"):
        return "StyleMelGANGenerator"
    return "HiFiGANGenerator" if params.has("upsample_kernel_sizes") else "MelGANGenerator"


# -- generators ---------------------------------------------------------------------------------------------------


def _vocoder(
    model: Model, root: Cursor, analysis: Analysis, build: Callable[[Model, Cursor, Cursor], Built], kernels: str = ""
) -> None:
    """``kernels`` is what the class asks of `upsample_kernel_sizes`."""
    params = root["generator_params"]
    stages, scales = build(model, root, params)
    taps = root["pqmf_params"]["taps"].int(PQMF_TAPS).value
    stages, parts = generator(stages, scales, bands=params["out_channels"].int(1), taps=taps)
    because = kernels if params.has("upsample_kernel_sizes") else ""
    model.stacks.append(decoder("generator", stages, analysis.frame_rate, parts, because))
    made = prod(factor for part in parts for factor in part.terms)
    analysis.inverted(model, LENGTHS, "crash", _at_another_rate(root, analysis, made))


def _at_another_rate(root: Cursor, analysis: Analysis, made: int) -> Fraction | None:
    """The hop at the output's rate, where features of another rate are extended in bandwidth (issue 397)."""
    features = known(root["sampling_rate_for_feats"])
    if features is None or analysis.rate is None or analysis.hop is None:
        return None
    extended = Fraction(analysis.hop.value * analysis.rate.value, features.value)
    return extended if made == extended else None


def _parallel_wavegan(model: Model, root: Cursor, params: Cursor) -> Built:
    return parallel_wavegan(params)


def _melgan(model: Model, root: Cursor, params: Cursor) -> Built:
    scales = params["upsample_scales"].ints(MELGAN_SCALES)
    return melgan(scales, melgan_shape(params)), scales


def _hifigan(model: Model, root: Cursor, params: Cursor) -> Built:
    stages, lists = hifigan_of(model, params, is_causal=params["use_causal_conv"].bool(False).value)
    return stages, lists.rates


def _uhifigan(model: Model, root: Cursor, params: Cursor) -> Built:
    """The way up from the features; an excitation comes down beside it and joins at every scale."""
    because = "the excitation joins the generator at every scale (models/uhifigan.py)"
    reversed_order(model, params["downsample_scales"], params["upsample_scales"], because)
    return _hifigan(model, root, params)


def _style_melgan(model: Model, root: Cursor, params: Cursor) -> Built:
    scales = params["upsample_scales"].ints(STYLE_SCALES)
    mode = params["upsample_mode"].str("nearest").value
    shape = StyleMelGAN(params["kernel_size"].int(9).value, params["dilation"].int(2).value, interpolation(mode))
    style_noise(model, params, known(root["batch_max_steps"]), scales)
    return style_melgan(scales, shape), scales


GENERATORS: dict[str, Callable[[Model, Cursor, Cursor], Built]] = {
    "ParallelWaveGANGenerator": _parallel_wavegan,
    "MelGANGenerator": _melgan,
    "HiFiGANGenerator": _hifigan,
    "DiscreteSymbolHiFiGANGenerator": _hifigan,
    "DiscreteSymbolDurationGenerator": _hifigan,
    "UHiFiGANGenerator": _uhifigan,
    "StyleMelGANGenerator": _style_melgan,
    "DiscreteSymbolStyleMelGANGenerator": _style_melgan,
}


# -- VQVAE --------------------------------------------------------------------------------------------------------


def _vqvae(model: Model, root: Cursor, analysis: Analysis) -> None:
    """A MelGAN discriminator as the encoder, a codebook, a MelGAN generator as the decoder; the hop plays no part."""
    params = root["generator_params"]
    down = params["encoder_conf"]["downsample_scales"].ints(VQVAE_SCALES)
    up = params["decoder_conf"]["upsample_scales"].ints(VQVAE_SCALES)
    bands = params["out_channels"].int(1)
    factor = prod(down.value) * bands.value
    if factor < 1:
        raise NotComputable("a factor below 1 makes no samples", down.where or bands.where)
    rate = analysis.sample_rate / factor if analysis.sample_rate else None
    taps = root["pqmf_params"]["taps"].int(PQMF_TAPS).value
    stages, parts = generator(melgan(up, melgan_shape(params["decoder_conf"])), up, bands=bands, taps=taps)
    model.stacks.append(decoder("decoder", stages, rate, parts))
    strides = Value(factor, down.where or up.where, "derived")
    because = "the decoder gives back as many samples as the encoder took"
    model.claims.append(declared("upsampling", strides, "samples", stack="decoder", outcome="crash", because=because))
    if params["in_channels"].int(1).value == 1:
        model.stacks.append(_encoder(params["encoder_conf"], down, analysis.sample_rate))


def _encoder(conf: Cursor, scales: Value[list[int]], rate: Fraction | None) -> Stack:
    """MelGANDiscriminator: a convolution, strided ones of kernel 10·stride + 1, two convolutions."""
    kernels = conf["kernel_sizes"].ints(ENCODER_KERNELS)
    if len(kernels.value) != 2:
        raise NotComputable("MelGANDiscriminator asserts two kernel sizes", kernels.where)
    steps = enumerate(scales.value)
    strided = [Stage(f"downsample.{index}", centred(10 * scale + 1, scale), scales.where) for index, scale in steps]
    first, last = kernels.value
    outer = (
        Stage("conv_pre", same(prod(kernels.value))),
        Stage("conv", centred(first)),
        Stage("conv_post", centred(last)),
    )
    factors = [Factor(scales.key or "downsample_scales", tuple(scales.value), scales.where)]
    return Stack("encoder", "encoder", [outer[0], *strided, *outer[1:]], input_rate=rate, factors=factors)


# -- features and losses ------------------------------------------------------------------------------------------


def _features(model: Model, root: Cursor, analysis: Analysis, kind: str) -> None:
    rate = known(root["sampling_rate_for_feats"]) or analysis.rate
    analysis.lasting(model, analysis.hop, "step")
    at_rate = analysis._replace(rate=rate, hop=None)
    if kind in GENERATORS or kind == "VQVAE":
        at_rate.describe(model, "torch and librosa refuse a window longer than the FFT")
        at_rate.below_nyquist(model, root["fmax"])
    else:  # forks bring features of their own: nnsvs trains HnSincNSF on WORLD's, and never reads window or FFT
        at_rate.lasting(model, analysis.window, "window")
        at_rate.lasting(model, analysis.fft, "window")
    if kind != "VQVAE":
        because = "the collater rounds the crop down to whole frames (bin/train.py, Collater)"
        rounded_crop(model, analysis, known(root["batch_max_steps"]), because)
    if "Discrete" in kind or kind == "VQVAE":
        return
    if rate is analysis.rate:
        if kind in GENERATORS or analysis.fft is not None:
            with model.deriving("analysis"):
                analysis.frontend(model)
        analysis.exchanged(model, "takes", known(root["num_mels"]), centred=True)
    elif analysis.hop is not None and rate is not None and analysis.rate is not None:
        exact = Fraction(analysis.hop.value * rate.value, analysis.rate.value)
        hop: Value[object] = Value(exact, analysis.hop.where, "derived")
        used: Value[object] = Value(int(exact), None, "derived")
        because = "bin/preprocess.py asserts that hop_size · sampling_rate_for_feats / sampling_rate is whole"
        model.ties.append(Tie("rounding", "equal", hop, used, "crash", because))


def _losses(model: Model, root: Cursor, analysis: Analysis) -> None:
    used = root["use_mel_loss"].value is True
    mel_loss(model, root["mel_loss_params"], analysis.rate, used)
    if root["use_stft_loss"].value is not False:
        stft_loss(model, root["stft_loss_params"])
    if root["use_subband_stft_loss"].value is True:
        stft_loss(model, root["subband_stft_loss_params"])
