"""WaveGlow and nv-wavenet of NVIDIA: one transposed convolution brings the features to the samples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rflint.coverage import Conv, Repeat, Sequence as Chain, Transposed, centred, nearest, residual
from rflint.dialects.analysis import Analysis, known
from rflint.dialects.generators import decoder
from rflint.dialects.wavenets import conditioned, dilations
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stage, declared

NAME, TITLE = "waveglow", "WaveGlow and nv-wavenet (data_config)"
SCHEMA, LOADER = "waveglow", "json"

KERNEL, STRIDE = 1024, 256  # glow.py, WaveGlow: ConvTranspose1d(n_mel_channels, n_mel_channels, 1024, stride=256)
FLOWS, GROUP, LAYERS, WN_KERNEL = 12, 8, 8, 3  # config.json; the classes have no defaults
MOST_FLOWS = 100

DATA = ("segment_length", "sampling_rate", "filter_length", "hop_length", "win_length")
OTHERS = ("train_config", "dist_config", "data_config")


def recognise(root: Cursor) -> bool:
    data = root["data_config"]
    if root["wavenet_config"].has("upsamp_stride"):
        return data.is_mapping()
    if root["waveglow_config"].is_mapping():
        return data.has("hop_length")
    value = root.value
    return data.has(*DATA) and isinstance(value, dict) and all(key in OTHERS for key in value)


def read(root: Cursor) -> Iterator[Model]:
    data, wavenet = root["data_config"], root["wavenet_config"].has("upsamp_stride")
    analysis = Analysis.read(data["sampling_rate"], data["hop_length"], data["win_length"], data["filter_length"])
    model = Model(NAME, "nv-wavenet" if wavenet else "waveglow", sample_rate=analysis.rate)
    analysis.describe(model)
    analysis.below_nyquist(model, data["mel_fmax"])
    # The upsampled features are only cut to the crop (glow.py, forward): any crop will do.
    analysis.lasting(model, known(data["segment_length"]))
    analysis.exchanged(model, "takes", known(root["waveglow_config"]["n_mel_channels"]), centred=True)
    with model.deriving("analysis"):
        analysis.frontend(model)
    with model.deriving("decoder"):
        if wavenet:
            _nv_wavenet(model, root["wavenet_config"], analysis)
        else:
            config = root["waveglow_config"]
            net = config["WN_config"]
            waveglow(model, Flows.read(config, net["n_layers"], net["kernel_size"]), analysis, "glow.py")
    yield model


class Flows(NamedTuple):
    """Flows over groups of samples, and the WaveNet in each."""

    flows: Value[int]
    group: Value[int]
    layers: Value[int]
    kernel: Value[int]

    @classmethod
    def read(cls, config: Cursor, layers: Cursor, kernel: Cursor) -> Flows:
        """Read them; layers and kernel stand in a section of their own in the original.

        Raises:
            NotComputable: more flows than any model has, or a group of none.
        """
        flows, group = config["n_flows"].int(FLOWS), config["n_group"].int(GROUP)
        if not (0 < flows.value <= MOST_FLOWS and group.value > 0):
            raise NotComputable(f"{flows.value} flows over groups of {group.value}", flows.where)
        return cls(flows, group, layers.int(LAYERS), kernel.int(WN_KERNEL))


def waveglow(model: Model, flows: Flows, analysis: Analysis, source: str) -> None:
    """Features upsampled by a transposed convolution whose last KERNEL - STRIDE samples are cut, then the flows."""
    steps = dilations(flows.layers.value, flows.layers.value)
    widths = tuple(residual(centred(flows.kernel.value, 1, dilation)) for dilation in steps)
    stages = [
        Stage("upsample", Transposed(KERNEL, STRIDE, 1, (0, KERNEL - STRIDE))),
        Stage("group", Conv(flows.group.value, flows.group.value, 1, (0, 0), "stack"), flows.group.where),
        Stage("first flow", Chain(widths[1:])),
        Stage("other flows", Repeat(flows.flows.value - 1, Chain(widths)), flows.flows.where),
        Stage("ungroup", nearest(flows.group.value), flows.group.where),
    ]
    model.stacks.append(decoder("waveglow", stages, analysis.frame_rate, [Factor("stride", (STRIDE,))]))
    if analysis.hop is not None:
        because = f"{source} upsamples with a transposed convolution of kernel {KERNEL} and stride {STRIDE}"
        claim = declared("upsampling", analysis.hop, "samples", stack="decoder", outcome="crash", because=because)
        model.claims.append(claim._replace(topic="fixed"))


def _nv_wavenet(model: Model, config: Cursor, analysis: Analysis) -> None:
    window, stride = config["upsamp_window"].int(), config["upsamp_stride"].int()
    layers, longest = config["n_layers"].int(), config["max_dilation"].int()
    cycle = Value(max(longest.value, 1).bit_length(), longest.where, "derived")
    upsample = Transposed(window.value, stride.value, 1, (0, window.value - stride.value))
    stages = [
        Stage("upsample", upsample, stride.where),
        *conditioned(2, layers.value, cycle.value, is_causal=True),
    ]
    factors = [Factor(stride.key, (stride.value,), stride.where)]
    model.stacks.append(decoder("conditioning", stages, analysis.frame_rate, factors))
    analysis.inverted(
        model, "the upsampled features are cut to the crop, so upsamp_stride must be the hop (wavenet.py)"
    )
