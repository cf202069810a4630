"""OpenUtau's DiffSinger voicebanks: the acoustic model's dsconfig.yaml and the vocoder.yaml whose frames it makes.

Sources: stakira/OpenUtau (OpenUtau.Core/DiffSinger/DiffSingerConfig.cs, DiffSingerVocoder.cs, DiffSingerRenderer.cs).
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.dialects.analysis import Analysis, equal, known
from rflint.dialects.asr_frontend import tie
from rflint.documents import Cursor, Value
from rflint.model import Model

NAME, TITLE = "openutau", "OpenUtau DiffSinger voicebanks (dsconfig.yaml, vocoder.yaml)"
SCHEMA, LOADER = "openutau", "pyyaml"

RATE, HOP, WINDOW, FFT, BANDS = 44100, 512, 2048, 2048, 128  # DsConfig and DsVocoderConfig have the same defaults
MOST_BANDS = 255  # DsVocoderConfig.MaxMelBins
REFUSED = "OpenUtau refuses to render where acoustic model and vocoder differ (DiffSingerRenderer.cs)"
BUNDLED = "dsvocoder/vocoder.yaml"
"""The vocoder of a voicebank, beside its dsconfig.yaml; without it ``vocoder`` names an installed one."""


def recognise(root: Cursor) -> bool:
    return _is_voicebank(root) or _is_vocoder(root) or _is_excerpt(root)


def _is_voicebank(root: Cursor) -> bool:
    return root.has("phonemes", "acoustic") and isinstance(root["acoustic"].value, str)


def _is_vocoder(root: Cursor) -> bool:
    model = root["model"].value
    return root.has("hop_size", "num_mel_bins") and isinstance(model, str) and model.endswith(".onnx")


def _is_excerpt(root: Cursor) -> bool:
    """The frames of a voicebank or of a vocoder and nothing else."""
    value = root.value
    return isinstance(value, dict) and value.keys() == {"sample_rate", "hop_size"}


def read(root: Cursor) -> Iterator[Model]:
    analysis, bands = _analysis(root), known(root["num_mel_bins"], BANDS)
    model = Model(NAME, "vocoder" if _is_vocoder(root) else "acoustic", sample_rate=analysis.rate)
    analysis.lasting(model, analysis.hop, "step")
    if _is_excerpt(root):
        analysis.exchanged(model, "gives")
    elif _is_vocoder(root):
        analysis.exchanged(model, "takes", bands, centred=True)
        analysis.frontend(model)
        if bands is not None:
            tie(model, "bins", "at most", bands, Value(MOST_BANDS), "crash", "DsVocoder refuses more bands")
    else:
        analysis.exchanged(model, "gives", bands, centred=True)
        _bundled(model, root, analysis, bands)
    yield model


def _analysis(root: Cursor) -> Analysis:
    rate, hop = known(root["sample_rate"], RATE), known(root["hop_size"], HOP)
    return Analysis(rate, hop, known(root["win_size"], WINDOW), known(root["fft_size"], FFT))


def _bundled(model: Model, root: Cursor, analysis: Analysis, bands: Value[int] | None) -> None:
    """State that the voicebank's own vocoder takes the frames that its acoustic model gives."""
    document = root.document.sibling(BUNDLED)
    if document is None:
        return
    vocoder = Cursor(document)
    theirs = _analysis(vocoder)
    equal(model, analysis.rate, theirs.rate, REFUSED, "crash")
    if analysis.hop is not None and theirs.hop is not None:
        tie(model, "frames", "equal", analysis.hop, theirs.hop, "crash", REFUSED)
    if bands is not None and (its_bands := known(vocoder["num_mel_bins"], BANDS)) is not None:
        tie(model, "bins", "equal", bands, its_bands, "crash", REFUSED)
