"""Files without a generator, and small ones around it: acoustic models, seed-vc, DDSP-SVC, Piper, Qwen3-TTS, vocoder names."""

from __future__ import annotations

import json

import pytest
from vocoder_files import codes, decoder_of, figures, loud, model_of

from rflint.dialects.vocoder_names import Spelt, spelt
from rflint.engine import explain_text

NAME = "config.yaml"
LAYOUTS = [
    (
        "F5-TTS",
        "model: {mel_spec: {target_sample_rate: 24000, n_mel_channels: 100, hop_length: 256, win_length: 1024, n_fft: 1024}}",
    ),
    ("Matcha-TTS", "{n_fft: 1024, n_feats: 80, sample_rate: 22050, hop_length: 256, win_length: 1024, f_max: 8000}"),
    (
        "fairseq",
        "features: {sample_rate: 16000, n_fft: 1024, hop_length: 256, hop_len_t: 0.016, win_length: 1024, win_len_t: 0.064}",
    ),
    ("RADTTS", "data_config: {sampling_rate: 22050, filter_length: 1024, hop_length: 256, win_length: 1024}"),
    (
        "FastSpeech 2",
        "preprocessing:\n  audio: {sampling_rate: 22050}\n"
        "  stft: {filter_length: 1024, hop_length: 256, win_length: 1024}\n  mel: {n_mel_channels: 80}",
    ),
    ("DiffSinger", "{audio_sample_rate: 24000, hop_size: 256, win_size: 1024, fft_size: 1024, audio_num_mel_bins: 80}"),
    ("StyleTTS", "preprocess_params:\n  sr: 24000\n  spect_params: {n_fft: 1024, win_length: 1024, hop_length: 256}\n"),
    ("SEMamba", "stft_cfg: {sampling_rate: 16000, n_fft: 1024, hop_size: 256, win_size: 1024}"),
    ("as many bands as samples", "{n_fft: 1024, n_feats: 80, sample_rate: 22050, hop_length: 256, win_length: 1024}"),
    ("a window written as null", "{sample_rate: 22050, n_fft: 1024, hop_length: 256, win_length: null}"),
]


@pytest.mark.parametrize("text", [layout[1] for layout in LAYOUTS], ids=[layout[0] for layout in LAYOUTS])
def test_layouts_are_read_in_silence(text: str) -> None:
    model = model_of(text, NAME)
    frontend = model.stack("frontend")

    assert frontend is not None
    assert (model.dialect, frontend.coverage.step, frontend.coverage.receptive_field) == ("acoustic", 256, 1024)
    assert loud(text, NAME) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{n_fft: 1024, sample_rate: 22050, hop_length: 256, win_length: 2048}", "RF401"),
        ("{n_fft: 1024, sample_rate: 16000, hop_length: 256, win_length: 1024, fmax: 11025}", "RF405"),
        ("mel_spec: {target_sample_rate: 48000, hop_length: 256, win_length: 1024, n_fft: 1024}", "RF403"),
        ("features: {sample_rate: 16000, n_fft: 1024, hop_length: 256, hop_len_t: 0.0125, win_length: 1024}", "RF305"),
        ("{n_fft: 1920, n_feats: 480, sample_rate: 24000, hop_length: 480, win_length: 1920}", "RF405"),
        ("mel_spec: {target_sample_rate: 24000, hop_length: 512, win_length: 2048, n_fft: 2048}", "RF305"),
        (
            "mel_spec: {target_sample_rate: 24000, n_mel_channels: 80, hop_length: 256, win_length: 1024, n_fft: 1024}",
            "RF405",
        ),
    ],
)
def test_contradictions_are_reported(text: str, code: str) -> None:
    assert codes(text, NAME) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "model:\n  mel_spec: {target_sample_rate: 48000, hop_length: 512, win_length: 2048, n_fft: 2048}\n"
        "  vocoder: {is_local: true}",
        "mel_spec: {mel_spec_type: own, target_sample_rate: 48000, hop_length: 512, win_length: 2048, n_fft: 2048}",
    ],
)
def test_a_vocoder_of_ones_own_may_be_any(text: str) -> None:
    assert loud(text, NAME) == []


@pytest.mark.parametrize(
    "text",
    [
        "{sample_rate: 16000, n_fft: 400, hop_length: 10, win_length: 25}",  # ms, as SpeechBrain's Fbank takes them
        "{sample_rate: 16000, hop_length: 160}",
        "{feature_extractor_type: Own, sampling_rate: 16000, n_fft: 400, hop_length: 160, win_length: 400}",
        "audio: data/scp/train.scp",
        "{sample_rate: 16000, n_fft: 1024, hop_length: 80, hop_size: 160, win_length: 400}",  # which hop is not known
    ],
)
def test_other_files_are_left_alone(text: str) -> None:
    assert not [model for model in explain_text(text, NAME) if model.dialect == "acoustic"]


# -- vocoders by name ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nvidia/bigvgan_v2_24khz_100band_256x", Spelt(24000, 100, 256)),
        ("nvidia/bigvgan_v2_44khz_128band_512x", Spelt(44100, 128, 512)),
        ("bigvgan_22khz_80band", Spelt(22050, 80, None)),
        ("bigvgan_99khz_80band", Spelt(None, 80, None)),
        ("charactr/vocos", None),
        (7, None),
    ],
)
def test_names_spell_a_geometry(name: object, expected: Spelt | None) -> None:
    assert spelt(name) == expected


SEED = """
max_len: 80
preprocess_params: {sr: 22050, spect_params: {n_fft: 1024, win_length: 1024, hop_length: 256, n_mels: 80, fmax: "None"}}
model_params: {vocoder: {type: bigvgan, name: nvidia/bigvgan_v2_22khz_80band_256x}}
"""
WRAPPER = """
sr: 22050
hop_size: 256
mel_fn: {n_fft: 1024, win_size: 1024, hop_size: 256, num_mels: 80, sampling_rate: 22050, fmax: null}
vocoder: {pretrained_model_name_or_path: nvidia/bigvgan_v2_22khz_80band_256x}
"""


UNREAD = SEED.replace("model_params: {", "model_params: {DAC: {encoder_rates: [2, 5, 5, 6], sr: 24000}, ")


@pytest.mark.parametrize("text", [SEED, WRAPPER, UNREAD])
def test_seed_vc_is_read_in_silence(text: str) -> None:
    assert (model_of(text, NAME).dialect, loud(text, NAME)) == ("seed_vc", [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SEED.replace("22khz_80band_256x", "24khz_100band_256x"), ["RF403", "RF405"]),
        (SEED.replace("256x", "512x"), ["RF305"]),
        (WRAPPER.replace("hop_size: 256\nmel", "hop_size: 512\nmel"), ["RF305"]),
        (WRAPPER.replace("sr: 22050", "sr: 24000"), ["RF403"]),
    ],
)
def test_seed_vc_contradictions(text: str, expected: list[str]) -> None:
    assert sorted(codes(text, NAME)) == expected


# -- diffusion, Piper, Qwen3-TTS ------------------------------------------------------------------------------------------

DIFFUSION = """
data:
  sampling_rate: 44100
  block_size: 512 # Equal to hop_length
  duration: 2
  encoder_sample_rate: 16000
  encoder_hop_size: 320
"""


def test_any_block_is_sound_since_units_are_stretched() -> None:
    for block in (512, 441):
        text = DIFFUSION.replace("512", str(block))
        assert (model_of(text, NAME).dialect, loud(text, NAME)) == ("ddsp_svc", [])


def test_comments_beside_blocks_are_checked_at_their_own_rate() -> None:
    text = DIFFUSION.replace("encoder_hop_size: 320", "encoder_hop_size: 320 # 20 ms")

    assert loud(text, NAME) == []
    assert codes(text.replace("20 ms", "10 ms"), NAME) == ["RF110"]


def voice(quality: str, **keys: int) -> str:
    return json.dumps({"audio": {"sample_rate": 22050, "quality": quality}, "phoneme_id_map": {"_": [0]}, **keys})


@pytest.mark.parametrize(("quality", "field"), [("x_low", 22), ("medium", 22), ("high", 27)])
def test_piper_voices_have_the_decoder_of_their_quality(quality: str, field: int) -> None:
    assert (figures(voice(quality)), loud(voice(quality))) == ((256, field), [])


def test_a_hop_that_piper_refuses() -> None:
    assert codes(voice("medium", hop_length=512)) == ["RF301"]


def tokenizer(**keys: object) -> str:
    return json.dumps({"model_type": "qwen3_tts_tokenizer_12hz", "decoder_config": {}, **keys})


def test_qwen3_tts_codes_give_1920_samples_without_a_look_ahead() -> None:
    coverage = decoder_of(tokenizer(decode_upsample_rate=1920)).coverage

    assert (coverage.upsampling, coverage.length(10), coverage.right) == (1920, 19200, 0)
    assert loud(tokenizer(decode_upsample_rate=1920)) == []


def test_qwen3_tts_product() -> None:
    assert codes(tokenizer(decode_upsample_rate=960)) == ["RF301"]

FOUR = "hop_size: 512\nwin_size: 2048\nfft_size: 2048\naudio_sample_rate: 44100\n"
MATCHA = "{sample_rate: 22050, hop_length: 256, win_length: 1024, n_fft: 1024}"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (FOUR, 1024),
        (FOUR + "task_cls: usr.diffsinger_task.DiffSingerTask\n", 1024),
        (FOUR + "task_cls: training.acoustic_task.AcousticTask\n", 768),
        (f"data: {MATCHA}\n", 512),
        (MATCHA.replace("{", "{_target_: matcha.data.text_mel_datamodule.TextMelDataModule, "), 384),
        (MATCHA.replace("{sample_rate", "{mel_spec_type: vocos, target_sample_rate"), 512),
        (MATCHA.replace("{sample_rate", "{mel_spec_type: bigvgan, target_sample_rate"), 384),
    ],
)
def test_some_projects_pad_the_signal_themselves(text: str, left: int) -> None:
    stack = model_of(text, NAME).stack("frontend")

    assert stack is not None and stack.coverage.left == left
