"""WaveNet of r9y9/wavenet_vocoder: conditioning upsampled to samples, a causal WaveNet over them."""

from __future__ import annotations

from collections.abc import Iterator

from rflint.dialects.analysis import Analysis, idle, known, rounded
from rflint.dialects.generators import decoder
from rflint.dialects.pwg_family import generator
from rflint.dialects.wavenets import conditioned, context_conv, cycle_of, recalled, stretched
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Duration, Model, Stack, Stage

NAME, TITLE = "wavenet_vocoder", "WaveNet vocoder of r9y9 (layers, stacks, upsample_conditional_features)"
SCHEMA, LOADER = "wavenet_vocoder", "json"

# hparams.py
RATE, FFT, HOP, WINDOW = 22050, 1024, 256, 1024
LAYERS, STACKS, KERNEL, PAD = 24, 4, 3, 2
SCALES = [4, 4, 4, 4]
UPSAMPLE_NET = "ConvInUpsampleNetwork"

LENGTHS = "train.py asserts len(x) == (len(c) - 2 * cin_pad) * hop_size"
CROP = "max_time_steps is rounded down to whole hops (train.py, ensure_divisible)"


def recognise(root: Cursor) -> bool:
    net = root.has("upsample_conditional_features", "layers", "stacks") and not root.has("generator_params")
    return net or root.has("sample_rate", "fft_size", "hop_size", "frame_shift_ms")


def read(root: Cursor) -> Iterator[Model]:
    rate = root["sample_rate"].int(RATE) if not root["sample_rate"].exists else known(root["sample_rate"])
    analysis = Analysis(rate, _hop(root, rate), _window(root, rate), known(root["fft_size"]))
    model = Model(NAME, sample_rate=rate)
    analysis.describe(model, "librosa refuses a window longer than the FFT")
    analysis.below_nyquist(model, root["fmax"])
    analysis.cropped(model, known(root["max_time_steps"]), "repaired", CROP)
    analysis.exchanged(model, "takes", known(root["num_mels"]), centred=True)
    with model.deriving("hop"):
        _milliseconds(model, root, analysis)
    with model.deriving("analysis"):
        analysis.frontend(model)
    with model.deriving("decoder"):
        _decoder(model, root, analysis)
    if root.has("layers", "stacks"):
        with model.deriving("samples"):
            layers = root["layers"].int(LAYERS)
            cycle = cycle_of(layers, root["stacks"].int(STACKS))
            stages = recalled(root["kernel_size"].int(KERNEL).value, layers.value, cycle)
            model.stacks.append(Stack("context", "samples", stages, input_rate=analysis.sample_rate))
    yield model


def _hop(root: Cursor, rate: Value[int] | None) -> Value[int] | None:
    """audio.py, get_hop_size: frame_shift_ms, cut to samples, where hop_size is null."""
    if not root["hop_size"].exists:
        return Value(HOP, None, "framework default")
    if root["hop_size"].value is not None or not root["frame_shift_ms"].given or rate is None:
        return known(root["hop_size"])
    return _cut(root["frame_shift_ms"], rate)


def _window(root: Cursor, rate: Value[int] | None) -> Value[int] | None:
    """audio.py, get_win_length: win_length_ms where win_length is negative."""
    written = root["win_length"].value
    if isinstance(written, int) and written < 0 and root["win_length_ms"].given and rate is not None:
        return _cut(root["win_length_ms"], rate)
    return known(root["win_length"])


def _cut(cursor: Cursor, rate: Value[int]) -> Value[int] | None:
    try:
        samples = int(cursor.number().value * rate.value / 1000)
    except NotComputable:
        return None
    return Value(samples, cursor.where, "derived") if samples > 0 else None


def _milliseconds(model: Model, root: Cursor, analysis: Analysis) -> None:
    shift = root["frame_shift_ms"]
    if not shift.given or analysis.hop is None or analysis.rate is None:
        return
    value = shift.number()
    if analysis.hop.origin == "derived":
        model.durations.append(Duration(value, "ms", analysis.sample_rate, "step"))
        rounded(model, value, analysis.rate, analysis.hop, "audio.py, get_hop_size, cuts it to samples")
    else:
        idle(model, value, analysis.rate, analysis.hop, "get_hop_size takes frame_shift_ms only where hop_size is null")


def _decoder(model: Model, root: Cursor, analysis: Analysis) -> None:
    if not root.has("layers", "stacks"):
        raise NotComputable("no network is given", root["layers"].where)
    if not root["upsample_conditional_features"].bool(True).value:
        raise NotComputable("the features come at the sample rate", root["upsample_conditional_features"].where)
    scales = root["upsample_params"]["upsample_scales"].ints(SCALES)
    layers = root["layers"].int(LAYERS)
    cycle = cycle_of(layers, root["stacks"].int(STACKS))
    stages: list[Stage] = []
    if root["upsample_net"].str(UPSAMPLE_NET).value == UPSAMPLE_NET:
        stages.append(context_conv(root["cin_pad"].int(PAD)))
    stages += [
        *stretched(scales),
        *conditioned(root["kernel_size"].int(KERNEL).value, layers.value, cycle, is_causal=True),
    ]
    stages, parts = generator(stages, scales)
    model.stacks.append(decoder("conditioning", stages, analysis.frame_rate, parts))
    analysis.inverted(model, LENGTHS)
