"""s3prl's upstreams, pre-training configs and recipes, each told by its own keys."""

from __future__ import annotations

import pytest
from ssl_files import figures, loud, model_of, models_of, reported

NAME = "config.yaml"
FBANK = """
kaldi: {feat_type: fbank, fbank: {num_mel_bins: 80, frame_length: 25.0, frame_shift: 10.0}}
delta: {order: 2, win_length: 5}
cmvn: {use_cmvn: True}
"""
MEL = "win_ms: 25\nhop_ms: 10\nn_freq: 201\ninput: {feat_type: mel, delta: 0}\n"
STFT = "feat_type: spectrogram\nspectrogram: {n_fft: 512, hop_length: 160, win_length: 512, center: True}\n"
MASKED = """
model: {paras: {kernel_size: 15, mask_size: 5, n_blocks: 4}}
data: {audio: {feat_type: fbank, frame_length: 25, frame_shift: 10}}
task: {sequence_length: 1500}
"""
DISTILLED = """
distiller:
  extractor_conv_feature_layers: '[(512,10,5)] + [(512,3,2)] * 4 + [(512,2,2)] * 2'
task:
  sequence_length: 250000  # 15.6 secs
"""
UNITS = "unit_sec: 0.95\nsample_rate: 16000\nn_fft: 1024\nwin_length: 1024\nhop_length: 160\nshape: [64, 96]\n"
RECIPE = """
runner: {total_steps: 10}
downstream_expert:
  datarc: {sample_rate: 16000, max_timestep: 128000, n_fft: 512, hop_length: 160, win_length: 400}
"""


def test_deltas_widen_the_frames_by_four_each() -> None:
    assert figures(model_of(FBANK, NAME).stack("frontend")) == (160, 400 + 8 * 160)
    assert figures(model_of(FBANK.replace("order: 2", "order: 0"), NAME).stack("frontend")) == (160, 400)
    assert loud(FBANK, NAME) == []


def test_times_are_milliseconds() -> None:
    assert figures(model_of(MEL, NAME).stack("frontend")) == (160, 400)
    assert figures(model_of(MEL + "sample_rate: 8000\n", NAME).stack("frontend")) == (80, 200)
    assert loud(MEL, NAME) == []


@pytest.mark.parametrize(
    ("text", "role", "names"),
    [
        (FBANK, "frontend", ["mean over the utterance"]),
        (FBANK.replace("True", "False"), "frontend", []),
        (FBANK.replace("cmvn: {use_cmvn: True}", ""), "frontend", []),
        (MEL, "frontend", []),
        (MEL.replace("delta: 0", "delta: 0, cmvn: True"), "frontend", ["mean over the utterance"]),
        (MASKED, "encoder", ["mean over the utterance"]),
        (MASKED.replace("frame_shift: 10", "frame_shift: 10, cmvn: False"), "encoder", []),
    ],
)
def test_normalisation_over_the_utterance(text: str, role: str, names: list[str]) -> None:
    stack = model_of(text, NAME).stack(role)

    assert stack is not None
    assert [mixer.name for mixer in stack.coverage.unbounded_by] == names


def test_a_transformer_reads_the_deltas_of_its_input() -> None:
    audio = "{win_ms: 25, hop_ms: 10, input: {feat_type: mel, delta: 1, cmvn: True}}"
    stack = model_of(f"transformer: {{hidden_size: 768}}\naudio: {audio}\n", NAME).stack("encoder")

    assert figures(stack) == (160, 400 + 4 * 160)


@pytest.mark.parametrize(
    ("upstream", "left", "shortest"),
    [
        ("tera", 200, 201),
        ("mockingjay_100hr", 200, 201),
        ("audio_albert_960hr", 200, 201),
        ("tera_fbankBase_T_F_AdamW_b32_200k_100hr", 0, 400),
        ("apc", 0, 400),
        ("vq_apc", 0, 400),
        ("npc_960hr", 0, 400),
    ],
)
def test_upstreams_over_mel_frames_are_centred_and_those_of_kaldi_are_not(
    upstream: str, left: int, shortest: int
) -> None:
    stack = model_of(f"upstream: {upstream}\ndownsample_rate: 160\n", NAME).stack("encoder")

    assert figures(stack) == (160, 400)
    assert stack is not None
    assert (stack.coverage.left, stack.coverage.min_input()) == (left, shortest)


def test_the_fft_that_n_freq_gives_must_hold_the_window() -> None:
    assert reported(MEL.replace("201", "129"), NAME, "RF401", "400")


def test_a_plain_stft_is_centred() -> None:
    stack = model_of(STFT, NAME).stack("frontend")

    assert figures(stack) == (160, 512)
    assert stack is not None and stack.coverage.left == 256
    assert loud(STFT, NAME) == []


@pytest.mark.parametrize("audio", ["{win_ms: 25, hop_ms: 10}", "{kaldi: {feat_type: fbank, fbank: {}}}"])
def test_a_transformer_over_features_attends_to_all(audio: str) -> None:
    stack = model_of(
        f"transformer: {{hidden_size: 768}}\ntask: {{sequence_length: 1500}}\naudio: {audio}\n", NAME
    ).stack("encoder")

    assert figures(stack) == (160, 400)
    assert stack is not None and stack.coverage.unbounded


def test_npc_reads_23_frames_but_the_five_in_the_centre() -> None:
    stack = model_of(MASKED, NAME).stack("encoder")

    assert figures(stack) == (160, 400 + 22 * 160)
    assert stack is not None and stack.coverage.holes == 6 * 160 - 400  # between the frames 3 before and 3 behind
    assert loud(MASKED, NAME) == []


def test_a_predictor_has_the_frames_of_its_audio() -> None:
    text = MASKED.replace("frame_length: 25, frame_shift: 10", "frame_length: 20, frame_shift: 12.5")

    assert figures(model_of(text, NAME).stack("encoder")) == (200, 320 + 22 * 200)


def test_a_mask_as_wide_as_the_kernel_leaves_nothing() -> None:
    assert model_of(MASKED.replace("mask_size: 5", "mask_size: 9"), NAME).stacks == []


def test_a_recurrent_predictor_looks_back() -> None:
    stack = model_of(MASKED.replace("kernel_size: 15, mask_size: 5, n_blocks: 4", "num_layers: 3"), NAME).stack(
        "encoder"
    )

    assert figures(stack) == (160, 400)
    assert stack is not None and stack.coverage.unbounded


def test_a_distilled_model_has_the_stack_of_hubert() -> None:
    model = model_of(DISTILLED, NAME)

    assert (figures(model.stack("encoder")), figures(model.stack("context"))) == ((320, 400), (320, 41040))
    assert loud(DISTILLED, NAME) == []
    assert reported(DISTILLED.replace("15.6 secs", "12.5 secs"), NAME, "RF110", "12500 ms")


def test_a_unit_has_the_frames_of_its_shape() -> None:
    assert figures(model_of(UNITS, NAME).stack("frontend")) == (160, 1024)
    assert loud(UNITS, NAME) == []
    assert reported(UNITS.replace("0.95", "1.95"), NAME, "RF504", "196")


def test_a_recipe_names_no_upstream() -> None:
    model = model_of(RECIPE, NAME)

    assert figures(model.stack("frontend")) == (160, 400)
    assert any("command line" in note.reason for note in model.notes)
    assert loud(RECIPE, NAME) == []


def test_factors_of_recurrent_layers_are_no_sample_rate() -> None:
    text = "runner: {}\ndownstream_expert: {datarc: {sample_rate: [1, 1]}, modelrc: {total_rate: -1}}\n"
    model = model_of(text, NAME)

    assert model.sample_rate is not None and model.sample_rate.value == 16000


def test_upstreams_read_16_khz() -> None:
    run = "upstream: wav2vec2\ndownsample_rate: 320\nsample_rate: {}\n"

    assert loud(run.format(16000), NAME) == []
    assert reported(run.format(22050), NAME, "RF403", "22050")
    assert reported(run.format(16000).replace("320", "160"), NAME, "RF503", "320")


@pytest.mark.parametrize("run", ["upstream: wav2vec2", "upstream: own\nupstream_ckpt: null"])
def test_a_run_is_told_by_its_upstream_or_its_arguments(run: str) -> None:
    assert len(models_of(f"{run}\ndownstream: asr\n", NAME)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "transformer: {hidden_size: 768}\naudio: {volume: 3}\n",
        "upstream: master\nbranch: main\n",
        "upstream: git://host/one\ndownstream: git://host/other\n",
        "model: {paras: {a: 1}}\n",
        "kaldi: {feat_type: fbank}\n",
    ],
)
def test_other_files_are_not_ours(text: str) -> None:
    assert models_of(text, NAME) == []
