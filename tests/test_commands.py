"""Commands beside check and explain: solve, scale, diff, baselines, pairs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
Make = Callable[..., Path]
SOUND = 'x-rflint: {input: {rate: 16000}, stack: "k10s5 k8s4 [k4s2]x3", targets: {step: 10ms}}\n'
BROKEN = SOUND.replace("[k4s2]x3", "[k4s2]x2 k4s1")
VOCODER = """\
{"resblock": "1", "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4],
 "upsample_initial_channel": 512, "resblock_kernel_sizes": [3], "resblock_dilation_sizes": [[1, 3, 5]],
 "sampling_rate": 22050, "hop_size": 256, "win_size": 1024, "n_fft": 1024, "segment_size": 8192, "num_mels": 80}
"""


# -- solve --------------------------------------------------------------------------------------------------------


def test_solve_finds_wav2vec_2(rflint: Run) -> None:
    status, out, _ = rflint("solve", "25 ms frames every 20 ms", "--sample-rate", "16000")

    assert status == 0
    assert out.startswith(
        "kernels [10, 3, 3, 3, 3, 2, 2]  strides [5, 2, 2, 2, 2, 2, 2]\n  receptive field 400 samples = 25 ms"
    )


@pytest.mark.parametrize("layers", [3, 4, 5, 6])
def test_every_solution_meets_the_target(rflint: Run, layers: int) -> None:
    _, out, _ = rflint(
        "solve", "30 ms frames every 10 ms", "--sample-rate", "16000", "--layers", str(layers), "--format", "json"
    )
    designs = json.loads(out)["designs"]

    assert designs
    for design in designs:
        field, jump = 1, 1
        for kernel, stride in zip(design["kernels"], design["strides"], strict=True):
            field, jump = field + (kernel - 1) * jump, jump * stride
        assert (layers, 160, 480) == (len(design["strides"]), jump, field)


def test_solve_stays_close_to_a_file(folder: Make, rflint: Run) -> None:
    folder({"w2v.yaml": SOUND})
    _, out, _ = rflint(
        "solve", "receptive field 465 samples, step 160 samples", "--sample-rate", "16000", "--like", "w2v.yaml"
    )

    assert out.startswith("kernels [10, 8, 4, 4, 4]  strides [5, 4, 2, 2, 2]")


@pytest.mark.parametrize("phrase", ["about 30 ms", "every 10.01 ms", "soon"])
def test_solve_refuses_what_cannot_be_solved_for(rflint: Run, phrase: str) -> None:
    status, out, error = rflint("solve", phrase, "--sample-rate", "16000")

    assert (status, out) == (2, "")
    assert error.startswith("rflint: ")


def test_solve_says_when_there_is_none(rflint: Run) -> None:
    assert (
        (found := rflint("solve", "2 ms frames every 10 ms", "--sample-rate", "16000"))[0],
        found[1].startswith("No stack"),
    ) == (1, True)


# -- scale --------------------------------------------------------------------------------------------------------


def test_scale_changes_every_size_in_samples(folder: Make, rflint: Run) -> None:
    place = folder({"config.json": VOCODER})
    status, out, error = rflint("scale", "config.json", "--sample-rate", "44100")

    assert (status, error) == (0, "")
    for line in ('"sampling_rate": 44100, "hop_size": 512, "win_size": 2048, "n_fft": 2048, "segment_size": 16384',):
        assert line in out
    assert (place / "config.json").read_text("utf-8") == VOCODER


def test_a_scaled_file_is_sound(folder: Make, rflint: Run) -> None:
    folder({"config.json": VOCODER})

    assert rflint("scale", "config.json", "--sample-rate", "44100", "--apply")[0] == 0
    assert rflint("check", "config.json")[0] == 0


def test_scale_says_what_cannot_keep_its_meaning(folder: Make, rflint: Run) -> None:
    folder({"config.json": VOCODER})
    _, _, error = rflint("scale", "config.json", "--sample-rate", "16000")

    assert "`hop_size`: 11.61 ms cannot be kept: 186 samples are 11.625 ms" in error


def test_scale_to_the_same_rate_changes_nothing(folder: Make, rflint: Run) -> None:
    folder({"config.json": VOCODER})

    assert rflint("scale", "config.json", "--sample-rate", "22050") == (0, "", "")


def test_scale_from_a_rate_that_no_audio_has(folder: Make, rflint: Run) -> None:
    folder({"config.json": VOCODER.replace('"sampling_rate": 22050', f'"sampling_rate": {10**20}')})
    status, out, _ = rflint("scale", "config.json", "--sample-rate", "48000")

    assert status == 0 and '"sampling_rate": 48000, "hop_size": 1,' in out


def test_scale_of_no_model_config(folder: Make, rflint: Run) -> None:
    folder({"ci.yaml": "on: push\n"})
    status, _, error = rflint("scale", "ci.yaml", "--sample-rate", "16000")

    assert (status, "no model config" in error) == (2, True)


# -- diff ---------------------------------------------------------------------------------------------------------


def test_diff_of_the_same_file(folder: Make, rflint: Run) -> None:
    folder({"a.yaml": SOUND})

    assert rflint("diff", "a.yaml", "a.yaml", "--exit-code") == (0, "No change to the temporal coverage.\n", "")


def test_diff_tells_each_change_in_a_line(folder: Make, rflint: Run) -> None:
    folder({"a.yaml": SOUND, "b.yaml": BROKEN})
    status, out, _ = rflint("diff", "a.yaml", "b.yaml", "--exit-code")

    assert status == 1
    assert "  encoder: step 160 samples = 10 ms → 80 samples = 5 ms\n" in out
    assert (
        "  encoder frame step: claim met: 10 ms declared, 10 ms computed → missed: 10 ms declared, 5 ms computed\n"
        in out
    )
    assert "receptive field" not in out


@pytest.mark.parametrize("form", ["json", "markdown"])
def test_diff_for_machines_and_reviews(folder: Make, rflint: Run, form: str) -> None:
    folder({"a.yaml": SOUND, "b.yaml": BROKEN})
    status, out, _ = rflint("diff", "a.yaml", "b.yaml", "--format", form)

    assert status == 0
    if form == "json":
        change = json.loads(out)["files"][0]["changes"][0]
        assert tuple(change.values()) == ("encoder", "step", "160 samples = 10 ms", "80 samples = 5 ms")
    else:
        assert "| `b.yaml` | encoder step | 160 samples = 10 ms | 80 samples = 5 ms |" in out


def test_diff_between_revisions(folder: Make, rflint: Run) -> None:
    place = folder({"conf/a.yaml": SOUND, "conf/gone.yaml": SOUND, "ci.yaml": "on: push\n"})

    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "init.defaultBranch=main"]
        subprocess.run(["git", *identity, *arguments], cwd=place, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    (place / "conf/a.yaml").write_text(BROKEN, "utf-8")
    (place / "conf/gone.yaml").unlink()
    (place / "ci.yaml").write_text("on: pull_request\n", "utf-8")
    git("commit", "-qam", "two")

    for revisions in ("HEAD~1..HEAD", "HEAD~1.."):
        _, out, _ = rflint("diff", "--rev", revisions)
        assert "conf/a.yaml\n  encoder: step 160 samples = 10 ms → 80 samples = 5 ms" in out
        assert "conf/gone.yaml" in out
        assert "ci.yaml" not in out


def test_diff_of_unknown_revisions(folder: Make, rflint: Run) -> None:
    folder({})
    assert rflint("diff", "--rev", "nowhere..HEAD")[0] == 2
    assert rflint("diff", "--rev", "--output=x..HEAD")[0] == 2
    assert rflint("diff", "one.yaml")[0] == 2


# -- baselines ----------------------------------------------------------------------------------------------------


def test_a_baseline_accepts_what_is_there_and_nothing_new(folder: Make, rflint: Run) -> None:
    place = folder({"a.yaml": BROKEN, "b.yaml": SOUND})

    assert rflint("check", "--write-baseline", "accepted.json", "a.yaml", "b.yaml")[0] == 0
    status, out, _ = rflint("check", "--baseline", "accepted.json", "a.yaml", "b.yaml")
    assert (status, "1 suppressed" in out) == (0, True)
    (place / "b.yaml").write_text(BROKEN, "utf-8")
    assert rflint("check", "--baseline", "accepted.json", "a.yaml", "b.yaml")[0] == 1


def test_a_mended_finding_makes_an_entry_stale(folder: Make, rflint: Run) -> None:
    place = folder({"a.yaml": BROKEN})
    rflint("check", "--write-baseline", "accepted.json", "a.yaml")
    (place / "a.yaml").write_text(SOUND, "utf-8")
    status, _, error = rflint("check", "--baseline", "accepted.json", "a.yaml")

    assert (status, "1 entries look mended" in error) == (0, True)


def test_something_else_is_no_baseline(folder: Make, rflint: Run) -> None:
    folder({"a.yaml": SOUND, "other.json": "[1]"})

    assert rflint("check", "--baseline", "other.json", "a.yaml")[0] == 2
    assert rflint("check", "--baseline", "missing.json", "a.yaml")[0] == 2


# -- pairs --------------------------------------------------------------------------------------------------------

ACOUSTIC = 'rflint: {input: {rate: %d}, frontend: {win: 1024, hop: %d}, stack: "k1"}\n'


def test_a_pair_that_agrees_in_time(folder: Make, rflint: Run) -> None:
    folder({"acoustic.yaml": ACOUSTIC % (44100, 512), "vocoder.json": VOCODER})

    assert rflint("check", "--pair", "acoustic.yaml", "vocoder.json")[0] == 0


def test_a_pair_that_does_not(folder: Make, rflint: Run) -> None:
    folder({"acoustic.yaml": ACOUSTIC % (16000, 256), "vocoder.json": VOCODER})
    status, out, _ = rflint("check", "--pair", "acoustic.yaml", "vocoder.json")

    assert status == 1
    assert "RF701" in out
    assert "1.38 times too fast" in out


def test_pairs_of_the_settings(folder: Make, rflint: Run) -> None:
    settings = '[[pair]]\nfiles = ["acoustic*.yaml", "vocoder.json"]\n'
    folder({"acoustic.yaml": ACOUSTIC % (16000, 256), "vocoder.json": VOCODER, "rflint.toml": settings})
    status, out, _ = rflint("check", ".")

    assert (status, "RF701" in out) == (1, True)
