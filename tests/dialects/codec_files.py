"""What rflint says of a small codec config: the figures of both sides, findings, notes; files beside it by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rflint.coverage import Coverage
from rflint.documents import Value
from rflint.engine import Asked, check_text, understand
from rflint.model import Model, Stack, Stage

JSON, YAML = "config.json", "config.yaml"
Files = Mapping[str, str]


def beside(files: Files) -> Asked:
    """The checked file's neighbours, by their paths from its folder."""
    return Asked((), lambda name: files[name].encode() if name in files else None, True)


def models(text: str, name: str = JSON, files: Files | None = None) -> list[Model]:
    return list(understand(text, name, asked=beside(files or {})).models)


def model(text: str, name: str = JSON, files: Files | None = None) -> Model:
    (only,) = models(text, name, files)
    return only


def dialect(text: str, name: str = JSON, files: Files | None = None) -> str | None:
    return understand(text, name, asked=beside(files or {})).dialect


def encoder(text: str, name: str = JSON, files: Files | None = None) -> tuple[int, int, int, int]:
    """Samples a frame, field, what lies before a frame's first sample, look-ahead behind its own samples."""
    stack = model(text, name, files).stack("encoder")
    assert stack is not None
    return encoded(stack.coverage)


def decoder(text: str, name: str = JSON, files: Files | None = None) -> tuple[int, int, int, int]:
    """Samples a frame, field, frames behind and ahead."""
    stack = model(text, name, files).stack("decoder")
    assert stack is not None
    return decoded(stack.coverage)


def encoded(coverage: Coverage) -> tuple[int, int, int, int]:
    step = int(coverage.step)
    return step, coverage.receptive_field, coverage.left, coverage.right - (step - 1)


def decoded(coverage: Coverage) -> tuple[int, int, int, int]:
    return int(coverage.upsampling), coverage.receptive_field, coverage.left, coverage.right


def of(stages: Iterable[Stage]) -> Coverage:
    return Stack("encoder", "", list(stages)).coverage


def ints(*numbers: int) -> Value[list[int]]:
    return Value([*numbers], None, "derived")


def loud(text: str, name: str = JSON, files: Files | None = None) -> list[tuple[str, str]]:
    """Code and message of what is worse than info."""
    found = check_text(text, name, asked=beside(files or {}))
    return [(f.code, f.message) for f in found if f.severity != "info"]


def codes(text: str, name: str = JSON, files: Files | None = None) -> list[str]:
    return [code for code, _ in loud(text, name, files)]


def infos(text: str, name: str = JSON, files: Files | None = None) -> list[tuple[str, str]]:
    found = check_text(text, name, asked=beside(files or {}))
    return [(f.code, f.message) for f in found if f.severity == "info"]


def told(text: str, code: str, words: str, name: str = JSON, files: Files | None = None) -> bool:
    """True when a finding worse than info has the code and the words in its message."""
    return any(each == code and words in message for each, message in loud(text, name, files))
