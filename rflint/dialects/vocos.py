"""Vocos (gemelo-ai/vocos): a feature extractor, a backbone and a Fourier head, as LightningCLI or as published.

RFWave (bfs18/rfwave) has these parts, too; its backbone goes from spectrogram to spectrogram, many times over.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple, cast

from rflint.coverage import Layer, nearest, stft
from rflint.dialects.analysis import Analysis, equal, known
from rflint.dialects.generators import decoder
from rflint.dialects.vocos_stacks import convnext, imdct_head, istft_head, resnet
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Duration, Factor, Model, Stack, Stage, Tie, declared

NAME, TITLE = "vocos", "Vocos (feature_extractor, backbone, head)"
SCHEMA, LOADER = "vocos", "pyyaml"

# vocos/feature_extractors.py, MelSpectrogramFeatures
RATE, FFT, HOP, EXTRACTOR_PADDING = 24000, 1024, 256, "center"
ENCODEC_HOPS = {"encodec_24khz": 320, "encodec_48khz": 320}  # the same file, EncodecFeatures
ESPNET_FFT, ESPNET_HOP = 2048, 300  # rfwave/feature_extractors.py, EspnetMelSpectrogramFeatures
HEAD_PADDING = "same"  # vocos/heads.py, all three heads

RFWAVE = "rfwave"
FLOW = "the backbone joins the frames of the features to those of the head's STFT (rfwave/experiment_reflow_subband.py)"
INVERTED = "the head gives hop_length samples for every frame of the features"
LENGTHS = "the losses compare the output with the crop that the features were made of"


class Extractor(NamedTuple):
    """The features: their analysis, the layer that makes them (None for a codec's), and where their padding stands."""

    analysis: Analysis
    layer: Layer | None
    padding: Value[str] | None


class Head(NamedTuple):
    """The head: its layer, its hop and the place of its padding (None for a linear one, which has no window)."""

    layer: Layer
    hop: Value[int]
    padding: Value[str] | None


def recognise(root: Cursor) -> bool:
    base = _base(root)
    classes = [base[part]["class_path"].value for part in ("feature_extractor", "backbone", "head")]
    named = [name for name in classes if isinstance(name, str)]
    return base.has("feature_extractor", "head") and bool(named) and all(is_of_package(name) for name in named)


def is_of_package(name: str) -> bool:
    """True for a class of vocos, of a fork that is named after it (vocos_causal), or of RFWave."""
    package = name.partition(".")[0]
    return package.startswith("vocos") or package == RFWAVE


def _base(root: Cursor) -> Cursor:
    """Where the three parts stand: at the top of a published config, below model.init_args of a training one."""
    inner = root["model"]["init_args"]
    return inner if inner.has("feature_extractor") else root


def read(root: Cursor) -> Iterator[Model]:
    base = _base(root)
    extractor = _extractor(base["feature_extractor"])
    rate = extractor.analysis.rate or known(base["sample_rate"])
    model = Model(NAME, sample_rate=rate)
    _rates(model, root, base, extractor.analysis.rate)
    with model.deriving("analysis"):
        _frontend(model, extractor)
    with model.deriving("decoder"):
        package = str(base["head"]["class_path"].value or "vocos").partition(".")[0]
        if package == RFWAVE:
            _one_hop(model, extractor.analysis.hop, base["head"]["init_args"]["hop_length"].int(), FLOW)
            raise NotComputable(f"the layers of {package} are not known", base["backbone"].where)
        head = _head(base["head"])
        _facts(model, root, base, extractor, head)
        if package != "vocos":
            _one_hop(model, extractor.analysis.hop, head.hop, INVERTED)
            raise NotComputable(f"the layers of {package} are not known", base["backbone"].where)
        factors = [Factor(head.hop.key or "hop_length", (head.hop.value,), head.hop.where)]
        stages = [*_backbone(base["backbone"]), Stage("head", head.layer, head.hop.where)]
        model.stacks.append(decoder("vocos", stages, _frame_rate(rate, extractor), factors, LENGTHS))
    yield model


# -- the parts ----------------------------------------------------------------------------------------------------


def _class(part: Cursor, default: str) -> str:
    name = part["class_path"].value
    return name.rsplit(".", 1)[-1] if isinstance(name, str) else default


def _extractor(part: Cursor) -> Extractor:
    args = part["init_args"]
    if _class(part, "MelSpectrogramFeatures") == "EncodecFeatures":
        name = args["encodec_model"]
        step = Value(ENCODEC_HOPS.get(str(name.value), 320), name.where, "derived")
        return Extractor(Analysis(None, step), None, None)
    if _class(part, "") == "EspnetMelSpectrogramFeatures":
        hop = known(args["hop_length"], ESPNET_HOP)
        return Extractor(
            Analysis(known(args["sample_rate"], RATE), hop, None, known(args["n_fft"], ESPNET_FFT)), None, None
        )
    fft, hop = known(args["n_fft"], FFT), known(args["hop_length"], HOP)
    analysis = Analysis(known(args["sample_rate"], RATE), hop, None, fft)
    try:
        padding = args["padding"].str(EXTRACTOR_PADDING)
    except NotComputable:
        return Extractor(analysis, None, None)
    if fft is None or hop is None:
        return Extractor(analysis, None, None)
    same = padding.value == "same"
    trim = max(fft.value - hop.value, 0) // 2
    return Extractor(analysis, stft(fft.value, hop.value, center=not same, padding=trim if same else None), padding)


def _head(part: Cursor) -> Head:
    args, padding = part["init_args"], part["init_args"]["padding"].str(HEAD_PADDING)
    kind = _class(part, "ISTFTHead" if args.has("n_fft") else "IMDCTCosHead")
    if kind == "ISTFTHead":
        fft, hop = args["n_fft"].int(), args["hop_length"].int()
        return Head(istft_head(fft.value, hop.value, padding.value), hop, padding)
    if kind == "WaveNextHead":
        hop = args["hop_length"].int()
        return Head(nearest(hop.value), hop, None)
    if kind in ("IMDCTSymExpHead", "IMDCTCosHead"):
        frame = args["mdct_frame_len"].int()
        hop = Value(frame.value // 2, frame.where, "derived")
        return Head(imdct_head(frame.value, padding.value), hop, padding)
    raise NotComputable(f"the head {kind} is not known", part.where)


def _backbone(part: Cursor) -> list[Stage]:
    kind = _class(part, "VocosResNetBackbone" if part["init_args"].has("num_blocks") else "VocosBackbone")
    if kind == "VocosBackbone":
        return convnext(part["init_args"]["num_layers"].int())
    if kind == "VocosResNetBackbone":
        return resnet(part["init_args"]["num_blocks"].int())
    raise NotComputable(f"the backbone {kind} is not known", part.where)


# -- facts --------------------------------------------------------------------------------------------------------


def _frame_rate(rate: Value[int] | None, extractor: Extractor) -> Fraction | None:
    hop = extractor.analysis.hop
    return Fraction(rate.value, hop.value) if rate is not None and hop is not None else None


def _rates(model: Model, root: Cursor, base: Cursor, rate: Value[int] | None) -> None:
    reference = rate if rate is not None and rate.where is not None else known(base["sample_rate"])
    for cursor in (base["sample_rate"], *(_data(root, part)["sampling_rate"] for part in ("train", "val"))):
        value = known(cursor)
        if value is not None and reference is not None and value.where != reference.where:
            equal(model, value, reference, "waveforms go from section to section as they are", "silent")


def _data(root: Cursor, part: str) -> Cursor:
    return root["data"]["init_args"][f"{part}_params"]


def _frontend(model: Model, extractor: Extractor) -> None:
    analysis = extractor.analysis
    if extractor.layer is None or analysis.hop is None:
        return
    analysis.describe(model)
    factors = [Factor(analysis.hop.key or "hop_length", (analysis.hop.value,), analysis.hop.where)]
    stages = [Stage("mel_spec", extractor.layer, analysis.hop.where)]
    model.stacks.append(Stack("frontend", "features", stages, input_rate=analysis.sample_rate, factors=factors))


def _facts(model: Model, root: Cursor, base: Cursor, extractor: Extractor, head: Head) -> None:
    hop, rate = extractor.analysis.hop, extractor.analysis.sample_rate
    if hop is not None:
        told = declared("upsampling", hop, "samples", stack="decoder", outcome="crash", because=INVERTED)
        model.claims.append(told)
        centred = extractor.padding.value == "center" if extractor.padding else None
        extractor.analysis.exchanged(model, "takes", known(base["feature_extractor"]["init_args"]["n_mels"]), centred)
    crop, rates = known(_data(root, "train")["num_samples"]), rate
    for part in ("train", "val"):
        value = known(_data(root, part)["num_samples"])
        if value is not None:
            model.durations.append(Duration(value, "samples", rates, "length"))
    if crop is not None:
        left, right = (cast(Value[object], side) for side in (crop, head.hop))
        model.ties.append(Tie("segment", "multiple", left, right, "crash", LENGTHS))
    _overlapping(model, base["head"]["init_args"], head)
    if extractor.layer and head.padding and hop is not None and hop.value == head.hop.value:
        _same_length(model, extractor.layer, head, crop)


def _one_hop(model: Model, features: Value[int] | None, head: Value[int], because: str) -> None:
    """State that features and head have one hop, where the layers between them are not known."""
    if features is not None:
        left, right = (cast(Value[object], side) for side in (head, features))
        model.ties.append(Tie("upsampling", "equal", left, right, "crash", because))


def _overlapping(model: Model, args: Cursor, head: Head) -> None:
    """With ``same`` the trim must not be 0, or the slice [0:-0] is empty; windows must cover every sample."""
    fft = known(args["n_fft"])
    if fft is None or head.padding is None or args["hop_length"].value is None:
        return
    room = fft.value - 2 if head.padding.value == "same" else fft.value
    if head.hop.value > room:
        because = "ISTFT trims (n_fft - hop_length) // 2 samples and asserts that the windows cover all others"
        limit: Value[object] = Value(room, fft.where, "derived")
        model.ties.append(Tie("overlap", "at most", cast(Value[object], head.hop), limit, "crash", because))


def _same_length(model: Model, features: Layer, head: Head, crop: Value[int] | None) -> None:
    """State that a crop comes back as long as it went in: paddings of both ends agree, n_fft - hop_length is even."""
    hops = 64 if crop is None else max(crop.value // head.hop.value, 1)
    length = hops * head.hop.value
    where = head.padding.where if head.padding else None
    back: Value[object] = Value(head.layer.length(features.length(length)), where or head.hop.where, "derived")
    because = f"{length} samples must come back as {length}: feature_extractor and head pad alike"
    model.ties.append(Tie("frames", "equal", back, Value(length, None, "derived"), "crash", because))
