"""Settings: ``[tool.rflint]`` in pyproject.toml, or the same keys in rflint.toml or .rflint.toml.

The nearest file upward from the folder of each checked file wins; nothing is merged. Command-line options come last.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from rflint.findings import Severity

FILES = ("rflint.toml", ".rflint.toml", "pyproject.toml")


class SettingsError(Exception):
    """Your settings cannot be used: the file and what is wrong with it."""


class FileTarget(NamedTuple):
    """A target for the files that match a pattern."""

    files: str
    target: str
    stack: str | None = None


class PairSetting(NamedTuple):
    """Patterns of two kinds of files that exchange frames."""

    one: str
    other: str


class Acceptance(NamedTuple):
    """A finding accepted in the settings: the way to suppress where a file holds no comments."""

    files: str
    key: str
    rule: str
    reason: str


class Settings(NamedTuple):
    """Resolved settings of one folder; ``root`` is the folder that patterns are relative to."""

    root: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    fail_on: str = "warning"
    severity: Mapping[str, Severity] = {}
    per_file_ignores: Mapping[str, Sequence[str]] = {}
    targets: tuple[FileTarget, ...] = ()
    accepted: tuple[Acceptance, ...] = ()
    pairs: tuple[PairSetting, ...] = ()

    def ignored_for(self, name: str) -> tuple[str, ...]:
        """The rules ignored in the file ``name``: codes, prefixes or names."""
        here = [rules for pattern, rules in self.per_file_ignores.items() if self.matches(name, pattern)]
        return self.ignore + tuple(rule for rules in here for rule in rules)

    def targets_for(self, name: str) -> list[FileTarget]:
        return [target for target in self.targets if self.matches(name, target.files)]

    def accepted_in(self, name: str) -> list[Acceptance]:
        return [acceptance for acceptance in self.accepted if self.matches(name, acceptance.files)]

    def excludes(self, name: str) -> bool:
        return any(self.matches(name, pattern) for pattern in self.exclude)

    def matches(self, name: str, pattern: str) -> bool:
        """True when the file ``name`` fits the pattern (as in .gitignore), read from the folder of the settings."""
        path = os.path.relpath(name, self.root or ".").replace(os.sep, "/")
        return bool(_pattern(pattern).match_file(path))


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> Any:
    from pathspec import GitIgnoreSpec  # not on the way of a run without patterns

    return GitIgnoreSpec.from_lines([pattern])


@lru_cache(maxsize=4096)
def settings_for(folder: str) -> Settings:
    """The settings that hold in a folder.

    Raises:
        SettingsError: the nearest settings file is no TOML, or a key in it is unknown or of the wrong type.
    """
    for name in FILES:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            table = _table(path)
            if table is not None:
                return _resolve(table, path)
    parent = os.path.dirname(folder)
    if parent == folder or os.path.exists(os.path.join(folder, ".git")):
        return Settings(root=folder)
    return settings_for(parent)


def read_settings(path: str) -> Settings:
    """The settings of a named file (``--config``); an absent table is an error here."""
    if not os.path.isfile(path):
        raise SettingsError(f"{path}: no such file")
    table = _table(path)
    if table is None:
        raise SettingsError(f"{path}: has no [tool.rflint] table")
    return _resolve(table, path)


def _table(path: str) -> Mapping[str, Any] | None:
    import tomllib  # not on the way of a run without settings

    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if path.endswith("pyproject.toml") and "tool.rflint" not in text:
            return None
        data: Mapping[str, Any] = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from None
    if not path.endswith("pyproject.toml"):
        return data
    table: Mapping[str, Any] | None = data.get("tool", {}).get("rflint")
    return table


def _resolve(table: Mapping[str, Any], path: str) -> Settings:
    from rflint.documents.schema import violations
    from rflint.schemas import load_schema

    schema = load_schema("settings")
    for violation in violations(table, schema):
        raise SettingsError(
            f"{path}: {_complaint(violation.path, violation.keyword, violation.expected, schema, table)}"
        )
    return Settings(
        root=os.path.dirname(path),
        select=tuple(table.get("select", ())),
        ignore=tuple(table.get("ignore", ())),
        exclude=tuple(table.get("exclude", ())),
        fail_on=table.get("fail-on", "warning"),
        severity=table.get("severity", {}),
        per_file_ignores=table.get("per-file-ignores", {}),
        targets=tuple(FileTarget(t["files"], t["target"], t.get("stack")) for t in table.get("target", ())),
        pairs=tuple(PairSetting(*pair["files"]) for pair in table.get("pair", ())),
        accepted=tuple(Acceptance(s["files"], s["key"], s["rule"], s["reason"]) for s in table.get("suppress", ())),
    )


def _complaint(
    path: Sequence[str | int], keyword: str, expected: object, schema: Mapping[str, Any], table: object
) -> str:
    place = ".".join(map(str, path))
    if keyword == "additionalProperties" and not path and isinstance(table, Mapping):
        import difflib

        known = list(schema["properties"])
        unknown = next(key for key in table if key not in known)
        near = difflib.get_close_matches(unknown, known, 1)
        return f"unknown key `{unknown}`" + (f"; did you mean `{near[0]}`?" if near else f"; known: {', '.join(known)}")
    return f"`{place}` must satisfy {keyword} {expected}" if place else f"must satisfy {keyword} {expected}"
