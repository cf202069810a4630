"""iSTFTNet and HiFTNet: HiFi-GAN's flat JSON with an inverse STFT for the last factor.

The sizes of the inverse STFT go by several names. Where its hop is that of the analysis, the network stays at the frame
rate and is another (Lightvoc), whatever factors it lists.

Sources: rishikksh20/iSTFTNet-pytorch models.py, yl4579/HiFTNet models.py, rishikksh20/iSTFT-Avocodo-pytorch models.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.dialects import flat_hifigan as flat
from rflint.dialects.generators import REFLECTION_PAD, body, inverse_sizes, inverse_stft
from rflint.documents import Cursor, NotComputable
from rflint.model import Model

NAME, TITLE = "istftnet", "iSTFTNet and HiFTNet (flat JSON with gen_istft_n_fft)"
SCHEMA, LOADER = "hifigan", "pyyaml"


SIZES = (
    ("gen_istft_n_fft", "gen_istft_hop_size"),
    ("istft_n_fft", "istft_hop_size"),
    ("istft_filter_length", "istft_hop_length"),
)
"""FFT size and hop of the inverse STFT, as the projects spell them."""


def recognise(root: Cursor) -> bool:
    return flat.is_flat(root) and any(root.has(*names) for names in SIZES)


def _sizes(root: Cursor) -> tuple[Cursor, Cursor]:
    fft, hop = next(names for names in SIZES if root.has(*names))
    return root[fft], root[hop]


def sized(size: Cursor, stages: int) -> Cursor:
    """A size of the inverse STFT; iSTFT-Avocodo lists one per number of upsampling stages before it."""
    return size[stages] if size.is_list() else size


def read(root: Cursor) -> Iterator[Model]:
    analysis = flat.analysis_of(root)
    model = Model(NAME, sample_rate=analysis.rate)
    flat.describe(model, root, analysis)
    with model.deriving("generator"):
        size, step = _sizes(root)
        if analysis.hop is not None and step.value == analysis.hop.value:
            raise NotComputable(
                f"`{step.key}` is the hop of the analysis: what else upsamples is not known", step.where
            )
        lists = flat.read_lists(model, root)
        flat.read_dilations(model, root, lists)
        after = len(lists.rates.value)
        fft, hop = inverse_sizes(model, sized(size, after), sized(step, after))
        harmonic = root.has("F0_path")
        shape = flat.shape_of(root)._replace(before_blocks=(REFLECTION_PAD,) if harmonic else ())
        stages = [*body(lists, shape), *inverse_stft(fft, hop, shape, padded=not harmonic)]
        flat.generator(model, analysis, lists, stages, hop)
    flat.field_in_crop(model, root, analysis.hop)
    yield model
