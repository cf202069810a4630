"""NVIDIA NeMo text-to-speech: one file, Hydra groups, the two types that `resblock` may have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from vocoder_files import codes, figures, loud, model_of

from rflint.engine import Asked, understand
from rflint.model import Model

NAME = "hifigan.yaml"
TOP = """\
name: HifiGan
sample_rate: 22050
n_mel_channels: 80
n_window_size: 1024
n_window_stride: {hop}
n_fft: 1024
highfreq: 8000
train_n_segments: {crop}
val_n_segments: 66048
"""
PREPROCESSOR = """\
model:
  preprocessor:
    _target_: nemo.collections.asr.parts.preprocessing.features.FilterbankFeatures
    n_fft: ${n_fft}
    n_window_size: ${n_window_size}
    n_window_stride: ${n_window_stride}
    sample_rate: ${sample_rate}
    exact_pad: true
"""
HIFIGAN = """\
_target_: nemo.collections.tts.modules.hifigan_modules.Generator
resblock: 1
upsample_rates: [8, 8, 2, 2]
upsample_kernel_sizes: [16, 16, 4, 4]
resblock_kernel_sizes: [3, 7, 11]
resblock_dilation_sizes: [[1, 3, 5], [1, 3, 5], [1, 3, 5]]
"""
UNIVNET = """\
_target_: nemo.collections.tts.modules.univnet_modules.Generator
dilations: [1, 3, 9, 27]
strides: [8, 8, 4]
kpnet_conv_size: 3
"""
WAVEGLOW = """\
  waveglow:
    _target_: nemo.collections.tts.modules.waveglow.WaveGlowModule
    n_flows: 12
    n_group: 8
    n_wn_layers: 8
    wn_kernel_size: 3
"""
VITS = """\
  segment_size: 16384
  synthesizer:
    _target_: nemo.collections.tts.modules.vits_modules.SynthesizerTrn
    resblock: "1"
    upsample_rates: [8, 8, 4, 2]
    upsample_kernel_sizes: [16, 16, 4, 4]
    resblock_kernel_sizes: [3, 7, 11]
    resblock_dilation_sizes: [[1, 3, 5], [1, 3, 5], [1, 3, 5]]
"""
ACOUSTIC = """\
  train_ds:
    dataset:
      _target_: nemo.collections.tts.data.dataset.TTSDataset
"""


def top(hop: int = 256, crop: int = 8192) -> str:
    return TOP.format(hop=hop, crop=crop) + PREPROCESSOR


def below(group: str) -> str:
    return "  generator:\n" + "".join(f"    {line}\n" for line in group.splitlines())


def one(group: str = HIFIGAN, hop: int = 256, crop: int = 8192) -> str:
    return top(hop, crop) + below(group)


SOUND = [
    ("HiFi-GAN, block 1 as a number", one(), 256, 27),
    ("UnivNet", one(UNIVNET), 256, 32),
    ("VITS, block 1 as a text, kernel equal to the factor", top(512, 16384) + VITS, 512, 26),
    ("a generator alone", HIFIGAN, 256, 27),
]


@pytest.mark.parametrize(("text", "upsampling", "field"), [s[1:] for s in SOUND], ids=[s[0] for s in SOUND])
def test_sound_configs_are_read_exactly_and_in_silence(text: str, upsampling: int, field: int) -> None:
    assert (model_of(text, NAME).dialect, figures(text, NAME), loud(text, NAME)) == (
        "nemo/tts",
        (upsampling, field),
        [],
    )


BROKEN = [
    ("product", one(hop=300, crop=8100), "RF301", "256"),
    ("strides", one(UNIVNET, hop=300, crop=8100), "RF301", "256"),
    ("crop", one(crop=8000), "RF501", "8000"),
    ("crop of VITS", top(512, 16384) + VITS.replace("16384", "16000"), "RF501", "16000"),
    ("a text selects the other block", one(HIFIGAN.replace("resblock: 1", 'resblock: "1"')), "RF201", "3 entries"),
    ("a number selects the other block", top(512, 16384) + VITS.replace('"1"', "1"), "RF201", "3 entries"),
    ("parity", one(HIFIGAN.replace("[16, 16, 4, 4]", "[15, 16, 4, 4]")), "RF302", "8·T+1"),
    ("odd hop with exact_pad", one(hop=441, crop=8820), "RF405", "441"),
    ("stride of WaveGlow", top(512) + WAVEGLOW, "RF304", "256"),
]


@pytest.mark.parametrize(("text", "code", "words"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text, NAME)), loud(text, NAME)


def composed(files: Mapping[str, str]) -> Model:
    (model,) = understand(
        files[NAME], NAME, asked=Asked((), lambda name: files.get(name, "").encode() or None, True)
    ).models
    return model


def test_the_generator_of_a_hydra_group_is_found_beside_the_file() -> None:
    text = top() + "defaults:\n  - model/generator: v1\n"
    stack = composed({NAME: text, "model/generator/v1.yaml": HIFIGAN}).stack("decoder")

    assert stack is not None
    assert stack.coverage.receptive_field == 27


def test_a_group_that_is_not_there_is_a_note() -> None:
    model = composed({NAME: top() + "defaults:\n  - model/generator: v1\n"})

    assert [note.subject for note in model.notes] == ["decoder"]


def test_a_product_that_misses_the_hop_is_told_across_the_group(
    folder: Callable[[Mapping[str, str | bytes]], Path], rflint: Callable[..., tuple[int, str, str]]
) -> None:
    folder({NAME: top(300, 8100) + "defaults:\n  - model/generator: v1\n", "model/generator/v1.yaml": HIFIGAN})

    assert "RF301" in rflint("check", "--isolated", NAME)[1]


def test_acoustic_models_give_frames() -> None:
    text = top() + ACOUSTIC

    assert [e.side for e in model_of(text.replace("train_n_segments: 8192\n", ""), NAME).exchanges] == ["gives"]
    assert codes(text, NAME) == []


ACOUSTIC = """\
model:
  train_ds: {dataset: {_target_: nemo.collections.tts.data.dataset.TTSDataset}}
"""
ANALYSIS = "{sample_rate: 22050, n_window_size: 1024, n_window_stride: 256, n_fft: 1024, n_mel_channels: 80}"


@pytest.mark.parametrize(
    "more",
    [
        "".join(f"  {pair}\n" for pair in ANALYSIS.strip("{}").split(", ")),
        f"  preprocessor: {ANALYSIS}\n",
        f"  preprocessor: {ANALYSIS}\n  sample_rate: 22050\n",
    ],
)
def test_an_acoustic_model_holds_its_analysis_in_one_of_two_places(more: str) -> None:
    stack = model_of(ACOUSTIC + more, NAME).stack("frontend")

    assert stack is not None
    assert (stack.coverage.step, stack.coverage.receptive_field, stack.input_rate) == (256, 1024, 22050)
    assert loud(ACOUSTIC + more, NAME) == []
    assert codes(ACOUSTIC + more.replace("n_window_size: 1024", "n_window_size: 2048"), NAME) == ["RF401"]


DATA = """\
dataset:
  _target_: nemo.collections.tts.data.dataset.TTSDataset
  sample_rate: 22050
  n_fft: 1024
  win_length: 1024
  hop_length: 256
  n_mels: 80
"""
FEATURES = """\
sample_rate: 44100
mel_feature:
  _target_: nemo.collections.tts.parts.preprocessing.features.MelSpectrogramFeaturizer
  sample_rate: ${sample_rate}
  win_length: 2048
  hop_length: 512  # 11.6 ms
  mel_dim: 80
"""


@pytest.mark.parametrize(("text", "expected"), [(DATA, (256, 1024, 22050)), (FEATURES, (512, 2048, 44100))])
def test_features_prepared_ahead_of_training_are_read(text: str, expected: tuple[int, int, int]) -> None:
    model = model_of(text, NAME)
    stack = model.stack("frontend")

    assert stack is not None
    assert (stack.coverage.step, stack.coverage.receptive_field, stack.input_rate) == expected
    assert [exchange.side for exchange in model.exchanges] == ["gives"]
    assert loud(text, NAME) == []


@pytest.mark.parametrize(
    ("text", "old", "new", "code"),
    [(DATA, "win_length: 1024", "win_length: 2048", "RF401"), (FEATURES, "11.6 ms", "12.5 ms", "RF110")],
)
def test_contradictions_in_features_are_reported(text: str, old: str, new: str, code: str) -> None:
    assert code in codes(text.replace(old, new), NAME)
