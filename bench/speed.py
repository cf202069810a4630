"""Speed, as ratios against named peers measured side by side in one run (never a timed test).

Prints CPU time (user + system) and wall time, medians of several runs that take turns, of rflint and of yamllint with
its default rules on one small config, on many configs of the size and kind that projects publish (about 3 kB, recipes
with their training sections), and on YAML that is no model config; and of `rflint --version` against a bare Python.

    python bench/speed.py [--runs 15] [--configs 1000]
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

SMALL = """\
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
TRAINING = """
###########################################################
#                   TRAINING, RUN {number}                #
###########################################################
optimizer:
    name: adam               # which optimiser
    lr: 0.0002               # learning rate at the start
    betas: [0.5, 0.9]        # decay of the moments
    weight_decay: 0.0
    eps: 1.0e-6
scheduler:
    name: multi_step
    gamma: 0.5               # factor at each milestone
    milestones:
        - 200000
        - 400000
        - 600000
        - 800000
gradient_norm: 10            # clipped above this norm; -1 for never
train_max_steps: 2500000     # steps in all
save_interval_steps: 50000
eval_interval_steps: 1000
log_interval_steps: 100
num_save_intermediate_results: 4
loaders:
    num_workers: 2           # processes that read
    pin_memory: true
    allow_cache: true        # keep what was read
    remove_short_samples: false
losses:
    lambda_aux: 45.0         # weight of the spectral loss
    lambda_adv: 1.0
    lambda_feat_match: 2.0
    feat_match:
        average_by_discriminators: false
        average_by_layers: false
        include_final_outputs: false
discriminator_params:
    follow_official_norm: true
    periods: [2, 3, 5, 7, 11]
    period_discriminator_params:
        kernel_sizes: [5, 3]
        channels: 32
        max_downsample_channels: 1024
        use_weight_norm: true
    scales: 3
    scale_downsample_pooling: AvgPool1d
    scale_discriminator_params:
        max_groups: 16
        bias: true
"""
RECOGNISER = """\
# a recogniser over filter banks, number {number}
encoder: conformer
encoder_conf:
    output_size: 256         # dimension of attention
    attention_heads: 4
    linear_units: 2048       # units of the feed-forward layers
    num_blocks: 12           # encoder blocks
    dropout_rate: 0.1
    input_layer: conv2d      # four times fewer frames
    normalize_before: true
    cnn_module_kernel: 15
    use_cnn_module: true
    pos_enc_layer_type: rel_pos
    selfattention_layer_type: rel_selfattn
decoder: transformer
decoder_conf:
    attention_heads: 4
    linear_units: 2048
    num_blocks: 6
dataset_conf:
    resample_conf:
        resample_rate: 16000
    fbank_conf:
        num_mel_bins: 80
        frame_shift: 10      # ms
        frame_length: 25     # ms
        dither: 0.1
    filter_conf:
        max_length: 40960
        min_length: 0
        token_max_length: 200
        token_min_length: 1
    spec_aug: true
    speed_perturb: true
"""
ENCODER = """\
# pre-training of an encoder over the waveform, number {number}
task:
    _name: hubert_pretraining
    sample_rate: 16000
    label_rate: 50
    max_sample_size: 250000
    min_sample_size: 32000
    normalize: false
model:
    _name: hubert
    label_rate: ${{task.label_rate}}
    conv_feature_layers: "[(512,10,5)] + [(512,3,2)] * 4 + [(512,2,2)] * 2"
    skip_masked: false
    skip_nomask: false
    mask_prob: 0.80
    extractor_mode: default
    conv_pos: 128
    encoder_layers: 12
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
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
"""Both tools run from their compiled modules, as they do where they are installed."""


class Cost(NamedTuple):
    """Seconds: of processors (user + system), and until the command has ended."""

    cpu: float
    wall: float


def cost(command: list[str]) -> Cost:
    """One run of a command."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, wall)


def costs(one: list[str], other: list[str], runs: int) -> tuple[Cost, Cost]:
    """The medians of two commands that take turns, after one run of each that warms up."""
    pairs = [(cost(one), cost(other)) for _ in range(runs + 1)][1:]
    first, second = (Cost(*map(statistics.median, zip(*each, strict=True))) for each in zip(*pairs, strict=True))
    return first, second


def write_files(folder: Path, texts: list[str], count: int) -> None:
    folder.mkdir()
    for number in range(count):
        (folder / f"config{number:04d}.yaml").write_text(texts[number % len(texts)].format(number=number), "utf-8")


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--configs", type=int, default=1000)
    options = parser.parse_args()
    rflint = [sys.executable, "-m", "rflint"]
    yamllint = [sys.executable, "-m", "yamllint"]
    with tempfile.TemporaryDirectory() as place:
        one, many, other = Path(place, "one"), Path(place, "many"), Path(place, "other")
        write_files(one, [SMALL], 1)
        write_files(many, [SMALL + TRAINING, RECOGNISER + TRAINING, ENCODER + TRAINING], options.configs)
        write_files(other, [UNRELATED], options.configs)
        rows = [
            ("--version", [*rflint, "--version"], [sys.executable, "-c", "pass"], "bare python", options.runs),
            ("one small config", [*rflint, "check", str(one)], [*yamllint, str(one)], "yamllint", options.runs),
            (f"{options.configs} configs", [*rflint, "check", str(many)], [*yamllint, str(many)], "yamllint", 1),
            (f"{options.configs} unrelated", [*rflint, "check", str(other)], [*yamllint, str(other)], "yamllint", 3),
        ]
        print(
            f"{'input':<18} {'rflint: cpu':>12} {'wall':>8} {'peer: cpu':>12} {'wall':>8} {'ratio: cpu':>12} {'wall':>6}  peer"
        )
        for name, ours, theirs, peer, runs in rows:
            mine, its = costs(ours, theirs, runs)
            times = f"{mine.cpu * 1e3:10.0f}ms {mine.wall * 1e3:6.0f}ms {its.cpu * 1e3:10.0f}ms {its.wall * 1e3:6.0f}ms"
            print(f"{name:<18} {times} {mine.cpu / its.cpu:12.3f} {mine.wall / its.wall:6.3f}  {peer}")


if __name__ == "__main__":
    main()
