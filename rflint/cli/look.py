"""Looking at one file, or at many side by side: what a run needs to know of each, as plain values."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from rflint.cli.files import File, Request, neighbour_of, read_candidate
from rflint.dialects.registry import signed
from rflint.discover import Candidate, PathProblem
from rflint.settings import Settings

if TYPE_CHECKING:  # what understands configs is loaded once there is one
    from rflint.engine import Asked, Judgement, Reading
    from rflint.findings import Finding

WARM = 10
"""Files that are looked at before it is judged how long the others will take."""
LONG = 0.5
"""Seconds of work from which on starting processes pays off: it takes 50 ms."""
COLLECTED = 500
"""Configs after which cyclic garbage is collected: about 40 MB. Collecting as it comes costs a fifth of the run."""


class Wish(NamedTuple):
    """What the command line asks of every file."""

    request: Request
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str | None = None
    targets: tuple[str, ...] = ()
    fix: bool = False
    unsafe: bool = False
    diff: bool = False
    verbose: bool = False
    color: bool = False

    def adjusted(self, settings: Settings) -> Settings:
        """The settings of a file with the command line's choices on top."""
        if self.select:
            settings = settings._replace(select=self.select)
        if self.ignore:
            settings = settings._replace(ignore=settings.ignore + self.ignore)
        return settings._replace(fail_on=self.fail_on) if self.fail_on else settings


class Outcome(NamedTuple):
    """What was found in one file."""

    name: str
    dialect: str | None
    findings: Sequence[Finding]
    suppressed: int
    settings: Settings
    texts: Sequence[tuple[str, Sequence[str]]] = ()
    said: Sequence[str] = ()
    fixed: int = 0
    diff: str = ""


def look_at_all(items: Sequence[Candidate | PathProblem], wish: Wish, jobs: int) -> Iterator[Outcome | PathProblem]:
    """The outcome of every file, in order, whatever the number of processes."""
    start = monotonic()
    done = 0
    for outcome in look_at_some(items, wish):
        yield outcome
        done += 1
        if jobs > 1 and done >= WARM and (monotonic() - start) / done * (len(items) - done) > LONG:
            break
    if done < len(items):
        yield from _side_by_side(items[done:], wish, jobs)


def _side_by_side(items: Sequence[Candidate | PathProblem], wish: Wish, jobs: int) -> Iterator[Outcome | PathProblem]:
    from concurrent.futures import ProcessPoolExecutor
    from itertools import repeat
    from multiprocessing import get_all_start_methods, get_context

    # A fork has the modules loaded already; the run has started no thread.
    method = "fork" if "fork" in get_all_start_methods() else "spawn"
    size = -(-len(items) // (jobs * 16))
    chunks = [items[start : start + size] for start in range(0, len(items), size)]
    with ProcessPoolExecutor(jobs, mp_context=get_context(method)) as pool:
        for outcomes in pool.map(_listed, chunks, repeat(wish)):
            yield from outcomes


def _listed(items: Sequence[Candidate | PathProblem], wish: Wish) -> list[Outcome | PathProblem]:
    return list(look_at_some(items, wish))


def look_at_some(items: Sequence[Candidate | PathProblem], wish: Wish) -> Iterator[Outcome | PathProblem]:
    recognised = 0
    for item in items:
        if isinstance(item, PathProblem):
            yield item
            continue
        file = read_candidate(item, wish.adjusted(wish.request.settings(item.path)))
        yield (outcome := look_at(file, wish))
        recognised += outcome.dialect is not None
        if recognised == COLLECTED:
            gc.collect()
            recognised = 0


def look_at(file: File, wish: Wish) -> Outcome:
    """Read and judge one file, and mend it where that is wished."""
    if not (file.named or file.trouble or signed(file.data)):
        return Outcome(file.name, None, (), 0, file.settings)
    from rflint.engine import Reading, judge, understand, unreadable

    asked = asked_of(file, wish)
    if file.trouble:
        reading = Reading(file.name, None, (), (), [unreadable(file.name, file.trouble)])
    else:
        reading = understand(file.data, file.name, file.settings, asked)
    judgement, said, fixed, changes = judge(reading, file.settings), [], 0, ""
    if (wish.fix or wish.unsafe or wish.diff) and judgement.findings:
        from rflint.cli.mend import mended

        reading, judgement, fixed, changes = mended(file, reading, judgement, asked, wish)
        said += [f"rflint: {file.name}: fixed {fixed}"] if fixed and not changes else []
    if wish.verbose and reading.dialect:
        said += _derivations(reading)
    shown = (*reading.documents[:1], *reading.beside) if judgement.findings else ()
    texts = [(document.name, document.source.lines) for document in shown]
    return _outcome(file, reading, judgement, texts, said, fixed, changes)


def _outcome(
    file: File,
    reading: Reading,
    judgement: Judgement,
    texts: Sequence[tuple[str, Sequence[str]]],
    said: Sequence[str],
    fixed: int,
    changes: str,
) -> Outcome:
    findings, dropped = judgement
    return Outcome(file.name, reading.dialect, findings, dropped, file.settings, texts, said, fixed, changes)


def asked_of(file: File, wish: Wish) -> Asked:
    """What is asked of a file beside its own words."""
    from rflint.engine import Asked

    return Asked(tuple((None, phrase) for phrase in wish.targets), neighbour_of(file.name, file.under), file.named)


def _derivations(reading: Reading) -> Iterator[str]:
    yield f"{reading.name}: {reading.dialect}"
    for model in reading.models:
        for note in model.notes:
            yield f"{reading.name}: {note.subject} could not be derived: {note.reason}"


def processes(asked: int | None) -> int:
    """How many processes a run may use: as asked, else the processors this one may run on."""
    if asked is not None:
        return asked
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
