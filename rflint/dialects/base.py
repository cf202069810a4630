"""What a dialect is: a module that recognises one framework's configs and says what they mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from rflint.documents import Cursor
from rflint.model import Model


class Dialect(Protocol):
    """The attributes of a dialect module.

    ``recognise`` answers from the content alone and is confident or silent; ``read`` yields a `Model` per model found
    and reads the cursor only through its typed accessors; ``SCHEMA`` names the file in ``schemas/`` that holds types
    and ranges; ``LOADER`` says whose scalar rules apply (``pyyaml``, ``omegaconf``, ``ruamel`` or ``json``).

    A dialect whose files are composed of others may have a function ``compose`` from the document to the composed one
    (``compose = Document.composed`` for Hydra's defaults lists): then ``recognise`` is asked about both, and ``read`` and
    the schema get the composed one. Its values stand in their own files, and those that a file that is not there may
    set are unknown. One that reads all documents of a file as one config has ``MERGES_DOCUMENTS = True``.
    """

    NAME: str
    TITLE: str
    SCHEMA: str
    LOADER: str

    def recognise(self, root: Cursor) -> bool: ...

    def read(self, root: Cursor) -> Iterator[Model]: ...
