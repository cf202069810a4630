"""FullSubNet and its kin (audio_zen): a transform, frames of look-ahead, and networks that run forward in time; in TOML.

Sources: haoxiangsnr/FullSubNet, audio_zen/acoustics/feature.py, audio_zen/model/base_model.py,
recipes/dns_interspeech_2020/{fullsubnet,fullband_baseline}/model.py; RookieJunChen/FullSubNet-plus.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import Conv, Mixer, stft
from rflint.dialects.analysis import Analysis, equal, known
from rflint.dialects.asr_frontend import MOST_LAYERS, positive, tie
from rflint.dialects.speech_facts import derived, over_utterance
from rflint.documents import Cursor, NotComputable
from rflint.model import Factor, Model, Stack, Stage

NAME, TITLE = "fullsubnet", "FullSubNet (acoustics, model.args.look_ahead)"
SCHEMA, LOADER = "fullsubnet", "json"

NETWORKS = ("fullsubnet.model.Model", "fullband_baseline.model.Model")
NORM = "offline_laplace_norm"  # fullsubnet/model.py, norm_type
DATASETS = ("train_dataset", "validation_dataset", "dataset")


def recognise(root: Cursor) -> bool:
    return root["acoustics"].has("n_fft", "hop_length") and root["model"]["args"]["look_ahead"].exists


def read(root: Cursor) -> Iterator[Model]:
    place, args = root["acoustics"], root["model"]["args"]
    analysis = Analysis.read(place["sr"], place["hop_length"], place["win_length"], place["n_fft"])
    model = Model(NAME, sample_rate=analysis.rate)
    analysis.describe(model)
    analysis.frontend(model)
    for name in DATASETS:
        because = "clips are loaded at the rate of the dataset and judged at that of the acoustics"
        equal(model, known(root[name]["args"]["sr"]), analysis.rate, because, "silent")
    with model.deriving("encoder"):
        fft, hop = positive(place["n_fft"].int()), positive(place["hop_length"].int())
        if known(args["num_freqs"]):
            because = "the network takes the n_fft // 2 + 1 bins of the transform"
            tie(
                model,
                "bins",
                "equal",
                args["num_freqs"].int(),
                derived(fft.value // 2 + 1, fft.where),
                "crash",
                because,
            )
        window = positive(place["win_length"].int(fft.value))
        front = Stage("stft", stft(max(fft.value, window.value), hop.value, window.value), hop.where)
        factors = [Factor("hop_length", (hop.value,), hop.where)]
        rate = analysis.rate.value if analysis.rate else None
        model.stacks.append(Stack("encoder", "model", [front, *_network(root)], input_rate=rate, factors=factors))
    yield model


def _network(root: Cursor) -> Iterator[Stage]:
    """A norm, over the whole clip or what came before, then LSTMs that run forward behind frames of look-ahead.

    Raises:
        NotComputable: another network of the family.
    """
    path, args = root["model"]["path"].str(), root["model"]["args"]
    if path.value not in NETWORKS:
        raise NotComputable(f"the layers of `{path.value}` are not known", path.where)
    ahead = args["look_ahead"].int()
    if not 0 <= ahead.value <= MOST_LAYERS:
        raise NotComputable(f"`look_ahead` is {ahead.value}", ahead.where)
    norm = args["norm_type"].str(NORM)
    if norm.value.startswith("offline"):
        yield over_utterance("norm over the clip", norm.where)
    yield Stage("look_ahead", Conv(ahead.value + 1, 1, 1, (0, ahead.value), "look-ahead"), ahead.where)
    yield Stage("sequence_model", Mixer("LSTM", None, 0), args["sequence_model"].where)
