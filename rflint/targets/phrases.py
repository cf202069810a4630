"""Target phrases: from ``30 ms frames every 10 ms`` to amounts with their nouns and qualifiers."""

from __future__ import annotations

import re
from fractions import Fraction

from rflint.targets.meaning import Part, check_together, settle
from rflint.targets.reader import Reader
from rflint.targets.target import Target
from rflint.targets.text import fold
from rflint.targets.tolerance import DEFAULT_TOLERANCES, EXACT, Tolerance, Tolerances
from rflint.targets.units import UNITS
from rflint.targets.vocabulary import PhraseError, Token, lexicon, tokenise

_HUGE = 10**40
_NAMED = re.compile(r"\s*([a-z_][a-z0-9_.\-/]{0,99})\s*(?::|(?=\"|'))")


def parse(
    phrase: str,
    default_stack: str | None = None,
    tolerances: Tolerances = DEFAULT_TOLERANCES,
) -> list[Target]:
    """The targets that a phrase declares, such as ``25 ms window / 10 ms hop`` or ``每10ms一帧, 感受野约30ms``.

    Args:
        phrase: one or several targets, after the role or name of a stack or after none.
        default_stack: the stack meant where the phrase names none.
        tolerances: what a number means that brings no tolerance of its own.

    Raises:
        PhraseError: the phrase is not understood, or can be read in two ways.
    """
    name, start = _leading_name(phrase)
    reader = Reader(tokenise(" " * start + phrase[start:]), name or default_stack)
    parts = reader.read()
    check_together(parts)
    return [settle(part, phrase, tolerances) for part in parts]


def quantity(
    value: str | int | float | Fraction,
    default_unit: str = "samples",
    *,
    of: str = "receptive_field",
    tolerance: Tolerance | None = None,
    stack: str | None = None,
    tolerances: Tolerances = DEFAULT_TOLERANCES,
) -> Target:
    """A quantity of the native form: ``~30ms``, ``>= 2s``, ``12.5 Hz``, ``15 frames``, ``10..20ms``, ``320``.

    Args:
        value: a number, or a text with at most a qualifier and a unit besides.
        default_unit: what a number without unit counts: "samples", "frames", or a unit of the user's own (positions).
        of: the quantity that it is a value of (one of `QUANTITIES`).
        tolerance: replaces the tolerance that the text implies.
        stack: the stack that it speaks of.
        tolerances: what a time or a rate means that names no tolerance.

    Raises:
        PhraseError: it is not understood, or more than one quantity.
    """
    parts = Reader(tokenise(value, default_unit), stack).read() if isinstance(value, str) else [_bare(value, stack)]
    if len(parts) != 1 or parts[0].noun not in (None, of):
        raise PhraseError("one quantity is expected", parts[1].start if len(parts) > 1 else 0)
    part = parts[0]
    part.noun = of
    target = settle(part, str(value), tolerances, "frames" if default_unit in ("frame", "frames") else "samples")
    return target._replace(tolerance=tolerance) if tolerance else target


def tolerance(value: str | int | float | Fraction) -> Tolerance:
    """A tolerance as stated: ``10%``, ``exact``, ``2 ms``, or a share below 1 such as ``0.1``.

    Raises:
        PhraseError: it is none of these.
    """
    if not isinstance(value, str):
        return _margin_of(_finite(value), None)
    if fold(value).strip() in ("exact", "exactly", "none"):
        return EXACT
    reader = Reader([Token("plus minus", "", 0, 0), *tokenise(value)], None)
    margin = reader.margin()
    if margin is None or reader.at < len(reader.tokens):
        raise PhraseError("a tolerance is a share such as `10%`, an amount such as `2 ms`, or `exact`")
    return _margin_of(*margin)


def _margin_of(amount: Fraction, unit: str | None) -> Tolerance:
    if unit == "%" or (unit is None and 0 <= amount < 1):
        return Tolerance("relative", amount / 100 if unit else amount)
    if amount < 0:
        raise PhraseError("a tolerance is not negative")
    return Tolerance("absolute", amount * (UNITS[unit].factor if unit else 1))


def _bare(value: int | float | Fraction, stack: str | None) -> Part:
    part = Part(0)
    part.low = part.high = _finite(value)
    part.stack, part.end = stack, len(str(value))
    return part


def _finite(value: int | float | Fraction) -> Fraction:
    """A number of the config, exactly as it is written there."""
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction) or not -_HUGE < value < _HUGE:
        raise PhraseError("a number or a quantity is expected")
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def _leading_name(phrase: str) -> tuple[str | None, int]:
    """``encoder: …`` and ``my_net "…"``: the name before the phrase, unless it is a word of the phrase itself."""
    match = _NAMED.match(fold(phrase))
    if match is None:
        return None, 0
    word = match[1].replace("-", " ").replace("_", " ")
    kind, value = lexicon().get(word) or lexicon().get(word.removesuffix("s")) or ("name", "")
    if kind in ("role", "context"):
        return value, match.end()
    return (phrase[match.start(1) : match.end(1)], match.end()) if kind == "name" else (None, 0)
