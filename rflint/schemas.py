"""The JSON Schemas: the folder ``schemas/`` of the source tree, shipped inside the package in a wheel."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

_HERE = os.path.dirname(__file__)
_FOLDERS = (os.path.join(_HERE, "schemas"), os.path.join(os.path.dirname(_HERE), "schemas"))


def schema_path(name: str) -> str:
    """The file that holds a schema.

    Raises:
        FileNotFoundError: there is no schema of that name, or the installation is incomplete.
    """
    for folder in _FOLDERS:
        path = os.path.join(folder, f"{name}.json")
        if os.path.isfile(path):
            return path
    raise FileNotFoundError(f"no schema named {name}")


@cache
def load_schema(name: str) -> dict[str, Any]:
    """A schema of ``schemas/`` as plain data."""
    import json

    with open(schema_path(name), encoding="utf-8") as file:
        schema: dict[str, Any] = json.load(file)
    return schema
