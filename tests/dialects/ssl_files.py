"""Small configs of self-supervised encoders in memory: what is derived from them, and what is reported."""

from __future__ import annotations

import json
from collections.abc import Mapping

from rflint.engine import Asked, check_text, understand
from rflint.findings import Finding
from rflint.model import Model, Stack

Config = Mapping[str, object]


def written(config: Config | str) -> str:
    return config if isinstance(config, str) else json.dumps(config)


def beside(files: Mapping[str, Config]) -> Asked:
    """The files that stand beside the checked one."""
    return Asked(neighbour=lambda name: written(files[name]).encode() if name in files else None)


def models_of(config: Config | str, name: str, **files: Config) -> list[Model]:
    return [*understand(written(config), name, asked=beside(named(files))).models]


def model_of(config: Config | str, name: str, **files: Config) -> Model:
    (model,) = models_of(config, name, **files)
    return model


def named(files: Mapping[str, Config]) -> dict[str, Config]:
    """``preprocessor_config={...}`` stands for a file of that name."""
    return {f"{key}.json": config for key, config in files.items()}


def figures(stack: Stack | None) -> tuple[int, int]:
    """Step and receptive field."""
    assert stack is not None
    assert stack.coverage.step.denominator == 1
    return int(stack.coverage.step), stack.coverage.receptive_field


def upsampling(stack: Stack | None) -> tuple[int, int]:
    """Samples a frame, and the receptive field in frames."""
    assert stack is not None
    return int(stack.coverage.upsampling), stack.coverage.receptive_field


def found(config: Config | str, name: str, **files: Config) -> list[Finding]:
    return check_text(written(config), name, asked=beside(named(files)))


def loud(config: Config | str, name: str, **files: Config) -> list[tuple[str, str]]:
    """Code and message of what is reported as a warning or an error."""
    return [(f.code, f.message) for f in found(config, name, **files) if f.severity in ("warning", "error")]


def reported(config: Config | str, name: str, code: str, fragment: str, **files: Config) -> bool:
    """True when a finding has the code and the words, whatever its severity."""
    return any(f.code == code and fragment in f.message for f in found(config, name, **files))
