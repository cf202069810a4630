"""fairseq2: recipes and dumps of its wav2vec 2.0 encoder (``encoder_config``), w2v-BERT's included.

Source: facebookresearch/fairseq2 src/fairseq2/models/wav2vec2/config.py and factory.py, models/w2vbert/config.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import Conv, framing
from rflint.dialects.waveform import (
    ATTENTION,
    RATE,
    WAV2VEC2,
    Layers,
    depthwise,
    extractor,
    mappings,
    positional,
    read_triples,
    text,
)
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stack, Stage

NAME, TITLE = "fairseq2", "fairseq2 recipes and configs of wav2vec 2.0 and w2v-BERT"
SCHEMA, LOADER = "fairseq2", "pyyaml"

OWN = (
    "feature_extractor_layer_descs", "use_fbank", "fbank_stride", "pos_conv_kernel_size", "pos_encoder_type",
    "first_pass_dropout_p", "layer_norm_features", "feature_grad_scale",
)  # fmt: skip
"""Keys of Wav2Vec2EncoderConfig that no other encoder of fairseq2 has."""
ARCHS = ("base", "large")
"""Names of architectures with the stack of wav2vec 2.0 begin so; others read filter bank frames."""
POS_KERNEL, POS_DEPTH, BLOCKS, DEPTHWISE = 128, 1, 12, 31
WINDOW, HOP = 400, 160


def recognise(root: Cursor) -> bool:
    return _encoder(root) is not None


def _encoder(root: Cursor) -> Cursor | None:
    """The mapping of the encoder's fields."""
    for mapping in mappings(root, 4):
        named = str(mapping.path[-1]) == "encoder_config" if mapping.path else mapping[OWN[0]].exists
        if named and any(mapping[key].exists for key in OWN):
            return mapping
    return None


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME, text(root["model"]["arch"]), sample_rate=Value(RATE, None, "framework default"))
    config = _encoder(root)
    if config is not None:
        with model.deriving("encoder"):
            _read(model, config, text(root["model"]["arch"]) or text(root["model"]["name"]).removeprefix("wav2vec2_"))
    yield model


def _read(model: Model, config: Cursor, arch: str) -> None:
    known = not arch or arch.startswith(ARCHS)
    if config["use_fbank"].value is True:
        stages, factors = _stacked(config)
    elif config["feature_extractor_layer_descs"].exists or known:
        layers = read_triples(model, config["feature_extractor_layer_descs"], WAV2VEC2)
        stages, factors = _waveform(config, layers), layers.factors
    else:
        raise NotComputable(f"the stack of the architecture `{arch}` is not in the file", config.where)
    below = Stack("encoder", "frontend", stages, input_rate=RATE, factors=factors)
    model.stacks.append(below)
    with model.deriving("context"):
        on_top = [*below.stages, *_blocks(config), ATTENTION]
        model.stacks.append(Stack("context", "blocks", on_top, input_rate=RATE, factors=factors))


def _waveform(config: Cursor, layers: Layers) -> list[Stage]:
    normed = config["feature_extractor_layer_norm_convs"].bool(False).value
    return extractor(layers, norm=None if normed else "group norm")


def _stacked(config: Cursor) -> tuple[list[Stage], list[Factor]]:
    """fbank_stride filter bank frames to one, of which every sample_fbank_every_k-th is kept (frontend.py)."""
    stride, every = config["fbank_stride"].int(1), config["sample_fbank_every_k"].int(1)
    joined = Stage("fbank_stride", Conv(stride.value, stride.value, 1, (0, 0), "stack"), stride.where)
    kept = Stage("sample_fbank_every_k", Conv(1, every.value, 1, (0, 0), "decimate"), every.where)
    factors = [Factor("fbank", (HOP,)), Factor("fbank_stride", (stride.value,), stride.where)]
    stages = [Stage("fbank", framing(WINDOW, HOP)), joined]
    if every.value > 1:
        stages, factors = [*stages, kept], [*factors, Factor("sample_fbank_every_k", (every.value,), every.where)]
    return stages, factors


def _blocks(config: Cursor) -> list[Stage]:
    stages = []
    if config["pos_encoder_type"].str("conv").value == "conv" and config["use_fbank"].value is not True:
        stages += positional(
            config["pos_conv_kernel_size"].int(POS_KERNEL), config["pos_encoder_depth"].int(POS_DEPTH).value
        )
    kernel = config["depthwise_conv_kernel_size"].int(DEPTHWISE)
    if config["use_conformer"].value is True and kernel.value > 0:
        stages.append(depthwise(kernel, config["num_encoder_layers"].int(BLOCKS).value))
    return stages
