"""Codecs of frameworks: Amphion, FunCodec, ESPnet, NeMo, AudioDec, XY-Tokenizer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from codec_files import YAML, codes, decoder, dialect, encoder, infos, loud, model, models, told

ACOUSTIC: dict[str, Any] = {
    "model": {
        "acoustic_codec": {
            "encoder": {"d_model": 96, "up_ratios": [3, 4, 5, 8], "out_channels": 256, "use_tanh": False},
            "decoder": {
                "in_channel": 256,
                "upsample_initial_channel": 1536,
                "up_ratios": [5, 5, 4, 2],
                "num_quantizers": 12,
                "codebook_size": 1024,
                "use_vocos": True,
                "vocos_dim": 512,
                "vocos_intermediate_dim": 4096,
                "vocos_num_layers": 30,
                "n_fft": 1920,
                "hop_size": 480,
                "padding": "same",
            },
        }
    },
    "preprocess": {"sample_rate": 24000, "hop_size": 480, "n_fft": 1920, "win_size": 1920},
}
COCO = {
    "model": {
        "coco": {
            "downsample_rate": 4,
            "encoder": {"vocos_num_layers": 2},
            "decoder": {"vocos_num_layers": 2},
        },
        "flow_matching_transformer": {"cond_scale_factor": 4},
    },
    "preprocess": {"sample_rate": 24000, "hop_size": 480},
}
REPCODEC = {
    "model": {"representation_type": "hubert", "repcodec": {"vocos_num_layers": 6}},
    "preprocess": {"sample_rate": 24000, "hop_size": 480},
}
FUNCODEC = """
sampling_rate: 16000
encoder: encodec_seanet_encoder
encoder_conf: {ratios: [8, 5, 4, 2], n_residual_layers: 1, norm: weight_norm, causal: true, seq_model: lstm, seq_layer_num: 2}
quantizer: costume_quantizer
quantizer_conf: {codebook_size: 1024, num_quantizers: 32, rand_num_quant: [2, 4, 8, 16, 32], sampling_rate: 16000,
  encoder_hop_length: 320}
decoder: encodec_seanet_decoder
decoder_conf: {ratios: [8, 5, 4, 2], n_residual_layers: 1, norm: weight_norm, causal: true, seq_model: lstm, seq_layer_num: 2}
model: encodec
model_conf: {target_sample_hz: 16000, codec_domain: time}
speech_max_length: 51200
"""
FREQCODEC = """
sampling_rate: 16000
encoder: encodec_seanet_encoder_2d
encoder_conf: {ratios: [[4, 1], [4, 1], [4, 2], [4, 1]], norm: time_group_norm, causal: false, seq_model: lstm, seq_layer_num: 2}
quantizer: costume_quantizer
quantizer_conf: {num_quantizers: 32, sampling_rate: 16000, encoder_hop_length: 320}
decoder: encodec_seanet_decoder_2d
decoder_conf: {ratios: [[4, 1], [4, 1], [4, 2], [4, 1]], norm: time_group_norm, causal: false, seq_model: lstm}
model: freqcodec
model_conf: {target_sample_hz: 16000, codec_domain: [mag_phase, mag_phase], domain_conf: {n_fft: 512, hop_length: 160}}
speech_max_length: 40800
"""
ESPNET = """
codec: soundstream
codec_conf:
  sampling_rate: 24000
  generator_params:
    hidden_dim: 128
    encdec_n_residual_layers: 3
    encdec_ratios: [8, 5, 4, 2]
    encdec_lstm: 2
    quantizer_n_q: 32
    quantizer_bins: 1024
    quantizer_target_bandwidth: [2, 4, 8, 16, 24]
  discriminator_params:
    msmpmb_discriminator_params: {sample_rate: 24000, band_discriminator_params: {sample_rate: 24000}}
  mel_loss_params: {fs: 24000, hop_length: 256}
iterator_type: chunk
chunk_length: 32000
"""
ESPNET_2D = """
codec: funcodec
codec_conf:
  sampling_rate: 24000
  generator_params:
    encdec_ratios: [[4, 1], [4, 1], [4, 2], [4, 1]]
    codec_domain: [mag_phase, mag_phase]
    domain_conf: {n_fft: 512, hop_length: 160}
    quantizer_n_q: 32
    quantizer_target_bandwidth: [2, 4, 8, 16, 24]
chunk_length: 32100
"""
HIFICODEC = "codec: hificodec\ncodec_conf: {sampling_rate: 24000, generator_params: {resblock_num: \"1\"}}\n"
NEMO = """
name: AudioCodec
sample_rate: 22050
train_n_samples: 8192
model:
  sample_rate: ${sample_rate}
  samples_per_frame: 256
  train_ds: {dataset: {_target_: nemo.collections.tts.data.vocoder_dataset.VocoderDataset, sample_rate: 22050}}
  audio_encoder:
    _target_: nemo.collections.tts.modules.audio_codec_modules.HiFiGANEncoder
    down_sample_rates: [2, 2, 8, 8]
    encoded_dim: 32
  audio_decoder:
    _target_: nemo.collections.tts.modules.audio_codec_modules.HiFiGANDecoder
    up_sample_rates: [8, 8, 2, 2]
    in_kernel_size: 7
    input_dim: 32
"""
NEMO_SEANET = """
model:
  sample_rate: 24000
  samples_per_frame: 320
  audio_encoder: {_target_: nemo.collections.tts.modules.encodec_modules.SEANetEncoder, down_sample_rates: [2, 4, 5, 8]}
  audio_decoder: {_target_: nemo.collections.tts.modules.encodec_modules.SEANetDecoder, up_sample_rates: [8, 5, 4, 2],
    in_kernel_size: 7, out_kernel_size: 7}
train_n_samples: 24000
"""
AUDIODEC = """
sampling_rate: &sampling_rate 48000
model_type: symAudioDec
train_mode: autoencoder
generator_params:
  enc_ratios: [2, 4, 8, 16]
  dec_ratios: [16, 8, 4, 2]
  enc_strides: [3, 4, 5, 5]
  dec_strides: [5, 5, 4, 3]
  mode: causal
  codec: audiodec
use_mel_loss: true
mel_loss_params: {fs: *sampling_rate, fft_sizes: [2048], hop_sizes: [300], win_lengths: [null]}
use_stft_loss: false
stft_loss_params: {fft_sizes: [1024, 2048, 512], hop_sizes: [120, 240, 50], win_lengths: [600, 1200, 240]}
batch_length: 9600
adv_batch_length: 96000
"""
VOCODER = """
sampling_rate: 48000
train_mode: vocoder
analyzer: exp/autoencoder/mine/checkpoint-100steps.pkl
generator_params: {upsample_scales: [5, 5, 4, 3], upsample_kernel_sizes: [10, 10, 8, 6], resblock_kernel_sizes: [11],
  resblock_dilations: [[1, 3, 5]], groups: 3}
batch_length: 9600
"""
ANALYZER = {"../../exp/autoencoder/mine/config.yml": AUDIODEC}
XY = """
generator_params:
  sample_rate: 16000
  feature_extractor_kwargs: {n_fft: 400, hop_length: 160, sampling_rate: 16000, chunk_length: 30}
  semantic_encoder_kwargs: {stride_size: 2, kernel_size: 3, sampling_rate: 16000, hop_length: 160}
  acoustic_encoder_kwargs: {stride_size: 2, kernel_size: 3, sampling_rate: 16000, hop_length: 160}
  semantic_encoder_adapter_kwargs: {max_source_positions: 1500}
  pre_rvq_adapter_kwargs: {max_source_positions: 1500}
  downsample_kwargs: {avg_pooler: 4}
  quantizer_kwargs: {num_quantizers: 8, codebook_size: 1024}
  post_rvq_adapter_kwargs: {max_source_positions: 375}
  upsample_kwargs: {stride: 4}
  acoustic_decoder_kwargs: {stride_size: 2, kernel_size: 3, sampling_rate: 16000}
  vocos_kwargs: {n_fft: 640, hop_size: 160, padding: same, num_layers: 30}
"""
XY_24K = XY.replace(
    "  sample_rate: 16000\n",
    "  input_sample_rate: 16000\n  output_sample_rate: 24000\n"
    "  encoder_downsample_rate: 1280\n  decoder_upsample_rate: 1920\n",
).replace("n_fft: 640, hop_size: 160", "n_fft: 960, hop_size: 240")


def amphion(step: int = 480, decoder: dict[str, Any] | None = None) -> str:
    text: dict[str, Any] = json.loads(json.dumps(ACOUSTIC))
    text["preprocess"]["hop_size"] = step
    text["model"]["acoustic_codec"]["decoder"].update(decoder or {})
    return json.dumps(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (amphion(), "amphion_codec"),
        (amphion(decoder={"use_vocos": False, "up_ratios": [8, 5, 4, 3]}), "amphion_codec"),
        (json.dumps(COCO), "amphion_codec"),
        (json.dumps(REPCODEC), "amphion_codec"),
        (FUNCODEC, "funcodec"),
        (FREQCODEC, "funcodec"),
        (ESPNET, "espnet/codec"),
        (ESPNET_2D, "espnet/codec"),
        (NEMO, "nemo/codec"),
        (NEMO_SEANET, "nemo/codec"),
        (AUDIODEC, "audiodec"),
        (XY, "xy_tokenizer"),
        (XY_24K, "xy_tokenizer"),
    ],
)
def test_sound_configs_are_read_in_silence(text: str, name: str) -> None:
    assert (dialect(text, YAML), loud(text, YAML)) == (name, [])
    assert [note for each in models(text, YAML) for note in each.notes] == []


@pytest.mark.parametrize(
    "text",
    [
        "encoder: encodec_seanet_encoder\nquantizer: x\n",
        "codec: bscodec\ncodec_conf: {generator_params: {}}\n",
        "codec: dac\ncodec_conf: {}\n",
        "model: {audio_encoder: {_target_: nemo.collections.asr.x}, audio_decoder: {}}\n",
        "generator_params: {enc_strides: [2]}\n",
        "generator_params: {semantic_encoder_kwargs: {}}\n",
        "coco: {downsample_rate: 2}\n",
    ],
)
def test_other_files_are_not_claimed(text: str) -> None:
    assert dialect(text, YAML) is None


def test_figures() -> None:
    assert (encoder(FUNCODEC, YAML), decoder(FUNCODEC, YAML)) == ((320, 2718, 2398, 0), (320, 9, 8, 0))
    assert (encoder(ESPNET, YAML), decoder(ESPNET, YAML)) == ((320, 4758, 2223, 2215), (320, 15, 7, 7))
    assert (encoder(NEMO, YAML), decoder(NEMO, YAML)) == ((256, 6772, 3258, 3258), (256, 27, 13, 13))
    assert (encoder(NEMO_SEANET, YAML), decoder(NEMO_SEANET, YAML)) == ((320, 2718, 1203, 1195), (320, 9, 4, 4))
    assert (encoder(AUDIODEC, YAML), decoder(AUDIODEC, YAML)) == ((300, 7209, 7208, -299), (300, 29, 28, 0))
    assert (encoder(XY, YAML)[0], decoder(XY, YAML)[0]) == (1280, 1280)
    assert (encoder(XY_24K, YAML)[0], decoder(XY_24K, YAML)[0]) == (1280, 1920)


# -- Amphion ------------------------------------------------------------------------------------------------------


def test_the_acoustic_codec_ends_in_vocos() -> None:
    # 30 blocks of 7 taps and an embedding: ±93, 1920 / 480 = 4 frames a sample
    assert (encoder(amphion()), decoder(amphion())[:2]) == ((480, 7929, 3731, 3718), (480, 190))


def test_what_vocos_does_not_read_is_an_info() -> None:
    assert ("RF408", "`up_ratios` has no effect") in infos(amphion())
    assert ("RF408", "`in_channel` has no effect") in infos(amphion())


def test_repcodec_stands_on_frames_of_hubert() -> None:
    only = model(json.dumps(REPCODEC))

    assert [(stack.name, int(stack.coverage.step)) for stack in only.stacks] == [("hubert", 320), ("repcodec", 320)]


def test_coco_thins_frames() -> None:
    assert (encoder(json.dumps(COCO))[0], decoder(json.dumps(COCO))[0]) == (4, 4)


# -- FunCodec and ESPnet ------------------------------------------------------------------------------------------


def test_freqcodec_counts_samples_through_its_spectrogram() -> None:
    # 39 frames of the STFT: 38·160 + 512
    assert encoder(FREQCODEC, YAML)[:2] == (320, 6592)
    assert decoder(FREQCODEC, YAML)[0] == 320
    assert {mixer.name for mixer in model(FREQCODEC, YAML).stacks[0].coverage.unbounded_by} == {
        "LSTM",
        "time group norm",
    }


def test_attention_of_funcodec_is_causal_with_it() -> None:
    text = FUNCODEC.replace("seq_model: lstm", "seq_model: transformer")

    assert [mixer.right for mixer in model(text, YAML).stacks[0].coverage.unbounded_by] == [0]


def test_ratios_that_are_no_pairs_are_a_note() -> None:
    text = FREQCODEC.replace("[[4, 1], [4, 1], [4, 2], [4, 1]]", "[[4, 1, 1], [4, 2, 1]]")

    assert ([note.subject for note in model(text, YAML).notes], set(codes(text, YAML))) == (["codec"], {"RF002"})


def test_order_matters_to_the_field_of_espnet() -> None:
    assert encoder(ESPNET.replace("[8, 5, 4, 2]", "[2, 4, 8, 8]"), YAML)[:2] == (512, 18248)


def test_fsq_has_no_bandwidths() -> None:
    text = ESPNET.replace("quantizer_n_q: 32", "quantizer_codedim: [8, 5, 5, 5]\n    quantizer_n_q: 1")

    assert codes(text, YAML) == []


# -- AudioDec -----------------------------------------------------------------------------------------------------


def test_audiodec_is_causal_unless_told() -> None:
    assert encoder(AUDIODEC.replace("  mode: causal\n", ""), YAML) == encoder(AUDIODEC, YAML)
    assert encoder(AUDIODEC.replace("mode: causal", "mode: noncausal"), YAML)[:2] == (300, 7209)
    assert model(AUDIODEC.replace("mode: causal", "mode: other"), YAML).notes != []


def test_a_vocoder_reads_the_codes_of_its_analyzer() -> None:
    name = "config/vocoder/mine.yaml"
    only = model(VOCODER, name, ANALYZER)

    assert [(stack.role, stack.coverage.receptive_field) for stack in only.stacks] == [
        ("decoder", 39),
        ("encoder", 7209),
    ]
    assert codes(VOCODER, name, ANALYZER) == []
    assert codes(VOCODER, name) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("[3, 4, 5, 5]", "[2, 4, 5, 8]", "RF305", "`upsample_scales` 300 does not fit `enc_strides` 320"),
        ("48000", "24000", "RF403", "`sampling_rate` 48000 differs from `sampling_rate` 24000"),
    ],
)
def test_a_vocoder_of_another_codec_is_told(old: str, new: str, code: str, words: str) -> None:
    files = {name: text.replace(old, new) for name, text in ANALYZER.items()}

    assert told(VOCODER, code, words, "config/vocoder/mine.yaml", files)


def test_espnet_tells_what_asks_for_all_codebooks_and_reads_no_rate_without_rates() -> None:
    text = ESPNET.replace("16, 24]", "16, 32]").replace("{sample_rate: 24000, b", "{sample_rate: 16000, rates: [], b")

    assert loud(text, YAML) == []
    assert [code for code, _ in infos(text, YAML)] == ["RF510"]


@pytest.mark.parametrize("analyzer", ["checkpoint.pkl", "exp/other/checkpoint.pkl", "[]", "null"])
def test_an_analyzer_that_is_not_there_is_left_alone(analyzer: str) -> None:
    text = VOCODER.replace("exp/autoencoder/mine/checkpoint-100steps.pkl", analyzer)

    assert [stack.role for stack in model(text, "config/vocoder/mine.yaml", ANALYZER).stacks] == ["decoder"]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (amphion(240), "RF503", "`hop_size` 240 is declared, the model has 480"),
        (amphion(decoder={"hop_size": 240}), "RF301", "multiplies to 240"),
        (amphion(decoder={"use_vocos": False}), "RF301", "multiplies to 200"),
        (json.dumps(COCO).replace('"downsample_rate": 4', '"downsample_rate": 3'), "RF502", "3"),
        (json.dumps(COCO).replace('"cond_scale_factor": 4', '"cond_scale_factor": 2'), "RF503", "`cond_scale_factor` 2"),
        (json.dumps(REPCODEC).replace("480", "240"), "RF503", "`hop_size` 240 is declared, the model has 480"),
        (FUNCODEC.replace("encoder_hop_length: 320", "encoder_hop_length: 640"), "RF503", "`encoder_hop_length` 640"),
        (FUNCODEC.replace("16, 32]", "16, 64]"), "RF505", "64"),
        (FUNCODEC.replace("target_sample_hz: 16000", "target_sample_hz: 24000"), "RF403", "24000"),
        (FUNCODEC.replace("decoder_conf: {ratios: [8, 5, 4, 2]", "decoder_conf: {ratios: [8, 5, 4, 4]"), "RF301", "640"),
        (ESPNET.replace("16, 24]", "32, 48]"), "RF510", "48000 declared, which is more than 24000 bits a second"),
        (ESPNET.replace("chunk_length: 32000", "chunk_length: 44100"), "RF501", "44100"),
        (ESPNET.replace("{sample_rate: 24000, b", "{sample_rate: 16000, rates: [8000], b"), "RF403", "16000"),
        (ESPNET_2D.replace("16, 24]", "32, 48]"), "RF510", "48000"),
        (NEMO.replace("samples_per_frame: 256", "samples_per_frame: 320"), "RF503", "`samples_per_frame` 320"),
        (NEMO.replace("[8, 8, 2, 2]", "[8, 8, 2]"), "RF301", "multiplies to 128"),
        (NEMO.replace("VocoderDataset, sample_rate: 22050", "VocoderDataset, sample_rate: 44100"), "RF403", "44100"),
        (AUDIODEC.replace("dec_strides: [5, 5, 4, 3]", "dec_strides: [5, 5, 4, 4]"), "RF301", "multiplies to 400"),
        (AUDIODEC.replace("batch_length: 9600\n", "batch_length: 8192\n", 1), "RF501", "8192"),
        (AUDIODEC.replace("adv_batch_length: 96000", "adv_batch_length: 96001"), "RF501", "96001"),
        (AUDIODEC.replace("enc_ratios: [2, 4, 8, 16]", "enc_ratios: [2, 4, 8]"), "RF201", "3 entries"),
        (AUDIODEC.replace("fs: *sampling_rate", "fs: 24000"), "RF403", "24000"),
        (XY.replace("avg_pooler: 4", "avg_pooler: 2"), "RF301", "multiplies to 1280"),
        (XY_24K.replace("hop_size: 240", "hop_size: 160"), "RF301", "multiplies to 1280"),
        (XY_24K.replace("downsample_rate: 1280", "downsample_rate: 640"), "RF305", "640"),
        (XY_24K.replace("upsample_rate: 1920", "upsample_rate: 1280"), "RF301", "1280"),
        (XY.replace("{max_source_positions: 375}", "{max_source_positions: 200}"), "RF505", "375"),
        (XY.replace("stride_size: 2, kernel_size: 3, sampling_rate: 16000, hop_length: 160}\n  acoustic",
                    "stride_size: 4, kernel_size: 3, sampling_rate: 16000, hop_length: 160}\n  acoustic"), "RF305", "4"),
    ],
)  # fmt: skip
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert told(text, code, words, YAML), loud(text, YAML)


@pytest.mark.parametrize("text", [NEMO.replace("8192", "8200"), FUNCODEC.replace("51200", "51000")])
def test_a_crop_that_the_framework_fills_up_is_an_info(text: str) -> None:
    assert (codes(text, YAML), [code for code, _ in infos(text, YAML)]) == ([], ["RF501"])


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (AUDIODEC, "dec_strides: [5, 5, 4, 3]", "dec_strides: [3, 4, 5, 5]"),
        (NEMO, "[8, 8, 2, 2]", "[2, 2, 8, 8]"),
    ],
)
def test_a_list_that_is_no_mirror_is_an_info(text: str, old: str, new: str) -> None:
    changed = text.replace(old, new)

    assert (codes(changed, YAML), [code for code, _ in infos(changed, YAML)]) == ([], ["RF202"])


# -- ESPnet's HiFi-Codec ------------------------------------------------------------------------------------------

SMALL = HIFICODEC.replace("\"1\"", "\"2\", resblock_kernel_sizes: [3], resblock_dilation_sizes: [[1, 3]]")


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        # 7, 3, 120 · 2; 7 · 2, 120 · 8; 10 · 8, 120 · 40; 15 · 40, 120 · 320; 2 · 320
        (HIFICODEC, (320, 45744)),
        # blocks of one convolution a dilation: 2 · (1 + 3)
        (SMALL, (320, 7 + 3 + 8 * 2 + 14 + 8 * 8 + 80 + 8 * 40 + 600 + 8 * 320 + 640)),
    ],
)
def test_hificodec_is_hifi_gan_both_ways(text: str, figures: tuple[int, int]) -> None:
    assert (dialect(text, YAML), encoder(text, YAML)[:2], loud(text, YAML)) == ("espnet/codec", figures, [])
    assert decoder(text, YAML)[0] == 320
    assert model(text, YAML).stacks[0].coverage.unbounded  # by its norms


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (HIFICODEC + "chunk_length: 32100\n", "RF501", "32100"),
        (HIFICODEC.replace("\"1\"", "\"1\", upsample_rates: [8, 5], upsample_kernel_sizes: [16]"), "RF201", "1"),
        (HIFICODEC.replace("\"1\"", "\"1\", upsample_kernel_sizes: [16, 10, 8, 4]"), "RF302", "5"),
    ],
)
def test_contradictions_of_hificodec_are_reported(text: str, code: str, words: str) -> None:
    assert told(text, code, words, YAML), loud(text, YAML)


def test_nemo_reflects_what_it_pads_and_asks_for_longer_clips() -> None:
    stacks = [model(text, YAML).stack("encoder") for text in (NEMO, NEMO.replace("    encoded", "    pad_mode: zeros\n    encoded"))]

    assert [stack.coverage.min_input() for stack in stacks if stack is not None] == [1024, 256]
