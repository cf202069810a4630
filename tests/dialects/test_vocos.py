"""Vocos: as published and as trained, all backbones and heads, paddings that must agree."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vocoder_files import codes, decoder_of, figures, loud, model_of

from rflint.engine import explain_text

NAME = "config.yaml"


def part(name: str, **args: Any) -> dict[str, Any]:
    return {"class_path": f"vocos.{name}", "init_args": args}


def mel(**args: Any) -> dict[str, Any]:
    sound = {"sample_rate": 24000, "n_fft": 1024, "hop_length": 256, "n_mels": 100, "padding": "center"}
    return part("feature_extractors.MelSpectrogramFeatures", **{**sound, **args})


def istft(**args: Any) -> dict[str, Any]:
    return part("heads.ISTFTHead", **{"dim": 512, "n_fft": 1024, "hop_length": 256, "padding": "center", **args})


CONVNEXT = part("models.VocosBackbone", input_channels=100, dim=512, intermediate_dim=1536, num_layers=8)
RESNET = part("models.VocosResNetBackbone", input_channels=100, dim=512, num_blocks=3)
ENCODEC = part("feature_extractors.EncodecFeatures", encodec_model="encodec_24khz")


def published(extractor: dict[str, Any], backbone: dict[str, Any], head: dict[str, Any]) -> str:
    return json.dumps({"feature_extractor": extractor, "backbone": backbone, "head": head})


def trained(extractor: dict[str, Any], head: dict[str, Any], samples: int = 16384, rate: int = 24000) -> str:
    parts = {"sample_rate": 24000, "feature_extractor": extractor, "backbone": CONVNEXT, "head": head}
    crops = {"train_params": (rate, samples), "val_params": (24000, 48384)}
    data = {key: {"sampling_rate": hertz, "num_samples": length} for key, (hertz, length) in crops.items()}
    return json.dumps({"data": {"init_args": data}, "model": part("experiment.VocosExp", **parts)})


SAME = istft(padding="same", n_fft=1280, hop_length=320)
SOUND = [
    # What it is, config, samples a frame, receptive field in frames.
    ("mel, ConvNeXt", published(mel(), CONVNEXT, istft()), 256, 58),
    ("in training", trained(mel(), istft()), 256, 58),
    ("codes of EnCodec, whose hop is its model's", published(ENCODEC, CONVNEXT, SAME), 320, 58),
    ("residual blocks", published(mel(), RESNET, istft()), 256, 78),
    ("inverse MDCT",
     published(mel(), CONVNEXT, part("heads.IMDCTCosHead", dim=512, mdct_frame_len=512, padding="center")), 256, 56),
    ("a linear head", published(mel(), CONVNEXT, part("heads.WaveNextHead", dim=512, n_fft=1024, hop_length=256)), 256, 55),
    ("padded alike", trained(mel(padding="same"), istft(padding="same")), 256, 58),
    ("head padded as it is by default",
     published(mel(padding="same"), CONVNEXT, part("heads.ISTFTHead", n_fft=1024, hop_length=256)), 256, 58),
]  # fmt: skip


@pytest.mark.parametrize(("text", "upsampling", "field"), [s[1:] for s in SOUND], ids=[s[0] for s in SOUND])
def test_sound_configs_are_read_exactly_and_in_silence(text: str, upsampling: int, field: int) -> None:
    assert (model_of(text, NAME).dialect, figures(text, NAME), loud(text, NAME)) == ("vocos", (upsampling, field), [])


def test_a_centred_head_makes_one_hop_less_than_frames() -> None:
    centred, same = (
        decoder_of(published(mel(), CONVNEXT, istft(padding=p)), NAME).coverage for p in ("center", "same")
    )

    assert (centred.length(65), same.length(64)) == (16384, 16384)


BROKEN = [
    ("hops", published(mel(hop_length=300), CONVNEXT, istft()), "RF301", "256"),
    ("hop of EnCodec", published(ENCODEC, CONVNEXT, istft(padding="same")), "RF301", "256"),
    ("paddings", trained(mel(), istft(padding="same")), "RF504", "16640"),
    ("paddings by default", published(mel(), CONVNEXT, part("heads.ISTFTHead", n_fft=1024, hop_length=256)), "RF504", "16640"),
    ("odd FFT less hop", trained(mel(n_fft=1025, padding="same"), istft(n_fft=1025, padding="same")), "RF504", "16129"),
    ("crop", trained(mel(), istft(), samples=16000), "RF501", "16000"),
    ("rate of the data", trained(mel(), istft(), rate=22050), "RF403", "22050"),
    ("no overlap", published(mel(n_fft=256, padding="same"), CONVNEXT, istft(n_fft=256, padding="same")), "RF404", "256"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "words"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text, NAME)), loud(text, NAME)


def test_unknown_parts_and_paddings_are_notes() -> None:
    for text in (
        published(mel(), part("models.Transformer"), istft()),
        published(mel(), CONVNEXT, istft(padding="valid")),
        published(mel(), CONVNEXT, part("heads.WaveHead", n_fft=1024)),
    ):
        assert codes(text, NAME) == []
        assert [note.subject for note in model_of(text, NAME).notes] == ["decoder"]


def test_parts_without_classes_are_of_no_vocos() -> None:
    parts = {"feature_extractor": {"n_fft": 1024}, "head": {"n_fft": 1024, "class_path": None}}

    assert not explain_text(json.dumps(parts), NAME)


def test_the_layers_of_a_fork_are_not_known_but_its_hops_are() -> None:
    sound, broken = (published(mel(hop_length=hop), CONVNEXT, istft()) for hop in (256, 249))

    assert [note.subject for note in model_of(sound.replace("vocos.", "vocos_causal."), NAME).notes] == ["decoder"]
    assert codes(sound.replace("vocos.", "vocos_causal."), NAME) == []
    assert codes(broken.replace("vocos.", "vocos_causal."), NAME) == ["RF305"]


def test_a_wavtokenizer_is_not_claimed() -> None:
    extractor = {**ENCODEC, "class_path": "decoder.feature_extractors.EncodecFeatures"}

    assert codes(published(extractor, CONVNEXT, istft()), NAME) == []


# -- RFWave -------------------------------------------------------------------------------------------------------


def rfwave(kind: str = "MelSpectrogramFeatures", hop: int = 256, **args: Any) -> str:
    """A model of RFWave whose head has this hop."""
    parts = {
        "feature_extractor": {"class_path": f"rfwave.feature_extractors.{kind}", "init_args": args},
        "backbone": {"class_path": "rfwave.models.VocosRFBackbone", "init_args": {"num_layers": 8}},
        "head": {"class_path": "rfwave.heads.RFSTFTHead", "init_args": {"n_fft": 1024, "hop_length": hop}},
    }
    return json.dumps({"model": {"class_path": "rfwave.experiment.VocosExp", "init_args": parts}})


@pytest.mark.parametrize(
    ("text", "frontend"),
    [
        (rfwave(), (256, 1024)),
        (rfwave(n_fft=1280, hop_length=320, hop=320, padding="same"), (320, 1280)),
        # the window of ESPnet's mel is a default that the file does not say
        (rfwave("EspnetMelSpectrogramFeatures", hop=300), None),
        (rfwave("EncodecFeatures", hop=320), None),
    ],
)
def test_rfwave_has_the_features_of_vocos_and_other_layers(text: str, frontend: tuple[int, int] | None) -> None:
    (model,) = explain_text(text, NAME)
    stack = model.stack("frontend")

    assert (None if stack is None else (int(stack.coverage.step), stack.coverage.receptive_field)) == frontend
    assert (model.dialect, model.stack("decoder"), loud(text, NAME)) == ("vocos", None, [])
    assert [note.subject for note in model.notes] == ["decoder"]


@pytest.mark.parametrize("text", [rfwave(hop=300), rfwave("EspnetMelSpectrogramFeatures"), rfwave("EncodecFeatures")])
def test_frames_of_rfwave_s_head_are_those_of_the_features(text: str) -> None:
    assert codes(text, NAME) == ["RF305"]
