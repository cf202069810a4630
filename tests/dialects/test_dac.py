"""DAC: argbind's dotted keys with includes, variables and scopes; the arguments as a mapping; one side alone."""

from __future__ import annotations

import pytest
from codec_files import YAML, codes, decoder, dialect, encoder, infos, loud, model, told

FULL = """
DAC.sample_rate: 44100
DAC.encoder_dim: 64
DAC.encoder_rates: [2, 4, 8, 8]
DAC.decoder_dim: 1536
DAC.decoder_rates: [8, 8, 4, 2]
DAC.n_codebooks: 9
DAC.codebook_size: 1024
Discriminator.sample_rate: 44100
Discriminator.rates: []
MelSpectrogramLoss.window_lengths: [32, 64, 128, 256, 512, 1024, 2048]
train/AudioDataset.duration: 0.38
val/AudioDataset.duration: 5.0
"""
BESIDE = {"conf/base.yml": FULL, "conf/1gpu.yml": "batch_size: 12\n"}
FLAT = "sample_rate: 44100\nencoder_rates: [2, 4, 8, 8]\ndecoder_rates: [8, 8, 4, 2]\n"


@pytest.mark.parametrize(
    "text",
    [
        FULL,
        "DAC.sample_rate: 44100\n",
        # DAC-JAX pads as "SAME", so that an odd factor loses no sample
        "DAC.sample_rate: 16000\nDAC.num_codebooks: 12\nDAC.encoder_rates: [2, 4, 5, 8]\nDAC.decoder_rates: [8, 5, 4, 2]\n",
        "DAC: {sample_rate: 44100, encoder_rates: [2, 4, 8, 8]}\n",
        FLAT,
        '{"model_type": "agc", "sampling_rate": 48000, "encoder_rates": [2, 4, 5, 8], "decoder_rates": [8, 5, 4, 2]}',
        # the lists of downsampling/768x and 1024x: no mirrors, of equal products
        "DAC.encoder_rates: [2, 6, 8, 8]\nDAC.decoder_rates: [8, 6, 4, 2, 2]\nDAC.sample_rate: 44100\n",
        "DAC.encoder_rates: [2, 8, 8, 8]\nDAC.decoder_rates: [8, 4, 4, 2, 2, 2]\nDAC.sample_rate: 44100\n",
    ],
)
def test_sound_configs_are_read_in_silence(text: str) -> None:
    assert (dialect(text, YAML), loud(text, YAML), model(text, YAML).notes) == ("dac", [], [])


@pytest.mark.parametrize(
    "text",
    [
        "vq_strides: [4, 2, 1]\nencoder_rates: [3, 3, 7, 7]\ndecoder_rates: [7, 7, 3, 3]\n",
        "encoder_rates: [2, 4]\n",
        "decoder_rates: 4\nsample_rate: 8000\n",
        "build_transform.transform: null\nx: DAC.encoder_rates\n",
        "$include: [conf/base.yml]\n",
    ],
)
def test_what_is_no_dac_is_not_claimed(text: str) -> None:
    assert dialect(text, YAML) != "dac"


def test_figures_are_those_of_the_class() -> None:
    assert (encoder(FULL, YAML), decoder(FULL, YAML)) == ((512, 7978, 3733, 3733), (512, 20, 10, 10))


def test_what_is_left_out_has_the_default_of_the_class() -> None:
    text = "DAC.n_codebooks: 9\n"

    assert (encoder(text, YAML), decoder(text, YAML)) == ((512, 7978, 3733, 3733), (512, 20, 10, 10))
    assert model(text, YAML).sample_rate == (44100, None, "framework default")


# -- argbind ------------------------------------------------------------------------------------------------------


def test_included_files_stand_below_the_files_own_keys() -> None:
    text = "$include:\n  - conf/base.yml\n  - conf/1gpu.yml\nDAC.encoder_rates: [2, 4, 4, 8]\n"

    assert encoder(text, YAML, BESIDE)[0] == 256
    assert told(text, "RF301", "`DAC.decoder_rates` multiplies to 512", YAML, BESIDE)


def test_the_last_include_is_the_strongest() -> None:
    text = "$include: [conf/base.yml, conf/low.yml]\n"
    files = {**BESIDE, "conf/low.yml": "DAC.encoder_rates: [2, 4, 4, 4]\nDAC.decoder_rates: [4, 4, 4, 2]\n"}

    assert (encoder(text, YAML, files)[0], codes(text, YAML, files)) == (128, [])


def test_files_are_named_from_the_working_directory() -> None:
    files = {"../../conf/base.yml": FULL}

    assert encoder("$include: [conf/base.yml]\n", YAML, files)[0] == 512


def test_a_missing_include_leaves_its_keys_unknown() -> None:
    only = model("$include: [conf/base.yml]\nDAC.encoder_rates: [2, 4, 8, 8]\n", YAML)

    assert [note.subject for note in only.notes] == ["sample_rate", "codec"]
    assert "conf/base.yml" in only.notes[0].reason


def test_includes_may_go_round_in_a_circle() -> None:
    files = {"a.yml": "$include: [b.yml]\nDAC.sample_rate: 16000\n", "b.yml": "$include: [a.yml]\n"}

    assert model("$include: [a.yml]\n", YAML, files).sample_rate.value == 16000  # type: ignore[union-attr]


def test_variables_and_scopes_are_read() -> None:
    text = (
        "$vars: {sr: 24000}\nDAC.sample_rate: $sr\ntrain/DAC.encoder_rates: [2, 4, 4]\nDAC.decoder_rates: [4, 4, 2]\n"
    )

    assert (encoder(text, YAML)[0], codes(text, YAML)) == (32, [])
    assert model(text, YAML).sample_rate.value == 24000  # type: ignore[union-attr]


def test_a_variable_of_the_environment_is_unknown() -> None:
    assert [note.subject for note in model("DAC.sample_rate: $SR\n", YAML).notes] == ["sample_rate"]


# -- contradictions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        (
            "[2, 4, 8, 8]",
            "[2, 4, 5, 8]",
            "RF301",
            "multiplies to 512, but `DAC.encoder_rates: 2 · 4 · 5 · 8` needs 320",
        ),
        ("[8, 8, 4, 2]", "[8, 8, 4]", "RF301", "multiplies to 256"),
        ("Discriminator.sample_rate: 44100", "Discriminator.sample_rate: 24000", "RF403", "24000"),
        ("[8, 8, 4, 2]", "[8, 8, -4, 2]", "RF002", "4"),
    ],
)
def test_contradictions_are_reported(old: str, new: str, code: str, words: str) -> None:
    assert told(FULL.replace(old, new), code, words, YAML), loud(FULL.replace(old, new), YAML)


@pytest.mark.parametrize(("rates", "lost"), [("[8, 5, 4, 2]", "5·T-1"), ("[4, 4, 2, 2, 2, 2, 1]", "1·T-1")])
def test_an_odd_factor_is_told(rates: str, lost: str) -> None:
    text = f"DAC.encoder_rates: [2, 4, 5, 8]\nDAC.decoder_rates: {rates}\nDAC.sample_rate: 16000\n"

    assert told(text, "RF302", lost, YAML)


def test_the_nested_arguments_against_the_defaults_of_the_other_side() -> None:
    """Issue 35: who writes one list alone gets the decoder's default of 512."""
    text = "DAC: {sample_rate: 24000, encoder_rates: [2, 4, 5, 8]}\n"

    assert told(text, "RF301", "needs 320", YAML)


def test_one_flat_list_is_one_side() -> None:
    """audiogen's agc, pull request 3: 150 frames give 47936 samples."""
    text = "sample_rate: 48000\ndecoder_rates: [5, 4, 4, 4]\n"

    assert codes(text, YAML) == ["RF302"]
    assert [stack.role for stack in model(text, YAML).stacks] == ["decoder"]
    assert encoder("sample_rate: 48000\nencoder_rates: [2, 4, 8, 8]\n", YAML)[0] == 512


def test_a_list_that_is_no_mirror_is_an_info() -> None:
    text = FULL.replace("[8, 8, 4, 2]", "[2, 4, 8, 8]")

    assert (codes(text, YAML), [code for code, _ in infos(text, YAML)]) == ([], ["RF202"])
