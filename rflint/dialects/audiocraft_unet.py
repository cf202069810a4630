"""MultiBand Diffusion of audiocraft: the way down of a U-Net over the waveform, which a codec's latents join at the bottom.

Every block normalises over groups of channels and all of time. Source: audiocraft/models/unet.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rflint.coverage import Conv, Mixer, Sequence as Chain, norm_over_time, residual
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stack, Stage

DEPTH, KERNEL, STRIDE, BLOCKS = 3, 4, 2, 1  # DiffusionUnet, EncoderLayer
BLOCK_KERNEL = 3  # ResBlock
DEEPEST, MOST_BLOCKS = 16, 16


class Unet(NamedTuple):
    """Levels of a U-Net, and kernel, stride and residual blocks of each."""

    depth: Value[int]
    kernel: int
    stride: Value[int]
    blocks: Value[int]

    @classmethod
    def read(cls, part: Cursor) -> Unet:
        """Read what shapes time.

        Raises:
            NotComputable: more levels or blocks than are gone through, or a kernel that cannot be padded evenly.
        """
        depth, blocks = part["depth"].int(DEPTH), part["res_blocks"].int(BLOCKS)
        kernel, stride = part["kernel"].int(KERNEL), part["stride"].int(STRIDE)
        if not (0 < depth.value <= DEEPEST and 0 <= blocks.value <= MOST_BLOCKS):
            raise NotComputable(f"{depth.value} levels of {blocks.value} blocks", part.where)
        if (kernel.value - stride.value) % 2 or not 0 < stride.value <= kernel.value:
            raise NotComputable("kernel and stride do not differ by an even number", kernel.where or stride.where)
        return cls(depth, kernel.value, stride, blocks)

    @property
    def hop(self) -> Value[int]:
        """Samples of one position at the bottom."""
        return Value(self.stride.value**self.depth.value, self.stride.where or self.depth.where, "derived")

    def stages(self) -> Iterator[Stage]:
        """A strided convolution, which fills up the last position, and dilated residual blocks a level."""
        margin = (self.kernel - self.stride.value) // 2
        down = Conv(self.kernel, self.stride.value, 1, (margin, margin), tail="complete")
        for level in range(self.depth.value):
            yield Stage(f"encoders.{level}.conv", down, self.stride.where)
            yield Stage(f"encoders.{level}.norm", norm_over_time("group norm"))
            for block in range(self.blocks.value):
                conv = Conv(BLOCK_KERNEL, 1, 1 << block, (1 << block, 1 << block))
                norm = norm_over_time("group norm")
                yield Stage(f"encoders.{level}.res_blocks.{block}", residual(Chain((norm, conv, norm, conv))))


def way_down(model: Model, part: Cursor) -> Unet:
    """Add the stack from samples to the bottom of the U-Net."""
    net = Unet.read(part)
    stages = list(net.stages())
    if part["transformer"].bool(False).value:
        stages.append(Stage("transformer", Mixer("attention"), part["transformer"].where))
    elif part["bilstm"].bool(False).value:
        stages.append(Stage("bilstm", Mixer("LSTM"), part["bilstm"].where))
    factors = [Factor("stride", (net.stride.value,) * net.depth.value, net.stride.where)]
    rate = model.sample_rate.value if model.sample_rate else None
    model.stacks.append(Stack("encoder", "diffusion_unet", stages, input_rate=rate, factors=factors))
    return net
