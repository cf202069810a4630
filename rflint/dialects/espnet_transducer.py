"""ESPnet2's transducer task: an encoder written as a list of blocks behind a convolutional input block.

Sources: espnet2/asr_transducer/encoder/{building,validation}.py, encoder/blocks/*.py, encoder/modules/convolution.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rflint.coverage import Conv, Layer, Sequence as Chain, pool
from rflint.dialects.asr_frontend import attention, block, chain, layers, positive, tie
from rflint.dialects.conformer_blocks import branches, depthwise, merged_branches, repeated
from rflint.dialects.espnet_frontend import features, sample_rate
from rflint.dialects.speech_facts import derived, strided
from rflint.documents import Cursor, NotComputable
from rflint.model import Model, Stage

NAME, TITLE = "espnet2/transducer", "ESPnet2 transducers (encoder_conf.body_conf)"
SCHEMA, LOADER = "espnet_transducer", "pyyaml"

FACTOR = 4  # validation.py, subsampling_factor
SECOND = {2: (3, 1), 4: (3, 2), 6: (5, 3)}  # asr_transducer/utils.py, get_convinput_module_parameters


def recognise(root: Cursor) -> bool:
    body = root["encoder_conf"]["body_conf"]
    return body.is_list() and body[0]["block_type"].exists


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME)
    with model.deriving("frontend"):
        rate = model.sample_rate = sample_rate(root)
        made = features(model, root, rate)
        model.stacks.append(made.stack())
        with model.deriving("encoder"):
            conf = root["encoder_conf"]
            stem = _input(model, conf["input_conf"])
            stages = [*stem, *_body(conf)]
            place = conf["input_conf"]["subsampling_factor"].where
            model.stacks.append(made.encoder("encoder", stages, [strided("encoder", stages, place)]))
    yield model


def _input(model: Model, conf: Cursor) -> list[Stage]:
    """Two strided convolutions, or VGG blocks, whose strides are 2 whatever the declared factor."""
    factor = positive(conf["subsampling_factor"].int(FACTOR))
    if not conf["vgg_like"].bool(False).value:
        if factor.value not in SECOND:
            raise NotComputable(f"a subsampling factor of {factor.value} is refused", factor.where)
        stages = chain("input", [(3, 2), SECOND[factor.value]], factor.where)
    else:
        stages = [Stage("input", _vgg(factor.value // 2), factor.where)]
        because = "both maximum poolings of the VGG input stride by 2 (encoder/blocks/conv_input.py)"
        tie(model, "subsampling", "equal", factor, derived(4), "crash", because)
    return stages


def _vgg(first: int) -> Layer:
    """Of each pair of convolutions only the first is padded; the poolings are completed at the end."""
    pair = Conv(3, 1, 1, (1, 1)), Conv(3)
    return Chain((*pair, pool(max(first, 1), 2, ceil=True), *pair, pool(2, ceil=True)))


def _body(conf: Cursor) -> list[Stage]:
    """Each item as often as it says."""
    streaming = conf["main_conf"]["dynamic_chunk_training"].bool(False).value
    stages: list[Stage] = []
    for item in conf["body_conf"]:
        kind = item["block_type"].str()
        if kind.value not in BODY:
            raise NotComputable(f"the block type `{kind.value}` is not known", kind.where)
        count = layers(item["num_blocks"], 1).value
        stages += repeated("body", BODY[kind.value](item, streaming), count, kind.where, len(stages))
    return stages


def _conformer(item: Cursor, streaming: bool) -> Layer:
    return block(attention(), depthwise(positive(item["conv_mod_kernel_size"].int()).value, is_causal=streaming))


def _branchformer(item: Cursor, streaming: bool) -> Layer:
    return branches(attention(), positive(item["conv_mod_kernel_size"].int()).value, is_causal=streaming)


def _ebranchformer(item: Cursor, streaming: bool) -> Layer:
    kernel = positive(item["conv_mod_kernel_size"].int()).value
    merge = positive(item["depth_conv_kernel_size"].int(kernel)).value
    return merged_branches(attention(), kernel, merge, is_causal=streaming)


def _conv1d(item: Cursor, streaming: bool) -> Layer:
    """Unpadded; streaming, without stride and with kernel - 1 frames on the left whatever the dilation."""
    kernel, dilation = positive(item["kernel_size"].int()).value, positive(item["dilation"].int(1)).value
    if streaming:
        return Conv(kernel, 1, dilation, (kernel - 1, 0))
    return Conv(kernel, positive(item["stride"].int(1)).value, dilation)


BODY: dict[str, Callable[[Cursor, bool], Layer]] = {
    "conformer": _conformer,
    "branchformer": _branchformer,
    "ebranchformer": _ebranchformer,
    "conv1d": _conv1d,
}
