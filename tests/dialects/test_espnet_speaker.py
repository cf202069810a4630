"""ESPnet2 speaker recognition: the networks behind their names."""

from __future__ import annotations

import pytest
from vocoder_files import codes, loud, model_of

from rflint.engine import explain_text

NAME = "train.yaml"


def config(encoder: str, conf: str = "{}", front: str = "{n_fft: 512, win_length: 400, hop_length: 160}") -> str:
    return (
        f"frontend: melspec_torch\nfrontend_conf: {front}\nencoder: {encoder}\nencoder_conf: {conf}\n"
        "pooling: chn_attn_stat\npreprocessor: spk\npreprocessor_conf: {target_duration: 3.0, sample_rate: 16000}\n"
    )


def waveform(encoder: str, conf: str = "{}", front: str = "{}") -> str:
    return config(encoder, conf, front).replace("melspec_torch", "asteroid_frontend")


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        (waveform("identity"), (16, 251, 0, 251)),
        (waveform("identity", front="{sinc_kernel_size: 401, sinc_stride: 160}"), (160, 401, 0, 401)),
        (waveform("identity", front="{sinc_kernel_size: 250}"), (16, 251, 0, 251)),  # an even size is made odd
        (waveform("rawnet3"), (240, 17723, 8624, 251 + 14 * 16)),
        (
            waveform("rawnet3", "{model_scale: 2}"),
            (240, 251 + 16 * (2 * 2 + 4) + 80 * (2 * 3 + 2) + 240 * 2 * 4, 2 * 16 + 3 * 80 + 4 * 240, 251 + 14 * 16),
        ),
    ],
)
def test_networks_over_the_waveform(text: str, figures: tuple[int, int, int, int]) -> None:
    stack = model_of(text, NAME).stack("encoder")

    assert stack is not None
    coverage = stack.coverage
    assert (coverage.step, coverage.receptive_field, coverage.left, coverage.min_input()) == figures
    assert coverage.unbounded_by
    assert loud(text, NAME) == []


def test_a_mean_over_time_is_taken_off_the_frames() -> None:
    plain, off = (model_of(config("identity", front=front), NAME) for front in ("{}", "{normalize: mn}"))

    assert [bool(stack.coverage.unbounded_by) for stack in (*plain.stacks, *off.stacks)] == [False, True, True, True]


@pytest.mark.parametrize(
    ("text", "step", "frames"),
    [
        (config("identity"), 160, 1),
        (config("identity", front="{}"), 160, 1),
        (config("xvector"), 160, 15),
        (config("xvector", "{kernel_sizes: [3, 3], paddings: [1, 1], dilations: [1, 2]}"), 160, 7),
        (config("ecapa_tdnn"), 160, 5 + 7 * 2 * (2 + 3 + 4)),
        (config("ecapa_tdnn", "{model_scale: 4}"), 160, 5 + 3 * 2 * (2 + 3 + 4)),
        (config("mfaconformer", "{num_blocks: 1, cnn_module_kernel: 15}"), 320, 7 + 14 * 2),
        (config("mfaconformer", "{num_blocks: 1, cnn_module_kernel: 15, input_layer: conv2d}"), 640, 7 + 14 * 4),
    ],
)
def test_networks(text: str, step: int, frames: int) -> None:
    stack = model_of(text, NAME).stack("encoder")

    assert stack is not None
    assert (stack.coverage.step, stack.coverage.receptive_field) == (step, 400 + 160 * (frames - 1))
    assert stack.coverage.unbounded_by
    assert loud(text, NAME) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (config("identity", front="{n_fft: 256, win_length: 400, hop_length: 160}"), ["RF401"]),
        (config("identity", front="{n_fft: 512, win_length: 400, hop_length: 160}  # 25 ms"), []),
        (config("identity").replace("16000", "48000"), ["RF406", "RF406"]),
    ],
)
def test_contradictions(text: str, found: list[str]) -> None:
    assert codes(text, NAME) == found


@pytest.mark.parametrize(
    ("text", "reason", "stacks"),
    [
        (config("ska_tdnn"), "the encoder `ska_tdnn` is not known", 1),
        (waveform("identity", front="{sinc_stride: 0}"), "`sinc_stride` is 0", 0),
        (config("ecapa_tdnn", "{model_scale: 0}"), "`model_scale` is 0", 1),
    ],
)
def test_what_stops_the_derivation(text: str, reason: str, stacks: int) -> None:
    model = model_of(text, NAME)

    assert len(model.stacks) == stacks
    assert reason in model.notes[0].reason


def test_other_tasks_are_left_alone() -> None:
    text = config("identity").replace("preprocessor: spk", "preprocessor: default")

    assert explain_text(text, NAME) == ()
