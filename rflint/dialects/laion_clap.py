"""LAION CLAP's model configs: an audio network (PANN or HTSAT) beside a text network; AudioLDM and others copy them.

Sources: LAION-AI/CLAP, src/laion_clap/clap_module/{model,pann_model,htsat}.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import Layer, Sequence as Chain, centred, pool, stft
from rflint.dialects.analysis import Analysis, known
from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.speech_facts import derived, named, over_utterance
from rflint.documents import Cursor, NotComputable
from rflint.model import Factor, Model, Stack, Stage

NAME, TITLE = "laion-clap", "LAION CLAP (audio_cfg: PANN or HTSAT)"
SCHEMA, LOADER = "laion_clap", "json"

BANDS = 64  # pann_model.py, bn0: whatever mel_bins says
IMAGE = 256  # htsat.py, spec_size

SMALL: Layer = Chain((centred(5), pool(2)))  # ConvBlock5x5
LARGE: Layer = Chain((centred(3), centred(3), pool(2)))  # ConvBlock
LAST: Layer = Chain((centred(3), centred(3)))  # the sixth block of Cnn14 is pooled by 1
NETWORKS: dict[str, tuple[Layer, ...]] = {"Cnn6": (SMALL,) * 4, "Cnn10": (LARGE,) * 5, "Cnn14": (*(LARGE,) * 5, LAST)}


def recognise(root: Cursor) -> bool:
    audio = root["audio_cfg"]
    return audio.has("sample_rate", "window_size", "hop_size") and named(audio["model_type"], ("PANN", "HTSAT"))


def read(root: Cursor) -> Iterator[Model]:
    audio = root["audio_cfg"]
    analysis = Analysis(known(audio["sample_rate"]), known(audio["hop_size"]), known(audio["window_size"]))
    model = Model(NAME, sample_rate=analysis.rate)
    analysis.describe(model)
    analysis.frontend(model)
    analysis.lasting(model, known(audio["clip_samples"]))
    analysis.below_nyquist(model, audio["fmax"])
    with model.deriving("encoder"):
        if audio["model_type"].value == "HTSAT":
            _image(model, audio)
        else:
            _network(model, audio)
    yield model


def _network(model: Model, audio: Cursor) -> None:
    """Frames of 64 bands, blocks that halve them in both directions, and a mean and a maximum over time."""
    name = audio["model_name"].str()
    if name.value not in NETWORKS:
        raise NotComputable(f"the layers of `{name.value}` are not known", name.where)
    bands, hop, window = (positive(audio[key].int()) for key in ("mel_bins", "hop_size", "window_size"))
    tie(model, "bins", "equal", bands, derived(BANDS), "crash", "the first norm is of 64 bands (pann_model.py, bn0)")
    front = Stage("stft", stft(window.value, hop.value), hop.where)
    blocks = [Stage(f"conv_block{i}", block, name.where) for i, block in enumerate(NETWORKS[name.value], 1)]
    factors = [Factor("hop_size", (hop.value,), hop.where)]
    factors.append(Factor("model_name", tuple(2 for block in blocks if block.layer.shift > 1), name.where))
    stages = [front, *blocks, over_utterance("pooling over time")]
    rate = model.sample_rate.value if model.sample_rate else None
    model.stacks.append(Stack("encoder", name.value, stages, input_rate=rate, factors=factors))


def _image(model: Model, audio: Cursor) -> None:
    """The frames of a clip become an image of 256 by 256: all that its bands leave room for, and fewer are stretched.

    Raises:
        NotComputable: always, since the step depends on the length of the clip.
    """
    clip, hop, bands = (positive(audio[key].int()) for key in ("clip_samples", "hop_size", "mel_bins"))
    room = IMAGE * (IMAGE // bands.value)
    because = f"asserts that a clip has no more frames than the {room} that the image holds (htsat.py, reshape_wav2img)"
    tie(model, "limit", "at most", clip, derived(room * hop.value - 1), "crash", because)
    raise NotComputable("the frames of a clip are stretched to the size of the image", audio["model_name"].where)
