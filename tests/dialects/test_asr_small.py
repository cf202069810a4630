"""Small recognisers: End-to-end-ASR-Pytorch, torchaudio's RNN-T, Whisper's dimensions, Kaldi's splices; and hostile values."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from asr_files import FAST, MEL, NEMO, STREAMING, block, codes, figures, messages, model_of, said, stack_of
from hypothesis import given, settings, strategies as st

from rflint.engine import check_text, explain_text


def recipe(audio: dict[str, Any] | None = None, **encoder: Any) -> str:
    """A LAS recipe of End-to-end-ASR-Pytorch."""
    features = {"feat_type": "fbank", "feat_dim": 40, "frame_length": 25, "frame_shift": 10, "apply_cmvn": True}
    layers = {"prenet": "vgg", "module": "LSTM", "bidirection": True, "dim": [8, 8], "dropout": [0, 0]}
    keys = {**layers, "sample_rate": [1, 1], "sample_style": "drop", **encoder}
    return json.dumps({"data": {"audio": {**features, **(audio or {})}}, "model": {"encoder": keys}})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (recipe(), (640, 15 * 160 + 400)),
        (recipe(prenet="cnn"), (640, 9 * 160 + 400)),
        (recipe(prenet=""), (160, 400)),
        (recipe(prenet="", sample_rate=[2, 2]), (640, 400)),
        (recipe(prenet="", sample_rate=[2, 2], sample_style="concat"), (640, 3 * 160 + 400)),
        (recipe({"delta_order": 2, "delta_window_size": 2}), (640, 23 * 160 + 400)),
        (recipe({"frame_shift": 12}), (4 * 192, 15 * 192 + 400)),
    ],
)
def test_stems_deltas_and_layers_that_drop_frames(text: str, expected: tuple[int, int]) -> None:
    assert figures(text)[:2] == expected
    assert said(text) == []


def test_older_files_write_vgg_true() -> None:
    old = json.loads(recipe())
    del old["model"]["encoder"]["prenet"]
    old["model"]["encoder"]["vgg"] = True
    assert figures(json.dumps(old))[0] == 640


@pytest.mark.parametrize(
    ("text", "expected", "message"),
    [
        (recipe(sample_rate=[1, 1, 1]), ("RF201", "error"), "`sample_rate` has 3 entries, `dim` has 2"),
        (recipe({"feat_dim": 64}), ("RF405", "error"), "`feat_dim` 64 is no multiple of 40"),
        (recipe({"frame_shift": 30}), ("RF404", "warning"), "never read"),
        (recipe(prenet="own"), ("RF002", "error"), "`prenet` must be"),
    ],
)
def test_recipes_that_are_refused(text: str, expected: tuple[str, str], message: str) -> None:
    assert expected in said(text)
    assert message in messages(text)


# -- torchaudio ---------------------------------------------------------------------------------------------------

EMFORMER = {
    "segment_length": 16,
    "right_context_length": 4,
    "time_reduction_stride": 4,
    "transformer_num_layers": 20,
    "transformer_left_context_length": 30,
}


def test_right_context_of_an_emformer_does_not_add_up() -> None:
    coverage = stack_of(json.dumps(EMFORMER)).coverage
    assert (coverage.step, coverage.receptive_field) == (4, 4)
    assert coverage.total is not None
    assert coverage.total.right == (3 + 1) * 4 + 3  # the rest of the segment, one step ahead, the frames of that step
    assert not coverage.unbounded
    assert stack_of(json.dumps({**EMFORMER, "transformer_max_memory_size": 4})).coverage.unbounded


def test_arguments_in_a_section() -> None:
    text = json.dumps({"transducer": EMFORMER, "lr": 1})
    assert figures(text)[0] == 4
    assert said(text) == []
    assert figures(json.dumps({"model_type": "emformer", **EMFORMER}))[0] == 4


def test_segments_that_are_no_whole_steps() -> None:
    text = json.dumps({**EMFORMER, "segment_length": 18, "right_context_length": 6})
    assert said(text) == [("RF502", "warning")] * 2


def test_conformer_transducer() -> None:
    keys = {"time_reduction_stride": 4, "conformer_num_layers": 16, "conformer_depthwise_conv_kernel_size": 31}
    assert figures(json.dumps(keys))[:2] == (4, 4 + 16 * 30 * 4)
    assert said(json.dumps(keys)) == []
    even = {**keys, "conformer_depthwise_conv_kernel_size": 30}
    assert said(json.dumps(even)) == [("RF203", "error")]


# -- Whisper ------------------------------------------------------------------------------------------------------


def test_dimensions_of_whisper() -> None:
    dims = {"n_mels": 80, "n_audio_ctx": 1500, "n_audio_state": 384, "n_audio_layer": 4}
    text = json.dumps({"dims": dims})
    assert figures(text) == (320, 1040, 520, 519)
    assert said(text) == said(json.dumps(dims)) == []
    assert said(json.dumps({"dims": {**dims, "n_audio_ctx": 1000}})) == [("RF504", "error")]


# -- Kaldi --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('splice_indexes: "-2,-1,0,1,2 -1,2 -3,3 -7,2 0"', (1, 23, 13, 9)),
        ("tdnn: {splice_indexes: [[-2, -1, 0, 1, 2], [-2, 0, 2], [-3, 0, 3], [0]]}", (1, 15, 7, 7)),
        ('{splice_indexes: "-1,0,1", frame_subsampling_factor: 3}', (3, 3, 1, 1)),
    ],
)
def test_splices(text: str, expected: tuple[int, int, int, int]) -> None:
    assert figures(text) == expected
    assert said(text) == []


def test_holes_of_a_splice() -> None:
    assert stack_of('splice_indexes: "-3,3"').coverage.holes == 5


def test_the_frame_rate_of_a_splice() -> None:
    assert stack_of('{splice_indexes: "-1,0,1", frame_shift: 10}').input_rate == 100
    assert stack_of('{splice_indexes: "-1,0,1", frame_shift: 0.01}').input_rate == 100
    assert stack_of('{splice_indexes: "-1,0,1", frame_shift: 0}').input_rate is None


@pytest.mark.parametrize("value", ['"a b"', "[]", "[[]]", "[[99999999]]", "{}", "null", '"1,2,"'])
def test_other_splices_are_left_alone(value: str) -> None:
    assert explain_text(f"splice_indexes: {value}", "config.yaml") == ()


# -- hostile values -----------------------------------------------------------------------------------------------

SECTIONS = {"train_ds": {"sample_rate": 16000}, "sortformer_modules": {"chunk_len": 188}, "masking": {"block_size": 40}}
SOUND: list[dict[str, Any]] = [
    {"model": {"sample_rate": 16000, "preprocessor": MEL, "encoder": {**FAST, **STREAMING}, **SECTIONS}},
    {"model": {"preprocessor": MEL, "encoder": {"jasper": [block(11, stride=[2], se=True), block(13, repeat=2)]}}},
    {"model": {"preprocessor": MEL, "encoder": {**FAST, "_target_": NEMO + "SqueezeformerEncoder", "time_reduce_idx": 3}}},
    {"vad": {"parameters": {"window_length_in_sec": 0.63, "shift_length_in_sec": 0.08, "smoothing": "mean", "overlap": 0.5}}},
    {"pretrained_name": "parakeet", "chunk_len_in_secs": 1.6, "model_stride": 8, "chunk_overlap_frames": 8},
    {"diarizer": {"speaker_embeddings": {"parameters": {"window_length_in_sec": [2, 1], "shift_length_in_sec": [1, 0.5]}}}},
    {"speech_config": {"frame_ms": 25, "stride_ms": 10}, "model_config": {"encoder_blocks": [{"nlayers": 2}]}},
    json.loads(recipe()),
    EMFORMER,
    {"splice_indexes": [[-1, 0, 1]], "frame_subsampling_factor": 3, "frame_shift": 10},
]  # fmt: skip
HOSTILE = [
    None,
    True,
    "x",
    "${a.b}",
    "???",
    -1,
    0,
    1,
    10**6,
    10**30,
    0.5,
    -0.5,
    1e300,
    1e-300,
    [],
    [0],
    [[1]],
    [10**9] * 2,
    {},
]


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a config but its root."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*path, key)
        yield from places(inner, (*path, key))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_value_brings_a_dialect_down(data: st.DataObject) -> None:
    config = copy.deepcopy(data.draw(st.sampled_from(SOUND)))
    *above, last = data.draw(st.sampled_from(list(places(config))))
    here = config
    for key in above:
        here = here[key]  # type: ignore[index]
    here[last] = data.draw(st.sampled_from(HOSTILE))  # type: ignore[index]
    text = json.dumps(config)
    assert "RF000" not in [finding.code for finding in check_text(text, "config.yaml")]
    for stack in (stack for model in explain_text(text, "config.yaml") for stack in model.stacks):
        assert stack.coverage.receptive_field >= 1


@pytest.mark.parametrize("config", SOUND, ids=range(len(SOUND)))
def test_what_is_mutated_is_sound(config: dict[str, Any]) -> None:
    assert codes(json.dumps(config)) == []
    assert model_of(json.dumps(config)).notes == []
