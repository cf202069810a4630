"""WaveGrad (ivanvovk/WaveGrad): model_config with factors, data_config, training_config."""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import linear
from rflint.dialects.analysis import Analysis, known, paired
from rflint.dialects.generators import decoder
from rflint.dialects.pwg_family import generator
from rflint.dialects.wavegrads import wavegrad
from rflint.documents import Cursor
from rflint.model import Model

NAME, TITLE = "wavegrad", "WaveGrad (model_config: factors)"
SCHEMA, LOADER = "wavegrad", "json"

LENGTHS = "WaveGrad asserts that the product of the factors is hop_length (model/diffusion_process.py)"


def recognise(root: Cursor) -> bool:
    return root["model_config"].has("factors") and root["data_config"].is_mapping()


def read(root: Cursor) -> Iterator[Model]:
    data, net = root["data_config"], root["model_config"]
    analysis = Analysis.read(data["sample_rate"], data["hop_length"], data["win_length"], data["n_fft"])
    model = Model(NAME, sample_rate=analysis.rate)
    analysis.describe(model)
    analysis.below_nyquist(model, data["f_max"])
    because = "the noisy crop comes down by the same factors that the features go up (issue 5)"
    analysis.cropped(model, known(root["training_config"]["segment_length"]), "crash", because)
    analysis.exchanged(model, "takes", known(data["n_mels"]), centred=True)
    reason = "zip drops the surplus blocks (model/nn.py)"
    paired(model, net["upsampling_dilations"], net["factors"], reason)
    paired(model, net["upsampling_out_channels"], net["factors"], reason)
    with model.deriving("analysis"):
        analysis.frontend(model)
    with model.deriving("decoder"):
        factors = net["factors"].ints()
        layers = wavegrad(factors, net["upsampling_dilations"].lists(), linear)
        stages, parts = generator(layers, factors, key="factors")
        model.stacks.append(decoder("ublocks", stages, analysis.frame_rate, parts))
        analysis.inverted(model, LENGTHS)
    yield model
