"""ParallelWaveGAN: every generator type exact, the published kinds silent, each contradiction reported."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pwg_files import HIFIGAN, hifigan, pwg
from vocoder_files import codes, decoder_of, figures, infos, loud, model_of

from rflint.engine import Asked, check_text, explain_text

NAME = "config.yaml"
AT_22K: dict[str, Any] = {
    "sampling_rate": 22050,
    "fft_size": 1024,
    "hop_size": 256,
    "win_length": None,
    "batch_max_steps": 8192,
}
AT_128: dict[str, Any] = {"hop_size": 128, "batch_max_steps": 8192, "fft_size": 512, "win_length": None}
MELGAN = {"upsample_scales": [8, 8, 2, 2], "stacks": 3, "stack_kernel_size": 3, "out_channels": 1}
BANDS = {"upsample_scales": [8, 4, 2], "stacks": 4, "stack_kernel_size": 3, "out_channels": 4}
STYLE = {"noise_upsample_scales": [10, 2, 2, 2], "upsample_scales": [5, 1, 5, 1, 3, 1, 2, 2, 1]}
UNET = {
    "downsample_scales": [8, 8, 8], "downsample_kernel_sizes": [16, 16, 16],
    "upsample_scales": [8, 8, 8], "upsample_kernel_sizes": [16, 16, 16],
}  # fmt: skip
VQVAE = {
    "encoder_conf": {"downsample_scales": [4, 4, 2, 2]},
    "decoder_conf": {"upsample_scales": [4, 4, 2, 2], "stacks": 3},
}

SOUND = [
    # What it is, config, samples a frame, receptive field in frames (worked out from kernels and factors by hand).
    ("Parallel WaveGAN by default", pwg(None, {}, **AT_22K), 256, 32),
    ("Parallel WaveGAN of kernel 5", pwg(None, {"kernel_size": 5}, **AT_22K), 256, 56),
    ("MelGAN", pwg("MelGANGenerator", MELGAN, **AT_22K), 256, 13),
    ("MelGAN by default", pwg("MelGANGenerator", {}, **AT_22K), 256, 13),
    ("causal MelGAN", pwg("MelGANGenerator", {**MELGAN, "use_causal_conv": True}, **AT_22K), 256, 13),
    ("multi-band MelGAN: 64 times 4 bands", pwg("MelGANGenerator", BANDS, **AT_22K), 256, 23),
    ("HiFi-GAN of odd scales and kernels of twice their size", hifigan(), 300, 39),
    ("HiFi-GAN, misspelt as old files have it",
     hifigan({"upsample_kernel_sizes": None, "upsample_kernal_sizes": [10, 10, 8, 6]}), 300, 39),
    ("HiFi-GAN by default", pwg("HiFiGANGenerator", {}, **AT_22K), 256, 27),
    ("units every 20 ms, whose mel loss has its own hop",
     hifigan({"upsample_scales": [10, 8, 2, 2], "upsample_kernel_sizes": [20, 16, 4, 4]}, sampling_rate=16000, hop_size=320,
             generator_type="DiscreteSymbolHiFiGANGenerator", batch_max_steps=8320, fft_size=1024, win_length=None,
             use_mel_loss=True, mel_loss_params={"fs": 16000, "fft_size": 1024, "hop_size": 256, "win_length": None}),
     320, 23),
    ("U-HiFi-GAN", pwg("UHiFiGANGenerator", UNET, sampling_rate=44100, hop_size=512, batch_max_steps=8192), 512, 26),
    ("StyleMelGAN by default", pwg("StyleMelGANGenerator", {}, **{**AT_22K, "batch_max_steps": 22528}), 256, 49),
    ("StyleMelGAN of hop 300", pwg("StyleMelGANGenerator", STYLE, batch_max_steps=24000), 300, 38),
    ("VQ-VAE, whose hop plays no part", pwg("VQVAE", VQVAE), 64, 18),
    # the default factors make 128 samples, whose kernels are no multiple of them
    ("nnsvs's HiFi-GAN with a source by default", pwg("HnSincHifiGanGenerator", {"sample_rate": 24000}, **AT_128), 128, 31),
    # back: conv 1 frame; averages 2 · 127, blocks 2 · 1022 and 4 · 2 · 1023, filter 30 samples; ahead: 256 + 512 samples
    ("nnsvs's source filter by default", pwg("HnSincNSF", {"upsample_rate": 256}, **AT_22K), 256, 48),
    # 5 frames, then stretching and smoothing by 4, 4, 4 and 2; fixed blocks of 2046 samples
    ("QPPWG", pwg("QPPWGGenerator", {"upsample_params": {"upsample_scales": [4, 4, 4, 2]}}, **AT_128), 128, 24),
    ("QPPWG whose fixed blocks come first, so that the features miss one of them",
     pwg("QPPWGGenerator", {"cascade_mode": 0, "blockF": 1, "upsample_params": {"upsample_scales": [4, 4, 4, 2]}}, **AT_128),
     128, 8),
    ("the BigVGAN of vec2wav 2",
     pwg("BigVGAN", {"resblock": "1", **HIFIGAN, "upsample_scales": [8, 5, 3, 2], "upsample_kernel_sizes": [16, 10, 6, 4]},
         hop_size=240, batch_max_steps=None), 240, 38),
    ("the BigVGAN of vec2wav 2 with its smaller blocks",
     pwg("BigVGAN", {"resblock": "2", **HIFIGAN, "resblock_dilations": [[1, 3]] * 3}), 300, 24),
    ("features at half the rate", hifigan(sampling_rate_for_feats=12000, fft_size=1024, win_length=600), 300, 39),
]  # fmt: skip


@pytest.mark.parametrize(("text", "upsampling", "field"), [s[1:] for s in SOUND], ids=[s[0] for s in SOUND])
def test_sound_configs_are_read_exactly_and_in_silence(text: str, upsampling: int, field: int) -> None:
    assert (model_of(text, NAME).dialect, figures(text, NAME), loud(text, NAME)) == ("pwg", (upsampling, field), [])


def test_causal_generators_look_back_only() -> None:
    melgan = decoder_of(pwg("MelGANGenerator", {**MELGAN, "use_causal_conv": True}, **AT_22K), NAME).coverage
    hifi = decoder_of(hifigan({"use_causal_conv": True}), NAME).coverage

    assert [(melgan.left, melgan.right), (hifi.left, hifi.right)] == [(12, 0), (38, 0)]


def test_a_vqvae_has_an_encoder_of_the_same_step() -> None:
    encoder = model_of(pwg("VQVAE", VQVAE), NAME).stack("encoder")

    assert encoder is not None
    assert encoder.coverage.step == 64


def test_style_melgan_normalises_over_all_of_time() -> None:
    assert decoder_of(pwg("StyleMelGANGenerator", {}, **AT_22K), NAME).coverage.unbounded


def test_a_file_without_type_is_built_by_the_class_that_takes_its_keywords() -> None:
    kinds: list[dict[str, Any]] = [MELGAN, STYLE, {"upsample_params": {}}]
    names = [model_of(pwg(None, params), NAME).name for params in kinds]

    assert names == ["MelGANGenerator", "StyleMelGANGenerator", "ParallelWaveGANGenerator"]


def test_the_collater_rounds_a_crop_down_so_it_is_told_quietly() -> None:
    text = hifigan(batch_max_steps=8500)

    assert loud(text, NAME) == []
    assert any("batch_max_steps" in message for message in infos(text, NAME))


def test_a_crop_that_breaks_the_comment_of_all_recipes_is_rounded_all_the_same() -> None:
    lines = "sampling_rate: 24000\nhop_size: 300\n"
    lines += "generator_type: MelGANGenerator\ngenerator_params: {upsample_scales: [5, 5, 4, 3]}\n"
    asked = "batch_max_steps: {}  # Length of each audio in batch. Make sure dividable by hop_size.\n"

    assert codes(lines + asked.format(8500), NAME) == []
    assert any("batch_max_steps" in message for message in infos(lines + asked.format(8500), NAME))
    assert infos(lines + asked.format(8400), NAME) == []


BROKEN = [
    # What it is, config, code, words of the message.
    ("product", hifigan({"upsample_scales": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4]}), "RF301", "256"),
    ("product of Parallel WaveGAN", pwg(None, {"upsample_params": {"upsample_scales": [4, 4, 4, 4]}}), "RF301", "256"),
    ("product times bands", pwg("MelGANGenerator", BANDS), "RF301", "256"),
    ("kernel is not twice the scale", hifigan({"upsample_kernel_sizes": [11, 10, 8, 6]}), "RF302", "5·T+1"),
    ("kernels missing", hifigan({"upsample_kernel_sizes": [10, 10, 8]}), "RF201", "3 entries"),
    ("dilations missing", hifigan({"resblock_dilations": [[1, 3, 5]] * 2}), "RF201", "2 entries"),
    ("window", hifigan(win_length=4096), "RF401", "4096"),
    ("highest mel frequency", hifigan(fmax=16000), "RF405", "12000"),
    ("mel loss at another rate", hifigan(use_mel_loss=True, mel_loss_params={"fs": 22050}), "RF403", "22050"),
    ("noise of StyleMelGAN", pwg("StyleMelGANGenerator", STYLE, batch_max_steps=25500), "RF504", "80"),
    ("way down of U-HiFi-GAN",
     pwg("UHiFiGANGenerator", {**UNET, "downsample_scales": [8, 8, 4], "downsample_kernel_sizes": [16, 16, 8]}, hop_size=512),
     "RF202", "reverse"),
    ("factors of VQ-VAE", pwg("VQVAE", {**VQVAE, "decoder_conf": {"upsample_scales": [4, 4, 2], "stacks": 3}}), "RF301", "32"),
    ("hop at the features' rate", hifigan(sampling_rate_for_feats=11025), "RF407", "137.8125"),
    ("lists of the loss",
     hifigan(stft_loss_params={"fft_sizes": [1024, 2048], "hop_sizes": [120], "win_lengths": [600, 1200]}), "RF201", "1 entries"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "words"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text, NAME)), loud(text, NAME)


def test_bandwidth_extension_makes_a_hop_at_the_output_rate() -> None:
    doubled = {"upsample_scales": [8, 8, 4, 2], "upsample_kernel_sizes": [16, 16, 8, 4]}
    text = hifigan(doubled, sampling_rate=48000, sampling_rate_for_feats=24000, hop_size=256, batch_max_steps=8192)

    assert codes(text, NAME) == []


def test_unknown_generators_and_features_at_the_sample_rate_are_notes() -> None:
    for text in (
        pwg("NeuralGenerator"),
        pwg(None, {"upsample_conditional_features": False}),
        pwg(None, {"layers": 31}),
    ):
        assert loud(text, NAME) == []
        assert any(note.subject == "decoder" for note in model_of(text, NAME).notes)


def test_forks_may_compute_their_features_elsewhere() -> None:
    longer = {"win_length": 2400, "fft_size": 2048, "fmax": 24000}

    assert codes(pwg("HnSincNSF", {"upsample_rate": 300}, **longer), NAME) == []
    assert set(codes(hifigan(**longer), NAME)) == {"RF401", "RF405"}


# -- generators of forks ------------------------------------------------------------------------------------------


def test_a_source_filter_hears_all_of_its_features_and_filters_backwards() -> None:
    stack = decoder_of(pwg("HnSincNSF", {"upsample_rate": 256}, **AT_22K), NAME)

    assert [mixer.sides for mixer in stack.coverage.unbounded_by] == ["both"]
    assert (stack.coverage.left, stack.coverage.right) == (43, 4)


def test_ctx_vec2wav_leaves_the_hop_to_its_script() -> None:
    text = json.dumps({"frontend_params": {}, "generator_type": "HiFiGANGenerator", "generator_params": HIFIGAN,
                       "crop_max_frames": 100})  # fmt: skip

    assert (model_of(text, NAME).dialect, figures(text, NAME), loud(text, NAME)) == ("pwg", (300, 39), [])


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (pwg("HnSincNSF", {"upsample_rate": 240}, **AT_22K), "RF301", "240"),
        (pwg("HnSincNSF", {"upsample_rate": 256, "sample_rate": 24000}, **AT_22K), "RF403", "24000"),
        (pwg("HnSincHifiGanGenerator", {}, **AT_22K), "RF301", "128"),
        (pwg("HnSincHifiGanGenerator", {"upsample_rates": [8, 4, 4], "upsample_kernel_sizes": [16, 16, 7]}, **AT_128), "RF302",
         "4"),
        (pwg("HnSincHifiGanGenerator", {"upsample_rates": [8, 4, 4], "upsample_kernel_sizes": [16, 8]}, **AT_128), "RF201", "3"),
        (pwg("BigVGAN", {"resblock": "1", **HIFIGAN, "resblock_dilations": [[1, 3]] * 3}), "RF201", "2"),
    ],
)  # fmt: skip
def test_contradictions_of_forked_generators_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text, NAME)), loud(text, NAME)


@pytest.mark.parametrize(
    "params",
    [{"upsample_net": "ConvInUpsampleNetwork"}, {"filter_block_num": 0}, {"cnn_num_in_block": 100}, {"cnn_num_in_block": 0}],
)
def test_a_source_filter_of_another_make_is_a_note(params: dict[str, Any]) -> None:
    model = model_of(pwg("HnSincNSF", {"upsample_rate": 256, **params}, **AT_22K), NAME)

    assert (model.stack("decoder"), [note.subject for note in model.notes]) == (None, ["decoder"])


def test_the_hop_may_stand_in_a_base_of_natspeech() -> None:
    own = {"base_config": "./base.yaml", "discriminator_params": {}}
    net = {"generator_params": {"layers": 30, "stacks": 3, "upsample_params": {"upsample_scales": [4, 4, 4, 4]}}}
    for hop, expected in ((256, []), (300, ["RF301"])):
        files = {"base.yaml": f"{{hop_size: {hop}, audio_sample_rate: 22050, fft_size: 1024}}".encode()}
        beside = Asked((), files.get, True)

        found = check_text(json.dumps(own | net), NAME, asked=beside)

        assert [f.code for f in found if f.severity != "info"] == expected
        assert explain_text(json.dumps(own | net), NAME)[0].stack("decoder") is not None


def test_qppwg_without_adaptive_blocks_is_bounded() -> None:
    params = {"upsample_params": {"upsample_scales": [4, 4, 4, 2]}}
    stacks = [model_of(pwg("QPPWGGenerator", {**params, **more}, **AT_128), NAME).stack("decoder")
              for more in ({}, {"blockA": 0})]  # fmt: skip

    assert [stack is not None and stack.coverage.unbounded for stack in stacks] == [True, False]


def test_features_of_a_fork_without_an_fft_are_none_of_ours() -> None:
    lists = {"resblock": "1", **HIFIGAN, "upsample_scales": [8, 5, 3, 2], "upsample_kernel_sizes": [16, 10, 6, 4]}
    text = pwg("BigVGAN", lists, hop_size=240, fft_size=None, batch_max_steps=9600)

    assert [stack.role for stack in model_of(text, NAME).stacks] == ["decoder"]
