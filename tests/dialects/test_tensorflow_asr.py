"""TensorFlowASR: templates and plain files of the first generation."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asr_files import codes, figures, messages, model_of, said, stack_of, without

from rflint.engine import explain_text

SPEECH = {"sample_rate": 16000, "frame_ms": 25, "stride_ms": 10, "nfft": 512, "num_feature_bins": 80}
STEM = {
    "filters": [8, 8],
    "kernels": [3, 3],
    "strides": [2, 2],
    "paddings": ["causal", "causal"],
    "norms": ["layer", "layer"],
    "activations": ["swish", "swish"],
}
CONFORMER = {"encoder_num_blocks": 16, "encoder_kernel_size": 31, "encoder_padding": "causal"}


def second(kind: str, speech: dict[str, Any] | None = None, **config: Any) -> str:
    """A model of the second generation: ``class_name`` and ``config``."""
    inner = {"speech_config": without({**SPEECH, **(speech or {})}), **config}
    return json.dumps({"model_config": {"class_name": f"tensorflow_asr.models.ctc.x>{kind}", "config": inner}})


def conformer(stem: dict[str, Any] | None = None, speech: dict[str, Any] | None = None, **config: Any) -> str:
    named = {
        "class_name": "tensorflow_asr.models.layers.subsampling>Conv2dSubsampling",
        "config": {**STEM, **(stem or {})},
    }
    return second("Conformer", speech, encoder_subsampling=named, **{**CONFORMER, **config})


def first(speech: dict[str, Any] | None = None, **config: Any) -> str:
    """A model of the first generation."""
    plain = {key: value for key, value in SPEECH.items() if key != "nfft"}
    return json.dumps({"speech_config": without({**plain, **(speech or {})}), "model_config": config})


def frames(text: str) -> tuple[int, int]:
    """Step and field in front-end frames of 160 samples with windows of 400."""
    step, field, _, _ = figures(text)
    return step // 160, (field - 400) // 160 + 1


# -- sound --------------------------------------------------------------------------------------------------------

SOUND = {
    "causal": conformer(),
    "streaming": conformer(encoder_history_size=64, encoder_chunk_size=16),
    "same": conformer({"paddings": ["same", "same"]}, encoder_padding="same"),
    "pairs": conformer({"kernels": [[3, 3], [5, 3]], "strides": [[2, 1], [2, 1]]}),
    "transformer": second("Transformer", encoder_subsampling={"type": "conv2d", **STEM}),
    "contextnet": second("ContextNet", encoder_blocks=[{"nlayers": 2, "kernel_size": 5, "strides": 2}]),
    "jasper": second("Jasper", block_channels=[8], block_kernels=[11], block_dropout=[0.1], nsubblocks=2),
    "deep speech": second("DeepSpeech2", conv_kernels=[[11, 41]], conv_strides=[[2, 2]], conv_filters=[8]),
    "rnn-t": second("RnnTransducer", encoder_reduction_factors=[3, 0], encoder_nlayers=2),
    "first generation": first(name="conformer", encoder_subsampling={"type": "conv2d", "filters": 8}),
    "features alone": json.dumps({"speech_config": SPEECH}),
    "a block of whole frames": json.dumps({"speech_config": SPEECH, "streaming": {"block_size": 400 + 47 * 160}}),
}


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND)
def test_sound_files_are_met_with_silence(text: str) -> None:
    assert said(text) == []
    assert model_of(text).notes == []


@pytest.mark.parametrize(
    "text",
    [
        "model_config: {class_name: other.Conformer}  # tensorflow_asr.",
        "speech_config: {frame_ms: 25}  # stride_ms",
        "[speech_config, frame_ms, stride_ms]",
    ],
)
def test_files_of_others_are_left_alone(text: str) -> None:
    assert explain_text(text, "config.yml") == ()


def test_templates_are_read_before_they_are_rendered() -> None:
    text = """
        {% set depth = 16 %}
        model_config:
          class_name: tensorflow_asr.models.ctc.conformer>Conformer
          config:
            speech_config: {sample_rate: 16000, frame_ms: 25, stride_ms: 10}
            encoder_subsampling:
              config: {filters: [8], kernels: [3], strides: [2], paddings: [causal], norms: [none], activations: [relu]}
            encoder_num_blocks: 2
            vocab_size: {{decoder_config.vocabsize}}
        {{data_config}}
    """
    assert figures(text, name="small.yml.j2")[:2] == (320, 400 + 2 * 160 + 2 * 30 * 320)
    assert said(text, "small.yml.j2") == []


# -- geometry -----------------------------------------------------------------------------------------------------


def test_frames_begin_at_their_sample() -> None:
    assert figures(conformer(), "frontend") == (160, 400, 0, 399)
    assert stack_of(conformer(), "frontend").coverage.length(16001) == 101
    assert stack_of(conformer(speech={"pad_end": False}), "frontend").coverage.length(16000) == 98
    librosa = stack_of(conformer(speech={"use_librosa_like_stft": True}), "frontend").coverage
    assert (librosa.left, librosa.right, librosa.length(16000)) == (-56, 455, 100)


def test_times_are_rounded() -> None:
    odd = {"sample_rate": 22050, "stride_ms": 12.5, "nfft": 1024}
    assert stack_of(conformer(speech=odd), "frontend").coverage.step == 276
    assert stack_of(first({"sample_rate": 22050, "stride_ms": 12.5}), "frontend").coverage.step == 275


def test_causal_conformer() -> None:
    assert frames(conformer()) == (4, 7 + 16 * 30 * 4)
    _, field, left, right = figures(conformer())
    assert (left, right) == (field - 400, 399)


def test_defaults() -> None:
    keys = ("encoder_num_blocks", "encoder_kernel_size", "encoder_padding")
    text = json.loads(conformer())
    for key in keys:
        del text["model_config"]["config"][key]
    assert frames(json.dumps(text)) == (4, 7 + 16 * 30 * 4)
    speech = {"sample_rate": None, "nfft": None}
    assert figures(conformer(speech=speech)) == figures(conformer())
    assert stack_of(conformer(speech={"nfft": ...}), "frontend").coverage.step == 160


def test_chunks_limit_the_look_ahead() -> None:
    chunks = stack_of(conformer(encoder_history_size=64, encoder_chunk_size=16)).coverage
    assert chunks.total is not None and chunks.total.right == 15 * 640 + 399
    assert not chunks.unbounded
    assert stack_of(conformer(encoder_chunk_size=16)).coverage.unbounded  # both keys are needed
    endless = stack_of(conformer(encoder_history_size=-1, encoder_chunk_size=16)).coverage
    assert [mixer.sides for mixer in endless.unbounded_by] == ["left"]
    causal = stack_of(conformer(encoder_use_attention_causal_mask=True)).coverage
    assert [mixer.sides for mixer in causal.unbounded_by] == ["left"]


def test_vgg() -> None:
    stem = {"class_name": "x>VggSubsampling", "config": {"filters": [8, 8]}}
    assert frames(second("Transformer", encoder_subsampling=stem)) == (4, 16)


def test_contextnet_has_a_convolution_more_than_it_says() -> None:
    blocks = [{"nlayers": 5, "kernel_size": 5, "strides": 2, "residual": True, "padding": "causal"}]
    # four convolutions, the strided one, and that of the squeeze-excite module at half the rate
    assert frames(second("ContextNet", encoder_blocks=blocks)) == (2, 1 + 5 * 4 + 4 * 2)
    assert stack_of(second("ContextNet", encoder_blocks=blocks)).coverage.unbounded


def test_jasper() -> None:
    keys = {"block_channels": [8], "block_kernels": [11], "block_dropout": [0.1], "nsubblocks": 3}
    assert frames(second("Jasper", **keys)) == (2, 11 + 3 * 10 * 2)
    assert figures(second("Jasper", **keys))[3] == 399
    assert figures(first(name="jasper", **keys))[3] > 399


def test_deep_speech_looks_back_with_its_row_convolution() -> None:
    keys = {"conv_kernels": [[11, 41]], "conv_strides": [[2, 2]], "conv_filters": [8], "conv_padding": "causal"}
    forward = second("DeepSpeech2", **keys, rnn_bidirectional=False, rnn_rowconv=3, rnn_nlayers=2)
    assert frames(forward) == (2, 11 + 2 * 6 * 2)
    assert figures(forward)[3] == 399
    assert frames(second("DeepSpeech2", **keys)) == (2, 11)


def test_reductions_stack_frames() -> None:
    assert frames(second("RnnTransducer", encoder_reduction_factors=[3, 0, 2, 0], encoder_nlayers=4)) == (6, 6)
    assert frames(first(encoder_reductions={"0": 3, "1": 2}, encoder_nlayers=4)) == (6, 6)
    assert frames(second("RnnTransducer")) == (6, 6)


def test_the_first_generation_centres_and_pads_on_both_sides() -> None:
    text = first(name="conformer", encoder_subsampling={"type": "conv2d", "filters": 8}, encoder_num_blocks=2)
    assert figures(text, "frontend") == (160, 400, 200, 199)
    assert frames(text) == (4, 7 + 2 * 31 * 4)
    assert figures(first({"center": False}, name="x"), "frontend") == (160, 400, -56, 455)
    vgg = first(name="conformer", encoder_subsampling={"type": "vgg", "filters": [8, 8]}, encoder_num_blocks=2)
    assert frames(vgg) == (4, 16 + 2 * 31 * 4)


def test_the_first_configs_name_the_encoders_keys_without_prefix() -> None:
    text = first(name="conformer", subsampling={"type": "conv2d", "filters": 8}, num_blocks=2, kernel_size=15)

    assert frames(text) == (4, 7 + 2 * 14 * 4)
    assert stack_of(text).factor_text() == "160 × 2·2"
    assert frames(first(name="conformer", subsampling={"type": "conv2d"})) == (4, 7 + 16 * 31 * 4)


@pytest.mark.parametrize(
    ("keys", "names"),
    [
        ({}, ["normalize signal", "normalize feature"]),
        ({"normalize_per_frame": True}, ["normalize signal"]),
        ({"normalize_signal": False, "normalize_feature": False}, []),
    ],
)
def test_normalisation_over_the_utterance(keys: dict[str, Any], names: list[str]) -> None:
    assert [mixer.name for mixer in stack_of(first(keys), "frontend").coverage.unbounded_by] == names


# -- contradictions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected", "message"),
    [
        (
            conformer(speech={"nfft": 256}),
            ("RF401", "warning"),
            "Window `frame_ms` of 400 is longer than the FFT of 256",
        ),
        (conformer(speech={"stride_ms": 30}), ("RF404", "warning"), "are never read"),
        (conformer({"kernels": [3, 3, 3]}), ("RF201", "error"), "`filters` has 2 entries, `kernels` has 3"),
        (conformer({"paddings": ["causal", "own"]}), ("RF002", "error"), "`paddings` must be"),
        (
            conformer(encoder_history_size=64, encoder_chunk_size=16, encoder_padding="same"),
            ("RF509", "warning"),
            "`encoder_chunk_size: 16` allows at most 600 ms",
        ),
        (
            second("RnnTransducer", encoder_reduction_factors=[3, 2], encoder_nlayers=4),
            ("RF201", "error"),
            "`encoder_reduction_factors` has 2 entries",
        ),
        (
            json.dumps({"speech_config": SPEECH, "streaming": {"block_size": 8000}}),
            ("RF502", "warning"),
            "is 47.5 steps of 160",
        ),
    ],
)
def test_contradictions_are_reported(text: str, expected: tuple[str, str], message: str) -> None:
    assert expected in said(text)
    assert message in messages(text)


def test_rates_of_the_data() -> None:
    text = json.loads(conformer())
    text["data_config"] = {
        "train_dataset_config": {"sample_rate": 8000},
        "test_dataset_configs": [{"sample_rate": 16000}],
    }
    assert said(json.dumps(text)) == [("RF403", "warning")]


@pytest.mark.parametrize(
    "config",
    [
        {"encoder_num_blocks": "{{blocks}}"},
        {"encoder_subsampling": None},
        {"encoder_chunk_size": 10**6, "encoder_history_size": 1},
    ],
)
def test_what_is_not_known_becomes_a_note(config: dict[str, Any]) -> None:
    text = conformer(**config) if "encoder_subsampling" not in config else second("Conformer")
    assert [note.subject for note in model_of(text).notes] == ["encoder"]
    assert "RF000" not in codes(text)


def test_an_unknown_class_is_noted() -> None:
    assert [note.reason for note in model_of(second("Own")).notes] == ["models of class own are not known"]


def test_a_fork_whose_network_makes_the_spectrum_is_not_derived() -> None:
    text = "speech_config: {sample_rate: 16000, frame_ms: 25, stride_ms: 10, mel_layer_type: Melspectrogram}\n"
    (model,) = explain_text(text, "am_data.yml")

    assert model.stacks == []
    assert "a layer of the network makes the spectrum" in model.notes[0].reason
