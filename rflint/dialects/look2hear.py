"""look2hear: the separation networks of TDANet, SPMamba and IIANet (audionet.audionet_name).

Sources: JusperLee/TDANet, look2hear/models/TDANet.py and audio_train.py; JusperLee/SPMamba, look2hear/models/SPMamba.py;
JusperLee/IIANet, look2hear/models/IIANet.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import Conv, stft
from rflint.dialects.analysis import known
from rflint.dialects.asr_frontend import MOST_SAMPLES, positive
from rflint.dialects.speech_facts import MS, counted, named
from rflint.dialects.tasnet import GRID_FFT, GRID_STRIDE, grid_network
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Role, Stack, Stage

NAME, TITLE = "look2hear", "look2hear separation networks (audionet_name, audionet_config)"
SCHEMA, LOADER = "look2hear", "pyyaml"

RATE = 16000  # TDANet.py and its kin, sample_rate
LENGTH_MS = 21  # TDANet.py and IIANet.py, enc_kernel_size
LEARNED = ("TDANet", "TDANetBest", "IIANet")
TRANSFORMED = ("SPMamba",)


def recognise(root: Cursor) -> bool:
    net = root["audionet"]
    return isinstance(net["audionet_name"].value, str) and net["audionet_config"].is_mapping()


def read(root: Cursor) -> Iterator[Model]:
    net, data = root["audionet"], root["datamodule"]["data_config"]
    name, conf = net["audionet_name"], net["audionet_config"]
    model = Model(NAME, str(name.value))
    rate = model.sample_rate = known(data["sample_rate"], RATE)
    with model.deriving("encoder"):
        if rate is None:
            raise NotComputable("`sample_rate` is no rate", data["sample_rate"].where)
        front, hop = _analysis(model, name, conf, rate)
        stages = [front]
        with model.deriving("separator"):
            stages += _network(name)
        role: Role = "encoder" if len(stages) > 1 else "frontend"
        factors = [Factor(hop.key or "stride", (hop.value,), hop.where)]
        model.stacks.append(Stack(role, str(name.value), stages, input_rate=rate.value, factors=factors))
    counted(model, data["segment"], "s", 1)
    yield model


def _analysis(model: Model, name: Cursor, conf: Cursor, rate: Value[int]) -> tuple[Stage, Value[int]]:
    if named(name, TRANSFORMED):
        fft, hop = positive(conf["n_fft"].int(GRID_FFT)), positive(conf["stride"].int(GRID_STRIDE))
        counted(model, conf["stride"], "samples", rate.value, "step")
        counted(model, conf["n_fft"], "samples", rate.value, "window")
        return Stage("stft", stft(fft.value, hop.value), hop.where), hop
    if named(name, LEARNED):
        counted(model, conf["enc_kernel_size"], "ms", MS, "window")
        return _learned(conf, rate)
    raise NotComputable(f"the frames of `{name.value}` are not known", name.where)


def _learned(conf: Cursor, rate: Value[int]) -> tuple[Stage, Value[int]]:
    """Windows of some milliseconds every quarter of them, padded by what they overlap (pad_input) and by half of them."""
    length = conf["enc_kernel_size"].int(LENGTH_MS)
    kernel = positive(Value(length.value * rate.value // 1000, length.where, "derived"), MOST_SAMPLES)
    hop = positive(Value(kernel.value // 4, length.where, "derived"))
    edge = kernel.value // 2 + kernel.value - hop.value
    return Stage("encoder", Conv(kernel.value, hop.value, 1, (edge, edge)), length.where), hop


def _network(name: Cursor) -> list[Stage]:
    if named(name, TRANSFORMED):
        return grid_network(name.where)
    raise NotComputable(f"the layers of `{name.value}` are not known", name.where)
