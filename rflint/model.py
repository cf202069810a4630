"""What a dialect hands to the rules: stacks, claims and ties, each knowing where it stands in the file.

A dialect states facts and judges nothing; a rule judges and knows no framework. They meet here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from rflint.coverage import Coverage, CoverageError, Layer
from rflint.documents import Impossible, NotComputable, Place, Value, Where
from rflint.targets import EXACT, Target, format_number

Role = Literal["frontend", "encoder", "context", "decoder"]
Unit = Literal["samples", "frames", "ms", "s"]
Outcome = Literal["crash", "silent", "repaired", "report"]
"""What happens when a tie does not hold: the framework refuses to run, runs wrong without a word, or puts it right by
itself; `report` marks facts that are worth a line and never wrong (rules give severity info)."""


class Stage(NamedTuple):
    """One named layer of a stack and the place that sets it."""

    name: str
    layer: Layer
    where: Where | None = None


class Factor(NamedTuple):
    """A part of the total step or upsampling factor, for derivations such as ``8·8·2·2 = 256``."""

    key: str
    terms: tuple[int, ...]
    where: Where | None = None


class Stack:
    """A chain of stages along the time axis.

    ``direction`` is ``analysis`` (samples to frames) or ``synthesis`` (frames to samples). ``input_rate`` is the number
    of input positions per second (Hz): the sample rate for an encoder, the frame rate for a decoder; None when unknown.

    Raises:
        NotComputable: the layers make no stack (a stride of 0, branches of different steps).
    """

    def __init__(
        self,
        role: Role,
        name: str,
        stages: Sequence[Stage],
        *,
        input_rate: Fraction | int | None = None,
        input_unit: str = "",
        factors: Sequence[Factor] = (),
        inexact: Outcome = "silent",
        because: str = "",
    ) -> None:
        self.role = role
        self.name = name
        self.stages = tuple(stages)
        self.direction = "synthesis" if role == "decoder" else "analysis"
        self.input_unit = input_unit or ("frames" if role == "decoder" else "samples")
        self.input_rate = Fraction(input_rate) if input_rate is not None else None
        self.factors = tuple(factors)
        self.inexact: Outcome = inexact
        """What happens when an upsampling stage emits more or fewer samples than its factor says."""
        self.because = because
        """One sentence on that, from the framework's source: "the discriminator sees 1068 frames against 1067"."""
        try:
            self.coverage = coverage_of(tuple(stage.layer for stage in self.stages))
        except CoverageError as error:
            raise Impossible(str(error), _faulty(self.stages)) from error

    def factor_text(self) -> str:
        """The derivation of the product: ``8·8·2·2`` or ``8·8 × 4``."""
        return " × ".join("·".join(map(str, factor.terms)) for factor in self.factors)


def _faulty(stages: Sequence[Stage]) -> Where | None:
    """The place of the first stage that is impossible by itself; of the first placed one where only all together are."""
    for stage in stages:
        try:
            coverage_of((stage.layer,))
        except CoverageError:
            return stage.where
    return next((stage.where for stage in stages if stage.where), None)


@lru_cache(maxsize=1024)
def coverage_of(layers: tuple[Layer, ...]) -> Coverage:
    """The coverage of layers. The configs of one project repeat their stacks: recipes vary in what is not time."""
    return Coverage(layers)


class Claim(NamedTuple):
    """Something the config says about itself, to be compared with what the stack does."""

    target: Target
    where: Where | Place | None
    source: Literal["key", "comment", "pragma", "native block", "settings", "command line"]
    wording: str = ""
    """The words of the file: ``label_rate: 50`` or ``# rflint: target "30 ms frames every 10 ms"``."""
    because: str = ""
    """What relies on it: "HuBERT cuts its labels at this rate"."""
    outcome: Outcome = "silent"
    topic: Literal["", "labels", "subsampling", "ctc", "minimum", "field", "latency", "fixed"] = ""
    """Chooses a rule of its own; without one the rule of the quantity judges it."""


def declared(
    quantity: str,
    value: Value[int] | Value[Fraction],
    unit: str,
    *,
    stack: str | None = None,
    outcome: Outcome = "silent",
    because: str = "",
    amount: Fraction | int | None = None,
) -> Claim:
    """The claim that a key makes, to be met exactly.

    ``value`` is what the file says (for the message); ``amount`` is what it means in ``unit`` ("samples", "frames", "s",
    "Hz") when that is something else, such as a hop at another sample rate.
    """
    means = Fraction(value.value if amount is None else amount)
    said = format_number(value.value, 6)
    wording = f"{value.key}: {said}" if value.key else said
    target = Target(quantity, means, means, unit, EXACT, wording, stack)
    return Claim(target, value.where, "key", wording, because, outcome)


Topic = Literal[
    "lists",  # parallel lists hold one entry a layer
    "order",  # a decoder's list is the reverse of its encoder's
    "segment",  # a training crop is whole frames
    "chunk",  # a chunk, overlap or look-ahead is whole steps
    "fft",  # a window fits its FFT
    "overlap",  # a hop against its window
    "bins",  # a number of FFT bins or bands
    "rate",  # sample rates of two sections
    "frames",  # frame counts, frame steps of two sections
    "upsampling",  # factors of two sections
    "subsampling",  # declared and true subsampling
    "labels",  # rates of labels, tokens, video
    "limit",  # positions a table holds against a declared duration
    "minimum",  # the shortest clip against what the stack needs
    "field",  # a receptive field against a crop
    "rounding",  # a duration that is no whole number of samples, and what the code makes of it
    "bitrate",  # codebooks x bits x frame rate against a declared bandwidth
]


class Tie(NamedTuple):
    """A relation between two values of the config that the framework relies on.

    ``topic`` chooses the rule that judges it; ``kind`` says how the values are compared:
    ``equal``, ``multiple`` (left is a whole multiple of right), ``at most`` (left <= right), ``same length`` (lists).
    """

    topic: Topic
    kind: Literal["equal", "multiple", "at most", "same length", "reversed"]
    left: Value[object]
    right: Value[object]
    outcome: Outcome = "silent"
    because: str = ""


class Duration(NamedTuple):
    """A key that counts samples or frames, or holds a time: what a comment beside it may speak of.

    ``rate`` is the number of such units per second (the sample rate that governs the key); None when unknown.
    """

    value: Value[int] | Value[Fraction]
    unit: Unit
    rate: Fraction | None
    quantity: Literal["step", "window", "length"] = "length"


class Usual(NamedTuple):
    """The range (s) in which a duration lies in every sound config of the family, and why: for plausibility."""

    duration: Duration
    shortest: Fraction
    longest: Fraction
    because: str = ""
    subject: str = ""
    """What lasts so long, where no single key is it: "the receptive field"."""


class Dead(NamedTuple):
    """A key without effect: what the framework uses instead, if anything, and why (from its source)."""

    value: Value[object]
    instead: Value[object] | None
    because: str


class Plane(NamedTuple):
    """Kernel and stride of a layer of two dimensions, in the order of the axes in which the file writes pairs."""

    kernel: Value[list[int]]
    stride: Value[list[int]]


class Exchange(NamedTuple):
    """Frames that a model gives to another or takes from one: an acoustic model gives mel frames, a vocoder takes them.

    ``hop`` is in samples at ``rate`` (Hz), the period hop / rate in seconds; ``bands`` the size of a frame; ``centred``
    whether frame m is centred on sample m·hop (True) or on the middle of its hop (False).
    """

    side: Literal["gives", "takes"]
    hop: Value[int] | Value[Fraction]
    rate: Value[int] | Value[Fraction]
    bands: Value[int] | None = None
    centred: bool | None = None


class Note(NamedTuple):
    """Why a stack could not be derived, and the key that stopped it."""

    subject: str
    reason: str
    where: Where | Place | None
    impossible: bool = False
    """The value at that place is of another type than the network takes, or one that no network can have."""


class Model:
    """One model found in a config."""

    def __init__(
        self, dialect: str, name: str = "", *, sample_rate: Value[int] | Value[Fraction] | None = None
    ) -> None:
        self.dialect = dialect
        self.name = name
        self.sample_rate: Value[int] | Value[Fraction] | None = sample_rate
        self.stacks: list[Stack] = []
        self.claims: list[Claim] = []
        self.ties: list[Tie] = []
        self.durations: list[Duration] = []
        self.usual: list[Usual] = []
        self.dead: list[Dead] = []
        self.exchanges: list[Exchange] = []
        self.planes: list[Plane] = []
        self.notes: list[Note] = []

    @contextmanager
    def deriving(self, subject: str) -> Iterator[None]:
        """Keep going when a part of the model cannot be derived: the reason becomes a note."""
        try:
            yield
        except NotComputable as problem:
            self.notes.append(Note(subject, problem.reason, problem.where, isinstance(problem, Impossible)))

    def stack(self, role_or_name: str | None = None) -> Stack | None:
        """The stack a target speaks of: by name or role, else the model's output.

        Without a name it is the encoder if there is one, else the front end, else the decoder.
        """
        if role_or_name:
            named = [s for s in self.stacks if role_or_name in (s.name, s.role)]
            return named[-1] if named else None
        for role in ("encoder", "frontend", "decoder"):
            for stack in self.stacks:
                if stack.role == role:
                    return stack
        return None
