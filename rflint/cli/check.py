"""Check configs and report every place where what they say differs from what the model does.

Exit status: 0 clean, 1 findings of severity warning or error (see --fail-on), 2 wrong usage, settings or an internal
error. Files that are no model configs are passed over in silence.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence

from rflint import __version__
from rflint.cli.files import File, Request, files, neighbour_of
from rflint.discover import PathProblem
from rflint.engine import Asked, Reading, judge, understand, unreadable
from rflint.findings import SEVERITIES, Finding
from rflint.reports import FINDING_REPORTS, Run, finding_report
from rflint.settings import Settings


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of ``rflint check``."""
    add = parser.add_argument
    add("paths", nargs="*", default=["."], metavar="PATH", help="files or folders (default: .); - is standard input")
    add("--format", choices=[*FINDING_REPORTS, "auto"], default="full", help="auto: github in GitHub Actions, else full")
    add("--select", action="append", default=[], metavar="RULES", help="codes, prefixes or names to run, by commas")
    add("--ignore", action="append", default=[], metavar="RULES", help="codes, prefixes or names not to run")
    add("--target", action="append", default=[], metavar="PHRASE", help='such as "encoder: 30 ms frames every 10 ms"')
    add("--fail-on", choices=["error", "warning", "info", "never"], help="lowest severity for exit status 1")
    add("--exit-zero", action="store_true", help="exit 0 whatever is found")
    add("--stdin-filename", default="stdin.yaml", metavar="NAME", help="the name of standard input")
    add("--force-exclude", action="store_true", help="treat named files as found ones: excludes hold (for hooks)")
    add("--config", metavar="FILE", help="the settings file to use for every path")
    add("--isolated", action="store_true", help="use no settings file")
    add("--color", choices=["auto", "always", "never"], default="auto")
    add("--verbose", action="store_true", help="say which dialect each file is, and what could not be derived")


class Tally:
    """What a run has met so far."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.failing = False
        self.texts: dict[str, Sequence[str]] = {}
        self.files = self.recognised = self.suppressed = 0
        self.said: list[str] = []
        self.unusable = False


def run(options: argparse.Namespace) -> int:
    """Check everything that the options name, print the report, and decide the exit status."""
    check_selectors([*_rules(options.select), *_rules(options.ignore)])
    tally = Tally()
    targets = tuple((None, phrase) for phrase in options.target)
    for file in files(_request(options), lambda settings: _adjusted(settings, options)):
        if isinstance(file, PathProblem):
            tally.said.append(f"rflint: {file.path}: {file.message}")
            tally.unusable = True
        else:
            _check(file, targets, tally, verbose=options.verbose)
    for line in tally.said:
        print(line, file=sys.stderr)
    report = finding_report(_format(options.format))
    sys.stdout.write(report.render(sorted(tally.findings), _run_facts(tally, options)))
    if tally.unusable or any(finding.code == "RF000" for finding in tally.findings):
        return 2
    return 1 if tally.failing and not options.exit_zero else 0


def _check(file: File, targets: Sequence[tuple[str | None, str]], tally: Tally, *, verbose: bool) -> None:
    if file.trouble:
        reading = Reading(file.name, None, (), (), [unreadable(file.name, file.trouble)])
    else:
        asked = Asked(targets, neighbour_of(file.name), file.named)
        reading = understand(file.data, file.name, file.settings, asked)
    judgement = judge(reading, file.settings)
    tally.files += 1
    tally.recognised += reading.dialect is not None
    tally.suppressed += judgement.suppressed
    tally.findings += judgement.findings
    tally.failing |= any(_fails(finding, file.settings.fail_on) for finding in judgement.findings)
    for document in reading.documents if judgement.findings else ():
        tally.texts[document.name] = document.source.lines
    if verbose and reading.dialect:
        tally.said += _derivations(reading)


def _fails(finding: Finding, fail_on: str) -> bool:
    return fail_on != "never" and SEVERITIES.index(finding.severity) >= SEVERITIES.index(fail_on)  # type: ignore[arg-type]


def _derivations(reading: Reading) -> Iterator[str]:
    yield f"{reading.name}: {reading.dialect}"
    for model in reading.models:
        for note in model.notes:
            yield f"{reading.name}: {note.subject} could not be derived: {note.reason}"


def _run_facts(tally: Tally, options: argparse.Namespace) -> Run:
    return Run(
        texts=tally.texts,
        files=tally.files,
        recognised=tally.recognised,
        suppressed=tally.suppressed,
        color=_colored(options.color),
        unicode=(sys.stdout.encoding or "").lower().replace("-", "").startswith("utf"),
        version=__version__,
    )


def _request(options: argparse.Namespace) -> Request:
    return Request(options.paths, options.stdin_filename, options.force_exclude, options.config, options.isolated)


def _adjusted(settings: Settings, options: argparse.Namespace) -> Settings:
    """The settings of a file with the command line's choices on top."""
    if options.select:
        settings = settings._replace(select=tuple(_rules(options.select)))
    if options.ignore:
        settings = settings._replace(ignore=settings.ignore + tuple(_rules(options.ignore)))
    return settings._replace(fail_on=options.fail_on) if options.fail_on else settings


def _rules(values: Sequence[str]) -> list[str]:
    return [rule.strip() for value in values for rule in value.split(",") if rule.strip()]


def check_selectors(selectors: Sequence[str]) -> None:
    """Refuse a code, prefix or name that no rule has.

    Raises:
        SettingsError: with the nearest rule there is.
    """
    if not selectors:
        return
    from rflint.rules.registry import ALL_RULES
    from rflint.settings import SettingsError

    for selector in selectors:
        if not any(rule.CODE.startswith(selector) or rule.NAME == selector for rule in ALL_RULES):
            raise SettingsError(f"no rule is called `{selector}`; `rflint rule` lists them")


def _format(name: str) -> str:
    if name != "auto":
        return name
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "full"


def _colored(choice: str) -> bool:
    environment = os.environ
    if choice != "auto":
        return choice == "always"
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return bool(environment.get("FORCE_COLOR") or environment.get("CLICOLOR_FORCE")) or sys.stdout.isatty()
