"""Show the derivation of a config's temporal coverage, layer by layer, with its claims and whether each is met."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from rflint.cli.files import File, Request, files, neighbour_of
from rflint.discover import PathProblem
from rflint.engine import Asked, understand
from rflint.measure import measure
from rflint.model import Model
from rflint.reports import EXPLAIN_REPORTS, explain_report
from rflint.reports.explanation import ClaimView, Explanation, ModelView


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of ``rflint explain``."""
    add = parser.add_argument
    add("paths", nargs="+", metavar="FILE", help="configs; - is standard input")
    add("--format", choices=list(EXPLAIN_REPORTS), default="text")
    add("--target", action="append", default=[], metavar="PHRASE", help='such as "encoder: 30 ms frames every 10 ms"')
    add("--stdin-filename", default="stdin.yaml", metavar="NAME", help="the name of standard input")


def run(options: argparse.Namespace) -> int:
    """Explain every file; 0 when each could be looked at, 1 when one holds no model that rflint knows, else 2."""
    explanations, status = [], 0
    targets = tuple((None, phrase) for phrase in options.target)
    for file in files(Request(options.paths, options.stdin_filename)):
        if isinstance(file, PathProblem):
            print(f"rflint: {file.path}: {file.message}", file=sys.stderr)
            status = 2
            continue
        explanation = _explain(file, targets)
        if explanation.dialect or file.named:
            explanations.append(explanation)
        if not explanation.dialect and file.named:
            status = max(status, 1)
    sys.stdout.write(explain_report(options.format).render(explanations))
    return status


def _explain(file: File, targets: Sequence[tuple[str | None, str]]) -> Explanation:
    if file.trouble:
        return Explanation(file.name, None, (), (file.trouble,))
    reading = understand(
        file.data, file.name, file.settings, Asked(targets, neighbour_of(file.name, file.under), file.named)
    )
    problems = tuple(f"{finding.span.line}:{finding.span.column}: {finding.message}" for finding in reading.findings)
    return Explanation(file.name, reading.dialect, [_view(model) for model in reading.models], problems)


def _view(model: Model) -> ModelView:
    verdicts = []
    for claim in model.claims:
        measurement = measure(model, claim)
        if measurement is not None:
            verdict = measurement.verdict
            verdicts.append(
                ClaimView(claim, verdict.met, verdict.declared_text, verdict.computed_text, measurement.stack.role)
            )
    return ModelView(model, verdicts)
