"""3D-Speaker: networks behind ``obj``, arguments behind references."""

from __future__ import annotations

import pytest
from speech_files import dialect_of, figures, loud, models_of, stack_of, told

SPEAKER = """
wav_len: 3.0
sample_rate: 16000
fbank_dim: 80
feature_extractor:
  obj: speakerlab.process.processor.FBank
  args: {{n_mels: <fbank_dim>, sample_rate: <sample_rate>, mean_nor: true}}
embedding_model:
  obj: speakerlab.models.{path}
  args: {{{args}}}
"""


def speaker(path: str, args: str = "feat_dim: <fbank_dim>") -> str:
    return SPEAKER.format(path=path, args=args)


ERES2NET = speaker("eres2net.ERes2Net.ERes2Net")


@pytest.mark.parametrize(
    ("path", "args", "stride", "frames"),
    [
        ("ecapa_tdnn.ECAPA_TDNN.ECAPA_TDNN", "input_size: <fbank_dim>", 1, 1 + 4 + 7 * 2 * (2 + 3 + 4)),
        (
            "ecapa_tdnn.ECAPA_TDNN.ECAPA_TDNN",
            "input_size: 80, kernel_sizes: [5, 3, 1], dilations: [1, 2, 1], res2net_scale: 4",
            1,
            1 + 4 + 3 * 4,
        ),
        ("xvector.Xvector.Xvector", "", 1, 1 + 4 + 4 + 6),
        ("campplus.DTDNN.CAMPPlus", "feat_dim: 80", 2, 1 + (2 + 16 + 2 + 4) + 12 * 4 + 24 * 8 + 16 * 8),
        ("resnet.ResNet.ResNet", "", 8, 1 + 2 + 12 + (6 + 24) + (12 + 80) + (24 + 64)),
        ("resnet.ResNet.ResNet", "num_blocks: [1, 1, 1, 1]", 8, 1 + 2 + 4 + 6 + 12 + 24),
        ("eres2net.ERes2Net.ERes2Net", "", 8, 1 + 2 + 12 + 32 + 96 + 96),
        ("eres2net.ERes2Net.ERes2Net", "scale: 3", 8, 1 + 2 + 18 + 48 + 144 + 144),
        ("res2net.Res2Net.Res2Net", "", 8, 1 + 2 + 6 + 16 + 48 + 48),
    ],
)
def test_networks(path: str, args: str, stride: int, frames: int) -> None:
    text = speaker(path, args)

    assert figures(text) == (160 * stride, 400 + (frames - 1) * 160)
    assert stack_of(text).coverage.unbounded
    assert loud(text) == []


def test_references_are_followed() -> None:
    assert told(
        ERES2NET.replace("feat_dim: <fbank_dim>", "feat_dim: 64"), "RF405", "`feat_dim` 64 differs from `n_mels` 80"
    )
    assert told(
        ERES2NET.replace("sample_rate: 16000", "sample_rate: 8000"), "RF403", "`sample_rate` 8000 differs from 16000"
    )
    assert loud(ERES2NET) == []


def test_references_in_a_circle_end() -> None:
    assert loud(ERES2NET.replace("feat_dim: <fbank_dim>", "feat_dim: <one>") + "one: <two>\ntwo: <one>\n") == []


def test_without_an_extractor_the_data_set_makes_a_centred_mel_spectrogram() -> None:
    text = "teacher: {obj: speakerlab.models.ecapa_tdnn.ECAPA_TDNN.ECAPA_TDNN, args: {}}\n"

    assert figures(text, "frontend") == (160, 400)
    assert stack_of(text, "frontend").coverage.left == 200


def test_each_network_is_read() -> None:
    twice = "student: {obj: speakerlab.models.campplus.DTDNN.CAMPPlus, args: {}}\n"
    (model,) = models_of(ERES2NET + twice)

    assert [stack.name for stack in model.stacks] == ["features", "embedding_model", "student"]


def test_other_objects_are_left_alone() -> None:
    assert dialect_of("dataset: {obj: speakerlab.dataset.dataset.WavSVDataset, args: {}}\n") is None
    assert dialect_of("model: {obj: speakerlab.models.talknet.talknet, args: {}}\n") is None


@pytest.mark.parametrize("blocks", ["[-1, 2, 2, 2]", "[3]", "[1000000000000, 1, 1, 1]", "many"])
def test_impossible_sizes_are_not_counted_with(blocks: str) -> None:
    (model,) = models_of(speaker("resnet.ResNet.ResNet", f"num_blocks: {blocks}"))

    assert [stack.role for stack in model.stacks] == ["frontend"]
    assert [note.subject for note in model.notes] == ["embedding_model"]
