"""wesep: target speaker extraction, by the name of its network (model.tse_model).

Sources: wenet-e2e/wesep, wesep/models/{convtasnet,bsrnn,tfgridnet}.py, wesep/modules/tasnet/*.py, wesep/dataset/dataset.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import Conv, centred, stft
from rflint.dialects.analysis import equal, known
from rflint.dialects.asr_frontend import MOST_LAYERS, positive
from rflint.dialects.speech_facts import MS, counted, over_utterance
from rflint.dialects.tasnet import GRID_FFT, GRID_STRIDE, doubling, grid_network
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Role, Stack, Stage

NAME, TITLE = "wesep", "wesep target speaker extraction (model.tse_model)"
SCHEMA, LOADER = "wesep", "pyyaml"

RATE = 16000  # wesep/dataset/dataset.py, resample_rate
WINDOW, STRIDE = 512, 128  # bsrnn.py and dpccn.py: win, stride
LENGTH, KERNEL, BLOCKS, REPEATS, NORM = 16, 3, 8, 3, "gLN"  # convtasnet.py: L, P, X, R, norm
ENCODER = "Multi"  # convtasnet.py, encoder_type
LONGEST = 160  # modules/tasnet/encoder.py, MultiEncoder: windows of L, 80 and 160 samples at one stride
DEEP = (1, 2, 4, 8)  # modules/tasnet/encoder.py, DeepEncoder: dilations
WHOLE_NORM = "gLN"


def recognise(root: Cursor) -> bool:
    return isinstance(root["model"]["tse_model"].value, str) and root["model_args"]["tse_model"].is_mapping()


def read(root: Cursor) -> Iterator[Model]:
    data, conf = root["dataset_args"], root["model_args"]["tse_model"]
    model = Model(NAME, str(root["model"]["tse_model"].value))
    rate = model.sample_rate = known(data["resample_rate"], RATE)
    with model.deriving("encoder"):
        if rate is None:
            raise NotComputable("`resample_rate` is no rate", data["resample_rate"].where)
        _network(model, root["model"]["tse_model"], conf, rate)
        counted(model, data["chunk_len"], "samples", rate.value)
        equal(model, known(conf["sr"]), rate, "the network cuts its bands for a rate of its own", "silent")
    counted(model, data["fbank_args"]["frame_shift"], "ms", MS, "step")
    counted(model, data["fbank_args"]["frame_length"], "ms", MS, "window")
    yield model


def _network(model: Model, place: Cursor, conf: Cursor, rate: Value[int]) -> None:
    """The analysis, and what follows it where that is written down here."""
    name = str(place.value)
    stages, hop = _analysis(model, name, place, conf)
    front = len(stages)
    with model.deriving("separator"):
        if name.startswith("ConvTasNet"):
            stages += _dilated(conf)
        elif name.startswith("BSRNN"):
            stages.append(over_utterance("recurrence over time", place.where))
        elif name.startswith("TFGridNet"):
            stages += grid_network(place.where)
        else:
            raise NotComputable(f"the layers of `{name}` are not known", place.where)
    role: Role = "encoder" if len(stages) > front else "frontend"
    factors = [Factor(hop.key or "stride", (hop.value,), hop.where)]
    model.stacks.append(Stack(role, name, stages, input_rate=rate.value, factors=factors))


def _analysis(model: Model, name: str, place: Cursor, conf: Cursor) -> tuple[list[Stage], Value[int]]:
    if name.startswith("ConvTasNet"):
        return _learned(conf)
    if name.startswith("TFGridNet"):
        window, hop = positive(conf["n_fft"].int(GRID_FFT)), positive(conf["stride"].int(GRID_STRIDE))
    elif name.startswith(("BSRNN", "DPCCN")):
        window, hop = positive(conf["win"].int(WINDOW)), positive(conf["stride"].int(STRIDE))
    else:
        raise NotComputable(f"the frames of `{name}` are not known", place.where)
    if model.sample_rate is not None:
        counted(model, conf["stride"], "samples", model.sample_rate.value, "step")
        counted(model, conf.first("win", "n_fft"), "samples", model.sample_rate.value, "window")
    return [Stage("stft", stft(window.value, hop.value), hop.where)], hop


def _learned(conf: Cursor) -> tuple[list[Stage], Value[int]]:
    """Convolutions that stride by half of L; of several lengths, they begin on the same sample."""
    length, kind = (
        positive(conf["L"].int(LENGTH)),
        conf["encoder_type"].value if conf["encoder_type"].exists else ENCODER,
    )
    hop = positive(Value(length.value // 2, length.where, "derived"))
    longest = max(length.value, LONGEST) if kind == "Multi" else length.value
    first = Stage("encoder", Conv(longest, hop.value, 1, (0, longest - length.value)), length.where)
    deep = [Stage(f"encoder.{i}", centred(3, 1, size), None) for i, size in enumerate(DEEP)] if kind == "Deep" else []
    return [first, *deep], hop


def _dilated(conf: Cursor) -> list[Stage]:
    """modules/tasnet/separation.py, FuseSeparation: the speaker enters with the first block of every repeat."""
    repeats = positive(conf["R"].int(REPEATS), MOST_LAYERS)
    causal = conf["causal"].bool(False).value
    stages = doubling(conf["P"].int(KERNEL), conf["X"].int(BLOCKS), repeats.value, is_causal=causal)
    whole = conf["norm"].str(NORM).value == WHOLE_NORM
    return [*stages, over_utterance("norm over time", conf["norm"].where)] if whole else stages
