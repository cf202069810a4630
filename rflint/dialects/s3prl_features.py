"""Features that s3prl computes itself: Kaldi's, torchaudio's and plain STFTs, deltas, and NPC's masked convolutions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, cast

from rflint.coverage import Conv, Layer, Parallel, Repeat, Sequence as Chain, Splice, centred, framing, stft
from rflint.dialects.speech_facts import over_utterance
from rflint.dialects.waveform import text, whole
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Duration, Factor, Model, Role, Stack, Stage, Tie

RATE = 16000
"""SAMPLE_RATE of s3prl/upstream/baseline/extracter.py, and the only rate of the toolkit."""
LENGTH_MS, SHIFT_MS = Fraction(25), Fraction(10)
"""torchaudio.compliance.kaldi: frame_length, frame_shift; s3prl/upstream/baseline/preprocessor.py: win_ms, hop_ms."""
BINS = 201
"""preprocessor.py, n_freq; the FFT has 2 · (n_freq - 1) points."""
DELTA_ORDER, DELTA_WINDOW = 2, 5
"""extracter.py, Delta; torchaudio.transforms.ComputeDeltas, win_length."""
CMVN_KALDI, CMVN_FLAT, CMVN_MEL = True, True, False
"""extracter.py, CMVN (it must be told); upstream/{apc,npc}/audio.py, create_transform; preprocessor.py, select_feat."""
MOST_BLOCKS = 64


class Features(NamedTuple):
    """Frames: their layer, hop and window (samples), sample rate (Hz), and what follows them at their rate."""

    layer: Conv
    hop: Value[int]
    window: Value[int]
    rate: int
    behind: tuple[Stage, ...] = ()

    @property
    def frame_rate(self) -> Fraction:
        """Frames per second (Hz)."""
        return Fraction(self.rate, self.hop.value)

    def stack(self, role: Role, stages: Sequence[Stage] = (), name: str = "features") -> Stack:
        """A stack that begins with these frames."""
        first = Stage("frames", self.layer, self.hop.where or self.window.where)
        factors = [Factor(self.hop.key or "hop", (self.hop.value,), self.hop.where)]
        return Stack(role, name, [first, *self.behind, *stages], input_rate=self.rate, factors=factors)


def _samples(value: Value[Fraction], rate: int, *, rounded: bool) -> Value[int]:
    """A time in ms as samples at ``rate`` (Hz).

    Raises:
        NotComputable: less than a sample.
    """
    exact = value.value * rate / 1000
    size = round(exact) if rounded else exact.numerator // exact.denominator
    if size < 1:
        raise NotComputable(f"`{value.key}` is no size", value.where)
    return Value(size, value.where, value.origin)


def kaldi_features(root: Cursor, *, flat: bool = False) -> Features:
    """``kaldi: {feat_type, <type>: {frame_length, frame_shift}}``, ``delta`` and ``cmvn`` beside it; ``flat``: the keys alone.

    Raises:
        NotComputable: a time is no number.
    """
    kaldi = root["kaldi"]
    section = root if flat else kaldi[text(kaldi["feat_type"]) or "fbank"]
    window = _samples(section["frame_length"].number(LENGTH_MS), RATE, rounded=False)
    hop = _samples(section["frame_shift"].number(SHIFT_MS), RATE, rounded=False)
    delta = root["delta"]
    behind: list[Stage] = []
    if not flat and delta.is_mapping():
        behind = deltas(delta["order"].int(DELTA_ORDER), delta["win_length"].int(DELTA_WINDOW))
    if flat:
        behind += normalised(root["cmvn"], CMVN_FLAT)
    elif root["cmvn"].is_mapping():
        behind += normalised(root["cmvn"]["use_cmvn"], CMVN_KALDI)
    return Features(framing(window.value, hop.value), hop, window, RATE, tuple(behind))


def deltas(order: Value[int], window: Value[int]) -> list[Stage]:
    """Derivatives of the features: each order reads ``window`` frames of the one before."""
    if order.value < 1:
        return []
    layer = Repeat(min(order.value, MOST_BLOCKS), centred(window.value))
    return [Stage("delta", layer, window.where or order.where)]


def normalised(key: Cursor, default: bool) -> list[Stage]:
    """Mean and variance of the utterance taken off, where the key (or without it the default) says so."""
    applied = key.bool(default)
    return [over_utterance("mean over the utterance", applied.where)] if applied.value else []


def mel_features(model: Model, root: Cursor) -> Features:
    """``win_ms``, ``hop_ms``, ``n_freq``: a centred STFT, whose FFT must hold the window; ``input`` says what follows.

    Raises:
        NotComputable: a time is no number, or less than a sample.
    """
    rate = root["sample_rate"].int(RATE)
    if rate.where is not None:
        model.sample_rate = rate
    window = _samples(root["win_ms"].number(LENGTH_MS), rate.value, rounded=True)
    hop = _samples(root["hop_ms"].number(SHIFT_MS), rate.value, rounded=True)
    bins = root["n_freq"].int(BINS)
    fft: Value[int] = Value(2 * (bins.value - 1), bins.where, "derived")
    _state_fft(model, Value(window.value, window.where, "derived"), fft)
    behind = deltas(root["input"]["delta"].int(0), Value(DELTA_WINDOW, None, "framework default"))
    behind += normalised(root["input"]["cmvn"], CMVN_MEL)
    return Features(stft(fft.value, hop.value, window.value), hop, window, rate.value, tuple(behind))


def stft_features(model: Model, root: Cursor, rate: int, hop: str = "hop_length") -> Features:
    """``n_fft``, ``hop_length``, ``win_length`` in samples at ``rate`` (Hz), centred unless ``center`` says otherwise.

    Raises:
        NotComputable: a size is missing or not positive.
    """
    fft, step = root["n_fft"].int(), root[hop].int()
    window = root["win_length"].int(fft.value)
    for size in (fft, step, window):
        if size.value < 1:
            raise NotComputable(f"`{size.key}` of {size.value} is no size", size.where)
    model.durations.append(Duration(step, "samples", Fraction(rate), "step"))
    model.durations.append(Duration(window, "samples", Fraction(rate), "window"))
    _state_fft(model, window, fft)
    layer = stft(fft.value, step.value, window.value, center=root["center"].value is not False)
    return Features(layer, step, window, rate)


def _state_fft(model: Model, window: Value[int], fft: Value[int]) -> None:
    if window.where is not None:
        because = "torch.stft refuses a window longer than the FFT"
        left, right = cast(Value[object], window), cast(Value[object], fft)
        model.ties.append(Tie("fft", "at most", left, right, "crash", because))


# -- NPC ----------------------------------------------------------------------------------------------------------


def npc_blocks(paras: Cursor) -> list[Stage]:
    """s3prl/upstream/npc/npc.py: behind every block a convolution whose middle taps are masked, all summed.

    A block reaches one frame further and its mask is two wider, so that ``mask_size`` frames in the centre stay unread.

    Raises:
        NotComputable: the mask is not smaller than the kernel, or a size is missing.
    """
    kernel, mask = paras["kernel_size"].int(), paras["mask_size"].int()
    blocks = whole(paras["n_blocks"])
    count = min(blocks.value, MOST_BLOCKS) if blocks else 0
    block = centred(3)
    branches: list[Layer] = []
    for index in range(1, count + 1):
        offsets = _outside(kernel.value, mask.value + 2 * index)
        if not offsets:
            raise NotComputable("the mask is not smaller than the kernel", mask.where)
        branches.append(Chain((Repeat(index, block), Splice(offsets, 1, ((kernel.value - 1) // 2,) * 2))))
    if paras["disable_cross_layer"].value is True:
        branches = branches[-1:]
    if not branches:
        raise NotComputable("`n_blocks` is not positive", paras["n_blocks"].where)
    return [Stage("masked_convs", Parallel(tuple(branches)), kernel.where)]


def _outside(kernel: int, mask: int) -> tuple[int, ...]:
    """Offsets of the taps that a centred mask leaves."""
    head, half = (kernel - mask) // 2, (kernel - 1) // 2
    return (
        tuple(tap - half for tap in range(kernel) if not head <= tap < head + mask) if mask < kernel <= 10_000 else ()
    )
