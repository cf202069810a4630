"""The generators as graphs: lengths and fields of every stage that was measured, and the lengths of harmonic sources."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, strategies as st

from rflint.coverage import (
    Conv,
    Coverage,
    Layer,
    Repeat,
    Transposed,
    causal,
    istft,
    residual,
    same,
    transposed_by_parity,
    transposed_ceil,
    transposed_pwg,
)
from rflint.dialects.generators import (
    FRAMES,
    V1,
    Lists,
    Shape,
    anti_aliased,
    body,
    default_lists,
    hifigan,
    hifigan_shape,
    inverse_stft,
    nearest_then_conv,
    post,
    source_lengths,
    sub_bands,
)
from rflint.dialects.melgans import MelGAN, melgan
from rflint.dialects.wavenets import context_conv, stretched
from rflint.documents import Value
from rflint.model import Stage

WIDE: Shape = V1._replace(reads=None, activation=(anti_aliased(),))
FOUR, SIXTEEN = Value(4), Value(16)


def lists(rates: list[int], kernels: list[int], block: int = 3) -> Lists:
    if block == 2:
        return default_lists(rates, kernels, [3, 5, 7], [[1, 2], [2, 6], [3, 12]])
    return default_lists(rates, kernels, [3, 7, 11], [[1, 3, 5]] * 3)


def generator(rates: list[int], kernels: list[int], shape: Shape = V1) -> list[Stage]:
    return hifigan(lists(rates, kernels), shape)


def istftnet(padded: bool) -> list[Stage]:
    return [*body(lists([8, 8], [16, 16])), *inverse_stft(SIXTEEN, FOUR, padded=padded)]


def stages(*layers: Layer) -> list[Stage]:
    return [Stage(str(index), layer) for index, layer in enumerate(layers)]


def vocos(trim: int | None) -> list[Stage]:
    return stages(same(7), Repeat(8, residual(same(7))), istft(1024, 256, trim=trim))


def both_cut() -> list[Stage]:
    return stages(*(Transposed(2 * rate, rate, 1, (rate, rate)) for rate in (8, 5, 4, 3)))


def upsampling(scales: list[int], context: int) -> list[Stage]:
    return [context_conv(Value(context)), *stretched(Value(scales))]


CASES = {
    "A k-u even everywhere [8,8,2,2]/[16,16,4,4]": generator([8, 8, 2, 2], [16, 16, 4, 4]),
    "A odd diff last stage [8,8,2,2]/[16,16,4,5]": generator([8, 8, 2, 2], [16, 16, 4, 5]),
    "A odd diff first stage [8,8,2,2]/[15,16,4,4]": generator([8, 8, 2, 2], [15, 16, 4, 4]),
    "A [8,5,5]/[16,10,10]": generator([8, 5, 5], [16, 10, 10]),
    "A [5,5,4,3]/[11,11,8,7]": generator([5, 5, 4, 3], [11, 11, 8, 7]),
    "A [5,4,4,2,2]/[11,8,8,4,4]": generator([5, 4, 4, 2, 2], [11, 8, 8, 4, 4]),
    "B odd diff [8,5,5]/[16,10,10]": generator([8, 5, 5], [16, 10, 10], Shape(upsampler=transposed_ceil)),
    "C [5,5,4,3]/[10,10,8,6]": generator([5, 5, 4, 3], [10, 10, 8, 6], Shape(upsampler=transposed_pwg)),
    "C k!=2u [8,8]/[17,16]": stages(transposed_pwg(17, 8), transposed_pwg(16, 8), Conv(1)),
    "k==u [8,8,2,2]/[16,16,2,2]": generator([8, 8, 2, 2], [16, 16, 2, 2]),
    "ResBlock2 V3": hifigan(lists([8, 8, 4], [16, 16, 8], 2), hifigan_shape("2")),
    "istft without the reflection pad": istftnet(False),
    "istft with the reflection pad": istftnet(True),
    "pqmf 4 taps 62 [8,4,2] melgan stacks 4": [*melgan(Value([8, 4, 2]), MelGAN(stacks=4)), sub_bands(FOUR)],
    "pwg upsample net [4,4,4,4] acw 2": upsampling([4, 4, 4, 4], 2),
    "pwg upsample net [5,4,3,5] acw 0": upsampling([5, 4, 3, 5], 0),
    "melgan causal": melgan(Value([8, 8, 2, 2]), MelGAN(causal=True)),
    "bigvgan 6 stages aa": generator([4, 4, 2, 2, 2, 2], [8, 8, 4, 4, 4, 4], WIDE),
    "vocos same 8 layers": vocos(384),
    "vocos center 8 layers": vocos(None),
    "qwen3-omni code2wav rates [8,5,4,3] after x4": both_cut(),
}
FOURFOLD = {"qwen3-omni code2wav rates [8,5,4,3] after x4": 4}
"""Codes are upsampled fourfold before the stages."""


def coverage(name: str) -> Coverage:
    return Coverage([stage.layer for stage in CASES[name]])


@pytest.fixture(scope="session")
def measured(shared: Path) -> dict[str, dict[str, int]]:
    cases = yaml.safe_load((shared / "golden" / "vocoder_cases.yaml").read_text("utf-8"))["unit_cases"]
    return {case["name"]: case for case in cases}


def test_every_measured_stage_is_built_here(measured: dict[str, dict[str, int]]) -> None:
    assert {name for name, case in measured.items() if "error" not in case} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_lengths_are_those_measured(name: str, measured: dict[str, dict[str, int]]) -> None:
    frames = measured[name]["frames_in"] * FOURFOLD.get(name, 1)

    assert coverage(name).length(frames) == measured[name]["out_len"]


@pytest.mark.parametrize("name", CASES)
def test_fields_are_those_measured(name: str, measured: dict[str, dict[str, int]]) -> None:
    case, found = measured[name], coverage(name)
    fields = {
        "rf_frames_max": found.receptive_field,
        "rf_frames_min": found.receptive_field_min,
        "left": found.left,
        "right": found.right,
    }
    told = {key: value for key, value in case.items() if key in fields}

    assert told == {key: fields[key] for key in told}


def test_an_even_kernel_breaks_the_residual_sum() -> None:
    (stage,) = [s for s in hifigan(default_lists([8, 8], [16, 16], [4], [[1, 3, 5]])) if s.name == "resblocks.0"]

    assert stage.layer.length(256) < 256


# -- upsamplers, by the rules of the owners -------------------------------------------------------------------------


@given(st.integers(1, 12), st.integers(0, 30), st.integers(1, 40))
def test_odd_factors_in_applio_are_exact_for_twice_the_factor(factor: int, extra: int, frames: int) -> None:
    kernel = 2 * factor if factor % 2 else factor + 2 * extra

    assert transposed_by_parity(kernel, factor).length(frames) == frames * factor


@given(st.integers(1, 12), st.integers(0, 9), st.integers(10, 40))
def test_interpolation_needs_odd_kernels(factor: int, half: int, frames: int) -> None:
    assert nearest_then_conv(2 * half + 1, factor).length(frames) == frames * factor


def test_anti_aliased_activations_reach_five_either_side() -> None:
    up, down = Transposed(12, 2, 1, (15, 15)), Conv(12, 2, 1, (5, 6))
    exact = Coverage([Conv(1, 1, 1, (5, 5)), up, down])  # alias_free_torch: pad 5, double and crop 15, filter and halve

    assert (exact.left, exact.right, exact.length(40)) == (5, 5, 40)
    assert (Coverage([anti_aliased()]).left, anti_aliased().length(40)) == (5, 40)


def test_post_convolution_follows_its_activation() -> None:
    assert [stage.name for stage in post(WIDE)] == ["activation_post", "conv_post"]


# -- the harmonic source ----------------------------------------------------------------------------------------------


def test_an_odd_tail_loses_a_sample() -> None:
    assert (1, 8 * 8 * FRAMES, 8 * 8 * FRAMES - 1) in source_lengths([8, 8, 5])


@given(st.lists(st.integers(1, 5).map(lambda half: 2 * half), min_size=1, max_size=4))
def test_rounding_down_fits_even_tails(rates: list[int]) -> None:
    assert all(wanted == got for _, wanted, got in source_lengths(rates))


def test_outer_convolutions_may_be_causal() -> None:
    assert Coverage([hifigan(lists([2], [4]), Shape(outer=causal))[0].layer]).right == 0
