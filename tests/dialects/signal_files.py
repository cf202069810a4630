"""What rflint says about small configs of separation, genomics and other signals."""

from __future__ import annotations

from rflint.engine import check_text, explain_text
from rflint.model import Model, Stack

YAML, JSON = "config.yaml", "config.json"


def model_of(text: str, name: str = YAML) -> Model:
    (model,) = explain_text(text, name)
    return model


def stack_of(text: str, role: str | None = None, name: str = YAML) -> Stack:
    model = model_of(text, name)
    stack = model.stack(role)
    assert stack is not None, [note.reason for note in model.notes]
    return stack


def figures(text: str, role: str | None = None, name: str = YAML) -> tuple[int, int]:
    """Step and receptive field in input positions."""
    coverage = stack_of(text, role, name).coverage
    return int(coverage.step), coverage.receptive_field


def loud(text: str, name: str = YAML) -> list[tuple[str, str]]:
    """Code and severity of what is worse than information."""
    return [(f.code, f.severity) for f in check_text(text, name) if f.severity != "info"]


def infos(text: str, name: str = YAML) -> list[str]:
    return [f.message for f in check_text(text, name) if f.severity == "info"]


def messages(text: str, name: str = YAML) -> str:
    return "\n".join(f.message for f in check_text(text, name))
