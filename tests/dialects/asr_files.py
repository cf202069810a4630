"""Small configs of NeMo, TensorFlowASR and their like, with keys changed or (None) left out, and what rflint says of them."""

from __future__ import annotations

import json
from typing import Any

from rflint.engine import check_text, explain_text
from rflint.model import Model, Stack

NAME = "config.yaml"
NEMO = "nemo.collections.asr.modules."
MEL = {
    "_target_": NEMO + "AudioToMelSpectrogramPreprocessor",
    "sample_rate": 16000,
    "normalize": "per_feature",
    "window_size": 0.025,
    "window_stride": 0.01,
    "features": 80,
    "n_fft": 512,
}
FAST = {
    "_target_": NEMO + "ConformerEncoder",
    "feat_in": 80,
    "n_layers": 17,
    "d_model": 512,
    "subsampling": "dw_striding",
    "subsampling_factor": 8,
    "conv_kernel_size": 9,
}
STREAMING = {
    "causal_downsampling": True,
    "conv_context_size": "causal",
    "att_context_size": [70, 13],
    "att_context_style": "chunked_limited",
}


def block(size: int, **changes: Any) -> dict[str, Any]:
    """One block of a Jasper list."""
    plain = {"filters": 8, "repeat": 1, "kernel": [size], "stride": [1], "dilation": [1], "dropout": 0.0}
    return {**plain, "residual": False, **changes}


def nemo(encoder: dict[str, Any] | None = None, preprocessor: dict[str, Any] | None = None, **sections: Any) -> str:
    """A NeMo recipe: FastConformer over 80 mel bands unless changed."""
    model = {
        "sample_rate": 16000,
        "preprocessor": without({**MEL, **(preprocessor or {})}),
        "encoder": without({**FAST, **(encoder or {})}),
        **sections,
    }
    return json.dumps({"name": "x", "model": without(model)})


def jasper(*blocks: dict[str, Any], **sections: Any) -> str:
    """A NeMo recipe with a Jasper block list."""
    encoder = {"_target_": NEMO + "ConvASREncoder", "feat_in": 80, "jasper": list(blocks)}
    return json.dumps({"model": {"sample_rate": 16000, "preprocessor": MEL, "encoder": encoder, **sections}})


def without(keys: dict[str, Any]) -> dict[str, Any]:
    """The keys whose value is not None; ``...`` stands for a null of the file."""
    return {key: None if value is ... else value for key, value in keys.items() if value is not None}


def model_of(text: str, name: str = NAME) -> Model:
    (model,) = explain_text(text, name)
    return model


def stack_of(text: str, role: str = "encoder", name: str = NAME) -> Stack:
    stack = model_of(text, name).stack(role)
    assert stack is not None, [note.reason for note in model_of(text, name).notes]
    return stack


def figures(text: str, role: str = "encoder", name: str = NAME) -> tuple[int, int, int, int]:
    """Step, receptive field, left and right context in input positions."""
    coverage = stack_of(text, role, name).coverage
    return int(coverage.step), coverage.receptive_field, coverage.left, coverage.right


def said(text: str, name: str = NAME) -> list[tuple[str, str]]:
    """Code and severity of all findings that are more than information."""
    return [(f.code, f.severity) for f in check_text(text, name) if f.severity != "info"]


def codes(text: str, name: str = NAME) -> list[str]:
    return [code for code, _ in said(text, name)]


def messages(text: str, name: str = NAME) -> str:
    return "\n".join(finding.message for finding in check_text(text, name))
