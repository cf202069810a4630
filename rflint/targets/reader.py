"""From the tokens of a phrase to its amounts, each bound to its noun, its qualifiers and its stack."""

from __future__ import annotations

from rflint.targets.amounts import Amounts
from rflint.targets.meaning import Part
from rflint.targets.units import UNITS
from rflint.targets.vocabulary import PhraseError, Token

_BOUNDS = ("at most", "at least", "below", "above")
_SKIPPED = ("filler", "equals", "about", "tilde", "exactly")


class Reader(Amounts):
    """Goes through the tokens once and binds every amount to its noun and qualifiers.

    A noun goes to the amount before it when that has none yet, else to the next one: "25 ms window, hop 10 ms".
    """

    def __init__(self, tokens: list[Token], stack: str | None) -> None:
        super().__init__(tokens)
        self.stack = stack
        self.parts: list[Part] = []
        self.segment: list[Part] = []
        self.next = Part(-1)
        self.role: str | None = None

    def read(self) -> list[Part]:
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind == "number":
                self.amount()
            else:
                self.at += 1
                self.word(token)
        self.close(self.end)
        if not self.parts:
            raise PhraseError("no amount is declared")
        return self.parts

    def word(self, token: Token) -> None:
        if token.kind in ("comma", "and", "slash"):
            self.close(token)
        elif token.kind in _BOUNDS:
            self.bound(token)
        elif token.kind.startswith("after "):
            self.qualify_last(token)
        elif token.kind in ("about", "tilde"):
            self.open(token)
            self.next.about = True
        elif token.kind == "exactly":
            self.open(token)
            self.next.exactly = True
        elif token.kind == "between":
            self.open(token)
            self.next.between = True
        elif token.kind == "equals" and self.segment:
            # "10 ms = 160 samples" says one thing twice; which noun the second amount has is anybody's guess.
            raise PhraseError("two amounts for one quantity: give one of them", token.start)
        elif token.kind not in ("filler", "equals", "thing"):
            self.name(token)

    def name(self, token: Token) -> None:
        """A word that says what an amount measures, or whose it is."""
        last = self.segment[-1] if self.segment else None
        if token.kind in ("role", "context"):
            self.take_role(token)
        elif token.kind == "noun":
            self.noun(token, token.value)
        elif token.kind == "unit" and UNITS[token.value].kept_in == "frames":
            self.noun(token, "frames")
        elif token.kind == "rate":
            self.noun(token, "rate")
        elif token.kind in ("per frame", "one frame") and last and last.noun is None:
            last.noun = "frame_step"
            last.end = token.end
        elif token.kind == "every":
            self.every(token)
        elif token.value == "min":
            self.bound(token._replace(kind="at least"))
        elif token.kind == "per second":
            self.open(token)
            self.next.per_second = True
        elif token.kind == "times":
            self.open(token)
            self.next.unit = "x"
        elif token.kind != "one frame":
            raise PhraseError(f"`{token.value}` is out of place", token.start)

    def take_role(self, token: Token) -> None:
        self.role = token.value
        if token.kind == "role" and not self.parts and not self.segment and self.next.start < 0:
            self.stack = token.value
        if token.kind == "context" and self.next.noun is None and not (self.segment and self.segment[-1].noun):
            self.noun(token, "frames")

    def noun(self, token: Token, value: str) -> None:
        """Give a noun to the amount before it or to the next one; ``frames`` yields to any other noun."""
        last = self.segment[-1] if self.segment else None
        if last and (last.noun is None or last.noun == "frames"):
            last.noun = value if last.noun is None or value != "frames" else last.noun
            last.end = token.end
        elif self.next.noun not in (None, "frames") and value != "frames":
            raise PhraseError("an amount is missing between two quantities", token.start)
        elif not (last and value == "frames"):
            self.open(token)
            self.next.noun = self.next.noun if value == "frames" and self.next.noun else value

    def every(self, token: Token) -> None:
        """``every`` looks forward only."""
        if self.next.noun not in (None, "frames"):
            raise PhraseError("an amount is missing before `every`", token.start)
        self.open(token)
        self.next.noun = "frame_step"

    def open(self, token: Token) -> None:
        if self.next.start < 0:
            self.next.start = token.start

    def bound(self, token: Token) -> None:
        """A bound stands before its amount, or behind it: "40 ms at most"."""
        ahead = 0
        while self.peek(ahead).kind in _SKIPPED:
            ahead += 1
        if self.peek(ahead).kind != "number" and self.segment and self.segment[-1].bound is None:
            self.segment[-1].bound = token.kind
        elif self.next.bound in (None, token.kind):  # "covers at least 2 s"
            self.open(token)
            self.next.bound = token.kind
        else:
            raise PhraseError("two bounds for one amount", token.start)

    def qualify_last(self, token: Token) -> None:
        kind = token.kind.removeprefix("after ")
        if not self.segment or (kind != "about" and self.segment[-1].bound):
            raise PhraseError("an amount is missing before this", token.start)
        last = self.segment[-1]
        last.end = token.end
        if kind == "about":
            last.about = True
        else:
            last.bound = kind

    def close(self, token: Token) -> None:
        """The end of a segment: what stands open has no amount to speak of."""
        if self.next.start >= 0:
            raise PhraseError("an amount is missing", self.next.start)
        self.drop_one_frame()
        for part in self.segment:
            part.stack = self.role or self.stack
        if sum(part.noun is None for part in self.segment) > 1:
            raise PhraseError("which is the receptive field and which the step?", self.segment[1].start)
        self.segment, self.role = [], None

    def drop_one_frame(self) -> None:
        """Of "1 frame every 10 ms" the step remains: it counts no frames."""
        if any(part.noun == "frame_step" for part in self.segment):
            for part in [part for part in self.segment if part.is_one_frame()]:
                self.segment.remove(part)
                self.parts.remove(part)

    def amount(self) -> None:
        """A number or a range, with unit and margin."""
        part, self.next = self.next, Part(-1)
        start = self.peek()
        if self.at and self.tokens[self.at - 1].kind in ("times", "per cent") and part.unit != "x":
            raise PhraseError("a product of two numbers is not understood", start.start)
        part.start = start.start if part.start < 0 else part.start
        part.low, unit = self.number()
        part.high, part.low_unit, unit = self.range_end(part, unit)
        margin = self.margin()
        if margin:
            part.margin, part.margin_unit = margin
        part.unit = self.unit_after_margin(part, unit)
        part.end = self.tokens[self.at - 1].end
        self.parts.append(part)
        self.segment.append(part)
        self.check_alone(part)

    def check_alone(self, part: Part) -> None:
        unnamed = [other for other in self.segment if other.noun is None]
        if part.noun is None and len(self.segment) > 1 and len(unnamed) > 1:
            raise PhraseError("which is the receptive field and which the step?", part.start)
        if part.unit == "%":
            raise PhraseError("a share is no target", part.start)

    def unit_after_margin(self, part: Part, unit: str | None) -> str | None:
        """``30 ± 2 ms``: the unit behind the margin is that of the number too; then ``per second``."""
        if part.margin is not None and unit is None and part.margin_unit not in (None, "%"):
            unit = part.margin_unit
        if part.per_second or self.peek().kind == "per second":
            return self.rate_unit(part, unit)
        if self.peek().kind == "thing" and unit is None:
            self.at += 1
            if self.peek().kind == "per second":
                return self.rate_unit(part, unit)
            raise PhraseError("what is counted here has no duration", self.tokens[self.at - 1].start)
        if unit and part.unit == "x" and unit != "x":
            raise PhraseError("a factor has no unit", part.start)
        return unit or part.unit

    def rate_unit(self, part: Part, unit: str | None) -> str:
        if not part.per_second or self.peek().kind == "per second":
            self.at += 1
        if unit is not None and UNITS.get(unit, UNITS["s"]).kept_in not in ("samples", "frames"):
            raise PhraseError("a rate counts samples or frames", part.start)
        if unit is not None and UNITS[unit].kept_in == "samples" and part.noun is None:
            part.noun = "sample_rate"
        return "hz"
