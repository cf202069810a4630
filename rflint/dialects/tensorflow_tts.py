"""TensorFlowTTS: vocoders (`<model>_generator_params`) and the preprocessing that makes their features."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from rflint.coverage import transposed_same
from rflint.dialects.analysis import Analysis, known, paired
from rflint.dialects.generators import Lists, decoder, default_lists, hifigan
from rflint.dialects.melgans import MelGAN, interpolation, melgan
from rflint.dialects.pwg_family import PQMF_TAPS, generator, hifigan_shape, stft_loss
from rflint.dialects.wavenets import Net, parallel_wavegan
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stage, Tie

NAME, TITLE = "tensorflow_tts", "TensorFlowTTS vocoders and preprocessing"
SCHEMA, LOADER = "tensorflow_tts", "pyyaml"

SCALES = [8, 8, 2, 2]  # tensorflow_tts/configs/melgan.py, MelGANGeneratorConfig
HIFIGAN = default_lists([8, 8, 2, 2], [16, 16, 4, 4], [3, 7, 11], [[1, 3, 5]] * 3)  # configs/hifigan.py
STACKS = 3  # both
SUBBANDS = 4  # configs/mb_melgan.py, MultiBandMelGANGeneratorConfig
LAYERS, PWG_STACKS, CONTEXT = 30, 3, 2  # configs/parallel_wavegan.py, ParallelWaveGANGeneratorConfig
PWG_SCALES = [4, 4, 4, 4]  # the same class

KINDS = ("multiband_melgan", "melgan", "hifigan", "parallel_wavegan")
LENGTHS = "training compares the output with batch_max_steps samples, batch_max_steps // hop_size frames"


def recognise(root: Cursor) -> bool:
    return _kind(root) is not None or _is_preprocessing(root)


def _kind(root: Cursor) -> str | None:
    """The vocoder that ``model_type`` names, else the one whose parameters are given."""
    given = [kind for kind in KINDS if root[f"{kind}_generator_params"].is_mapping()]
    named = [kind for kind in given if root["model_type"].value == f"{kind}_generator"]
    found = named or given
    return found[0] if found and (root.has("model_type") or root.has("hop_size")) else None


def _is_preprocessing(root: Cursor) -> bool:
    """The feature settings of preprocess/<corpus>_preprocess.yaml, which hold no model."""
    shown = root.has("sampling_rate", "fft_size", "hop_size", "num_mels", "trim_frame_size", "format")
    return shown and not any(root.has(key) for key in ("generator_params", "model_type", "batch_max_steps"))


def read(root: Cursor) -> Iterator[Model]:
    analysis = Analysis.read(root["sampling_rate"], root["hop_size"], root["win_length"], root["fft_size"])
    kind = _kind(root)
    model = Model(NAME, kind or "preprocessing", sample_rate=analysis.rate)
    analysis.describe(model, "librosa refuses a window longer than the FFT")
    with model.deriving("analysis"):
        analysis.frontend(model)
    if kind is None:
        analysis.below_nyquist(model, root["fmax"])
        analysis.exchanged(model, "gives", known(root["num_mels"]), centred=True)
    else:
        _vocoder(model, root, analysis, kind)
    yield model


def _vocoder(model: Model, root: Cursor, analysis: Analysis, kind: str) -> None:
    for key in ("batch_max_steps", "batch_max_steps_valid"):
        because = "the features are cut to whole frames, the waveform to batch_max_steps (train_melgan.py, collater)"
        analysis.cropped(model, known(root[key]), "crash", because)
    analysis.exchanged(model, "takes", centred=True)
    for section in ("stft_loss_params", "subband_stft_loss_params"):
        stft_loss(model, root[section], "fft_lengths", "frame_steps", "frame_lengths")
    with model.deriving("decoder"):
        stages, parts = _stages(model, root[f"{kind}_generator_params"], kind)
        model.stacks.append(decoder("generator", stages, analysis.frame_rate, parts))
        analysis.inverted(model, LENGTHS)


def _stages(model: Model, params: Cursor, kind: str) -> tuple[list[Stage], list[Factor]]:
    if kind == "parallel_wavegan":
        return _parallel_wavegan(params)
    if kind == "hifigan":
        return _hifigan(model, params)
    scales = params["upsample_scales"].ints(SCALES)
    shape = MelGAN(
        params["kernel_size"].int(7).value,
        params["stacks"].int(STACKS).value,
        params["stack_kernel_size"].int(3).value,
        transposed_same,
    )
    bands = _sub_bands(model, params) if kind == "multiband_melgan" else None
    return generator(melgan(scales, shape), scales, bands=bands, taps=params["taps"].int(PQMF_TAPS).value)


def _sub_bands(model: Model, params: Cursor) -> Value[int]:
    bands, channels = params["subbands"].int(SUBBANDS), params["out_channels"].int(1)
    if not params["out_channels"].exists:
        raise NotComputable("a multi-band generator needs one output channel a band", params["out_channels"].where)
    because = "the synthesis filter bank takes one channel a band (models/mb_melgan.py)"
    left, right = (cast(Value[object], side) for side in (channels, bands))
    model.ties.append(Tie("bins", "equal", left, right, "crash", because))
    return bands if bands.where else Value(bands.value, channels.where, bands.origin)


def _hifigan(model: Model, params: Cursor) -> tuple[list[Stage], list[Factor]]:
    rates = params["upsample_scales"].ints(SCALES)
    kernels = Value([2 * rate for rate in rates.value], rates.where, "derived")
    branches = params["stack_kernel_size"].ints(HIFIGAN.branches.value)
    dilations = params["stack_dilation_rate"].lists(HIFIGAN.dilations.value)
    paired(model, params["stack_dilation_rate"], params["stack_kernel_size"], _STACKS)
    stacks: Value[object] = cast(Value[object], params["stacks"].int(STACKS))
    if stacks.where is not None:
        model.ties.append(Tie("lists", "same length", stacks, cast(Value[object], branches), "crash", _STACKS))
    shape = hifigan_shape(params["kernel_size"].int(7).value, True, upsampler=transposed_same)
    lists = Lists(rates, kernels, branches, dilations)
    return generator(hifigan(lists, shape), rates)


_STACKS = "TFHifiGANGenerator asserts stacks == len(stack_kernel_size) == len(stack_dilation_rate)"


def _parallel_wavegan(params: Cursor) -> tuple[list[Stage], list[Factor]]:
    options = params["upsample_params"]
    scales = options["upsample_scales"].ints(PWG_SCALES)
    net = Net(
        params["kernel_size"].int(3).value,
        params["n_layers"].int(LAYERS),
        params["stacks"].int(PWG_STACKS),
        params["aux_context_window"].int(CONTEXT),
        params["use_causal_conv"].bool(False).value,
        interpolation(options["interpolate_mode"].str("nearest").value),
    )
    return generator(parallel_wavegan(scales, net), scales)
