"""Check configs and report every place where what they say differs from what the model does.

Exit status: 0 clean, 1 findings of severity warning or error (see --fail-on), 2 wrong usage, settings or an internal
error. Files that are no model configs are passed over in silence.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rflint import __version__
from rflint.cli.files import File, Request, read_candidate, read_standard_input
from rflint.cli.look import Outcome, Wish, asked_of, look_at, look_at_all, processes
from rflint.discover import Candidate, PathProblem
from rflint.findings import SEVERITIES, Finding
from rflint.reports import FINDING_REPORTS, Run, finding_report
from rflint.settings import SettingsError

if TYPE_CHECKING:
    from rflint.engine import Reading


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
    add("--jobs", type=int, metavar="N", help="processes for many files (default: one for each processor)")
    add("--verbose", action="store_true", help="say which dialect each file is, and what could not be derived")


def run(options: argparse.Namespace) -> int:
    """Check everything that the options name, print the report, and decide the exit status."""
    check_selectors([*_rules(options.select), *_rules(options.ignore)])
    if options.write_baseline and (options.fix or options.diff):
        raise SettingsError("--write-baseline accepts what is found: it goes with neither --fix nor --diff")
    wish = _wish(options)
    looked = list(_look(wish, processes(options.jobs)))
    outcomes = [item for item in looked if isinstance(item, Outcome)]
    problems = [item for item in looked if isinstance(item, PathProblem)]
    # what stands in a file that several configs are composed of is found again with each
    findings = list(dict.fromkeys(finding for outcome in outcomes for finding in outcome.findings))
    findings += _pairs(outcomes, options.pair, wish)
    said = [f"rflint: {problem.path}: {problem.message}" for problem in problems]
    said += [line for outcome in outcomes for line in outcome.said]
    accepted = 0
    if options.baseline or options.write_baseline:
        findings, accepted, told = _baseline(findings, outcomes, options)
        said += told
    for line in said:
        print(line, file=sys.stderr)
    if options.diff:
        sys.stdout.write("".join(outcome.diff for outcome in outcomes))
    else:
        facts = _facts(outcomes, accepted, wish)._replace(pages=_pages(findings))
        sys.stdout.write(finding_report(_format(options.format)).render(sorted(findings), facts))
    if problems or any(finding.code == "RF000" for finding in findings):
        return 2
    return _status(findings, outcomes, options)


def _status(findings: Sequence[Finding], outcomes: Sequence[Outcome], options: argparse.Namespace) -> int:
    if options.exit_zero or options.write_baseline:
        return 0
    if options.diff:
        return 1 if any(outcome.diff for outcome in outcomes) else 0
    thresholds = {outcome.name: outcome.settings.fail_on for outcome in outcomes}
    return 1 if any(_fails(finding, thresholds.get(finding.path, "warning")) for finding in findings) else 0


def _fails(finding: Finding, fail_on: str) -> bool:
    return fail_on != "never" and SEVERITIES.index(finding.severity) >= [*SEVERITIES].index(fail_on)  # type: ignore[arg-type]


def _wish(options: argparse.Namespace) -> Wish:
    paths = [*options.paths, *(name for pair in options.pair for name in pair)] or ["."]
    return Wish(
        Request(paths, options.stdin_filename, options.force_exclude, options.config, options.isolated),
        tuple(_rules(options.select)),
        tuple(_rules(options.ignore)),
        options.fail_on,
        tuple(options.target),
        options.fix,
        options.unsafe_fixes,
        options.diff,
        options.verbose,
        _colored(options.color),
    )


def _look(wish: Wish, jobs: int) -> Iterator[Outcome | PathProblem]:
    if wish.request.standard_input:
        settings = wish.adjusted(wish.request.settings(wish.request.stdin_filename))
        return iter([look_at(read_standard_input(wish.request, settings), wish)])
    return look_at_all(list(wish.request.candidates()), wish, jobs)


def _pairs(outcomes: Sequence[Outcome], named: Sequence[Sequence[str]], wish: Wish) -> Iterator[Finding]:
    """The findings about pairs: those of the command line, and those that the settings name by pattern."""
    known = {outcome.name: outcome for outcome in outcomes if outcome.dialect}
    pairs = {(os.path.normpath(one), os.path.normpath(other)) for one, other in named}
    for outcome in known.values():
        for pair in outcome.settings.pairs:
            if outcome.settings.matches(outcome.name, pair.one):
                pairs |= {(outcome.name, name) for name in known if outcome.settings.matches(name, pair.other)}
    for one, other in sorted(pairs):
        if one in known and other in known:
            from rflint.engine import judge_pair  # of two files that are configs

            yield from judge_pair(_reading(one, known, wish), _reading(other, known, wish), known[one].settings)


def _reading(name: str, known: dict[str, Outcome], wish: Wish) -> Reading:
    from rflint.engine import understand

    file: File = read_candidate(Candidate(name, named=True), known[name].settings)
    return understand(file.data, file.name, file.settings, asked_of(file, wish))


def _baseline(
    findings: list[Finding], outcomes: Sequence[Outcome], options: argparse.Namespace
) -> tuple[list[Finding], int, list[str]]:
    """The findings that a baseline leaves, how many it accepts, and what is to be said of it."""
    from rflint import baseline

    if options.write_baseline:
        with open(options.write_baseline, "w", encoding="utf-8") as file:
            file.write(baseline.write(options.write_baseline, findings))
        return findings, 0, [f"rflint: {options.write_baseline} accepts {len(findings)} findings"]
    names = [outcome.name for outcome in outcomes]
    result = baseline.apply(options.baseline, baseline.read(options.baseline), sorted(findings), names)
    stale = f"rflint: {options.baseline}: {result.stale} entries look mended; write it again"
    return result.findings, result.accepted, [stale] if result.stale else []


def _facts(outcomes: Sequence[Outcome], accepted: int, wish: Wish) -> Run:
    return Run(
        texts={name: lines for outcome in outcomes for name, lines in outcome.texts},
        files=len(outcomes),
        recognised=sum(outcome.dialect is not None for outcome in outcomes),
        suppressed=sum(outcome.suppressed for outcome in outcomes) + accepted,
        color=wish.color,
        unicode=(sys.stdout.encoding or "").lower().replace("-", "").startswith("utf"),
        version=__version__,
    )


def _pages(findings: Sequence[Finding]) -> dict[str, str]:
    """The documentation of the rules that spoke."""
    if not findings:
        return {}
    from rflint.cli.rule import documentation
    from rflint.rules.registry import ALL_RULES

    spoke = {finding.code for finding in findings}
    return {rule.CODE: documentation(rule) for rule in ALL_RULES if rule.CODE in spoke}


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
