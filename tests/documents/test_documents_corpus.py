"""Every public config at hand is read as PyYAML and the standard library read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from document_helpers import walk

from rflint.documents import Cursor, read


class PlainLoader(yaml.CSafeLoader):
    """PyYAML's loader with its dates left as texts and its unknown tags left out."""


def _untagged(loader: Any, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    return (
        loader.construct_sequence(node, deep=True)
        if isinstance(node, yaml.SequenceNode)
        else loader.construct_scalar(node)
    )


PlainLoader.add_multi_constructor("!", _untagged)
PlainLoader.add_multi_constructor("tag:yaml.org,2002:python/", _untagged)
PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def theirs(data: bytes, *, is_json: bool) -> list[Any] | None:
    try:
        return [json.loads(data)] if is_json else list(yaml.load_all(data, PlainLoader))
    except (ValueError, yaml.YAMLError):
        return None


@pytest.mark.parametrize("kind", ["*.yaml", "*.yml", "*.json"])
def test_public_configs_are_read_as_their_loaders_read_them(kind: str, shared: Path) -> None:
    paths = [path for folder in ("corpus", "negatives") for path in (shared / folder).rglob(kind) if path.is_file()]
    for path in paths:
        data = path.read_bytes()
        expected = theirs(data, is_json=kind == "*.json")
        documents, problems = read(data, str(path))
        if any(problem.kind == "recursive-alias" for problem in problems):
            continue  # PyYAML reads it, and no other tool
        assert expected is None or [document.data for document in documents] == expected, path
        assert all(problem.kind == "duplicate-key" for problem in problems) or expected is None, path
        for document in documents:
            walk(Cursor(document), 20)

    assert len(paths) > 50
