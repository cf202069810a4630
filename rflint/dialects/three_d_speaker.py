"""3D-Speaker: mappings of ``obj`` and ``args``, with references ``<key>`` that name top-level keys.

Sources: speakerlab/utils/builder.py, speakerlab/process/processor.py (FBank), speakerlab/models/**.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rflint.coverage import framing, stft
from rflint.dialects.asr_frontend import MOST_LAYERS, layers, tie
from rflint.dialects.speaker_nets import (
    ECAPA_DILATIONS,
    ECAPA_KERNELS,
    ECAPA_SCALE,
    basic_block,
    campplus,
    ecapa,
    resnet,
    split_block,
    xvector,
)
from rflint.dialects.speech_facts import Features, counted, derived, maybe, over_utterance, sizes, stated_rate, strided
from rflint.documents import Cursor, Value
from rflint.model import Model, Stage

NAME, TITLE = "3d-speaker", "3D-Speaker (obj: speakerlab...)"
SCHEMA, LOADER = "three_d_speaker", "speakerlab"

RATE = 16000  # speakerlab/process/processor.py, FBank.__call__ asserts it
HOP, WINDOW = 160, 400  # torchaudio kaldi.fbank at 16 kHz; MelSpectrogram in dataset_{rdino,sdpn}.py
FFT = 512  # dataset_{rdino,sdpn}.py
BLOCKS = [3, 4, 6, 3]  # num_blocks of ResNet, Res2Net, ERes2Net and ERes2NetV2


def recognise(root: Cursor) -> bool:
    return any(_networks(root))


def read(root: Cursor) -> Iterator[Model]:
    networks = list(_networks(root))
    extractor, crop = root["feature_extractor"]["args"], root["wav_len"]
    stated = stated_rate(extractor["sample_rate"]) or stated_rate(root["sample_rate"])
    model = Model(NAME, sample_rate=stated or Value(RATE, None, "framework default"))
    if stated is not None:
        because = "FBank asserts 16000 (speakerlab/process/processor.py)"
        tie(model, "rate", "equal", stated, derived(RATE), "crash", because)
    features = _features(root, networks[0])
    model.stacks.append(features.stack())
    counted(model, crop, "s", 1, "length")
    counted(model, root["max_frames"], "frames", features.frame_rate, "length")
    for place in networks:
        with model.deriving(place.key):
            _embed(model, root, place, features)
    yield model


def _networks(root: Cursor) -> Iterator[Cursor]:
    """The mappings that build a speaker network."""
    for place in root:
        path = place["obj"].value if place.is_mapping() else None
        if isinstance(path, str) and path.startswith("speakerlab.models.") and path.rpartition(".")[2] in NETS:
            yield place


def _features(root: Cursor, network: Cursor) -> Features:
    """Kaldi frames; the self-supervised recipes compute a centred mel spectrogram in their data set."""
    rate, hop = Value(RATE, None, "framework default"), Value(HOP, None, "framework default")
    where = root["feature_extractor"]["obj"].where
    if root["feature_extractor"].exists:
        stages: list[Stage] = [Stage("fbank", framing(WINDOW, HOP), where)]
        mean = root["feature_extractor"]["args"]["mean_nor"]
        if mean.value is True:
            stages.append(over_utterance("mean over the utterance", mean.where))
        return Features(rate, hop, tuple(stages))
    where = network["obj"].where
    stages = [Stage("mel", stft(FFT, HOP, WINDOW), where), over_utterance("mean over the utterance", where)]
    return Features(rate, hop, tuple(stages))


def _embed(model: Model, root: Cursor, place: Cursor, features: Features) -> None:
    arguments = place["args"]
    stages = NETS[place["obj"].str().value.rpartition(".")[2]](place)
    model.stacks.append(features.encoder(place.key, stages, [strided("obj", stages, place["obj"].where)]))
    bands = maybe(root["feature_extractor"]["args"]["n_mels"].int)
    size = maybe(arguments["feat_dim"].int) or maybe(arguments["input_size"].int)
    if bands and size and root["feature_extractor"]["obj"].value == "speakerlab.process.processor.FBank":
        tie(model, "bins", "equal", size, bands, "crash", "the first layer reads so many values a frame")


# -- networks -----------------------------------------------------------------------------------------------------


def _ecapa(place: Cursor) -> list[Stage]:
    kernels = sizes(place["args"]["kernel_sizes"], ECAPA_KERNELS).value
    dilations = sizes(place["args"]["dilations"], ECAPA_DILATIONS).value
    return ecapa(place["obj"].where, kernels, dilations, layers(place["args"]["res2net_scale"], ECAPA_SCALE).value)


def _resnet(place: Cursor) -> list[Stage]:
    return resnet(place["obj"].where, sizes(place["args"]["num_blocks"], BLOCKS, MOST_LAYERS).value, basic_block)


def _split(convolutions: Callable[[int], int], scale: int) -> Callable[[Cursor], list[Stage]]:
    def build(place: Cursor) -> list[Stage]:
        block = split_block(convolutions(layers(place["args"]["scale"], scale).value))
        return resnet(place["obj"].where, sizes(place["args"]["num_blocks"], BLOCKS, MOST_LAYERS).value, block)

    return build


NETS: dict[str, Callable[[Cursor], list[Stage]]] = {
    "ECAPA_TDNN": _ecapa,
    "Xvector": lambda place: xvector(place["obj"].where),
    "CAMPPlus": lambda place: campplus(place["obj"].where),
    "ResNet": _resnet,
    "Res2Net": _split(lambda scale: scale - 1, 2),
    "ERes2Net": _split(lambda scale: scale, 2),
    "ERes2NetV2": _split(lambda scale: scale, 2),
}
