"""PySlowFast: residual networks over video clips, one pathway or a slow and a fast one.

Input positions are video frames at the target frame rate. Of the networks other than ResNet and SlowFast only the
sampling of frames is derived. Sources: slowfast/models/video_model_builder.py, resnet_helper.py, datasets/utils.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

from rflint.coverage import Conv, Layer, Mixer, Parallel, Sequence, centred, decimate, pool, residual
from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.speech_facts import named
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Role, Stack, Stage

NAME, TITLE = "slowfast", "PySlowFast video networks (DATA.NUM_FRAMES, MODEL.ARCH)"
SCHEMA, LOADER = "slowfast", "pyyaml"

# slowfast/config/defaults.py
FRAMES, SAMPLING, FPS = 8, 8, 30  # DATA.NUM_FRAMES, DATA.SAMPLING_RATE, DATA.TARGET_FPS
ALPHA, FUSION = 8, 5  # SLOWFAST.ALPHA, SLOWFAST.FUSION_KERNEL_SZ
DEPTH = 50  # RESNET.DEPTH

BLOCKS = {18: (2, 2, 2, 2), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3)}  # video_model_builder.py, _MODEL_STAGE_DEPTH
FLAT = ((1,),) * 5
KERNELS: dict[str, tuple[tuple[int, ...], ...]] = {
    "2d": FLAT,
    "c2d": FLAT,
    "slow_c2d": FLAT,
    "i3d": ((5,), (3,), (3, 1), (3, 1), (1, 3)),
    "slow_i3d": ((5,), (3,), (3, 1), (3, 1), (1, 3)),
    "slow": ((1,), (1,), (1,), (3,), (3,)),
}  # video_model_builder.py, _TEMPORAL_KERNEL_BASIS: of the stem and of res2 to res5
SLOW, FAST = ((1,), (1,), (1,), (3,), (3,)), ((5,), (3,), (3,), (3,), (3,))  # its row "slowfast"
POOLED = ("c2d", "i3d")  # _POOL1: two frames behind res2
OTHERS = ("x3d", "csn", "r2plus1d", "mvit", "maskmvit")
NETWORKS = ("ResNet", "PTVResNet", "SlowFast", "PTVSlowFast")


def recognise(root: Cursor) -> bool:
    sampled = root["DATA"].has("NUM_FRAMES") or root["DATA"].has("SAMPLING_RATE")
    return sampled and named(root["MODEL"]["ARCH"], (*KERNELS, "slowfast", *OTHERS))


def read(root: Cursor) -> Iterator[Model]:
    data, arch = root["DATA"], root["MODEL"]["ARCH"].str().value
    model = Model(NAME, arch)
    with model.deriving("sampling"):
        fps = positive(data["TARGET_FPS"].int(FPS))
        sampling = positive(data["SAMPLING_RATE"].int(SAMPLING))
        stage = Stage("SAMPLING_RATE", decimate(sampling.value), sampling.where)
        factor = Factor("SAMPLING_RATE", (sampling.value,), sampling.where)
        model.stacks.append(_stack("frontend", "clip", [stage], fps, [factor]))
        with model.deriving("network"):
            if arch == "slowfast":
                alpha = positive(root["SLOWFAST"]["ALPHA"].int(ALPHA))
                _whole(model, data, alpha)
                factors = [factor, Factor("ALPHA", (alpha.value,), alpha.where)]
                model.stacks.append(
                    _stack("encoder", "slow pathway", [stage, *_two_pathways(root, alpha)], fps, factors)
                )
            else:
                model.stacks.append(_stack("encoder", arch, [stage, *_resnet(root, arch)], fps, [factor]))
    yield model


def _stack(role: Role, name: str, stages: list[Stage], fps: Value[int], factors: list[Factor]) -> Stack:
    return Stack(role, name, stages, input_rate=fps.value, input_unit="video frames", factors=factors)


def _whole(model: Model, data: Cursor, alpha: Value[int]) -> None:
    """The frames of a clip against those of the slow pathway."""
    frames = positive(data["NUM_FRAMES"].int(FRAMES))
    because = "the slow pathway gets NUM_FRAMES // ALPHA frames, the fusion convolution gives as many rounded up"
    tie(model, "frames", "multiple", frames, alpha, "crash", because)


# -- networks -----------------------------------------------------------------------------------------------------


def _resnet(root: Cursor, arch: str) -> list[Stage]:
    """A stem, four stages of residual blocks whose first convolution looks along time, and their global pooling."""
    network = root["MODEL"]["MODEL_NAME"]
    if network.given and not named(network, NETWORKS):
        raise NotComputable(f"the layers of {network.value} are not derived", network.where)
    if arch not in KERNELS or not network.given:
        raise NotComputable(f"the layers of {arch} are not derived", root["MODEL"]["ARCH"].where)
    where = root["MODEL"]["ARCH"].where
    stages = [Stage("s1", centred(KERNELS[arch][0][0]), where)]
    for index in range(4):
        stages.append(Stage(f"s{index + 2}", _blocks(root, KERNELS[arch], index, 0), where))
        if index == 0 and arch in POOLED:
            stages.append(Stage("pathway0_pool", pool(2), where))
    return [*stages, *_nonlocal(root), Stage("head", Mixer("global pooling"), where)]


def _blocks(root: Cursor, kernels: tuple[tuple[int, ...], ...], index: int, pathway: int) -> Layer:
    """A stage: kernels of its row in turn, and 1 from NUM_BLOCK_TEMP_KERNEL blocks on."""
    resnet = root["RESNET"]
    depth = resnet["DEPTH"].int(DEPTH)
    if depth.value not in BLOCKS:
        raise NotComputable(f"a depth of {depth.value} is not one of {', '.join(map(str, BLOCKS))}", depth.where)
    count = BLOCKS[depth.value][index]
    stated = resnet["NUM_BLOCK_TEMP_KERNEL"].lists([[blocks] for blocks in BLOCKS[DEPTH]]).value
    if len(stated) != 4 or len(stated[index]) <= pathway:
        raise NotComputable("`NUM_BLOCK_TEMP_KERNEL` has no entry for each stage and pathway", resnet.where)
    used = list(islice(cycle(kernels[index + 1]), count))[: max(stated[index][pathway], 0)]
    return Sequence(tuple(residual(centred(kernel)) for kernel in used if kernel > 1))


def _two_pathways(root: Cursor, alpha: Value[int]) -> list[Stage]:
    """The slow pathway, which takes every ALPHA-th frame and is joined by the fast one behind the stem and res2 to res4."""
    where, size = root["MODEL"]["ARCH"].where, root["SLOWFAST"]["FUSION_KERNEL_SZ"].int(FUSION)
    kernel = positive(size).value
    fuse = Conv(kernel, alpha.value, 1, (kernel // 2, kernel // 2))
    fast: list[Layer] = [centred(FAST[0][0])]
    slow: Layer = Sequence((decimate(alpha.value), centred(SLOW[0][0])))
    for index in range(3):
        joined = Parallel((slow, Sequence((*fast, fuse))))
        slow = Sequence((joined, _blocks(root, SLOW, index, 0)))
        fast.append(_blocks(root, FAST, index, 1))
    joined = Parallel((slow, Sequence((*fast, fuse))))
    stages = [Stage("s1 to s4, fused", joined, alpha.where), Stage("s5", _blocks(root, SLOW, 3, 0), where)]
    return [*stages, *_nonlocal(root), Stage("head", Mixer("global pooling"), where)]


def _nonlocal(root: Cursor) -> list[Stage]:
    """Non-local blocks look at the whole clip."""
    location = root["NONLOCAL"]["LOCATION"]
    found = [one for stage in location for one in stage if one.is_list() and one.value]
    return [Stage("non-local", Mixer("attention"), location.where)] if found else []
