"""The two nets that neural codecs are built from, as exact graphs: SEANet (EnCodec) and DAC, each encoder and decoder.

SEANet: a convolution; per factor residual units and a strided convolution; memory; a convolution. Its list of factors
stands in decoder order, which the encoder reverses. DAC: the same with three residual units of dilation 1, 3, 9 a stage,
and a list of its own for each side, in the order in which that side works. What looks alike differs in padding alone.
Sources: facebookresearch/audiocraft audiocraft/modules/seanet.py, descriptinc/descript-audio-codec dac/model/dac.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import prod
from typing import NamedTuple

from rflint.coverage import (
    Conv,
    Layer,
    Mixer,
    Sequence as Chain,
    Transposed,
    centred,
    recurrent,
    residual,
    seanet,
    transposed_dac,
    transposed_exact,
    transposed_seanet,
)
from rflint.dialects.generators import item
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Stage

MOST_UNITS = 64
"""Residual units in a row that are gone through one by one."""

Key = Callable[[str], Cursor]
"""The place of a key, by its name in audiocraft: where the class takes another name, where a side overrides it."""


def factor(key: str, value: Value[list[int]]) -> Factor:
    """A list of strides or factors in a derivation."""
    return Factor(value.key or key, tuple(value.value), value.where)


def lstm(layers: int, *, bidirectional: bool = False) -> tuple[Stage, ...]:
    """A recurrent net over the frames: everything before, bidirectional everything; nothing for no layers."""
    return (Stage("lstm", recurrent("LSTM", bidirectional=bidirectional)),) if layers > 0 else ()


# -- SEANet -------------------------------------------------------------------------------------------------------


class SeanetDefaults(NamedTuple):
    """The defaults of a SEANet class; those here are of the encodec package (encodec/modules/seanet.py)."""

    ratios: tuple[int, ...] = (8, 5, 4, 2)
    kernel: int = 7
    last: int = 7
    residual: int = 3
    units: int = 1
    growth: int = 2
    causal: bool = False


ENCODEC = SeanetDefaults()


class Seanet(NamedTuple):
    """A SEANet: ``ratios`` in decoder order, ``units`` residual units a stage with dilation ``growth`` ** j."""

    ratios: Value[list[int]]
    kernel: Value[int]
    last: Value[int]
    residual: Value[int]
    units: int
    growth: int
    causal: bool
    trim: Fraction = Fraction(1)
    memory: tuple[Stage, ...] = ()
    norm: tuple[Stage, ...] = ()

    @classmethod
    def read(cls, key: Key, defaults: SeanetDefaults = ENCODEC) -> Seanet:
        """Read what shapes time, memory and norm aside.

        Raises:
            NotComputable: a key is not known, of another type, or asks for more units than are gone through.
        """
        units = key("n_residual_layers").int(defaults.units)
        if units.value > MOST_UNITS:
            raise NotComputable(f"{units.value} residual units", units.where)
        return cls(
            key("ratios").ints([*defaults.ratios]),
            key("kernel_size").int(defaults.kernel),
            key("last_kernel_size").int(defaults.last),
            key("residual_kernel_size").int(defaults.residual),
            max(units.value, 0),
            key("dilation_base").int(defaults.growth).value,
            key("causal").bool(defaults.causal).value,
            key("trim_right_ratio").number(Fraction(1)).value,
        )

    @property
    def hop(self) -> int:
        """Samples a frame."""
        return prod(self.ratios.value)

    @property
    def factors(self) -> list[Factor]:
        return [factor("ratios", self.ratios)]

    def encoder(self, strides: Value[list[int]] | None = None) -> list[Stage]:
        """From samples to frames: the ratios backwards, or ``strides`` in the order of their list."""
        stages = [Stage("conv_in", self._conv(self.kernel.value), self.kernel.where), *self.norm]
        order = list(enumerate((strides or self.ratios).value))
        for index, ratio in order if strides else reversed(order):
            stages += self._units(f"ratios.{index}")
            stages.append(Stage(f"down.{index}", self._conv(2 * ratio, ratio), item(strides or self.ratios, index)))
        return [*stages, *self.memory, Stage("conv_out", self._conv(self.last.value), self.last.where)]

    def decoder(self) -> list[Stage]:
        """From frames to samples."""
        stages = [Stage("conv_in", self._conv(self.kernel.value), self.kernel.where), *self.norm, *self.memory]
        for index, ratio in enumerate(self.ratios.value):
            up = transposed_seanet(2 * ratio, ratio, is_causal=self.causal, trim_right=self.trim)
            stages.append(Stage(f"up.{index}", up, item(self.ratios, index)))
            stages += self._units(f"ratios.{index}")
        return [*stages, Stage("conv_out", self._conv(self.last.value), self.last.where)]

    def _conv(self, kernel: int, stride: int = 1, dilation: int = 1) -> Conv:
        return seanet(kernel, stride, dilation, is_causal=self.causal)

    def _units(self, name: str) -> Iterator[Stage]:
        for unit in range(self.units):
            layer = residual(self._conv(self.residual.value, 1, self.growth**unit), Conv(1))
            yield Stage(f"{name}.residual.{unit}", layer, self.residual.where)


def norm_over_time(norm: Cursor, default: str = "weight_norm") -> tuple[Stage, ...]:
    """What ``norm`` adds: only ``time_group_norm`` takes statistics over the whole clip."""
    name = norm.str(default)
    return (Stage("norm", Mixer("time group norm"), name.where),) if name.value == "time_group_norm" else ()


# -- DAC ----------------------------------------------------------------------------------------------------------


def half_down(stride: int) -> Conv:
    """A strided convolution of kernel 2·stride, padded by ceil(stride / 2) at both ends."""
    return Conv(2 * stride, stride, 1, (-(-stride // 2),) * 2)


def dac_up(stride: int) -> Transposed:
    """Kernel 2·stride, padding ceil(stride / 2) and no output padding: an odd factor loses a sample of its rate."""
    return transposed_dac(2 * stride, stride)


def exact_up(stride: int) -> Transposed:
    """The same with output padding stride % 2: stride·T always."""
    return transposed_exact(2 * stride, stride)


class Dac(NamedTuple):
    """What DAC and its children differ in.

    ``unit`` makes a convolution of stride 1 from kernel and dilation, ``down`` and ``up`` the layers that change the rate;
    ``smooth`` is the activation beside the dilated convolutions of a unit, ``smooth_step`` that before a change of rate
    and before the last convolution, where they filter; ``last`` the kernel that ends the encoder.
    """

    unit: Callable[[int, int], Layer] = lambda kernel, dilation: centred(kernel, 1, dilation)
    down: Callable[[int], Layer] = half_down
    up: Callable[[int], Layer] = dac_up
    smooth: tuple[Layer, ...] = ()
    smooth_step: tuple[Layer, ...] = ()
    last: int = 3
    dilations: Sequence[int] = (1, 3, 9)

    def units(self, name: str) -> Stage:
        """Residual units of a dilated convolution of 7 taps and a pointwise one."""
        chain = (residual(*self.smooth, self.unit(7, d), *self.smooth, Conv(1)) for d in self.dilations)
        return Stage(name, Chain(tuple(chain)))

    def encoder(self, strides: Value[list[int]], memory: Sequence[Stage] = ()) -> list[Stage]:
        """From samples to frames, the strides in the order of the list."""
        stages = [Stage("conv_in", self.unit(7, 1))]
        for index, stride in enumerate(strides.value):
            stages += [self.units(f"block.{index}.units"), *self._activation(f"block.{index}")]
            stages.append(Stage(f"block.{index}", self.down(stride), item(strides, index)))
        return [*stages, *memory, *self._activation("out"), Stage("conv_out", self.unit(self.last, 1))]

    def decoder(
        self, factors: Value[list[int]], memory: Sequence[Stage] = (), *, backwards: bool = False
    ) -> list[Stage]:
        """From frames to samples, the factors in the order of the list, or ``backwards``."""
        stages = [Stage("conv_in", self.unit(7, 1)), *memory]
        order = list(enumerate(factors.value))
        for index, stride in reversed(order) if backwards else order:
            stages += self._activation(f"block.{index}")
            stages.append(Stage(f"block.{index}", self.up(stride), item(factors, index)))
            stages.append(self.units(f"block.{index}.units"))
        return [*stages, *self._activation("out"), Stage("conv_out", self.unit(7, 1))]

    def _activation(self, name: str) -> list[Stage]:
        return [Stage(f"{name}.activation", layer) for layer in self.smooth_step]


DESCRIPT = Dac()
EXACT = Dac(up=exact_up)
"""With output padding: SNAC, X-codec, the codecs of Amphion."""


def alias_free(dilations: Sequence[int], smooth: Layer) -> Dac:
    """BigCodec and X-codec2: every activation stands between a doubling and a halving (vq/module.py)."""
    return EXACT._replace(smooth=(smooth,), smooth_step=(smooth,), dilations=tuple(dilations))


def padded_as_seanet(causal: bool) -> Dac:
    """FAcodec: DAC's layers with SEANet's padding, on the left alone when causal (modules/dac/model/dac.py)."""
    return Dac(
        unit=lambda kernel, dilation: seanet(kernel, 1, dilation, is_causal=causal),
        down=lambda stride: seanet(2 * stride, stride, is_causal=causal),
        up=lambda stride: transposed_seanet(2 * stride, stride, is_causal=causal),
    )


SHORT = "kernel 2·stride and padding ceil(stride / 2) are fixed in the code: an odd or unit factor loses samples of its rate"
"""Why the decoder of DAC makes too few samples, for `Stack.because`."""
