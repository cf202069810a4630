"""wetts (wenet-e2e/wetts) with a Vocos decoder; with HiFi-GAN its files are those of VITS."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

from rflint.coverage import Repeat, crop, istft, residual, same
from rflint.dialects import flat_hifigan as flat, vits_envelope as envelope
from rflint.dialects.generators import decoder
from rflint.documents import Cursor, Value
from rflint.model import Dead, Factor, Model, Stack, Stage, Tie

NAME, TITLE = "wetts", "wetts (VITS with vocoder_type)"
SCHEMA, LOADER = "vits", "pyyaml"

# wetts/vits/model/models.py, SynthesizerTrn
VOCODER, LAYERS, CHANNELS, FFT, HOP, WINDOW = "hifigan", 8, 1026, 1024, 256, 1024
KERNEL = 3  # wetts/vits/model/decoders.py, ConvNeXtLayer.dw_conv
DEAD = "with vocoder_type vocos the Vocos decoder is built, and the inverse STFT decides"


def recognise(root: Cursor) -> bool:
    return envelope.is_envelope(root) and root["model"].has("vocoder_type")


def read(root: Cursor) -> Iterator[Model]:
    model, analysis = envelope.begin(NAME, root)
    net = root["model"]
    with model.deriving("decoder"):
        if net["vocoder_type"].str(VOCODER).value == "vocos":
            model.stacks.append(vocos(model, net, analysis.frame_rate))
            analysis.inverted(model, envelope.PRODUCT)
        else:
            envelope.decode(model, net, analysis)
    yield model


def vocos(model: Model, net: Cursor, frame_rate: Fraction | None) -> Stack:
    """One frame of padding, a pointwise convolution, ConvNeXt layers, the inverse STFT (decoders.py, VocosGenerator)."""
    config = net["vocos_istft_config"]
    fft, hop = config["n_fft"].int(FFT), config["hop_length"].int(HOP)
    window = config["win_length"].int(WINDOW)
    layers = net["vocos_num_layers"].int(LAYERS)
    unread(model, net, net["vocos_out_channels"].int(CHANNELS), fft, hop)
    stages = [
        Stage("pad", crop(-1, 0)),
        Stage("layers", Repeat(layers.value, residual(same(KERNEL))), layers.where),
        Stage("istft", istft(fft.value, hop.value, window.value), hop.where or net.where),
    ]
    factors = [Factor(hop.key or "hop_length", (hop.value,), hop.where or net["vocoder_type"].where)]
    return decoder("vocos", stages, frame_rate, factors)


def unread(model: Model, net: Cursor, channels: Value[int], fft: Value[int], hop: Value[int]) -> None:
    """The keys of the HiFi-GAN decoder without effect, and the channels that magnitude and phase need."""
    wanted: Value[object] = Value(fft.value + 2, fft.where, "derived")
    because = "magnitude and phase take n_fft / 2 + 1 channels each"
    model.ties.append(Tie("bins", "equal", cast(Value[object], channels), wanted, "crash", because))
    for name in (flat.RATES, flat.KERNELS):
        if net[name].given:
            model.dead.append(Dead(Value(net[name].value, net[name].where), cast(Value[object], hop), DEAD))
