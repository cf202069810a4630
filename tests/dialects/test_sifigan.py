"""SiFi-GAN and uSFGAN: a generator group, the groups together, the data group, the extraction of features."""

from __future__ import annotations

import pytest
from vocoder_files import codes, decoder_of, infos, loud, model_of

from rflint.dialects import sifigan
from rflint.documents import Cursor, read
from rflint.documents.neighbours import Neighbours

NAME = "config.yaml"
SIFI = "_target_: sifigan.models.SiFiGANGenerator\n"
WHOLE = """
data: {sample_rate: 24000, hop_size: 120, batch_max_length: 8400, dense_factors: [0.5, 1, 4, 8]}
generator:
  _target_: sifigan.models.SiFiGANGenerator
  upsample_scales: [5, 4, 3, 2]
  upsample_kernel_sizes: [10, 8, 6, 4]
  source_network_params: {resblock_dilations: [[1], [1, 2], [1, 2, 4], [1, 2, 4, 8]]}
  filter_network_params: {resblock_kernel_sizes: [3, 5, 7], resblock_dilations: [[1, 3, 5], [1, 3, 5], [1, 3, 5]]}
"""
USF = """
data: {sample_rate: 24000, hop_size: 120, batch_max_length: 18000}
generator: {_target_: usfgan.models.generator.CascadeHnUSFGANGenerator, upsample_params: {upsample_scales: [5, 4, 3, 2]}}
"""
EXTRACTION = "sample_rate: 24000\nhop_size: 120\nshiftms: 5\nfft_size: 1024\n"


@pytest.mark.parametrize("text", [SIFI, WHOLE, USF, EXTRACTION])
def test_sound_configs_are_read_in_silence(text: str) -> None:
    assert (model_of(text, NAME).dialect, loud(text, NAME)) == ("sifigan", [])


def test_defaults_are_those_of_the_class() -> None:
    # 7, then 40·…: ups 5 k10 40, blocks 7 (3·(1+3+5)... of kernel 7: 54) 94; 4·93+8 = 380, 434; 3·433+6 = 1305, 1359;
    # 2·1358+4 = 2720, 2774; post 2780; 2780 / 120 = 23.2
    coverage = decoder_of(SIFI, NAME).coverage

    assert (coverage.upsampling, coverage.receptive_field) == (120, 24)


def test_pitch_adaptive_blocks_have_no_limit() -> None:
    assert decoder_of(WHOLE, NAME).coverage.unbounded
    assert decoder_of(USF, NAME).coverage.unbounded


def test_plain_hifigan_has_a_limit() -> None:
    text = "_target_: sifigan.models.HiFiGANGenerator\nuse_additional_convs: true\n"

    assert not decoder_of(text, NAME).coverage.unbounded
    assert decoder_of(text + "use_qp_resblocks: true\n", NAME).coverage.unbounded


@pytest.mark.parametrize(
    ("text", "old", "new", "code"),
    [
        (WHOLE, "hop_size: 120", "hop_size: 240", "RF301"),
        (WHOLE, "[10, 8, 6, 4]", "[11, 8, 6, 4]", "RF302"),
        (WHOLE, "[10, 8, 6, 4]", "[10, 8, 6]", "RF201"),
        (WHOLE, "[[1], [1, 2], [1, 2, 4], [1, 2, 4, 8]]", "[[1], [1, 2]]", "RF201"),
        (WHOLE, "[0.5, 1, 4, 8]", "[0.5, 1]", "RF201"),
        (USF, "hop_size: 120", "hop_size: 240", "RF301"),
        (EXTRACTION, "shiftms: 5", "shiftms: 10", "RF504"),
    ],
)
def test_contradictions_are_reported(text: str, old: str, new: str, code: str) -> None:
    assert old in text
    assert code in codes(text.replace(old, new), NAME)


def test_a_crop_that_is_rounded_is_worth_a_line() -> None:
    text = WHOLE.replace("8400", "8500")

    assert loud(text, NAME) == []
    assert any("8500" in message for message in infos(text, NAME))


def test_groups_are_composed() -> None:
    files = {
        "generator/sifigan.yaml": SIFI.encode(),
        "data/one.yaml": b"sample_rate: 24000\nhop_size: 120\nbatch_max_length: 8400\n",
    }
    text = "defaults:\n  - _self_\n  - generator: sifigan\n  - data: one\nseed: 1\n"
    document = read(text, "config/train.yaml").documents[0]
    document.neighbours = Neighbours(files.get, "config")

    whole = Cursor(sifigan.compose(document))

    assert sifigan.recognise(whole)
    (model,) = sifigan.read(whole)
    assert [(stack.name, stack.input_rate) for stack in model.stacks] == [("generator", 200)]


def test_what_is_not_counted_of_sifigan_is_said() -> None:
    assert any("not counted" in note.reason for note in model_of(SIFI, NAME).notes)
