"""NVIDIA NeMo text-to-speech: HiFi-GAN, UnivNet, WaveGlow, VITS, and models that declare only their analysis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from rflint.dialects.analysis import Analysis, known
from rflint.dialects.generators import Lists, agree, arity, decoder, factors, hifigan, hifigan_shape
from rflint.dialects.lvc import lvc_stages
from rflint.dialects.nemo_frontend import target_of
from rflint.dialects.pwg_family import generator
from rflint.dialects.waveglow import Flows, waveglow
from rflint.documents import Cursor, Document, NotComputable, Value
from rflint.model import Model, Tie

NAME, TITLE = "nemo/tts", "NVIDIA NeMo text-to-speech and vocoders"
SCHEMA, LOADER = "nemo_tts", "omegaconf"

compose = Document.composed  # Hydra 1.3: groups such as model/generator

MODULES = "nemo.collections.tts.modules."
HIFIGAN, UNIVNET = MODULES + "hifigan_modules.Generator", MODULES + "univnet_modules.Generator"
NAMES = ("upsample_rates", "upsample_kernel_sizes", "resblock_kernel_sizes", "resblock_dilation_sizes")
FEATURES = (
    ("dataset", "nemo.collections.tts.data.dataset.TTSDataset"),
    ("mel_feature", "nemo.collections.tts.parts.preprocessing.features.MelSpectrogramFeaturizer"),
)
CROPS = ("train_n_segments", "train_n_samples")


def recognise(root: Cursor) -> bool:
    if _generator(root) is not None or root["model"]["synthesizer"].has("upsample_rates"):
        return True
    if root.has("defaults", "train_n_segments", "n_window_stride") or "waveglow" in target_of(
        root["model"]["waveglow"]
    ):
        return True
    if _features(root) is not None:
        return True
    data = target_of(root["model"]["train_ds"]["dataset"]).startswith("nemo.collections.tts.")
    return data and _analysed(root) is not None and not root["model"].has("audio_encoder")


def _analysed(root: Cursor) -> Cursor | None:
    """The section that holds the analysis: the file's head, that of the model, or the preprocessor."""
    places = (root, root["model"], root["model"]["preprocessor"])
    return next((place for place in places if place.has("sample_rate", "n_window_stride")), None)


def _features(root: Cursor) -> Cursor | None:
    """The section of a config that prepares features ahead of training."""
    places = (root[key] for key, target in FEATURES if target_of(root[key]) == target)
    return next((place for place in places if place.has("sample_rate", "hop_length")), None)


def _generator(root: Cursor) -> Cursor | None:
    places = (root, root["generator"], root["model"]["generator"])
    return next((place for place in places if target_of(place) in (HIFIGAN, UNIVNET)), None)


def read(root: Cursor) -> Iterator[Model]:
    preprocessor = root["model"]["preprocessor"]
    section = preprocessor if preprocessor.is_mapping() else _analysed(root) or _features(root) or root
    analysis = Analysis.read(
        root.first("sample_rate") if root.has("sample_rate") else section["sample_rate"],
        section.first("n_window_stride", "hop_length"),
        section.first("n_window_size", "win_length"),
        section["n_fft"],
    )
    model = Model(NAME, sample_rate=analysis.rate)
    exact = section["exact_pad"].value is True
    analysis.describe(model)
    analysis.below_nyquist(model, section.first("highfreq", "fmax"))
    if exact and analysis.hop is not None:
        because = "FilterbankFeatures refuses exact_pad with an odd hop (NotImplementedError)"
        even: Value[object] = Value(2, None, "derived")
        model.ties.append(Tie("bins", "multiple", cast(Value[object], analysis.hop), even, "crash", because))
    with model.deriving("analysis"):
        analysis.frontend(model, center=not exact)
    with model.deriving("decoder"):
        _decoder(model, root, analysis, not exact)
    yield model


def _decoder(model: Model, root: Cursor, analysis: Analysis, centred: bool) -> None:
    bands = known((_features(root) or root).first("n_mel_channels", "n_mels", "mel_dim"))
    if root["model"]["synthesizer"].is_mapping():
        _vits(model, root, analysis)
        return
    if root["model"]["waveglow"].is_mapping():
        analysis.exchanged(model, "takes", bands, centred)
        _waveglow(model, root["model"]["waveglow"], analysis)
        return
    found = _generator(root)
    if found is None and not root.has("train_n_segments"):
        analysis.exchanged(model, "gives", bands, centred)
        return
    analysis.exchanged(model, "takes", bands, centred)
    for key in CROPS:
        because = "the generator makes whole hops, which are compared with the crop"
        analysis.cropped(model, known(root[key]), "crash", because)
    for key in ("val_n_segments", "val_n_samples"):
        analysis.lasting(model, known(root[key]))
    place = found or root["model"]["generator"]
    if not place.is_mapping():
        raise NotComputable("the generator is not in the files at hand", place.where)
    if target_of(place) == UNIVNET:
        _univnet(model, place, analysis)
    else:
        _hifigan(model, place, analysis, block=1)


def _hifigan(model: Model, params: Cursor, analysis: Analysis, block: object) -> None:
    """``block`` is what the class compares ``resblock`` with: the number 1 in hifigan_modules, the text in vits_modules."""
    agree(model, params, *NAMES)
    lists = Lists.read(params, *NAMES)
    value = params["resblock"].value
    shape = hifigan_shape("1" if type(value) is type(block) and value == block else "2")
    arity(model, lists, shape.reads or 0, "the residual block")
    model.stacks.append(decoder("generator", hifigan(lists, shape), analysis.frame_rate, factors(lists)))
    analysis.inverted(model, "the losses compare the output with a crop of whole hops")


def _univnet(model: Model, params: Cursor, analysis: Analysis) -> None:
    strides, dilations = params["strides"].ints(), params["dilations"].ints()
    stages, parts = generator(lvc_stages(strides, dilations.value, params["kpnet_conv_size"].int().value), strides)
    model.stacks.append(decoder("generator", stages, analysis.frame_rate, parts))
    analysis.inverted(model, "the generator asserts that the product of its strides is the hop (univnet_modules.py)")


def _waveglow(model: Model, params: Cursor, analysis: Analysis) -> None:
    flows = Flows.read(params, params["n_wn_layers"], params["wn_kernel_size"])
    waveglow(model, flows, analysis, "nemo/collections/tts/modules/waveglow.py")


def _vits(model: Model, root: Cursor, analysis: Analysis) -> None:
    because = "the model makes segment_size // n_window_stride frames and compares them with segment_size samples"
    analysis.cropped(model, known(root["model"]["segment_size"]), "crash", because)
    _hifigan(model, root["model"]["synthesizer"], analysis, block="1")
