"""Codec configs with a value of another kind anywhere: a note or a finding, never a defect."""

from __future__ import annotations

import json

import pytest
from hostile import defects, with_an_odd_value, with_an_odd_word
from hypothesis import given, settings, strategies as st
from test_audiocraft import CARD, ENCODEC, LM, STEREO, UNET, WHOLE
from test_codec_dac_children import BIGCODEC, DUALCODEC, FACODEC, FISH, XCODEC2
from test_codec_frameworks import (
    AUDIODEC,
    COCO,
    ESPNET,
    ESPNET_2D,
    FREQCODEC,
    FUNCODEC,
    HIFICODEC,
    NEMO,
    NEMO_SEANET,
    REPCODEC,
    XY,
    amphion,
)
from test_codec_speech import LANGUAGECODEC, WAVTOKENIZER, XCODEC, snac, speechtokenizer
from test_dac import FLAT, FULL
from test_firefly import CENTRED as FIREFLY, CODEC as FIREFLY_CAUSAL, UNIFIED
from test_hf_decoders import PUBLISHED, config
from test_moshi import mimi, moshi
from test_stable_audio import DIFFUSERS, DIFFUSION, dac, oobleck, seanet, taae

JSON = [
    *(json.dumps(whole) for whole in (COCO, REPCODEC, DIFFUSERS)),
    *(json.dumps(config(f"vibevoice_{kind}_tokenizer", **PUBLISHED)) for kind in ("acoustic", "semantic")),
    *(amphion(), mimi(), moshi(), snac(attn_window_size=32), speechtokenizer(), DIFFUSION, oobleck()),
    *(seanet([4, 5], [5, 4]), dac([2, 5], [5, 2], 10), taae([200, 2])),
]
YAML = [
    *(AUDIODEC, BIGCODEC, CARD, DUALCODEC, ESPNET, ESPNET_2D, FACODEC, FISH, FLAT, FREQCODEC, FULL, FUNCODEC),
    *(FIREFLY, FIREFLY_CAUSAL, HIFICODEC, UNIFIED, UNET + ENCODEC),
    *(LANGUAGECODEC, LM, NEMO, NEMO_SEANET, STEREO, WAVTOKENIZER, WHOLE, XCODEC, XCODEC2, XY),
]


@pytest.mark.parametrize("text", JSON)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_no_value_is_a_defect(text: str, data: st.DataObject) -> None:
    assert defects(with_an_odd_value(json.loads(text), data), "config.json") == []


@pytest.mark.parametrize("text", YAML)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_no_word_is_a_defect(text: str, data: st.DataObject) -> None:
    assert defects(with_an_odd_word(text, data), "config.yaml") == []
