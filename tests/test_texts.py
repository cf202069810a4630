"""What the README shows is what the command prints, and the dialect that CONTRIBUTING.md shows works as it stands there.

After a change on purpose, ``python tests/test_texts.py`` writes the README's outputs anew.
"""

from __future__ import annotations

import re
import subprocess
import sys
import types
from pathlib import Path

import pytest

from rflint.documents import Cursor, read
from rflint.model import Model

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
CONSOLE = re.compile(r"```console\n\$ rflint ([^\n]*)\n(.*?)```\n", re.DOTALL)


def output(arguments: str) -> str:
    command = [sys.executable, "-m", "rflint", *arguments.split()]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(("arguments", "shown"), CONSOLE.findall(README.read_text("utf-8")), ids=lambda text: text[:30])
def test_the_readme_shows_what_is_printed(arguments: str, shown: str) -> None:
    assert output(arguments) == shown


def toynet() -> types.ModuleType:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    (source,) = re.findall(r"```python\n(\"\"\"Toynet.*?)```", text, re.DOTALL)
    module = types.ModuleType("toynet")
    exec(compile(source, "CONTRIBUTING.md", "exec"), module.__dict__)
    return module


def toy(text: str) -> Cursor:
    return Cursor(read(text, "toy.yaml").documents[0])


def test_the_dialect_of_the_contributor_guide_derives_its_stack() -> None:
    dialect = toynet()
    root = toy("net: {kernels: [10, 8, 4, 4, 4], strides: [5, 4, 2, 2, 2], rate: 16000, hop: 160}\n")
    (model,) = dialect.read(root)

    assert dialect.recognise(root)
    assert (model.stacks[0].coverage.receptive_field, model.stacks[0].coverage.step) == (465, 160)
    assert [claim.target.quantity for claim in model.claims] == ["frame_step"]


def test_the_dialect_of_the_contributor_guide_is_silent_on_others() -> None:
    dialect = toynet()
    (model,) = dialect.read(toy("net: {kernels: '???', strides: [1]}\n"))

    assert not dialect.recognise(toy("jobs: {build: {}}\n"))
    assert isinstance(model, Model)
    assert model.stacks == []
    assert [note.subject for note in model.notes] == ["encoder", "hop"]


if __name__ == "__main__":
    text = README.read_text("utf-8")
    README.write_text(CONSOLE.sub(lambda m: f"```console\n$ rflint {m[1]}\n{output(m[1])}```\n", text), "utf-8")
