"""A key that stands twice: a warning where time is made of it, else info."""

from __future__ import annotations

import pytest

from rflint.engine import check_text

HIFIGAN = """\
resblock: "1"
sampling_rate: 22050
hop_size: 256
upsample_rates: [8, 8, 2, 2]
upsample_kernel_sizes: [16, 16, 4, 4]
upsample_initial_channel: 512
resblock_kernel_sizes: [3]
resblock_dilation_sizes: [[1, 3, 5]]
"""


@pytest.mark.parametrize(
    ("before", "after", "severity"),
    [
        ("hop_size: 300", "", "warning"),
        ("upsample_rates: [8, 8, 4]", "", "warning"),
        ("hop_size: 256", "", "info"),
        ("resblock: '2'", "", "info"),
        ("learning_rate: 0.1", "learning_rate: 0.2", "info"),
        ("train: {hop_size: 1}", "train: {hop_size: 2}", "info"),
    ],
)
def test_severity(before: str, after: str, severity: str) -> None:
    found = check_text(f"{before}\n{HIFIGAN}{after}\n", "config.yaml")

    assert [(finding.code, finding.severity) for finding in found if finding.severity == severity] == [
        ("RF003", severity)
    ]
