"""Hugging Face codecs and vocoders: fields, lengths, and what their configs and extractors must agree on."""

from __future__ import annotations

from typing import Any

import pytest
from ssl_files import figures, loud, model_of, models_of, reported, upsampling

NAME = "config.json"


def config(kind: str, **keys: Any) -> dict[str, Any]:
    return {"model_type": kind, "transformers_version": "5.0", **keys}


# -- codecs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "keys", "encoder", "decoder"),
    [
        ("encodec", {}, (320, 2718), (320, 9)),
        ("encodec", {"upsampling_ratios": [8, 5, 4, 4], "use_causal_conv": False}, (640, 5428), (640, 9)),
        ("mimi", {}, (1920, 7160), (1920, 6)),
        ("pocket_tts_audio_tokenizer", {}, (1920, 4280), (1920, 3)),
        ("dac", {"downsampling_ratios": [2, 4, 8, 8], "sampling_rate": 44100}, (512, 7978), (512, 20)),
        ("vibevoice_acoustic_tokenizer", {}, (3200, 188762), (3200, 59)),
    ],
)
def test_codecs_are_read_exactly_and_in_silence(
    kind: str, keys: dict[str, Any], encoder: tuple[int, int], decoder: tuple[int, int]
) -> None:
    model = model_of(config(kind, **keys), NAME)

    assert (figures(model.stack("encoder")), upsampling(model.stack("decoder"))) == (encoder, decoder)
    assert loud(config(kind, **keys), NAME) == []


def test_a_causal_codec_does_not_look_beyond_its_hop() -> None:
    stack = model_of(config("encodec"), NAME).stack("encoder")

    assert stack is not None
    assert (stack.coverage.left, stack.coverage.look_ahead, stack.coverage.unbounded) == (2398, 0, True)


def test_the_encoder_of_x_codec_has_its_large_strides_first() -> None:
    whole = config("xcodec", acoustic_model_config={"model_type": "dac", "downsampling_ratios": [8, 5, 4, 2]})
    model = models_of(whole, NAME)[0]

    assert figures(model.stack("encoder")) == (320, 17796)
    assert model.stack("decoder").coverage.length(40) == 12800  # type: ignore[union-attr]


def test_filters_of_the_activations_widen_the_field_of_x_codec_2() -> None:
    assert figures(model_of(config("xcodec2"), NAME).stack("encoder")) == (320, 17448)


def test_an_odd_stride_of_dac_loses_samples_and_is_worth_a_line_only() -> None:
    odd = config("dac", downsampling_ratios=[2, 4, 5, 8], sampling_rate=16000)

    assert model_of(odd, NAME).stack("decoder").coverage.length(40) == 12792  # type: ignore[union-attr]
    assert loud(odd, NAME) == []


def test_a_hop_in_the_file_overrides_the_product() -> None:
    dac = config("dac", downsampling_ratios=[2, 4, 5, 8], hop_length=320, sampling_rate=16000)
    features = {"feature_extractor_type": "DacFeatureExtractor", "hop_length": 320, "sampling_rate": 16000}

    assert loud(dac, NAME, preprocessor_config=features) == []
    assert reported({**dac, "hop_length": 512}, NAME, "RF504", "512")
    assert reported(dac, NAME, "RF504", "512", preprocessor_config={**features, "hop_length": 512})


def test_the_decoder_of_dac_mirrors_its_encoder() -> None:
    dac = config("dac", downsampling_ratios=[2, 4, 5, 8], upsampling_ratios=[8, 5, 4, 2])

    assert loud(dac, NAME) == []
    assert reported({**dac, "upsampling_ratios": [2, 4, 5, 8]}, NAME, "RF202", "upsampling_ratios")


@pytest.mark.parametrize(("rate", "step"), [(12.5, 1920), (6.25, 3840)])
def test_a_frame_rate_that_divides_is_honoured(rate: float, step: int) -> None:
    mimi = config("mimi", frame_rate=rate)

    assert figures(model_of(mimi, NAME).stack("encoder"))[0] == step
    assert loud(mimi, NAME) == []


def test_a_frame_rate_that_does_not_divide_is_missed() -> None:
    assert reported(config("mimi", frame_rate=10), NAME, "RF102", "12.5 Hz")
    assert model_of(config("mimi", frame_rate=50), NAME).stacks == []


def test_null_leaves_the_frame_rate_to_the_model() -> None:
    assert loud(config("mimi", _frame_rate=None, upsampling_ratios=None), NAME) == []


def test_a_bandwidth_is_whole_codebooks() -> None:
    codec = config("encodec", codebook_size=2048, upsampling_ratios=[8, 5, 4, 4], sampling_rate=32000)

    assert loud({**codec, "target_bandwidths": [2.2]}, NAME) == []
    assert reported({**codec, "target_bandwidths": [2.0]}, NAME, "RF510", "550")


def test_extractor_and_codec_have_one_rate() -> None:
    features = {"feature_extractor_type": "EncodecFeatureExtractor", "sampling_rate": 24000}

    assert loud(config("encodec", sampling_rate=24000), NAME, preprocessor_config=features) == []
    assert reported(config("encodec", sampling_rate=48000), NAME, "RF403", "48000", preprocessor_config=features)


@pytest.mark.parametrize(("ratios", "codes"), [([8, 5, 4, 2, 3], []), ([8, 5, 4, 2], ["RF504"])])
def test_acoustic_frames_of_higgs_are_whole_semantic_ones(ratios: list[int], codes: list[str]) -> None:
    whole = config(
        "higgs_audio_v2_tokenizer", acoustic_model_config={"model_type": "dac", "downsampling_ratios": ratios}
    )

    assert [code for code, _ in loud(whole, NAME)] == codes


def test_depths_of_vibevoice_are_one_more_than_its_ratios() -> None:
    short = config("vibevoice_acoustic_tokenizer", depths=[3, 3, 3], downsampling_ratios=[2, 2, 4])

    assert reported(short, NAME, "RF201", "3 entries")
    assert model_of(short, NAME).stacks == []


# Microsoft's spelling: the same net, its lists in decoder order and its depths a text
PUBLISHED: dict[str, Any] = {"encoder_ratios": [8, 5, 5, 4, 2, 2], "encoder_depths": "3-3-3-3-3-3-8"}


@pytest.mark.parametrize(
    ("keys", "encoder", "decoder"),
    [
        (PUBLISHED, (3200, 188762), (3200, 59)),
        ({"encoder_ratios": None, "encoder_depths": [3, 3, 3, 3, 3, 3, 8]}, (3200, 188762), (3200, 59)),
        # 1 + 6 + 6 + 3 + 2·6 + 2·9 + 10·6 + 10·6: the stride of 2 comes first
        ({"encoder_ratios": [5, 2], "encoder_depths": "1-1-1"}, (10, 166), (10, 17)),
        ({"encoder_ratios": [5, 2], "encoder_depths": "1-1-1", "decoder_depths": "1-0-0"}, (10, 166), (10, 15)),
        ({"encoder_ratios": [5, 2], "encoder_depths": "1-1-1", "decoder_depths": [1, 0, 0]}, (10, 166), (10, 17)),
    ],
)
def test_vibevoice_is_read_as_microsoft_writes_it(
    keys: dict[str, Any], encoder: tuple[int, int], decoder: tuple[int, int]
) -> None:
    for kind in ("vibevoice_acoustic_tokenizer", "vibepod_acoustic_tokenizer"):
        model = model_of(config(kind, **keys), NAME)

        assert (figures(model.stack("encoder")), upsampling(model.stack("decoder"))) == (encoder, decoder)
        assert loud(config(kind, **keys), NAME) == []


def test_the_semantic_tokenizer_of_vibevoice_is_an_encoder_alone() -> None:
    model = model_of(config("vibevoice_semantic_tokenizer", **PUBLISHED), NAME)

    assert [(stack.role, figures(stack)) for stack in model.stacks] == [("encoder", (3200, 188762))]


def test_files_of_vibevoice_need_no_signature_of_transformers() -> None:
    whole = {"model_type": "vibepod", "acoustic_tokenizer_config": {"model_type": "vibepod_acoustic_tokenizer", **PUBLISHED}}

    assert figures(model_of(whole, NAME).stack("encoder")) == (3200, 188762)


@pytest.mark.parametrize("causal", [True, False])
def test_the_convolutions_of_vibevoice_may_be_centred(causal: bool) -> None:
    stack = model_of(config("vibevoice_acoustic_tokenizer", **PUBLISHED, causal=causal), NAME).stack("encoder")

    assert stack is not None
    assert (stack.coverage.look_ahead == 0) is causal


@pytest.mark.parametrize(
    ("keys", "code", "words"),
    [
        ({"encoder_depths": "3-3-8"}, "RF201", "3 entries"),
        ({"decoder_ratios": [8, 5, 5, 4, 2, 4]}, "RF301", "3200"),
        ({"decoder_ratios": [8, 5]}, "RF201", "7 entries"),
    ],
)
def test_contradictions_of_published_vibevoice_are_reported(keys: dict[str, Any], code: str, words: str) -> None:
    assert reported(config("vibevoice_acoustic_tokenizer", **PUBLISHED | keys), NAME, code, words)


def test_depths_of_vibevoice_that_are_no_numbers_are_a_note() -> None:
    model = model_of(config("vibevoice_acoustic_tokenizer", **PUBLISHED | {"encoder_depths": "3-x"}), NAME)

    assert (model.stacks, len(model.notes)) == ([], 1)


# -- vocoders -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "factor", "field"),
    [
        ("speecht5_hifigan", 256, 49),
        ("fastspeech2_conformer_hifigan", 256, 27),
        ("vits", 256, 27),
        ("univnet", 256, 32),
        ("qwen2_5_omni_bigvgan", 240, 68),
    ],
)
def test_vocoders_are_read_exactly_and_in_silence(kind: str, factor: int, field: int) -> None:
    assert upsampling(model_of(config(kind), NAME).stack("decoder")) == (factor, field)
    assert loud(config(kind), NAME) == []


def test_code2wav_cuts_both_ends() -> None:
    model = model_of(config("qwen3_omni_moe_code2wav"), NAME)

    assert model.stack("decoder").coverage.length(24) == 1920 * 24 - 555  # type: ignore[union-attr]
    assert loud(config("qwen3_omni_moe_code2wav"), NAME) == []


def test_an_odd_difference_of_kernel_and_factor_adds_a_sample() -> None:
    odd = config("vits", upsample_rates=[8, 5], upsample_kernel_sizes=[16, 8])

    assert reported(odd, NAME, "RF302", "5·T+1")


def test_kernels_and_rates_pair() -> None:
    assert reported(config("vits", upsample_rates=[8, 8, 4], upsample_kernel_sizes=[16, 16]), NAME, "RF201", "entries")


def test_the_hop_of_the_frames_beside_it_is_the_product() -> None:
    features = {"feature_extractor_type": "SpeechT5FeatureExtractor", "hop_length": 16, "sampling_rate": 16000}

    assert loud(config("speecht5_hifigan"), NAME, preprocessor_config=features) == []
    assert reported(
        config("speecht5_hifigan"), NAME, "RF301", "320", preprocessor_config={**features, "hop_length": 20}
    )


def test_lists_of_univnet_agree() -> None:
    assert reported(config("univnet", resblock_kernel_sizes=[3, 3]), NAME, "RF201", "2 entries")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # the predictor reads 2 + 6 + 1 frames on each side, three blocks of two convolutions a dilation the samples
        ({"resblock_stride_sizes": [8, 5, 3], "resblock_kernel_sizes": [3, 5, 3]}, (120, 35, 34)),
        (
            {
                "resblock_dilation_sizes": [[1, 3], [1, 3, 9, 27], [1, 2, 4]],
                "kernel_predictor_conv_size": 5,
                "kernel_predictor_num_blocks": 2,
            },
            (256, 28, 27),
        ),
    ],
)
def test_blocks_of_univnet_may_differ(changes: dict[str, Any], expected: tuple[int, int, int]) -> None:
    coverage = model_of(config("univnet", **changes), NAME).stack("decoder").coverage  # type: ignore[union-attr]

    assert (coverage.upsampling, coverage.receptive_field, coverage.receptive_field_min) == expected


def test_the_tokenizer_of_qwen3_tts_is_not_the_mimi_in_it() -> None:
    decoder = {"upsample_rates": [8, 5, 4, 3], "upsampling_ratios": [2, 2], "num_hidden_layers": 8, "sliding_window": 72}
    whole = {
        "model_type": "qwen3_tts_tokenizer_12hz",
        "encoder_config": {"model_type": "mimi", "upsampling_ratios": [8, 6, 5, 4]},
        "decoder_config": decoder,
        "decode_upsample_rate": 1920,
    }

    assert model_of(whole, NAME).dialect == "qwen3_tts"
