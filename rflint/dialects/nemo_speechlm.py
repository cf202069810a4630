"""NeMo's speech language models: a pretrained speech encoder, an adapter, and frames that the data counts.

Source: NVIDIA/NeMo, examples/{speechlm,speechlm2}/conf and nemo/collections/speechlm2/modules/perception.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.dialects.asr_frontend import tie
from rflint.dialects.nemo_encoders import Encoder, read_encoder
from rflint.dialects.nemo_frontend import FrontEnd, class_of, read_front_end, target_of
from rflint.dialects.nemo_pretrained import step_of
from rflint.documents import Cursor, Document, NotComputable, Value
from rflint.model import Duration, Factor, Model, Stack

NAME, TITLE = "nemo/speechlm", "NVIDIA NeMo speech language models (perception, modality_adapter)"
SCHEMA, LOADER = "nemo_asr", "omegaconf"

compose = Document.composed  # Hydra, where a recipe has a defaults list

_FRAMES = "text and speech are aligned by frames of this length"


def recognise(root: Cursor) -> bool:
    model = root["model"]
    perception, adapter = model["perception"], model["modality_adapter"]
    return target_of(perception).startswith("nemo.collections.") or (
        model["speech_encoder"].is_mapping() and adapter["config"].is_mapping()
    )


def read(root: Cursor) -> Iterator[Model]:
    section = root["model"]
    perception = section["perception"] if section["perception"].is_mapping() else section
    adapter = perception["modality_adapter"]
    model = Model(NAME)
    with model.deriving("encoder"):
        step = _whole(model, perception) if perception["preprocessor"].is_mapping() else _pretrained(section)
        step *= _adapt(model, adapter["config"] if adapter["config"].is_mapping() else adapter, step)
        for counted in _counted(root["data"]):
            model.durations.append(Duration(counted, "s", Fraction(1), "step"))
            tie(model, "frames", "equal", counted, Value(step, None, "derived"), "silent", _FRAMES)
    yield model


def _pretrained(section: Cursor) -> Fraction:
    """The frame step (s) of the pretrained encoder."""
    name = (
        section["pretrained_asr"] if section["pretrained_asr"].exists else section["speech_encoder"]["pretrained_model"]
    )
    step = step_of(name.value)
    if step is None:
        raise NotComputable("the frame step of the pretrained encoder is not known", name.where)
    return step


def _whole(model: Model, perception: Cursor) -> Fraction:
    """The frame step (s) of an encoder that stands in the file in full."""
    front: FrontEnd = read_front_end(model, perception["preprocessor"], perception)
    encoder: Encoder = read_encoder(model, perception["encoder"], front.hop)
    model.sample_rate = front.rate
    factors = [Factor(front.hop.key, (front.hop.value,), front.hop.where)] if front.hop else []
    stages, rate = (*front.stages, *encoder.stages), Fraction(front.rate.value)
    stack = Stack("encoder", "encoder", stages, input_rate=rate, factors=[*factors, *encoder.factors])
    model.stacks.append(stack)
    return stack.coverage.step / rate


def _adapt(model: Model, adapter: Cursor, step: Fraction) -> Fraction:
    """Add the adapter's layers, and by how much they slow the frames; a projection (ConvASRDecoder) does not."""
    if not adapter.is_mapping() or class_of(adapter) in ("ConvASRDecoder", "IdentityConnector", "Identity"):
        return Fraction(1)
    encoder = read_encoder(model, adapter, None)
    rate = 1 / step
    stack = Stack(
        "context", "modality_adapter", encoder.stages, input_rate=rate, input_unit="frames", factors=encoder.factors
    )
    model.stacks.append(stack)
    return stack.coverage.step


def _counted(data: Cursor) -> Iterator[Value[Fraction]]:
    """The keys that hold the length of a frame (s)."""
    keys = [data["frame_length"], *(data[name]["token_equivalent_duration"] for name in ("train_ds", "validation_ds"))]
    return (cursor.number() for cursor in keys if cursor.given)
