"""End-to-end-ASR-Pytorch: Kaldi features with deltas, a VGG or CNN stem, recurrent layers that drop or join frames.

Source: Alexander-H-Liu/End-to-end-ASR-Pytorch, src/{audio,module,asr}.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from rflint.coverage import Conv, Mixer, Sequence as Chain, centred, decimate, framing, pool
from rflint.dialects.asr_frontend import Frames, chain, lasting, ms_truncated, positive, samples, tie
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stack, Stage, Tie

NAME, TITLE = "e2e-asr-pytorch", "End-to-end-ASR-Pytorch (data.audio, model.encoder.prenet)"
SCHEMA, LOADER = "e2e_asr", "pyyaml"

RATE = 16000  # src/audio.py takes the rate of each file; the recipes are LibriSpeech's
DELTA_ORDER, DELTA_WINDOW = 0, 2  # src/audio.py, create_transform
FRAME_LENGTH, FRAME_SHIFT = 25, 10  # torchaudio.compliance.kaldi.fbank
PRENET_FACTOR = 4
MOST_DELTAS = 10

_LISTS = "Encoder asserts one entry a layer"
_VGG = "VGGExtractor takes features of 40 bands, deltas beside them, or refuses (ValueError)"


def recognise(root: Cursor) -> bool:
    encoder = root["model"]["encoder"]
    return root["data"]["audio"].has("feat_type", "feat_dim") and encoder.has("sample_rate", "sample_style")


def read(root: Cursor) -> Iterator[Model]:
    audio, encoder = root["data"]["audio"], root["model"]["encoder"]
    model = Model(NAME, sample_rate=Value(RATE, None, "framework default"))
    with model.deriving("encoder"):
        front, hop = _front(model, audio)
        model.stacks.append(Stack("frontend", "audio", front, input_rate=RATE, factors=[_hop(hop)]))
        stages, factors = _encoder(model, audio, encoder)
        both = [_hop(hop), *factors]
        model.stacks.append(Stack("encoder", "encoder", [*front, *stages], input_rate=RATE, factors=both))
    yield model


def _hop(hop: Value[int]) -> Factor:
    return Factor("frame_shift", (hop.value,), hop.where)


def _front(model: Model, audio: Cursor) -> tuple[list[Stage], Value[int]]:
    """Kaldi frames, deltas over order × window frames on each side, and the statistics of the utterance."""
    rate: Value[int] = Value(RATE, None, "framework default")
    length, shift = audio["frame_length"].number(FRAME_LENGTH), audio["frame_shift"].number(FRAME_SHIFT)
    window, hop = samples(length, rate, ms_truncated), samples(shift, rate, ms_truncated)
    lasting(model, length, window, rate, "window", "ms")
    lasting(model, shift, hop, rate, "step", "ms")
    Frames(rate, window, hop).state(model, "")
    stages = [Stage("audio", framing(window.value, hop.value), hop.where or audio.where)]
    order, reach = audio["delta_order"].int(DELTA_ORDER).value, audio["delta_window_size"].int(DELTA_WINDOW).value
    if 0 < order <= MOST_DELTAS:
        width = positive(Value(2 * order * reach + 1, audio["delta_order"].where))
        stages.append(Stage("delta", centred(width.value), width.where))
    if audio["apply_cmvn"].value is True:
        stages.append(Stage("apply_cmvn", Mixer("utterance normalisation"), audio["apply_cmvn"].where))
    return stages, hop


def _encoder(model: Model, audio: Cursor, encoder: Cursor) -> tuple[list[Stage], list[Factor]]:
    rates = encoder["sample_rate"].ints()
    for key in ("dim", "dropout"):
        if encoder[key].is_list():
            given: Value[object] = Value(cast("list[object]", encoder[key].value), encoder[key].where)
            model.ties.append(Tie("lists", "same length", cast("Value[object]", rates), given, "crash", _LISTS))
    stem, factor = _prenet(model, audio, encoder)
    joined = encoder["sample_style"].str("drop").value == "concat"
    both = encoder["bidirection"].bool().value
    rnn = Mixer(str(encoder["module"].str().value).upper(), None, None if both else 0)
    stages = []
    for i, rate in enumerate(rates.value):
        step = positive(Value(rate, encoder["sample_rate"][i].where)).value
        down = Conv(step, step, 1, (0, 0), "stack") if joined else decimate(step)
        stages.append(Stage(f"layers.{i}", Chain((rnn, down)) if step > 1 else rnn, encoder["sample_rate"][i].where))
    terms = tuple(rate for rate in rates.value if rate > 1)
    slower = [Factor("sample_rate", terms, rates.where)] if terms else []
    return [*stem, *stages], [*factor, *slower]


def _prenet(model: Model, audio: Cursor, encoder: Cursor) -> tuple[list[Stage], list[Factor]]:
    """`prenet: vgg | cnn | ''`; older files write `vgg: true`."""
    cursor = encoder["prenet"] if encoder["prenet"].exists else encoder["vgg"]
    kind = "vgg" if cursor.value is True else cursor.value
    if kind in ("", None, False) or not cursor.exists:
        return [], []
    factor = [Factor("prenet", (PRENET_FACTOR,), cursor.where)]
    if kind == "cnn":
        return chain("prenet", [(4, 2)] * 2, cursor.where, (1, 1)), factor
    if kind != "vgg":
        raise NotComputable(f"prenet `{kind}` is not known", cursor.where)
    _state_bands(model, audio)
    inner = Chain((Conv(3, 1, 1, (1, 1)), Conv(3, 1, 1, (1, 1)), pool(2)))
    return [Stage(f"prenet.{i}", inner, cursor.where) for i in range(2)], factor


def _state_bands(model: Model, audio: Cursor) -> None:
    with model.deriving("feat_dim"):
        bands = audio["feat_dim"].int()
        if bands.value % 13:
            tie(model, "bins", "multiple", bands, Value(40, None, "derived"), "crash", _VGG)
