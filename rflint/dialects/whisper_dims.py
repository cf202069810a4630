"""The dimensions of an OpenAI Whisper checkpoint: ``dims: {n_mels, n_audio_ctx, n_audio_state, …}``.

Source: openai/whisper, whisper/{model,audio}.py; ml-explore and others write the same keys.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import Conv, Mixer, Repeat, stft
from rflint.dialects.asr_frontend import layers, tie
from rflint.documents import Cursor, Value
from rflint.model import Factor, Model, Stack, Stage

NAME, TITLE = "whisper", "OpenAI Whisper dimensions (n_mels, n_audio_ctx)"
SCHEMA, LOADER = "whisper_dims", "pyyaml"

# whisper/audio.py
RATE, FFT, HOP, SECONDS = 16000, 400, 160, 30
STRIDE = 2  # whisper/model.py, AudioEncoder.conv2

_POSITIONS = (
    "audio is padded to 30 s, and the positions must be as many as its frames (AudioEncoder.forward asserts it)"
)


def recognise(root: Cursor) -> bool:
    return _section(root).has("n_mels", "n_audio_ctx", "n_audio_state")


def _section(root: Cursor) -> Cursor:
    return root["dims"] if root["dims"].is_mapping() else root


def read(root: Cursor) -> Iterator[Model]:
    section = _section(root)
    model = Model(NAME, sample_rate=Value(RATE, None, "framework default"))
    with model.deriving("encoder"):
        positions = section["n_audio_ctx"].int()
        frames = Value(RATE * SECONDS // (HOP * STRIDE), None, "derived")
        tie(model, "frames", "equal", positions, frames, "crash", _POSITIONS)
        where = positions.where
        stages = [
            Stage("log_mel_spectrogram", stft(FFT, HOP), where),
            Stage("conv1", Conv(3, 1, 1, (1, 1)), where),
            Stage("conv2", Conv(3, STRIDE, 1, (1, 1)), where),
            Stage("blocks", Repeat(layers(section["n_audio_layer"]).value, Mixer("self-attention")), where),
        ]
        factors = [Factor("hop", (HOP,)), Factor("stride", (STRIDE,))]
        model.stacks.append(Stack("encoder", "encoder", stages, input_rate=RATE, factors=factors))
    yield model
