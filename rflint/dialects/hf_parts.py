"""A model inside a Hugging Face config: its mapping, its type, and the feature extractor that feeds it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple, cast

from rflint.dialects.hf_extractors import Extractor, Frames
from rflint.dialects.waveform import whole
from rflint.documents import Cursor, Value
from rflint.model import Factor, Model, Outcome, Role, Stack, Stage, Tie, Topic


class Part(NamedTuple):
    """``config`` is the mapping, ``kind`` its ``model_type``, ``top`` that of the whole file."""

    config: Cursor
    kind: str
    extractor: Extractor
    top: str

    @property
    def name(self) -> str:
        """``wav2vec2``, or ``audio_config whisper`` below another model."""
        return " ".join([*map(str, self.config.path), self.kind])

    def above(self) -> Cursor | None:
        """The mapping that holds this one; None at the top of the file."""
        path = self.config.path
        return Cursor(self.config.document).at(*path[:-1]) if path else None

    def own_rate(self) -> Value[int] | None:
        """The sample rate (Hz) that the config itself gives."""
        return whole(self.config.first("sampling_rate", "sample_rate"))

    def rate(self, default: int) -> Value[int]:
        """The sample rate (Hz): the config's own, else the feature extractor's, else that of the model's kind.

        Raises:
            NotComputable: it is no whole number.
        """
        key = self.config.first("sampling_rate", "sample_rate")
        if key.given:
            return key.int()
        return self.extractor.rate() or Value(default, None, "framework default")

    def stack(
        self,
        model: Model,
        role: Role,
        name: str,
        stages: Sequence[Stage],
        factors: Sequence[Factor],
        rate: Fraction | int | None = None,
    ) -> Stack:
        """Add a stack that reads samples at the model's rate, unless ``rate`` says otherwise."""
        own = Fraction(model.sample_rate.value) if model.sample_rate else None
        stack = Stack(role, name, stages, input_rate=own if rate is None else rate, factors=factors)
        model.stacks.append(stack)
        return stack

    def encoder(
        self,
        model: Model,
        frames: Frames,
        stages: Sequence[Stage],
        factors: Sequence[Factor],
        name: str = "encoder",
    ) -> Stack:
        """Add the encoder's stack, the spectrogram its first stage."""
        return self.stack(model, "encoder", name, [frames.stage, *stages], [frames.factor, *factors])

    def frames(self, model: Model, kind: str) -> Frames:
        """The spectrogram frames that feed the model, by the extractor beside it or by the defaults of ``kind``.

        Raises:
            NotComputable: the extractor's sizes are not positive whole numbers.
        """
        frames = self.extractor.frames(kind)
        model.sample_rate = frames.rate
        return frames

    def same_bands(self, model: Model, because: str = "the extractor's bands are the model's input channels") -> None:
        """State that the extractor makes as many bands as the model reads."""
        bands = self.extractor.first("feature_size", "num_mel_bins", "n_mels")
        agree(model, "bins", whole(self.config["num_mel_bins"]), bands, because)


Reader = Callable[[Model, Part], None]
"""Reads a part into its model; raises NotComputable where it cannot be derived."""


def agree(
    model: Model,
    topic: Topic,
    left: Value[int] | Value[Fraction] | None,
    right: Value[int] | Value[Fraction] | None,
    because: str,
    outcome: Outcome = "crash",
) -> None:
    """State that two numbers are equal; nothing when one of them is not known."""
    if left is not None and right is not None:
        tie = Tie(topic, "equal", cast(Value[object], left), cast(Value[object], right), outcome, because)
        model.ties.append(tie)
