"""Basenji, Baskerville and Borzoi: sequence to genomic tracks (params.json), and the data they train on (statistics.json).

Positions are base pairs. Behind the first attention every bin depends on the whole sequence: convolutions there add
nothing to the field that is reported, the resampling there counts for the step.
Sources: calico/basenji (basenji/seqnn.py, bin/basenji_data.py, bin/akita_data.py), calico/baskerville (seqnn.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from rflint.coverage import Conv, Coverage, Layer, Mixer, pool
from rflint.dialects.analysis import known
from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.basenji_blocks import BLOCKS, UPSAMPLING
from rflint.dialects.speech_facts import derived, maybe
from rflint.documents import Cursor, NotComputable
from rflint.model import Factor, Model, Stack, Stage

NAME, TITLE = "basenji", "Basenji, Baskerville, Borzoi (model.trunk; statistics.json)"
SCHEMA, LOADER = "basenji", "json"

STATISTICS = ("seq_length", "pool_width", "crop_bp", "target_length")
DIAGONALS = 2  # bin/akita_data.py, diagonal_offset


def recognise(root: Cursor) -> bool:
    net = root["model"]
    return (net.has("seq_length", "trunk") and net["trunk"].is_list()) or root.has(*STATISTICS)


def read(root: Cursor) -> Iterator[Model]:
    yield _network(root["model"]) if root["model"].has("trunk") else _statistics(root)


# -- params.json --------------------------------------------------------------------------------------------------


def _network(net: Cursor) -> Model:
    model = Model(NAME)
    with model.deriving("trunk"):
        stages = _stages(net)
        factors = [Factor("strides and pools", tuple(_downsampling(stages)), net["trunk"].where)]
        factors = factors if factors[0].terms else []
        model.stacks.append(Stack("encoder", "trunk", stages, input_unit="bp", factors=factors))
        with model.deriving("lengths"):
            _lengths(model, net, stages)
    return model


def _stages(net: Cursor) -> list[Stage]:
    """The blocks of the trunk, as far as the first that makes pairs of positions or lets all of them in at once."""
    same, stages, mixed = net["padding"].str("same").value != "valid", list[Stage](), False
    for index, block in enumerate(net["trunk"]):
        name = block["name"].str().value
        if name == "one_to_two":
            break
        if name not in BLOCKS:
            raise NotComputable(f"the block {name} is not known", block["name"].where)
        for number, layer in enumerate(BLOCKS[name](block, same)):
            kept = _behind_attention(layer) if mixed else layer
            stages.append(Stage(f"trunk.{index}.{name}.{number}", kept, block["name"].where))
            mixed = mixed or (isinstance(layer, Mixer) and layer.name == "attention")
    return stages


def _behind_attention(layer: Layer) -> Layer:
    """What is left of a layer where every position has seen the whole sequence: its resampling and its cropping."""
    return Conv(1, layer.shift, kind="mixed") if layer.period == 1 and layer.kind not in ("crop", "mixer") else layer


def _downsampling(stages: list[Stage]) -> list[int]:
    return [stage.layer.shift for stage in stages if stage.layer.period == 1 and stage.layer.shift > 1]


def _lengths(model: Model, net: Cursor, stages: list[Stage]) -> None:
    """The sequence is whole bins at the bottom; a declared target length is that before or behind the cropping."""
    length = positive(net["seq_length"].int())
    bottom = Coverage([stage.layer for stage in takewhile(lambda s: s.layer.period == 1, stages)]).step
    joined = any(block["name"].value in UPSAMPLING for block in net["trunk"])
    because = "a U-Net link needs a representation of exactly twice the length" if joined else "the last bin is padded"
    tie(model, "chunk", "multiple", length, derived(bottom), "crash" if joined else "report", because)
    whole = takewhile(lambda stage: stage.layer.kind != "crop", stages)
    before = _bins(length.value, list(whole))
    after = _bins(length.value, stages)
    declared = maybe(net["target_length"].int)
    if declared and declared.value != after:
        because = f"seq_length {length.value} gives {before} bins, {after} behind the cropping; the key is not read"
        tie(model, "frames", "equal", declared, derived(before), "report", because)
    _targets(model, net)


def _bins(length: int, stages: list[Stage]) -> int:
    for stage in stages:
        length = stage.layer.length(length)
    return length


def _targets(model: Model, net: Cursor) -> None:
    """Akita: the crop of the targets is that of the head."""
    declared = maybe(net["target_crop"].int)
    heads = [net[key] for key in ("head_hic", "head") if net[key].is_list()]
    for block in (block for head in heads for block in head if block["name"].value == "cropping_2d"):
        if declared:
            cut = block["cropping"].int()
            tie(
                model,
                "frames",
                "equal",
                declared,
                cut,
                "crash",
                "targets are cut by target_crop, the map by cropping_2d",
            )


# -- statistics.json ----------------------------------------------------------------------------------------------


def _statistics(root: Cursor) -> Model:
    model = Model(NAME, "statistics")
    with model.deriving("bins"):
        width, length = positive(root["pool_width"].int()), positive(root["seq_length"].int())
        stages = [Stage("pool_width", pool(width.value), width.where)]
        factors = [Factor("pool_width", (width.value,), width.where)]
        model.stacks.append(Stack("frontend", "bins", stages, input_unit="bp", factors=factors))
        crop = root["crop_bp"].int(0)
        if crop.value:
            because = "targets are cut by whole bins"
            tie(model, "chunk", "multiple", crop, width, "silent", because)
        declared = known(root["target_length"])
        if declared:
            bins = (length.value - 2 * crop.value) // width.value
            because = f"({length.value} - 2 · {crop.value}) // {width.value} bins"
            tie(model, "frames", "equal", declared, derived(_pairs(root, bins)), "silent", because)
    return model


def _pairs(root: Cursor, bins: int) -> int:
    """Bins, or pairs of them above the diagonal for contact maps."""
    if not root["diagonal_offset"].exists:
        return bins
    side = bins - root["diagonal_offset"].int(DIAGONALS).value
    return side * (side + 1) // 2
