"""PySlowFast: which video frames a clip takes, and the temporal kernels of its networks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import figures, loud, messages, model_of, stack_of


def clip(arch: str, name: str, data: dict[str, Any] | None = None, **sections: Any) -> str:
    data = {"NUM_FRAMES": 32, "SAMPLING_RATE": 2, **(data or {})}
    return json.dumps({"DATA": data, "MODEL": {"ARCH": arch, "MODEL_NAME": name}, **sections})


TWO = {
    "SLOWFAST": {"ALPHA": 4, "FUSION_KERNEL_SZ": 7},
    "RESNET": {"DEPTH": 50, "NUM_BLOCK_TEMP_KERNEL": [[3, 3], [4, 4], [6, 6], [3, 3]]},
}


@pytest.mark.parametrize(
    ("text", "step", "field"),
    [
        # res4 and res5: 6 + 3 convolutions of 3 over sampled frames, which are 2 apart
        (clip("slow", "ResNet"), 2, 37),
        (clip("slow", "ResNet", RESNET={"DEPTH": 50, "NUM_BLOCK_TEMP_KERNEL": [[3], [4], [1], [0]]}), 2, 5),
        (clip("slow", "ResNet", RESNET={"DEPTH": 101, "NUM_BLOCK_TEMP_KERNEL": [[3], [4], [23], [3]]}), 2, 105),
        (clip("c2d", "PTVResNet"), 4, 3),  # two frames pooled behind res2
        # 5, three of 3, two frames pooled, then 2 + 3 + 1 of 3: every other one of 4, 6 and 3 blocks
        (clip("i3d", "ResNet"), 4, 2 * (4 + 6 + 1 + 2 * 2 * 6) + 1),
        # the last fusion: 5, 3 + 4 + 6 of 3, then 7: 37 frames; an earlier one (23 or 31) with res4: 23 - 37 + 6·2·4;
        # behind res2: 5 + 3·2 + 7 - 1 = 17, behind res3: 25, both before the 6 of res4: 25 + 48 = 73; then res5: 24
        (clip("slowfast", "SlowFast", **TWO), 8, 2 * (73 + 24 - 1) + 1),
    ],
)
def test_networks_are_read_exactly_and_in_silence(text: str, step: int, field: int) -> None:
    assert figures(text)[0] == step
    assert not field or figures(text)[1] == field
    assert loud(text) == []
    assert stack_of(text).input_unit == "video frames"


def test_defaults_are_those_of_the_framework() -> None:
    text = json.dumps({"DATA": {"NUM_FRAMES": 8}, "MODEL": {"ARCH": "slow", "MODEL_NAME": "ResNet"}})
    assert figures(text) == (8, 8 * 18 + 1)
    assert stack_of(text).input_rate == 30
    assert stack_of(clip("slowfast", "SlowFast", RESNET=TWO["RESNET"])).coverage.step == 2 * 8


def test_other_networks_say_only_which_frames_they_take() -> None:
    model = model_of(clip("mvit", "MViT", MVIT={"PATCH_STRIDE": [2, 4, 4]}))
    assert [(stack.role, stack.coverage.step) for stack in model.stacks] == [("frontend", 2)]
    assert model.notes


def test_non_local_blocks_look_at_the_whole_clip() -> None:
    location = {"LOCATION": [[[]], [[1, 3]], [[1, 3, 5]], [[]]]}
    names = [mixer.name for mixer in stack_of(clip("slow", "ResNet", NONLOCAL=location)).coverage.unbounded_by]
    assert "attention" in names
    assert "attention" not in [m.name for m in stack_of(clip("slow", "ResNet")).coverage.unbounded_by]


def test_a_clip_must_be_whole_for_the_slow_pathway() -> None:
    text = clip("slowfast", "SlowFast", {"NUM_FRAMES": 30}, **TWO)
    assert loud(text) == [("RF504", "error")]
    assert "`NUM_FRAMES` 30 declared, which is no multiple of `ALPHA` 4" in messages(text)
    assert loud(clip("slow", "ResNet", {"NUM_FRAMES": 30})) == []


@pytest.mark.parametrize("resnet", [{"DEPTH": 34}, {"NUM_BLOCK_TEMP_KERNEL": [[3]]}, {"DEPTH": "x"}])
def test_what_the_framework_has_not_is_a_note(resnet: dict[str, Any]) -> None:
    assert model_of(clip("slow", "ResNet", RESNET=resnet)).notes
