"""The hook works through pre-commit itself, on a repository made here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOUND = 'x-rflint: {input: {rate: 16000}, stack: "k10s5 k8s4 [k4s2]x3", targets: {step: 10ms}}\n'
BROKEN = SOUND.replace("[k4s2]x3", "[k4s2]x2 k4s1")
UNRELATED = "name: build\non: [push]\n"


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def hook_source(place: Path) -> Path:
    """The hook's own repository: this tree as it is, committed."""
    source = place / "hook"
    source.mkdir()
    for name in ("rflint", "schemas", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        subprocess.run(["cp", "-r", str(ROOT / name), str(source)], check=True)
    git(source, "init", "-q")
    git(source, "add", ".")
    git(source, "commit", "-qm", "hook")
    return source


def try_hook(source: Path, place: Path, config: str) -> subprocess.CompletedProcess[str]:
    repository = place / "repository"
    repository.mkdir(exist_ok=True)
    (repository / "config.yaml").write_text(config, "utf-8")
    (repository / "ci.yaml").write_text(UNRELATED, "utf-8")
    git(repository, "init", "-q")
    git(repository, "add", ".")
    environment = {**os.environ, "PRE_COMMIT_HOME": str(place / "cache")}
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", str(source), "rflint", "--all-files"],
        cwd=repository, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_hook_passes_a_sound_config_and_stops_a_broken_one(tmp_path: Path) -> None:
    source = hook_source(tmp_path)
    sound = try_hook(source, tmp_path, SOUND)
    broken = try_hook(source, tmp_path, BROKEN)

    assert (sound.returncode, "Passed" in sound.stdout) == (0, True), sound.stdout + sound.stderr
    assert broken.returncode == 1, broken.stdout + broken.stderr
    assert "RF101" in broken.stdout
