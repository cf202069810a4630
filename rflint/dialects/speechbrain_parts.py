"""SpeechBrain's hyper-parameter files: which class a tag makes, features, convolutions and containers of layers.

Sources: speechbrain/lobes/features.py, speechbrain/processing/features.py, speechbrain/nnet/{CNN,containers,pooling}.py,
speechbrain/nnet/{complex_networks/c_CNN,quaternion_networks/q_CNN}.py, whose padding is that of CNN.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from rflint.coverage import Conv, Layer, Mixer, Parallel, Sequence as Chain, centred, mirrored, pool
from rflint.dialects.analysis import Analysis
from rflint.dialects.asr_frontend import Frames, lasting, layers, positive, samples, thousandths_rounded, tie
from rflint.dialects.speech_facts import Features, over_utterance
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Model, Stage

RATE, WINDOW_MS, HOP_MS, FFT = 16000, Fraction(25), Fraction(10), 400  # lobes/features.py, Fbank and MFCC
ANALYSES = {"EnhanceResnet": (Fraction(32), Fraction(16), 512)}  # lobes/models/EnhanceResnet.py: window, hop, n_fft
SIDES = 5  # left_frames, right_frames
DELTA_WINDOW = 5  # processing/features.py, Deltas: window_length
BLOCK_KERNEL = [3, 3]  # lobes/models/CRDNN.py, CNN_Block: kernel_size
POOLING = 2  # CNN_Block: pooling_size

MEL_SPECTROGRAM = "torchaudio.transforms.MelSpectrogram"

SYNTHESIS = (
    "HifiganGenerator", "UnitHifiganGenerator", "Tacotron2", "FastSpeech2", "FastSpeech2WithAlignment", "MSTacotron2",
    "HifiganDiscriminator", "DiffWave", "DiffWaveDiffusion", "Vocos", "BinarySphericalQuantizer",
)  # fmt: skip
"""Classes of vocoders, of synthesis and of codecs: other dialects read their recipes."""


def class_of(place: Cursor) -> str:
    """The class that a tag such as ``!new:speechbrain.nnet.CNN.Conv1d`` makes or names; "" for none of SpeechBrain."""
    return _class_in(place.tag or "")


def _class_in(tag: str) -> str:
    path = tag.removeprefix("!new:").removeprefix("!name:")
    return path.rpartition(".")[2] if path != tag and path.startswith("speechbrain.") else ""


def made(root: Cursor) -> Iterator[Cursor]:
    """The objects of a file: at its top, in plain mappings there such as ``modules``, and in files it includes."""
    for place in root:
        if class_of(place):
            yield place
        elif place.is_mapping() and (place.tag or "!include:").startswith("!include:"):
            yield from (inner for inner in place if class_of(inner))


def find(root: Cursor, *classes: str) -> Cursor | None:
    """The first object of one of the classes."""
    return next((place for place in made(root) if class_of(place) in classes), None)


# -- features -----------------------------------------------------------------------------------------------------


def spectral_features(model: Model, root: Cursor, place: Cursor) -> Features:
    """Fbank or MFCC: a centred STFT, and deltas and neighbouring frames where they are asked for; or LEAF."""
    rate = positive(place["sample_rate"].int(RATE))
    features = leaf(model, place, rate) if class_of(place) == "Leaf" else framed(model, place, rate)
    with_all = class_of(place) == "MFCC"
    if place["deltas"].bool(with_all).value:
        delta = centred(DELTA_WINDOW)
        features = features.then(
            Stage("deltas", Parallel((Chain(), delta, Chain((delta, delta)))), place["deltas"].where)
        )
    if place["context"].bool(with_all).value:
        left, right = place["left_frames"].int(SIDES).value, place["right_frames"].int(SIDES).value
        window = Conv(positive(Value(left + right + 1)).value, 1, 1, (left, right), "stack")
        features = features.then(Stage("context", window, place["left_frames"].where))
    return normalised(root, features)


def mel_place(root: Cursor) -> Cursor | None:
    """A mel spectrogram that counts in samples: of SpeechBrain's synthesis, or torchaudio's in a container."""
    for place in made(root):
        if class_of(place) == "mel_spectogram":
            return place
        if class_of(place) == "Sequential":
            found = next((item for item in place if (item.tag or "").endswith(MEL_SPECTROGRAM)), None)
            if found:
                return found
    return None


def score_features(model: Model, root: Cursor) -> Features:
    """The transform of a score model, whose numbers of samples stand at the top (recipes/Voicebank/enhance/SGMSE/train.py)."""
    rate, fft, hop = (positive(root[key].int()) for key in ("sample_rate", "n_fft", "hop_length"))
    Analysis(rate, hop, None, fft).describe(model)
    return Features(rate, hop, (Frames(rate, fft, hop, fft).centred("stft", mirrored=True),))


def mel_features(model: Model, root: Cursor, place: Cursor) -> Features:
    """lobes/models/Tacotron2.py, mel_spectogram, which names all it takes; torchaudio/transforms, MelSpectrogram."""
    rate, fft = positive(place["sample_rate"].int(RATE)), positive(place["n_fft"].int(FFT))
    window = positive(place["win_length"].int(fft.value)) if place["win_length"].value is not None else fft
    hop = positive(place["hop_length"].int(window.value // 2))
    analysis = Analysis(rate, hop, window if place["win_length"].exists else None, fft)
    analysis.describe(model)
    analysis.below_nyquist(model, place["f_max"])
    stage = Frames(rate, window, hop, fft).centred("mel", mirrored=True)
    return normalised(root, Features(rate, hop, (stage._replace(where=hop.where or place.where),)))


def normalised(root: Cursor, features: Features) -> Features:
    """The features behind a normalisation of the recipe, where it looks at the whole utterance."""
    norm = find(root, "InputNormalization")
    if norm and norm["norm_type"].value in ("sentence", "batch"):
        return features.then(over_utterance("mean over the utterance", norm["norm_type"].where))
    return features


def leaf(model: Model, place: Cursor, rate: Value[int]) -> Features:
    """LEAF: Gabor filters at every sample, a lowpass that strides over them, and a normalisation by a running mean.

    A window has one sample more than its time, and both convolutions pad by half of it.
    """
    window_ms, hop_ms = place["window_len"].number(WINDOW_MS), place["window_stride"].number(HOP_MS)
    window, hop = samples(window_ms, rate, ms_floored_and_one), samples(hop_ms, rate, ms_floored)
    lasting(model, hop_ms, hop, rate, "step", "ms")
    sides = (window.value - 1) // 2, window.value // 2
    where = hop_ms.where or place.where
    stages = [
        Stage("complex_conv", Conv(window.value, 1, 1, sides), window_ms.where or place.where),
        Stage("pooling", Conv(window.value, hop.value, 1, sides), where),
    ]
    if place["use_pcen"].bool(True).value:
        stages.append(Stage("compression", Mixer("running mean", None, 0), place.where))
    return Features(rate, hop, tuple(stages))


def ms_floored(ms: float, rate: int) -> int:
    """Leaf: ``int(sample_rate * window_stride // 1000)`` (lobes/features.py)."""
    return int(rate * ms // 1000)


def ms_floored_and_one(ms: float, rate: int) -> int:
    """Leaf: ``int(sample_rate * window_len // 1000 + 1)`` (lobes/features.py)."""
    return int(rate * ms // 1000 + 1)


def framed(model: Model, place: Cursor, rate: Value[int]) -> Features:
    """The STFT alone, its window and hop in milliseconds."""
    usual_window, usual_hop, usual_fft = ANALYSES.get(class_of(place), (WINDOW_MS, HOP_MS, FFT))
    window_ms, hop_ms = place["win_length"].number(usual_window), place["hop_length"].number(usual_hop)
    window, hop = samples(window_ms, rate, thousandths_rounded), samples(hop_ms, rate, thousandths_rounded)
    lasting(model, window_ms, window, rate, "window", "ms")
    lasting(model, hop_ms, hop, rate, "step", "ms")
    fft = positive(place["n_fft"].int(usual_fft))
    tie(model, "fft", "at most", window, fft, "crash", "torch.stft: expected 0 < win_length <= n_fft")
    centred_frames = Frames(rate, window, hop, fft).centred("stft")
    return Features(rate, hop, (centred_frames._replace(where=hop_ms.where or place.where),))


def rate_passed_on(model: Model, root: Cursor, place: Cursor) -> None:
    """A sample rate at the top that the features never hear of; unless it is their default, they are made at another."""
    stated = root["sample_rate"]
    if place["sample_rate"].exists or not stated.exists:
        return
    with model.deriving("sample rate"):
        because = f"`{place.key}` is not given the sample rate and takes {RATE} (speechbrain/lobes/features.py)"
        tie(model, "rate", "equal", stated.int(), Value(RATE, None, "derived"), "silent", because)


# -- convolutions -------------------------------------------------------------------------------------------------


def same(kernel: int, stride: int = 1, dilation: int = 1) -> Conv:
    """``padding="same"``: half the kernel on both sides of a strided convolution, whatever the dilation (get_padding_elem).

    What is padded is reflected (padding_mode of nnet/CNN.py), which asks for an input longer than that.
    """
    conv = Conv(kernel, stride, dilation, (kernel // 2,) * 2) if stride > 1 else centred(kernel, 1, dilation)
    return conv._replace(mode="reflect")


def reflected(stages: Iterable[Stage]) -> list[Stage]:
    """Stages of a network that is known from elsewhere, with every convolution padded as `same` pads."""
    return [stage._replace(layer=mirrored(stage.layer)) for stage in stages]


def one_dimensional(place: Cursor) -> Layer:
    """nnet.CNN.Conv1d."""
    kernel = positive(place["kernel_size"].int()).value
    stride, dilation = positive(place["stride"].int(1)).value, positive(place["dilation"].int(1)).value
    padding = place["padding"].str("same")
    if padding.value == "same":
        return same(kernel, stride, dilation)
    if padding.value not in ("causal", "valid"):
        raise NotComputable(f"the padding `{padding.value}` is not known", padding.where)
    left = dilation * (kernel - 1) if padding.value == "causal" else 0
    return Conv(kernel, stride, dilation, (left, 0))


def two_dimensional(place: Cursor) -> Layer:
    """nnet.CNN.Conv2d along time, the last axis unless they are swapped; causal padding is that of the frequency axis."""
    if place["swap"].bool(False).value or place["skip_transpose"].bool(False).value:
        raise NotComputable(f"the axis of time of `{place.key}` is not known", place.where)
    kernel = along_time(place["kernel_size"], 1)
    stride, dilation = along_time(place["stride"], 1), along_time(place["dilation"], 1)
    padding = place["padding"].str("same")
    if padding.value == "same":
        return same(kernel, stride, dilation)
    if padding.value not in ("causal", "valid"):
        raise NotComputable(f"the padding `{padding.value}` is not known", padding.where)
    return Conv(kernel, stride, dilation)


def pooled(place: Cursor) -> Layer | None:
    """nnet.pooling.Pooling1d, along time unless another axis is named."""
    if place["pool_axis"].int(1).value != 1:
        return None
    kernel = positive(place["kernel_size"].int())
    stride = positive(place["stride"].int(kernel.value)).value
    padding, ceil = place["padding"].int(0).value, place["ceil_mode"].bool(False).value
    dilation = positive(place["dilation"].int(1)).value if place["pool_type"].value == "max" else 1
    return pool(kernel.value, stride, padding, dilation, ceil=ceil)


def along_time(place: Cursor, default: int | list[int]) -> int:
    """A size for both axes, or a pair of which the last is that of time."""
    value = place.value if place.exists else default
    if isinstance(value, list):
        pair = place.ints(default).value if place.exists else value
        return positive(Value(pair[-1], place.where)).value if pair else 1
    return positive(place.int(default)).value


def block_of_two(place: Cursor) -> Layer:
    """CRDNN's CNN_Block: two convolutions, and a pooling over frequency or over both axes."""
    kernel = along_time(place["kernel_size"], BLOCK_KERNEL)
    pooled = place["using_2d_pool"].bool(False).value
    size = positive(place["pooling_size"].int(POOLING)).value if pooled else 1
    return Chain((same(kernel), same(kernel), *([pool(size)] if pooled else [])))


# -- containers ---------------------------------------------------------------------------------------------------


def container(place: Cursor) -> list[Stage]:
    """The stages of a Sequential, in the order of the file; layers without extent in time are left out.

    Raises:
        NotComputable: it holds a layer whose reach is not known.
    """
    stages = []
    for item in place:
        layer = _layer(item) if item.key != "input_shape" else None
        if layer is not None:
            stages.append(
                Stage(item.key, layer, item["kernel_size"].where if item["kernel_size"].exists else item.where)
            )
    return stages


def _layer(item: Cursor) -> Layer | None:
    tag = item.meant_tag or ""
    name = _class_in(tag)
    if name in WITH_REACH:
        return WITH_REACH[name](item)
    if name in POINTWISE or tag.removeprefix("!new:").removeprefix("!name:").startswith("torch.nn."):
        return None
    raise NotComputable(f"the reach of `{item.key}` is not known", item.where)


def _recurrent(item: Cursor) -> Layer:
    both = item["bidirectional"].bool(False).value
    layer = Mixer(class_of(item), None, None if both else 0)
    return Chain((layer,) * layers(item["num_layers"], 1).value)


POINTWISE = {
    "Linear",
    "CLinear",
    "QLinear",
    "CBatchNorm",
    "QBatchNorm",
    "LayerNorm",
    "BatchNorm1d",
    "BatchNorm2d",
    "Dropout2d",
    "DNN_Block",
    "Softmax",
    "Swish",
    "Classifier",
}
RECURRENT = ("LSTM", "GRU", "LiGRU", "RNN")
WITH_REACH: dict[str, Callable[[Cursor], Layer | None]] = {
    **dict.fromkeys(("Conv1d", "CConv1d", "QConv1d"), one_dimensional),
    "Conv2d": two_dimensional,
    "Pooling1d": pooled,
    "CNN_Block": block_of_two,
    "CLayerNorm": lambda _: Mixer("mean over time"),  # complex_networks/c_normalization.py, over all but channels
    "InstanceNorm1d": lambda _: Mixer("instance norm"),
    "StatisticsPooling": lambda _: Mixer("statistics pooling"),
    **dict.fromkeys((kind + name for kind in ("", "C", "Q") for name in RECURRENT), _recurrent),
}
