"""Fixes: exact edits, atomic writes, and nothing else in the file changed by a byte."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rflint.documents import Span
from rflint.findings import Edit, Finding, Fix
from rflint.fixing import apply_fixes, diff, write_atomically

Run = Callable[..., tuple[int, str, str]]
BROKEN = """\
# a vocoder    (kept as it is)
x-rflint:
  input: {rate: 16000}
  stack:  "k3s2 k3s2"   # odd   spacing
  targets: {multiple_of: [  10 ]}
"""


def finding(code: str, *fixes: Fix, path: str = "a.yaml") -> Finding:
    return Finding(path, Span(1, 1, 1, 2), code, code.lower(), "error", "message", fixes=fixes)


def clean(_: str) -> list[Finding]:
    return []


def test_nothing_to_fix_changes_nothing() -> None:
    assert apply_fixes("text", [finding("A")], "a.yaml", clean).text == "text"


def test_unsafe_fixes_are_applied_only_when_asked_for() -> None:
    unsafe = finding("A", Fix("b for t", (Edit(0, 1, "b"),)))

    assert apply_fixes("text", [unsafe], "a.yaml", clean).text == "text"
    assert apply_fixes("text", [unsafe], "a.yaml", clean, unsafe=True).text == "bext"


def test_fixes_that_overlap_are_not_both_applied() -> None:
    one = finding("A", Fix("one", (Edit(0, 2, "X"),), safe=True))
    other = finding("B", Fix("other", (Edit(1, 3, "Y"),), safe=True))

    assert apply_fixes("text", [one, other], "a.yaml", clean).text == "Xxt"


def test_a_fix_that_breaks_something_else_is_left_out() -> None:
    good = finding("A", Fix("good", (Edit(0, 1, "T"),), safe=True))
    bad = finding("B", Fix("bad", (Edit(3, 4, "!"),), safe=True))

    def check(text: str) -> list[Finding]:
        return [finding("NEW")] if "!" in text else []

    assert apply_fixes("text", [good, bad], "a.yaml", check).text == "Text"


def test_a_fix_that_mends_nothing_is_left_out() -> None:
    useless = finding("A", Fix("useless", (Edit(0, 1, "T"),), safe=True))

    assert apply_fixes("text", [useless], "a.yaml", lambda _: [useless]).text == "text"


def test_fixes_for_another_file_are_left_alone() -> None:
    assert (
        apply_fixes("text", [finding("A", Fix("x", (Edit(0, 1, "T"),), True), path="b")], "a.yaml", clean).text
        == "text"
    )


def test_a_diff_tells_a_missing_last_newline() -> None:
    assert "\\ No newline at end of file" in diff("a", "b\n", "x")


def test_a_write_is_atomic_and_keeps_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_atomically(str(path), b"new")

    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o640)
    assert [p.name for p in tmp_path.iterdir()] == ["a.yaml"]


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_bytes(b"old")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "real.yaml")
    write_atomically(str(tmp_path / "link.yaml"), b"new")

    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_bytes() == b"new"


JSON = """\
{"resblock": "1", "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4],
  "upsample_initial_channel": 512, "resblock_kernel_sizes": [3, 7, 11], "num_mels": 80,
  "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],   "segment_size":8000,
  "sampling_rate": 22050, "hop_size": 256, "win_size": 1024, "n_fft": 1024}
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_unsafe_fix_of_a_segment(folder: Callable[..., Path], rflint: Run, encoding: str, newline: str) -> None:
    before = JSON.replace("\n", newline)
    place = folder({"config.json": before.encode(encoding)})

    assert rflint("check", "config.json")[0] == 1
    status, out, _ = rflint("check", "--unsafe-fixes", "config.json")
    assert (status, "All good" in out) == (0, True), out
    assert before.replace("8000", "7936") == (place / "config.json").read_bytes().decode(encoding)


def test_a_diff_is_shown_and_nothing_written(folder: Callable[..., Path], rflint: Run) -> None:
    place = folder({"config.json": JSON})
    status, out, _ = rflint("check", "--diff", "--unsafe-fixes", "config.json")

    assert status == 1
    assert '+  "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],   "segment_size":7936,' in out
    assert (place / "config.json").read_text("utf-8") == JSON


def test_safe_fixes_leave_what_changes_the_model(folder: Callable[..., Path], rflint: Run) -> None:
    place = folder({"config.json": JSON})

    assert rflint("check", "--fix", "config.json")[0] == 1
    assert (place / "config.json").read_text("utf-8") == JSON


def test_factors_are_mended_with_their_kernels(folder: Callable[..., Path], rflint: Run) -> None:
    text = JSON.replace('"hop_size": 256', '"hop_size": 300').replace("8000", "9600")
    place = folder({"config.json": text})

    assert rflint("check", "--unsafe-fixes", "config.json")[0] == 0
    assert text.replace("[8, 8, 2, 2]", "[10, 5, 3, 2]").replace("[16, 16, 4, 4]", "[20, 15, 9, 4]") == (
        place / "config.json"
    ).read_text("utf-8")
