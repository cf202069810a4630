"""NeMo's speech models: front ends, Conformers, data sections, streaming."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from asr_files import FAST, MEL, NEMO, STREAMING, codes, figures, messages, model_of, nemo, said, stack_of, without

from rflint.engine import check_text, explain_text

OTHERS = [
    "model: {encoder: {_target_: other.ConformerEncoder, n_layers: 3, subsampling_factor: 4}}",
    "model: {preprocessor: {window_size: 0.02, window_stride: 0.01, features: 80}}",
    f"model: {{preprocessor: {{_target_: {NEMO}AudioToMelSpectrogramPreprocessor}}, x: {{_target_: nemo.collections.tts.y}}}}",
    "encoder: {subsampling_factor: 4}",
    "encoder: conformer",
    "{encoder: {jasper: []}, x: kernel filters}",
]


# -- sound --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", OTHERS)
def test_files_of_others_are_left_alone(text: str) -> None:
    assert explain_text(text, "config.yaml") == ()
    assert check_text(text, "config.yaml") == []


SOUND = {
    "offline": nemo(),
    "streaming": nemo(STREAMING, {"normalize": "NA"}),
    "several look-aheads": nemo(
        {**STREAMING, "att_context_size": [[70, 13], [70, 6], [70, 0]], "att_context_probs": [0.5, 0.25, 0.25]}
    ),
    "limits that are open": nemo({"att_context_size": [-1, -1], "att_context_style": "regular"}),
    "no future at all": nemo({**STREAMING, "att_context_style": "regular", "att_context_size": [70, 0]}),
    "a window over a whole recording": nemo(
        {"self_attention_model": "rel_pos_local_attn", "att_context_size": [128, 128]}
    ),
    "a window as wide ahead as back": nemo({"att_context_size": [128, 128]}),
    "samples instead of seconds": nemo(
        None, {"window_size": False, "n_window_size": 400, "window_stride": False, "n_window_stride": 160}
    ),
    "three frames joined": nemo({"feat_in": 240}, {"frame_splicing": 3}),
    "data sections": nemo(
        train_ds={"sample_rate": 16000, "subsampling_factor": 8, "window_stride": 0.01}, test_ds={"sample_rate": None}
    ),
    "an adapter without subsampling": nemo({"subsampling_factor": 1}),
    "8 kHz": nemo(None, {"sample_rate": 8000, "n_fft": 256}, sample_rate=8000),
    "a reduction behind the layers": nemo({"reduction": "pooling", "reduction_factor": 2, "reduction_position": -1}),
    "a kernel given by its sides": nemo({"conv_context_size": [6, 2]}),
}


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND)
def test_sound_recipes_are_met_with_silence(text: str) -> None:
    model = model_of(text)
    assert said(text) == []
    assert [note.reason for note in model.notes] == []
    assert model.stack("encoder") is not None


# -- geometry -----------------------------------------------------------------------------------------------------


def test_fast_conformer() -> None:
    # 8x: 15 frames, then 17 layers of 8 steps of 8 frames: 1103 frames of 160 samples and a window of 400
    assert figures(nemo()) == (1280, 176720, 88360, 88359)
    assert stack_of(nemo()).factor_text() == "160 × 8"
    assert figures(nemo(), "frontend") == (160, 400, 200, 199)


def test_conformer() -> None:
    text = nemo({"subsampling": "striding", "subsampling_factor": 4, "conv_kernel_size": 31, "n_layers": 18})
    assert figures(text) == (640, 346960, 173480, 173479)


def test_defaults_of_the_encoder() -> None:
    """Striding, factor 4, a kernel of 31, full attention."""
    text = nemo(dict.fromkeys(("subsampling", "subsampling_factor", "conv_kernel_size")))
    assert figures(text)[:2] == (640, 327760)
    assert stack_of(text).coverage.unbounded


def test_defaults_of_the_front_end() -> None:
    """20 ms windows every 10 ms at 16 kHz, 64 mel bands, an FFT of 512, normalised over the utterance."""
    text = nemo(None, dict.fromkeys(("sample_rate", "window_size", "window_stride", "n_fft", "normalize", "features")))
    assert figures(text, "frontend") == (160, 320, 160, 159)
    assert model_of(text).sample_rate == (16000, None, "framework default")
    assert [mixer.name for mixer in stack_of(text, "frontend").coverage.unbounded_by] == ["per_feature normalisation"]
    assert messages(text) == "`feat_in` 80 differs from 64"


@pytest.mark.parametrize(
    ("mode", "factor", "causal", "frames"),
    [
        ("striding", 4, False, (7, 3, 3)),
        ("dw_striding", 8, False, (15, 7, 7)),
        ("dw_striding", 8, True, (15, 14, 0)),
        ("striding_conv1d", 8, False, (29, 14, 14)),
        ("striding_conv1d", 4, True, (13, 12, 0)),
        ("dw_striding_conv1d", 4, True, (13, 6, 6)),
        ("vggnet", 4, False, (16, 6, 9)),
        ("vggnet", 8, True, (36, 14, 21)),
        ("stacking", 4, False, (4, 0, 3)),
        ("stacking_norm", 8, False, (8, 0, 7)),
    ],
)
def test_subsamplings(mode: str, factor: int, causal: bool, frames: tuple[int, int, int]) -> None:
    keys = {"subsampling": mode, "subsampling_factor": factor, "causal_downsampling": causal, "conv_kernel_size": 1}
    field, left, right = frames
    step, samples, before, after = figures(nemo(keys))
    assert (step, samples) == (160 * factor, (field - 1) * 160 + 400)
    assert (before, after) == (left * 160 + 200, right * 160 + 199)


def test_the_total_of_a_streaming_model() -> None:
    coverage = stack_of(nemo(STREAMING, {"normalize": "NA"})).coverage
    assert (coverage.receptive_field, coverage.right) == (176720, 199)
    assert coverage.total is not None
    assert (coverage.total.receptive_field, coverage.total.right) == (1847120, 13 * 1280 + 199)
    assert not coverage.unbounded


def test_global_tokens_see_everything() -> None:
    local = {"self_attention_model": "rel_pos_local_attn", "att_context_size": [128, 128]}
    assert not stack_of(nemo(local, {"normalize": "NA"})).coverage.unbounded
    assert stack_of(nemo({**local, "global_tokens": 1}, {"normalize": "NA"})).coverage.unbounded


@pytest.mark.parametrize("kind", ["pooling", "striding"])
def test_a_reduction_slows_the_frames(kind: str) -> None:
    text = nemo({"reduction": kind, "reduction_factor": 2, "reduction_position": 3})
    assert figures(text)[0] == 2560
    assert stack_of(text).factor_text() == "160 × 8 × 2"


def test_exact_padding() -> None:
    # (512 - 160) // 2 of padding, the window of 400 in the middle of 512: the frame begins 120 samples before its hop
    assert figures(nemo(None, {"exact_pad": True}), "frontend") == (160, 400, 120, 279)


@pytest.mark.parametrize(
    ("normalize", "unbounded"),
    [("per_feature", True), ("all_features", True), ("NA", False), (..., False), ({"fixed_mean": 1}, False)],
)
def test_normalisation_over_the_utterance(normalize: Any, unbounded: bool) -> None:
    assert stack_of(nemo(None, {"normalize": normalize}), "frontend").coverage.unbounded is unbounded


def test_squeezeformer_halves_the_rate_in_the_middle() -> None:
    keys = {
        "_target_": NEMO + "SqueezeformerEncoder",
        "subsampling_factor": 4,
        "n_layers": 18,
        "conv_kernel_size": 31,
        "time_reduce_idx": 8,
    }
    assert figures(nemo(keys))[:2] == (640, 522320)
    assert codes(nemo(keys)) == []
    assert figures(nemo({**keys, "time_recovery_idx": 30}))[0] == 1280


def test_recurrent_encoder() -> None:
    keys = {"_target_": NEMO + "RNNEncoder", "subsampling": "stacking", "subsampling_factor": 4}
    assert figures(nemo(keys))[:2] == (640, 880)
    assert stack_of(nemo(keys)).coverage.unbounded_by[-1].sides == "both"
    forward = stack_of(nemo({**keys, "bidirectional": False}, {"normalize": "NA"})).coverage
    assert [mixer.sides for mixer in forward.unbounded_by] == ["left"]


def test_wav2vec() -> None:
    kernels = [(10, 5), (3, 2), (3, 2), (3, 2), (3, 2), (2, 2), (2, 2)]
    front = {
        "_target_": NEMO + "wav2vec_modules.ConvFeatureEncoder",
        "conv_layers": [{"emb_dim": 8, "kernel_size": kernel, "stride": stride} for kernel, stride in kernels],
    }
    encoder = {
        "_target_": NEMO + "wav2vec_modules.Wav2VecTransformerEncoder",
        "pos_embed": {"conv_pos": 128},
        "transformer": {"num_layers": 2},
    }
    text = json.dumps({"model": {"sample_rate": 16000, "preprocessor": front, "encoder": encoder}})
    assert figures(text) == (320, 400, 0, 399)
    assert figures(text, "context")[:2] == (320, 41040)
    assert codes(text) == []


def test_an_encoder_inside_the_preprocessor() -> None:
    outer = {
        "_target_": NEMO + "ECAPAEncoder",
        "filters": [8, 8, 8, 8, 24],
        "kernel_sizes": [5, 3, 3, 3, 1],
        "dilations": [1, 1, 1, 1, 1],
    }
    inner = {"_target_": NEMO + "ConformerMultiLayerFeaturePreprocessor", "preprocessor": MEL, "encoder": FAST}
    text = json.dumps({"model": {"preprocessor": inner, "encoder": outer}})
    assert figures(text, "frontend")[:2] == (1280, 176720)
    assert figures(text)[:2] == (1280, 176720 + 10 * 1280)
    assert codes(text) == []


def test_without_a_preprocessor_the_encoder_counts_frames() -> None:
    text = json.dumps({"model": {"encoder": FAST}})
    assert (stack_of(text).input_unit, stack_of(text).input_rate) == ("frames", None)
    assert figures(text)[0] == 8
    assert codes(text) == []


@pytest.mark.parametrize(
    "shape",
    [
        {"encoder": FAST, "preprocessor": MEL},
        {"target": "nemo.collections.asr.models.EncDecCTCModel", "encoder": FAST, "preprocessor": MEL},
        {"model": {"encoder": {**without({**FAST, "_target_": None}), "cls": FAST["_target_"]}, "preprocessor": MEL}},
    ],
)
def test_generations_of_files(shape: dict[str, Any]) -> None:
    assert figures(json.dumps(shape))[:2] == (1280, 176720)


def test_a_microphone_of_files_before_version_1() -> None:
    """The section's key is the class, and the script hands the rate of the file over."""
    text = """
        model: "Jasper"
        sample_rate: 8000
        AudioToMelSpectrogramPreprocessor: {window_size: 0.02, window_stride: 0.01, features: 64}
        JasperEncoder:
          jasper: [{filters: 8, repeat: 1, kernel: [11], stride: [2], dilation: [1], dropout: 0.0, residual: false}]
    """
    assert figures(text)[:2] == (160, 10 * 80 + 160)
    assert codes(text) == []


# -- what is not known --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "keys",
    [
        {"n_layers": "???"},
        {"n_layers": "${model.layers}"},
        {"n_layers": 10**9},
        {"subsampling": "own"},
        {"att_context_size": [70, 13, 1]},
        {"_target_": NEMO + "OwnEncoder"},
        {"reduction": "pooling", "reduction_factor": 2, "reduction_position": 99},
    ],
)
def test_what_is_not_known_becomes_a_note(keys: dict[str, Any]) -> None:
    model = model_of(nemo(keys))
    assert [note.subject for note in model.notes] == ["encoder"]
    assert model.stack().role == "frontend"  # type: ignore[union-attr]


def test_interpolations_inside_the_file() -> None:
    text = nemo({"feat_in": "${model.preprocessor.features}", "n_layers": "${model.depth}"}, depth=17)
    assert figures(text)[:2] == (1280, 176720)
    assert codes(text) == []


# -- contradictions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected", "message"),
    [
        (nemo({"feat_in": 64}), ("RF405", "error"), "`feat_in` 64 differs from `features` 80"),
        (nemo(None, {"frame_splicing": 3}), ("RF405", "error"), "differs from `frame_splicing` 240"),
        (nemo(None, {"n_fft": 256}), ("RF401", "error"), "Window `window_size` of 400 is longer than the FFT of 256"),
        (nemo(sample_rate=8000), ("RF403", "warning"), "`sample_rate` 8000 differs from `sample_rate` 16000"),
        (nemo(train_ds={"sample_rate": 44100}), ("RF403", "warning"), "44100 differs"),
        (nemo(None, {"window_stride": 0.04, "window_size": 0.05}), ("RF406", "warning"), "unusually long"),
        (nemo({"subsampling_factor": 6}), ("RF101", "warning"), "`subsampling_factor: 6` says"),
        (nemo({"subsampling_factor": 12}), ("RF101", "warning"), "`subsampling_factor: 12` says"),
        (nemo({"subsampling_factor": 5}), ("RF101", "error"), "`subsampling_factor: 5` says"),
        (nemo({"subsampling": False}), ("RF101", "warning"), "`subsampling_factor: 8` says"),
        (nemo({"subsampling": "dw-striding"}), ("RF002", "error"), "`subsampling` must be"),
        (nemo({**STREAMING, "att_context_size": [70, 2]}), ("RF502", "error"), "70 is 23.33 steps of 3"),
        (nemo({**STREAMING, "att_context_size": [70, -1]}), ("RF002", "error"), "`att_context_size` must be"),
        (nemo({**STREAMING, "conv_context_size": ...}), ("RF509", "warning"), "allows at most 1040 ms"),
        (nemo({**STREAMING, "causal_downsampling": False}, {"normalize": "NA"}), ("RF509", "warning"), "1040 ms"),
        (nemo({**STREAMING, "att_context_style": "regular"}), ("RF509", "warning"), "allows at most 1040 ms"),
        (nemo({"conv_kernel_size": 8}), ("RF203", "error"), "end with different lengths"),
        (nemo({"conv_context_size": [6, 3]}), ("RF505", "error"), "`conv_context_size` 10 differs"),
        (nemo(train_ds={"subsampling_factor": 4}), ("RF503", "warning"), "`subsampling_factor` 4 is declared"),
        (nemo(train_ds={"window_stride": 0.02}), ("RF504", "warning"), "`window_stride`"),
        (
            nemo(None, {"exact_pad": True, "window_stride": False, "n_window_stride": 161}),
            ("RF405", "error"),
            "`n_window_stride` 161 is no multiple of 2",
        ),
        (nemo(None, {"n_window_size": 400}), ("RF002", "error"), "`preprocessor` must be"),
        (
            nemo({**STREAMING, "att_context_size": [[70, 13], [70, 6]], "att_context_probs": [1.0]}),
            ("RF201", "error"),
            "`att_context_probs` has 1 entries, `att_context_size` has 2",
        ),
    ],
)
def test_contradictions_are_reported(text: str, expected: tuple[str, str], message: str) -> None:
    assert expected in said(text)
    assert message in messages(text)


def test_the_look_ahead_of_regular_attention_adds_up() -> None:
    """17 layers of 2 frames of 80 ms: 2720 ms, less what a frame's own hop holds; the chunked style keeps to 160 ms."""
    keys = {**STREAMING, "att_context_size": [70, 2], "att_context_style": "regular"}
    assert said(nemo(keys, {"normalize": "NA"})) == [("RF509", "warning")]
    assert "allows at most 160 ms" in messages(nemo(keys, {"normalize": "NA"}))
    assert said(nemo({**keys, "att_context_size": [69, 2], "att_context_style": "chunked_limited"})) == []


def test_a_step_that_is_no_whole_number_of_samples_is_worth_a_line() -> None:
    text = nemo(None, {"sample_rate": 22050, "n_fft": None}, sample_rate=22050)
    assert said(text) == []
    assert "220.5" in messages(text)


def test_comments_beside_times() -> None:
    text = f"""
        model:
          preprocessor:
            _target_: {MEL["_target_"]}
            window_size: 0.025  # 25 ms
            window_stride: 0.01  # 12.5 ms
          encoder: {{_target_: {FAST["_target_"]}, n_layers: 2, d_model: 8, feat_in: -1}}
    """
    assert codes(text) == ["RF110"]
    assert model_of(text).durations[1].value.value == Fraction(1, 100)


def test_a_limit_past_what_can_be_counted_is_no_failure() -> None:
    text = nemo({**STREAMING, "att_context_size": [10**30, 13]})

    assert "RF000" not in codes(text)
