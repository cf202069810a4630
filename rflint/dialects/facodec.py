"""FAcodec (Plachtaa/FAcodec, open-mmlab/Amphion): DAC's layers with SEANet's padding, in YAML or JSON5.

Sources: modules/dac/model/dac.py, modules/commons.py (build_model). The prosody branch feeds mel frames into the same
grid, so here the hop of the analysis must be that of the codec.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.dialects.analysis import known
from rflint.dialects.codec_facts import both, causal, exact, hop, inverse, lasting, ordered, product, same_rate, tie
from rflint.dialects.codec_graphs import factor, lstm, padded_as_seanet
from rflint.documents import Cursor
from rflint.model import Duration, Model, declared

NAME, TITLE = "facodec", "FAcodec (model_params.DAC)"
SCHEMA, LOADER = "facodec", "pyyaml"

LSTM = 2  # modules/dac/model/dac.py, Encoder and Decoder

GRID = "the prosody branch feeds mel frames of this hop into the frames of the codec"
RATE = "F0 and content targets are resampled to this rate"
MIRROR = "the decoder undoes the encoder stage by stage in every published model"
FIT = "torch.stft refuses a window longer than the FFT"


CONVERSION = ("dit_type", "DiT", "vocoder", "length_regulator")
"""Keys of seed-vc, which keeps the section ``DAC`` and reads nothing of it."""


def recognise(root: Cursor) -> bool:
    params = root["model_params"]
    return params["DAC"].has("encoder_rates") and not any(params.has(key) for key in CONVERSION)


def read(root: Cursor) -> Iterator[Model]:
    params, spect = root["model_params"], root["preprocess_params"]["spect_params"]
    model = Model(NAME)
    with model.deriving("sample_rate"):
        rate = root["preprocess_params"]["sr"]
        model.sample_rate = (rate if rate.exists else params["DAC"]["sr"]).int()
    same_rate(model, params["DAC"]["sr"], "the codec is given the audio of the preprocessing")
    with model.deriving("codec"):
        _codec(model, params)
        hop(model, spect["hop_length"], product(params["DAC"]["encoder_rates"].ints()), GRID)
    window, fft = known(spect["win_length"]), known(spect["n_fft"])
    lasting(model, window, "window")
    lasting(model, fft, "window")
    tie(model, "fft", "at most", window, fft, "crash", FIT)
    _rates(model, root)
    yield model


def _codec(model: Model, params: Cursor) -> None:
    down, up = params["DAC"]["encoder_rates"].ints(), params["DAC"]["decoder_rates"].ints()
    flags = [params.first(f"{side}_causal", "causal") for side in ("encoder", "decoder")]
    layers = [params.first(f"{side}_lstm", "lstm").int(LSTM).value for side in ("encoder", "decoder")]
    families = [padded_as_seanet(flag.bool(False).value) for flag in flags]
    factors, back = [factor("encoder_rates", down)], [factor("decoder_rates", up)]
    stages = families[0].encoder(down, lstm(layers[0])), families[1].decoder(up, lstm(layers[1]))
    both(model, *stages, factors, back)
    inverse(model, factors)
    ordered(model, up, down, "reversed", "report", MIRROR)
    for side, flag in zip(("encoder", "decoder"), flags, strict=True):
        causal(model, flag, side, "causal pads on the left alone")


def _rates(model: Model, root: Cursor) -> None:
    """Keys that count frames, or give their rate."""
    rate = exact(root["preprocess_params"]["frame_rate"])
    if rate is not None and model.stacks:
        model.claims.append(declared("frame_rate", rate, "Hz", stack="encoder", outcome="crash", because=RATE))
    step = known(root["preprocess_params"]["spect_params"]["hop_length"])
    frames = Fraction(model.sample_rate.value) / step.value if model.sample_rate and step else None
    for cursor in (root["max_len"], root["train"]["max_frame_len"]):
        value = known(cursor)
        if value is not None:
            model.durations.append(Duration(value, "frames", frames, "length"))
