"""What NeMo's self-supervised losses rely on: as many targets as the decoder makes frames.

Source: nemo/collections/asr/losses/ssl_losses/{contrastive,mlm}.py, modules/conv_asr.py (ConvASRDecoderReconstruction)
and models/ssl_models.py. NEST: models/ssl_models.py, EncDecMaskedTokenPredModel.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.nemo_frontend import class_of
from rflint.documents import Cursor, Value
from rflint.model import Model, Outcome

COMBINED = 1  # ContrastiveLoss.__init__, MLMLoss.__init__
STRIDE_LAYERS, TRANSPOSED = 0, True  # ConvASRDecoderReconstruction.__init__
MASK_POSITION = "pre_conv"  # ssl_models.py: cfg.get("mask_position", "pre_conv")

_LOSSES = ("ContrastiveLoss", "MLMLoss", "MultiMLMLoss")
_TARGETS = "targets are {} stacked frames each; the decoder makes one prediction for {} frames"


class _Task(NamedTuple):
    decoder: Cursor
    loss: Cursor
    outcome: Outcome


def state_losses(model: Model, section: Cursor, factor: Fraction) -> None:
    """That each loss stacks as many frames for a target as the encoder (and its decoder) make one prediction of.

    ``factor`` is the encoder's, in frames of the front end that the targets are made of.
    """
    before = section["mask_position"].value in (None, MASK_POSITION) or not section["mask_position"].exists
    for task in _tasks(section):
        with model.deriving("loss"):
            wanted = factor if before or class_of(task.loss) != "MultiMLMLoss" else Fraction(1)
            _state(model, task, wanted)
    if section["quantizer"].is_mapping():
        with model.deriving("quantizer"):
            _state(model, _Task(section["none"], section["quantizer"], "crash"), factor)


def _tasks(section: Cursor) -> Iterator[_Task]:
    if class_of(section["loss"]) in _LOSSES:
        yield _Task(section["decoder"], section["loss"], "crash")
    for entry in section["loss_list"] if section["loss_list"].is_mapping() else ():
        if class_of(entry["loss"]) in _LOSSES:
            yield _Task(entry["decoder"], entry["loss"], "silent" if entry["is_active"].value is False else "crash")


def _state(model: Model, task: _Task, factor: Fraction) -> None:
    combined = positive(task.loss["combine_time_steps"].int(COMBINED))
    predicted = factor / _upsampling(task.decoder)
    place = combined.where or task.loss.where
    because = _TARGETS.format(combined.value, predicted)
    if task.outcome == "silent":  # models/ssl_models.py builds neither decoder nor loss of an entry that is not active
        because += ", once `is_active` is true"
    tie(
        model,
        "subsampling",
        "equal",
        Value(combined.value, place),
        Value(predicted, None, "derived"),
        task.outcome,
        because,
    )


def _upsampling(decoder: Cursor) -> Fraction:
    """By how much the decoder speeds the frames up again: 2 for every transposed layer."""
    if class_of(decoder) != "ConvASRDecoderReconstruction":
        return Fraction(1)
    strided = decoder["stride_layers"].int(STRIDE_LAYERS).value
    step = 1 << max(min(strided, 32), 0)
    return Fraction(step) if decoder["stride_transpose"].bool(TRANSPOSED).value else Fraction(1, step)
