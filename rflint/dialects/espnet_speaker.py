"""ESPnet2 speaker recognition: a front end, an encoder behind its name, and a pooling over the utterance.

Sources: espnet2/tasks/spk.py, espnet2/spk/encoder/*.py, espnet2/spk/layers/{ecapa,rawnet}_block.py,
espnet2/asr/frontend/{melspec_torch,asteroid_frontend}.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from rflint.coverage import Conv, Layer, Mixer, Parallel, Repeat, Sequence, centred, pool, residual, stft
from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.espnet_encoders import conformer, subsampling
from rflint.dialects.espnet_frontend import FRONTENDS
from rflint.dialects.speaker_nets import ECAPA_DILATIONS, ECAPA_KERNELS, ecapa, pooled
from rflint.dialects.speech_facts import Features, counted, named, over_utterance, plausible, strided
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Model, Stage

NAME, TITLE = "espnet2/spk", "ESPnet2 speaker recognition (preprocessor: spk)"
SCHEMA, LOADER = "espnet_asr", "pyyaml"

RATE = 16000  # espnet2/tasks/spk.py, sample_rate
FFT, WINDOW, HOP = 512, 400, 160  # melspec_torch.py
SINC = {"sinc_kernel_size": 251, "sinc_stride": 16}  # asteroid_frontend.py
SCALE = 8  # ecapa_tdnn_encoder.py and rawnet3_encoder.py, model_scale
RAWNET_KERNEL, RAWNET_DILATIONS, RAWNET_POOLS = 3, (2, 3, 4), (5, 3)  # rawnet3_encoder.py
KERNELS, PADDINGS, DILATIONS = [5, 3, 3, 1, 1], [2, 1, 1, 0, 0], [1, 2, 3, 1, 1]  # xvector_encoder.py
LISTS = {"kernel_sizes": KERNELS, "paddings": PADDINGS, "dilations": DILATIONS}
CONFORMER_INPUT = "conv2d2"  # conformer_encoder.py, input_layer


def recognise(root: Cursor) -> bool:
    front = root["frontend"]
    return named(root["preprocessor"], {"spk"}) and named(front, {*FRONTENDS, *OWN_FRONTENDS})


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME)
    with model.deriving("frontend"):
        rate = model.sample_rate = positive(root["preprocessor_conf"]["sample_rate"].int(RATE))
        features = _features(model, root, rate)
        model.stacks.append(features.stack())
        with model.deriving("encoder"):
            name, conf = root["encoder"].str(), root["encoder_conf"]
            if name.value not in ENCODERS:
                raise NotComputable(f"the encoder `{name.value}` is not known", name.where)
            stages = ENCODERS[name.value](conf)
            factors = [strided("encoder", stages, name.where)]
            model.stacks.append(features.encoder(name.value, pooled(stages, root["pooling"].where), factors))
    yield model


def _features(model: Model, root: Cursor, rate: Value[int]) -> Features:
    """Pre-emphasis, which reads one sample before each, is not counted, here as elsewhere."""
    place, conf = root["frontend"], root["frontend_conf"]
    if place.value in FRONTENDS:
        return FRONTENDS[str(place.value)](model, conf, rate)
    return OWN_FRONTENDS[place.str().value](model, conf, rate)


def _mel(model: Model, conf: Cursor, rate: Value[int]) -> Features:
    """torchaudio's mel spectrogram, centred; ``normalize: mn`` takes the mean over time off."""
    fft, window, hop = (
        positive(conf[key].int(usual)) for key, usual in (("n_fft", FFT), ("win_length", WINDOW), ("hop_length", HOP))
    )
    tie(model, "fft", "at most", window, fft, "crash", "torch.stft: expected 0 < win_length <= n_fft")
    counted(model, conf["hop_length"], "samples", Fraction(rate.value), "step")
    counted(model, conf["win_length"], "samples", Fraction(rate.value), "window")
    plausible(model)
    layer = stft(max(fft.value, window.value), hop.value, window.value)
    made = Features(rate, hop, (Stage("stft", layer, hop.where or fft.where),))
    normalize = conf["normalize"]
    return made.then(over_utterance("mean over the utterance", normalize.where)) if normalize.given else made


def _sinc(_: Model, conf: Cursor, rate: Value[int]) -> Features:
    """Sinc convolutions, unpadded, over the waveform normalised; the mean over time is taken off what they give."""
    kernel, stride = (positive(conf[key].int(usual)) for key, usual in SINC.items())
    kernel = kernel._replace(
        value=kernel.value + (kernel.value + 1) % 2
    )  # asteroid's ParamSincFB makes an even size odd
    ahead = over_utterance("instance norm", conf.where)
    made = Features(
        rate, stride, (ahead, Stage("sinc", Conv(kernel.value, stride.value), kernel.where or stride.where))
    )
    return made.then(over_utterance("mean over the utterance", conf.where))


OWN_FRONTENDS: dict[str, Callable[[Model, Cursor, Value[int]], Features]] = {
    "melspec_torch": _mel,
    "asteroid_frontend": _sinc,
}


# -- encoders -----------------------------------------------------------------------------------------------------


def _ecapa(conf: Cursor) -> list[Stage]:
    """As everywhere, with a last convolution of one tap."""
    scale = positive(conf["model_scale"].int(SCALE))
    return ecapa(conf["model_scale"].where, (*ECAPA_KERNELS[:-1], 1), ECAPA_DILATIONS, scale.value)[:-1]


def _xvector(conf: Cursor) -> list[Stage]:
    kernels, paddings, dilations = (conf[key].ints(usual) for key, usual in LISTS.items())
    rows = zip(kernels.value, paddings.value, dilations.value, strict=False)
    return [Stage(f"layers.{i}", Conv(k, 1, d, (p, p)), kernels.where) for i, (k, p, d) in enumerate(rows)]


def _rawnet(conf: Cursor) -> list[Stage]:
    """RawNet3: three Res2Net blocks, two of them pooled; the first reaches the third directly, too."""
    scale = positive(conf["model_scale"].int(SCALE))
    early, late = (pool(size) for size in RAWNET_POOLS)
    pools = ((early,), (late,), ())
    first, second, third = (
        _bottle2neck(dilation, scale.value, pooling) for dilation, pooling in zip(RAWNET_DILATIONS, pools, strict=True)
    )
    blocks = (first, Parallel((late, second)), third)
    return [Stage(f"layer{i}", layer, scale.where) for i, layer in enumerate(blocks, 1)]


def _bottle2neck(dilation: int, scale: int, pooling: tuple[Layer, ...]) -> Layer:
    """scale - 1 convolutions in series over groups of channels, and maps scaled by a mean over all frames."""
    inner = Repeat(scale - 1, centred(RAWNET_KERNEL, 1, dilation)) if scale > 1 else Sequence()
    return Sequence((residual(inner), *pooling, Mixer("feature map scaling")))


def _conformer(conf: Cursor) -> list[Stage]:
    return [*subsampling(conf, CONFORMER_INPUT), *conformer(conf)]


ENCODERS: dict[str, Callable[[Cursor], list[Stage]]] = {
    "ecapa_tdnn": _ecapa,
    "xvector": _xvector,
    "rawnet3": _rawnet,
    "mfaconformer": _conformer,
    "identity": lambda conf: [],
}
