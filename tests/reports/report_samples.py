"""Findings and runs that the tests of all formats share."""

from __future__ import annotations

from rflint.documents.values import Span
from rflint.findings import Edit, Finding, Fix, Related
from rflint.reports import Run

VOCODER = [
    "{",
    '    "upsample_rates": [8,5,3,2],',
    '    "upsample_kernel_sizes": [16,10,6,4],',
    '    "resblock": "1",',
    '    "segment_size": 8192,',
    '    "n_fft": 1024,',
    '    "hop_size": 256',
    "}",
]

PRODUCT = Finding(
    "configs/v1.json",
    Span(2, 23, 2, 32),
    "RF301",
    "upsampling-product",
    "error",
    "`upsample_rates` multiplies to 240, but `hop_size: 256` needs 256",
    label="product = 8·5·3·2 = 240",
    declared="256",
    computed="240",
    derivation="8·5·3·2 = 240",
    pointer="/upsample_rates",
    related=(Related("configs/v1.json", Span(7, 17, 7, 20), "needs 256"),),
    help=("choose factors whose product is 256, or set the hop to 240",),
    notes=("240 samples are made for every 256: 1.07 times too fast",),
    fixes=(Fix("set `hop_size` to 240", (Edit(171, 174, "240"),)),),
)

ELSEWHERE = Finding(
    "recipe/train.yaml",
    Span(2, 6, 2, 11),
    "RF701",
    "sample-rates-disagree",
    "warning",
    "`sr: 22050` differs from the 24000 of `data.yaml`",
    label="22.05 kHz here",
    related=(
        Related("recipe/data.yaml", Span(1, 14, 1, 19), "24 kHz there"),
        Related("recipe/gone.yaml", Span(12, 3, 12, 8), "24 kHz, too"),
    ),
)

UNREADABLE = Finding(
    "broken.yaml",
    Span(1, 1, 1, 1),
    "RF001",
    "unreadable-file",
    "error",
    "The file is not UTF-8 (byte 0xff at offset 0)",
)

TEXTS = {
    "configs/v1.json": VOCODER,
    "recipe/train.yaml": ["net:", "  sr: 22050"],
    "recipe/data.yaml": ["sample_rate: 24000"],
}

ALL = [UNREADABLE, PRODUCT, ELSEWHERE]


def run(texts: dict[str, list[str]] | None = None, **changes: object) -> Run:
    """A run over 41 files, 3 of them configs."""
    return Run(TEXTS if texts is None else texts, 41, 3, 0, version="0.1.0")._replace(**changes)


def at(line: int, start: int, end_line: int, end: int, **changes: object) -> Finding:
    """A plain finding in ``a.yaml``."""
    finding = Finding(
        "a.yaml", Span(line, start, end_line, end), "RF101", "step-missed", "error", "Frame step is 20 ms"
    )
    return finding._replace(**changes)
