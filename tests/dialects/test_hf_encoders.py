"""Hugging Face encoders over the waveform, and the files beside config.json."""

from __future__ import annotations

from typing import Any

import pytest
from ssl_files import figures, loud, model_of, models_of, reported

from rflint.dialects.hf import READERS, UNNAMED
from rflint.dialects.registry import DIALECTS, signed

NAME = "config.json"
LISTS = {
    "conv_dim": [512] * 7,
    "conv_kernel": [10, 3, 3, 3, 3, 2, 2],
    "conv_stride": [5, 2, 2, 2, 2, 2, 2],
    "num_feat_extract_layers": 7,
}
RAW = {"feature_extractor_type": "Wav2Vec2FeatureExtractor", "feature_size": 1, "sampling_rate": 16000}


def wav2vec2(**changes: Any) -> dict[str, Any]:
    return {"model_type": "wav2vec2", "transformers_version": "5.0", **LISTS, **changes}


def test_a_whole_config_is_read_exactly_and_in_silence() -> None:
    model = model_of(wav2vec2(), NAME, preprocessor_config=RAW)

    assert figures(model.stack("encoder")) == (320, 400)
    assert figures(model.stack("context")) == (320, 400 + 127 * 320)
    assert model.sample_rate is not None and model.sample_rate.origin == "referenced file"
    assert loud(wav2vec2(), NAME, preprocessor_config=RAW) == []


@pytest.mark.parametrize(
    "kind",
    [
        "wav2vec2",
        "wav2vec2-conformer",
        "hubert",
        "wavlm",
        "unispeech",
        "unispeech-sat",
        "sew",
        "sew-d",
        "data2vec-audio",
        "speecht5",
    ],
)
def test_the_defaults_of_the_kin_agree(kind: str) -> None:
    model = model_of({"model_type": kind, "architectures": ["X"]}, NAME)

    assert figures(model.stack("encoder")) == (320, 400)
    assert model.sample_rate is not None and model.sample_rate.origin == "framework default"


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("data2vec-audio", 400 + 5 * 18 * 320),
        ("wav2vec2-conformer", 400 + 12 * 30 * 320),
        ("sew", 400 + 127 * 320),
    ],
)
def test_what_stands_on_top_differs(kind: str, field: int) -> None:
    assert figures(model_of({"model_type": kind, "architectures": []}, NAME).stack("context")) == (320, field)


def test_an_even_depthwise_kernel_changes_the_length_beside_its_shortcut() -> None:
    config = {"model_type": "wav2vec2-conformer", "architectures": [], "conv_depthwise_kernel_size": 30}

    assert reported(config, NAME, "RF203", "different lengths")


def test_a_rate_of_ones_own_is_honoured() -> None:
    config = wav2vec2(model_type="music_hubert", sample_rate=24000, num_conv_pos_embeddings=128)
    model = model_of(config, NAME)

    assert model.sample_rate is not None and model.sample_rate.value == 24000
    assert loud(config, NAME) == []


@pytest.mark.parametrize("short", ["conv_kernel", "conv_stride", "conv_dim"])
def test_parallel_lists_must_agree(short: str) -> None:
    config = wav2vec2(**{short: LISTS[short][:6]})  # type: ignore[index]

    assert reported(config, NAME, "RF201", "entries")


def test_the_count_of_layers_is_that_of_the_lists() -> None:
    assert reported(wav2vec2(num_feat_extract_layers=6), NAME, "RF201", "num_feat_extract_layers")


def test_a_stride_of_zero_is_refused() -> None:
    assert reported(wav2vec2(conv_stride=[5, 2, 2, 2, 2, 2, 0]), NAME, "RF002", "at least 1")


def test_audio_at_8_khz_makes_frames_of_40_ms() -> None:
    assert reported(wav2vec2(), NAME, "RF406", "40 ms", preprocessor_config={**RAW, "sampling_rate": 8000})


def test_two_sample_rates_disagree() -> None:
    config = wav2vec2(sample_rate=24000)

    assert reported(config, NAME, "RF403", "24000", preprocessor_config=RAW)
    assert loud(config, NAME, preprocessor_config={**RAW, "sampling_rate": 24000}) == []


@pytest.mark.parametrize(("ratio", "codes"), [(320, []), (160, ["RF503"])])
def test_the_ratio_of_inputs_to_logits_is_the_product_of_the_strides(ratio: int, codes: list[str]) -> None:
    assert [code for code, _ in loud(wav2vec2(inputs_to_logits_ratio=ratio), NAME)] == codes


def test_an_adapter_divides_the_rate_by_eight() -> None:
    config = wav2vec2(add_adapter=True)

    assert figures(model_of(config, NAME).stack("adapter")) == (2560, 400 + 2 * 320 * (1 + 2 + 4))
    assert loud(config, NAME) == []


def test_the_mask_of_an_adapter_fits_a_kernel_of_three_alone() -> None:
    assert reported(wav2vec2(add_adapter=True, adapter_kernel_size=5), NAME, "RF504", "63")
    assert loud(wav2vec2(add_adapter=False, adapter_kernel_size=5), NAME) == []


def test_the_x_vector_head_reads_15_frames() -> None:
    config = wav2vec2(architectures=["Wav2Vec2ForXVector"])

    assert figures(model_of(config, NAME).stack("xvector")) == (320, 400 + 14 * 320)


def test_a_config_inside_another_is_found() -> None:
    config = {
        "model_type": "speech-encoder-decoder",
        "architectures": [],
        "encoder": wav2vec2(),
        "decoder": {"model_type": "bert"},
    }

    assert [model.name for model in models_of(config, NAME)] == ["encoder wav2vec2"]


@pytest.mark.parametrize(
    "config",
    [
        {"model_type": "bert", "architectures": ["BertModel"], "hidden_size": 768},
        {"merged": {"model_type": "wav2vec2", "path": "somewhere"}},
        {"model_type": "mamba", "conv_kernel": 4},
        {"image_processor_type": "ViTImageProcessor", "size": 224},
    ],
)
def test_other_configs_are_not_ours(config: dict[str, Any]) -> None:
    assert models_of(config, NAME) == []


def test_every_kind_is_signed() -> None:
    (entry,) = (entry for entry in DIALECTS if entry.module == "hf")
    kinds = {*READERS, *(parent for parent, _ in UNNAMED)}

    assert [kind for kind in sorted(kinds) if entry not in signed(f'{{"model_type": "{kind}"}}'.encode())] == []


def test_a_card_in_yaml_that_only_names_a_type_is_not_ours() -> None:
    assert models_of("name: x\nmodel_type: wav2vec2\nmodel_arch: conformer\nhidden_size: 3\n", "card.yaml") == []


# -- others over the waveform -------------------------------------------------------------------------------------


def test_moonshine_has_no_keys_and_a_step_of_24_ms() -> None:
    assert figures(model_of({"model_type": "moonshine", "hidden_size": 288}, NAME).stack("encoder")) == (384, 895)


def test_moonshine_streaming_is_causal() -> None:
    config = {"model_type": "moonshine_streaming_encoder", "hidden_size": 288}
    stack = model_of(config, NAME).stack("encoder")

    assert figures(stack) == (320, 1040)
    assert stack is not None and (stack.coverage.left, stack.coverage.look_ahead) == (960, 0)
    assert loud(config, NAME) == []


def test_a_frame_of_no_whole_samples_is_not_computable() -> None:
    model = model_of({"model_type": "moonshine_streaming_encoder", "hidden_size": 1, "frame_ms": 5.03}, NAME)

    assert model.stacks == []


def test_patches_of_muse_spark_multiply() -> None:
    config = {"model_type": "muse_spark_audio", "num_hidden_layers": 4, "patch_sizes": [16, 6, 5, 4]}
    extractor = {
        "feature_extractor_type": "MuseSparkFeatureExtractor",
        "samples_per_token": 1920,
        "sampling_rate": 24000,
    }

    assert figures(model_of(config, NAME).stack("encoder")) == (1920, 32064)
    assert loud(config, NAME, preprocessor_config=extractor) == []
    assert reported(config, NAME, "RF504", "1920", preprocessor_config={**extractor, "samples_per_token": 960})
