"""FastDiff (Rongjiehuang/FastDiff, ProDiff): a diffusion vocoder of location-variable convolutions, in flat YAML.

The noise that is made into a waveform counts as an input of its own; the field is that of the mel's way to the samples,
which is UnivNet's: kernels for each frame's samples, predicted by a small net over the frames.

Sources: modules/FastDiff/module/FastDiff_model.py and modules.py, modules/FastDiff/config/base.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import Layer, Sequence as Chain, centred, residual
from rflint.dialects.analysis import Analysis, known
from rflint.dialects.base_configs import Layered
from rflint.dialects.generators import decoder
from rflint.dialects.lvc import lvc_stages
from rflint.dialects.moon_diffsinger import CROP
from rflint.documents import Cursor, NotComputable
from rflint.model import Factor, Model, Stage

NAME, TITLE = "fastdiff", "FastDiff (upsample_ratios, lvc_layers_each_block)"
SCHEMA, LOADER = "fastdiff", "pyyaml"

GROWTH = 3  # modules.py, TimeAware_LVCBlock: dilation 3 ** i
MOST_LAYERS = 30
LENGTHS = "the location-variable convolution asserts one kernel for every hop of samples"


def recognise(root: Cursor) -> bool:
    return root["upsample_ratios"].is_list() and root.has("lvc_layers_each_block", "lvc_kernel_size")


def read(root: Cursor) -> Iterator[Model]:
    files = Layered(root)
    analysis = Analysis.read(files["audio_sample_rate"], files["hop_size"], files["win_size"], files["fft_size"])
    model = Model(NAME, sample_rate=analysis.rate)
    analysis.describe(model)
    analysis.frontend(model)
    analysis.below_nyquist(model, files["fmax"])
    analysis.exchanged(model, "takes", known(files["audio_num_mel_bins"]))
    analysis.cropped(model, known(files["max_samples"]), "repaired", CROP)
    with model.deriving("decoder"):
        ratios, layers = root["upsample_ratios"].ints(), root["lvc_layers_each_block"].int()
        if not 0 < layers.value <= MOST_LAYERS:
            raise NotComputable(f"{layers.value} layers a block", layers.where)
        dilations = [GROWTH**layer for layer in range(layers.value)]
        predictor = root["kpnet_conv_size"].int().value
        stages = lvc_stages(ratios, dilations, predictor, root["lvc_kernel_size"].int().value)
        stages[0] = Stage("kernel_predictor", _predictor(predictor))
        factors = [Factor("upsample_ratios", tuple(ratios.value), ratios.where)]
        model.stacks.append(decoder("generator", stages, analysis.frame_rate, factors))
        analysis.inverted(model, LENGTHS)
    yield model


def _predictor(kernel: int) -> Layer:
    """A convolution of 5, six of ``kernel`` with their input, and one more (modules.py, KernelPredictor)."""
    return Chain((centred(5), residual(*(centred(kernel),) * 6), centred(kernel)))
