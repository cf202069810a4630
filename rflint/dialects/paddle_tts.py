"""PaddleSpeech text-to-speech: vocoders, VITS, JETS, and acoustic models that declare only their analysis."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod

from rflint.coverage import istft
from rflint.dialects.analysis import Analysis, equal, known
from rflint.dialects.generators import REFLECTION_PAD, Lists, decoder, default_lists
from rflint.dialects.melgans import StyleMelGAN, interpolation, melgan, style_melgan
from rflint.dialects.pwg_family import (
    LENGTHS,
    PQMF_TAPS,
    TWICE,
    generator,
    hifigan_of,
    mel_loss,
    melgan_shape,
    rounded_crop,
    stft_loss,
    style_noise,
)
from rflint.dialects.wavenets import Net, parallel_wavegan, wavernn
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stage

NAME, TITLE = "paddle_tts", "PaddleSpeech text-to-speech (fs, n_shift)"
SCHEMA, LOADER = "paddle_tts", "pyyaml"

# paddlespeech/t2s/models/hifigan/hifigan.py, HiFiGANGenerator
HIFIGAN = default_lists([5, 5, 4, 3], [10, 10, 8, 6], [3, 7, 11], [[1, 3, 5]] * 3)
ISTFT_LAYER, ISTFT_FFT, ISTFT_WINDOW = 2, 2048, 1200  # the same signature
LAYERS, STACKS, CONTEXT = 30, 3, 2  # parallel_wavegan/parallel_wavegan.py, PWGGenerator
PWG_SCALES = [4, 4, 4, 4]  # the same signature
WAVERNN_SCALES = [4, 5, 3, 5]  # wavernn/wavernn.py, WaveRNN
RATE = 22050  # vits/vits.py and jets/jets.py, sampling_rate

LATENT = "the target is cut at start · upsample_factor, whatever the hop: a wrong product shifts it without a word"


def recognise(root: Cursor) -> bool:
    return root.has("fs", "n_shift") and not root.has("tts_conf") and not root.has("svs_conf")


def read(root: Cursor) -> Iterator[Model]:
    analysis = Analysis.read(root["fs"], root["n_shift"], root["win_length"], root["n_fft"])
    model = Model(NAME, _kind(root), sample_rate=analysis.rate)
    analysis.describe(model)
    with model.deriving("analysis"):
        analysis.frontend(model)
    analysis.below_nyquist(model, root["fmax"])
    with model.deriving("decoder"):
        _decoder(model, root, analysis)
    yield model


def _kind(root: Cursor) -> str:
    """What the keywords show, since no key names it."""
    params, inner = root["generator_params"], root["model"]["generator_params"]
    if inner.is_mapping():
        return "jets" if any(inner.has(key) for key in ("generator_upsample_scales", "adim")) else "vits"
    if root["model"].has("upsample_scales"):
        return "wavernn"
    if not params.is_mapping() or not params.has("upsample_scales"):
        return "acoustic"
    if params.has("noise_upsample_scales"):
        return "style_melgan"
    if any(params.has(key) for key in ("layers", "aux_context_window", "residual_channels")):
        return "pwgan"
    if any(params.has(key) for key in ("upsample_kernel_sizes", "resblock_kernel_sizes", "use_istft")):
        return "hifigan"
    return "melgan"


def _decoder(model: Model, root: Cursor, analysis: Analysis) -> None:
    if model.name == "acoustic":
        analysis.exchanged(model, "gives", known(root["n_mels"]), centred=True)
    elif model.name in ("vits", "jets"):
        _end_to_end(model, root, analysis, "decoder_" if model.name == "vits" else "generator_")
    elif model.name == "wavernn":
        _wavernn(model, root, analysis)
    else:
        _vocoder(model, root, analysis)


# -- vocoders -----------------------------------------------------------------------------------------------------


def _vocoder(model: Model, root: Cursor, analysis: Analysis) -> None:
    params, crop = root["generator_params"], known(root["batch_max_steps"])
    rounded_crop(model, analysis, crop, "the collater rounds the crop down to whole frames (vocoder_batch_fn.py)")
    analysis.exchanged(model, "takes", known(root["n_mels"]), centred=True)
    _losses(model, root, analysis)
    because = TWICE if params.has("upsample_kernel_sizes") else ""
    stages, parts = _stages(model, root, params, crop)
    model.stacks.append(decoder("generator", stages, analysis.frame_rate, parts, because))
    analysis.inverted(model, LENGTHS)


def _stages(model: Model, root: Cursor, params: Cursor, crop: Value[int] | None) -> tuple[list[Stage], list[Factor]]:
    if model.name == "hifigan":
        stages, lists = hifigan_of(model, params, defaults=HIFIGAN)
        if params["use_istft"].bool(False).value:
            return _istft_stages(params, stages, lists)
        return generator(stages, lists.rates, bands=params["out_channels"].int(1), taps=_taps(root))
    scales = params["upsample_scales"].ints()
    if model.name == "pwgan":
        stages = parallel_wavegan(scales, _net(params))
    elif model.name == "style_melgan":
        style_noise(model, params, crop, scales)
        mode = params["upsample_mode"].str("linear").value
        shape = StyleMelGAN(params["kernel_size"].int(9).value, params["dilation"].int(2).value, interpolation(mode))
        stages = style_melgan(scales, shape)
    else:
        stages = melgan(scales, melgan_shape(params))
    return generator(stages, scales, bands=params["out_channels"].int(1), taps=_taps(root))


def _taps(root: Cursor) -> int:
    return root["pqmf_params"]["taps"].int(PQMF_TAPS).value


def _net(params: Cursor) -> Net:
    return Net(
        params["kernel_size"].int(3).value,
        params["layers"].int(LAYERS),
        params["stacks"].int(STACKS),
        params["aux_context_window"].int(CONTEXT),
        params["use_causal_conv"].bool(False).value,
        interpolation(params["interpolate_mode"].str("nearest").value),
    )


def _istft_stages(params: Cursor, stages: list[Stage], lists: Lists) -> tuple[list[Stage], list[Factor]]:
    """The iSTFT variant: only the first layers upsample; the head's hop is the product of the other scales."""
    count = params["istft_layer_id"].int(ISTFT_LAYER)
    if not 0 < count.value <= len(lists.stages):
        raise NotComputable("istft_layer_id names a layer that is not there", count.where)
    before, hop = prod(lists.rates.value[: count.value]), prod(lists.rates.value[count.value :])
    if before < 1:
        raise NotComputable("upsampling scales must be positive", lists.rates.where)
    fft = _even(params["n_fft"].int(ISTFT_FFT).value, before)
    window = _even(params["win_length"].int(ISTFT_WINDOW).value, before)
    head = [
        Stage("reflection_pad", REFLECTION_PAD),
        stages[-1],
        Stage("istft", istft(fft, hop, window), lists.rates.where),
    ]
    factors = [Factor(lists.rates.key or "upsample_scales", tuple(lists.rates.value), lists.rates.where)]
    return [*stages[: 1 + 2 * count.value], *head], factors


def _even(size: int, by: int) -> int:
    """The size of the head's transform: the analysis size over the factor before it, made even (hifigan.py)."""
    share = Fraction(size, by)
    return int(share) if share % 2 == 0 else int(share + 2 - share % 2)


def _wavernn(model: Model, root: Cursor, analysis: Analysis) -> None:
    params = root["model"]
    because = "the mel window is floored to whole frames, the waveform is not (vocoder_batch_fn.py, WaveRNNClip)"
    analysis.cropped(model, known(root["batch_max_steps"]), "crash", because)
    analysis.exchanged(model, "takes", known(root["n_mels"]), centred=True)
    scales, pad = params["upsample_scales"].ints(WAVERNN_SCALES), params["aux_context_window"].int(CONTEXT)
    stages, parts = generator(wavernn(scales, pad), scales)
    model.stacks.append(decoder("upsample", stages, analysis.frame_rate, parts))
    analysis.inverted(model, "the upsampled features and the waveform enter one network, sample by sample")


def _losses(model: Model, root: Cursor, analysis: Analysis) -> None:
    mel_loss(model, root["mel_loss_params"], analysis.rate, root["use_mel_loss"].value is True)
    if root["use_stft_loss"].value is not False:
        stft_loss(model, root["stft_loss_params"])
    if root["use_subband_stft_loss"].value is True or model.name == "melgan":
        stft_loss(model, root["subband_stft_loss_params"])


# -- end to end ---------------------------------------------------------------------------------------------------


def _end_to_end(model: Model, root: Cursor, analysis: Analysis, prefix: str) -> None:
    params = root["model"]["generator_params"]
    analysis.framed(model, known(params["segment_size"]))
    because = "the model saves and compares waveforms at this rate"
    equal(model, known(root["model"]["sampling_rate"]), analysis.rate, because, "silent")
    mel_loss(model, root["mel_loss_params"], analysis.rate, True, "hop_length")
    stages, lists = hifigan_of(model, params, prefix)
    stages, parts = generator(stages, lists.rates)
    model.stacks.append(decoder("generator", stages, analysis.frame_rate, parts, TWICE))
    analysis.inverted(model, LATENT)
