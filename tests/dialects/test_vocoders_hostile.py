"""Vocoder configs with a value of another kind anywhere: a note or a finding, never a defect, and never for long."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from test_cosyvoice import CAUSAL
from test_sifigan import USF, WHOLE
from test_singing_vocoders import HARMONIC, UNIVNET, VAE
from test_styletts2 import HIFIGAN, ISTFT
from test_vits import BANDS, FREEVC, GPT, PLAYVOICE, QUICK, RVC, TEAM, VOCOS, super_resolution
from vocoder_files import envelope, flat

from rflint.engine import check_text
from rflint.rules import internal_error

JSON = [
    flat(num_freq=1025),
    flat(activation="snake", resolutions=[[1024, 120, 600]], cqtd_hop_lengths=[512], cqtd_n_octaves=[9]),
    flat(gen_istft_n_fft=16, gen_istft_hop_size=4),
    flat(output_channel=4),
    flat(n_code_groups=2),
    flat(resblock_dilation_sizes=[[1, 3, 5, 7]] * 3, disc_start_step=0),
    flat(code_hop_size=256, f0=True, f0_quantizer={"f0_encoder_params": {"downs_t": [4], "strides_t": [2]}}),
    *(envelope(net) for net in ({}, BANDS, FREEVC, GPT, QUICK, RVC, TEAM, VOCOS)),
    super_resolution(24000),
]
YAML = [CAUSAL, HARMONIC, HIFIGAN, ISTFT, PLAYVOICE, UNIVNET, USF, VAE, WHOLE]
WORDS = ["0", "-3", "[]", "x", "null", "1e9", "{}", "[8, [2]]"]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 1, 3, 10**9, 10**30, 1.5, float("inf"), "1", "", "${a}", "???", "[8, 8]", "<x>"]),
    st.lists(st.integers(-2, 12), max_size=4),
    st.lists(st.lists(st.integers(-1, 9), max_size=3), max_size=3),
    st.just({}),
)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path] * bool(path) + [place for key, below in keys for place in places(below, (*path, key))]


def replaced(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    here = data
    for key in path[:-1]:
        here = here[key]
    here[path[-1]] = value
    return data


def defects(text: str, name: str) -> list[str]:
    return [finding.message for finding in check_text(text, name) if finding.code == internal_error.CODE]


@pytest.mark.parametrize("text", JSON)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_no_value_is_a_defect(text: str, data: st.DataObject) -> None:
    config = json.loads(text)
    path = data.draw(st.sampled_from(places(config)))

    assert defects(json.dumps(replaced(config, path, data.draw(ODD))), "config.json") == []


@pytest.mark.parametrize("text", YAML)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_no_word_is_a_defect(text: str, data: st.DataObject) -> None:
    words = text.split(" ")
    words[data.draw(st.integers(0, len(words) - 1))] = data.draw(
        st.sampled_from(["0", "-3", "[]", "x", "null", "1e9", "{}", "[8, [2]]"])
    )

    assert defects(" ".join(words), "config.yaml") == []
