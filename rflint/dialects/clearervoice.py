"""ClearerVoice-Studio: speech enhancement, separation and super-resolution, and the extraction of a target speaker.

Extraction guides Conv-TasNet-like networks by lips or by a voice: modelscope/ClearerVoice-Studio,
train/target_speaker_extraction{,_online}/{models,config}, clearvoice/models/av_mossformer2_tse. The other tasks name their
network, which `clearervoice_networks` knows.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import Conv, Mixer, stft
from rflint.dialects.analysis import known
from rflint.dialects.asr_frontend import MOST_LAYERS, positive
from rflint.dialects.clearervoice_networks import NETWORKS, read_network
from rflint.dialects.speech_facts import counted, named
from rflint.dialects.tasnet import doubling
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stack, Stage

NAME, TITLE = "clearervoice", "ClearerVoice-Studio (network: FRCRN or MossFormer, network_audio)"
SCHEMA, LOADER = "clearervoice", "pyyaml"

EXTRACTING = ("AV_MossFormer2_TSE_16K",)
"""What clearvoice's configs for extraction call their network."""
STREAMING = ("av_skim",)
"""The one network that calls its kernel `window`; elsewhere that is the shape of an STFT's."""

LONGEST = 160  # models/SpEx_plus: encoders of L, 80 and 160 samples at one stride
STACKS = 4  # models/SpEx_plus: four stacks, whatever R says


def recognise(root: Cursor) -> bool:
    return named(root["network"], NETWORKS) or (
        _extracts(root) and (root.has("audio_sr") or named(root["network"], EXTRACTING))
    )


def read(root: Cursor) -> Iterator[Model]:
    if _extracts(root):
        yield _extraction(root)
    else:
        yield read_network(NAME, root)


def _extracts(root: Cursor) -> bool:
    return root["network_audio"]["backbone"].exists


def _extraction(root: Cursor) -> Model:
    net, rate = root["network_audio"], known(root.first("audio_sr", "sampling_rate"))
    model = Model(NAME, net["backbone"].str("").value, sample_rate=rate)
    with model.deriving("encoder"):
        if rate is None:
            raise NotComputable("`audio_sr` is no rate", root["audio_sr"].where)
        stages, hop = _stages(net, is_causal=root["causal"].value in (1, True))
        factors = [Factor(hop.key or "L // 2", (hop.value,), hop.where)]
        model.stacks.append(Stack("encoder", "network_audio", stages, input_rate=rate.value, factors=factors))
    counted(model, root["max_length"], "s", 1)
    counted(model, root["decode_window"], "s", 1)
    return model


def _stages(net: Cursor, *, is_causal: bool) -> tuple[list[Stage], Value[int]]:
    """The encoder and, where it is one of dilated convolutions, its mask network."""
    if net["n_fft"].given:
        hop, fft = positive(net["stride"].int()), positive(net["n_fft"].int())
        return [Stage("stft", stft(fft.value, hop.value), hop.where), _everywhere(net)], hop
    streams = named(net["backbone"], STREAMING)
    kernel = positive((net["window"] if streams else net.first("L", "encoder_kernel_size")).int())
    hop = positive(Value(kernel.value // 2, kernel.where, "derived"))
    if named(net["backbone"], ("av_convtasnet",)):
        repeats = positive(net["R"].int(), MOST_LAYERS).value
        masks = doubling(net["P"].int(), net["X"].int(), repeats, is_causal=is_causal)
        norm = [Stage("norm", Mixer("cumulative norm", None, 0), net["backbone"].where)] if is_causal else []
        return [Stage("encoder", Conv(kernel.value, hop.value), kernel.where), *masks, *norm], hop
    if named(net["backbone"], ("SpEx-plus",)):
        width = max(kernel.value, LONGEST)  # what is longer than L is padded on the right
        longest = Stage("encoder", Conv(width, hop.value, 1, (0, width - kernel.value)), kernel.where)
        masks = doubling(net["P"].int(), net["X"].int(), STACKS, is_causal=is_causal)
        norm = [Stage("norm", Mixer("norm over time"), net["norm"].where)] if net["norm"].value == "gLN" else []
        return [longest, *masks, *norm], hop
    ahead = 0 if streams and is_causal else None  # LSTMs within segments, which get the states of earlier ones
    return [Stage("encoder", Conv(kernel.value, hop.value), kernel.where), _everywhere(net, ahead)], hop


def _everywhere(net: Cursor, ahead: int | None = None) -> Stage:
    return Stage("masker", Mixer("chunks within and across", None, ahead), net["backbone"].where)
