"""Sizes that no real model has give an answer or a `CoverageError`, at once and in little memory."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import reduce
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings, strategies as st

import rflint.coverage
from rflint.coverage import (
    Conv,
    Coverage,
    CoverageError,
    Layer,
    Parallel,
    Repeat,
    Same,
    Sequence,
    Splice,
    Transposed,
    attention,
    centred,
    chunked_attention,
    nearest,
    residual,
    resize,
    stack_frames,
    transposed,
    transposed_even,
    unet,
)

PROPERTIES = [
    "receptive_field",
    "receptive_field_min",
    "touched",
    "touched_min",
    "empty_phases",
    "holes",
    "density",
    "gridding",
    "unread_share",
    "left",
    "right",
    "look_ahead",
    "latency",
    "variance",
    "effective_width",
    "period",
    "shift",
    "step",
    "upsampling",
    "total",
    "unbounded_by",
    "mixers",
    "fields",
]


def ask_all(coverage: Coverage) -> None:
    for name in PROPERTIES:
        getattr(coverage, name)
    coverage.progress(), coverage.phases(), coverage.length(10**6), coverage.fits(10**6), coverage.unread_tail(10**6)
    for question in (
        coverage.min_input,
        coverage.paths,
        coverage.centre,
        coverage.left_by_length,
        lambda: coverage.border(0, 1000),
    ):
        try:
            question()
        except CoverageError:
            continue


def nested(times: int, wrap: Callable[[Layer], Layer]) -> Layer:
    return reduce(lambda layer, _: wrap(layer), range(times), centred(3))


T, G = 10**12, 10**9
HOSTILE: dict[str, Callable[[], Iterable[Layer]]] = {
    "kernel": lambda: [Conv(T)],
    "dilated kernel": lambda: [Conv(T, 1, 2)],
    "dilation": lambda: [Conv(3, 1, T), Conv(3, 1, G)],
    "digits": lambda: [Conv(10**900, 10**900)],
    "stride": lambda: [Conv(3, G)],
    "strides": lambda: [Conv(3, G)] * 20,
    "kernel and stride": lambda: [Conv(T, G), Conv(3, 2), Conv(T, G)],
    "padding": lambda: [Conv(3, 1, 1, (T, -T)), Conv(3, 1, 1, (-T, T))],
    "repetitions": lambda: [Repeat(G, Conv(3))],
    "residual repetitions": lambda: [Repeat(G, residual(centred(3)))],
    "repeated strides": lambda: [Repeat(G, Conv(3, 2))],
    "repeated upsampling": lambda: [Repeat(G, nearest(2))],
    "repeated up and down": lambda: [Repeat(G, Sequence((nearest(2), Conv(4, 2))))],
    "repeated holes": lambda: [Repeat(1000, Repeat(1000, Repeat(1000, Splice((0, 1, 3)))))],
    "upsampling": lambda: [Transposed(2 * G, G)],
    "gappy upsampling": lambda: [Transposed(2, G), *[Conv(3)] * 1000],
    "upsampling and down": lambda: [nearest(G), Conv(3, G)],
    "resampling": lambda: [resize(Fraction(99991, 99989)), resize(Fraction(99971, 99961))],
    "downsampling": lambda: [resize(Fraction(1, G)), Conv(3, 1, 5)],
    "chunks": lambda: [chunked_attention(G, G)],
    "chunks of many sizes": lambda: [chunked_attention(size, 1) for size in (997, 991, 983)],
    "attention": lambda: [attention(T, T), Conv(3, G)],
    "depth": lambda: [nested(5000, residual)],
    "shared parts": lambda: [nested(90, lambda layer: Parallel((layer, layer)))],
    "nested repetitions": lambda: [nested(60, lambda layer: Repeat(7, layer))],
    "branches": lambda: [Parallel(tuple(Conv(3, 1, d) for d in range(1, 1000)))],
    "U-Net": lambda: [unet([(Conv(4, 2, 1, (1, 1)), transposed_even(4, 2))] * 30, centred(3))],
    "same": lambda: [Same(T, G), Same(3, G)],
    "stacking": lambda: [stack_frames(T, G)],
    "layers": lambda: [Conv(3)] * 5000,
    "layers with phases": lambda: [nearest(2), *[Conv(3)] * 2000],
    "layers with holes": lambda: [Conv(2, 1, 1000)] * 1000,
    "dilated upsampling": lambda: [transposed(300, 100, 0, 0, 7), transposed(300, 100, 0, 0, 13)],
}


@pytest.fixture
def little_memory() -> Iterator[None]:
    """Half a gigabyte beyond what is taken already."""
    resource = pytest.importorskip("resource")
    taken = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (taken + (512 << 20), limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, limits)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs to know the memory taken")
@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_stack_costs_little(name: str) -> None:
    before = process_time()
    try:
        ask_all(Coverage(HOSTILE[name]()))
    except CoverageError as error:
        assert len(str(error)) < 200

    assert process_time() - before < 60  # a hang would be hours


ODD = st.one_of(st.integers(-2, 4), st.sampled_from([17, 1000, 10**6, G, T]))
CONVS = st.builds(Conv, ODD, ODD, ODD, st.tuples(ODD, ODD))
LAYERS = st.one_of(
    CONVS, st.builds(Transposed, ODD, ODD, ODD), st.builds(Same, ODD, ODD), st.builds(chunked_attention, ODD, ODD)
)
NESTED = st.recursive(
    LAYERS,
    lambda inner: st.one_of(
        st.builds(Repeat, ODD, inner),
        st.lists(inner, max_size=3).map(tuple).map(Sequence),
        st.lists(inner, max_size=3).map(tuple).map(Parallel),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(NESTED, max_size=4))
def test_no_numbers_bring_it_down(layers: list[Layer]) -> None:
    try:
        ask_all(Coverage(layers))
    except CoverageError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        ([Conv(0)], "a kernel of 0"),
        ([Conv(3, -1)], "a stride of -1"),
        ([Conv(3, 1, 0)], "a dilation of 0"),
        ([Transposed(4, 0)], "a stride of 0"),
        ([Repeat(-1, Conv(3))], "-1 repetitions"),
        ([Parallel(())], "no branches"),
        ([Splice(())], "a taps of 0"),
        ([attention(-1, 0)], "a context of -1"),
        ([chunked_attention(0)], "chunks of 0"),
        ([resize(0)], "a factor of 0"),
        ([residual(Sequence((Conv(3), Conv(3, 0))))], "a stride of 0"),
    ],
)
def test_what_cannot_be_is_named(layers: list[Layer], said: str) -> None:
    with pytest.raises(CoverageError, match=said):
        Coverage(layers)
    with pytest.raises(CoverageError, match=said):
        Coverage(layers, inputs=100)


@pytest.mark.parametrize("name", ["Adaptive", "Stretched"])
def test_what_depends_on_the_length_asks_for_one(name: str) -> None:
    with pytest.raises(CoverageError, match="depends on the input length"):
        Coverage([getattr(rflint.coverage, name)(3)])


# -- the shape of the package ---------------------------------------------------------------------------------------

FOLDER = Path(rflint.coverage.__file__).parent
PURE = {"__future__", "collections", "fractions", "functools", "itertools", "math", "typing", "rflint"}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.name)
def test_it_is_pure_arithmetic_on_its_own(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    floats = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]

    assert {module.split(".")[0] for module in modules} <= PURE
    assert all(module.startswith("rflint.coverage") for module in modules if module.startswith("rflint"))
    assert floats == []


def test_it_imports_nothing_else_of_the_project() -> None:
    code = "import rflint.coverage, sys; print(*sorted(m for m in sys.modules if m.startswith('rflint')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert [name for name in loaded if not name.startswith("rflint.coverage")] == ["rflint"]


def test_a_new_kind_of_layer_is_one_class() -> None:
    class EverySecond(Layer):
        """Reads its own position and the one two before."""

        kind = "every second"  # type: ignore[assignment]

        def pull(self, first: int, last: int) -> tuple[int, int]:
            return first - 2, last

        def touch(self, outputs: rflint.coverage.Indices) -> rflint.coverage.Indices:
            return outputs.shift(-2).widen(2, 2)

        def length(self, n: int) -> int:
            return n

    c = Coverage([Conv(3, 2), residual(EverySecond()), transposed_even(4, 2), Repeat(2, EverySecond())])
    assert (c.receptive_field, c.step, c.length(41)) == (13, 1, 40)
    assert c.border(0, 41) is not None
    assert len(c.paths()) > 3
