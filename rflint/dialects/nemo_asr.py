"""NVIDIA NeMo: speech recognition, speaker, voice activity and self-supervised models (Hydra YAML and model_config.yaml).

Source: NVIDIA/NeMo, examples/{asr,speaker_tasks,slu}/**/*.yaml and nemo/collections/asr.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.nemo_diarization import state_scales, state_sortformer
from rflint.dialects.nemo_encoders import Encoder, kind_of, read_encoder
from rflint.dialects.nemo_frontend import CLASSES, FrontEnd, class_of, read_front_end, target_of
from rflint.dialects.nemo_ssl import state_losses
from rflint.dialects.nemo_streaming import state_contexts, state_look_ahead
from rflint.documents import Cursor, Document, Value
from rflint.model import Duration, Factor, Model, Role, Stack

NAME, TITLE = "nemo/asr", "NVIDIA NeMo speech models (preprocessor, encoder)"
SCHEMA, LOADER = "nemo_asr", "omegaconf"

compose = Document.composed  # Hydra, where a recipe has a defaults list

_DATA = ("train_ds", "validation_ds", "test_ds")
_RATE = "audio is resampled to this rate and fed to a preprocessor built for the other"
_BANDS = "the first layer takes that many channels"
_STEP = "labels are cut at window_stride times subsampling_factor of this section"
_NESTED = "ConformerMultiLayerFeaturePreprocessor"


def recognise(root: Cursor) -> bool:
    section = section_of(root)
    encoder = encoder_of(section)
    target = target_of(encoder)
    if target.startswith("nemo.collections.asr."):
        return True
    if target:
        return False
    if encoder["jasper"].is_list():
        return encoder["jasper"][0].has("filters", "kernel")
    if encoder.has("subsampling_factor") and (encoder.has("n_layers") or encoder.has("subsampling")):
        return True
    return _front_end_alone(section)


def _front_end_alone(section: Cursor) -> bool:
    """A model of NeMo's speech recognition that takes its encoder from a checkpoint."""
    if not target_of(section["preprocessor"]).startswith("nemo.collections.asr."):
        return False
    targets = [target_of(part) for part in section if part.is_mapping()]
    others = [target for target in targets if "Preprocessor" not in target and "augment" not in target.lower()]
    return any(target.startswith("nemo.collections.asr.") for target in others) and not any(
        target.startswith(("nemo.collections.tts.", "nemo.collections.audio.")) for target in others
    )


def encoder_of(section: Cursor) -> Cursor:
    """The encoder's section; before version 1.0 its key is the class."""
    return section.first("encoder", "JasperEncoder")


def section_of(root: Cursor) -> Cursor:
    """What holds preprocessor and encoder: `model` in a recipe, the file itself in a checkpoint's model_config.yaml."""
    return root["model"] if root["model"].is_mapping() else root


def read(root: Cursor) -> Iterator[Model]:
    section = section_of(root)
    model = Model(NAME)
    front: FrontEnd | None = None
    with model.deriving("preprocessor"):
        front = _front(model, section)
        model.sample_rate = front.rate
        _state_rates(model, section, front.rate)
    if encoder_of(section).is_mapping():
        with model.deriving("encoder"):
            _encode(model, section, front)
    if section["diarizer"].is_mapping():
        state_scales(model, section.at("diarizer", "speaker_embeddings", "parameters"))
    yield model


# -- front end ----------------------------------------------------------------------------------------------------


def _front(model: Model, section: Cursor) -> FrontEnd:
    preprocessor = section.first("preprocessor", *CLASSES)
    if class_of(preprocessor) == _NESTED:
        return _nested(model, preprocessor, section)
    front = read_front_end(model, preprocessor, section)
    rate = Fraction(front.rate.value)
    if front.hop is None:
        model.stacks.append(Stack("encoder", "preprocessor", front.stages, input_rate=rate))
        return front
    factors = [Factor(front.hop.key or "hop", (front.hop.value,), front.hop.where)]
    model.stacks.append(Stack("frontend", "preprocessor", front.stages, input_rate=rate, factors=factors))
    _state_bands(model, encoder_of(section), front)
    return front


def _nested(model: Model, preprocessor: Cursor, section: Cursor) -> FrontEnd:
    """A whole encoder as front end: the outer one runs on its frames (ssl_modules/multi_layer_feat.py)."""
    inner = read_front_end(model, preprocessor["preprocessor"], section)
    _state_bands(model, preprocessor["encoder"], inner)
    encoder = read_encoder(model, preprocessor["encoder"], inner.hop, "frontend")
    stages = (*inner.stages, *encoder.stages)
    factors = [*_hop(inner), *encoder.factors]
    stack = Stack("frontend", "preprocessor", stages, input_rate=Fraction(inner.rate.value), factors=factors)
    model.stacks.append(stack)
    step = int(stack.coverage.step)
    return FrontEnd(stages, inner.rate, None, Value(step, preprocessor.where, "derived"))


def _hop(front: FrontEnd) -> list[Factor]:
    return [Factor(front.hop.key or "hop", (front.hop.value,), front.hop.where)] if front.hop else []


def _state_bands(model: Model, encoder: Cursor, front: FrontEnd) -> None:
    with model.deriving("feat_in"):
        if front.bands is not None and encoder["feat_in"].given:
            taken = encoder["feat_in"].int()
            if taken.value > 0:
                tie(model, "bins", "equal", taken, front.bands, "crash", _BANDS)


def _state_rates(model: Model, section: Cursor, rate: Value[int]) -> None:
    """The sample rates of the model and of its data sections, all of which are the preprocessor's."""
    for cursor in [section["sample_rate"], *(section[name]["sample_rate"] for name in _DATA)]:
        with model.deriving("sample_rate"):
            if cursor.given and cursor.where != rate.where:
                tie(model, "rate", "equal", cursor.int(), rate, "silent", _RATE)


# -- encoder ------------------------------------------------------------------------------------------------------


def _encode(model: Model, section: Cursor, front: FrontEnd | None) -> None:
    encoder = read_encoder(model, encoder_of(section), front.hop if front else None)
    stack = _stack(encoder, front)
    model.stacks.append(stack)
    hop = _frame_step(front)
    factor = stack.coverage.step / hop if hop else stack.coverage.step
    state_losses(model, section, Fraction(1) if encoder.is_context else factor)
    _state_labels(model, section, factor)
    _state_masks(model, section, front)
    _state_attention(model, encoder_of(section), front, stack.coverage.step)
    if section["sortformer_modules"].is_mapping():
        rate = Fraction(front.rate.value) / stack.coverage.step if front else None
        state_sortformer(model, section["sortformer_modules"], factor, rate)


def _state_attention(model: Model, encoder: Cursor, front: FrontEnd | None, step: Fraction) -> None:
    """The contexts of attention; a Conformer's may be those of streaming, a Squeezeformer has none."""
    kind = kind_of(encoder)
    if kind in ("ConformerEncoder", "SqueezeformerEncoder"):
        state_contexts(model, encoder)
    if kind == "ConformerEncoder" and front is not None:
        state_look_ahead(model, encoder, front.stages, step, Fraction(front.rate.value))


def _stack(encoder: Encoder, front: FrontEnd | None) -> Stack:
    if front is None:
        return Stack("encoder", "encoder", encoder.stages, input_unit="frames", factors=encoder.factors)
    role: Role = "context" if encoder.is_context else "encoder"
    name = "transformer" if encoder.is_context else "encoder"
    stages, factors = (*front.stages, *encoder.stages), [*_hop(front), *encoder.factors]
    return Stack(role, name, stages, input_rate=Fraction(front.rate.value), factors=factors)


def _frame_step(front: FrontEnd | None) -> int | None:
    return front.hop.value if front and front.hop else None


def _state_labels(model: Model, section: Cursor, factor: Fraction) -> None:
    """What a data section says about the frames that its labels are cut for (Sortformer)."""
    for name in _DATA:
        data = section[name]
        with model.deriving(name):
            if data["subsampling_factor"].given:
                made = Value(factor, None, "derived")
                tie(model, "subsampling", "equal", data["subsampling_factor"].int(), made, "silent", _STEP)
            if data["window_stride"].given:
                stride = section["preprocessor"]["window_stride"].number()
                tie(model, "frames", "equal", data["window_stride"].number(), stride, "silent", _STEP)


def _state_masks(model: Model, section: Cursor, front: FrontEnd | None) -> None:
    """A masked block before the subsampling counts frames of the front end (NEST)."""
    block = section.at("masking", "block_size")
    if not block.given or front is None or front.hop is None or section["mask_position"].value == "post_conv":
        return
    with model.deriving("masking"):
        size = positive(block.int())
        model.durations.append(Duration(size, "frames", Fraction(front.rate.value, front.hop.value), "length"))
