"""NeMo's convolutional encoders: Jasper block lists, CarneliNet's parallel kernels, ECAPA."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from asr_files import MEL, NEMO, block, codes, figures, jasper, messages, model_of, said, stack_of

from rflint.dialects.jasper import odd_kernel


def frames(*blocks: dict[str, Any]) -> tuple[int, int, int, int]:
    """Step, field, left and right context of the blocks in front-end frames."""
    step, field, left, right = figures(jasper(*blocks))
    return step // 160, (field - 400) // 160 + 1, (left - 200) // 160, (right - 199) // 160


# -- geometry -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([block(11)], (1, 11, 5, 5)),
        ([block(11), block(13, repeat=3, residual=True)], (1, 47, 23, 23)),
        ([block(11, stride=[2]), block(3)], (2, 15, 7, 7)),
        ([block(12)], (1, 13, 6, 6)),  # an even kernel goes up to the next odd one
        ([block(29, dilation=[2])], (1, 57, 28, 28)),
        ([block(3, repeat=2, stride=[2], stride_last=True)], (2, 5, 2, 2)),
        ([block(3, repeat=2, stride=[2])], (4, 7, 3, 3)),  # every repetition is strided
        ([block(11, kernel_size_factor=0.25)], (1, 3, 1, 1)),
        ([block(11, kernel_size_factor=0.01)], (1, 1, 0, 0)),
        ([block(11, future_context=2)], (1, 11, 8, 2)),
        ([block(3, future_context=8)], (1, 3, 1, 1)),  # more future than kernel: symmetric
        ([block(5, repeat=2, stride=[2], stride_last=True, residual=True, residual_mode="stride_add")], (2, 9, 4, 4)),
    ],
)
def test_blocks(blocks: list[dict[str, Any]], expected: tuple[int, int, int, int]) -> None:
    assert frames(*blocks) == expected


def test_quartznet_15x5() -> None:
    five = {"repeat": 5, "residual": True, "separable": True}
    middle = [block(kernel, **five) for kernel in (33, 39, 51, 63, 75) for _ in range(3)]
    text = jasper(block(33, stride=[2]), *middle, block(87, dilation=[2]), block(1))
    assert figures(text)[:2] == (320, (2 * 4028) * 160 + 400)
    assert stack_of(text).factor_text() == "160 × 2"
    assert said(text) == []


def test_the_residual_mode_is_sticky() -> None:
    strided = {"stride": [2], "stride_last": True, "residual": True}
    text = jasper(block(5, residual=True, residual_mode="stride_add"), block(5, **strided), block(5, **strided))
    assert figures(text)[0] == 640
    assert said(text) == []


def test_only_the_first_kernel_counts_but_in_the_parallel_class() -> None:
    several = block(3, kernel=[3, 7])
    assert frames(several)[1] == 3
    encoder = {"_target_": NEMO + "ParallelConvASREncoder", "jasper": [several, block(5, kernel=["${model.k}", 11])]}
    text = json.dumps({"model": {"preprocessor": MEL, "encoder": encoder, "k": 5}})
    assert (figures(text)[1] - 400) // 160 + 1 == 7 + 10


def test_squeeze_excite_sees_everything() -> None:
    assert [mixer.name for mixer in stack_of(jasper(block(5, se=True))).coverage.unbounded_by] == [
        "per_feature normalisation",
        "squeeze-excite",
    ]


def test_mfcc_models_are_bounded() -> None:
    front = {"_target_": NEMO + "AudioToMFCCPreprocessor", "window_size": 0.025, "window_stride": 0.01}
    encoder = {"_target_": NEMO + "ConvASREncoder", "feat_in": 64, "jasper": [block(11)]}
    text = json.dumps({"model": {"preprocessor": front, "encoder": encoder}})
    assert figures(text)[:2] == (160, 2000)
    assert not stack_of(text).coverage.unbounded
    assert said(text) == []


def test_norms_over_time() -> None:
    encoder = {"_target_": NEMO + "ConvASREncoder", "normalization_mode": "instance", "jasper": [block(11)]}
    text = json.dumps({"model": {"preprocessor": {**MEL, "normalize": "NA"}, "encoder": encoder}})
    assert [mixer.name for mixer in stack_of(text).coverage.unbounded_by] == ["norm over time"]


def ecapa(**changes: Any) -> str:
    lists = {"filters": [8, 8, 8, 8, 24], "kernel_sizes": [5, 3, 3, 3, 1], "dilations": [1, 1, 1, 1, 1]}
    encoder = {"_target_": NEMO + "ECAPAEncoder", "feat_in": 80, **lists, **changes}
    return json.dumps({"model": {"preprocessor": MEL, "encoder": encoder}})


def test_ecapa_has_no_hierarchy_in_time() -> None:
    assert figures(ecapa())[:2] == (160, 10 * 160 + 400)
    assert figures(ecapa(dilations=[1, 2, 3, 4, 1]))[:2] == (160, 22 * 160 + 400)
    assert said(ecapa()) == []


def test_the_aggregation_takes_the_last_kernel() -> None:
    assert figures(ecapa(filters=[8, 8, 24], kernel_sizes=[5, 3, 3, 3, 1]))[1] == 6 * 160 + 400


@pytest.mark.parametrize(("kernel", "factor", "made"), [(11, 1, 11), (12, 1, 13), (33, Fraction(1, 4), 9), (3, 0, 1)])
def test_kernels_are_odd(kernel: int, factor: Fraction, made: int) -> None:
    assert odd_kernel(kernel, Fraction(factor)) == made


# -- contradictions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected", "message"),
    [
        (jasper(block(3, repeat=2, stride=[2])), ("RF503", "warning"), "`stride` 2 is declared, the model has 4"),
        (jasper(block(3, stride=[2], residual=True)), ("RF503", "error"), "`stride` 2 is declared, the model has 1"),
        (jasper(block(3, stride=[2], dilation=[2])), ("RF002", "error"), "`jasper` must be"),
        (jasper(block(3, stride=2)), ("RF002", "error"), "`stride` must be a list"),
        (jasper(block(3, repeat=2, dilation=[2], future_context=1, residual=True)), ("RF203", "error"), "branches"),
        (ecapa(kernel_sizes=[5, 3, 3, 1]), ("RF201", "error"), "`kernel_sizes` has 4 entries, `filters` has 5"),
        (ecapa(kernel_sizes=[5, 4, 3, 3, 1]), ("RF203", "error"), "branches"),
    ],
)
def test_contradictions_are_reported(text: str, expected: tuple[str, str], message: str) -> None:
    assert expected in said(text)
    assert message in messages(text)


def test_a_list_that_cannot_be_read_is_a_note() -> None:
    text = jasper(block(3), block(5, repeat="${model.repeat}"))
    assert [note.reason for note in model_of(text).notes] == ["`repeat` is not known: `repeat` is not in this file"]
    assert codes(text) == []


# -- self-supervised losses ---------------------------------------------------------------------------------------

LOSS = "nemo.collections.asr.losses."
DECODER = {"_target_": NEMO + "ConvASRDecoderReconstruction", "stride_layers": 1}


def pretraining(combined: int, strided: int = 1, **entry: Any) -> str:
    """An encoder that makes one frame of 8, and a loss over targets of so many frames."""
    loss = {"decoder": {**DECODER, "stride_layers": strided}, "loss": {"_target_": LOSS + "ContrastiveLoss"}}
    loss["loss"]["combine_time_steps"] = combined
    eight = [block(3, stride=[2]) for _ in range(3)]
    return jasper(*eight, loss_list={"contrastive": {**loss, **entry}})


def test_targets_are_as_many_as_predictions() -> None:
    assert said(pretraining(4)) == []
    assert said(pretraining(8, 0)) == []
    assert said(pretraining(4, 0)) == [("RF503", "error")]
    assert said(pretraining(4, 0, is_active=False)) == [("RF503", "warning")]
    assert said(pretraining(16, decoder={**DECODER, "stride_transpose": False})) == []


def test_a_loss_of_its_own() -> None:
    eight = [block(3, stride=[2]) for _ in range(3)]
    loss = {"_target_": LOSS + "MLMLoss"}
    assert said(jasper(*eight, loss={**loss, "combine_time_steps": 8})) == []
    assert said(jasper(*eight, loss=loss)) == [("RF503", "error")]
    assert said(jasper(*eight, loss={"_target_": LOSS + "angularloss.AngularSoftmaxLoss"})) == []


@pytest.mark.parametrize(("position", "combined"), [("pre_conv", 8), ("post_conv", 1)])
def test_nest_masks_before_or_behind_the_subsampling(position: str, combined: int) -> None:
    eight = [block(3, stride=[2]) for _ in range(3)]
    sections = {
        "mask_position": position,
        "masking": {"block_size": 40},
        "quantizer": {"combine_time_steps": 8},
    }
    loss = {"_target_": LOSS + "MultiMLMLoss", "combine_time_steps": combined}
    text = jasper(*eight, loss=loss, **sections)
    assert said(text) == []
    assert said(jasper(*eight, loss={**loss, "combine_time_steps": 2}, **sections)) == [("RF503", "error")]
    blocks = [d for d in model_of(text).durations if d.unit == "frames"]
    assert [(d.value.value, d.rate) for d in blocks] == ([(40, 100)] if position == "pre_conv" else [])
