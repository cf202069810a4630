"""Demucs, denoiser and svoice: the published lag, the branches, and where the hybrid's branches meet."""

from __future__ import annotations

import json
from typing import Any

import pytest
from signal_files import figures, loud, messages, stack_of

NET = {"depth": 5, "kernel_size": 8, "stride": 4, "resample": 4}
HYBRID = {"depth": 6, "kernel_size": 8, "stride": 4, "nfft": 4096}


def denoiser(**net: Any) -> str:
    return json.dumps({"sample_rate": 16000, "segment": 4, "stride": 1, "model": "demucs", "demucs": {**NET, **net}})


def demucs(name: str = "demucs", **net: Any) -> str:
    dset = {"samplerate": 44100, "musdb_samplerate": 44100, "segment": 11}
    return json.dumps({"dset": dset, "model": name, name: {"depth": 2, "kernel_size": 8, "stride": 4, **net}})


@pytest.mark.parametrize(
    ("text", "step", "field"),
    [
        (denoiser(), 256, 597),  # "total lag: 41.3ms, stride: 16.0ms": 661 samples are 597 + 64 of resampling
        (denoiser(stride=2, resample=2), 16, 109),  # launch_valentini_nc.sh
        (denoiser(resample=1), 1024, 2388),
        # doubled: 8, then dilations 1 and 2 at 4, then 8 at 4, and again at 16: (8 + 24 + 28 + 96) / 2
        (demucs(), 8, 78),
        (demucs(dconv_mode=0), 8, 18),
        (demucs(dconv_mode=0, resample=False), 16, 36),
        (json.dumps({"sample_rate": 8000, "model": "swave", "swave": {"N": 128, "L": 8, "R": 6}}), 4, 8),
    ],
)
def test_networks_are_read_exactly_and_in_silence(text: str, step: int, field: int) -> None:
    assert (figures(text), loud(text)) == ((step, field), [])


@pytest.mark.parametrize(("causal", "sides"), [(True, "left"), (False, "both")])
def test_the_causal_flag_is_that_of_the_recurrence(causal: bool, sides: str) -> None:
    assert [mixer.sides for mixer in stack_of(denoiser(causal=causal)).coverage.unbounded_by] == [sides]


def test_the_spectrogram_of_the_hybrid_hops_by_a_quarter() -> None:
    for name in ("hdemucs", "htdemucs"):
        assert figures(demucs(name, **HYBRID)) == (1024, 4096)
        assert loud(demucs(name, **HYBRID)) == []


def test_branches_that_meet_have_one_step() -> None:
    text = demucs("hdemucs", **{**HYBRID, "nfft": 2048})  # 1024 bands: still five layers, 4^5 against 512
    assert ("RF504", "error") in loud(text)
    assert "`stride` 1024 declared, but 512" in messages(text)
    assert loud(demucs("htdemucs", **{**HYBRID, "nfft": 2048})) == []
    assert loud(demucs("hdemucs", **{**HYBRID, "nfft": 2048, "hybrid": False})) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (denoiser(resample=3), "RF002"),
        (denoiser(kernel_size=2), "RF601"),
        (demucs().replace(": 44100", ": 48000", 1), "RF403"),
    ],
)
def test_contradictions_are_reported(text: str, code: str) -> None:
    assert code in [found for found, _ in loud(text)]


def test_a_name_without_its_section_is_not_claimed() -> None:
    assert loud(json.dumps({"model": "dwave", "demucs": NET, "sample_rate": 16000})) == []
