"""Arguments of torchaudio.models.wav2vec2_model as a file: AVES and BirdAVES.

Source: torchaudio/models/wav2vec2/model.py; earthspecies/aves config/*.json.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.dialects.waveform import ATTENTION, RATE, WAV2VEC2, extractor, positional, read_triples, state_preset
from rflint.documents import Cursor, Value
from rflint.model import Model, Stack

NAME, TITLE = "torchaudio-ssl", "torchaudio wav2vec2_model arguments (AVES)"
SCHEMA, LOADER = "torchaudio_ssl", "json"

POS_KERNEL = 128


def recognise(root: Cursor) -> bool:
    return root.has("extractor_mode", "extractor_conv_layer_config", "encoder_pos_conv_kernel")


def read(root: Cursor) -> Iterator[Model]:
    rate = Value(RATE, None, "framework default")
    model = Model(NAME, sample_rate=rate)
    with model.deriving("encoder"):
        layers = read_triples(model, root["extractor_conv_layer_config"], WAV2VEC2)
        grouped = root["extractor_mode"].str("group_norm").value == "group_norm"
        stages = extractor(layers, norm="group norm" if grouped else None)
        below = Stack("encoder", "feature_extractor", stages, input_rate=RATE, factors=layers.factors)
        model.stacks.append(below)
        state_preset(model, layers, rate)
        with model.deriving("context"):
            on_top = [*below.stages, *positional(root["encoder_pos_conv_kernel"].int(POS_KERNEL)), ATTENTION]
            model.stacks.append(Stack("context", "transformer", on_top, input_rate=RATE, factors=below.factors))
    yield model
