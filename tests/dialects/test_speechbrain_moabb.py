"""SpeechBrain-MOABB: networks over electroencephalograms, whose sizes are pairs of time and electrodes."""

from __future__ import annotations

import pytest
from hostile import defects, with_an_odd_word
from hypothesis import given, settings, strategies as st
from speech_files import dialect_of, figures, loud, model_of, notes, stack_of

RATE = "sample_rate: 125\n"
EEGNET = (
    RATE
    + """
model: !new:models.EEGNet.EEGNet
    cnn_temporal_kernelsize: [51, 1]
    cnn_spatial_pool: [4, 1]
    cnn_septemporal_kernelsize: [15, 1]
    cnn_septemporal_pool: [7, 1]
"""
)
SHALLOW = (
    RATE
    + """
model: !new:models.ShallowConvNet.ShallowConvNet
    cnn_temporal_kernelsize: [14, 1]
    cnn_poolsize: [36, 1]
    cnn_poolstride: [9, 1]
"""
)
CONFORMER = SHALLOW.replace("ShallowConvNet.ShallowConvNet", "EEGConformer.EEGConformer") + "    attn_depth: 3\n"


def test_eegnet_pools_twice() -> None:
    assert figures(EEGNET) == (28, 51 + 3 + 14 * 4 + 6 * 4)
    assert stack_of(EEGNET).coverage.left == 25 + 7 * 4
    assert model_of(EEGNET).sample_rate is not None
    assert loud(EEGNET) == []


def test_a_shallow_network_has_no_padding() -> None:
    assert figures(SHALLOW) == (9, 14 + 35)
    assert stack_of(SHALLOW).coverage.left == 0


def test_a_conformer_attends_to_what_is_pooled() -> None:
    assert figures(CONFORMER) == (9, 14 + 35)
    assert [stage.name for stage in stack_of(CONFORMER).stages].count("transformer_module.1") == 1
    assert len(stack_of(CONFORMER).stages) == 2 + 3 + 1


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        ("EEGNet.EEGNet", (32, 33 + 3 + 16 * 4 + 7 * 4)),
        ("ShallowConvNet.ShallowConvNet", (8, 13 + 37)),
        ("EEGConformer.EEGConformer", (17, 13 + 37)),
    ],
)
def test_defaults(network: str, expected: tuple[int, int]) -> None:
    text = f"model: !new:models.{network} {{dropout: 0.5}}\n"

    assert figures(text) == expected
    assert stack_of(text).input_rate is None


def test_sizes_may_be_rounded() -> None:
    text = "size: 15\nkernel: !apply:round\n    - !ref <size> * 4 / 8\n" + EEGNET.replace(
        "[15, 1]", "[!ref <kernel>, 1]"
    )

    unknown = "`cnn_septemporal_kernelsize` is not known: it is rounded when the program runs"
    assert notes(text) == [unknown]  # 7.5
    assert figures(text.replace("size: 15", "size: 16")) == (28, 51 + 3 + 7 * 4 + 6 * 4)
    assert notes(text.replace("* 4 / 8", "* many")) == [unknown]


def test_pooling_that_skips_samples_is_let_be() -> None:
    text = SHALLOW.replace("cnn_poolstride: [9, 1]", "cnn_poolstride: [50, 1]")

    assert notes(text) == ["the pooling skips samples between its windows"]
    assert loud(text) == []
    assert figures(text.replace("[50, 1]", "[49, 1]")) == (49, 49)


def test_sizes_that_are_no_pairs() -> None:
    assert notes(EEGNET.replace("[51, 1]", "[51]")) == ["`cnn_temporal_kernelsize` is no pair of time and electrodes"]
    assert notes(EEGNET.replace("[51, 1]", "[0, 1]")) == ["`cnn_temporal_kernelsize` is 0, not from 1 to 1000000000"]


@pytest.mark.parametrize(
    "text",
    [
        "model: models.EEGNet.EEGNet\n",
        "model: !name:models.EEGNet.EEGNet {dropout: 0.5}\n",
        "model: !new:models.EEGNet.EEGNetTwo {dropout: 0.5}\n",
        "- !new:models.EEGNet.EEGNet {dropout: 0.5}\n",
    ],
)
def test_other_files_are_left_alone(text: str) -> None:
    assert dialect_of(text) is None


@pytest.mark.parametrize("text", [EEGNET, SHALLOW, CONFORMER])
@settings(max_examples=15, deadline=None)
@given(st.data())
def test_no_word_is_a_defect(text: str, data: st.DataObject) -> None:
    assert defects(with_an_odd_word(text, data), "hparams.yaml") == []
