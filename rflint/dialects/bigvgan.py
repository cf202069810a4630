"""BigVGAN (NVIDIA/BigVGAN, sony/bigvsan, seed-vc): HiFi-GAN's flat JSON with anti-aliased Snake activations.

UnitBigVGAN (Naman-kothari-10/UnitBigVGAN) speaks discrete units of ``unit_hop_size`` samples: `hop_size` and the window
parameterise the mel loss alone, and its transposed convolutions have output padding.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from rflint.coverage import transposed_balanced, transposed_even
from rflint.dialects import flat_hifigan as flat
from rflint.dialects.analysis import Analysis, known, paired
from rflint.dialects.generators import anti_aliased, hifigan
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Model, Tie

NAME, TITLE = "bigvgan", "BigVGAN (flat JSON with a Snake activation)"
SCHEMA, LOADER = "hifigan", "pyyaml"

PRODUCT = "the data set asserts samples = frames x hop and draws another file without a word (meldataset.py)"
UNITS = "the recording is cut to whole units of unit_hop_size samples"
CQT = ("cqtd_hop_lengths", "cqtd_n_octaves", "cqtd_bins_per_octaves")


def recognise(root: Cursor) -> bool:
    activation = root["activation"].value
    return flat.is_flat(root) and isinstance(activation, str) and activation.startswith("snake")


def read(root: Cursor) -> Iterator[Model]:
    analysis = flat.analysis_of(root)
    model = Model(NAME, sample_rate=analysis.rate)
    unit = known(root["unit_hop_size"])
    if unit is None:
        flat.describe(model, root, analysis)
    else:
        analysis.describe(model)
        analysis.below_nyquist(model, root["fmax"])
        flat.dead_bins(model, root)
        analysis = Analysis(analysis.rate, unit)
        analysis.describe(model)
        analysis.cropped(model, known(root["segment_size"]), "silent", UNITS)
    upsampler = transposed_even if unit is None else transposed_balanced
    discriminators(model, root)
    with model.deriving("generator"):
        lists = flat.read_lists(model, root)
        # AMPBlock1 and AMPBlock2 build a convolution for every dilation that is given (bigvgan.py)
        shape = flat.shape_of(root)._replace(activation=(anti_aliased(),), reads=None, upsampler=upsampler)
        flat.generator(model, analysis, lists, hifigan(lists, shape), because=PRODUCT)
    flat.field_in_crop(model, root, analysis.hop)
    flat.of_fragment(model, root, analysis.hop, upsampler=upsampler)
    yield model


def discriminators(model: Model, root: Cursor) -> None:
    """The crop must exceed the padding of the STFT discriminators; the lists of the CQT ones go together."""
    for name in CQT[1:]:
        paired(model, root[name], root[CQT[0]], "one discriminator an entry (discriminators.py, MultiScaleSubbandCQT)")
    crop = known(root["segment_size"])
    if crop is None:
        return
    with model.deriving("discriminators"):
        for index, (fft, hop, *_) in enumerate(_resolutions(root["resolutions"])):
            pad: Value[object] = Value((fft - hop) // 2 + 1, root["resolutions"][index].where, "derived")
            because = f"DiscriminatorR pads by reflection of {(fft - hop) // 2} samples, which the crop must exceed"
            model.ties.append(Tie("minimum", "at most", pad, cast(Value[object], crop), "crash", because))


def _resolutions(resolutions: Cursor) -> list[list[int]]:
    if not resolutions.exists:
        return []
    found = resolutions.lists()
    if any(len(resolution) != 3 for resolution in found.value):
        raise NotComputable("`resolutions` holds something else than [n_fft, hop, window]", found.where)
    return found.value
