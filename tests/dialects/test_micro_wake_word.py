"""microWakeWord: unpadded convolutions over frames, and the whole strides that its conversion asks for."""

from __future__ import annotations

import json

import pytest
from vocoder_files import codes, loud, model_of

from rflint.engine import explain_text

NAME = "training_config.yaml"
KERNELS = "mixconv_kernel_sizes: '[5], [7,11], [9,15], [23]'"
FLAGS = {
    "pointwise_filters": "64,64,64,64", "repeat_in_block": "1, 1, 1, 1", "residual_connection": "0,0,0,0",
    "mixconv_kernel_sizes": "[5], [7,11], [9,15], [23]", "first_conv_filters": "32", "first_conv_kernel_size": "5",
    "stride": "3",
}  # fmt: skip
NUMBERS = ("first_conv_filters", "first_conv_kernel_size", "stride")


def dumped(clip: int = 1500, step: int | None = 10, length: int | None = None, **flags: str) -> str:
    """What the trainer writes, by default with the shape of a published model."""
    lines = [f"clip_duration_ms: {clip}", "train_dir: trained", "flags:"]
    lines += [f"  {key}: {value if key in NUMBERS else repr(value)}" for key, value in (FLAGS | flags).items()]
    lines += [f"window_step_ms: {step}"] if step else []
    lines += [f"spectrogram_length: {length}"] if length else []
    return "\n".join(lines) + "\n"


def sectioned(**more: str) -> str:
    return (
        "hardware: {sample_rate_hz: 16000, window_size_ms: 30, window_step_ms: 10, clip_duration_ms: 1000}\n"
        f"model:\n  architecture: mixednet\n  first_conv_kernel_size: 5\n  stride: 3\n  {KERNELS}\n"
        + "".join(f"{key}: {value}\n" for key, value in more.items())
    )


@pytest.mark.parametrize("text", [dumped(), dumped(length=204), sectioned()])
def test_the_network(text: str) -> None:
    """480 samples of the first frame, then 5 - 1 frames and 3 · (4 + 10 + 14 + 22) of them more."""
    stack = model_of(text, NAME).stack("encoder")

    assert stack is not None
    assert (stack.coverage.step, stack.coverage.receptive_field) == (480, 480 + 160 * (4 + 3 * 50))
    assert loud(text, NAME) == []


def test_defaults() -> None:
    text = "flags: {mixconv_kernel_sizes: '[5], [9], [13], [21]'}\n"
    stack = model_of(text, NAME).stack("encoder")

    assert stack is not None
    assert (stack.coverage.step, stack.coverage.receptive_field) == (320, 480 + 320 * (2 + 44))
    assert loud(text, NAME) == []


def test_repeated_blocks_and_no_first_convolution() -> None:
    text = dumped(repeat_in_block="2, 1, 1, 1", first_conv_filters="0", stride="1")
    stack = model_of(text, NAME).stack("encoder")

    assert stack is not None
    assert (stack.coverage.step, stack.coverage.receptive_field) == (160, 480 + 160 * 54)
    assert loud(text, NAME) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (dumped(first_conv_kernel_size="3"), ["RF502"]),
        (dumped(clip=1530), ["RF502"]),
        (dumped(length=202), ["RF502", "RF504"]),
        (dumped(length=207), ["RF504"]),
        (dumped(repeat_in_block="1, 1, 1"), ["RF201"]),
        (dumped(pointwise_filters="64,64"), ["RF201"]),
        ("training: {spectrogram_frames: 194}\nmodel: {stride: 3}\n", ["RF502"]),
        ("training: {spectrogram_frames: 195}\nmodel: {stride: 3}\n", []),
        ("model: {stride: 2, step_ms: 10}\nruntime: {stride: 3}\n", ["RF503"]),
        ("model: {stride: 3, step_ms: 10}\nruntime: {stride: 3}\n", []),
        (sectioned(runtime="{stride: 1}"), ["RF503"]),
        (dumped().replace("window_step_ms: 10", "window_step_ms: 10  # 20 ms"), ["RF110"]),
    ],
)
def test_contradictions(text: str, found: list[str]) -> None:
    assert sorted(codes(text, NAME)) == found


@pytest.mark.parametrize(
    "text",
    [
        dumped(mixconv_kernel_sizes="[], [3]"),
        dumped(mixconv_kernel_sizes="none"),
        dumped(first_conv_kernel_size="0"),
        dumped(stride="'x'"),
        dumped(step=0) + "window_step_ms: 0\n",
        dumped(clip=-1),
        dumped(repeat_in_block="1, -1, 1, 1"),
        "flags: {mixconv_kernel_sizes: [[99999999]]}\n",
    ],
)
def test_impossible_values_end_in_words(text: str) -> None:
    assert "RF000" not in codes(text, NAME)
    assert explain_text(text, NAME)


@pytest.mark.parametrize("text", ["model: {stride: 3}\n", "flags: {stride: 3}\n", "mixconv_kernel_sizes: 5\n"])
def test_other_files_are_left_alone(text: str) -> None:
    assert explain_text(text, NAME) == ()


def manifest(step: object = 10, kind: str = "micro") -> str:
    micro = {"probability_cutoff": 0.9, "sliding_window_size": 5, "feature_step_size": step}
    return json.dumps({"type": kind, "wake_word": "Computer", "model": "computer.tflite", "version": 2, "micro": micro})


@pytest.mark.parametrize("step", [10, 20])
def test_the_manifest_of_a_model_tells_its_step(step: int) -> None:
    (stack,) = model_of(manifest(step), "computer.json").stacks

    assert (stack.role, stack.coverage.step, stack.coverage.receptive_field) == ("frontend", 16 * step, 480)
    assert loud(manifest(step), "computer.json") == []


def test_a_step_that_leaves_samples_out_is_refused_as_the_runtime_does() -> None:
    assert "RF002" in codes(manifest(40), "computer.json")
    assert explain_text(manifest(kind="openWakeWord"), "computer.json") == ()
