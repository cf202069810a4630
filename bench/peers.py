"""Receptive fields of seven nets by rflint and by the tools there are, side by side: value, verdict and time.

The tools need PyTorch, so they are run by a Python of their own; whatever is not installed there is skipped with a line:

    python3.11 -m venv /somewhere/else
    /somewhere/else/bin/pip install torch==2.13.0 torchscan==0.1.2 attrs networkx "graphviz<0.20" matplotlib pillow
    /somewhere/else/bin/pip install --no-deps receptivefield==0.5.0
    /somewhere/else/bin/pip install --no-deps --ignore-requires-python rfa-toolbox==1.7.0
    /somewhere/else/bin/python bench/peers.py

Times are those of one measurement of the net (the best of three), without imports and without building it.
"""

from __future__ import annotations

import contextlib
import io
import logging
import sys
import warnings
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rflint.coverage import Conv, Coverage, Layer, Parallel as Sum, Sequence as Chain, transposed

Net = list[Any]
"""Layers as the tests of tools write them: ("conv", kernel, stride, dilation, left, right), ("up", kernel, stride,
padding), or a list of branches that are summed."""


def conv(kernel: int, stride: int = 1, dilation: int = 1, left: int = 0, right: int | None = None) -> tuple[Any, ...]:
    return ("conv", kernel, stride, dilation, left, left if right is None else right)


NETS: dict[str, Net] = {
    "w2v": [conv(k, s) for k, s in ((10, 5), (8, 4), (4, 2), (4, 2), (4, 2))],
    "dil": [conv(3, 1, d, d) for d in (1, 2, 4, 8)],
    "grid": [conv(3, 1, 2, 2)] * 3,
    "tcn": [[[conv(3, 1, d, 2 * d, 0)] * 2, []] for d in (1, 2, 4, 8)],
    "res": [conv(7, 2, 1, 3), [[conv(3, 2, 1, 1), conv(3, 1, 1, 1)], [conv(1, 2)]]],
    "tr": [conv(7, 1, 1, 3), ("up", 16, 8, 4), ("up", 16, 8, 4), conv(7, 1, 1, 3)],
    "ae": [conv(16, 8, 1, 4), ("up", 16, 8, 4)],
}
"""wav2vec; doubling dilations; gridding; a causal TCN; a ResNet stage; a vocoder's upsampling; an autoencoder."""


class Said(NamedTuple):
    """What a tool gives for a net: receptive field, and the step where it speaks of one."""

    field: Fraction | int | float
    step: Fraction | float | None = None
    shown: str = ""


# -- rflint -----------------------------------------------------------------------------------------------------------


def layer_of(part: Any) -> Layer:
    if isinstance(part, list):
        return Sum(tuple(Chain(tuple(map(layer_of, branch))) for branch in part))
    if part[0] == "up":
        return transposed(part[1], part[2], part[3])
    return Conv(part[1], part[2], part[3], (part[4], part[5]))


def by_rflint(net: Net) -> Callable[[], Said]:
    layers = [layer_of(part) for part in net]

    def measure() -> Said:
        coverage = Coverage(layers)
        low, high = coverage.receptive_field_min, coverage.receptive_field
        holes = f" ({coverage.touched} read)" if coverage.holes else ""
        return Said(high, coverage.step, f"{high if low == high else f'{low}-{high}'}{holes}/{coverage.step}")

    return measure


# -- nets in PyTorch --------------------------------------------------------------------------------------------------


def torch_net(net: Net, dims: int) -> Any:
    """The net as a module with positive weights, over one time axis or, for tools of images, two."""
    import torch

    conv_class, up_class = (
        (torch.nn.Conv1d, torch.nn.ConvTranspose1d) if dims == 1 else (torch.nn.Conv2d, torch.nn.ConvTranspose2d)
    )

    class Branches(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self, branches: list[Net]) -> None:
            super().__init__()
            self.branches = torch.nn.ModuleList(build(branch) for branch in branches)

        def forward(self, x: Any) -> Any:
            return sum((branch(x) for branch in self.branches[1:]), self.branches[0](x))

    def module(part: Any) -> list[Any]:
        if isinstance(part, list):
            return [Branches(part)]
        if part[0] == "up":
            return [up_class(1, 1, part[1], part[2], part[3])]
        _, kernel, stride, dilation, left, right = part
        if left == right:
            return [conv_class(1, 1, kernel, stride, left, dilation)]
        pad = torch.nn.ConstantPad1d if dims == 1 else torch.nn.ConstantPad2d
        return [pad((left, right) * dims, 0.0), conv_class(1, 1, kernel, stride, 0, dilation)]

    def build(parts: Net) -> Any:
        return torch.nn.Sequential(*[each for part in parts for each in module(part)])

    whole = build(net)
    for weights in whole.parameters():
        torch.nn.init.constant_(weights, 1 / max(weights[0].numel(), 1))
    return whole


def by_gradient(net: Net) -> Callable[[], Said]:
    """Back-propagate from single outputs in the middle: what is not zero was read."""
    import torch

    module, size = torch_net(net, 1), 4096 if net is NETS["w2v"] else 512

    def measure() -> Said:
        x = torch.ones(1, 1, size, requires_grad=True)
        y = module(x)[0, 0]
        middle, hulls = y.shape[0] // 2, []
        outputs = range(middle, middle + max(2, min(y.shape[0] // 4, 65)))
        for i in outputs:
            (gradient,) = torch.autograd.grad(y[i], x, retain_graph=True)
            read = gradient[0, 0].nonzero().flatten()
            hulls.append((int(read[0]), int(read[-1])))
        step = Fraction(hulls[-1][0] - hulls[0][0], len(outputs) - 1)
        return Said(max(b - a + 1 for a, b in hulls), step)

    return measure


def by_torchscan(net: Net) -> Callable[[], Said]:
    from torchscan import crawl_module

    module = torch_net(net, 1)

    def measure() -> Said:
        last = crawl_module(module, (1, 2048))["layers"][-1]
        return Said(last["rf"], last["s"])

    return measure


def side_of(net: Net) -> int:
    """Pixels of a square that holds the field; what upsamples it by 64 both ways must still fit into memory."""
    return 1200 if net is NETS["w2v"] else 48 if net is NETS["tr"] else 240


def by_receptivefield(net: Net) -> Callable[[], Said]:
    import torch
    from receptivefield.pytorch import PytorchReceptiveField

    class Watched(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.net = torch_net(net, 2)

        def forward(self, x: Any) -> Any:
            self.feature_maps = [self.net(x)]
            return self.feature_maps[0]

    side = side_of(net)

    def measure() -> Said:
        (found,) = PytorchReceptiveField(Watched).compute((side, side, 1))
        return Said(found.rf.size.w, found.rf.stride[0])

    return measure


def by_rfa(net: Net) -> Callable[[], Said]:
    import collections.abc

    collections.Sequence = collections.abc.Sequence  # type: ignore[attr-defined]  # gone since Python 3.10
    from rfa_toolbox import create_graph_from_pytorch_model

    module, side = torch_net(net, 2), side_of(net)

    def measure() -> Said:
        node = create_graph_from_pytorch_model(module, input_res=(1, 1, side, side))
        fields = (info.receptive_field for info in node.receptive_field_info)  # one number, or one for each axis
        return Said(max(int(field[0]) if isinstance(field, tuple) else int(field) for field in fields))

    return measure


TOOLS: dict[str, Callable[[Net], Callable[[], Said]]] = {
    "rflint": by_rflint,
    "PyTorch gradient": by_gradient,
    "torchscan": by_torchscan,
    "receptivefield": by_receptivefield,
    "rfa-toolbox": by_rfa,
}


# -- the table --------------------------------------------------------------------------------------------------------


def judge(tool: str, net: Net) -> tuple[str, float]:
    """What a tool says of a net, marked ``ok`` or ``WRONG``, and its time (s). A tool that breaks has no answer."""
    exact = Coverage([layer_of(part) for part in net])
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            measure = TOOLS[tool](net)
            times = []
            for _ in range(3):
                start = perf_counter()
                said = measure()
                times.append(perf_counter() - start)
    except ImportError:
        raise
    except (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        return type(error).__name__, float("nan")
    right = said.field == exact.receptive_field and said.step in (None, exact.step)
    step = "" if said.step is None else f"/{number(said.step)}"
    return f"{said.shown or number(said.field) + step} {'ok' if right else 'WRONG'}", min(times)


def number(value: Fraction | float) -> str:
    return str(value) if isinstance(value, Fraction) else f"{float(value):.4g}"


def main() -> None:
    """Measure with every tool that is installed and print one table: field/step, and the time for w2v and tr."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    rows = [["tool", *NETS, "w2v", "tr"]]
    for tool in TOOLS:
        try:
            cells = {name: judge(tool, net) for name, net in NETS.items()}
        except ImportError as error:
            print(f"{tool}: skipped, {error} (see the head of bench/peers.py)")
            continue
        times = [f"{cells[name][1] * 1e3:.2f} ms" for name in ("w2v", "tr")]
        rows.append([tool, *(said for said, _ in cells.values()), *times])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main()
