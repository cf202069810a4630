"""Music-Source-Separation-Training and Ultimate Vocal Remover: spectrogram networks that separate chunks of a song.

The kind of network is an option of the command line; the file shows it by the keys of its ``model``.
Sources: ZFTurbo/Music-Source-Separation-Training (utils/settings.py, utils/model_utils.py, models/), and
nomadkaraoke/python-audio-separator (architectures/mdxc_separator.py), which cuts by ``inference.dim_t``.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.dialects.analysis import equal, known
from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.demucs_spectrogram import merging
from rflint.dialects.msst_networks import CONFORMER, KINDS, Kind, Transform, unet_factor
from rflint.dialects.speech_facts import counted, derived, maybe
from rflint.documents import Cursor, Value
from rflint.model import Duration, Factor, Model, Stack

NAME, TITLE = "msst", "Music-Source-Separation-Training and UVR (audio, model, inference)"
SCHEMA, LOADER = "msst", "pyyaml"

CD = 44100  # models/bs_roformer/mel_band_roformer.py, sample_rate; models/ts_bs_mamba2.py, sr


def recognise(root: Cursor) -> bool:
    return root["audio"].has("chunk_size") and _kind(root) is not None


def _kind(root: Cursor) -> Kind | None:
    return next((kind for kind in KINDS if kind.network(root) is not None), None)


def read(root: Cursor) -> Iterator[Model]:
    kind = _kind(root)
    net = kind.network(root) if kind else None
    if kind is None or net is None:
        return
    audio = root["audio"]
    rate = known(audio["sample_rate"]) or known(root["training"]["samplerate"]) or Value(CD, None, "framework default")
    model = Model(NAME, kind.name, sample_rate=rate)
    _lengths(model, root, rate)
    with model.deriving("encoder"):
        made = kind.transform(root, net)
        positive(made.hop), positive(made.window)
        _transform(model, root, made, rate)
        with model.deriving("network"):
            factors = [Factor(made.hop.key or "hop", (made.hop.value,), made.hop.where)]
            model.stacks.append(Stack("frontend", "stft", [made.stage()], input_rate=rate.value, factors=factors))
            stages = [made.stage(), *kind.layers(net)]
            model.stacks.append(Stack("encoder", kind.name, stages, input_rate=rate.value, factors=factors))
        with model.deriving("chunk"):
            _chunks(model, root, net, kind, made)
    _bins(model, root, net)
    if kind.name == "conformer":
        points, rows = net["n_fft"].int(CONFORMER[-1]), root["model"]["freq_bins"].int(CONFORMER[-1] // 2 + 1)
        because = "asserted in models/conformer_model.py"
        tie(model, "bins", "equal", rows, derived(points.value // 2 + 1), "crash", because)
    for key in ("fs", "sample_rate", "sr"):
        equal(model, known(net[key]), known(audio["sample_rate"]), "the network is fed what `audio` loads", "silent")
    yield model


def _lengths(model: Model, root: Cursor, rate: Value[int]) -> None:
    for place in (root["audio"]["chunk_size"], root["inference"]["chunk_size"]):
        counted(model, place, "samples", rate.value)
    counted(model, root["training"]["segment"], "s", 1)


def _transform(model: Model, root: Cursor, made: Transform, rate: Value[int]) -> None:
    """The window fits its FFT; a hop stated twice is one hop, for tools cut their chunks by the one under ``audio``."""
    if made.hop.origin == "file":
        model.durations.append(Duration(made.hop, "samples", Fraction(rate.value), "step"))
    if made.window.origin == "file":
        model.durations.append(Duration(made.window, "samples", Fraction(rate.value), "window"))
    if made.window.where and made.fft.where and made.fft.where != made.window.where:
        tie(model, "fft", "at most", made.window, made.fft, "crash", "torch.stft refuses a window longer than the FFT")
    tie(model, "overlap", "at most", made.hop, made.window, "silent", "samples between two windows are never read")
    other = known(root["audio"]["hop_length"])
    if other and made.stated_twice:
        because = "tools that cut chunks by `audio.hop_length`, as audio-separator did, miss the network's own hop"
        tie(model, "frames", "equal", other, made.hop, "silent", because)
    for section in ("audio", "inference"):
        counted(model, root[section]["dim_t"], "frames", Fraction(rate.value, made.hop.value))


def _chunks(model: Model, root: Cursor, net: Cursor, kind: Kind, made: Transform) -> None:
    """What a chunk must be for the inverse transform, for the U-Net, and for the frame count beside it."""
    chunk, own = known(root["audio"]["chunk_size"]), known(root["inference"]["chunk_size"])
    if kind.exact(net):
        because = "the inverse STFT is given no length: hop·(chunk // hop) samples come back and do not fit the chunk"
        for value in (chunk, own):
            if value:
                tie(model, "segment", "multiple", value, made.hop, "crash", because)
    segment, rate = maybe(root["training"]["segment"].number), known(root["training"]["samplerate"])
    if kind.seconds and chunk and segment and rate:
        because = (
            f"separation runs on segment × samplerate = {segment.value * rate.value} samples (utils/model_utils.py)"
        )
        tie(model, "chunk", "equal", chunk, derived(segment.value * rate.value), "silent", because)
    declared = known(root["audio"]["dim_t"])
    if chunk and declared:
        because = f"{chunk.value} // {made.hop.value} + 1; the trainer reads `chunk_size` and not `dim_t`"
        tie(model, "frames", "equal", declared, derived(chunk.value // made.hop.value + 1), "report", because)
    if kind.name == "hdemucs":
        merging(model, net)
    if kind.halves:
        factor = unet_factor(net)
        if chunk:
            frames = chunk.value // made.hop.value + 1
            because = f"`chunk_size` gives {frames} frames; a skip connection meets them only when they divide evenly"
            tie(model, "frames", "multiple", derived(frames), factor, "crash", because)
        cut = known(root["inference"]["dim_t"])
        if cut:
            because = "UVR and audio-separator run chunks of (dim_t - 1)·hop samples, dim_t frames"
            tie(model, "frames", "multiple", cut, factor, "crash", because)


def _bins(model: Model, root: Cursor, net: Cursor) -> None:
    """Bins of the FFT that the network takes, or the bands that share them."""
    audio, size = root["audio"], known(net["stft_n_fft"])
    if size:
        bins, bands = derived(size.value // 2 + 1), maybe(net["freqs_per_bands"].ints)
        if bands:
            because = "the bands share the bins of the FFT (asserted in models/bs_roformer/bs_roformer.py)"
            tie(model, "bins", "equal", Value(sum(bands.value), bands.where), bins, "crash", because)
    rows, fft = known(audio["dim_f"]), known(audio["n_fft"])
    if rows and fft and not size:
        because = "the inverse STFT pads n_fft // 2 + 1 - dim_f rows (models/mdx23c_tfc_tdf_v3.py)"
        tie(model, "bins", "at most", rows, derived(fft.value // 2 + 1), "crash", because)
