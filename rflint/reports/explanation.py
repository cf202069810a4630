"""What an explain report is given: the models of each file and what became of their claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rflint.model import Claim, Model


class ClaimView(NamedTuple):
    """A claim and its verdict: ``met`` is None when it cannot be decided; ``stack`` is the role it speaks of."""

    claim: Claim
    met: bool | None
    declared: str
    computed: str
    stack: str


class ModelView(NamedTuple):
    """A model and the verdicts on its claims."""

    model: Model
    verdicts: Sequence[ClaimView] = ()


class Explanation(NamedTuple):
    """One file: its dialect (None when none recognises it), its models, and what kept it from being read in full."""

    path: str
    dialect: str | None
    models: Sequence[ModelView]
    problems: Sequence[str] = ()
