"""wespeaker: speaker embeddings over filter-bank or self-supervised features; the network is fixed by its name.

Sources: wespeaker/models/speaker_model.py, wespeaker/dataset/dataset.py, wespeaker/frontend/*.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction

from rflint.coverage import framing
from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.speaker_nets import (
    basic_block,
    bottleneck,
    campplus,
    ecapa,
    gated_block,
    gemini,
    pooled,
    repvgg,
    resnet,
    split_at_twice,
    split_block,
    xvector,
)
from rflint.dialects.speech_facts import (
    KALDI_SHIFT_MS,
    MS,
    Features,
    counted,
    derived,
    kaldi_features,
    maybe,
    over_utterance,
    plausible,
    strided,
)
from rflint.dialects.ssl_upstreams import upstream, w2v_bert, whisper_encoder
from rflint.documents import Cursor, NotComputable, Value, Where
from rflint.model import Model, Stack, Stage, declared

NAME, TITLE = "wespeaker", "wespeaker (model, model_args, dataset_args)"
SCHEMA, LOADER = "wespeaker", "pyyaml"

RATE = 16000  # wespeaker/dataset/dataset.py, configs.get('resample_rate', 16000)
FRONTEND = "fbank"  # configs.get('frontend', 'fbank')
CMVN = True  # wespeaker/utils/executor.py, configs.get('cmvn', True)
SSL_SHIFT_MS = Fraction(20)  # wespeaker/frontend/s3prl.py, frame_shift
TFMEL = {"win_length": 400, "hop_length": 160}  # wespeaker/frontend/tfmel.py

RESNETS = {
    "18": (2, 2, 2, 2), "34": (3, 4, 6, 3), "50": (3, 4, 6, 3), "101": (3, 4, 23, 3),
    "152": (3, 8, 36, 3), "221": (6, 16, 48, 3), "293": (10, 20, 64, 3),
}  # fmt: skip
SIMAM = {"34": (3, 4, 6, 3), "100": (6, 16, 24, 3)}
GEMINI = {"60": (3, 3, 9, 3), "114": (3, 3, 27, 3), "183": (3, 8, 45, 3), "237": (3, 8, 63, 3)}
REPVGG = {"TINY": (3, 4, 23, 3), "A": (2, 4, 14, 1), "B": (4, 6, 16, 1), "D": (8, 14, 24, 1)}
AUGMENTED_SCALE = 3  # ERes2Net34_aug: scale

Net = Callable[[Where | None], list[Stage]]


def recognise(root: Cursor) -> bool:
    named = isinstance(root["model"].value, str)
    return named and root["model_args"].is_mapping() and root["dataset_args"].is_mapping()


def read(root: Cursor) -> Iterator[Model]:
    data = root["dataset_args"]
    model = Model(NAME)
    with model.deriving("frontend"):
        rate = model.sample_rate = positive(data["resample_rate"].int(RATE))
        features = _features(model, data, rate)
        model.stacks.append(features.stack())
        _frames(model, root, features.frame_rate)
        _normalised_then_embedded(model, root, features)
    if _filter_bank(data):
        plausible(model)
    _sizes(model, root)
    _name(model, root)
    yield model


# -- features -----------------------------------------------------------------------------------------------------


def _features(model: Model, data: Cursor, rate: Value[int]) -> Features:
    if data["raw_wav"].value is True:
        raise NotComputable("a network of its own reads the waveform", data["raw_wav"].where)
    kind = data["frontend"].str(FRONTEND)
    conf = data[f"{kind.value}_args"]
    if kind.value == "fbank":
        return kaldi_features(model, rate, conf["frame_shift"], conf["frame_length"])
    if kind.value == "tfmel":
        return _tfmel(model, conf, rate)
    if kind.value == "s3prl":
        return _pretrained(model, conf, rate)
    if kind.value == "whisper_encoder":
        return Features(rate, Value(320, kind.where, "derived"), tuple(whisper_encoder(kind.where)))
    if kind.value == "w2vbert":
        return Features(rate, Value(320, kind.where, "derived"), tuple(w2v_bert(kind.where)))
    raise NotComputable(f"the front end `{kind.value}` is not known", kind.where)


def _filter_bank(data: Cursor) -> bool:
    banks = data["frontend"].value == FRONTEND or not data["frontend"].given
    return banks and data["raw_wav"].value is not True


def _tfmel(model: Model, conf: Cursor, rate: Value[int]) -> Features:
    """Frames counted in samples; dataset.py turns them into whole milliseconds for the length of a crop."""
    hop, window = (positive(conf[key].int(TFMEL[key])) for key in ("hop_length", "win_length"))
    counted(model, conf["hop_length"], "samples", rate.value, "step")
    counted(model, conf["win_length"], "samples", rate.value, "window")
    return Features(rate, hop, (Stage("tfmel", framing(window.value, hop.value), hop.where),))


def _pretrained(model: Model, conf: Cursor, rate: Value[int]) -> Features:
    name = conf["upstream_args"]["name"].str()
    stages = upstream(name.value, name.where)
    hop = derived(int(Stack("frontend", "features", stages).coverage.step), name.where)
    shift = conf["frame_shift"].number(SSL_SHIFT_MS)
    because = "wespeaker/frontend/s3prl.py asserts that it is the rate of the upstream"
    seconds = shift.value / MS
    claim = declared("frame_step", shift, "s", amount=seconds, stack="frontend", outcome="crash", because=because)
    if shift.where is not None:
        model.claims.append(claim)
    counted(model, conf["frame_shift"], "ms", MS, "step")
    return Features(rate, hop, tuple(stages))


# -- the network --------------------------------------------------------------------------------------------------


def _normalised_then_embedded(model: Model, root: Cursor, features: Features) -> None:
    cmvn = root["dataset_args"]["cmvn"].bool(CMVN)
    if cmvn.value:
        features = features.then(over_utterance("mean over the utterance", cmvn.where))
    with model.deriving("encoder"):
        name = root["model"].str()
        stages = _network(name.value)(name.where)
        model.stacks.append(features.encoder(name.value, stages, [strided("model", stages, name.where)]))


def _network(name: str) -> Net:
    """The layers behind a model's name.

    Raises:
        NotComputable: a network whose layers are not written down here.
    """
    depth = "".join(re.findall(r"(?:ResNet|Net)(\d+)", name)[:1])
    if name.startswith("SimAM_ResNet") and depth in SIMAM:
        return lambda where: resnet(where, SIMAM[depth], gated_block("SimAM"))
    if name.startswith("ResNet") and depth in RESNETS:
        return lambda where: resnet(where, RESNETS[depth], basic_block if int(depth) < 50 else bottleneck)
    if name.startswith("Gemini_DF_ResNet") and depth in GEMINI:
        return lambda where: gemini(where, GEMINI[depth])
    if name.startswith(("ERes2Net34", "Res2Net34")):
        split = split_block(_convolutions(name))
        return lambda where: resnet(where, RESNETS["34"], split)
    family = _REPVGG.match(name)
    if family:
        block = split_at_twice if "_RSBB" in name else bottleneck
        return lambda where: repvgg(where, REPVGG[family[1]], block)
    for start, net in _BY_START.items():
        if name.startswith(start):
            return net
    raise NotComputable(f"the layers of `{name}` are not known")


def _convolutions(name: str) -> int:
    """Convolutions in series in a block: scale of them (ERes2Net), or scale - 1 (Res2Net) with scale 2."""
    if name.startswith("Res2Net"):
        return 1
    return AUGMENTED_SCALE if name.endswith("_aug") else 2


_REPVGG = re.compile(r"REPVGG_(?:RSBB_)?(TINY|[ABD])")
"""``REPVGG_A1``, ``REPVGG_TINY_A0``, ``REPVGG_TINY_RSBB_A0``, ``REPVGG_RSBB_B0``: the family sets the depths."""

_BY_START: dict[str, Net] = {
    "ECAPA_TDNN": ecapa,
    "XI_VEC_ECAPA_TDNN": ecapa,
    "XVEC": xvector,
    "XI_VEC_XVEC": xvector,
    "CAMPPlus": campplus,
    "W2VBert_Adapter_MFA": lambda where: pooled([], where),
    "whisper_PMFA": lambda where: pooled([], where),
    "Whisper_PMFA": lambda where: pooled([], where),
}


# -- facts --------------------------------------------------------------------------------------------------------


def _frames(model: Model, root: Cursor, frame_rate: Fraction) -> None:
    """Keys that count frames: crops by the shift that the front end's arguments state, masks by the frames themselves."""
    data = root["dataset_args"]
    with model.deriving("crops"):
        rate = _crop_rate(data)
        for key in ("min_num_frames", "max_num_frames"):
            counted(model, data["filter_args"][key], "frames", rate)
        for key in ("global_chunk_len", "local_chunk_len"):
            counted(model, data["chunk_info_args"][key], "frames", rate)
        counted(model, data["num_frms"], "frames", rate)
        counted(model, root["feature_args"]["num_frms"], "frames", rate)
    counted(model, data["spec_aug_args"]["max_t"], "frames", frame_rate)


def _crop_rate(data: Cursor) -> Fraction:
    """Frames a second (Hz) by which crops are cut: 100 unless the front end's arguments say otherwise (dataset.py)."""
    conf, rate = data[f"{data['frontend'].str(FRONTEND).value}_args"], data["resample_rate"].int(RATE)
    hop = maybe(conf["hop_length"].int)
    shift = (
        Fraction(positive(hop).value * 1000 // rate.value) if hop else conf["frame_shift"].number(KALDI_SHIFT_MS).value
    )
    if shift <= 0:
        raise NotComputable(f"a shift of {shift} ms cuts no crops", conf["frame_shift"].where)
    return MS / shift


def _sizes(model: Model, root: Cursor) -> None:
    """The features have as many bands as the network reads; -1 is filled in from the front end."""
    bands = maybe(root["dataset_args"]["fbank_args"]["num_mel_bins"].int)
    size = maybe(root["model_args"]["feat_dim"].int)
    if bands and size and size.value > 0 and _filter_bank(root["dataset_args"]):
        tie(model, "bins", "equal", size, bands, "crash", "the first layer reads feat_dim values a frame")


def _name(model: Model, root: Cursor) -> None:
    """Numbers in the name of the experiment; a large-margin stage keeps the name of the stage before it."""
    name, data = maybe(root["exp_dir"].str), root["dataset_args"]
    if name is None or name.value.endswith("-LM") or root["do_lm"].value is True:
        return
    for label, key in (("num_frms", data["num_frms"]), ("fbank", data["fbank_args"]["num_mel_bins"])):
        stated, value = re.search(rf"-{label}(\d+)\b", name.value), maybe(key.int)
        if stated and value:
            because = f"the name says {label}{stated[1]}"
            tie(model, "frames", "equal", Value(int(stated[1]), name.where), value, "report", because)
