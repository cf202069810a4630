"""Print the documentation of a rule, found by its code or name; without one, list all rules."""

from __future__ import annotations

import argparse
import sys

from rflint.rules.base import Rule
from rflint.rules.registry import ALL_RULES


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of ``rflint rule``."""
    parser.add_argument("rule", nargs="?", metavar="CODE", help="a code such as RF301, or a name")
    parser.add_argument("--format", choices=["text", "json"], default="text")


def run(options: argparse.Namespace) -> int:
    """Print and return 0; 2 when no rule is called so."""
    chosen = [rule for rule in ALL_RULES if options.rule in (None, rule.CODE, rule.CODE.lower(), rule.NAME)]
    if not chosen:
        print(f"rflint: no rule is called `{options.rule}`; `rflint rule` lists them", file=sys.stderr)
        return 2
    if options.format == "json":
        _print_json(chosen)
    elif options.rule:
        print(page(chosen[0]))
    else:
        for rule in chosen:
            print(f"{rule.CODE}  {rule.NAME:<26} {rule.SEVERITY:<8} {title(rule)}")
    return 0


def page(rule: Rule) -> str:
    """The page of a rule: its identity and its docstring."""
    return f"# {rule.CODE} {rule.NAME} ({rule.SEVERITY})\n\n{documentation(rule)}"


def title(rule: Rule) -> str:
    return documentation(rule).splitlines()[0]


def documentation(rule: Rule) -> str:
    """The module's docstring; a Python run with -OO has none, and says so."""
    return (rule.__doc__ or "No documentation: Python runs with -OO, which strips it.").strip()


def _print_json(rules: list[Rule]) -> None:
    import json

    records = [
        {"code": r.CODE, "name": r.NAME, "severity": r.SEVERITY, "title": title(r), "documentation": documentation(r)}
        for r in rules
    ]
    print(json.dumps({"schema_version": 1, "rules": records}, indent=2, ensure_ascii=False))
