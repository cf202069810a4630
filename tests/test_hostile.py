"""Hostile files: each a located finding or a clear message, in bounded time and memory, never a traceback."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
)
HOSTILE: dict[str, bytes] = {
    "brackets.yaml": b"[" * 400_000,
    "brackets.json": b"[" * 400_000,
    "dashes.yaml": b"- " * 100_000,
    "bomb.yaml": BOMB.encode(),
    "recursive.yaml": b"a: &a {b: *a}\n",
    "nul.yaml": b"hop_size: 25\0006\n",
    "latin1.yaml": "name: caf\u00e9\n".encode("latin-1"),
    "digits.yaml": b"hop_size: " + b"9" * 5000 + b"\n",
    "digits.json": b'{"hop_size": ' + b"9" * 5000 + b"}",
    "expression.yaml": b'model: {_name: wav2vec2, conv_feature_layers: "[(1,1,1)] * 10**9"}\ntask: {_name: audio_pretraining}\n',
    "empty.yaml": b"",
    "empty.json": b"",
    "surrogate.json": b'{"a": "\\ud800"}',
    "tab.yaml": b"a:\n\t- b\n",
}  # fmt: skip
SILENT = {"empty.yaml", "surrogate.json"}
"""Odd, but nothing a reader could not use: no finding is owed."""


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(HOSTILE[name])
    command = [sys.executable, "-m", "rflint", "check", "--format", "concise", name]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        preexec_fn=limited,
        check=False,
    )

    assert "Traceback" not in done.stdout + done.stderr
    assert "RF000" not in done.stdout
    assert done.returncode == (0 if name in SILENT else 1), done.stdout + done.stderr
    assert name in SILENT or f"{name}:1:" in done.stdout or f"{name}:2:" in done.stdout or "RF001" in done.stdout


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from /proc")
def test_memory_stays_under_200_mb(tmp_path: Path) -> None:
    for name, content in HOSTILE.items():
        (tmp_path / name).write_bytes(content)
    code = (  # the peak of this process: getrusage would give that of the process it was forked from
        "import sys; from rflint.cli import main\n"
        "main(['check', '--format', 'concise', *sys.argv[1:]])\n"
        "print(*[line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')], file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, *HOSTILE]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=True
    )

    assert int(done.stderr.split()[-1]) < 200_000  # kilobytes
