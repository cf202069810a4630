"""Coqui TTS (coqui-ai/TTS): vocoders, VITS, and acoustic models that declare only their analysis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from rflint.dialects.analysis import Analysis, equal, idle, known, paired, rounded
from rflint.dialects.generators import Lists, agree, arity, decoder, default_lists, factors, hifigan, hifigan_shape
from rflint.dialects.lvc import lvc_stages
from rflint.dialects.melgans import MelGAN, melgan
from rflint.dialects.pwg_family import generator, stft_loss
from rflint.dialects.wavegrads import wavegrad
from rflint.dialects.wavenets import Net, parallel_wavegan, wavernn
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stage

NAME, TITLE = "coqui", "Coqui TTS (audio, generator_model, model_args)"
SCHEMA, LOADER = "coqui", "json"

RATE, HOP, WINDOW, FFT = 22050, 256, 1024, 1024  # TTS/config/shared_configs.py, BaseAudioConfig
LISTS = default_lists([8, 8, 2, 2], [16, 16, 4, 4], [3, 7, 11], [[1, 3, 5]] * 3)  # vocoder/configs/hifigan_config.py
FACTORS = {
    "melgan": [8, 8, 2, 2],  # vocoder/configs/melgan_config.py
    "fullband_melgan": [8, 8, 2, 2],  # vocoder/configs/fullband_melgan_config.py
    "multiband_melgan": [8, 4, 2],  # vocoder/configs/multiband_melgan_config.py
    "parallel_wavegan": [4, 4, 4, 4],  # vocoder/configs/parallel_wavegan_config.py
    "univnet": [8, 8, 4],  # vocoder/configs/univnet_config.py
    "wavegrad": [4, 4, 4, 2, 2],  # vocoder/models/wavegrad.py, WavegradArgs
    "wavernn": [4, 8, 8],  # vocoder/models/wavernn.py, WavernnArgs
}
RES_BLOCKS = {"melgan": 3, "fullband_melgan": 4, "multiband_melgan": 4, "parallel_wavegan": 30}  # the same files
STACKS = 3  # vocoder/configs/parallel_wavegan_config.py
WAVEGRAD_DILATIONS = [[1, 2, 1, 2]] * 2 + [[1, 2, 4, 8]] * 3  # WavegradArgs
BANDS, TAPS = 4, 62  # vocoder/models/multiband_melgan_generator.py
PAD = 2  # WavernnArgs
LVC_LAYERS, LVC_KERNEL, PREDICTOR_KERNEL = 4, 3, 3  # vocoder/configs/univnet_config.py

VOCODERS = ("hifigan", *FACTORS)
SECTIONS = ("generator_model_params", "model_params", "model_args", "wavernn_model_params")
LENGTHS = "the losses compare the output with seq_len samples, seq_len // hop_length frames"
CROP = "the data set asserts seq_len % hop_length == 0"


def recognise(root: Cursor) -> bool:
    audio = root["audio"]
    if not audio.is_mapping() or root.has("train") or root.has("gen"):
        return False
    if root["model_args"].has("upsample_rates_decoder") or root["decoder"].has("sample_rate", "upsample_rates"):
        return audio.has("sample_rate")
    if kind(root) is not None or root["l1_spec_loss_params"].is_mapping():
        return audio.has("sample_rate") or audio.has("hop_length")
    spectrum = audio.has("fft_size") or audio.has("num_freq")
    step = audio.has("hop_length") or audio.has("frame_shift_ms")
    return audio.has("sample_rate", "num_mels") and spectrum and step


def kind(root: Cursor) -> str | None:
    """The vocoder that is built, ``vits``, or None for an acoustic model."""
    named = [root[key].value for key in ("generator_model", "model")]
    names = [name.lower().removesuffix("_generator") for name in named if isinstance(name, str)]
    found = [name for name in names if name in VOCODERS or name == "vits"]
    if found:
        return found[0]
    if root["model_args"].has("upsample_rates_decoder"):
        return "vits"
    return _kind_of(root["generator_model_params"]) if root["generator_model_params"].has("upsample_factors") else None


def _kind_of(params: Cursor) -> str | None:
    """The generator that takes the keywords given, where a file names none."""
    signs = {"upsample_kernel_sizes": "hifigan", "lvc_kernel_size": "univnet", "stacks": "parallel_wavegan"}
    return next((name for sign, name in signs.items() if params.has(sign)), "melgan")


def read(root: Cursor) -> Iterator[Model]:
    analysis = _analysis(root["audio"])
    what = kind(root)
    model = Model(NAME, what or "analysis", sample_rate=analysis.rate)
    analysis.describe(model, "AudioProcessor asserts win_length <= fft_size (TTS/utils/audio/processor.py)")
    analysis.below_nyquist(model, root["audio"]["mel_fmax"], "crash")
    _milliseconds(model, root["audio"], analysis)
    with model.deriving("analysis"):
        # VITS pads its spectrograms as HiFi-GAN does (tts/models/vits.py, wav_to_spec); all others take librosa's.
        analysis.frontend(model, center=what != "vits")
    with model.deriving("decoder"):
        if what == "vits":
            _vits(model, root, analysis)
        elif what is not None:
            _vocoder(model, root, analysis, what)
        else:
            _other(model, root, analysis)
    yield model


# -- analysis -----------------------------------------------------------------------------------------------------


def _analysis(audio: Cursor) -> Analysis:
    """Sizes in samples; where hop_length is null, what `millisec_to_length` makes of the milliseconds."""
    rate = known(audio["sample_rate"], RATE)
    fft = known(audio["fft_size"]) or _from_bins(audio["num_freq"]) or Value(FFT, None, "framework default")
    if (audio["hop_length"].exists and audio["hop_length"].value is None) or not audio["hop_length"].exists:
        window, hop = _lengths(audio, rate.value if rate else None)
        if hop is not None:
            return Analysis(rate, hop, window, fft)
    return Analysis(rate, known(audio["hop_length"]), known(audio["win_length"]), fft)


def _from_bins(bins: Cursor) -> Value[int] | None:
    count = known(bins)
    return Value(2 * (count.value - 1), count.where, "derived") if count and count.value > 1 else None


def _lengths(audio: Cursor, rate: int | None) -> tuple[Value[int] | None, Value[int] | None]:
    """TTS/utils/audio/numpy_transforms.py, millisec_to_length: the window is cut to samples, the hop is its part."""
    length, shift = _milliseconds_of(audio["frame_length_ms"]), _milliseconds_of(audio["frame_shift_ms"])
    if length is None or shift is None or rate is None:
        return None, None
    window = int(length.value * rate / 1000)
    hop = int(window * shift.value / length.value) if length.value else 0
    if window < 1 or hop < 1:
        return None, None
    return Value(window, length.where, "derived"), Value(hop, shift.where, "derived")


def _milliseconds_of(cursor: Cursor) -> Value[Fraction] | None:
    try:
        return cursor.number()
    except NotComputable:
        return None


def _milliseconds(model: Model, audio: Cursor, analysis: Analysis) -> None:
    """What becomes of `frame_shift_ms`: rounded to samples, or without effect beside a hop in samples."""
    shift = _milliseconds_of(audio["frame_shift_ms"])
    if shift is None or analysis.hop is None or analysis.rate is None:
        return
    if analysis.hop.origin == "derived":
        rounded(model, shift, analysis.rate, analysis.hop, "millisec_to_length cuts the window to samples")
    else:
        because = "AudioProcessor takes the milliseconds only where hop_length is null"
        idle(model, shift, analysis.rate, analysis.hop, because)


# -- vocoders -----------------------------------------------------------------------------------------------------


def _vocoder(model: Model, root: Cursor, analysis: Analysis, what: str) -> None:
    analysis.cropped(model, known(root["seq_len"]), "crash", CROP)
    analysis.exchanged(model, "takes", known(root["audio"]["num_mels"]), centred=True)
    _losses(model, root, analysis)
    params = _parameters(root, what)
    if what == "hifigan":
        stages, parts = _hifigan(model, params)
    else:
        scales = params["upsample_factors"].ints(FACTORS[what])
        stages, parts = BUILDERS[what](model, params, scales)
    model.stacks.append(decoder("generator", stages, analysis.frame_rate, parts))
    analysis.inverted(model, LENGTHS)


def _parameters(root: Cursor, what: str) -> Cursor:
    """The section with the network's parameters; old WaveRNN files hold them at the top."""
    section = next((root[key] for key in SECTIONS if root[key].is_mapping()), root["generator_model_params"])
    return root if what == "wavernn" and not section.is_mapping() else section


def _hifigan(model: Model, params: Cursor) -> tuple[list[Stage], list[Factor]]:
    names = ("upsample_factors", "upsample_kernel_sizes", "resblock_kernel_sizes", "resblock_dilation_sizes")
    agree(model, params, *names)
    lists = Lists.read(params, *names, defaults=LISTS)
    shape = hifigan_shape(_block_type(params["resblock_type"]))
    arity(model, lists, shape.reads or 0, "the residual block")
    return hifigan(lists, shape), factors(lists)


def _block_type(cursor: Cursor) -> str:
    """The class asks for the text "1"; the number 1 gives the other block (vocoder/models/hifigan_generator.py)."""
    return "1" if not cursor.exists or cursor.value == "1" else "2"


def _melgan(what: str) -> Callable[[Model, Cursor, Value[list[int]]], tuple[list[Stage], list[Factor]]]:
    def build(model: Model, params: Cursor, scales: Value[list[int]]) -> tuple[list[Stage], list[Factor]]:
        stacks = params["num_res_blocks"].int(RES_BLOCKS[what]).value
        bands = Value(BANDS, None, "framework default") if what == "multiband_melgan" else None
        return generator(melgan(scales, MelGAN(stacks=stacks)), scales, bands=bands, taps=TAPS, key="upsample_factors")

    return build


def _parallel_wavegan(model: Model, params: Cursor, scales: Value[list[int]]) -> tuple[list[Stage], list[Factor]]:
    layers, stacks = params["num_res_blocks"].int(RES_BLOCKS["parallel_wavegan"]), params["stacks"].int(STACKS)
    net = Net(3, layers, stacks, Value(0, None, "framework default"))  # vocoder/layers/upsample.py, ConvUpsample
    return generator(parallel_wavegan(scales, net), scales, key="upsample_factors")


def _univnet(model: Model, params: Cursor, scales: Value[list[int]]) -> tuple[list[Stage], list[Factor]]:
    layers = params["lvc_layers_each_block"].int(LVC_LAYERS)
    if not 0 < layers.value <= 20:
        raise NotComputable(f"{layers.value} location-variable convolutions in a block", layers.where)
    dilations = [3**layer for layer in range(layers.value)]  # vocoder/layers/lvc_block.py
    predictor, kernel = params["kpnet_conv_size"].int(PREDICTOR_KERNEL), params["lvc_kernel_size"].int(LVC_KERNEL)
    return generator(lvc_stages(scales, dilations, predictor.value, kernel.value), scales, key="upsample_factors")


def _wavegrad(model: Model, params: Cursor, scales: Value[list[int]]) -> tuple[list[Stage], list[Factor]]:
    paired(model, params["upsample_dilations"], params["upsample_factors"], "zip drops the surplus blocks")
    dilations = params["upsample_dilations"].lists(WAVEGRAD_DILATIONS)
    return generator(wavegrad(scales, dilations), scales, key="upsample_factors")


def _wavernn(model: Model, params: Cursor, scales: Value[list[int]]) -> tuple[list[Stage], list[Factor]]:
    if not params["use_upsample_net"].bool(True).value:
        raise NotComputable("the features are interpolated from end to end", params["use_upsample_net"].where)
    pad = params.first("pad", "padding").int(PAD)
    resnet = params["use_aux_net"].bool(True).value
    return generator(wavernn(scales, pad, resnet=resnet), scales, key="upsample_factors")


BUILDERS: dict[str, Callable[[Model, Cursor, Value[list[int]]], tuple[list[Stage], list[Factor]]]] = {
    **{name: _melgan(name) for name in ("melgan", "fullband_melgan", "multiband_melgan")},
    "parallel_wavegan": _parallel_wavegan,
    "univnet": _univnet,
    "wavegrad": _wavegrad,
    "wavernn": _wavernn,
}


def _losses(model: Model, root: Cursor, analysis: Analysis) -> None:
    by_default = model.name in ("hifigan", "analysis")  # vocoder/configs/hifigan_config.py
    if root["use_l1_spec_loss"].bool(by_default).value:
        because = (
            "GeneratorLoss asserts audio.sample_rate == l1_spec_loss_params.sample_rate (vocoder/layers/losses.py)"
        )
        equal(model, known(root["l1_spec_loss_params"]["sample_rate"]), analysis.rate, because, "crash")
    for section in ("stft_loss_params", "subband_stft_loss_params"):
        stft_loss(model, root[section], "n_ffts", "hop_lengths", "win_lengths")


# -- others -------------------------------------------------------------------------------------------------------


def _vits(model: Model, root: Cursor, analysis: Analysis) -> None:
    args = root["model_args"]
    analysis.framed(model, known(args["spec_segment_size"]))
    names = (
        "upsample_rates_decoder",
        "upsample_kernel_sizes_decoder",
        "resblock_kernel_sizes_decoder",
        "resblock_dilation_sizes_decoder",
    )
    agree(model, args, *names)
    lists = Lists.read(args, *names, defaults=LISTS)
    _vits_factor(model, args, analysis, lists)
    shape = hifigan_shape(_block_type(args["resblock_type_decoder"]))
    rate = analysis.sample_rate / lists.factor if analysis.sample_rate and lists.factor > 0 else None
    model.stacks.append(decoder("waveform_decoder", hifigan(lists, shape), rate, factors(lists)))


def _vits_factor(model: Model, args: Cursor, analysis: Analysis, lists: Lists) -> None:
    """The product is the hop; with an encoder of another rate it is the hop at the output's rate.

    Latents that are interpolated to the output's rate come at its hop, which the assertion does not foresee: then either
    product is left alone.
    """
    encoder, amount = known(args["encoder_sample_rate"]), None
    if encoder is not None and analysis.hop is not None and analysis.rate is not None:
        amount = Fraction(analysis.hop.value * analysis.rate.value, encoder.value)
        if args["interpolate_z"].bool(True).value and lists.factor == analysis.hop.value:
            return
    because = "Vits.init_from_config asserts it: hop_length · sample_rate / encoder_sample_rate"
    analysis.inverted(model, because, "crash", amount)


def _other(model: Model, root: Cursor, analysis: Analysis) -> None:
    """An acoustic model, or a vocoder that a trainer of another repository joins to XTTS (audio, decoder)."""
    decoder_rate = known(root["decoder"]["sample_rate"])
    if decoder_rate is not None:
        because = "crops of the waveform are indexed at the one rate, latents at the other"
        equal(model, analysis.rate, decoder_rate, because, "silent")
        return
    _losses(model, root, analysis)
    analysis.exchanged(model, "gives", known(root["audio"]["num_mels"]), centred=True)
