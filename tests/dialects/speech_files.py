"""Small configs of recognisers and speaker models: what is derived from them, and what is reported."""

from __future__ import annotations

from rflint.engine import Asked, check_text, understand
from rflint.model import Model, Stack

NAME = "conf/train.yaml"


def beside(files: dict[str, str]) -> Asked:
    """``preprocess="..."`` stands for a file of that name beside the checked one."""
    named = {f"{name}.yaml": text.encode() for name, text in files.items()}
    return Asked(neighbour=lambda name: named.get(name.rpartition("/")[2]))


def models_of(text: str, **files: str) -> list[Model]:
    return [*understand(text, NAME, asked=beside(files)).models]


def dialect_of(text: str) -> str | None:
    return understand(text, NAME).dialect


def model_of(text: str, **files: str) -> Model:
    (model,) = models_of(text, **files)
    return model


def stack_of(text: str, role: str = "encoder", **files: str) -> Stack:
    stack = model_of(text, **files).stack(role)
    assert stack is not None
    return stack


def figures(text: str, role: str = "encoder", **files: str) -> tuple[int, int]:
    """Step and receptive field in samples."""
    coverage = stack_of(text, role, **files).coverage
    assert coverage.step.denominator == 1
    return int(coverage.step), coverage.receptive_field


def notes(text: str, **files: str) -> list[str]:
    return [note.reason for model in models_of(text, **files) for note in model.notes]


def loud(text: str, **files: str) -> list[str]:
    """Code and message of what is reported as a warning or an error."""
    found = check_text(text, NAME, asked=beside(files))
    return [f"{finding.code} {finding.message}" for finding in found if finding.severity in ("warning", "error")]


def told(text: str, code: str, fragment: str, **files: str) -> bool:
    """True when something is reported with the code and the words, whatever its severity."""
    found = check_text(text, NAME, asked=beside(files))
    return any(finding.code == code and fragment in finding.message for finding in found)
