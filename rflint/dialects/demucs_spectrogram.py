"""The hybrid Demucs: where its two branches meet.

Source: facebookresearch/demucs, demucs/hdemucs.py (HDemucs.__init__, forward).
"""

from __future__ import annotations

from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.speech_facts import derived
from rflint.documents import Cursor, Value
from rflint.model import Model

FFT, DEPTH, KERNEL, STRIDE = 4096, 6, 8, 4  # demucs/hdemucs.py, nfft, depth, kernel_size, stride
DEEPEST = 64


def merging(model: Model, net: Cursor) -> None:
    """Below the last band of frequencies the waveform joins the spectrogram: both must have the same step by then."""
    if net["hybrid"].value is False:
        return
    with model.deriving("branches"):
        stride, size = positive(net["stride"].int(STRIDE)), positive(net["nfft"].int(FFT))
        depth, kernel = positive(net["depth"].int(DEPTH), DEEPEST), positive(net["kernel_size"].int(KERNEL))
        layers = _frequency_layers(size.value // 2, stride.value, kernel.value, depth.value)
        if layers >= depth.value:
            return
        made = Value(stride.value**layers, stride.where, "derived")
        because = (
            f"{layers} layers over frequency; the waveform is then at {stride.value}^{layers}, frames at nfft // 4"
        )
        tie(model, "frames", "equal", made, derived(size.value // 4), "crash", because)


def _frequency_layers(bands: int, stride: int, kernel: int, depth: int) -> int:
    """Layers until one band is left; the last one takes all of them when they are no more than its kernel."""
    layers = 0
    while layers < depth and bands > 1:
        bands = 1 if bands <= kernel else bands // stride
        layers += 1
    return layers
