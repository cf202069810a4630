"""List the frameworks whose configs rflint reads, in the order in which it tries them."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import cast

from rflint.dialects.base import Dialect
from rflint.dialects.registry import DIALECTS


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of ``rflint dialects``."""
    parser.add_argument("--format", choices=["text", "json"], default="text")


def run(options: argparse.Namespace) -> int:
    """Print the list and return 0."""
    dialects = [cast(Dialect, import_module(f"rflint.dialects.{entry.module}")) for entry in DIALECTS]
    if options.format == "json":
        import json

        records = [{"name": d.NAME, "title": d.TITLE, "schema": d.SCHEMA, "loader": d.LOADER} for d in dialects]
        print(json.dumps({"schema_version": 1, "dialects": records}, indent=2, ensure_ascii=False))
        return 0
    for dialect in dialects:
        print(f"{dialect.NAME:<22} {dialect.TITLE}")
    return 0
