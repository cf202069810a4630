"""Encoders of other repositories in SpeechBrain's recipes, by their class, and what thins out their samples or frames.

Sources: speechbrain/integrations/huggingface/*.py (before that speechbrain/lobes/models/huggingface_transformers, before 1.0
speechbrain/lobes/models/huggingface_*.py), speechbrain/lobes/downsampling.py; speechbrain/benchmarks: CL_MASR/*/model.py.
"""

from __future__ import annotations

from rflint.coverage import Conv, pool
from rflint.dialects.asr_frontend import positive
from rflint.dialects.speechbrain_parts import class_of, find
from rflint.dialects.ssl_upstreams import w2v_bert, wav2vec2_kin, whisper_encoder
from rflint.documents import Cursor, NotComputable
from rflint.model import Stage

WHISPERS = ("Whisper", "HuggingFaceWhisper")
PRETRAINED = (
    "Wav2Vec2", "HuBERT", "WavLM", "HuggingFaceWav2Vec2", "FairseqWav2Vec2", "Wav2Vec2Pretrain",
    "HuggingFaceWav2Vec2Pretrain", "WeightedSSLModel", "DiscreteSSL", "W2VBert", *WHISPERS,
)  # fmt: skip
"""Of DiscreteSSL the encoders are HuBERT, WavLM and wav2vec 2.0; WeightedSSLModel is made for the same (weighted_ssl.py)."""
OF_BENCHMARKS = {"model.ProgressiveWavLM": "WavLM", "model.ProgressiveWhisper": "Whisper"}
"""Classes beside the training script of a benchmark, by the class that they wrap."""
WRAPPER = "SBWav2Vec2ForwardWrapper"  # another one, which picks layers of its `wav2vec2` (DASB/*/utils.py)
JOINING = "ConcatDownsampler"
THINNING = ("Conv1DDownsampler", "PoolingDownsampler", "SignalDownsampler")
"""Of the waveform: behind them an encoder of 16 kHz may read another rate."""


def upstream(root: Cursor) -> tuple[Cursor, str] | None:
    """A model of another repository, and its class."""
    place = find(root, *PRETRAINED)
    if place:
        return place, class_of(place)
    for place in root:
        tag = (place.tag or "").removeprefix("!new:")
        if tag in OF_BENCHMARKS:
            return place, OF_BENCHMARKS[tag]
        if tag.endswith(WRAPPER) and class_of(place["wav2vec2"]) in PRETRAINED:
            return place["wav2vec2"], class_of(place["wav2vec2"])
    return None


def pretrained(root: Cursor) -> tuple[str, list[Stage]]:
    """The class of such a model and its stages, whose frames come every 20 ms unless they are thinned out."""
    found, thinned, joined = upstream(root), find(root, *THINNING), find(root, JOINING)
    if found is None:
        raise NotComputable("no network of known layers is made here", None)
    place, name = found
    before = [_thinning(thinned)] if thinned else []
    after = [_joining(joined)] if joined else []
    kin = whisper_encoder if name in WHISPERS else w2v_bert if name == "W2VBert" else wav2vec2_kin
    return "whisper" if name in WHISPERS else name.lower(), [*before, *kin(place.where), *after]


def _thinning(place: Cursor) -> Stage:
    """A convolution or a pooling over the waveform, without padding unless it is told."""
    factor = positive(place["downsampling_factor"].int())
    if class_of(place) == "SignalDownsampler":
        raise NotComputable("the samples before the encoder are resampled", place.where)
    kernel = positive(place["kernel_size"].int()).value
    if class_of(place) == "PoolingDownsampler":
        return Stage("downsampler", pool(kernel, factor.value, place["padding"].int(0).value), factor.where)
    return Stage("downsampler", Conv(kernel, factor.value), factor.where)


def _joining(place: Cursor) -> Stage:
    """Frames side by side; those that are left over at the end are dropped."""
    factor = positive(place["downsampling_factor"].int())
    return Stage("concat", Conv(factor.value, factor.value, 1, (0, 0), "stack"), factor.where)
