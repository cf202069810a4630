"""DiffWave and WaveGrad of lmnt-com: their upsampling factors stand in the code."""

from __future__ import annotations

from collections.abc import Iterator

from rflint.dialects.analysis import Analysis, known
from rflint.dialects.generators import decoder
from rflint.dialects.wavegrads import wavegrad
from rflint.dialects.wavenets import diffwave
from rflint.documents import Cursor, Value
from rflint.model import Factor, Model, Stage, declared

NAME, TITLE = "lmnt", "DiffWave and WaveGrad of lmnt-com (hop_samples)"
SCHEMA, LOADER = "lmnt", "pyyaml"

RATE, FFT = 22050, 1024  # params.py of both
DIFFWAVE_UPSAMPLING = [16, 16]  # lmnt-com/diffwave model.py, SpectrogramUpsampler
DIFFWAVE_LAYERS, DIFFWAVE_CYCLE = 30, 10  # lmnt-com/diffwave params.py
WAVEGRAD_FACTORS = [5, 5, 3, 2, 2]  # lmnt-com/wavegrad model.py, WaveGrad
WAVEGRAD_DILATIONS = [[1, 2, 1, 2]] * 2 + [[1, 2, 4, 8]] * 3  # the same class
WAVEGRAD_HOP = 300

SIGNS = ("crop_mel_frames", "noise_schedule", "residual_layers", "dilation_cycle_length")


def recognise(root: Cursor) -> bool:
    return root.has("hop_samples") and any(root.has(key) for key in SIGNS)


def read(root: Cursor) -> Iterator[Model]:
    analysis = Analysis(known(root["sample_rate"], RATE), known(root["hop_samples"]), None, known(root["n_fft"], FFT))
    is_diffwave = _is_diffwave(root, analysis.hop)
    model = Model(NAME, "diffwave" if is_diffwave else "wavegrad", sample_rate=analysis.rate)
    analysis.describe(model)
    analysis.framed(model, known(root["crop_mel_frames"]))
    analysis.exchanged(model, "takes", known(root["n_mels"]), centred=True)
    with model.deriving("decoder"):
        factors = DIFFWAVE_UPSAMPLING if is_diffwave else WAVEGRAD_FACTORS
        stages = _diffwave(root) if is_diffwave else wavegrad(Value(factors), Value(WAVEGRAD_DILATIONS))
        parts = [Factor("factors", tuple(factors))]
        model.stacks.append(decoder("upsampler", stages, analysis.frame_rate, parts))
        if analysis.hop is not None:
            because = "the upsampling factors stand in model.py"
            claim = declared("upsampling", analysis.hop, "samples", stack="decoder", outcome="crash", because=because)
            model.claims.append(claim._replace(topic="fixed"))
    yield model


def _is_diffwave(root: Cursor, hop: Value[int] | None) -> bool:
    """WaveGrad's parameters name no layers; a file that shows neither is taken for the one whose hop it has."""
    if root.has("residual_layers") or root.has("dilation_cycle_length"):
        return True
    return hop is None or hop.value != WAVEGRAD_HOP


def _diffwave(root: Cursor) -> list[Stage]:
    layers, cycle = root["residual_layers"].int(DIFFWAVE_LAYERS), root["dilation_cycle_length"].int(DIFFWAVE_CYCLE)
    return diffwave(Value(DIFFWAVE_UPSAMPLING), layers.value, cycle.value)
