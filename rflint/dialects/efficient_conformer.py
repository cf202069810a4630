"""burchim/EfficientConformer: Conformers some of whose blocks stride, from samples on (encoder_params).

Sources: models/encoders.py, models/modules.py, models/blocks.py, models/layers.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rflint.coverage import Conv, Layer, Mixer, Parallel, Sequence as Chain, centred, decimate, pool
from rflint.dialects.asr_frontend import Frames, attention, lasting, layers, positive, samples
from rflint.dialects.speech_facts import Features, counted, plausible, strided
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Model, Stage

NAME, TITLE = "efficient-conformer", "EfficientConformer (encoder_params: subsampling_module, strided_blocks)"
SCHEMA, LOADER = "efficient_conformer", "json"

MOST_KERNEL = 10**4
LIMITS = ("left_context", "right_context", "att_kernel_size")
"""Keys of limited attention, whose limits shrink with every block that strides."""


def recognise(root: Cursor) -> bool:
    return root["encoder_params"].has("subsampling_module", "subsampling_layers", "hop_length_ms", "win_length_ms")


def read(root: Cursor) -> Iterator[Model]:
    conf = root["encoder_params"]
    model = Model(NAME)
    with model.deriving("frontend"):
        features = _features(model, conf)
        model.stacks.append(features.stack())
        plausible(model)
        counted(model, root["training_params"]["train_audio_max_length"], "samples", features.rate.value)
        with model.deriving("encoder"):
            stem, blocks = _subsampling(conf), _blocks(conf)
            factors = [
                strided("subsampling_layers", stem, conf["subsampling_layers"].where),
                strided("strided_blocks", blocks, conf["strided_blocks"].where),
            ]
            model.stacks.append(features.encoder("conformer", [*stem, *blocks], factors))
    yield model


def _features(model: Model, conf: Cursor) -> Features:
    """modules.py, AudioPreprocessing: frames centred on their sample."""
    rate = model.sample_rate = positive(conf["sample_rate"].int())
    window_ms, hop_ms = conf["win_length_ms"].number(), conf["hop_length_ms"].number()
    window, hop = samples(window_ms, rate, _truncated), samples(hop_ms, rate, _truncated)
    lasting(model, hop_ms, hop, rate, "step", "ms")
    lasting(model, window_ms, window, rate, "window", "ms")
    frames = Frames(rate, window, hop, positive(conf["n_fft"].int()))
    frames.state(model, "torch.stft refuses a window longer than the FFT")
    return Features(rate, hop, (frames.centred("spectrogram", mirrored=True),))


def _truncated(ms: float, rate: int) -> int:
    """``int(sample_rate * ms) // 1000``."""
    return int(rate * ms) // 1000


def _subsampling(conf: Cursor) -> list[Stage]:
    """Layers that halve the frames."""
    kind, count = conf["subsampling_module"].str(), layers(conf["subsampling_layers"])
    kernel = positive(conf["subsampling_kernel_size"].int(), MOST_KERNEL)
    if kind.value not in SUBSAMPLING:
        raise NotComputable(f"the subsampling `{kind.value}` is not known", kind.where)
    layer = SUBSAMPLING[kind.value](kernel.value)
    return [Stage(f"subsampling.{i}", layer, conf["subsampling_layers"].where) for i in range(count.value)]


def _halving(kernel: int) -> Layer:
    return centred(kernel, 2)


def _pooled(kernel: int) -> Layer:
    return Chain((centred(kernel), pool(3, 2, 1)))


def _vgg(kernel: int) -> Layer:
    return Chain((centred(kernel), centred(kernel), pool(2)))


SUBSAMPLING: dict[str, Callable[[int], Layer]] = {
    "Conv1d": _halving,
    "Conv2d": _halving,
    "Conv2dPool": _pooled,
    "VGG": _vgg,
}


def _blocks(conf: Cursor) -> list[Stage]:
    """blocks.py, ConformerBlock: attention, then a convolution beside a shortcut that takes every stride-th frame."""
    for key in LIMITS:
        if conf[key].given:
            raise NotComputable("limited attention is not counted", conf[key].where)
    causal = conf["causal"].bool(False).value
    mixer = _attention(conf, causal=causal)
    chosen = conf["strided_blocks"].ints([]).value
    stages = list[Stage]()
    for index in range(layers(conf["num_blocks"]).value):
        passed, here = sum(index > block for block in chosen), index in chosen
        kernel = _of(conf["kernel_size"], sum(index >= block for block in conf["expand_blocks"].ints([]).value))
        conv = _of(conf["conv_stride"], passed) if here else Value(1)
        queries = _of(conf["att_stride"], passed) if here else Value(1)
        where = conf["strided_blocks"].where if here else kernel.where
        stages.append(Stage(f"blocks.{index}", _block(mixer, kernel.value, conv.value, queries.value, causal), where))
    return stages


def _attention(conf: Cursor, *, causal: bool) -> Mixer:
    """Causal attention whose frames are joined in groups would look ahead within its group: it is not counted."""
    group = conf["att_group_size"]
    if (
        causal
        and group.exists
        and any(size != 1 for size in (group.ints().value if group.is_list() else [group.value]))
    ):
        raise NotComputable("causal attention in groups is not counted", group.where)
    return attention(None, 0 if causal else None)


def _of(place: Cursor, turn: int) -> Value[int]:
    """A number for all blocks, or the ``turn``-th of a list. Raises `NotComputable` when there is none."""
    return positive((place[turn] if place.is_list() else place).int(), MOST_KERNEL)


def _block(mixer: Mixer, kernel: int, stride: int, queries: int, causal: bool) -> Layer:
    pad = (kernel - 1, 0) if causal else ((kernel - 1) // 2,) * 2
    conv = Parallel((Conv(kernel, stride, 1, pad), Conv(1, stride)))
    return Chain((mixer, decimate(queries), conv)) if queries > 1 else Chain((mixer, conv))
