"""The picture of a stack, as a reader sees it."""

from __future__ import annotations

from rflint.coverage import Conv, Layer, Mixer, causal, centred, residual, transposed, transposed_even
from rflint.model import Stack, Stage
from rflint.reports.drawing import drawing
from rflint.reports.pen import width


def stack(*layers: Layer, role: str = "encoder", names: str = "layers") -> Stack:
    return Stack(role, "x", [Stage(f"{names}.{i}", layer) for i, layer in enumerate(layers)])  # type: ignore[arg-type]


def test_one_layer_is_no_picture() -> None:
    assert drawing(stack(Conv(3))) == []
    assert drawing(stack(Conv(3), Mixer("attention"))) == []
    assert drawing(stack(*[causal(k) for k in range(2, 90)])) == []


def test_fields_grow_on_one_axis() -> None:
    expected = [
        "          0            14 samples",
        "layers.0  ███              0 to 2",
        "layers.1  ███████          0 to 6",
        "layers.2  ███████████████  0 to 14",
    ]

    assert drawing(stack(*[Conv(3, 2)] * 3)) == expected


def test_padding_shows_where_0_is() -> None:
    expected = [
        "          -6    0 2 samples",
        "layers.0    █·█·█    -4 to 0",
        "layers.1  █████████  -6 to 2",
        "          · not read",
    ]

    assert drawing(stack(causal(3, 1, 2), centred(5))) == expected


def test_holes_are_left_out() -> None:
    expected = [
        "          -13          0 samples",
        "layers.0              ██  -1 to 0",
        "layers.1           ██·██  -4 to 0",
        "layers.2  ██·██····██·██  -13 to 0",
        "          · not read",
    ]

    assert drawing(stack(*[causal(2, 1, 3**i) for i in range(3)])) == expected


def test_a_wide_field_is_scaled() -> None:
    picture = drawing(stack(*[residual(causal(5, 1, 10**i)) for i in range(4)]))

    assert picture[4].startswith("layers.3  ▒▒▒▒") and picture[4].endswith("-4444 to 0")
    assert picture[5].strip() == "▒ partly read, · not read"


def test_what_only_some_outputs_of_a_frame_read() -> None:
    expected = [
        "          -2  2 frames",
        "layers.0   ███   -1 to 1",
        "layers.1  ▒███▒  -2 to 2",
        "          ▒ read by some of the outputs of a frame",
    ]

    assert drawing(stack(centred(3), transposed_even(16, 8), role="decoder")) == expected


def test_outputs_made_of_nothing_do_not_disturb() -> None:
    assert drawing(stack(centred(3), transposed(2, 4), role="decoder"))[1:] == [
        "layers.0  ███  -1 to 1",
        "layers.1  ███  -1 to 1",
    ]


def test_it_is_narrow_and_can_be_ascii() -> None:
    picture = drawing(
        stack(*[Conv(20, 20)] * 2, *[causal(3)] * 9, names="a.very.long.module.path.of.layers"), unicode=False
    )

    assert max(map(width, picture)) <= 80
    assert all(line.isascii() for line in picture)
    assert picture[-1].startswith("..ath.of.layers.2 x9")
