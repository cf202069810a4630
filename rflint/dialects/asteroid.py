"""Asteroid recipes (local/conf.yml): a filterbank and the network that masks its frames.

Sources: asteroid-team/asteroid, asteroid/models/*.py, asteroid/masknn/*.py, egs/wham/TwoStep/model.py, and
asteroid-team/asteroid-filterbanks. Values may be overridden on the command line; these are those of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.coverage import Conv, Mixer, framing, stft
from rflint.dialects.analysis import known
from rflint.dialects.asr_frontend import MOST_LAYERS, positive, tie
from rflint.dialects.speech_facts import derived, maybe, stated_rate
from rflint.dialects.tasnet import chunked, doubling, u_blocks
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Duration, Factor, Model, Stack, Stage

NAME, TITLE = "asteroid", "Asteroid separation recipes (filterbank, masknet)"
SCHEMA, LOADER = "asteroid", "pyyaml"

RATE = 8000  # asteroid/models/conv_tasnet.py and its kin, sample_rate
STFT_RATE = 16000  # asteroid/models/{dccrnet,demask}.py, sample_rate
CONV_KERNEL, BLOCKS, REPEATS = 3, 8, 3  # ConvTasNet, conv_kernel_size, n_blocks, n_repeats
NORM, FRAMEWISE = "gLN", ("cLN", "bN")  # TDConvNet, norm_type; masknn/norms.py
UBLOCKS, DEPTH = 16, 4  # SuDORMRFNet, num_blocks, upsampling_depth
XUMX_WINDOW, XUMX_HOP, CD = 4096, 1024, 44100  # asteroid/models/x_umx.py
FASNET_WINDOW_MS, FASNET_CONTEXT_MS = 4, 16  # asteroid/models/fasnet.py


def recognise(root: Cursor) -> bool:
    bank = root["filterbank"]
    sized = bank.has("n_filters", "kernel_size") or bank.has("stft_n_filters", "stft_kernel_size")
    masked = root["masknet"].is_mapping() or root["demask_net"].is_mapping()
    return (
        (sized and masked) or root["net"].has("window_ms", "context_ms") or root["model"].has("nhop", "window_length")
    )


def read(root: Cursor) -> Iterator[Model]:
    data = root["data"]
    default = CD if root["model"].has("nhop") else STFT_RATE if _transformed(root) else RATE
    rate = stated_rate(data["sample_rate"]) or stated_rate(data["fs"]) or Value(default, None, "framework default")
    model = Model(NAME, sample_rate=rate)
    with model.deriving("filterbank"):
        if root["model"].has("nhop", "window_length"):
            _xumx(model, root["model"], rate)
        elif root["net"].has("window_ms", "context_ms"):
            _fasnet(model, root["net"], rate)
        else:
            _recipe(model, root, rate)
    yield model


def _transformed(root: Cursor) -> bool:
    return root["filterbank"]["stft_n_filters"].exists or root["demask_net"].exists or root["net"].exists


# -- filterbank and mask network ----------------------------------------------------------------------------------


def _recipe(model: Model, root: Cursor, rate: Value[int]) -> None:
    bank, mask = root["filterbank"], root["masknet"]
    kernel = positive(bank.first("kernel_size", "stft_kernel_size").int())
    hop = _hop(bank.first("stride", "stft_stride"), kernel)
    model.durations.append(Duration(kernel, "samples", Fraction(rate.value), "window"))
    if hop.origin == "file":
        model.durations.append(Duration(hop, "samples", Fraction(rate.value), "step"))
    _sizes(model, bank, mask, kernel)
    if mask["upsampling_depth"].exists:
        hop = _sudormrf(model, bank, kernel, hop)
    analysis = _analysis(root, kernel, hop)
    factors = [Factor(hop.key or "stride", (hop.value,), hop.where)]
    model.stacks.append(Stack("frontend", "filterbank", [analysis], input_rate=rate.value, factors=factors))
    with model.deriving("masknet"):
        stages = [analysis, *_masks(root, mask)]
        model.stacks.append(Stack("encoder", "masknet", stages, input_rate=rate.value, factors=factors))
    _chunks(model, mask)


def _hop(stride: Cursor, kernel: Value[int]) -> Value[int]:
    """None or 0 is half the kernel (asteroid_filterbanks, Filterbank)."""
    stated = stride.int(0)
    return positive(stated) if stated.value else positive(Value(kernel.value // 2, kernel.where, "derived"))


def _analysis(root: Cursor, kernel: Value[int], hop: Value[int]) -> Stage:
    """Unpadded frames; SuDoRM-RF and the two-step recipe (AdaptiveEncoder1D) pad by half the kernel."""
    padded = root["masknet"]["upsampling_depth"].exists or root["separator_training"].exists
    pad = kernel.value // 2 if padded else 0
    return Stage("filterbank", Conv(kernel.value, hop.value, 1, (pad, pad)), hop.where or kernel.where)


def _masks(root: Cursor, mask: Cursor) -> list[Stage]:
    if mask["architecture"].exists:
        raise NotComputable("the layers of an architecture by name are not derived", mask["architecture"].where)
    if mask["upsampling_depth"].exists:
        blocks = u_blocks(mask["upsampling_depth"].int(DEPTH), mask["num_blocks"].int(UBLOCKS))
        return [blocks, Stage("norm", Mixer("norm over time"), blocks.where)]
    if mask["chunk_size"].exists:
        return [chunked(mask["chunk_size"].int())]
    if mask["n_blocks"].exists or mask["n_repeats"].exists:
        return _dilated(root, mask)
    if mask["rnn_type"].exists or mask["n_units"].exists:
        where = mask.first("rnn_type", "n_units").where
        return [Stage("masknet", Mixer("recurrence"), where)]
    if root["demask_net"].exists:
        return []
    raise NotComputable("the layers of `masknet` are not known", mask.where)


def _dilated(root: Cursor, mask: Cursor) -> list[Stage]:
    """TDConvNet; the two-step recipe has the two loops the other way round and restarts its dilations every n_repeats."""
    kernel, blocks = mask["conv_kernel_size"].int(CONV_KERNEL), mask["n_blocks"].int(BLOCKS)
    repeats = positive(mask["n_repeats"].int(REPEATS), MOST_LAYERS)
    if root["separator_training"].exists:
        norm = Stage("norm", Mixer("norm over time"), mask["n_blocks"].where)
        return [*doubling(kernel, repeats, positive(blocks, MOST_LAYERS).value), norm]
    causal = mask["causal"].bool(False).value
    return [*doubling(kernel, blocks, repeats.value, is_causal=causal), *_norm(mask["norm_type"], is_causal=causal)]


def _norm(kind: Cursor, *, is_causal: bool) -> list[Stage]:
    """Statistics of the whole signal, of its past (cgLN) or of single frames; models/conv_tasnet.py replaces a causal gLN."""
    name = kind.str(NORM).value
    if name == "cgLN":
        return [Stage("norm", Mixer("cumulative norm", None, 0), kind.where)]
    return [] if is_causal or name in FRAMEWISE else [Stage("norm", Mixer("norm over time"), kind.where)]


# -- facts --------------------------------------------------------------------------------------------------------


def _sizes(model: Model, bank: Cursor, mask: Cursor, kernel: Value[int]) -> None:
    filters = known(bank.first("n_filters", "stft_n_filters"))
    if not filters:
        return
    if bank["stft_n_filters"].exists or bank["fb_name"].value == "stft":
        because = "the STFT filterbank asserts n_filters >= kernel_size"
        tie(model, "fft", "at most", kernel, filters, "crash", because)
    elif known(mask["in_chan"]):
        because = "the masker is fed the filterbank's channels (asserted in asteroid/models)"
        tie(model, "bins", "equal", positive(mask["in_chan"].int()), filters, "crash", because)


def _sudormrf(model: Model, bank: Cursor, kernel: Value[int], hop: Value[int]) -> Value[int]:
    """The stride is half the kernel, whatever the file says (asteroid/models/sudormrf.py)."""
    half = derived(kernel.value // 2)
    if hop.origin == "file":
        because = "SuDORMRFNet strides by kernel_size // 2, and pads and cuts by it"
        tie(model, "upsampling", "equal", hop, half, "silent", because)
    return positive(Value(half.value, hop.where or kernel.where, "derived"))


def _chunks(model: Model, mask: Cursor) -> None:
    """Chunks that overlap unevenly are summed with the scale of an even overlap."""
    chunk, hop = maybe(mask["chunk_size"].int), maybe(mask["hop_size"].int)
    if chunk and hop and hop.value > 0:
        because = "overlapping chunks are summed and divided by chunk_size / hop_size, which is then not their number"
        tie(model, "chunk", "multiple", chunk, hop, "silent", because)


# -- other recipes ------------------------------------------------------------------------------------------------


def _xumx(model: Model, net: Cursor, rate: Value[int]) -> None:
    window, hop = positive(net["window_length"].int(XUMX_WINDOW)), positive(net["nhop"].int(XUMX_HOP))
    model.durations.append(Duration(hop, "samples", Fraction(rate.value), "step"))
    model.durations.append(Duration(window, "samples", Fraction(rate.value), "window"))
    stages = [Stage("stft", stft(window.value, hop.value), hop.where), Stage("lstm", Mixer("LSTM"), net.where)]
    factors = [Factor("nhop", (hop.value,), hop.where)]
    model.stacks.append(Stack("encoder", "x-umx", stages, input_rate=rate.value, factors=factors))
    channels = known(net["in_chan"])
    if channels:
        tie(
            model,
            "bins",
            "equal",
            channels,
            window,
            "crash",
            "in_chan is the window length (egs/musdb18/X-UMX/train.py)",
        )


def _fasnet(model: Model, net: Cursor, rate: Value[int]) -> None:
    """Windows with a context on both sides; their hop is half of them, whatever ``stride`` says (fasnet.py)."""
    window = _samples(net["window_ms"], FASNET_WINDOW_MS, rate)
    context = _samples(net["context_ms"], FASNET_CONTEXT_MS, rate)
    hop = positive(Value(window.value // 2, window.where, "derived"))
    frames = framing(window.value + 2 * context.value, hop.value)
    factors = [Factor("window_ms // 2", (hop.value,), window.where)]
    model.stacks.append(
        Stack("frontend", "window", [Stage("window", frames, window.where)], input_rate=rate.value, factors=factors)
    )
    _chunks(model, net)


def _samples(time: Cursor, default: int, rate: Value[int]) -> Value[int]:
    """``int(sample_rate * ms / 1000)``."""
    ms = time.number(Fraction(default))
    return positive(Value(int(rate.value * ms.value / 1000), ms.where, "derived"))
