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
from rflint.engine import Asked, Judgement, Reading, judge, judge_pair, understand, unreadable
from rflint.findings import SEVERITIES, Finding
from rflint.reports import FINDING_REPORTS, Run, finding_report
from rflint.settings import Settings, SettingsError


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of ``rflint check``."""
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="files or folders (default: .); - is standard input")
    add(
        "--format", choices=[*FINDING_REPORTS, "auto"], default="full", help="auto: github in GitHub Actions, else full"
    )
    add("--select", action="append", default=[], metavar="RULES", help="codes, prefixes or names to run, by commas")
    add("--ignore", action="append", default=[], metavar="RULES", help="codes, prefixes or names not to run")
    add("--target", action="append", default=[], metavar="PHRASE", help='such as "encoder: 30 ms frames every 10 ms"')
    add("--pair", action="append", default=[], nargs=2, metavar=("ONE", "OTHER"), help="files that exchange frames")
    add("--fail-on", choices=["error", "warning", "info", "never"], help="lowest severity for exit status 1")
    add("--exit-zero", action="store_true", help="exit 0 whatever is found")
    add("--fix", action="store_true", help="apply the fixes that cannot change what a model computes")
    add("--unsafe-fixes", action="store_true", help="apply (or with --diff show) the other fixes, too")
    add("--diff", action="store_true", help="show what fixes would change, and write nothing")
    add("--baseline", metavar="FILE", help="accept what this file lists")
    add("--write-baseline", metavar="FILE", help="write a baseline that accepts what is found now")
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
        self.fail_on: dict[str, str] = {}
        self.texts: dict[str, Sequence[str]] = {}
        self.readings: dict[str, tuple[Reading, Settings]] = {}
        self.files = self.recognised = self.suppressed = self.fixed = 0
        self.said: list[str] = []
        self.unusable = False


def run(options: argparse.Namespace) -> int:
    """Check everything that the options name, print the report, and decide the exit status."""
    check_selectors([*_rules(options.select), *_rules(options.ignore)])
    if options.write_baseline and (options.fix or options.diff):
        raise SettingsError("--write-baseline accepts what is found: it goes with neither --fix nor --diff")
    tally = Tally()
    for file in files(_request(options), lambda settings: _adjusted(settings, options)):
        if isinstance(file, PathProblem):
            tally.said.append(f"rflint: {file.path}: {file.message}")
            tally.unusable = True
        else:
            _check(file, tally, options)
    tally.findings += list(_pairs(tally, options))
    if options.baseline or options.write_baseline:
        _apply_baseline(tally, options)
    for line in tally.said:
        print(line, file=sys.stderr)
    if not options.diff:
        report = finding_report(_format(options.format))
        sys.stdout.write(report.render(sorted(tally.findings), _run_facts(tally, options)))
    return _status(tally, options)


def _status(tally: Tally, options: argparse.Namespace) -> int:
    if tally.unusable or any(finding.code == "RF000" for finding in tally.findings):
        return 2
    if options.exit_zero or options.write_baseline:
        return 0
    if options.diff:
        return 1 if tally.fixed else 0
    return 1 if any(_fails(finding, tally.fail_on.get(finding.path, "warning")) for finding in tally.findings) else 0


def _check(file: File, tally: Tally, options: argparse.Namespace) -> None:
    asked = Asked(tuple((None, phrase) for phrase in options.target), neighbour_of(file.name), file.named)
    if file.trouble:
        reading = Reading(file.name, None, (), (), [unreadable(file.name, file.trouble)])
    else:
        reading = understand(file.data, file.name, file.settings, asked)
    judgement = judge(reading, file.settings)
    if (options.fix or options.unsafe_fixes or options.diff) and judgement.findings:
        reading, judgement = _mended(file, reading, judgement.findings, asked, tally, options) or (reading, judgement)
    tally.files += 1
    tally.recognised += reading.dialect is not None
    tally.suppressed += judgement.suppressed
    tally.findings += judgement.findings
    tally.fail_on[file.name] = file.settings.fail_on
    if reading.dialect and (options.pair or file.settings.pairs):
        tally.readings[os.path.normpath(file.name)] = (reading, file.settings)
    for document in reading.documents if judgement.findings or options.pair else ():
        tally.texts[document.name] = document.source.lines
    if options.verbose and reading.dialect:
        tally.said += _derivations(reading)


def _mended(
    file: File, reading: Reading, findings: Sequence[Finding], asked: Asked, tally: Tally, options: argparse.Namespace
) -> tuple[Reading, Judgement] | None:
    """The reading and judgement of a file after its fixes; None when it stays as it is."""
    from rflint.cli.mend import mend, save, show

    fixed = mend(file, reading, findings, asked, unsafe=options.unsafe_fixes)
    if fixed is None:
        return None
    text = reading.documents[0].source.text
    tally.fixed += len(fixed.applied)
    if options.diff:
        show(file, fixed, text, color=_colored(options.color))
        return None
    if file.name == options.stdin_filename and list(options.paths) == ["-"]:
        return None
    save(file, fixed, text)
    tally.said.append(f"rflint: {file.name}: fixed {len(fixed.applied)} of {len(findings)}")
    again = understand(fixed.text, file.name, file.settings, asked)
    return again, judge(again, file.settings)


def _pairs(tally: Tally, options: argparse.Namespace) -> Iterator[Finding]:
    """The findings about pairs: those of the command line, and those that the settings name by pattern."""
    for one, other in options.pair:
        pair = [tally.readings.get(os.path.normpath(name)) for name in (one, other)]
        if pair[0] and pair[1]:
            yield from judge_pair(pair[0][0], pair[1][0], pair[0][1])
    readings = list(tally.readings.values())
    for reading, settings in readings:
        for pair_setting in settings.pairs:
            if settings.matches(reading.name, pair_setting.one):
                others = [other for other, _ in readings if settings.matches(other.name, pair_setting.other)]
                for other_reading in others:
                    yield from judge_pair(reading, other_reading, settings)


def _apply_baseline(tally: Tally, options: argparse.Namespace) -> None:
    from rflint import baseline

    if options.write_baseline:
        with open(options.write_baseline, "w", encoding="utf-8") as file:
            file.write(baseline.write(options.write_baseline, tally.findings))
        tally.said.append(f"rflint: {options.write_baseline} accepts {len(tally.findings)} findings")
    if options.baseline:
        accepted = baseline.read(options.baseline)
        result = baseline.apply(options.baseline, accepted, sorted(tally.findings), list(tally.fail_on))
        tally.findings, tally.suppressed = result.findings, tally.suppressed + result.accepted
        if result.stale:
            tally.said.append(f"rflint: {options.baseline}: {result.stale} entries look mended; write it again")


def _fails(finding: Finding, fail_on: str) -> bool:
    return fail_on != "never" and SEVERITIES.index(finding.severity) >= [*SEVERITIES].index(fail_on)  # type: ignore[arg-type]


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
    named = [name for pair in options.pair for name in pair]
    paths = [*options.paths, *named] or ["."]
    return Request(paths, options.stdin_filename, options.force_exclude, options.config, options.isolated)


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

    for selector in selectors:
        if not any(rule.CODE.startswith(selector) or selector == rule.NAME for rule in ALL_RULES):
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
