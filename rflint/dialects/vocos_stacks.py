"""Vocos: a backbone at the frame rate and a Fourier head (gemelo-ai/vocos vocos/models.py, heads.py, spectral_ops.py)."""

from __future__ import annotations

from rflint.coverage import Layer, Repeat, Sequence as Chain, Transposed, centred, istft, residual, same
from rflint.dialects.generators import block1
from rflint.documents import NotComputable, Value
from rflint.model import Stage

MOST_LAYERS = 1000
RESNET_DILATIONS = (1, 3, 5)  # vocos/modules.py, ResBlock1
PADDINGS = ("center", "same")


def convnext(layers: Value[int]) -> list[Stage]:
    """VocosBackbone: an embedding convolution and ConvNeXt blocks, each a depthwise convolution with its input beside it."""
    blocks = Repeat(_few(layers), residual(same(7)))
    return [Stage("embed", same(7)), Stage("convnext", blocks, layers.where)]


def resnet(blocks: Value[int]) -> list[Stage]:
    """VocosResNetBackbone: an embedding convolution of 3 and HiFi-GAN's ResBlock1 of kernel 3."""
    chain = Chain((block1(3, RESNET_DILATIONS),) * _few(blocks))
    return [Stage("embed", centred(3)), Stage("resnet", chain, blocks.where)]


def _few(count: Value[int]) -> int:
    if not 0 <= count.value <= MOST_LAYERS:
        raise NotComputable(f"{count.value} blocks", count.where)
    return count.value


def istft_head(fft: int, hop: int, padding: str) -> Layer:
    """ISTFTHead: centred as torch.istft, or ``same``, which trims (fft - hop) // 2 at both ends.

    Raises:
        NotComputable: another padding, which the class refuses.
    """
    if padding not in PADDINGS:
        raise NotComputable(f"Padding must be 'center' or 'same', not {padding!r}")
    trim = None if padding == "center" else max(fft - hop, 0) // 2
    return istft(fft, hop, trim=trim)


def imdct_head(frame: int, padding: str) -> Layer:
    """IMDCT heads: frames of twice the hop; trims half a frame (center) or a quarter (same) at both ends.

    Raises:
        NotComputable: another padding, which the class refuses.
    """
    if padding not in PADDINGS:
        raise NotComputable(f"Padding must be 'center' or 'same', not {padding!r}")
    trim = frame // 2 if padding == "center" else frame // 4
    return Transposed(frame, frame // 2, 1, (trim, trim), "imdct")
