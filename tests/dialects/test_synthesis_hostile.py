"""Configs of the synthesis frameworks with a value of another kind anywhere: a note or a finding, never a defect."""

from __future__ import annotations

import json

import pytest
import test_amphion
import test_audiodec_vocoder
import test_coqui
import test_espnet_tts
import test_fastdiff
import test_lvcnet
import test_melgan
import test_nemo_tts
import test_paddle_tts
import test_pwg
import test_speechbrain_vocoder
import test_tensorflow_tts
import test_univnet
import test_vocos
import test_waveglow
import test_wavegrad
import test_wavenet_vocoder
from hostile import defects, with_an_odd_value, with_an_odd_word
from hypothesis import given, settings, strategies as st

SUITES = [test_amphion, test_coqui, test_espnet_tts, test_paddle_tts, test_pwg, test_tensorflow_tts, test_vocos]
JSON = [
    *(sound[1] for suite in SUITES for sound in suite.SOUND),
    test_lvcnet.config(cond_hop_length=256),
    test_fastdiff.config(base_config="base.yaml"),
    test_univnet.config(),
    test_wavegrad.config(),
    test_wavegrad.lmnt(**test_wavegrad.DIFFWAVE),
    test_wavegrad.lmnt(**test_wavegrad.WAVEGRAD),
    json.dumps(test_waveglow.data() | test_waveglow.NET),
    json.dumps(test_waveglow.data() | test_waveglow.WAVENET),
    test_wavenet_vocoder.config(),
]
YAML = [
    *(sound[1] for sound in test_nemo_tts.SOUND),
    test_audiodec_vocoder.TEXT,
    test_melgan.MELGAN,
    test_melgan.VOCGAN,
    test_speechbrain_vocoder.ANALYSIS + test_speechbrain_vocoder.NETWORK,
    test_speechbrain_vocoder.UNITS,
    test_speechbrain_vocoder.DIFFWAVE,
]


@pytest.mark.parametrize("text", JSON)
@settings(max_examples=15, deadline=None)
@given(st.data())
def test_no_value_is_a_defect(text: str, data: st.DataObject) -> None:
    assert defects(with_an_odd_value(json.loads(text), data), "config.json") == []


@pytest.mark.parametrize("text", YAML)
@settings(max_examples=15, deadline=None)
@given(st.data())
def test_no_word_is_a_defect(text: str, data: st.DataObject) -> None:
    assert defects(with_an_odd_word(text, data), "config.yaml") == []
