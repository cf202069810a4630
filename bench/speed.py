"""Speed, as ratios against named peers measured side by side in one run (never a timed test).

Prints CPU time (user + system, median of several runs) of rflint and of yamllint on one small config, on many configs of
the same kind, and on YAML that is no model config; and of `rflint --version` against a bare Python.

    python bench/speed.py [--runs 7] [--configs 1000]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

CONFIG = """\
# a vocoder of the ParallelWaveGAN kind, number {number}
sampling_rate: 24000     # Hz
fft_size: 2048           # samples
hop_size: 300            # 12.5 ms
win_length: 1200         # 50 ms
window: "hann"
num_mels: 80
generator_type: HiFiGANGenerator
generator_params:
    in_channels: 80
    out_channels: 1
    channels: 512
    kernel_size: 7
    upsample_scales: [5, 5, 4, 3]
    upsample_kernel_sizes: [10, 10, 8, 6]
    resblock_kernel_sizes: [3, 7, 11]
    resblock_dilations:
        - [1, 3, 5]
        - [1, 3, 5]
        - [1, 3, 5]
    use_additional_convs: true
    bias: true
batch_size: 16
batch_max_steps: 8400
"""
UNRELATED = """\
name: build {number}
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make test
"""


def cpu_seconds(command: list[str], runs: int) -> float:
    """The median user + system time of a command over several runs."""
    times = []
    for _ in range(runs):
        before = os.times()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        after = os.times()
        times.append(after.children_user - before.children_user + after.children_system - before.children_system)
    return statistics.median(times)


def write_files(folder: Path, text: str, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        (folder / f"config{number:04d}.yaml").write_text(text.format(number=number), "utf-8")


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--configs", type=int, default=1000)
    options = parser.parse_args()
    rflint = [sys.executable, "-m", "rflint"]
    yamllint = [sys.executable, "-m", "yamllint", "-d", "relaxed"]
    with tempfile.TemporaryDirectory() as place:
        one, many, other = Path(place, "one"), Path(place, "many"), Path(place, "other")
        write_files(one, CONFIG, 1)
        write_files(many, CONFIG, options.configs)
        write_files(other, UNRELATED, options.configs)
        rows = [
            ("--version", [*rflint, "--version"], [sys.executable, "-c", "pass"], "bare python", options.runs),
            ("one config", [*rflint, "check", str(one)], [*yamllint, str(one)], "yamllint", options.runs),
            (f"{options.configs} configs", [*rflint, "check", str(many)], [*yamllint, str(many)], "yamllint", 3),
            (f"{options.configs} unrelated", [*rflint, "check", str(other)], [*yamllint, str(other)], "yamllint", 3),
        ]
        print(f"{'input':<18} {'rflint':>9} {'peer':>9} {'ratio':>7}  peer")
        for name, ours, theirs, peer, runs in rows:
            mine, other_time = cpu_seconds(ours, runs), cpu_seconds(theirs, runs)
            print(f"{name:<18} {mine * 1e3:7.0f}ms {other_time * 1e3:7.0f}ms {mine / other_time:7.3f}  {peer}")


if __name__ == "__main__":
    main()
