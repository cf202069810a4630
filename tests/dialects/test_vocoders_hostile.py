"""Vocoder configs with a value of another kind anywhere: a note or a finding, never a defect, and never for long."""

from __future__ import annotations

import json

import pytest
from hostile import defects, with_an_odd_value, with_an_odd_word
from hypothesis import given, settings, strategies as st
from test_cosyvoice import CAUSAL
from test_f0_vqvae import EVERY, contour
from test_sifigan import USF, WHOLE
from test_singing_vocoders import HARMONIC, UNIVNET, VAE
from test_styletts2 import CLASS, HIFIGAN, ISTFT
from test_vits import BANDS, FREEVC, GPT, PLAYVOICE, QUICK, RVC, TEAM, VOCOS, super_resolution
from vocoder_files import envelope, flat

JSON = [
    flat(num_freq=1025),
    flat(activation="snake", resolutions=[[1024, 120, 600]], cqtd_hop_lengths=[512], cqtd_n_octaves=[9]),
    flat(gen_istft_n_fft=16, gen_istft_hop_size=4),
    flat(output_channel=4),
    flat(n_code_groups=2),
    flat(resblock_dilation_sizes=[[1, 3, 5, 7]] * 3, disc_start_step=0),
    flat(code_hop_size=256, code_encoder_params={"downs_t": [[8]], "strides_t": [[2]], "depth": 2}),
    contour(EVERY, segment_size=16640),
    flat(code_hop_size=256, f0=True, f0_quantizer={"f0_encoder_params": {"downs_t": [4], "strides_t": [2]}}),
    *(envelope(net) for net in ({}, BANDS, FREEVC, GPT, QUICK, RVC, TEAM, VOCOS)),
    super_resolution(24000),
]
YAML = [CAUSAL, CLASS, HARMONIC, HIFIGAN, ISTFT, PLAYVOICE, UNIVNET, USF, VAE, WHOLE]


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
