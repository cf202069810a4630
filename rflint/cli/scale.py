"""List every key that must change together when the sample rate changes, as a diff that can be applied.

What cannot keep its meaning at the new rate is said on standard error. Exit status: 0, or 2 when nothing can be scaled.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from rflint.cli.files import Request, files, neighbour_of
from rflint.cli.mend import encoding_of
from rflint.discover import PathProblem
from rflint.engine import Asked, Reading, understand
from rflint.fixing import diff, write_atomically
from rflint.scaling import Scaled, scale


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of ``rflint scale``."""
    add = parser.add_argument
    add("path", metavar="FILE", help="a config; - is standard input")
    add("--sample-rate", type=int, required=True, metavar="HZ", help="the new sample rate")
    add("--apply", action="store_true", help="change the file instead of printing the diff")
    add("--stdin-filename", default="stdin.yaml", metavar="NAME", help="the name of standard input")


def run(options: argparse.Namespace) -> int:
    """Scale one file."""
    if options.sample_rate < 1:
        print("rflint: a sample rate is a positive number of Hz", file=sys.stderr)
        return 2
    for file in files(Request([options.path], options.stdin_filename)):
        trouble = file.message if isinstance(file, PathProblem) else file.trouble
        if isinstance(file, PathProblem) or trouble:
            print(f"rflint: {options.path}: {trouble}", file=sys.stderr)
            return 2
        reading = understand(file.data, file.name, file.settings, Asked((), neighbour_of(file.name, file.under), True))
        if not reading.models:
            print(f"rflint: {file.name}: no model config that rflint recognises", file=sys.stderr)
            return 2
        scaled = scale(list(reading.models), options.sample_rate)
        text = reading.documents[0].source.text
        after = changed(reading, scaled)
        for line in (*scaled.said, *elsewhere(reading, scaled)):
            print(f"rflint: {line}", file=sys.stderr)
        encoding = encoding_of(text, file.data)
        if options.apply and encoding:
            write_atomically(file.name, after.encode(encoding))
        else:
            sys.stdout.write(diff(text, after, file.name))
    return 0


def elsewhere(reading: Reading, scaled: Scaled) -> Iterator[str]:
    """What is to change in the files that the config is composed of."""
    for change in scaled.changes:
        if change.where.name != reading.name:
            yield f"{change.where.name}: `{change.where.key}`: {change.old} → {change.new}"


def changed(reading: Reading, scaled: Scaled) -> str:
    """The text of the file after all changes that can be written."""
    text = reading.documents[0].source.text
    own = [c for c in scaled.changes if c.where.document.name == reading.name and c.edit is not None]
    for edit in sorted({c.edit for c in own if c.edit is not None}, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
