"""microWakeWord: a small streaming network of unpadded convolutions, and the settings that it is trained and run with.

The trainer dumps its settings with the command line's ``flags`` (training_config.yaml); its forks keep both in sections
``hardware``, ``training`` and ``model``. The manifest of a trained model tells its step. Sources: kahrendt/microWakeWord
(microwakeword/mixednet.py, microwakeword/model_train_eval.py, microwakeword/utils.py), OHF-Voice/pymicro-wakeword and
esphome/esphome (esphome/components/micro_wake_word/{__init__.py,preprocessor_settings.h}).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

from rflint.coverage import Conv, Repeat
from rflint.dialects.asr_frontend import Frames, lasting, ms_truncated, positive, samples, tie
from rflint.dialects.speech_facts import Features, derived, maybe
from rflint.documents import Cursor, NotComputable, Value, Where
from rflint.model import Factor, Model, Stage

NAME, TITLE = "micro_wake_word", "microWakeWord (mixconv_kernel_sizes, window_step_ms)"
SCHEMA, LOADER = "micro_wake_word", "pyyaml"

RATE, WINDOW_MS, STEP_MS = 16000, Fraction(30), Fraction(20)  # model_train_eval.py, load_config
FILTERS, KERNEL, STRIDE = 32, 3, 1  # mixednet.py, model_parameters: first_conv_filters, first_conv_kernel_size, stride
MIXED, REPEATS = [[5], [9], [13], [21]], [1, 1, 1, 1]  # mixconv_kernel_sizes, repeat_in_block
LISTS = ("pointwise_filters", "repeat_in_block", "residual_connection")
CALIBRATED = "the calibration before the conversion, at the very end of training, asserts whole strides (utils.py)"
FED = "the runtime feeds as many frames at a time as it takes the stride to be"


def recognise(root: Cursor) -> bool:
    if _is_manifest(root):
        return True
    beside = root["training"]["spectrogram_frames"].exists or root["runtime"]["stride"].exists
    return _flags(root).has("mixconv_kernel_sizes") or (root["model"].has("stride") and beside)


def _is_manifest(root: Cursor) -> bool:
    return root["type"].value == "micro" and root["micro"].has("feature_step_size", "sliding_window_size")


def _flags(root: Cursor) -> Cursor:
    return root["flags"] if root["flags"].is_mapping() else root["model"]


def read(root: Cursor) -> Iterator[Model]:
    if _is_manifest(root):
        yield _manifest(root)
        return
    flags = _flags(root)
    model = Model(NAME)
    stride = flags["stride"].int(STRIDE)
    with model.deriving("frontend"):
        features = _features(model, root)
        model.stacks.append(features.stack())
        with model.deriving("encoder"):
            if flags["mixconv_kernel_sizes"].exists:
                _network(model, root, flags, features)
    with model.deriving("stride"):
        for key in (root["training"]["spectrogram_frames"], root["spectrogram_length"]):
            if key.exists:
                tie(model, "chunk", "multiple", key.int(), positive(stride), "crash", CALIBRATED)
        if root["runtime"]["stride"].exists:
            tie(model, "subsampling", "equal", root["runtime"]["stride"].int(), stride, "silent", FED)
    yield model


def _manifest(root: Cursor) -> Model:
    """What the runtime needs to know of a model whose layers stand in the file beside (preprocessor_settings.h)."""
    model = Model(NAME)
    with model.deriving("frontend"):
        rate = model.sample_rate = Value(RATE, None, "framework default")
        window: Value[Fraction] = Value(WINDOW_MS, None, "framework default")
        model.stacks.append(_spectrogram(model, rate, window, root["micro"]["feature_step_size"].number()).stack())
    return model


def _features(model: Model, root: Cursor) -> Features:
    own = root["hardware"] if root["hardware"].is_mapping() else root
    rate = model.sample_rate = positive(own["sample_rate_hz"].int(RATE))
    step_ms = own["window_step_ms"] if own["window_step_ms"].exists else root["model"]["step_ms"]
    return _spectrogram(model, rate, own["window_size_ms"].number(WINDOW_MS), step_ms.number(STEP_MS))


def _spectrogram(model: Model, rate: Value[int], window: Value[Fraction], step: Value[Fraction]) -> Features:
    times = {"window": window, "step": step}
    made = {name: samples(time, rate, ms_truncated) for name, time in times.items()}
    lasting(model, times["window"], made["window"], rate, "window", "ms")
    lasting(model, times["step"], made["step"], rate, "step", "ms")
    frames = Frames(rate, made["window"], made["step"])
    layer = Stage(
        "spectrogram", Conv(made["window"].value, made["step"].value, 1, (0, 0), "frames"), times["step"].where
    )
    return Features(frames.rate, frames.hop, (layer,))


def _network(model: Model, root: Cursor, flags: Cursor, features: Features) -> None:
    """The first convolution strides; a block's kernels of several sizes end on the same frame, so the longest counts."""
    kernels, repeats = flags["mixconv_kernel_sizes"].lists(MIXED), flags["repeat_in_block"].ints(REPEATS)
    for name in LISTS:
        if flags[name].exists:
            left, right = cast(Value[int], flags[name].ints()), cast(Value[int], kernels)
            tie(model, "lists", "same length", left, right, "crash", "all input lists have to be the same length")
    stages = list(_first(flags))
    for index, (sizes, repeat) in enumerate(zip(kernels.value, repeats.value, strict=False)):
        if not sizes:
            raise NotComputable("a block has no kernel", kernels.where)
        where = flags["mixconv_kernel_sizes"].where if kernels.where else None
        stages.append(Stage(f"mixconv.{index}", Repeat(repeat, Conv(max(sizes))), where))
    stride = flags["stride"].int(STRIDE)
    model.stacks.append(features.encoder("mixednet", stages, [Factor("stride", (stride.value,), stride.where)]))
    if root["flags"].is_mapping() and stages[0].name == "first_conv":
        _trained_length(model, root, features, positive(stride), kernels.where)


def _first(flags: Cursor) -> Iterator[Stage]:
    if flags["first_conv_filters"].int(FILTERS).value > 0:
        kernel, stride = flags["first_conv_kernel_size"].int(KERNEL), flags["stride"].int(STRIDE)
        yield Stage("first_conv", Conv(kernel.value, stride.value), kernel.where or stride.where)


def _trained_length(model: Model, root: Cursor, features: Features, stride: Value[int], where: Where | None) -> None:
    """The frames of a training example: those that a clip gives at the model's step, and those that the kernels drop."""
    clip = maybe(root["clip_duration_ms"].int)
    if clip is None or clip.value <= 0:
        return
    window, hop = features.stages[0].layer.kernel, features.hop.value
    heard = clip.value * features.rate.value // 1000 - window
    strided = 1 + heard // (stride.value * hop) if heard >= 0 else 0
    dropped = (model.stacks[-1].coverage.receptive_field - window) // hop  # the frames before the last of an output
    length = derived(strided + dropped, where)
    tie(model, "chunk", "multiple", length, stride, "crash", CALIBRATED)
    stated = maybe(root["spectrogram_length"].int)
    if stated is not None:
        tie(model, "frames", "equal", stated, derived(length.value), "silent", "examples are cut to this many frames")
