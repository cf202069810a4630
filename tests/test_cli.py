"""The command line as a person meets it: exit status, formats, standard input, settings, suppressions."""

from __future__ import annotations

import io
import json
import os
import sys
from types import SimpleNamespace

import pytest

from rflint.cli import look

SOUND = """\
# rflint: target "30 ms frames every 10 ms"
x-rflint:
  input: {rate: 16000}
  stack: {kernels: [10, 8, 4, 4, 4], strides: [5, 4, 2, 2, 2]}
"""
BROKEN = SOUND.replace("2, 2, 2]", "2, 2, 1]")
UNRELATED = "name: build\non: [push]\n"


def test_a_sound_config_is_clean(folder, rflint) -> None:
    folder({"a.yaml": SOUND})
    status, out, err = rflint("check")

    assert (status, err) == (0, "")
    assert "1 config recognised" in out


def test_one_changed_stride_is_found_at_the_list_that_holds_it(folder, rflint) -> None:
    folder({"a.yaml": BROKEN})
    status, out, _ = rflint("check", "a.yaml")

    assert status == 1
    assert "RF101" in out and "--> a.yaml:4:" in out
    assert "Step is 80 samples = 5 ms" in out
    assert "`strides[4]`: 1 → 2 gives a step of 160" in out


def test_concise_is_one_line_a_finding(folder, rflint) -> None:
    folder({"a.yaml": BROKEN})
    _, out, _ = rflint("check", "--format", "concise", "--select", "RF101")

    assert out.splitlines()[0].startswith("a.yaml:4:")
    assert "RF101" in out.splitlines()[0]


def test_json_is_an_object_with_a_version(folder, rflint) -> None:
    folder({"a.yaml": BROKEN})
    status, out, _ = rflint("check", "--format", "json")
    report = json.loads(out)
    first = report["findings"][0]

    assert status == 1
    assert report["schema_version"] == 1
    assert tuple(first[k] for k in ("path", "line", "code", "name", "severity")) == (
        "a.yaml",
        4,
        "RF101",
        "step-missed",
        "error",
    )


def test_github_annotates(folder, rflint) -> None:
    folder({"a.yaml": BROKEN})
    _, out, _ = rflint("check", "--format", "github")

    assert out.startswith("::error ")
    assert "file=a.yaml,line=4" in out


def test_nothing_recognised_is_said_and_clean(folder, rflint) -> None:
    folder({"ci.yaml": UNRELATED, "package.json": '{"name": "x"}'})
    status, out, _ = rflint("check")

    assert status == 0
    assert len(out.splitlines()) == 1


@pytest.mark.parametrize("line", ["{{- if .Values.on }}", "**Status**: done", "```yaml"])
def test_a_template_or_prose_among_found_files_is_let_go_and_a_named_one_is_not(folder, rflint, line: str) -> None:
    broken = "net: {strides: config, name: WaveNet\n"
    folder({"chart.yaml": f"{line}\n{broken}"})

    assert rflint("check")[0] == 0
    assert "RF001" in rflint("check", "chart.yaml")[1]
    folder({"chart.yaml": broken})
    assert "RF001" in rflint("check")[1]


@pytest.mark.parametrize("format_", ["full", "json"])
def test_several_processes_find_the_same_in_the_same_order(
    folder, rflint, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    folder({f"{number}.yaml": (SOUND, BROKEN, UNRELATED)[number % 3] for number in range(40)})
    alone = rflint("check", "--jobs", "1", "--format", format_)
    monkeypatch.setattr("rflint.cli.look.LONG", 0)
    starts: list[int] = []
    side_by_side = look._side_by_side
    monkeypatch.setattr(look, "_side_by_side", lambda items, *rest: starts.append(len(items)) or side_by_side(items, *rest))

    assert rflint("check", "--jobs", "2", "--format", format_) == alone
    assert starts == [40 - look.WARM]


def test_standard_input_has_the_name_it_is_given(folder, rflint, monkeypatch: pytest.MonkeyPatch) -> None:
    folder({})
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(BROKEN.encode())))
    status, out, _ = rflint("check", "--stdin-filename", "conf/b.yaml", "--format", "concise", "-")

    assert status == 1
    assert out.startswith("conf/b.yaml:4:")


def test_select_and_ignore(folder, rflint) -> None:
    folder({"a.yaml": BROKEN})

    assert rflint("check", "--ignore", "RF1")[0] == 0
    assert rflint("check", "--select", "RF3")[0] == 0
    assert rflint("check", "--select", "step-missed")[0] == 1
    assert rflint("check", "--select", "RF777")[0] == 2


def test_fail_on_and_exit_zero(folder, rflint) -> None:
    folder({"a.yaml": BROKEN})

    assert rflint("check", "--fail-on", "never")[0] == 0
    assert rflint("check", "--exit-zero")[0] == 0


def test_a_target_from_the_command_line(folder, rflint) -> None:
    folder({"a.yaml": SOUND})

    assert rflint("check", "--target", "every 10 ms")[0] == 0
    assert rflint("check", "--target", "every 20 ms")[0] == 1


def test_targets_severities_and_ignores_from_settings(folder, rflint) -> None:
    place = folder({"conf/a.yaml": SOUND, "rflint.toml": '[[target]]\nfiles = "conf/*.yaml"\ntarget = "every 20 ms"\n'})
    assert rflint("check")[0] == 1

    (place / "rflint.toml").write_text(
        '[severity]\nRF101 = "info"\n[[target]]\nfiles = "conf/"\ntarget = "every 20 ms"\n'
    )
    clear_settings()
    assert rflint("check")[0] == 0


def clear_settings() -> None:
    from rflint.settings import settings_for

    settings_for.cache_clear()


def test_per_file_ignores_and_excludes(folder, rflint) -> None:
    clear_settings()
    folder({"a.yaml": BROKEN, "old/b.yaml": BROKEN, "pyproject.toml": '[tool.rflint]\nexclude = ["old/"]\n[tool.rflint.per-file-ignores]\n"a.yaml" = ["RF1"]\n'})  # fmt: skip

    assert rflint("check")[0] == 0
    assert rflint("check", "old/b.yaml")[0] == 1
    assert rflint("check", "--force-exclude", "old/b.yaml")[0] == 0


def test_an_unknown_setting_is_refused_with_the_nearest_one(folder, rflint) -> None:
    clear_settings()
    folder({"a.yaml": SOUND, "rflint.toml": 'selct = ["RF1"]\n'})
    status, _, err = rflint("check")

    assert status == 2
    assert "unknown key `selct`; did you mean `select`?" in err


def test_a_suppression_covers_the_key_and_an_unused_one_is_reported(folder, rflint) -> None:
    lines = BROKEN.splitlines()
    beside = "\n".join([*lines[:3], lines[3] + "  # rflint: ignore[RF101] measured", ""])
    above = "\n".join([*lines[:3], "  # rflint: ignore[step-missed, RF103]", lines[3], ""])
    unused = SOUND.replace("2, 2, 2]}", "2, 2, 2]}  # rflint: ignore[RF301]")
    unknown = SOUND.replace("2, 2, 2]}", "2, 2, 2]}  # rflint: ignore[RF998]")
    folder({"beside.yaml": beside, "above.yaml": above, "unused.yaml": unused, "unknown.yaml": unknown})

    assert "RF101" not in rflint("check", "beside.yaml")[1]
    assert "RF101" not in rflint("check", "above.yaml")[1]
    assert "RF901" in rflint("check", "unused.yaml")[1]
    assert "RF902" in rflint("check", "unknown.yaml")[1]


def test_settings_suppress_where_a_file_holds_no_comments(folder, rflint) -> None:
    clear_settings()
    config = json.dumps({"x-rflint": {"input": {"rate": 16000}, "stack": "k10s5 k8s4", "targets": {"step": "10ms"}}})
    accept = '[[suppress]]\nfiles = "a.json"\nkey = "/x-rflint"\nrule = "RF101"\nreason = "measured"\n'
    place = folder({"a.json": config})
    assert rflint("check")[0] == 1

    (place / "rflint.toml").write_text(accept)
    clear_settings()
    assert rflint("check")[0] == 0


def test_a_path_that_is_not_there(folder, rflint) -> None:
    folder({})
    status, _, err = rflint("check", "missing.yaml")

    assert status == 2
    assert "missing.yaml: no such file or directory" in err


def test_a_misspelt_command(rflint) -> None:
    status, _, err = rflint("chek")

    assert (status, err) == (2, "rflint: no command `chek`; did you mean `check`?\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_without_read_permission_is_said(folder, rflint) -> None:
    place = folder({"locked/a.yaml": SOUND})
    (place / "locked").chmod(0)
    status, _, err = rflint("check")
    (place / "locked").chmod(0o755)

    assert status == 2
    assert "locked: Permission denied" in err


def test_gitignored_and_hidden_folders_are_passed_over(folder, rflint) -> None:
    folder({".gitignore": "out/\n", "out/a.yaml": BROKEN, ".cache/b.yaml": BROKEN, "node_modules/c.yaml": BROKEN})

    assert rflint("check")[0] == 0
    assert rflint("check", "out/a.yaml")[0] == 1


def test_explain_prints_the_derivation(folder, rflint) -> None:
    folder({"a.yaml": SOUND})
    status, out, _ = rflint("explain", "a.yaml")

    assert status == 0
    for number in ("10", "45", "105", "225", "465", "29.06 ms", "160"):
        assert number in out


def test_explain_json_follows_the_contract(folder, rflint) -> None:
    folder({"a.yaml": SOUND})
    _, out, _ = rflint("explain", "--format", "json", "a.yaml")
    stack = json.loads(out)["files"][0]["models"][0]["stacks"][0]

    assert (
        stack["step"], stack["receptive_field"], stack["receptive_field_ms"], stack["step_ms"],
    ) == ("160", 465, 29.0625, 10.0)  # fmt: skip
    assert [layer["receptive_field"] for layer in stack["layers"]] == [10, 45, 105, 225, 465]


def test_rule_and_dialects_list(rflint) -> None:
    assert "RF301  upsampling-product" in rflint("rule")[1]
    assert rflint("rule", "RF301")[1].startswith("# RF301 upsampling-product (error)")
    assert rflint("rule", "RF999")[0] == 2
    assert "native" in rflint("dialects")[1]
