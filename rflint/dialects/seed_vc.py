"""seed-vc (Plachtaa/seed-vc): a diffusion transformer over mel frames, made audible by a published vocoder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from rflint.dialects.analysis import Analysis, equal, known
from rflint.dialects.vocoder_names import agrees
from rflint.documents import Cursor, Value
from rflint.model import Model, Tie

NAME, TITLE = "seed_vc", "seed-vc (preprocess_params, model_params.vocoder)"
SCHEMA, LOADER = "styletts2", "pyyaml"

WRAPPER = "the wrapper counts audio in frames of its own hop_size at sr (modules/v2/vc_wrapper.py)"


def recognise(root: Cursor) -> bool:
    vocoder = root["model_params"]["vocoder"]
    return (root["preprocess_params"]["spect_params"].has("hop_length") and vocoder.has("type")) or is_wrapper(root)


def is_wrapper(root: Cursor) -> bool:
    """True for version 2 (configs/v2/vc_wrapper.yaml), which is instantiated by Hydra."""
    return root.has("sr", "hop_size") and root["mel_fn"].has("hop_size", "sampling_rate")


def read(root: Cursor) -> Iterator[Model]:
    if is_wrapper(root):
        yield wrapper(root)
        return
    params, vocoder = root["preprocess_params"], root["model_params"]["vocoder"]
    sizes = params["spect_params"]
    analysis = Analysis.read(params["sr"], sizes["hop_length"], sizes["win_length"], sizes["n_fft"])
    model = Model(NAME, sample_rate=analysis.rate)
    analysis.describe(model)
    analysis.frontend(model, center=False)  # modules/audio.py, mel_spectrogram
    analysis.below_nyquist(model, sizes["fmax"])
    analysis.framed(model, known(root["max_len"]))
    bands = known(sizes["n_mels"])
    analysis.exchanged(model, "gives", bands, False)
    agrees(model, vocoder["name"], analysis.rate, bands, analysis.hop)
    yield model


def wrapper(root: Cursor) -> Model:
    """Version 2: the mel of `mel_fn`, the frame step and rate of the wrapper, and the vocoder's name."""
    mel = root["mel_fn"]
    analysis = Analysis.read(mel["sampling_rate"], mel["hop_size"], mel["win_size"], mel["n_fft"])
    model = Model(NAME, sample_rate=analysis.rate)
    analysis.describe(model)
    analysis.frontend(model, center=False)
    analysis.below_nyquist(model, mel["fmax"])
    bands = known(mel["num_mels"])
    analysis.exchanged(model, "gives", bands, False)
    equal(model, known(root["sr"]), analysis.rate, WRAPPER, "silent")
    step, hop = known(root["hop_size"]), analysis.hop
    if step is not None and hop is not None:
        left, right = cast(Value[object], step), cast(Value[object], hop)
        model.ties.append(Tie("upsampling", "equal", left, right, "silent", WRAPPER))
    agrees(model, root["vocoder"]["pretrained_model_name_or_path"], analysis.rate, bands, hop)
    return model
