"""SpeechTokenizer, SNAC, X-codec, WavTokenizer and Languagecodec."""

from __future__ import annotations

import json
from typing import Any

import pytest
from codec_files import YAML, codes, decoder, dialect, encoder, infos, loud, model, told

SPEECHTOKENIZER: dict[str, Any] = {
    "sample_rate": 16000,
    "strides": [8, 5, 4, 2],
    "n_filters": 64,
    "dimension": 1024,
    "semantic_dimension": 768,
    "bidirectional": True,
    "dilation_base": 2,
    "residual_kernel_size": 3,
    "n_residual_layers": 1,
    "lstm_layers": 2,
    "n_q": 8,
    "codebook_size": 1024,
    "segment_size": 48000,
    "semantic_model_path": "hubert-base-ls960",
    # those of the mel loss
    "hop_size": 240,
    "n_fft": 1024,
    "win_size": 1024,
}
SNAC: dict[str, Any] = {
    "sampling_rate": 24000,
    "encoder_dim": 48,
    "encoder_rates": [2, 4, 8, 8],
    "decoder_dim": 1024,
    "decoder_rates": [8, 8, 4, 2],
    "attn_window_size": None,
    "codebook_size": 4096,
    "vq_strides": [4, 2, 1],
    "depthwise": True,
}
XCODEC = """
generator:
  name: SoundStream
  config: {n_filters: 32, D: 256, target_bandwidths: [0.5, 1, 1.5, 2, 4], ratios: [8, 5, 4, 2], sample_rate: 16000, bins: 1024}
mfd: {name: MFD, config: {sample_rate: 16000, hop_lengths: [32, 64, 128, 256, 512, 1024], filters: 64}}
criterion:
  g_criterion: {config: {mel_scale_loss: {sampling_rate: 16000, n_fft: 1024, hop_size: 160}}}
segment_size: 32000
"""
WAVTOKENIZER = """
data:
  init_args:
    train_params: {sampling_rate: 24000, num_samples: 72000, batch_size: 40}
    val_params: {sampling_rate: 24000, num_samples: 72000, batch_size: 5}
model:
  init_args:
    sample_rate: 24000
    mel_loss_coeff: 45
    feature_extractor:
      class_path: decoder.feature_extractors.EncodecFeatures
      init_args:
        encodec_model: encodec_24khz
        bandwidths: [6.6, 6.6, 6.6, 6.6]
        dowmsamples: [8, 5, 4, 2]
        vq_bins: 4096
    backbone:
      class_path: decoder.models.VocosBackbone
      init_args: {input_channels: 512, dim: 768, num_layers: 12, adanorm_num_embeddings: 4}
    head: {class_path: decoder.heads.ISTFTHead, init_args: {dim: 768, n_fft: 1280, hop_length: 320, padding: same}}
"""
LANGUAGECODEC = """
feature_extractor:
  class_path: languagecodec_decoder.feature_extractors.EncodecFeatures
  init_args: {encodec_model: encodec_24khz, bandwidths: [6.6], train_codebooks: true}
backbone:
  class_path: languagecodec_decoder.models.VocosBackbone
  init_args: {input_channels: 128, dim: 384, num_layers: 8, adanorm_num_embeddings: 4}
head:
  class_path: languagecodec_decoder.heads.ISTFTHead
  init_args: {dim: 384, n_fft: 1280, hop_length: 320, padding: same}
"""


def speechtokenizer(**changes: Any) -> str:
    return json.dumps({key: value for key, value in {**SPEECHTOKENIZER, **changes}.items() if value is not None})


def snac(**changes: Any) -> str:
    return json.dumps({**SNAC, **changes})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (speechtokenizer(), "speechtokenizer"),
        (speechtokenizer(strides=[8, 5, 4, 4], semantic_model_path=None, segment_size=64000), "speechtokenizer"),
        (snac(), "snac"),
        (
            snac(sampling_rate=44100, encoder_rates=[3, 3, 7, 7], decoder_rates=[7, 7, 3, 3], vq_strides=[8, 4, 2, 1]),
            "snac",
        ),
        (snac(attn_window_size=32, vq_strides=[8, 4, 2, 1]), "snac"),
        (XCODEC, "xcodec"),
        (WAVTOKENIZER, "wavtokenizer"),
        (
            WAVTOKENIZER.replace("[8, 5, 4, 2]", "[6, 5, 5, 4]").replace("1280", "2400").replace("320", "600"),
            "wavtokenizer",
        ),
    ],
)
def test_sound_configs_are_read_in_silence(text: str, name: str) -> None:
    assert (dialect(text, YAML), loud(text, YAML), model(text, YAML).notes) == (name, [], [])


def test_figures() -> None:
    assert (encoder(speechtokenizer()), decoder(speechtokenizer())) == ((320, 2718, 1203, 1195), (320, 9, 4, 4))
    assert (encoder(snac()), decoder(snac())) == ((512, 10026, 4757, 4757), (512, 20, 10, 10))
    assert (encoder(XCODEC, YAML), decoder(XCODEC, YAML)) == ((320, 17796, 8742, 8734), (320, 21, 10, 10))
    assert encoder(WAVTOKENIZER, YAML) == (320, 2718, 1203, 1195)


def test_vocos_behind_two_pairs_of_residual_blocks() -> None:
    # 1 + 12 blocks of 7 taps: ±39, four blocks of two convolutions of 3: ±8, 1280 / 320 = 4 frames a sample
    assert decoder(WAVTOKENIZER, YAML)[0] == 320
    assert decoder(WAVTOKENIZER, YAML)[1] == 13 * 6 + 8 * 2 + 4
    assert model(WAVTOKENIZER, YAML).stacks[1].coverage.unbounded


def test_only_the_encoder_of_speechtokenizer_hears_the_whole_clip() -> None:
    down, up = model(speechtokenizer()).stacks

    assert [[mixer.right for mixer in stack.coverage.unbounded_by] for stack in (down, up)] == [[None], [0]]
    assert not model(speechtokenizer(lstm_layers=None)).stacks[0].coverage.unbounded


def test_what_speechtokenizer_reads_without_default_must_be_there() -> None:
    only = model(speechtokenizer(dilation_base=None))

    assert [note.subject for note in only.notes] == ["codec"]


def test_attention_of_snac_stays_inside_blocks_of_32_frames() -> None:
    assert (model(snac(attn_window_size=32)).stacks[0].coverage.unbounded, codes(snac(attn_window_size=32))) == (
        False,
        [],
    )


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (speechtokenizer(segment_size=48001), "RF501", "48001"),
        (speechtokenizer(strides=[8, 5, 4, 4]), "RF402", "50 does not fit `strides` 25"),
        (speechtokenizer(win_size=2048), "RF401", "2048"),
        (snac(decoder_rates=[8, 8, 4, 4]), "RF301", "multiplies to 1024"),
        (snac(vq_strides=[4, 3, 1]), "RF502", "3"),
        (XCODEC.replace("[8, 5, 4, 2]", "[8, 5, 4, 4]"), "RF305", "640"),
        (XCODEC.replace("segment_size: 32000", "segment_size: 32100"), "RF501", "32100"),
        (XCODEC.replace("1.5, 2, 4]", "1.5, 2, 4.2]"), "RF510", "4200"),
        (XCODEC.replace("mfd: {name: MFD, config: {sample_rate: 16000", "mfd: {config: {sample_rate: 24000"), "RF403", "24000"),
        (WAVTOKENIZER.replace("hop_length: 320", "hop_length: 240"), "RF301", "multiplies to 240"),
        (WAVTOKENIZER.replace("num_samples: 72000, batch_size: 40", "num_samples: 72100, batch_size: 40"), "RF501", "72100"),
        (WAVTOKENIZER.replace("val_params: {sampling_rate: 24000", "val_params: {sampling_rate: 16000"), "RF403", "16000"),
        (WAVTOKENIZER.replace("adanorm_num_embeddings: 4", "adanorm_num_embeddings: 3"), "RF505", "4"),
        (LANGUAGECODEC, "RF510", "6600"),
    ],
)  # fmt: skip
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert told(text, code, words, YAML), loud(text, YAML)


def test_a_list_of_snac_that_is_no_mirror_is_an_info() -> None:
    text = snac(decoder_rates=[2, 4, 8, 8])

    assert (codes(text), [code for code, _ in infos(text)]) == ([], ["RF202"])


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"strides": [8, 5], "n_q": 8}),
        json.dumps({"vq_strides": [4, 2, 1]}),
        "generator: {name: SoundStream, config: {D: 256}}\n",
        WAVTOKENIZER.replace("decoder.feature_extractors", "vocos.feature_extractors"),
    ],
)
def test_other_files_are_not_claimed(text: str) -> None:
    assert dialect(text, YAML) not in ("speechtokenizer", "snac", "xcodec", "wavtokenizer")
