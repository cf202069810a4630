"""Hydra's defaults lists: which files a config is composed of, in which order, and at which keys each is put.

Reference: hydra/_internal/defaults_list.py and hydra/core/default_element.py of hydra-core 1.3, with ``version_base`` 1.1.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rflint.documents.document import Document

_HEADER = re.compile(r"#\s*@(\S+)\s+(\S+)")
_CHOICE = re.compile(r"\$\{([^${}]+)\}")
_HIGHEST, _DEEPEST, _MOST = 8, 16, 500
"""Folders searched upward for a group; levels of defaults lists; files composed, each use counted."""


class Part(NamedTuple):
    """A file of a composed config: its document, None when it is not there, and the keys under which it is put.

    ``package`` is None when a file that is not there may set any key; ``missing`` says why there is no document.
    """

    document: Document | None
    package: tuple[str, ...] | None
    missing: str = ""


class Entry(NamedTuple):
    """One item of a defaults list: ``override /group@package: name``, or ``group/name@package`` that nothing overrides."""

    group: str
    name: str | list[str] | None
    package: str | None = None
    optional: bool = False
    override: bool = False
    fixed: bool = False

    @classmethod
    def path(cls, path: str, package: str | None, optional: bool = False) -> Entry:
        folder, slash, name = path.rpartition("/")
        return cls(folder or slash, name, package, optional, fixed=True)


class Place(NamedTuple):
    """Where a config stands: the folder that is the root of configs, the group it is in, and its package."""

    root: str | None
    group: str
    package: str


def parts(document: Document) -> list[Part]:
    """The files that a config with a defaults list is composed of, the config itself among them, in order of merging."""
    package = _package_of(document) or ""
    return _Tree(document).expand(document, Place(None, "", _final("", package, "")), 0)


class _Tree:
    """The walk through the defaults lists, from the checked config down."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._choices: dict[str, str | list[str] | None] = {}
        self._known: dict[str, str] = {}
        self._root: str | None = None
        self._count = 0

    def expand(self, document: Document, place: Place, depth: int) -> list[Part]:
        """The parts of one config: those before ``_self_``, its own content, those after.

        Items are entered last to first, as Hydra does: of two overrides of a group the one entered first holds.
        """
        own = Part(document, tuple(place.package.split(".")) if place.package else ())
        items = list(entries(document))
        for item in items:
            if item.override:
                self._choices.setdefault(_choice_key(item, place), item.name)
        items = [item for item in items if not item.override]
        if not any(item.name == "_self_" for item in items):
            items.append(Entry("", "_self_"))
        found = [[own] if item.name == "_self_" else None for item in items]
        for interpolated in (False, True):
            for index in reversed(range(len(items))):
                if found[index] is None and (("${" in f"{items[index].group}{items[index].name}") == interpolated):
                    found[index] = self._item(items[index], place, depth)
        return [part for each in found for part in each or ()]

    def _item(self, item: Entry, place: Place, depth: int) -> list[Part]:
        name = item.name if item.fixed else self._choices.get(_choice_key(item, place), item.name)
        if isinstance(name, list):
            listed = (Entry.path(f"{item.group}/{path}", item.package, item.optional) for path in name)
            return [part for each in listed for part in self._config(each, place, depth)]
        return [] if name is None else self._config(item._replace(name=name), place, depth)

    def _config(self, item: Entry, place: Place, depth: int) -> list[Part]:
        item = item._replace(group=self._chosen(item.group), name=self._chosen(str(item.name)))
        group, name = _group_path(item, place), str(item.name)
        if not item.fixed:
            self._known[_choice_key(item, place)] = name
        if group == "hydra" or group.startswith("hydra/"):
            return []  # of Hydra's own, such as its logging
        self._count += 1
        found = self._find(item, place, posixpath.join(group, name))
        if found is None or depth >= _DEEPEST or self._count > _MOST:
            return self._missing(item, place, posixpath.join(group, name))
        document, root = found
        package = item.package if item.package is not None else _package_of(document)
        return self.expand(document, Place(root, group, _final(place.package, package, item.group, name)), depth + 1)

    def _chosen(self, name: str) -> str:
        """A name with ``${group}`` filled in from the groups chosen so far."""
        return _CHOICE.sub(lambda match: self._known.get(match[1], "???"), name)

    def _find(self, item: Entry, place: Place, path: str) -> tuple[Document, str] | None:
        """The config at a path below the root of configs, and that root.

        The checked file may stand in a group: then the root lies above it, at the nearest folder where the path leads.
        """
        known = self._root if place.root is None else place.root
        absolute = item.group.startswith("/")
        roots = [known] if known is not None and not absolute else ["/".join([".."] * up) for up in range(_HIGHEST)]
        for root in roots if "???" not in path else ():
            document = self._document.sibling(
                posixpath.join(root, path + ("" if path.endswith((".yaml", ".yml")) else ".yaml"))
            )
            if document is not None:
                self._root = root if place.root is None and not absolute else self._root
                return document, root
        return None

    def _missing(self, item: Entry, place: Place, path: str) -> list[Part]:
        if item.optional and self._document.neighbour is not None:
            return []
        package = None if item.package is None else _final(place.package, item.package, item.group, str(item.name))
        return [
            Part(None, tuple(package.split(".")) if package else None, f"`{path}` of its defaults list is not known")
        ]


def entries(document: Document) -> Iterator[Entry]:
    """The items of a document's defaults list."""
    listed = document.data.get("defaults") if isinstance(document.data, dict) else None
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, str):
            path, _, package = item.partition("@")
            yield Entry.path(path, package or None)
        elif isinstance(item, dict):
            for key, value in item.items():
                if value is None or isinstance(value, str | list):
                    yield _choice(str(key), value, optional=item.get("optional") is True)


def _choice(key: str, value: str | list[object] | None, *, optional: bool) -> Entry:
    *keywords, group = key.split(" ")
    group, _, package = group.partition("@")
    name = [str(path) for path in value] if isinstance(value, list) else value
    optional |= "optional" in keywords
    return Entry(group, name, package.split(":")[0] or None, optional, override="override" in keywords)


def _group_path(item: Entry, place: Place) -> str:
    return item.group.strip("/") if item.group.startswith("/") else posixpath.join(place.group, item.group).strip("/")


def _choice_key(item: Entry, place: Place) -> str:
    """What an override must name: the group, and the package when that is not the group's own."""
    group = _group_path(item, place)
    package = _final(place.package, item.package, item.group)
    return group if package == group.replace("/", ".") else f"{group}@{package or '_global_'}"


def _final(parent: str, package: str | None, group: str, name: str = "") -> str:
    """The package of an item within its parent's: the group's when none is given; ``_global_`` begins at the root."""
    if package is None:
        package = group.strip("/").replace("/", ".")
    package = package.replace("_name_", name) if name else package
    full = ".".join(part for part in (parent, "" if package == "_here_" else package) if part)
    _, found, rest = full.rpartition("_global_")
    return (
        rest[1:] if found else full
    )  # one character more is cut off, so that audiocraft's `__global__` is the root, too


def _package_of(document: Document) -> str | None:
    """The package that a ``# @package`` line at the head of a file gives, made absolute; None without one."""
    for line in filter(None, map(str.strip, document.source.text[:512].splitlines())):
        header = _HEADER.fullmatch(line)
        if header is None or header[2] == "_group_":
            return None
        if header[1] == "package":
            return header[2] if header[2].startswith("_global_") else f"_global_.{header[2]}"
    return None
