"""audiocraft: EnCodec composed by Hydra or in one file, AudioSeal's cards, language models by their codec's name."""

from __future__ import annotations

import re

import pytest
from codec_files import YAML, codes, decoder, dialect, encoder, infos, loud, model, told

WHOLE = """
sample_rate: 24000
channels: 1
compression_model: encodec
encodec: {autoencoder: seanet, quantizer: rvq, sample_rate: "${sample_rate}", channels: "${channels}", causal: true}
seanet:
  dimension: 128
  causal: ${encodec.causal}
  ratios: [8, 5, 4, 2]
  kernel_size: 7
  residual_kernel_size: 3
  last_kernel_size: 7
  n_residual_layers: 1
  dilation_base: 2
  norm: weight_norm
  lstm: 2
  true_skip: true
  compress: 2
  decoder: {trim_right_ratio: 1.0}
rvq: {n_q: 32, bins: 1024, q_dropout: true}
dataset: {segment_duration: 1, num_samples: 500, batch_size: 12}
"""
NAME = "config/solver/compression/mine.yaml"
SOLVER = """# @package __global__
defaults:
  - compression/default
  - /model: encodec/mine
  - override /dset: audio/example
  - _self_
sample_rate: 16000
dataset: {segment_duration: 1}
"""
DEFAULTS = """# @package __global__
defaults:
  - ../default
  - override /dset: audio/default
  - _self_
solver: compression
sample_rate: ???
channels: 1
"""
PARTS = {
    "default.yaml": DEFAULTS,
    "../compression/default.yaml": DEFAULTS,
    "../default.yaml": "# @package __global__\nsolver: ???\ndefaults:\n  - /dset: default\n  - _self_\n",
    "../../dset/default.yaml": "# @package __global__\ndatasource: {}\n",
    "../../dset/audio/default.yaml": "# @package __global__\ndatasource: {max_sample_rate: ???}\n",
    "../../dset/audio/example.yaml": "# @package __global__\ndatasource: {max_sample_rate: 44100, max_channels: 2}\n",
    "../../model/encodec/default.yaml": """# @package __global__
compression_model: encodec
encodec: {autoencoder: seanet, quantizer: rvq, sample_rate: "${sample_rate}", causal: false}
seanet: {causal: "${encodec.causal}", ratios: [8, 5, 4, 2], n_residual_layers: 1, lstm: 2, norm: weight_norm}
rvq: {n_q: 8, bins: 1024}
""",
    "../../model/encodec/mine.yaml": """# @package __global__
defaults:
  - encodec/default
seanet: {ratios: [8, 5, 4, 4]}
""",
}
LM = """
sample_rate: 32000
compression_model_checkpoint: //pretrained/facebook/encodec_32khz
transformer_lm: {n_q: 4, card: 2048, dim: 1024}
codebooks_pattern: {modeling: delay, delay: {delays: [0, 1, 2, 3]}}
dataset: {segment_duration: 30, num_samples: 10000}
"""
CARD = """
nbits: 16
seanet: {ratios: [8, 5, 4, 2], kernel_size: 7, last_kernel_size: 7, n_residual_layers: 1, lstm: 2}
encoder: {}
decoder: {final_activation: null}
"""
STEREO = LM.replace("n_q: 4", "n_q: 8").replace("[0, 1, 2, 3]", "[0, 0, 1, 1, 2, 2, 3, 3]")
STEREO += "interleave_stereo_codebooks: {use: true, per_timestep: false}\n"
DEBUG = LM.replace("facebook/encodec_32khz", "debug_compression_model").replace("2048", "400")


@pytest.mark.parametrize("text", [WHOLE, LM, STEREO, DEBUG, CARD])
def test_sound_configs_are_read_in_silence(text: str) -> None:
    assert (dialect(text, YAML), loud(text, YAML)) == ("audiocraft", [])


@pytest.mark.parametrize(
    "text", ["seanet: {ratios: [8, 5]}\n", "defaults:\n  - compression\n", "transformer_lm: {n_q: 4}\n"]
)
def test_other_files_are_not_claimed(text: str) -> None:
    assert dialect(text, YAML) != "audiocraft"


def test_both_sides_are_causal() -> None:
    assert (encoder(WHOLE, YAML), decoder(WHOLE, YAML)) == ((320, 2718, 2398, 0), (320, 9, 8, 0))


def test_defaults_are_those_of_the_class() -> None:
    text = "sample_rate: 16000\nencodec: {causal: false}\nseanet: {dimension: 128}\n"

    # three residual layers of dilation 1, 2, 4, no memory
    assert encoder(text, YAML)[:2] == (320, 3330)
    assert not model(text, YAML).stacks[0].coverage.unbounded


def test_memory_and_a_norm_over_time_are_named() -> None:
    text = WHOLE.replace("causal: true", "causal: false").replace("weight_norm", "time_group_norm")

    assert {mixer.name for mixer in model(text, YAML).stacks[0].coverage.unbounded_by} == {"LSTM", "time group norm"}


# -- Hydra --------------------------------------------------------------------------------------------------------


def test_a_solver_is_composed_with_its_model_at_the_root() -> None:
    assert (encoder(SOLVER, NAME, PARTS), codes(SOLVER, NAME, PARTS)) == ((640, 5428, 2402, 2386), [])
    assert model(SOLVER, NAME, PARTS).sample_rate.value == 16000  # type: ignore[union-attr]


def test_a_model_alone_knows_no_sample_rate() -> None:
    files = {"../encodec/default.yaml": PARTS["../../model/encodec/default.yaml"]}
    text, name = PARTS["../../model/encodec/mine.yaml"], "config/model/encodec/mine.yaml"
    only = model(text, name, files)

    assert only.stacks[0].coverage.step == 640
    assert (only.sample_rate, only.stacks[0].input_rate) == (None, None)
    assert codes(text, name, files) == []


def test_files_that_are_not_there_leave_a_note_and_silence() -> None:
    assert ([note.subject for note in model(SOLVER, NAME).notes], codes(SOLVER, NAME)) == (["codec"], [])


# -- contradictions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "old", "new", "code", "words"),
    [
        (
            WHOLE,
            'sample_rate: "${sample_rate}"',
            "sample_rate: 48000",
            "RF403",
            "48000 differs from `sample_rate` 24000",
        ),
        (WHOLE, "decoder: {trim", "decoder: {ratios: [8, 5, 4], trim", "RF301", "multiplies to 160"),
        (WHOLE, "trim_right_ratio: 1.0", "trim_right_ratio: 0.5", "RF509", "`causal: true`"),
        (LM, "n_q: 4", "n_q: 8", "RF405", "`n_q` 8"),
        (LM, "card: 2048", "card: 1024", "RF405", "`card` 1024"),
        (LM, "sample_rate: 32000", "sample_rate: 16000", "RF403", "16000"),
        (LM, "[0, 1, 2, 3]", "[0, 1, 2]", "RF201", "3 entries"),
        (LM, "dim: 1024", "dim: 1024, compression_model_framerate: 75", "RF102", "75 Hz"),
        (CARD, "ratios: [8, 5, 4, 2]", "ratios: [8, 5, 0, 2]", "RF002", "0"),
    ],
)
def test_contradictions_are_reported(text: str, old: str, new: str, code: str, words: str) -> None:
    assert old in text
    assert told(text.replace(old, new), code, words, YAML), loud(text.replace(old, new), YAML)


def test_a_watermark_whose_card_names_another_rate_is_told() -> None:
    text = WHOLE.replace("24000", "48000") + "audioseal: {nbits: 16, sample_rate: 16000}\n"

    assert codes(text, YAML) == []
    assert [code for code, _ in infos(text, YAML)] == ["RF403"]
    assert infos(text.replace("48000", "16000"), YAML) == []


def test_num_samples_counts_items_and_the_rest_of_a_segment_is_filled_up() -> None:
    text = WHOLE.replace("num_samples: 500", "num_samples: 333").replace(
        "segment_duration: 1,", "segment_duration: 1.01,"
    )

    # 24240 samples are 75.75 frames
    assert (codes(text, YAML), [code for code, _ in infos(text, YAML)]) == ([], ["RF502"])


def test_a_frame_rate_that_is_rounded_down_is_an_info() -> None:
    text = WHOLE.replace("24000", "44100")

    # 44100 / 320 = 137.8125
    assert codes(text, YAML) == []
    assert any("137" in message for _, message in infos(text, YAML))


def test_a_codec_of_another_name_is_a_note() -> None:
    text = LM.replace("//pretrained/facebook/encodec_32khz", "//sig/12345678")

    assert ([note.subject for note in model(text, YAML).notes], codes(text, YAML)) == (["codec"], [])


# -- MultiBand Diffusion ------------------------------------------------------------------------------------------

UNET = "sample_rate: 24000\ndiffusion_unet: {hidden: 48, depth: 4, res_blocks: 1, kernel: 8, stride: 4, growth: 4}\n"
ENCODEC = "compression_model_checkpoint: //pretrained/facebook/encodec_24khz\n"


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        # 8, and 4 · 4 for a block; 7 · 4 and 4 · 16; 7 · 16 and 4 · 64; 7 · 64 and 4 · 256
        (UNET, (256, 1956)),
        (UNET + ENCODEC, (256, 1956)),
        # 4 and 4 · 2; 3 · 2 and 4 · 4; 3 · 4 and 4 · 8
        ("diffusion_unet: {depth: 3, stride: 2}", (8, 78)),
        ("diffusion_unet: {depth: 1, stride: 2, res_blocks: 0}", (2, 4)),
        # a second block of dilation 2
        ("diffusion_unet: {depth: 1, stride: 2, res_blocks: 2}", (2, 4 + 4 * 2 + 8 * 2)),
    ],
)
def test_the_way_down_of_a_diffusion_unet_is_read(text: str, figures: tuple[int, int]) -> None:
    assert (dialect(text, YAML), encoder(text, YAML)[:2], loud(text, YAML)) == ("audiocraft", figures, [])
    assert model(text, YAML).stacks[0].coverage.unbounded  # by its norms


@pytest.mark.parametrize("flag", ["bilstm", "transformer"])
def test_the_bottom_of_a_diffusion_unet_may_hear_everything(flag: str) -> None:
    stages = model(UNET.replace("growth: 4", f"{flag}: true"), YAML).stacks[0].stages

    assert stages[-1].name == flag


def test_a_diffusion_unet_is_composed_as_codecs_are() -> None:
    solver = SOLVER.replace("compression/default", "diffusion/default").replace("encodec/mine", "score/basic")
    parts = PARTS | {
        "../diffusion/default.yaml": DEFAULTS.replace("compression", "diffusion"),
        "../../model/score/basic.yaml": "# @package _global_\ndiffusion_unet: {depth: 4, kernel: 8, stride: 4}\n",
    }

    assert encoder(solver, "config/solver/diffusion/mine.yaml", parts)[:2] == (256, 1956)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (UNET.replace("24000", "16000") + ENCODEC, "RF403", "16000"),
        (UNET.replace("depth: 4", "depth: 5, codec_dim: 128") + ENCODEC, "RF305", "1024"),
    ],
)
def test_contradictions_of_a_diffusion_unet_are_reported(text: str, code: str, words: str) -> None:
    assert told(text, code, words, YAML), loud(text, YAML)


@pytest.mark.parametrize("keys", ["depth: 100", "depth: 0", "kernel: 7", "stride: 16", "res_blocks: 99"])
def test_a_diffusion_unet_of_another_make_is_a_note(keys: str) -> None:
    name = keys.split(":")[0]
    found = model(re.sub(rf"{name}: \d+", keys, UNET), YAML)

    assert ([stack.name for stack in found.stacks], [note.subject for note in found.notes]) == ([], ["unet"])

