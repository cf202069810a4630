"""The task of a fairseq job: sample rate, clip sizes and label rate, and what the trainer expects of them."""

from __future__ import annotations

from fractions import Fraction

from rflint.dialects.waveform import RATE, Layers, exact, state_labels, state_minimum, state_preset, state_sizes, text
from rflint.documents import Cursor, Value
from rflint.model import Model, Stack, Tie

SIZES = ("max_sample_size", "min_sample_size", "max_keep_size")
"""Keys in samples: fairseq/tasks/audio_pretraining.py and hubert_pretraining.py."""
LOWEST_RATE = 1000
"""Below it ``task.sample_rate`` counts frames: 25 in av_hubert (video), 100 in FastHuBERT (filter bank)."""


class Job:
    """A model section with its task section; in a flat file (a checkpoint's ``args``) both are the root."""

    __slots__ = ("model", "name", "task")

    def __init__(self, model: Cursor, task: Cursor, name: str = "") -> None:
        self.model = model
        self.task = task
        self.name = name or text(model["_name"]) or text(model["arch"])

    @property
    def flat(self) -> bool:
        return not self.model.path

    def sample_rate(self) -> Value[int]:
        """The sample rate (Hz); the framework's own where the key counts frames.

        Raises:
            NotComputable: the file leaves it open.
        """
        rate = self.task["sample_rate"].int(RATE)
        return rate if rate.value >= LOWEST_RATE else Value(RATE, None, "framework default")

    def frame_rate(self) -> Value[int] | None:
        """``task.sample_rate`` where it counts frames (Hz); None where it counts samples."""
        rate = self.task["sample_rate"].int(RATE)
        return rate if rate.value < LOWEST_RATE else None

    # -- facts ----------------------------------------------------------------------------------------------------
    def state(self, model: Model, layers: Layers, stack: Stack) -> None:
        """What task and model expect of a stack over the waveform."""
        rate = model.sample_rate
        if rate is None or self.frame_rate() is not None:
            return
        state_preset(model, layers, rate)
        self.state_sizes(model)
        because = "a shorter clip has fewer samples than the convolutions' kernels, and torch refuses it"
        state_minimum(model, self.task["min_sample_size"], stack, because)
        self.state_labels(model, Fraction(rate.value) / stack.coverage.step)

    def state_sizes(self, model: Model) -> None:
        """Clip sizes, in the unit of ``task.sample_rate``."""
        frames = self.frame_rate()
        keys = [self.task[key] for key in SIZES]
        if frames is not None:
            state_sizes(model, keys, Fraction(frames.value), "frames")
        elif model.sample_rate is not None:
            state_sizes(model, keys, Fraction(model.sample_rate.value))

    def state_labels(self, model: Model, frames: Fraction) -> None:
        """Labels are picked by index, ``label_rate · step / sample_rate`` of them a frame (hubert.py, feat2tar_ratio)."""
        if self.task["fine_tuning"].value is True:
            return
        key = self.model["label_rate"] if self.model["label_rate"].exists else self.task["label_rate"]
        if not key.exists:
            return
        with model.deriving("label rate"):
            because = (
                "HuBERT takes label i · feat2tar_ratio for frame i; any other ratio slides, and the loader only warns"
            )
            state_labels(model, key.number(), frames, because)
        self._state_agreement(model)

    def _state_agreement(self, model: Model) -> None:
        ours, theirs = exact(self.model["label_rate"]), exact(self.task["label_rate"])
        if ours is None or theirs is None or self.flat:
            return
        left: Value[object] = Value(ours.value, ours.where)
        right: Value[object] = Value(theirs.value, theirs.where)
        because = "the task cuts the labels by its rate, the model picks them by its own"
        model.ties.append(Tie("labels", "equal", left, right, "silent", because))
