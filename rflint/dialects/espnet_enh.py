"""ESPnet2 enhancement, separation and target speaker extraction: an analysis, what masks its frames, and the inverse.

Sources: espnet2/tasks/{enh,enh_tse}.py, espnet2/enh/{encoder,decoder,separator,extractor,layers}/*.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rflint.coverage import Conv, Mixer, stft
from rflint.dialects.asr_frontend import MOST_LAYERS, layers, positive, samples, tie
from rflint.dialects.espnet_encoders import recurrent
from rflint.dialects.speech_facts import MS, counted, named, over_utterance, stated_rate
from rflint.dialects.tasnet import GRID_FFT, GRID_STRIDE, chunked, doubling, grid_network
from rflint.documents import Cursor, NotComputable, Value, Where
from rflint.model import Factor, Model, Role, Stack, Stage

NAME, TITLE = "espnet2/enh", "ESPnet2 enhancement and separation (encoder, separator or extractor)"
SCHEMA, LOADER = "espnet_enh", "pyyaml"

FFT, HOP = 512, 128  # encoder/stft_encoder.py and decoder/stft_decoder.py: n_fft, hop_length
BLOCKS, REPEATS, KERNEL, NORM = 8, 3, 3, "gLN"  # separator/tcn_separator.py: layer, stack, kernel, norm_type
WHOLE_NORMS = ("gLN", "GN")  # layers/tcn.py, choose_norm: over channels and frames
SEGMENT = 20  # separator/{dprnn,dptnet,skim,svoice}_separator.py, segment_size
RNN_TYPE, RNN_LAYERS = "blstm", 3  # separator/{rnn,dpcl,dan}_separator.py: rnn_type, layer
DCCRN_CONVS = 6  # separator/dccrn_separator.py: kernel_num holds six
FASNET_RATE = 16000  # separator/fasnet_separator.py, sr

ENCODERS, EXTRACTORS, DIFFUSIONS = ("stft", "conv", "same"), ("td_speakerbeam",), ("sgmse",)
OTHERS = ("asteroid", "dc_crn", "dpcl_e2e", "ineube", "uses", "uses2")
"""Separators whose layers are not written down here."""

Frames = tuple[Stage, Value[int]]
"""What makes the frames, and the samples from one to the next."""
Network = Callable[[Cursor, Where], list[Stage]]
"""The layers of a network, from its arguments and the place that names it."""


def recognise(root: Cursor) -> bool:
    separates = named(root["separator"], {*NETWORKS, *ANALYSES, *OTHERS}) or named(root["extractor"], EXTRACTORS)
    return named(root["encoder"], ENCODERS) and (separates or named(root["diffusion_model"], DIFFUSIONS))


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME)
    with model.deriving("encoder"):
        analysis, hop = _analysis(model, root)
        rate = model.sample_rate.value if model.sample_rate else None
        factors = [Factor(hop.key or "hop_length", (hop.value,), hop.where)]
        stages = [analysis]
        with model.deriving("separator"):
            stages += _network(root)
        role: Role = "encoder" if len(stages) > 1 else "frontend"
        model.stacks.append(Stack(role, "separator", stages, input_rate=rate, factors=factors))
    with model.deriving("decoder"):
        _inverse(model, root)
    yield model


# -- analysis -----------------------------------------------------------------------------------------------------


def _analysis(model: Model, root: Cursor) -> Frames:
    """What makes the frames: the separator itself where it reads samples, else the encoder."""
    kind, separator = root["encoder"].value, root["separator"]
    if named(separator, ANALYSES):
        return ANALYSES[str(separator.value)](model, root["separator_conf"])
    if kind == "same":
        raise NotComputable("the layers of the separator are not known", separator.where)
    conf = root["encoder_conf"]
    return _convolved(conf) if kind == "conv" else _transformed(model, conf)


def _convolved(conf: Cursor) -> Frames:
    kernel, hop = positive(conf["kernel_size"].int()), positive(conf["stride"].int())
    return Stage("encoder", Conv(kernel.value, hop.value), hop.where), hop


def _transformed(model: Model, conf: Cursor) -> Frames:
    """The rate is told only where the transform is fitted to other rates; its default is of no model."""
    rate = model.sample_rate = stated_rate(conf["default_fs"])
    fft, hop = positive(conf["n_fft"].int(FFT)), positive(conf["hop_length"].int(HOP))
    window = positive(conf["win_length"].int(fft.value))
    if window.where is not None:
        tie(model, "fft", "at most", window, fft, "crash", "torch.stft refuses a window longer than the FFT")
    if rate is not None:
        counted(model, conf["hop_length"], "samples", rate.value, "step")
        counted(model, conf["win_length"] if window.where else conf["n_fft"], "samples", rate.value, "window")
    size = max(fft.value, window.value)
    centred = conf["center"].bool(True).value
    return Stage("stft", stft(size, hop.value, window.value, center=centred), hop.where), hop


def _grid(model: Model, conf: Cursor) -> Frames:
    """separator/tfgridnet_separator.py: a transform of its own, whose window is the FFT."""
    fft, hop = positive(conf["n_fft"].int(GRID_FFT)), positive(conf["stride"].int(GRID_STRIDE))
    return Stage("stft", stft(fft.value, hop.value), hop.where), hop


def _halved(model: Model, conf: Cursor) -> Frames:
    """separator/svoice_separator.py, Encoder: a convolution that strides by half its kernel."""
    kernel = positive(conf["kernel_size"].int())
    hop = positive(Value(kernel.value // 2, kernel.where, "derived"))
    return Stage("encoder", Conv(kernel.value, hop.value), kernel.where), hop


def _windows(model: Model, conf: Cursor) -> Frames:
    """layers/fasnet.py: windows that overlap by half, each with a context on both sides; zeros for both at the ends."""
    rate = model.sample_rate = positive(conf["sr"].int(FASNET_RATE))
    window_ms, context_ms = conf["win_len"].number(), conf["context_len"].number()
    if named(conf["fasnet_type"], {"ifasnet"}):
        raise NotComputable("the context of iFaSNet is not counted", conf["fasnet_type"].where)
    window, context = samples(window_ms, rate, _ms_truncated), samples(context_ms, rate, _ms_truncated)
    hop = positive(Value(window.value // 2, window.where, "derived"))
    counted(model, conf["win_len"], "ms", MS, "window")
    edge = hop.value + context.value
    frames = Conv(window.value + 2 * context.value, hop.value, 1, (edge, edge), "frames")
    return Stage("window", frames, window.where), hop


def _ms_truncated(ms: float, rate: int) -> int:
    """``int(sr * win_len / 1000)``."""
    return int(rate * ms / 1000)


# -- what masks the frames ----------------------------------------------------------------------------------------


def _network(root: Cursor) -> list[Stage]:
    """The layers that follow the analysis.

    Raises:
        NotComputable: layers that are not written down here.
    """
    if root["diffusion_model"].given:
        raise NotComputable("the layers of a diffusion model are not derived", root["diffusion_model"].where)
    place, conf = root["separator"], root["separator_conf"]
    if named(root["extractor"], EXTRACTORS):
        place, conf = root["extractor"], root["extractor_conf"]
    if place.value not in NETWORKS:
        raise NotComputable(f"the layers of `{place.value}` are not known", place.where)
    return NETWORKS[str(place.value)](conf, place.where)


def _dilated(conf: Cursor, where: Where) -> list[Stage]:
    """layers/tcn.py, TemporalConvNet."""
    kernel, blocks = conf["kernel"].int(KERNEL), conf["layer"].int(BLOCKS)
    repeats = positive(conf["stack"].int(REPEATS), MOST_LAYERS)
    stages = doubling(kernel, blocks, repeats.value, is_causal=conf["causal"].bool(False).value)
    whole = conf["norm_type"].str(NORM).value in WHOLE_NORMS
    return [*stages, over_utterance("norm over time", conf["norm_type"].where)] if whole else stages


def _dual_path(conf: Cursor, where: Where) -> list[Stage]:
    return [chunked(positive(conf["segment_size"].int(SEGMENT)))]


def _skipping(conf: Cursor, where: Where) -> list[Stage]:
    """layers/skim.py: recurrence inside segments, whose state is handed from one to the next."""
    if conf["causal"].bool(True).value:
        return [Stage("skim", Mixer("recurrence", None, 0), conf["segment_size"].where)]
    return _dual_path(conf, where)


def _recurrent(conf: Cursor, where: Where) -> list[Stage]:
    """A name such as ``blstm`` or ``gru``: with a leading b both ways (nets/pytorch_backend/rnn/encoders.py, RNN)."""
    kind, count = conf["rnn_type"].str(RNN_TYPE), layers(conf["layer"], RNN_LAYERS)
    both = kind.value.startswith("b")
    return recurrent(Value(kind.value[both:], kind.where), both, count.value, count.where)


def _band_split(conf: Cursor, where: Where) -> list[Stage]:
    """layers/bsrnn.py: causal only with norms over one frame, which it insists on."""
    causal = conf["causal"].bool(False).value
    return [Stage("bsrnn", Mixer("recurrence over time", None, 0 if causal else None), where)]


def _complex(conf: Cursor, where: Where) -> list[Stage]:
    """Convolutions over two frames: down padded on the left, and back cut on the left, so that each looks one ahead."""
    count = len(conf["kernel_num"].ints([0] * DCCRN_CONVS).value)
    positive(Value(count, conf["kernel_num"].where), MOST_LAYERS)
    both = conf["bidirectional"].bool(False).value
    down = [Stage(f"encoder.{i}", Conv(2, 1, 1, (1, 0)), conf["kernel_num"].where) for i in range(count)]
    back = [Stage(f"decoder.{i}", Conv(2, 1, 1, (0, 1)), conf["kernel_num"].where) for i in range(count)]
    return [*down, Stage("enhance", Mixer("LSTM", None, None if both else 0), where), *back]


def _gridded(conf: Cursor, where: Where) -> list[Stage]:
    return grid_network(where)


def _everywhere(name: str) -> Network:
    return lambda conf, where: [over_utterance(name, where)]


NETWORKS: dict[str, Network] = {
    "tcn": _dilated,
    "td_speakerbeam": _dilated,
    "dprnn": _dual_path,
    "dptnet": _dual_path,
    "fasnet": _dual_path,
    "svoice": _dual_path,
    "skim": _skipping,
    "rnn": _recurrent,
    "dpcl": _recurrent,
    "dan": _recurrent,
    "bsrnn": _band_split,
    "dccrn": _complex,
    "tfgridnet": _gridded,
    "tfgridnetv2": _gridded,
    "tfgridnetv3": _gridded,
    "transformer": _everywhere("self-attention"),
    "conformer": _everywhere("self-attention"),
    "wpe_beamformer": _everywhere("statistics over the utterance"),
}
ANALYSES: dict[str, Callable[[Model, Cursor], Frames]] = {
    "tfgridnet": _grid,
    "tfgridnetv2": _grid,
    "svoice": _halved,
    "fasnet": _windows,
}
"""Separators that read samples; the encoder beside them does nothing."""


# -- the inverse --------------------------------------------------------------------------------------------------


def _inverse(model: Model, root: Cursor) -> None:
    """The decoder against an encoder of its own kind."""
    encoder, decoder, back = root["encoder_conf"], root["decoder_conf"], root["decoder"]
    if named(root["separator"], ANALYSES) or back.value != root["encoder"].value:
        return
    if back.value == "conv":
        because = "ConvTranspose1d is asked for the length of the input, which it cannot give"
        for key in ("stride", "kernel_size"):
            tie(model, "upsampling", "equal", decoder[key].int(), encoder[key].int(), "crash", because)
    elif back.value == "stft":
        because = "torch.istft takes n_fft // 2 + 1 bins"
        tie(model, "bins", "equal", decoder["n_fft"].int(FFT), encoder["n_fft"].int(FFT), "crash", because)
        because = "the inverse is cut or filled to the length of the input"
        tie(
            model,
            "upsampling",
            "equal",
            decoder["hop_length"].int(HOP),
            encoder["hop_length"].int(HOP),
            "silent",
            because,
        )
