"""fairseq models that read frames instead of the waveform: audio-visual HuBERT, FastHuBERT, wav2vec-U."""

from __future__ import annotations

from fractions import Fraction
from typing import cast

from rflint.coverage import Conv, framing
from rflint.dialects.fairseq_task import Job
from rflint.dialects.waveform import RATE, WAV2VEC2, Layers, convolutions, exact, state_sizes, whole
from rflint.documents import NotComputable, Value
from rflint.model import Dead, Factor, Model, Note, Stack, Stage, Tie

WINDOW, HOP = 400, 160
"""25 ms every 10 ms at 16 kHz: python_speech_features.logfbank, torchaudio.compliance.kaldi.fbank."""
FBANK_RATE = RATE // HOP
BINS = 26
"""Filters of python_speech_features.logfbank."""
KERNEL_SIZES = [5, 5]
"""yanghaha0908/FastHuBERT model/fasthubert.py, conv_kernel_sizes."""
GENERATOR = 4
"""examples/wav2vec/unsupervised/models/wav2vec_u.py, generator_kernel."""


# -- audio-visual HuBERT ------------------------------------------------------------------------------------------


def read_audio_visual(model: Model, job: Job) -> None:
    """av_hubert: log filter bank frames stacked to the rate of the video, which ``task.sample_rate`` gives."""
    order = job.task["stack_order_audio"].int(1)
    if "audio" in _modalities(job):
        model.stacks.append(_audio(order))
        _state_audio(model, job, order)
    elif not job.task["sample_rate"].exists:
        raise NotComputable("only video is loaded", job.task["modalities"].where)
    frames = job.frame_rate() if job.task["sample_rate"].exists else None
    if frames is None:
        return
    keys = [job.task[key] for key in ("max_sample_size", "min_sample_size")]
    state_sizes(model, keys, Fraction(frames.value), "frames")
    job.state_labels(model, Fraction(frames.value))
    if "video" in _modalities(job):
        stage = Stage("frontend3D", Conv(5, 1, 1, (2, 2)))
        model.stacks.append(Stack("frontend", "video", [stage], input_rate=frames.value, input_unit="pictures"))


def _modalities(job: Job) -> list[object]:
    listed = job.task["modalities"].value
    return listed if isinstance(listed, list) else ["audio", "video"]


def _audio(order: Value[int]) -> Stack:
    """avhubert/hubert_dataset.py, load_feature: the last frames are padded, so that none is lost."""
    stages = [
        Stage("logfbank", framing(WINDOW, HOP)._replace(tail="complete")),
        Stage("stacker", Conv(order.value, order.value, 1, (0, 0), "stack", "complete"), order.where),
    ]
    factors = [Factor("logfbank", (HOP,)), Factor("stack_order_audio", (order.value,), order.where)]
    return Stack("encoder", "audio", stages, input_rate=RATE, factors=factors)


def _state_audio(model: Model, job: Job, order: Value[int]) -> None:
    size = whole(job.model["audio_feat_dim"])
    if size is not None and size.value > 0 and job.model["wav_input"].value is not True:
        bins: Value[object] = Value(BINS * order.value, order.where, "derived")
        because = "an audio frame is stack_order_audio frames of 26 filters"
        model.ties.append(Tie("bins", "equal", cast(Value[object], size), bins, "crash", because))
    video = whole(job.task["sample_rate"])
    if video is not None and job.frame_rate() is not None and order.value > 0 and "video" in _modalities(job):
        ours: Value[object] = Value(Fraction(FBANK_RATE, order.value), order.where, "derived")
        because = "audio frames beyond the video are cut off without a word, and missing ones are zeros"
        model.ties.append(Tie("frames", "equal", cast(Value[object], video), ours, "silent", because))


# -- FastHuBERT ---------------------------------------------------------------------------------------------------


def read_filter_bank(model: Model, job: Job) -> None:
    """FastHuBERT: filter bank frames, then a convolution of stride 2 for every kernel; the raw stack is deleted."""
    kernels = job.model["conv_kernel_sizes"].ints(KERNEL_SIZES)
    stages = [Stage("fbank", framing(WINDOW, HOP))]
    for index, kernel in enumerate(kernels.value):
        stages.append(Stage(f"subsample.{index}", Conv(kernel, 2, 1, (kernel // 2,) * 2), kernels.where))
    twos = (2,) * len(kernels.value)
    factors = [Factor("fbank", (HOP,)), Factor("conv_kernel_sizes", twos, kernels.where)]
    model.stacks.append(Stack("encoder", "subsample", stages, input_rate=RATE, factors=factors))
    job.state_sizes(model)
    _state_dead(model, job, kernels)
    _state_fixed_ratio(model, job, len(kernels.value))


def _state_dead(model: Model, job: Job, kernels: Value[list[int]]) -> None:
    dead = job.model["conv_feature_layers"]
    if dead.given:
        because = "FastHuBERT deletes the feature extractor over the waveform and reads filter bank frames"
        model.dead.append(Dead(Value(dead.value, dead.where), cast(Value[object], kernels), because))


def _state_fixed_ratio(model: Model, job: Job, layers: int) -> None:
    rate = exact(job.model["label_rate"]) or exact(job.task["label_rate"])
    if rate is not None and layers:
        only: Value[object] = Value(Fraction(FBANK_RATE, 2), None, "derived")
        because = "model/fasthubert.py takes every 2^(layers - 1)th label, whatever the rates are"
        model.ties.append(Tie("labels", "equal", cast(Value[object], rate), only, "silent", because))


# -- wav2vec-U ----------------------------------------------------------------------------------------------------


def read_unsupervised(model: Model, job: Job) -> None:
    """wav2vec-U: a generator over frames of wav2vec 2.0; the first version merges these to segments of any length.

    Raises:
        NotComputable: the generator's kernel or stride is left open.
    """
    kernel, stride = job.model["generator_kernel"].int(GENERATOR), job.model["generator_stride"].int(1)
    dilation, pad = job.model["generator_dilation"].int(1).value, job.model["generator_pad"].int(-1).value
    if kernel.value < 1:
        raise NotComputable(f"`generator_kernel` of {kernel.value} is no kernel", kernel.where)
    pad = kernel.value // 2 if pad < 0 else pad
    features = Layers("wav2vec 2.0", tuple((k, s) for _, k, s in WAV2VEC2), None, (None,) * len(WAV2VEC2))
    generator = Stage("generator", Conv(kernel.value, stride.value, dilation, (pad, pad)), kernel.where)
    factors = [*features.factors, Factor("generator_stride", (stride.value,), stride.where)]
    stages = [*convolutions(features), generator]
    model.stacks.append(Stack("encoder", "generator", stages, input_rate=RATE, factors=factors))
    if not _keeps_frames(job):
        model.notes.append(Note("segments", MERGED, kernel.where))


MERGED = (
    "equal clusters of frames are merged and averaged beforehand (unsupervised/README.md), so that there is no fixed step; "
    "the figures are those of frames that are not"
)


def _keeps_frames(job: Job) -> bool:
    """wav2vec-U 2.0 reads the frames as they are (README.md): it alone has targets for them, clusters of MFCC."""
    weight = exact(job.model["mmi_weight"])
    return job.task["aux_target_postfix"].given or (weight is not None and weight.value > 0)
