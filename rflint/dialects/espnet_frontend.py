"""The front ends of ESPnet2, from waveform to the frames that an encoder reads.

Sources: espnet2/asr/frontend/{default,windowing,s3prl,fused,whisper,cnn}.py, espnet2/asr/{preencoder,postencoder}/*.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from math import gcd

from rflint.coverage import Conv, Parallel, Sequence as Chain, framing, nearest, stft
from rflint.dialects.asr_frontend import layers, positive, tie
from rflint.dialects.speech_facts import Features, counted, derived, maybe, named, over_utterance, plausible
from rflint.dialects.ssl_upstreams import SAMPLE_RATE, WAV2VEC2_CONVS, upstream, whisper_encoder
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Model, Stack, Stage

RATE = 16000  # espnet2/asr/frontend/default.py, fs; asr.sh passes it on the command line
FFT, HOP = 512, 128  # default.py, n_fft and hop_length; win_length null is n_fft
SLIDING = {"win_length": 400, "hop_length": 160}  # windowing.py
KIND = "default"

_SIZE = re.compile(r"(\d+)\s*(k|K)?")


def front_end(root: Cursor) -> tuple[Cursor, Cursor]:
    """Where the front end is named, and its arguments: diarisation behind an enhancement has one of its own."""
    prefix = "diar_" if root["diar_encoder"].exists else ""  # espnet2/tasks/enh_s2t.py, diar_frontend
    return root[f"{prefix}frontend"], root[f"{prefix}frontend_conf"]


def sample_rate(root: Cursor) -> Value[int]:
    """``fs`` of the front end: a number, or a text such as ``16k``."""
    place = front_end(root)[1]["fs"]
    match = _SIZE.fullmatch(place.value) if isinstance(place.value, str) else None
    if match:
        return positive(Value(int(match[1]) * (1000 if match[2] else 1), place.where))
    return positive(place.int(RATE))


def features(model: Model, root: Cursor, rate: Value[int]) -> Features:
    """The frames that the encoder reads, a normalisation over the utterance included.

    Raises:
        NotComputable: the features are made beforehand, or by a network that the file only names.
    """
    made = _frames(model, root, rate)
    normalize = root["normalize"]
    return made.then(over_utterance("mean over the utterance", normalize.where)) if _utterance(normalize) else made


def _utterance(normalize: Cursor) -> bool:
    return normalize.value == "utterance_mvn"


def _frames(model: Model, root: Cursor, rate: Value[int]) -> Features:
    place, conf = front_end(root)
    kind = place.str(KIND)
    diarises = root["label_aggregator_conf"].is_mapping() or root["attractor"].exists
    beside = diarises and named(place, FRONTENDS)  # tasks/diar.py joins both
    if (root["input_size"].given and not beside) or (place.exists and place.value is None):
        raise NotComputable("the features are made beforehand", (place if place.exists else root["input_size"]).where)
    if kind.value not in FRONTENDS:
        raise NotComputable(f"the frames of the front end `{kind.value}` are not known", kind.where)
    made = FRONTENDS[kind.value](model, conf, rate)
    if rate.where is not None:
        _durations(model, conf, rate)
    return made


def _durations(model: Model, conf: Cursor, rate: Value[int]) -> None:
    """Sizes in samples mean a time only where the file gives the rate."""
    counted(model, conf["hop_length"], "samples", rate.value, "step")
    counted(model, conf["win_length"], "samples", rate.value, "window")
    if not conf["win_length"].given:
        counted(model, conf["n_fft"], "samples", rate.value, "window")
    plausible(model)


# -- kinds --------------------------------------------------------------------------------------------------------


def _default(model: Model, conf: Cursor, rate: Value[int]) -> Features:
    """A power spectrogram and its mel bands, centred unless told otherwise."""
    if not conf["apply_stft"].bool(True).value:
        raise NotComputable("the spectra are made beforehand", conf["apply_stft"].where)
    fft, hop = positive(conf["n_fft"].int(FFT)), positive(conf["hop_length"].int(HOP))
    window = positive(conf["win_length"].int(fft.value))
    if window.where is not None:
        tie(model, "fft", "at most", window, fft, "crash", "torch.stft: expected 0 < win_length <= n_fft")
    centred = conf["center"].bool(True).value
    layer = stft(max(fft.value, window.value), hop.value, window.value, center=centred)
    return Features(rate, hop, (Stage("stft", layer, hop.where or fft.where),))


def _sliding(_: Model, conf: Cursor, rate: Value[int]) -> Features:
    """Windows of samples; a pre-encoder makes one vector of each."""
    window, hop = (positive(conf[key].int(SLIDING[key])) for key in ("win_length", "hop_length"))
    return Features(rate, hop, (Stage("window", framing(window.value, hop.value), hop.where),))


def _s3prl(model: Model, conf: Cursor, rate: Value[int]) -> Features:
    inner = conf["frontend_conf"]
    name, tiles = inner["upstream"].str(), positive(inner["tile_factor"].int(1))
    stages = upstream(name.value, name.where)
    hop = derived(int(Stack("frontend", "features", stages).coverage.step), name.where)
    if rate.where is not None:
        because = "s3prl upstreams read 16 kHz; at another rate a warning is logged and nothing is resampled"
        tie(model, "rate", "equal", rate, derived(SAMPLE_RATE), "silent", because)
    if tiles.value > 1:
        stages.append(Stage("tile", nearest(tiles.value), tiles.where))
    return Features(rate, hop, tuple(stages))


def _hugging_face(_: Model, conf: Cursor, rate: Value[int]) -> Features:
    name = conf["model"].str()
    stages = upstream(name.value.rpartition("/")[2], name.where)
    return Features(rate, derived(int(Stack("frontend", "features", stages).coverage.step), name.where), tuple(stages))


def _whisper(_: Model, conf: Cursor, rate: Value[int]) -> Features:
    return Features(rate, derived(320, conf.where), tuple(whisper_encoder(conf.where)))


def _convolutional(_: Model, conf: Cursor, rate: Value[int]) -> Features:
    """Unpadded convolutions over the waveform: channels, kernel and stride of each."""
    shapes = conf["shapes"].lists([[512, kernel, stride] for kernel, stride in WAV2VEC2_CONVS])
    if not all(len(shape) == 3 and min(shape[1:]) > 0 for shape in shapes.value):
        raise NotComputable("`shapes` holds no (channels, kernel, stride)", shapes.where)
    stages = [Stage(f"conv.{i}", Conv(shape[1], shape[2]), shapes.where) for i, shape in enumerate(shapes.value)]
    hop = int(Stack("frontend", "features", stages).coverage.step)
    return Features(rate, derived(hop, shapes.where), tuple(stages))


def _fused(model: Model, conf: Cursor, rate: Value[int]) -> Features:
    """Several front ends, each cut into frames of the greatest common divisor of all hops, side by side."""
    parts = [_part(model, part, rate) for part in conf["frontends"]]
    if not parts:
        raise NotComputable("`frontends` holds none", conf["frontends"].where)
    steps = [int(Stack("frontend", "part", part.stages).coverage.step) for part in parts]
    common = gcd(*steps)
    branches = [
        Chain((*(stage.layer for stage in part.stages), nearest(step // common)))
        for part, step in zip(parts, steps, strict=True)
    ]
    stage = Stage("fused", Parallel(tuple(branches)), conf["frontends"].where)
    return Features(rate, derived(common, conf["frontends"].where), (stage,))


def _part(model: Model, part: Cursor, rate: Value[int]) -> Features:
    kind = part["frontend_type"].str()
    if kind.value == "s3prl":
        return _s3prl(model, part, rate)
    if kind.value == "default":
        return _default(model, part, rate)
    raise NotComputable(f"the front end `{kind.value}` cannot be fused", kind.where)


FRONTENDS: dict[str, Callable[[Model, Cursor, Value[int]], Features]] = {
    "default": _default,
    "sliding_window": _sliding,
    "s3prl": _s3prl,
    "huggingface": _hugging_face,
    "whisper": _whisper,
    "wav2vec_cnn": _convolutional,
    "fused": _fused,
}
NAMED_ONLY = {"espnet_ssl"}
"""Front ends that are models of their own, in another folder."""


# -- behind the encoder -------------------------------------------------------------------------------------------


def length_adaptor(root: Cursor) -> list[Stage]:
    """Convolutions of two frames into one behind the encoder (postencoder/length_adaptor_postencoder.py)."""
    conf = root["postencoder_conf"]
    count = maybe(conf["length_adaptor_n_layers"].int)
    if count is None or count.value < 1:
        return []
    times = layers(conf["length_adaptor_n_layers"]).value
    return [Stage(f"postencoder.{i}", Conv(2, 2), count.where) for i in range(times)]
