"""U-Time and U-Sleep: a U-Net over nights of sleep, a stage for every period.

Only the way down is a stack here; the way up and the pooling over periods see more than the whole of it.
Sources: perslev/U-Time, utime/models/{utime,usleep}.py, utime/bin/defaults/*/hparams.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import Same, pool
from rflint.dialects.analysis import known
from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.speech_facts import named
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stack, Stage

NAME, TITLE = "utime", "U-Time and U-Sleep (build.model_class_name)"
SCHEMA, LOADER = "utime", "pyyaml"

# utime/models/utime.py and usleep.py: depth, kernel_size, dilation, pools, convolutions a level
DEFAULTS = {"UTime": (4, 5, 2, [10, 8, 6, 4], 2), "USleep": (12, 9, 1, [2] * 12, 1)}


def recognise(root: Cursor) -> bool:
    return named(root["build"]["model_class_name"], DEFAULTS)


def read(root: Cursor) -> Iterator[Model]:
    build, model = root["build"], Model(NAME, root["build"]["model_class_name"].str("").value)
    with model.deriving("encoder"):
        stages, pools = _way_down(build)
        factors = [Factor("pools", tuple(pools), build.first("pools", "depth").where)]
        model.stacks.append(Stack("encoder", "encoder", stages, factors=factors))
    _lengths(model, build)
    yield model


def _way_down(build: Cursor) -> tuple[list[Stage], list[int]]:
    name = build["model_class_name"]
    depth, size, spread, halvings, convs = DEFAULTS[name.str().value]
    levels = positive(build["depth"].int(depth), 100)
    kernel, dilation = positive(build["kernel_size"].int(size)), positive(build["dilation"].int(spread))
    pools = _pools(build["pools"], levels.value, halvings)
    stages = list[Stage]()
    for level, factor in enumerate(pools):
        conv = Same(kernel.value, 1, dilation.value)
        stages += [Stage(f"encoder.{level}.{i}", conv, kernel.where or name.where) for i in range(convs)]
        stages.append(Stage(f"encoder.{level}.pool", pool(factor), build.first("pools", "depth").where))
    bottom = [Stage(f"bottom.{i}", Same(kernel.value), kernel.where or name.where) for i in range(convs)]
    return [*stages, *bottom], pools


def _pools(pools: Cursor, depth: int, default: list[int]) -> list[int]:
    """A factor for each level, or one for all of them."""
    stated = pools.ints().value if pools.is_list() else [pools.int().value] * depth if pools.given else default
    if len(stated) != depth or min(stated) < 1:
        raise NotComputable("`pools` needs one factor for each level of `depth`", pools.where)
    return stated


def _lengths(model: Model, build: Cursor) -> None:
    """Samples of a period and those for which a stage is predicted."""
    shape, per_prediction = build["batch_shape"], known(build["data_per_prediction"])
    period = known(shape[2]) if shape.is_list() else None
    if period and per_prediction:
        because = "a period is whole predictions (utime/models/utime.py)"
        tie(model, "chunk", "multiple", Value(period.value, period.where), per_prediction, "crash", because)
