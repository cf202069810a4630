"""NeMo around its models: inference settings, diarisation, audio-to-audio, speech language models, names of checkpoints."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from asr_files import FAST, MEL, NEMO, STREAMING, codes, figures, messages, model_of, nemo, said, stack_of

from rflint.dialects.nemo_pretrained import factor_of, step_of
from rflint.engine import explain_text

VAD = {"window_length_in_sec": 0.63, "shift_length_in_sec": 0.08, "smoothing": False, "overlap": 0.875}
SCALES = {
    "window_length_in_sec": [1.5, 1.0, 0.5],
    "shift_length_in_sec": [0.75, 0.5, 0.25],
    "multiscale_weights": [1, 1, 1],
}


def vad(name: str = "vad_multilingual_marblenet", **changes: Any) -> str:
    return json.dumps({"sample_rate": 16000, "vad": {"model_path": name, "parameters": {**VAD, **changes}}})


def diarizer(**changes: Any) -> str:
    return json.dumps({"diarizer": {"speaker_embeddings": {"parameters": {**SCALES, **changes}}}})


# -- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("nvidia/parakeet-tdt-0.6b-v2", 8),
        ("stt_en_fastconformer_ctc_large", 8),
        ("/models/stt_en_conformer_ctc_large.nemo", 4),
        ("stt_en_citrinet_1024_gamma_0_25", 8),
        ("QuartzNet15x5Base-En", 2),
        ("vad_multilingual_frame_marblenet", 2),
        ("openai/whisper-large-v3", 2),
        ("own-model", None),
        (None, None),
        (3, None),
    ],
)
def test_the_family_is_in_the_name(name: object, factor: int | None) -> None:
    assert factor_of(name) == factor
    assert step_of(name) == (None if factor is None else Fraction(factor, 100))


# -- voice activity -----------------------------------------------------------------------------------------------


def test_windows_of_voice_activity() -> None:
    assert figures(vad()) == (1280, 10080, 5040, 5039)
    assert said(vad()) == []
    assert said(vad(smoothing="median")) == []  # int(int(64 * 0.125) / 8) is 1


def test_frame_models_take_no_window() -> None:
    text = vad("vad_multilingual_frame_marblenet", window_length_in_sec=0.0, shift_length_in_sec=0.02)
    assert said(text) == []
    assert model_of(text).stacks == []
    wrong = vad("vad_multilingual_frame_marblenet", window_length_in_sec=0.0, shift_length_in_sec=0.01)
    assert said(wrong) == [("RF504", "warning")]
    assert said(vad("own", window_length_in_sec=0.0, shift_length_in_sec=0.01)) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (vad(shift_length_in_sec=0.7), "RF505"),
        (vad(smoothing="mean", overlap=0.99), "RF505"),
        (vad(shift_length_in_sec=0), "RF002"),
        (vad(overlap=2), "RF002"),
    ],
)
def test_windows_that_cannot_be(text: str, code: str) -> None:
    assert code in codes(text)


# -- diarisation --------------------------------------------------------------------------------------------------


def test_scales() -> None:
    assert said(diarizer()) == []
    assert said(diarizer(window_length_in_sec=1.5, shift_length_in_sec=0.75, multiscale_weights=None)) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"multiscale_weights": [1, 1]}, "RF201"),
        ({"shift_length_in_sec": [0.75, 0.5]}, "RF201"),
        ({"window_length_in_sec": [0.5, 1.0, 1.5], "shift_length_in_sec": [0.25, 0.5, 0.75]}, "RF202"),
        ({"shift_length_in_sec": [0.75, 0.5, 0.6]}, "RF505"),
    ],
)
def test_scales_that_are_refused(changes: dict[str, Any], code: str) -> None:
    assert code in codes(diarizer(**changes))
    assert all(severity == "error" for _, severity in said(diarizer(**changes)))


def test_scales_in_a_training_file() -> None:
    sections = {"diarizer": json.loads(diarizer())["diarizer"], "msdd_module": {"_target_": NEMO + "MSDD_module"}}
    text = json.dumps({"model": {"preprocessor": MEL, **sections}})
    assert [stack.role for stack in model_of(text).stacks] == ["frontend"]
    assert said(text) == []


SORTFORMER = {"num_spks": 4, "spkcache_len": 188, "fifo_len": 0, "chunk_len": 188, "spkcache_update_period": 188}


def test_buffers_of_the_sortformer() -> None:
    assert said(nemo(sortformer_modules=SORTFORMER)) == []
    assert said(nemo(sortformer_modules={})) == []
    assert said(nemo(sortformer_modules={**SORTFORMER, "spkcache_len": 10})) == [("RF505", "error")]
    assert said(nemo(sortformer_modules={**SORTFORMER, "subsampling_factor": 4})) == [("RF503", "warning")]
    assert said(nemo(sortformer_modules={**SORTFORMER, "spkcache_update_period": 300})) == []  # clipped by NeMo
    assert "`spkcache_update_period` 300" in messages(
        nemo(sortformer_modules={**SORTFORMER, "spkcache_update_period": 300})
    )


# -- buffered transcription ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "{pretrained_name: parakeet-tdt-0.6b-v2, chunk_len_in_secs: 1.6, total_buffer_in_secs: 4.0, model_stride: 8}",
        "{model_path: null, chunk_len_in_secs: 1.6, total_buffer_in_secs: 4.0, model_stride: 4}",
        "{engine: {model_path: null, inference: {chunk_len_in_secs: 1.6, total_buffer_in_secs: 4, model_stride: 8}}}",
        "{pretrained_name: stt_en_citrinet_1024, chunk_len_in_sec: 14.96}",
        "{pretrained_name: own, chunk_len_in_secs: 1.234}",
        "{chunk_overlap_frames: 96, subsampling_factor: 8}",
        "{pretrained_name: '???', chunk_len_in_secs: '${x}', model_stride: 8}",
    ],
)
def test_sound_settings(text: str) -> None:
    assert model_of(text).dialect == "nemo/inference"
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (
            "{pretrained_name: parakeet-tdt-0.6b-v2, chunk_len_in_secs: 1.6, model_stride: 4}",
            "RF503",
            "`model_stride` 4 is declared, the model has 8",
        ),
        ("{pretrained_name: stt_en_citrinet_1024, chunk_len_in_sec: 15}", "RF502", "is 187.5 steps of 0.08"),
        ("{chunk_len_in_secs: 1.7, model_stride_in_secs: 0.08, model_path: null}", "RF502", "steps of 0.08"),
        ("{engine: {pretrained_name: canary-1b, inference: {chunk_len_in_secs: 1, model_stride: 8}}}", "RF502", "12.5"),
        ("{chunk_overlap_frames: 100, subsampling_factor: 8}", "RF502", "is 12.5 steps of 8"),
    ],
)
def test_settings_that_do_not_fit_the_model(text: str, code: str, message: str) -> None:
    assert said(text) == [(code, "warning")]
    assert message in messages(text)


@pytest.mark.parametrize(
    "text",
    [
        "{model_stride: 4}",
        "{model_path: yolo.pt, model_stride: 32}",
        "{chunk_len_in_secs: 3}",
        "{chunk_overlap_frames: 3}",
        "{vad: {parameters: {window_length_in_sec: 1}}}",
        "{diarizer: {clustering: {}}, x: window_length_in_sec shift_length_in_sec}",
        "[model_stride]",
    ],
)
def test_single_keys_tell_nothing(text: str) -> None:
    assert explain_text(text, "config.yaml") == ()


# -- audio to audio -----------------------------------------------------------------------------------------------


def audio(estimator: dict[str, Any] | None = None, decoder: dict[str, Any] | None = None, **changes: Any) -> str:
    transforms = "nemo.collections.audio.modules.transforms."
    encoder = {"_target_": transforms + "AudioToSpectrogram", "fft_length": 512, "hop_length": 256, **changes}
    inverse = {"_target_": transforms + "SpectrogramToAudio", "fft_length": 512, "hop_length": 256, **(decoder or {})}
    masks = estimator or {"_target_": "nemo.collections.audio.modules.masking.MaskEstimatorRNN", "num_layers": 5}
    sections = {"sample_rate": 16000, "encoder": encoder, "decoder": inverse, "mask_estimator": masks}
    return json.dumps({"model": sections})


CONFORMER = {"_target_": "nemo.collections.audio.parts.submodules.conformer.SpectrogramConformer", "n_layers": 8}


def test_masks_over_a_spectrogram() -> None:
    assert figures(audio(), "frontend") == (256, 512, 256, 255)
    assert figures(audio()) == (256, 512, 256, 255)
    assert stack_of(audio(), "decoder").coverage.upsampling == 256
    assert said(audio()) == []


def test_a_conformer_over_a_spectrogram() -> None:
    keys = {**CONFORMER, "subsampling_factor": 1}
    assert figures(audio(keys))[:2] == (256, 8 * 30 * 256 + 512)
    chunks = {**keys, **STREAMING, "att_context_size": [102, 16]}
    assert said(audio(chunks)) == []
    assert said(audio({**chunks, "conv_context_size": None})) == [("RF509", "warning")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (audio(decoder={"hop_length": 128}), ("RF504", "warning")),
        (audio(decoder={"fft_length": 1024}), ("RF504", "error")),
        (audio(fft_length=511), ("RF405", "error")),
        (audio(hop_length=600, decoder={"hop_length": 600}), ("RF404", "warning")),
    ],
)
def test_transforms_that_do_not_fit(text: str, expected: tuple[str, str]) -> None:
    assert expected in said(text)


def test_unknown_estimators_are_noted() -> None:
    text = audio({"_target_": "nemo.collections.audio.parts.submodules.ncsnpp.Own"})
    assert [note.reason for note in model_of(text).notes] == ["estimators of class Own are not known"]
    assert said(text) == []


# -- speech language models ---------------------------------------------------------------------------------------


def speech(encoder: str = "nvidia/canary-1b-flash", frame: float = 0.08, **adapter: Any) -> str:
    module = {**FAST, "n_layers": 2, "subsampling_factor": 1, **adapter}
    perception = {"target": "nemo.collections.speechlm2.modules.perception.X", "modality_adapter": module}
    data = {"frame_length": frame, "train_ds": {"token_equivalent_duration": frame}}
    return json.dumps({"model": {"pretrained_asr": encoder, "perception": perception}, "data": data})


def test_adapters_run_on_the_frames_of_the_encoder() -> None:
    stack = stack_of(speech(), "context")
    assert (stack.coverage.step, stack.coverage.receptive_field, stack.input_rate) == (1, 17, Fraction(25, 2))
    assert said(speech()) == []
    assert said(speech(subsampling_factor=2, frame=0.16)) == []


def test_frames_that_the_data_counts() -> None:
    assert said(speech(frame=0.04)) == [("RF504", "warning")] * 2
    assert said(speech("stt_en_conformer_ctc_large")) == [("RF504", "warning")] * 2
    assert said(speech("own-encoder", frame=0.04)) == []


def test_an_encoder_that_stands_in_the_file() -> None:
    perception = {"target": "nemo.collections.speechlm2.x", "preprocessor": MEL, "encoder": FAST}
    data = {"frame_length": 0.08}
    text = json.dumps({"model": {"perception": perception}, "data": data})
    assert figures(text)[:2] == (1280, 176720)
    assert said(text) == []


def test_the_older_generation_names_the_encoder_elsewhere() -> None:
    projection = {"config": {"_target_": NEMO + "ConvASRDecoder"}}
    model = {"speech_encoder": {"pretrained_model": "nvidia/canary-1b"}, "modality_adapter": projection}
    text = json.dumps({"model": model, "data": {"x": "nemo.collections."}})
    assert (model_of(text).dialect, model_of(text).notes, said(text)) == ("nemo/speechlm", [], [])
