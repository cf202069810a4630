"""PaddleSpeech beside recognition and synthesis: speaker, keyword and sound classification, and the streaming server.

Sources: paddlespeech/vector/models/ecapa_tdnn.py, paddlespeech/kws/models/mdtc.py, paddlespeech/cls/models/panns/panns.py,
paddlespeech/server/utils/buffer.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from rflint.coverage import Conv, Layer, Sequence as Chain, causal, centred, framing, pool, residual, stft
from rflint.dialects.analysis import paired
from rflint.dialects.asr_frontend import layers, ms_truncated, positive, samples, tie
from rflint.dialects.speaker_nets import ECAPA_DILATIONS, ECAPA_KERNELS, ECAPA_SCALE, ecapa
from rflint.dialects.speech_facts import (
    MS,
    Features,
    counted,
    derived,
    kaldi_features,
    maybe,
    over_utterance,
    plausible,
    sizes,
    stated_rate,
    strided,
)
from rflint.documents import Cursor, Value
from rflint.model import Dead, Model, Stack, Stage, declared

NAME, TITLE = "paddlespeech/audio", "PaddleSpeech speaker, keyword, sound and streaming server configs"
SCHEMA, LOADER = "paddlespeech_audio", "pyyaml"

INNER_KERNEL = 3  # ecapa_tdnn.py, Res2NetBlock
WINDOW_N, SHIFT_N = 7, 4  # buffer.py, ChunkBuffer; the field and stride of the conv2d stem of the released models
WINDOW_MS, SHIFT_MS, RATE = 20, 10, 16000  # buffer.py
PANNS: dict[str, tuple[int, int, int]] = {"cnn14": (5, 3, 2), "cnn10": (4, 3, 2), "cnn6": (4, 5, 1)}
"""Blocks that halve time, kernel, convolutions a block (panns.py); cnn14 has a sixth block that halves nothing."""


def recognise(root: Cursor) -> bool:
    return _is_ecapa(root) or _is_mdtc(root) or _panns(root) is not None or any(_sections(root))


def read(root: Cursor) -> Iterator[Model]:
    if _is_ecapa(root):
        yield _ecapa(root)
    elif _is_mdtc(root):
        yield _mdtc(root)
    elif _panns(root):
        yield _sounds(root)
    for section in _sections(root):
        yield _server(section)


# -- speakers -----------------------------------------------------------------------------------------------------


def _is_ecapa(root: Cursor) -> bool:
    named = root["model"].has("lin_neurons", "attention_channels", "kernel_sizes")
    return named and root.has("window_size", "hop_size")


def _ecapa(root: Cursor) -> Model:
    model, net = Model(NAME), root["model"]
    with model.deriving("frontend"):
        rate = model.sample_rate = positive(root["sr"].int())
        counted(model, root["hop_size"], "samples", rate.value, "step")
        counted(model, root["window_size"], "samples", rate.value, "window")
        plausible(model)
        hop, window = positive(root["hop_size"].int()), positive(root["window_size"].int())
        features = Features(rate, hop, (Stage("mel", stft(window.value, hop.value), hop.where),))
        model.stacks.append(features.stack())
        with model.deriving("encoder"):
            stages = _tdnn(net)
            model.stacks.append(features.encoder("ecapa_tdnn", stages, [strided("model", stages, net.where)]))
    _ecapa_lists(model, net)
    size, bands = maybe(net["input_size"].int), maybe(root["n_mels"].int)
    if size and bands:
        tie(model, "bins", "equal", size, bands, "crash", "the first layer reads so many values a frame")
    return model


def _tdnn(net: Cursor) -> list[Stage]:
    kernels, dilations = sizes(net["kernel_sizes"], ECAPA_KERNELS), sizes(net["dilations"], ECAPA_DILATIONS)
    ends = kernels.value[0], kernels.value[-1]
    fixed = [ends[0], *[INNER_KERNEL] * (len(kernels.value) - 2), ends[1]]
    return ecapa(kernels.where, fixed, dilations.value, layers(net["res2net_scale"], ECAPA_SCALE).value)


def _ecapa_lists(model: Model, net: Cursor) -> None:
    because = "paddlespeech/vector/models/ecapa_tdnn.py asserts it"
    paired(model, net["kernel_sizes"], net["channels"], because)
    paired(model, net["dilations"], net["channels"], because)
    for kernel in list(net["kernel_sizes"])[1:-1] if net["kernel_sizes"].is_list() else ():
        value = maybe(kernel.int)
        if value and value.value != INNER_KERNEL:
            used = Value(cast(object, INNER_KERNEL), None, "derived")
            model.dead.append(Dead(cast(Value[object], value), used, "Res2NetBlock always builds kernels of 3"))


# -- keywords -----------------------------------------------------------------------------------------------------


def _is_mdtc(root: Cursor) -> bool:
    return root["backbone"].value == "paddlespeech.kws.models:MDTC" and root.has("stack_num", "stack_size")


def _mdtc(root: Cursor) -> Model:
    """A first block and stacks of doubling dilations, all padded on the left at once."""
    model = Model(NAME)
    with model.deriving("frontend"):
        rate = model.sample_rate = positive(root["sample_rate"].int(RATE))
        features = kaldi_features(model, rate, root["frame_shift"], root["frame_length"])
        model.stacks.append(features.stack())
        plausible(model)
        with model.deriving("encoder"):
            kernel = positive(root["kernel_size"].int())
            depth = positive(root["stack_size"].int(), 20).value
            dilations = [1, *[2**i for _ in range(layers(root["stack_num"]).value) for i in range(depth)]]
            blocks = [residual(causal(kernel.value, 1, dilation)) for dilation in dilations]
            stages = [Stage(f"blocks.{i}", block, kernel.where) for i, block in enumerate(blocks)]
            model.stacks.append(features.encoder("mdtc", stages))
    size, bands = maybe(root["in_channels"].int), maybe(root["n_mels"].int)
    if size and bands:
        tie(model, "bins", "equal", size, bands, "crash", "the first block reads so many values a frame")
    return model


# -- sounds -------------------------------------------------------------------------------------------------------


def _panns(root: Cursor) -> tuple[int, int, int] | None:
    name = root["model"]["backbone"].value
    start = "paddlespeech.cls.models:"
    return PANNS.get(name.removeprefix(start)) if isinstance(name, str) and name.startswith(start) else None


def _sounds(root: Cursor) -> Model:
    """CNN6, CNN10 and CNN14 of PANNs, over a centred spectrogram."""
    conf, where, rate = root["feature"], root["model"]["backbone"].where, stated_rate(root["feature"]["sr"])
    model = Model(NAME, sample_rate=rate)
    for key, quantity in (("hop_length", "step"), ("win_length", "window"), ("n_fft", "window")):
        if rate:
            counted(model, conf[key], "samples", rate.value, "step" if quantity == "step" else "window")
    with model.deriving("frontend"):
        hop, fft = positive(conf["hop_length"].int()), positive(conf["n_fft"].int())
        window = positive(conf["win_length"].int(fft.value))
        if window.where:
            tie(
                model, "fft", "at most", window, fft, "crash", "paddle.signal.stft refuses a window longer than the FFT"
            )
        front = Stage("mel", stft(max(fft.value, window.value), hop.value, window.value), hop.where)
        input_rate = rate.value if rate else None
        model.stacks.append(Stack("frontend", "features", [front], input_rate=input_rate))
        blocks, kernel, count = _panns(root) or (0, 1, 0)
        block: Layer = Chain((*[centred(kernel)] * count, pool(2)))
        stages = [front, *[Stage(f"conv_block{i + 1}", block, where) for i in range(blocks)]]
        if blocks == PANNS["cnn14"][0]:
            stages.append(Stage("conv_block6", Chain((centred(3), centred(3))), where))
        stages.append(over_utterance("mean and maximum over time", where))
        model.stacks.append(Stack("encoder", "panns", stages, input_rate=input_rate))
    return model


# -- the streaming server -----------------------------------------------------------------------------------------


def _sections(root: Cursor) -> Iterator[Cursor]:
    """The engines of a server file that cut audio into chunks."""
    return (section for section in root if section["chunk_buffer_conf"].has("window_n", "shift_n"))


def _server(section: Cursor) -> Model:
    """A decoding window of ``window_n`` frames every ``shift_n`` frames."""
    conf = section["chunk_buffer_conf"]
    model = Model(NAME, section.key)
    with model.deriving("chunks"):
        rate = model.sample_rate = positive(conf["sample_rate"].int(RATE))
        hop = samples(conf["shift_ms"].number(SHIFT_MS), rate, ms_truncated)
        window = samples(conf["window_ms"].number(WINDOW_MS), rate, ms_truncated)
        features = Features(rate, hop, (Stage("frames", framing(window.value, hop.value), hop.where),))
        model.stacks.append(features.stack())
        size, shift = positive(conf["window_n"].int(WINDOW_N)), positive(conf["shift_n"].int(SHIFT_N))
        stages = [Stage("window", Conv(size.value, shift.value, 1, (0, 0), "stack"), shift.where)]
        model.stacks.append(features.encoder("chunks", stages, [strided("shift_n", stages, shift.where)]))
        _chunk_facts(model, section, features)
    return model


def _chunk_facts(model: Model, section: Cursor, features: Features) -> None:
    conf = section["chunk_buffer_conf"]
    for key, unit, rate in (
        ("window_n", "frames", features.frame_rate), ("shift_n", "frames", features.frame_rate),
        ("window_ms", "ms", MS), ("shift_ms", "ms", MS), ("frame_duration_ms", "ms", MS),
    ):  # fmt: skip
        counted(model, conf[key], "frames" if unit == "frames" else "ms", rate)
    duration = maybe(conf["frame_duration_ms"].number)
    if duration:
        amount = duration.value / MS
        because = "a decoding window is (window_n - 1) · shift_ms + window_ms (buffer.py)"
        claim = declared("receptive_field", duration, "s", amount=amount, stack="encoder", because=because)
        model.claims.append(claim)
    stated = maybe(section["sample_rate"].int)
    if stated:
        tie(model, "rate", "equal", stated, features.rate, "silent", "both describe the audio that comes in")
    if not section["cfg_path"].given:
        because = "the released streaming models read 7 frames every 4 (conv2d)"
        for key, whole in (("window_n", WINDOW_N), ("shift_n", SHIFT_N)):
            value = maybe(conf[key].int)
            if value:
                tie(model, "frames", "equal", value, derived(whole), "silent", because)
