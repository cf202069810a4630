"""openvpi SingingVocoders and MoonInTheRiver DiffSinger: `model_args`, and files over a base."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from vocoder_files import codes, figures, loud, model_of

from rflint.dialects import moon_diffsinger
from rflint.documents import Cursor, read
from rflint.documents.neighbours import Neighbours

NAME = "config.yaml"
HARMONIC = """
audio_sample_rate: 44100
hop_size: 512
fft_size: 2048
win_size: 2048
fmax: 16000
crop_mel_frames: 20
task_cls: training.nsf_HiFigan_task.nsf_HiFigan
model_args:
  mini_nsf: false
  upsample_rates: [8, 8, 2, 2, 2]
  upsample_kernel_sizes: [16, 16, 4, 4, 4]
  resblock: "1"
  resblock_kernel_sizes: [3, 7, 11]
  resblock_dilation_sizes: [[1, 3, 5], [1, 3, 5], [1, 3, 5]]
"""
MINI = HARMONIC.replace("mini_nsf: false", "mini_nsf: true")
VAE = HARMONIC.replace("nsf_HiFigan_task.nsf_HiFigan", "HiFivae_task.HiFivae_task")
UNIVNET = """
audio_sample_rate: 44100
hop_size: 512
fft_size: 2048
win_size: 2048
model_args: {upsample_rates: [8, 8, 4], num_lvc_blocks: 4, lvc_kernels: 5, lvc_conv_size: 3, upmel: 2}
"""


@pytest.mark.parametrize("text", [HARMONIC, MINI, VAE])
def test_hifigan_with_a_source_is_read_in_silence(text: str) -> None:
    assert (model_of(text, NAME).dialect, figures(text, NAME), loud(text, NAME)) == ("singing_vocoders", (512, 27), [])


@pytest.mark.parametrize(
    ("rates", "upmel", "hop"), [("[8, 8, 4]", 2, 512), ("[8, 4, 4]", 4, 512), ("[8, 8, 4]", 1, 256)]
)
def test_mel_is_doubled_by_every_two_of_upmel(rates: str, upmel: int, hop: int) -> None:
    text = (
        UNIVNET.replace("[8, 8, 4]", rates)
        .replace("upmel: 2", f"upmel: {upmel}")
        .replace("hop_size: 512", f"hop_size: {hop}")
    )

    assert (figures(text, NAME)[0], loud(text, NAME)) == (hop, [])


def test_an_autoencoder_has_an_encoder_of_the_same_factor() -> None:
    encoder = model_of(VAE, NAME).stack("encoder")

    assert encoder is not None
    assert (encoder.coverage.step, encoder.coverage.length(51200)) == (512, 100)


@pytest.mark.parametrize(
    ("text", "old", "new", "code"),
    [
        (HARMONIC, "hop_size: 512", "hop_size: 441", "RF301"),
        (HARMONIC, "[16, 16, 4, 4, 4]", "[15, 16, 4, 4, 4]", "RF302"),
        (HARMONIC, "fmax: 16000", "fmax: 24000", "RF405"),
        (HARMONIC, "win_size: 2048", "win_size: 4096", "RF401"),
        (MINI, "[8, 8, 2, 2, 2]", "[512]", "RF201"),
        (VAE, "[16, 16, 4, 4, 4]", "[15, 16, 4, 4, 4]", "RF302"),
        (UNIVNET, "upmel: 2", "upmel: 4", "RF301"),
    ],
)
def test_contradictions_are_reported(text: str, old: str, new: str, code: str) -> None:
    assert old in text
    assert code in codes(text.replace(old, new), NAME)


def test_odd_tails_do_not_fit_the_source_but_a_mini_source_has_none() -> None:
    odd = ("[8, 8, 2, 2, 2]", "[7, 7, 3, 3]"), ("[16, 16, 4, 4, 4]", "[21, 21, 9, 9]"), ("512", "441"), ("2048", "2047")
    harmonic, mini = HARMONIC, MINI
    for old, new in odd:
        harmonic, mini = harmonic.replace(old, new), mini.replace(old, new)

    assert set(codes(harmonic, NAME)) == {"RF305"}
    assert codes(mini, NAME) == []


def test_an_odd_upmel_doubles_as_often_as_the_even_number_below_it() -> None:
    assert loud(UNIVNET.replace("upmel: 2", "upmel: 3"), NAME) == []


def test_one_stage_is_too_few_for_the_second_source() -> None:
    text = MINI.replace("[8, 8, 2, 2, 2]", "[512]").replace("[16, 16, 4, 4, 4]", "[1024]")

    assert codes(text, NAME) == ["RF405"]


# -- files over a base ------------------------------------------------------------------------------------------------

BASE = b"audio_sample_rate: 22050\nhop_size: 256\nwin_size: 1024\nfft_size: 1024\n"
MOON = """
base_config: configs/tts/base.yaml
max_samples: 8192
resblock: "1"
upsample_rates: [8, 8, 2, 2]
upsample_kernel_sizes: [16, 16, 4, 4]
resblock_kernel_sizes: [3, 7, 11]
resblock_dilation_sizes: [[1, 3, 5], [1, 3, 5], [1, 3, 5]]
"""


def cursor_of(text: str, neighbour: Callable[[str], bytes | None] | None) -> Cursor:
    document = read(text, "configs/tts/hifigan.yaml").documents[0]
    document.neighbours = Neighbours(neighbour, "configs/tts")
    return Cursor(document)


def test_keys_of_a_base_count() -> None:
    files = {"../../configs/tts/base.yaml": BASE}
    (model,) = moon_diffsinger.read(cursor_of(MOON, files.get))

    assert model.sample_rate is not None
    assert (model.sample_rate.value, model.claims[0].wording) == (22050, "hop_size: 256")
    assert [duration.value.value for duration in model.durations] == [256, 1024, 1024, 8192]


def test_a_base_that_is_not_there_leaves_its_keys_unknown() -> None:
    (model,) = moon_diffsinger.read(cursor_of(MOON, None))

    assert (model.sample_rate, model.claims) == (None, [])


def test_a_base_that_names_itself_ends() -> None:
    files = {"../../configs/tts/base.yaml": BASE + b"base_config: configs/tts/base.yaml\n"}

    assert len(list(moon_diffsinger.read(cursor_of(MOON, files.get)))) == 1


def test_alone_it_is_read_in_silence() -> None:
    text = MOON.replace("base_config: configs/tts/base.yaml", BASE.decode())

    assert (model_of(text, NAME).dialect, figures(text, NAME), loud(text, NAME)) == ("moon_diffsinger", (256, 27), [])
    assert codes(text.replace("hop_size: 256", "hop_size: 300"), NAME) == ["RF301"]


@pytest.mark.parametrize(
    ("task", "unbounded"), [("training.univnet.univnet_task", False), ("training.univnet_ddsp.ddsp_univnet_task", True)]
)
def test_a_ddsp_beside_univnet_attends_to_all_of_the_mel(task: str, unbounded: bool) -> None:
    stack = model_of(UNIVNET + f"task_cls: {task}\n", NAME).stack("decoder")

    assert stack is not None and stack.coverage.unbounded is unbounded
