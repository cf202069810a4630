"""Which files a command line means, and what may be read beside one of them."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from rflint.cli.files import LARGEST, ROOTS, File, Request, files, neighbour_of
from rflint.discover import Candidate, PathProblem, discover
from rflint.settings import Settings

Folder = Callable[[Mapping[str, str | bytes]], Path]


def found(*paths: str, force_exclude: bool = False, excluded: str = "") -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        items = discover(paths, lambda path: bool(excluded) and excluded in path, force_exclude=force_exclude)
        return [item.path for item in items if isinstance(item, Candidate)]


def test_folders_are_walked_in_order_for_configs(folder: Folder) -> None:
    folder({"b/x.yml": "", "a.json": "", "b/a/y.YAML": "", "c.txt": "", "b.json5": "", "z.jsonc": "", "n.nam": ""})

    assert found(".") == ["a.json", "b.json5", "n.nam", "z.jsonc", "b/x.yml", "b/a/y.YAML"]
    assert found("b", ".", "b/x.yml") == ["b/x.yml", "b/a/y.YAML", "a.json", "b.json5", "n.nam", "z.jsonc"]


def test_hidden_and_installed_folders_are_passed_over(folder: Folder) -> None:
    folder(
        {".x/a.yaml": "", "node_modules/a.yaml": "", "v/site-packages/a.yaml": "", ".github/a.yaml": "", ".a.yaml": ""}
    )

    assert found(".") == [".a.yaml", ".github/a.yaml"]
    assert found(".x") == [".x/a.yaml"]


def test_named_files_are_taken_as_they_are(folder: Folder) -> None:
    folder({"notes.txt": "", ".x/a.yaml": "", "out/b.yaml": "", ".gitignore": "*.yaml\n"})

    assert found("notes.txt", ".x/a.yaml", "out/b.yaml", excluded="out") == ["notes.txt", ".x/a.yaml", "out/b.yaml"]
    assert found("notes.txt", "out/b.yaml", excluded="out", force_exclude=True) == ["notes.txt"]
    assert list(discover(["nope"], lambda path: False)) == [PathProblem("nope", "no such file or directory")]


def test_gitignore(folder: Folder) -> None:
    folder(
        {
            ".gitignore": "# runs\n/runs/\n*.tmp.yaml\n!keep.tmp.yaml\nsub/only.yaml\n\\\n[z-a]\n",
            "runs/a.yaml": "", "x/runs/a.yaml": "", "a.tmp.yaml": "", "keep.tmp.yaml": "", "sub/only.yaml": "", "sub/b.yaml": "",
            "sub/.gitignore": "!a.tmp.yaml\nb.yaml\n", "sub/a.tmp.yaml": "", "sub/deep/b.yaml": "", "only.yaml": "",
        }
    )  # fmt: skip

    assert found(".") == ["keep.tmp.yaml", "only.yaml", "sub/a.tmp.yaml", "x/runs/a.yaml"]


def test_gitignore_of_the_repository_above(folder: Folder) -> None:
    folder({".git/HEAD": "", ".gitignore": "*.gen.yaml\n/out/\n", "a/x.gen.yaml": "", "a/y.yaml": "", "out/z.yaml": ""})

    assert found("a") == ["a/y.yaml"]
    assert found("out") == ["out/z.yaml"]


def test_outside_of_a_repository_nothing_above_counts(folder: Folder) -> None:
    folder({".gitignore": "*.yaml\n", "a/x.yaml": ""})

    assert found("a") == ["a/x.yaml"]


def test_links_to_folders_are_not_followed_and_dead_links_are_nothing(folder: Folder) -> None:
    root = folder({"real/a.yaml": "", "b.yaml": ""})
    os.symlink(root / "real", root / "linked")
    os.symlink(root / "nowhere.yaml", root / "dead.yaml")
    os.symlink(root, root / "real/up")
    os.mkfifo(root / "pipe.yaml")

    assert found(".") == ["b.yaml", "real/a.yaml"]
    assert found("linked") == ["linked/a.yaml"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_that_cannot_be_read_is_said(folder: Folder) -> None:
    root = folder({"shut/a.yaml": "", "b.yaml": ""})
    (root / "shut").chmod(0)

    assert list(discover(["."], lambda path: False)) == [
        Candidate("b.yaml", False, "."),
        PathProblem("./shut", "Permission denied"),
    ]


def test_a_folder_that_goes_away_is_said(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder({"b.yaml": ""})
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("gone"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    Path("gone").mkdir()
    monkeypatch.setattr(os, "scandir", scandir)

    assert list(discover(["."], lambda path: False)) == [
        Candidate("b.yaml", False, "."),
        PathProblem("./gone", "Permission denied"),
    ]


# -- reading --------------------------------------------------------------------------------------------------------


def test_what_a_request_reads(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    root = folder({"a.yaml": "x: 1", "d.yaml/keep": ""})
    with open(root / "big.yaml", "wb") as file:
        file.truncate(LARGEST + 1)
    read = [
        item
        for item in files(Request([".", "a.yaml"], isolated=True), lambda settings: settings)
        if not isinstance(item, PathProblem)
    ]

    assert [(item.name, item.data, item.named) for item in read] == [
        ("a.yaml", b"x: 1", False),
        ("big.yaml", b"", False),
    ]
    assert read[1].trouble == "The file is larger than 16 MB and was not read"
    assert isinstance(read[0].settings, Settings)


def test_neighbours_are_read_inside_the_project_only(folder: Folder) -> None:
    root = folder(
        {
            "out.yaml": "out",
            "p/pyproject.toml": "",
            "p/top.yaml": "top",
            "p/conf/m/a.yaml": "a",
            "p/conf/b.yaml": "b",
            "p/conf/n/c.yaml": "c",
        }
    )
    os.symlink(root / "out.yaml", root / "p/conf/escape.yaml")
    os.symlink(root / "p/top.yaml", root / "p/conf/inside.yaml")
    read = neighbour_of(str(root / "p/conf/m/a.yaml"))

    assert [read(path) for path in ("a.yaml", "../b.yaml", "../n/c.yaml", "../../top.yaml", "../inside.yaml")] == [
        b"a",
        b"b",
        b"c",
        b"top",
        b"top",
    ]
    assert [
        read(path) for path in ("../../../out.yaml", "../escape.yaml", str(root / "out.yaml"), "none", "..", "", "a\0")
    ] == [None] * 7


def of_no_project(root: Path) -> None:
    if any((above / mark).exists() for above in (root, *root.parents) for mark in ROOTS):
        pytest.skip("the temporary folder lies in a project")


def test_without_a_project_neighbours_stand_in_the_files_own_folder(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = folder({"a/b.yaml": "b", "a/c/d.yaml": "d", "e.yaml": "e", "elsewhere/x": ""})
    of_no_project(root)
    monkeypatch.chdir(root / "elsewhere")
    read = neighbour_of("../a/x.yaml")

    assert [read("b.yaml"), read("c/d.yaml"), read("../e.yaml")] == [b"b", b"d", None]


def test_the_current_folder_is_a_project(folder: Folder) -> None:
    root = folder({"a/b.yaml": "b", "e.yaml": "e"})
    of_no_project(root)
    read = neighbour_of("a/x.yaml")

    assert [read("b.yaml"), read("../e.yaml"), read("../../out.yaml")] == [b"b", b"e", None]


def test_a_named_folder_is_a_project(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    root = folder({"p/conf/a.yaml": "a", "p/b.yaml": "b", "c.yaml": "c", "elsewhere/x": ""})
    of_no_project(root)
    monkeypatch.chdir(root / "elsewhere")
    (found,) = [file for file in files(Request(["../p/conf", "../p"])) if file_name(file).endswith("a.yaml")]
    (below,) = [file for file in files(Request(["../p"])) if file_name(file).endswith("a.yaml")]
    reads = [neighbour_of(file.name, file.under) for file in (found, below) if isinstance(file, File)]

    assert [read("../b.yaml") for read in reads] == [None, b"b"]  # the folder that it was found below
    assert [read("../../c.yaml") for read in reads] == [None, None]


def file_name(file: File | PathProblem) -> str:
    return file.name if isinstance(file, File) else file.path
