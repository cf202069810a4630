"""s3prl: upstream and pre-training configs, downstream recipes, and the arguments of a run.

None of its files says that it is one: each kind is told by its own top-level keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from rflint.coverage import Mixer
from rflint.dialects.s3prl_features import (
    RATE,
    kaldi_features,
    mel_features,
    npc_blocks,
    stft_features,
)
from rflint.dialects.ssl_upstreams import upstream
from rflint.dialects.waveform import (
    ATTENTION,
    WAV2VEC2,
    exact,
    extractor,
    positional,
    read_triples,
    state_preset,
    state_sizes,
    text,
    whole,
)
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Model, Stack, Stage, Tie

NAME, TITLE = "s3prl", "s3prl upstreams, pre-training configs and downstream recipes"
SCHEMA, LOADER = "s3prl", "pyyaml"

CONV_POS = 128
"""s3prl/upstream/distiller/model.py, conv_pos."""
SIZES: Final = ("max_timestep", "window", "stride", "min_sec")
"""Keys of downstream recipes that count samples at 16 kHz, in spite of the last one's name."""


def recognise(root: Cursor) -> bool:
    return kind(root) != ""


def read(root: Cursor) -> Iterator[Model]:
    found = kind(root)
    model = Model(NAME, found, sample_rate=Value(RATE, None, "framework default"))
    with model.deriving("encoder"):
        KINDS[found].read(model, root)
    yield model


# -- pre-training and upstreams -----------------------------------------------------------------------------------


def _is_distiller(root: Cursor) -> bool:
    return root["distiller"]["extractor_conv_feature_layers"].exists


def read_distiller(model: Model, root: Cursor) -> None:
    """DistilHuBERT: the stack of HuBERT, with fewer layers on top."""
    config = root["distiller"]
    layers = read_triples(model, config["extractor_conv_feature_layers"], WAV2VEC2)
    norm = "group norm" if config["extractor_mode"].str("default").value == "default" else None
    stages = extractor(layers, norm=norm)
    below = Stack("encoder", "feature_extractor", stages, input_rate=RATE, factors=layers.factors)
    model.stacks.append(below)
    if model.sample_rate is not None:
        state_preset(model, layers, Value(RATE, None, "framework default"))
    state_sizes(model, [root["task"]["sequence_length"]], Fraction(RATE))
    with model.deriving("context"):
        on_top = [*below.stages, *positional(config["conv_pos"].int(CONV_POS)), ATTENTION]
        model.stacks.append(Stack("context", "transformer", on_top, input_rate=RATE, factors=below.factors))


def _is_transformer(root: Cursor) -> bool:
    audio = root["audio"]
    return root["transformer"].is_mapping() and (audio["kaldi"].is_mapping() or audio.has("win_ms", "hop_ms"))


def read_transformer(model: Model, root: Cursor) -> None:
    """Mockingjay, TERA, AudioALBERT: filter bank frames, maybe with deltas, under a transformer."""
    audio = root["audio"]
    features = kaldi_features(audio) if audio["kaldi"].is_mapping() else mel_features(model, audio)
    stack = features.stack("encoder", [ATTENTION])
    model.stacks.append(stack)
    state_sizes(model, [root["task"]["sequence_length"]], features.frame_rate, "frames")


def _is_predictive(root: Cursor) -> bool:
    audio = root["data"]["audio"]
    return root["model"]["paras"].is_mapping() and audio.has("frame_length", "frame_shift")


def read_predictive(model: Model, root: Cursor) -> None:
    """APC and VQ-APC: recurrent layers that look back; NPC: convolutions with the centre masked out."""
    audio, paras = root["data"]["audio"], root["model"]["paras"]
    features = kaldi_features(audio, flat=True)
    masked = paras["mask_size"].exists and paras["kernel_size"].exists
    stages = npc_blocks(paras) if masked else [Stage("rnn", Mixer("GRU", None, 0))]
    model.stacks.append(features.stack("encoder", stages))
    state_sizes(model, [root["task"]["sequence_length"]], features.frame_rate, "frames")


def _is_kaldi(root: Cursor) -> bool:
    kaldi = root["kaldi"]
    return bool(text(kaldi["feat_type"])) and kaldi[text(kaldi["feat_type"])].is_mapping()


def read_kaldi(model: Model, root: Cursor) -> None:
    """upstream/baseline with torchaudio.compliance.kaldi."""
    model.stacks.append(kaldi_features(root).stack("frontend"))


def _is_mel(root: Cursor) -> bool:
    return root.has("win_ms", "hop_ms", "n_freq") and text(root["input"]["feat_type"]) != ""


def read_mel(model: Model, root: Cursor) -> None:
    """upstream/baseline with torchaudio.transforms."""
    model.stacks.append(mel_features(model, root).stack("frontend"))


def _is_stft(root: Cursor) -> bool:
    return text(root["feat_type"]) == "spectrogram" and root["spectrogram"].has("n_fft", "hop_length")


def read_stft(model: Model, root: Cursor) -> None:
    """upstream/log_stft."""
    model.stacks.append(stft_features(model, root["spectrogram"], RATE).stack("frontend"))


def _is_byol(root: Cursor) -> bool:
    return root.has("unit_sec", "n_fft", "hop_length", "shape") and root["shape"].is_list()


def read_byol(model: Model, root: Cursor) -> None:
    """BYOL-A and its kin: a log-mel picture of ``shape`` [bands, frames] for every unit of ``unit_sec``."""
    rate = root["sample_rate"].int(RATE)
    model.sample_rate = rate
    features = stft_features(model, root, rate.value)
    model.stacks.append(features.stack("frontend"))
    unit, frames = exact(root["unit_sec"]), whole(root["shape"][1])
    if unit is not None and frames is not None and features.hop.value > 0:
        given: Value[object] = Value(1 + int(unit.value * rate.value) // features.hop.value, unit.where, "derived")
        because = "the network is built for shape, and fed the frames of unit_sec"
        model.ties.append(Tie("frames", "equal", Value(frames.value, frames.where), given, "crash", because))


# -- downstream recipes and runs ----------------------------------------------------------------------------------


def _is_downstream(root: Cursor) -> bool:
    return root["downstream_expert"].is_mapping() and root["runner"].is_mapping()


def read_downstream(model: Model, root: Cursor) -> None:
    """A downstream recipe: the upstream is named on the command line; STFTs and sizes stand here.

    Raises:
        NotComputable: always, once what stands here is read.
    """
    data = root["downstream_expert"]["datarc"]
    rate = whole(data.first("sample_rate", "rate"))
    if rate is not None and rate.value >= 1000:  # a list [1, 1] gives factors of recurrent layers
        model.sample_rate = rate
    own = Fraction(model.sample_rate.value) if model.sample_rate else None
    sections = (data, data["segment_config"], data["vad_config"], data["train"])
    state_sizes(model, [section[key] for section in sections for key in SIZES], own)
    _analyses(model, data)
    raise NotComputable("the upstream is named on the command line")


def _analyses(model: Model, data: Cursor) -> None:
    """The STFT of enhancement and separation recipes, and the log-mel target of voice conversion."""
    with model.deriving("analysis"):
        if data.has("n_fft", "hop_length", "win_length") and model.sample_rate is not None:
            model.stacks.append(stft_features(model, data, int(model.sample_rate.value)).stack("frontend"))
    with model.deriving("target"):
        target = data["fbank_config"]
        if target.has("fs", "n_fft", "n_shift"):
            rate = target["fs"].int()
            features = stft_features(model, target, rate.value, hop="n_shift")
            model.stacks.append(features.stack("frontend", name="target"))


RUN_KEYS: Final = ("upstream_ckpt", "upstream_model_config", "upstream_feature_selection", "upstream_trainable")
"""s3prl/run_downstream.py: arguments that it writes down with their defaults."""


def _is_run(root: Cursor) -> bool:
    """Other tools, too, say what stands upstream and downstream: s3prl's runs hold more of its arguments."""
    if text(root["upstream"]) == "":
        return False
    own = any(root[key].exists for key in RUN_KEYS) or _is_upstream(text(root["upstream"]))
    return root["downsample_rate"].exists or (own and text(root["downstream"]) != "")


def _is_upstream(name: str) -> bool:
    try:
        return bool(upstream(name, None))
    except NotComputable:
        return False


def read_run(model: Model, root: Cursor) -> None:
    """The arguments of a run: the upstream by its name; all upstreams were made for 16 kHz."""
    rate = whole(root["sample_rate"])
    if rate is not None:
        right: Value[object] = Value(RATE, None, "derived")
        because = "s3prl's upstreams read audio at 16 kHz and do not resample"
        model.ties.append(Tie("rate", "equal", Value(rate.value, rate.where), right, "silent", because))
    stack = _features_named(model, root)
    if stack is None:
        stages = upstream(text(root["upstream"]), root["upstream"].where)
        stack = Stack("encoder", "upstream", stages, input_rate=RATE)
        model.stacks.append(stack)
    told = whole(root["downsample_rate"])
    if told is not None:
        step: Value[object] = Value(int(stack.coverage.step), None, "derived")
        because = "the interface compares frame counts with it"
        model.ties.append(Tie("subsampling", "equal", Value(told.value, told.where), step, "crash", because))


def _features_named(model: Model, root: Cursor) -> Stack | None:
    """The front end in the file of upstream/baseline that a run names, by its path below the package's folder."""
    path = text(root["upstream_model_config"])
    document = root.document.upward(path) if path and text(root["upstream"]).startswith("baseline") else None
    found = kind(Cursor(document)) if document is not None else ""
    if document is None or found not in ("kaldi features", "mel features"):
        return None
    KINDS[found].read(model, Cursor(document))
    return model.stacks[-1]


class Kind(NamedTuple):
    """A kind of file: how it is told, and how it is read."""

    fits: Callable[[Cursor], bool]
    read: Callable[[Model, Cursor], None]


KINDS: Final[dict[str, Kind]] = {
    "distiller": Kind(_is_distiller, read_distiller),
    "transformer": Kind(_is_transformer, read_transformer),
    "predictive": Kind(_is_predictive, read_predictive),
    "kaldi features": Kind(_is_kaldi, read_kaldi),
    "mel features": Kind(_is_mel, read_mel),
    "stft features": Kind(_is_stft, read_stft),
    "byol": Kind(_is_byol, read_byol),
    "downstream": Kind(_is_downstream, read_downstream),
    "run": Kind(_is_run, read_run),
}


def kind(root: Cursor) -> str:
    """Which kind of file it is; empty for none of s3prl's."""
    return next((name for name, kind in KINDS.items() if kind.fits(root)), "")
