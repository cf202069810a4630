"""RF110 on small models: which comments it speaks up about, what it says, and what its fix makes of the file."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from rflint.coverage import Conv
from rflint.documents import Cursor, read
from rflint.engine import check_text
from rflint.findings import Finding, build
from rflint.model import Duration, Factor, Model, Stack, Stage
from rflint.rules import comment_contradicts
from rflint.rules.comment_contradicts import CODE, NAME, SEVERITY

SAMPLES = {"hop": "step", "win": "window", "n_fft": "window", "crop": "length"}


def toy(text: str, name: str) -> Model:
    """A model of keys that count samples at `sr` (hop, win, n_fft, crop), frames at 100 Hz, and times."""
    root = Cursor(read(text, name).documents[0])
    model = Model("toy")
    rate = Fraction(root["sr"].int().value) if root["sr"].exists else None
    for section in _sections(root):
        for key, quantity in SAMPLES.items():
            if section[key].given:
                model.durations.append(Duration(section[key].int(), "samples", rate, quantity))  # type: ignore[arg-type]
        if section["chunk"].given:
            model.durations.append(Duration(section["chunk"].int(), "frames", Fraction(100)))
        if section["shift_ms"].given:
            model.durations.append(Duration(section["shift_ms"].number(), "ms", Fraction(1000), "step"))
        if section["strides"].given:
            model.stacks.append(_encoder(section["strides"], rate))
    return model


def _sections(cursor: Cursor) -> Iterator[Cursor]:
    if cursor.is_mapping():
        yield cursor
        for below in cursor:
            yield from _sections(below)


def _encoder(strides: Cursor, rate: Fraction | None) -> Stack:
    steps = strides.ints()
    stages = [Stage(f"conv.{i}", Conv(2 * stride, stride), strides[i].where) for i, stride in enumerate(steps.value)]
    factors = [Factor("strides", tuple(steps.value), steps.where)]
    return Stack("encoder", "net", stages, input_rate=rate, factors=factors)


def findings(text: str, name: str = "config.yaml") -> list[Finding]:
    return [build(problem, CODE, NAME, SEVERITY) for problem in comment_contradicts.check(toy(text, name))]


def mended(text: str, name: str = "config.yaml") -> str:
    """The text with all fixes applied."""
    for edit in sorted((e for f in findings(text, name) for fix in f.fixes for e in fix.edits), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


@pytest.mark.parametrize(
    "text",
    [
        "hop: 256  # 11.6 ms",
        "hop: 256  # 10 ms for 25 Hz and 16 kHz",
        "win: 400\nn_fft: 512  # 23.2 ms",
        "win: 512\nn_fft: 2048  # the window, 23.2 ms",
        "hop: 256  # 46.4 ms\nwin: 1024",
        "hop: 256  # 75% overlap\nn_fft: 4096\nwin: 1024",
        "a: {hop: 256, win: 1024}  # 12.5 ms",  # of the hop or of the window?
        "# hop 11.6 ms, window 46.4 ms\na: {hop: 256, win: 1024}",
        "# windows of 46.4 ms\na: {n_fft: 2048, win: 1024}",
        "# windows of 50 ms\na: {n_fft: 2048, win: 1024}",  # of which?
        "crop: 8192  # 0.37 s\nhop: 256",
        "hop: 256\n# 50 ms\nwin: 1024",  # ends what stands before it, or begins what follows?
        "# 5 s of audio\nhop: 256",
        "# window of 25 ms\nhop: 256",
        '# rflint: target "hop 12.5 ms"\nhop: 256',
        'name: "# 12.5 ms"\nhop: 256',
        "hop: 256\nother: 3  # 12.5 ms",
        "chunk: 16  # frames of 10 ms",
        "shift_ms: 10  # 10 ms",
        "strides: [5, 4, 2]  # 551.25 Hz",
        "sub: {sr: 1}\nhop:\n  256  # 11.6 ms",
    ],
)
def test_silent(text: str) -> None:
    assert findings(f"sr: 22050\n{text}\n") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hop: 256  # 12.5 ms", "`hop: 256` gives 11.61 ms at 22050 Hz, but its comment says 12.5 ms"),
        ("hop: 256  # 100 fps", "`hop: 256` gives 86.13 Hz at 22050 Hz, but its comment says 100 Hz"),
        ("hop: 256  # hop of 300 samples", "`hop: 256` gives 256 samples, but its comment says 300 samples"),
        (
            "hop: 256  # 16 ms overlap\nwin: 1024",
            "gives an overlap of 34.83 ms at 22050 Hz, but its comment says 16 ms",
        ),
        ("hop: 256  # 50% overlap\nwin: 1024", "`hop: 256` gives an overlap of 75 %, but its comment says 50 %"),
        ("# frame shift 12.5 ms\nhop: 256", "`hop: 256` gives 11.61 ms at 22050 Hz"),
        ("# 帧移12.5毫秒\nhop: 256", "`hop: 256` gives 11.61 ms at 22050 Hz"),
        ("win: 1024  # 窗长50ms", "`win: 1024` gives 46.44 ms at 22050 Hz, but its comment says 50 ms"),
        ("# hop 12.5 ms\na: {hop: 256, win: 1024}", "`hop: 256` gives 11.61 ms"),
        ("a:\n  hop: 256  # 12.5 ms\n  win: 1024", "`hop: 256` gives 11.61 ms"),
        ("crop: 8192  # 1 second", "`crop: 8192` gives 371.52 ms at 22050 Hz, but its comment says 1000 ms"),
        ("chunk: 16  # 640 ms", "`chunk: 16` gives 160 ms at 100 Hz, but its comment says 640 ms"),
        ("shift_ms: 10  # 12.5 ms", "`shift_ms: 10` gives 10 ms, but its comment says 12.5 ms"),
        ("strides: [5, 4, 2]  # 5 ms", "`strides` (40 samples) gives 1.81 ms at 22050 Hz, but its comment says 5 ms"),
        ("strides:  # 5 ms\n- 5\n- 4\n- 2", "`strides` (40 samples) gives 1.81 ms"),
    ],
)
def test_reported(text: str, message: str) -> None:
    (finding,) = findings(f"sr: 22050\n{text}\n")

    assert message in finding.message


def test_a_comment_may_bring_the_rate_that_the_file_lacks() -> None:
    assert findings("hop: 512  # 12.5 ms") == []
    (finding,) = findings("hop: 512  # 10ms at 44100Hz, from sections 4.1, 4.4 in the paper")
    assert finding.message == "`hop: 512` gives 11.61 ms at 44100 Hz, but its comment says 10 ms"


def test_each_wrong_amount_is_a_finding() -> None:
    text = "sr: 22050\nhop: 256  # 12.5 ms hop, 50% overlap\nwin: 1024\n"

    assert [finding.declared for finding in findings(text)] == ["12.5 ms", "50 %"]
    assert mended(text) == "sr: 22050\nhop: 256  # 11.61 ms hop, 75% overlap\nwin: 1024\n"


def test_the_caret_is_on_the_amount_and_the_value_is_related() -> None:
    (finding,) = findings("sr: 22050\nhop: 256  # hop, 12.5 ms\n")

    assert tuple(finding.span) == (2, 18, 2, 25)
    assert (finding.pointer, finding.severity, finding.label) == ("/hop", "warning", "says 12.5 ms")
    ((_, span, label),) = finding.related
    assert (tuple(span), label) == ((2, 6, 2, 9), "gives 11.61 ms")


@pytest.mark.parametrize(
    ("text", "derivation"),
    [
        ("hop: 256  # 12.5 ms", "1000 × 256 / 22050 = 11.61 ms"),
        ("hop: 256  # 100 Hz", "22050 / 256 = 86.13 Hz"),
        ("hop: 256  # 50% overlap\nwin: 1024", "(1024 − 256) / 1024 = 75 %"),
        ("hop: 256  # 16 ms overlap\nwin: 1024", "1000 × (1024 − 256) / 22050 = 34.83 ms"),
        ("hop: 256  # overlap of 512 samples\nwin: 1024", "(1024 − 256) = 768 samples"),
        ("hop: 256  # hop of 300 samples", ""),
        ("shift_ms: 10  # 12.5 ms", ""),
        ("shift_ms: 10  # 50 Hz", "1000 / 10 = 100 Hz"),
    ],
)
def test_derivation(text: str, derivation: str) -> None:
    assert findings(f"sr: 22050\n{text}\n")[0].derivation == derivation


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("hop: 256  # 12.5ms", ("write `11.61ms` in the comment", "the value should be 276 (12.52 ms)")),
        ("hop: 256  # 10 ms", ("write `11.61 ms` in the comment", "the value should be 221 (10.02 ms)")),
        ("hop: 256  # 100 Hz", ("write `86.13 Hz` in the comment", "the value should be 221 (99.77 Hz)")),
        ("hop: 256  # 50% overlap\nwin: 1024", ("write `75%` in the comment", "the value should be 512 (50 %)")),
        (
            "hop: 256  # 20 ms overlap\nwin: 1024",
            ("write `34.83 ms` in the comment", "the value should be 583 (20 ms)"),
        ),
        (
            "hop: 256  # hop of 300 samples",
            ("write `256 samples` in the comment", "the value should be 300 (300 samples)"),
        ),
        ("shift_ms: 10  # 12.5 ms", ("write `10 ms` in the comment", "the value should be 12.5 (12.5 ms)")),
    ],
)
def test_help_gives_both_mends(text: str, help: tuple[str, str]) -> None:
    (finding,) = findings(f"sr: 22050\n{text}\n")

    assert finding.help[0] == help[0] == finding.fixes[0].title
    assert help[1] in finding.help[1]


@pytest.mark.parametrize(
    ("text", "expected", "name"),
    [
        ("sr: 22050\nhop: 256  # ~13 ms\n", "sr: 22050\nhop: 256  # ~11.61 ms\n", "a.yaml"),
        ("sr: 22050\r\nhop: 256  # 每帧１２.５毫秒\r\n", "sr: 22050\r\nhop: 256  # 每帧11.61毫秒\r\n", "a.yaml"),
        ('{"sr": 22050,\n "hop": 256 // 12.5 ms\n}', '{"sr": 22050,\n "hop": 256 // 11.61 ms\n}', "a.json"),
        ('{"sr": 22050,\n "hop": 256 /* 12.5 ms */}', '{"sr": 22050,\n "hop": 256 /* 11.61 ms */}', "a.json"),
    ],
)
def test_the_fix_edits_the_number_in_the_comment_alone(text: str, expected: str, name: str) -> None:
    assert all(fix.safe for finding in findings(text, name) for fix in finding.fixes)
    assert mended(text, name) == expected
    assert findings(expected, name) == []


HIFIGAN = """{"resblock": "1", "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4],
"resblock_kernel_sizes": [3, 7, 11], "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]], "num_mels": 80,
"sampling_rate": 22050, "win_size": 1024, "n_fft": 1024, "segment_size": 8192,  // 32 frames, 0.37 s
"hop_size": 256  // %s
}"""
NATIVE = """rflint:
  input: {rate: 16000}
  stack:
    kernels: [10, 8, 4, 4, 4]  # 29 ms
    strides: [5, 4, 2, 2, 2]  # %s
"""


def codes(text: str, name: str) -> list[str]:
    return [finding.code for finding in check_text(text, name)]


@pytest.mark.parametrize("comment", ["11.6 ms, 75% overlap", "about 12 ms", "256", "12.5 ms at 20.48 kHz"])
def test_a_vocoder_with_a_true_comment(comment: str) -> None:
    assert codes(HIFIGAN % comment, "config.json") == []


@pytest.mark.parametrize("comment", ["12.5 ms", "100 Hz", "75 frames per second", "16 ms overlap", "帧移12.5毫秒"])
def test_a_vocoder_with_a_wrong_comment(comment: str) -> None:
    assert codes(HIFIGAN % comment, "config.json") == ["RF110"]


def test_a_suppressed_comment_is_not_in_vain() -> None:
    assert codes(HIFIGAN % "12.5 ms // rflint: ignore[RF110] copied", "config.json") == []


def test_the_native_form() -> None:
    assert codes(NATIVE % "10 ms", "config.yaml") == codes(NATIVE % "100 Hz", "config.yaml") == []
    assert codes(NATIVE % "20 ms", "config.yaml") == codes(NATIVE % "50 Hz", "config.yaml") == ["RF110"]
    assert codes(NATIVE % 'rflint: target "30 ms frames every 10 ms"', "config.yaml") == []
