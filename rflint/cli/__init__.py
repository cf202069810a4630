"""The command line: one module a sub-command, each with `configure(parser)` and `run(options, streams) -> int`.

`main` is the one place that decides the exit status for trouble: 2 for wrong usage or settings, 130 for an interrupt.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import argparse

COMMANDS: Final[dict[str, str]] = {
    "check": "check configs; exit 1 on findings",
    "explain": "show the derivation of a config's temporal coverage, layer by layer",
    "solve": "find stacks that meet a target",
    "scale": "list what must change together for another sample rate",
    "diff": "show what a change does to the temporal coverage",
    "rule": "print the documentation of a rule, or list all rules",
    "dialects": "list the frameworks whose configs rflint reads",
}

USAGE: Final = """\
usage: rflint COMMAND [OPTIONS] [PATH ...]

A linter for audio-model configs: it derives how much time the model sees, exactly,
and flags what the config says otherwise.

commands:
{commands}

  rflint COMMAND --help   says more about one
  rflint --version        prints the version
"""


def start() -> int:
    """`main` in a process of its own: it leaves the end of its memory to the system."""
    import gc

    gc.disable()  # what files leave in cycles is collected from time to time, see look.py
    status = main()
    gc.freeze()  # else Python looks through everything once more before it stops
    return status


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 clean, 1 findings, 2 wrong usage, settings or an internal error."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] in (["--version"], ["-V"]):
        from rflint import __version__

        print(f"rflint {__version__}")
        return 0
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_usage(), end="")
        return 0 if arguments else 2
    if arguments[0] not in COMMANDS:
        return _unknown(arguments[0])
    return _run(arguments[0], arguments[1:])


def _usage() -> str:
    return USAGE.format(commands="\n".join(f"  {name:<10} {text}" for name, text in COMMANDS.items()))


def _unknown(name: str) -> int:
    import difflib
    import os

    if os.path.exists(name):
        near = f"to check it, run `rflint check {name}`"
    else:
        close = difflib.get_close_matches(name, COMMANDS, 1)
        near = f"did you mean `{close[0]}`?" if close else f"commands: {', '.join(COMMANDS)}"
    print(f"rflint: no command `{name}`; {near}", file=sys.stderr)
    return 2


def _help(prog: str) -> argparse.HelpFormatter:
    """A formatter of a known width: argparse would import shutil and three compressors to ask the terminal, on every run."""
    import argparse
    import os

    columns = os.environ.get("COLUMNS", "")
    return argparse.RawDescriptionHelpFormatter(prog, width=int(columns) if columns.isdigit() else 100)


def _run(name: str, arguments: Sequence[str]) -> int:
    import argparse
    from importlib import import_module

    from rflint.settings import SettingsError

    command = import_module(f"rflint.cli.{name}")
    parser = argparse.ArgumentParser(
        prog=f"rflint {name}", description=command.__doc__, allow_abbrev=False, formatter_class=_help
    )
    command.configure(parser)
    try:
        status: int = command.run(parser.parse_args(arguments))
        sys.stdout.flush()
        return status
    except SystemExit as stop:  # argparse: --help is 0, wrong usage 2
        return stop.code if isinstance(stop.code, int) else 2
    except SettingsError as error:
        print(f"rflint: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if isinstance(error, BrokenPipeError):  # the reader (`| head`) has seen enough
            sys.stderr.close()
            return 0
        print(f"rflint: {error.filename or ''}: {error.strerror or error}", file=sys.stderr)
        return 2
