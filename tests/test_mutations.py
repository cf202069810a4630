"""One broken number is reported: random sound configs of each family, a mutation that cannot be right, and its mend.

A family gives sound configs and the mutations that its framework cannot survive. At least 98 of 100 must be reported,
and applying the proposed fixes must make the file sound again.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from math import prod
from typing import NamedTuple

import pytest

from rflint.engine import check_text
from rflint.findings import Finding
from rflint.fixing import apply_fixes

EXAMPLES = 60
Config = dict[str, object]


class Family(NamedTuple):
    """Makes a sound config, and breaks one value of it by name."""

    name: str
    sound: Callable[[random.Random], Config]
    mutations: dict[str, Callable[[Config, random.Random], None]]


def loud(config: Config) -> list[Finding]:
    found = check_text(json.dumps(config, indent=1), "config.json")
    assert not [finding for finding in found if finding.code == "RF000"], found
    return [finding for finding in found if finding.severity != "info"]


def rates(random: random.Random) -> list[int]:
    return random.choice(
        [[8, 8, 2, 2], [5, 5, 4, 3], [8, 8, 4], [10, 6, 5, 2], [4, 4, 4, 4], [5, 4, 4, 2, 2], [8, 5, 5], [6, 5, 5, 2]]
    )


def other(values: list[int], random: random.Random, change: int = 1) -> list[int]:
    """The list with one entry changed."""
    index = random.randrange(len(values))
    return [v + change if i == index else v for i, v in enumerate(values)]


# -- HiFi-GAN -----------------------------------------------------------------------------------------------------


def hifigan(random: random.Random) -> Config:
    factors = rates(random)
    hop = prod(factors)
    fft = 1 << (4 * hop - 1).bit_length()
    kernels, dilations = random.choice([([3, 7, 11], [1, 3, 5]), ([3], [1, 3, 5]), ([3, 5, 7], [1, 2, 4])])
    return {
        "resblock": "1", "upsample_rates": factors, "upsample_kernel_sizes": [(3 if u % 2 else 2) * u for u in factors],
        "upsample_initial_channel": 512, "resblock_kernel_sizes": kernels, "resblock_dilation_sizes": [dilations] * len(kernels),
        "segment_size": hop * random.choice([16, 27, 32]), "num_mels": 80, "n_fft": fft if (fft - hop) % 2 == 0 else fft + hop,
        "hop_size": hop, "win_size": 4 * hop, "sampling_rate": random.choice([16000, 22050, 24000, 44100]),
    }  # fmt: skip


def _set(key: str, change: Callable[[Config, random.Random], object]) -> Callable[[Config, random.Random], None]:
    def mutate(config: Config, random: random.Random) -> None:
        config[key] = change(config, random)

    return mutate


HIFIGAN = Family(
    "HiFi-GAN",
    hifigan,
    {
        "hop": _set("hop_size", lambda c, r: c["hop_size"] + r.choice([-20, 20, 50])),  # type: ignore[operator]
        "factor": _set("upsample_rates", lambda c, r: other(c["upsample_rates"], r)),  # type: ignore[arg-type]
        "segment": _set("segment_size", lambda c, r: c["segment_size"] + r.randint(1, 99)),  # type: ignore[operator]
        "kernel parity": _set("upsample_kernel_sizes", lambda c, r: other(c["upsample_kernel_sizes"], r)),  # type: ignore[arg-type]
        "a kernel too few": _set("upsample_kernel_sizes", lambda c, r: c["upsample_kernel_sizes"][:-1]),  # type: ignore[index]
        "window": _set("win_size", lambda c, r: c["n_fft"] + 2),  # type: ignore[operator]
    },
)


# -- ParallelWaveGAN ----------------------------------------------------------------------------------------------


def pwg(random: random.Random) -> Config:
    factors = rates(random)
    hop = prod(factors)
    return {
        "sampling_rate": 24000, "fft_size": 1 << (4 * hop - 1).bit_length(), "hop_size": hop, "win_length": 4 * hop,
        "num_mels": 80, "generator_type": "HiFiGANGenerator", "batch_max_steps": hop * 30,
        "generator_params": {
            "in_channels": 80, "out_channels": 1, "channels": 512, "kernel_size": 7, "upsample_scales": factors,
            "upsample_kernel_sizes": [2 * u for u in factors], "resblock_kernel_sizes": [3, 7, 11],
            "resblock_dilations": [[1, 3, 5]] * 3, "use_additional_convs": True,
        },
    }  # fmt: skip


def _generator(
    key: str, change: Callable[[list[int], random.Random], list[int]]
) -> Callable[[Config, random.Random], None]:
    def mutate(config: Config, random: random.Random) -> None:
        params = config["generator_params"]
        params[key] = change(params[key], random)  # type: ignore[index]

    return mutate


PWG = Family(
    "ParallelWaveGAN",
    pwg,
    {
        "hop": _set("hop_size", lambda c, r: c["hop_size"] + r.choice([-20, 20, 50])),  # type: ignore[operator]
        "factor": _generator("upsample_scales", other),
        "window": _set("win_length", lambda c, r: c["fft_size"] + 1),  # type: ignore[operator]
        "a kernel too few": _generator("upsample_kernel_sizes", lambda values, r: values[:-1]),
        "kernel": _generator("upsample_kernel_sizes", other),
    },
)


# -- HuBERT (fairseq) ---------------------------------------------------------------------------------------------


def hubert(random: random.Random) -> Config:
    strides = random.choice([[5, 2, 2, 2, 2, 2, 2], [5, 4, 2, 2, 2, 2], [5, 4, 4, 4], [10, 4, 4, 2]])
    layers = [(512, 2 * s if i == 0 else s + 1, s) for i, s in enumerate(strides)]
    return {
        "task": {"_name": "hubert_pretraining", "sample_rate": 16000, "label_rate": 100},
        "model": {"_name": "hubert", "conv_feature_layers": str(layers)},
    }


def _task(key: str, values: list[int]) -> Callable[[Config, random.Random], None]:
    def mutate(config: Config, random: random.Random) -> None:
        task = config["task"]
        task[key] = random.choice(values)  # type: ignore[index]

    return mutate


def _step(layers: list[list[int]]) -> int:
    return prod(stride for _, _, stride in layers)


def _stride(config: Config, random: random.Random) -> None:
    model = config["model"]
    layers = json.loads(model["conv_feature_layers"].replace("(", "[").replace(")", "]"))  # type: ignore[index]
    rate = config["task"]["label_rate"]  # type: ignore[index]
    index = random.choice(
        [i for i, layer in enumerate(layers) if rate * _step(layers) * (layer[2] + 1) % (16000 * layer[2])]
    )
    layers[index][2] += 1  # a whole multiple of the frame rate is a label rate all the same
    model["conv_feature_layers"] = str([tuple(layer) for layer in layers])  # type: ignore[index]


HUBERT = Family("HuBERT", hubert, {"label rate": _task("label_rate", [40, 75, 49]), "stride": _stride})


# -- the native form ----------------------------------------------------------------------------------------------


def native(random: random.Random) -> Config:
    strides = [random.choice([2, 4, 5]) for _ in range(random.randint(2, 4))]
    step = prod(strides)
    return {
        "net": {"kernels": [2 * s for s in strides], "strides": strides},
        "rflint": {
            "input": {"rate": 16000},
            "stack": {"kernels": "@/net/kernels", "strides": "@/net/strides"},
            "targets": {
                "step": step,
                "rate": f"{16000 * 1000 // step / 1000}Hz" if 16000 % step == 0 else step and f"{16000 / step}Hz",
            },
        },
    }


def _net(key: str, change: Callable[[list[int], random.Random], list[int]]) -> Callable[[Config, random.Random], None]:
    def mutate(config: Config, random: random.Random) -> None:
        net = config["net"]
        net[key] = change(net[key], random)  # type: ignore[index]

    return mutate


NATIVE = Family(
    "native", native, {"stride": _net("strides", other), "a kernel too few": _net("kernels", lambda v, r: v[:-1])}
)

FAMILIES = [HIFIGAN, PWG, HUBERT, NATIVE]
CASES = [(family, name) for family in FAMILIES for name in family.mutations]


def configs(family: Family) -> Iterator[Config]:
    for seed in range(EXAMPLES):
        yield family.sound(random.Random(seed))


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_sound_configs_are_silent(family: Family) -> None:
    for config in configs(family):
        assert loud(config) == [], config


@pytest.mark.parametrize(("family", "name"), CASES, ids=lambda value: getattr(value, "name", value))
def test_a_broken_value_is_reported(family: Family, name: str) -> None:
    missed = []
    for seed, config in enumerate(configs(family)):
        family.mutations[name](config, random.Random(1000 + seed))
        if not loud(config):
            missed.append(config)

    assert len(missed) <= EXAMPLES * 0.02, missed[0]


FIXABLE = [(f, n) for f, n in CASES if n != "a kernel too few" and (f, n) != (HUBERT, "stride")]


@pytest.mark.parametrize(("family", "name"), FIXABLE, ids=lambda value: getattr(value, "name", value))
def test_the_first_fix_makes_the_file_sound_again(family: Family, name: str) -> None:
    for seed, config in enumerate(configs(family)):
        family.mutations[name](config, random.Random(1000 + seed))
        text = json.dumps(config, indent=None)
        found = check_text(text, "config.json")
        fixed = apply_fixes(text, found, "config.json", lambda t: check_text(t, "config.json"), unsafe=True)
        after = [f for f in check_text(fixed.text, "config.json") if f.severity != "info"]
        assert not after, (fixed.text, [f.message for f in after])
