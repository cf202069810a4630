"""HiFi-GAN in MoonInTheRiver/DiffSinger (configs/tts/hifigan.yaml): HiFi-GAN's lists over a base of analysis keys."""

from __future__ import annotations

from collections.abc import Iterator

from rflint.dialects import flat_hifigan as flat
from rflint.dialects.analysis import Analysis, known
from rflint.dialects.base_configs import Layered
from rflint.dialects.generators import hifigan
from rflint.documents import Cursor
from rflint.model import Model

NAME, TITLE = "moon_diffsinger", "DiffSinger (MoonInTheRiver) with HiFi-GAN"
SCHEMA, LOADER = "moon_diffsinger", "pyyaml"

CROP = "the crop is rounded down to whole frames (tasks/vocoder/dataset_utils.py)"


def recognise(root: Cursor) -> bool:
    own = root.has("base_config") or root.has("audio_sample_rate") or root.has("max_samples")
    return own and root[flat.RATES].is_list() and root.has(flat.BRANCHES)


def read(root: Cursor) -> Iterator[Model]:
    files = Layered(root)
    rate = files["audio_sample_rate"] if files["audio_sample_rate"].exists else files["sampling_rate"]
    window = files["win_size"] if files["win_size"].exists else files["win_length"]
    analysis = Analysis.read(rate, files["hop_size"], window, files["fft_size"])
    model = Model(NAME, sample_rate=analysis.rate)
    analysis.describe(model)
    analysis.frontend(model)
    analysis.below_nyquist(model, files["fmax"])
    analysis.cropped(model, known(files["max_samples"]), "repaired", CROP)
    with model.deriving("generator"):
        lists = flat.read_lists(model, root)
        flat.read_dilations(model, root, lists)
        flat.generator(model, analysis, lists, hifigan(lists, flat.shape_of(root)))
    flat.of_fragment(model, root, analysis.hop)
    yield model
