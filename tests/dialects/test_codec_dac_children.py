"""Children of DAC: BigCodec and X-codec2, FAcodec, DualCodec, fish-speech's codec."""

from __future__ import annotations

import pytest
from codec_files import YAML, codes, decoder, dialect, encoder, infos, loud, model, told

BIGCODEC = """
preprocess:
  audio: {sr: 16000}
  stft: {fft_length: 1024, hop_length: 200}
dataset: {min_audio_length: 32000, batch_size: 8}
model:
  codec_encoder:
    out_channels: 1024
    up_ratios: [2, 2, 2, 5, 5]
    dilations: [1, 3, 9]
    use_rnn: true
    rnn_bidirectional: false
    rnn_num_layers: 2
  codec_decoder:
    upsample_initial_channel: 1536
    up_ratios: [5, 5, 2, 2, 2]
    dilations: [1, 3, 9]
    codebook_size: 8192
"""
TOP = "defaults:\n  - preprocess: default\n  - dataset: default\n  - model: default\n  - _self_\nlog_dir: log\n"
PARTS = {
    "preprocess/default.yaml": "audio: {sr: 16000}\nstft: {hop_length: 200}\n",
    "dataset/default.yaml": "min_audio_length: 32000\n",
    "model/default.yaml": "codec_encoder: {up_ratios: [2, 2, 2, 5, 5]}\n"
    "codec_decoder: {upsample_initial_channel: 1536, up_ratios: [5, 5, 2, 2, 2]}\n",
}
XCODEC2 = """
preprocess: {audio: {sr: 16000}, stft: {hop_length: 320}}
dataset: {min_audio_length: 96000}
model:
  codec_encoder: {up_ratios: [2, 2, 4, 4, 5], dilations: [1, 3, 9], out_channels: 1024}
  codec_decoder: {codebook_size: 65536}
"""
FACODEC = """
log_dir: ./runs
preprocess_params: {sr: 24000, frame_rate: 80, spect_params: {n_fft: 2048, win_length: 1200, hop_length: 300, n_mels: 80}}
model_params:
  causal: true
  lstm: 2
  DAC: {encoder_dim: 64, encoder_rates: [2, 5, 5, 6], decoder_dim: 1536, decoder_rates: [6, 5, 5, 2], sr: 24000}
max_len: 80
"""
DUALCODEC = """
model:
  _target_: dualcodec.model_codec.DualCodec
  sample_rate: 24000
  encoder_rates: [4, 4, 5, 6]
  decoder_rates: [6, 5, 4, 4]
  semantic_downsample_factor: 1
discriminator: {sample_rate: 24000}
"""
EVEN = DUALCODEC.replace("[4, 4, 5, 6]", "[4, 5, 6, 8]").replace("[6, 5, 4, 4]", "[8, 6, 5, 4]")
FISH = """
_target_: fish_speech.models.dac.modded_dac.DAC
sample_rate: 44100
encoder_rates: [2, 4, 8, 8]
decoder_rates: [8, 8, 4, 2]
encoder_transformer_layers: [0, 0, 0, 4]
decoder_transformer_layers: [0, 0, 0, 0]
quantizer:
  _target_: fish_speech.models.dac.rvq.DownsampleResidualVectorQuantize
  downsample_factor: [2, 2]
  pre_module: {causal: true, window_size: 128, config: {n_layer: 8}}
  post_module: {causal: true, window_size: 128, config: {n_layer: 8}}
"""


@pytest.mark.parametrize(
    ("text", "name"),
    [(BIGCODEC, "bigcodec"), (XCODEC2, "bigcodec"), (FACODEC, "facodec"), (FISH, "fish_dac")],
)
def test_sound_configs_are_read_in_silence(text: str, name: str) -> None:
    assert (dialect(text, YAML), loud(text, YAML), model(text, YAML).notes) == (name, [], [])


@pytest.mark.parametrize(
    "text",
    [
        "model: {codec_encoder: {dim: 3}, codec_decoder: {}}\n",
        "model_params: {DAC: {}, encoder_rates: [2]}\n",
        "model: {_target_: other.DualCodec}\n",
        "_target_: fish_speech.models.dac.modded_dac.Other\n",
    ],
)
def test_other_files_are_not_claimed(text: str) -> None:
    assert dialect(text, YAML) is None


# -- BigCodec and X-codec2 ----------------------------------------------------------------------------------------


def test_bigcodec_filters_at_every_activation() -> None:
    assert (encoder(BIGCODEC, YAML), decoder(BIGCODEC, YAML)) == ((200, 11000, 5424, 5376), (200, 59, 29, 30))
    assert [mixer.right for mixer in model(BIGCODEC, YAML).stacks[0].coverage.unbounded_by] == [0]


def test_its_groups_are_composed() -> None:
    assert (encoder(TOP, YAML, PARTS)[0], codes(TOP, YAML, PARTS)) == (200, [])
    assert told(
        TOP, "RF503", "`hop_length` 256", YAML, {**PARTS, "preprocess/default.yaml": "stft: {hop_length: 256}\n"}
    )


def test_the_model_alone_knows_no_sample_rate() -> None:
    text = PARTS["model/default.yaml"]

    assert (model(text, YAML).sample_rate, codes(text, YAML)) == (None, [])
    assert encoder(text, YAML)[0] == 200


def test_xcodec2_has_a_decoder_of_hop_320() -> None:
    assert (encoder(XCODEC2, YAML), decoder(XCODEC2, YAML)[0]) == ((320, 17448, 8596, 8532), 320)
    assert told(XCODEC2.replace("[2, 2, 4, 4, 5]", "[2, 2, 4, 4, 4]"), "RF301", "multiplies to 320", YAML)


def test_what_xcodec2_does_not_read_is_an_info() -> None:
    text = XCODEC2.replace(
        "codebook_size: 65536", "codebook_size: 65536, up_ratios: [5, 4, 4, 2, 2], dilations: [1, 3, 9]"
    )

    assert codes(text, YAML) == []
    assert {message for code, message in infos(text, YAML) if code == "RF408"} == {
        "`up_ratios` has no effect",
        "`dilations` has no effect",
        "`codebook_size` has no effect",
    }


# -- FAcodec ------------------------------------------------------------------------------------------------------


def test_facodec_is_causal_on_both_sides() -> None:
    assert (encoder(FACODEC, YAML), decoder(FACODEC, YAML)) == ((300, 6182, 5882, 0), (300, 25, 24, 0))


def test_each_side_of_facodec_may_be_causal_by_itself() -> None:
    text = FACODEC.replace("causal: true", "causal: true\n  decoder_causal: false")

    assert (encoder(text, YAML)[3], decoder(text, YAML)[2:]) == (0, (12, 12))
    assert codes(text, YAML) == []


# -- DualCodec ----------------------------------------------------------------------------------------------------


def test_dualcodec_loses_samples_of_odd_factors() -> None:
    # ((6T·5 - 1)·4)·4: an odd factor, then 16
    assert told(DUALCODEC, "RF302", "5·T-1", YAML)
    assert (encoder(EVEN, YAML), decoder(EVEN, YAML)) == ((960, 15300, 7172, 7168), (960, 20, 10, 10))
    assert model(EVEN, YAML).stacks[1].coverage.length(10) == 9600 - 4


def test_transformers_of_the_decoder_are_not_built() -> None:
    text = FISH.replace("decoder_transformer_layers: [0", "decoder_transformer_layers: [4")

    assert ("RF408", "`decoder_transformer_layers` has no effect") in infos(text, YAML)
    assert loud(text, YAML) == []


def test_is_causal_of_dualcodec_does_not_reach_the_dac() -> None:
    text = DUALCODEC.replace("sample_rate: 24000\n  enc", "sample_rate: 24000\n  is_causal: true\n  enc")

    assert [code for code, _ in infos(text, YAML)] == ["RF509"]
    assert "RF509" not in codes(text, YAML)


# -- fish-speech --------------------------------------------------------------------------------------------------


def test_fish_thins_the_frames_of_dac() -> None:
    assert (encoder(FISH, YAML), decoder(FISH, YAML)) == ((2048, 27946, 25898, 0), (2048, 11, 10, 0))
    assert not model(FISH, YAML).stacks[0].coverage.unbounded


def test_fish_without_a_window_has_no_limit() -> None:
    assert model(FISH.replace("window_size: 128, ", ""), YAML).stacks[0].coverage.unbounded


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (BIGCODEC.replace("hop_length: 200", "hop_length: 256"), "RF503", "`hop_length` 256 is declared, the model has 200"),
        (BIGCODEC.replace("[5, 5, 2, 2, 2]", "[5, 5, 2, 2]"), "RF301", "multiplies to 100"),
        (BIGCODEC.replace("32000", "32100"), "RF501", "32100"),
        (FACODEC.replace("hop_length: 300", "hop_length: 240"), "RF503", "`hop_length` 240"),
        (FACODEC.replace("frame_rate: 80", "frame_rate: 75"), "RF102", "75 Hz"),
        (FACODEC.replace("[6, 5, 5, 2]", "[6, 5, 5, 4]"), "RF301", "multiplies to 600"),
        (FACODEC.replace("2], sr: 24000", "2], sr: 16000"), "RF403", "16000"),
        (FACODEC.replace("win_length: 1200", "win_length: 4096"), "RF401", "4096"),
        (DUALCODEC.replace("factor: 1", "factor: 4"), "RF503", "`semantic_downsample_factor` 4"),
        (DUALCODEC.replace("{sample_rate: 24000}", "{sample_rate: 44100}"), "RF403", "44100"),
        (FISH.replace("downsample_factor: [2, 2]", "downsample_factor: [2, 4]"), "RF305", "8"),
        (FISH.replace("[0, 0, 0, 4]", "[0, 0, 4]"), "RF201", "3 entries"),
        (FISH.replace("[8, 8, 4, 2]", "[8, 8, 4]"), "RF301", "multiplies to"),
    ],
)  # fmt: skip
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert told(text, code, words, YAML), loud(text, YAML)
