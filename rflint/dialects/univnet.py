"""UnivNet (maum-ai/univnet): location-variable convolutions between the strides of a generator."""

from __future__ import annotations

from collections.abc import Iterator

from rflint.dialects.analysis import Analysis, known
from rflint.dialects.generators import decoder
from rflint.dialects.lvc import lvc_stages
from rflint.dialects.pwg_family import generator
from rflint.documents import Cursor
from rflint.model import Model

NAME, TITLE = "univnet", "UnivNet (audio, gen: strides, kpnet_conv_size)"
SCHEMA, LOADER = "univnet", "omegaconf"

DILATIONS = [1, 3, 9, 27]  # model/lvcnet.py, LVCBlock


def recognise(root: Cursor) -> bool:
    return root["gen"].has("strides", "kpnet_conv_size") and root["audio"].is_mapping()


def read(root: Cursor) -> Iterator[Model]:
    audio, gen = root["audio"], root["gen"]
    analysis = Analysis.read(audio["sampling_rate"], audio["hop_length"], audio["win_length"], audio["filter_length"])
    model = Model(NAME, sample_rate=analysis.rate)
    analysis.describe(model)
    analysis.below_nyquist(model, audio["mel_fmax"])
    because = (
        "the mel crop is segment_length // hop_length frames, the waveform crop all of it (datasets/dataloader.py)"
    )
    analysis.cropped(model, known(audio["segment_length"]), "crash", because)
    analysis.exchanged(model, "takes", known(audio["n_mel_channels"]), centred=False)
    with model.deriving("analysis"):
        analysis.frontend(model, center=False)
    with model.deriving("decoder"):
        strides, dilations = gen["strides"].ints(), gen["dilations"].ints(DILATIONS)
        stages, parts = generator(lvc_stages(strides, dilations.value, gen["kpnet_conv_size"].int().value), strides)
        model.stacks.append(decoder("generator", stages, analysis.frame_rate, parts))
        analysis.inverted(model, "the location-variable convolution asserts one kernel for every hop of samples")
    yield model
