"""Piper voices (rhasspy/piper, OHF-Voice/piper1-gpl): ``*.onnx.json`` names a quality, which decides the decoder."""

from __future__ import annotations

from collections.abc import Iterator

from rflint.dialects import flat_hifigan as flat
from rflint.dialects.analysis import Analysis, known
from rflint.dialects.generators import default_lists, hifigan, hifigan_shape
from rflint.documents import Cursor, Value
from rflint.model import Model

NAME, TITLE = "piper", "Piper voices (audio.quality, phoneme_id_map)"
SCHEMA, LOADER = "piper", "pyyaml"

HOP = 256  # piper_train/vits/config.py, MelAudioConfig.hop_length
MEDIUM = default_lists([8, 8, 4], [16, 16, 8], [3, 5, 7], [[1, 2], [2, 6], [3, 12]])  # the same, ModelConfig
HIGH = default_lists([8, 8, 2, 2], [16, 16, 4, 4], [3, 7, 11], [[1, 3, 5]] * 3)  # ModelAudioConfig of __main__, high
QUALITIES = ("x_low", "x-low", "low", "medium", "high")
PRODUCT = "piper1-gpl raises ValueError when the factors do not multiply to the hop (vits/lightning.py)"


def recognise(root: Cursor) -> bool:
    audio = root["audio"]
    return root.has("phoneme_id_map") and audio.has("sample_rate") and audio["quality"].value in QUALITIES


def read(root: Cursor) -> Iterator[Model]:
    rate = known(root["audio"]["sample_rate"])
    hop = known(root["hop_length"]) or Value(HOP, None, "framework default")
    analysis = Analysis(rate, hop)
    model = Model(NAME, sample_rate=rate)
    analysis.lasting(model, hop, "step")
    with model.deriving("decoder"):
        is_high = root["audio"]["quality"].str().value == "high"
        lists = HIGH if is_high else MEDIUM
        stages = hifigan(lists, hifigan_shape("1" if is_high else "2"))
        flat.generator(model, analysis, lists, stages, because=PRODUCT)
    yield model
