"""fairseq's speech models: wav2vec, wav2vec 2.0, HuBERT, data2vec and their children in other repositories.

A file is recognised by its keys, not by ``model._name``: many forks keep HuBERT's keys under a name of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from rflint.dialects.fairseq_frames import read_audio_visual, read_filter_bank, read_unsupervised
from rflint.dialects.fairseq_stacks import (
    read_data2vec,
    read_features,
    read_multires,
    read_sinc,
    read_wav2vec,
    read_wav2vec2,
)
from rflint.dialects.fairseq_task import Job
from rflint.dialects.waveform import text
from rflint.documents import Cursor, Document, NotComputable
from rflint.model import Model, Note

NAME, TITLE = "fairseq", "fairseq speech models and their children (wav2vec, HuBERT, data2vec, ...)"
SCHEMA, LOADER = "fairseq", "omegaconf"

PLAIN: Final = frozenset(
    {"wav2vec2", "hubert", "data2vec_audio", "contentvec", "mert", "speechut", "speechlm", "speech2c"}
)
"""Models whose stack is wav2vec 2.0's where the file gives none (their dataclasses repeat its default)."""
SHARED: Final = frozenset({"wav2vec2", "hubert", "data2vec_audio"})
"""Names that forks for other signals keep, with layers of their own by default (fairseq-signals: ECG)."""
FRONTED: Final = frozenset({"av_hubert", "vat_hubert"})
CHECKPOINTS: Final = ("w2v_path", "model_path", "multires_hubert_path", "hubert_path")
"""Keys of fine-tuning models whose stack stands in a checkpoint."""
TASKS: Final = (
    "audio_pretraining", "audio_finetuning", "audio_classification", "audio_ccas", "unpaired_audio_text",
    "hubert_pretraining",
)  # fmt: skip
"""Tasks on audio; a name that ends with one of them is a fork's."""


ORDER = "it stands in a group, too, and Hydra 1.0 lets that one hold, later versions this one"
"""fairseq asks for Hydra 1.0 (setup.py), its forks for later ones."""


def compose(document: Document) -> Document:
    """A primary config with its groups, such as ``model`` and ``task``."""
    return document.composed(disputed=ORDER)


def recognise(root: Cursor) -> bool:
    return any(kind(job) for job in jobs(root))


def read(root: Cursor) -> Iterator[Model]:
    for job in jobs(root):
        found = kind(job)
        yield _model(job, found) if found else _unknown(job)


def _model(job: Job, found: str) -> Model:
    model = Model(NAME, job.name)
    with model.deriving("sample rate"):
        model.sample_rate = job.sample_rate()
    with model.deriving("encoder"):
        KINDS[found].read(model, job)
    return model


def _unknown(job: Job) -> Model:
    """A model whose keys tell its kind only in the file by itself: with its groups they are not known."""
    model = Model(NAME, job.name)
    model.notes.append(Note("encoder", "its model stands in a group that is not known", job.model.where))
    return model


# -- where the keys stand -----------------------------------------------------------------------------------------


def jobs(root: Cursor) -> Iterator[Job]:
    """The model of a file with its task, wherever they stand: at most one."""
    holder = root["cfg"] if root["cfg"]["model"].is_mapping() else root
    if holder["model"].is_mapping():
        model, task = holder["model"], holder["task"]
        inner = model["w2v_args"]
        yield Job(inner["model"], inner["task"]) if inner["model"].is_mapping() else Job(model, task)
    elif root["task_cfg"].is_mapping():  # PaddleSpeech: examples/librispeech/asr4 and asr5
        model = root["model_cfg"] if root["model_cfg"].is_mapping() else root["task_cfg"]
        yield Job(model, root["task_cfg"])
    elif root["model_conf"]["modalities"]["audio"].is_mapping():  # FunASR: models/emotion2vec
        yield Job(root["model_conf"], root["dataset_conf"], text(root["model"]))
    elif root["encoder"].value == "hubert_pretrain":  # ESPnet: espnet2/asr/encoder/hubert_encoder.py
        yield Job(root["encoder_conf"], root["encoder_conf"], "hubert")
    elif root.is_mapping():
        yield Job(root, root, text(root["arch"]))


# -- which model it is --------------------------------------------------------------------------------------------


def _is_sinc(job: Job) -> bool:
    own = job.task["conv_feature_layers"].exists and not job.flat and not job.model["conv_feature_layers"].exists
    return own or text(job.task["_name"]) == "audio_ccas"


def _is_data2vec(job: Job) -> bool:
    modality = text(job.model["supported_modality"])
    if modality not in ("", "AUDIO"):
        return False
    return job.model["modalities"]["audio"].is_mapping() or (job.name == "data2vec_multi" and modality == "AUDIO")


def _is_filter_bank(job: Job) -> bool:
    return job.name == "fasthubert" or (
        isinstance(job.model["conv_kernel_sizes"].value, str) and job.model["label_rate"].exists
    )


def _is_audio_visual(job: Job) -> bool:
    return job.name in FRONTED or (not job.flat and job.task["stack_order_audio"].exists)


def _is_unsupervised(job: Job) -> bool:
    return job.name == "wav2vec_u" or (
        job.model["generator_kernel"].exists and job.model["discriminator_kernel"].exists
    )


def _is_wav2vec(job: Job) -> bool:
    quantised = job.model.has("vq_type", "combine_groups")  # the group file fairseq/config/model/wav2vec
    return job.name == "wav2vec" or job.model["conv_aggregator_layers"].exists or quantised


def _is_multires(job: Job) -> bool:
    own = job.model["conv_feature_layers"].exists
    return job.name == "multires_hubert" or (own and job.model["label_rate_ratios"].exists)


def _is_wav2vec2(job: Job) -> bool:
    group = job.flat and job.model.has("quantize_targets", "final_dim")  # fairseq/config/model/wav2vec2
    named = not job.flat and job.name in PLAIN and not (job.name in SHARED and _off_audio(job))
    return named or group or _stack_like(job.model["conv_feature_layers"])


def _is_forked(job: Job) -> bool:
    return bool(text(job.model["_name"])) and job.name not in PLAIN and _is_wav2vec2(job)


def _stack_like(cursor: Cursor) -> bool:
    """True for a text or a list under the key: a count (``conv_feature_layers: 7``) is no stack of ours."""
    return isinstance(cursor.value, str | list)


def _is_checkpoint(job: Job) -> bool:
    return _on_audio(job) and any(job.model[key].exists for key in CHECKPOINTS)


def _is_overlay(job: Job) -> bool:
    """An overlay of HuBERT's keys (``# @package _global_``): a label rate and the labels it is for."""
    return not job.flat and job.model["label_rate"].exists and job.task["labels"].exists


def _on_audio(job: Job) -> bool:
    return text(job.task["_name"]).endswith(TASKS)


def _off_audio(job: Job) -> bool:
    return bool(text(job.task["_name"])) and not _on_audio(job)


def read_checkpoint(model: Model, job: Job) -> None:
    """A fine-tuning model: only the sizes of clips can be known.

    Raises:
        NotComputable: always, since the stack stands in a checkpoint.
    """
    job.state_sizes(model)
    key = next(key for key in CHECKPOINTS if job.model[key].exists)
    raise NotComputable(f"the stack stands in the checkpoint that `{key}` names", job.model[key].where)


def read_overlay(model: Model, job: Job) -> None:
    """An overlay holds no stack.

    Raises:
        NotComputable: always.
    """
    raise NotComputable("the file is laid over another one that holds the stack", job.model.where)


class Kind(NamedTuple):
    """A kind of model: how its keys are told from others', and how they are read."""

    fits: Callable[[Job], bool]
    read: Callable[[Model, Job], None]


KINDS: Final[dict[str, Kind]] = {
    "sinc": Kind(_is_sinc, read_sinc),
    "data2vec": Kind(_is_data2vec, read_data2vec),
    "filter bank": Kind(_is_filter_bank, read_filter_bank),
    "audio-visual": Kind(_is_audio_visual, read_audio_visual),
    "unsupervised": Kind(_is_unsupervised, read_unsupervised),
    "wav2vec": Kind(_is_wav2vec, read_wav2vec),
    "multires": Kind(_is_multires, read_multires),
    "forked": Kind(_is_forked, read_features),
    "wav2vec2": Kind(_is_wav2vec2, read_wav2vec2),
    "checkpoint": Kind(_is_checkpoint, read_checkpoint),
    "overlay": Kind(_is_overlay, read_overlay),
}
"""In the order of recognition: special before general."""


def kind(job: Job) -> str:
    """Which kind of model the keys describe; empty for none of ours."""
    return next((name for name, kind in KINDS.items() if kind.fits(job)), "")
