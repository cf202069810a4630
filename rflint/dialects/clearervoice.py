"""ClearerVoice-Studio, target speaker extraction: Conv-TasNet-like networks guided by lips or by a voice.

Sources: modelscope/ClearerVoice-Studio, train/target_speaker_extraction/{models,config}.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import Conv, Mixer, stft
from rflint.dialects.analysis import known
from rflint.dialects.asr_frontend import MOST_LAYERS, positive
from rflint.dialects.speech_facts import counted, named
from rflint.dialects.tasnet import doubling
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stack, Stage

NAME, TITLE = "clearervoice", "ClearerVoice target speaker extraction (network_audio, audio_sr)"
SCHEMA, LOADER = "clearervoice", "pyyaml"

LONGEST = 160  # models/SpEx_plus: encoders of L, 80 and 160 samples at one stride
STACKS = 4  # models/SpEx_plus: four stacks, whatever R says


def recognise(root: Cursor) -> bool:
    return root.has("audio_sr") and root["network_audio"]["backbone"].exists


def read(root: Cursor) -> Iterator[Model]:
    net, rate = root["network_audio"], known(root["audio_sr"])
    model = Model(NAME, net["backbone"].str("").value, sample_rate=rate)
    with model.deriving("encoder"):
        if rate is None:
            raise NotComputable("`audio_sr` is no rate", root["audio_sr"].where)
        stages, hop = _stages(net)
        factors = [Factor(hop.key or "L // 2", (hop.value,), hop.where)]
        model.stacks.append(Stack("encoder", "network_audio", stages, input_rate=rate.value, factors=factors))
    counted(model, root["max_length"], "s", 1)
    yield model


def _stages(net: Cursor) -> tuple[list[Stage], Value[int]]:
    """The encoder and, where it is one of dilated convolutions, its mask network."""
    if net["n_fft"].given:
        hop, fft = positive(net["stride"].int()), positive(net["n_fft"].int())
        return [Stage("stft", stft(fft.value, hop.value), hop.where), _everywhere(net)], hop
    kernel = positive(net.first("L", "encoder_kernel_size").int())
    hop = positive(Value(kernel.value // 2, kernel.where, "derived"))
    if named(net["backbone"], ("av_convtasnet",)):
        masks = doubling(net["P"].int(), net["X"].int(), positive(net["R"].int(), MOST_LAYERS).value)
        return [Stage("encoder", Conv(kernel.value, hop.value), kernel.where), *masks], hop
    if named(net["backbone"], ("SpEx-plus",)):
        longest = Stage("encoder", Conv(max(kernel.value, LONGEST), hop.value), kernel.where)
        return [longest, *doubling(net["P"].int(), net["X"].int(), STACKS)], hop
    return [Stage("encoder", Conv(kernel.value, hop.value), kernel.where), _everywhere(net)], hop


def _everywhere(net: Cursor) -> Stage:
    return Stage("masker", Mixer("chunks within and across"), net["backbone"].where)
