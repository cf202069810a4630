"""Limits on what is read: past one there is a located problem, in bounded time and memory."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

DEPTH = 100
"""Levels of nesting, aliases and merge keys followed. The deepest real config met has 14."""
NODES = 300_000
"""Keys, values and ends of collections in one YAML file, and keys and values after every alias is expanded."""
JSON_NODES = 1_000_000
"""Values written in one JSON file, which costs a tenth of YAML."""
TOML = 1_000_000
"""Characters of one TOML file, which the standard library reads slowly."""
DIGITS = 1000
"""Digits of one number; CPython refuses to print more than 4300."""
TEXT = 1000
"""Characters of a text filled in from references."""
CHAIN = 24
"""References followed one inside another; a longer chain is followed from its end."""
FILES = 64
"""Other files read to understand one."""


@contextmanager
def collector_paused() -> Iterator[None]:
    """Many objects at once, none of them garbage: the collector would look through all of them again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
