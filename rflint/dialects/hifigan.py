"""HiFi-GAN: the flat JSON of jik876/hifi-gan and its many copies (FastSpeech 2, FreeVC, Grad-TTS, RADTTS, knn-vc).

MockingBird's copy pads otherwise and is known by a key that it inherited from Fre-GAN; at 24 kHz it interpolates, as
ppg-vc, from which it comes; see `upsampler`.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import transposed_even, transposed_pwg
from rflint.dialects import flat_hifigan as flat
from rflint.dialects.generators import Lists, Upsampler, hifigan, nearest_then_conv, source_fits
from rflint.documents import Cursor
from rflint.model import Model

NAME, TITLE = "hifigan", "HiFi-GAN (flat JSON: upsample_rates, resblock_kernel_sizes)"
SCHEMA, LOADER = "hifigan", "pyyaml"

SOURCE = "the harmonic source is brought down with padding stride // 2, which loses a sample for an odd stride"
INTERPOLATED = 24000
"""babysor/MockingBird models/vocoder/hifigan/models.py, liusongxiang/ppg-vc: ``h.sampling_rate == 24000``."""


def recognise(root: Cursor) -> bool:
    return flat.is_flat(root)


def upsampler(root: Cursor, rate: int | None, lists: Lists) -> Upsampler:
    """Padding rule A; in MockingBird rule C (its files alone have ``disc_start_step``); interpolation at 24 kHz in both.

    ppg-vc is known by its kernels at 24 kHz: all are odd, which keeps the length behind interpolation and only there. One
    that does not fit an even factor is rather a slip.
    """
    mockingbird = root.has("disc_start_step")
    odd = all(kernel % 2 for kernel in lists.kernels.value) and sum(not factor % 2 for _, factor in lists.stages) > 1
    if rate == INTERPOLATED and (mockingbird or odd):
        return nearest_then_conv
    return transposed_pwg if mockingbird else transposed_even


def read(root: Cursor) -> Iterator[Model]:
    analysis = flat.analysis_of(root)
    model = Model(NAME, sample_rate=analysis.rate)
    flat.describe(model, root, analysis)
    with model.deriving("generator"):
        lists = flat.read_lists(model, root)
        flat.read_dilations(model, root, lists)
        rule = upsampler(root, analysis.rate.value if analysis.rate else None, lists)
        shape = flat.shape_of(root)._replace(upsampler=rule)
        flat.generator(model, analysis, lists, hifigan(lists, shape))
        if root["mini_nsf"].value is False:  # openvpi's releases of NSF-HiFiGAN carry the key
            source_fits(model, lists, "crash", SOURCE)
    flat.field_in_crop(model, root, analysis.hop)
    flat.of_fragment(model, root, analysis.hop)
    yield model
