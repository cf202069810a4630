"""ESPnet2 recognition, translation and diarisation: a front end and an encoder behind their names.

Sources: espnet2/tasks/{asr,st,diar,slu,s2t,enh_s2t}.py, espnet2/asr/encoder/*.py, espnet2/layers/label_aggregation.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from rflint.coverage import Conv, Mixer, decimate
from rflint.dialects.asr_frontend import MOST_LAYERS, layers, positive, tie, vgg
from rflint.dialects.espnet_encoders import (
    ENCODERS,
    conformer,
    multiconv_conformer,
    positions,
    recurrent,
    subsampling,
    transformer,
)
from rflint.dialects.espnet_frontend import FRONTENDS, NAMED_ONLY, features, length_adaptor, sample_rate
from rflint.dialects.speech_facts import (
    LETTER_STEP_S,
    MOST_LETTERS,
    SUBWORD_STEP_S,
    Features,
    derived,
    maybe,
    named,
    often_enough,
    strided,
)
from rflint.dialects.ssl_upstreams import upstream, whisper_encoder
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Model, Stack, Stage

NAME, TITLE = "espnet2/asr", "ESPnet2 recognition, translation, diarisation (encoder, encoder_conf)"
SCHEMA, LOADER = "espnet_asr", "pyyaml"

RNN_TYPE, RNN_LAYERS, RNN_SUBSAMPLING = "lstm", 4, [2, 2, 1, 1]  # espnet2/asr/encoder/rnn_encoder.py
BLOCKS = {"block_size": 40, "hop_size": 16, "look_ahead": 16}  # contextual_block_conformer_encoder.py
BLOCKED_LAYERS = {"linear", "conv2d", "conv2d6", "conv2d8", "embed"}
VGG_BLOCKS = 2  # rnn/encoders.py, VGG2L
CTC_WEIGHT = Fraction(1, 2)  # espnet2/asr/espnet_model.py, ctc_weight
LONGEST_STEP = {"char": LETTER_STEP_S, "phn": LETTER_STEP_S, "bpe": SUBWORD_STEP_S}
TRANSLATION = ("mtlalpha", "asr_weight", "mt_weight")  # espnet2/st/espnet_model.py: CTC is of the source's tokens
LABEL_HOP = 128  # espnet2/layers/label_aggregation.py, hop_length

ESPNET_KEYS = (
    "frontend_conf", "frontend", "batch_type", "batch_bins", "optim", "specaug", "accum_grad", "max_epoch",
    "keep_nbest_models", "token_list", "label_aggregator_conf", "decoder_conf", "model_conf", "input_size",
)  # fmt: skip
FOREIGN_KEYS = (
    "dataset_conf", "preprocess_config", "tts", "svs", "codec", "vocoder", "generator", "synthesizer", "dataset_args",
)  # fmt: skip

PREFIXES = ("", "asr_", "st_", "s2t_", "diar_")
"""Where an enhancement stands in front, the keys of the recogniser have a prefix (espnet2/tasks/enh_s2t.py)."""
TEXT_LAYERS = ("embed", "none")


def recognise(root: Cursor) -> bool:
    root = _recipe(root)
    if any(root[key].exists for key in FOREIGN_KEYS) or not any(root[key].exists for key in ESPNET_KEYS):
        return False
    front, (_, name, conf) = root["frontend"], encoder_of(root)
    if conf.has("no_subsample"):  # of liusongxiang/ppg-vc's copy, whose hop and subsampling are others
        return False
    speech = front.value is None or not front.exists or named(front, {*FRONTENDS, *NAMED_ONLY})
    return speech and conf.is_mapping() and conf["input_layer"].value not in TEXT_LAYERS and name in NETWORKS


def _recipe(root: Cursor) -> Cursor:
    """The keys of a recipe; ESPnet3 has them in a section (espnet3/systems/asr/task.py)."""
    task = root["task"].value
    return root["model"] if isinstance(task, str) and task.startswith("espnet3.") else root


def encoder_of(root: Cursor) -> tuple[Cursor, str, Cursor]:
    """Where the encoder is named, its name and its arguments; diarisation has a Transformer by default."""
    prefix = next((prefix for prefix in PREFIXES if root[f"{prefix}encoder"].exists), "")
    place, conf = root[f"{prefix}encoder"], root[f"{prefix}encoder_conf"]
    if not place.exists and root["label_aggregator_conf"].is_mapping():
        return place, "transformer", conf
    return place, place.value if isinstance(place.value, str) else "", conf


def read(root: Cursor) -> Iterator[Model]:
    root = _recipe(root)
    model = Model(NAME)
    with model.deriving("frontend"):
        rate = sample_rate(root)
        if rate.where is not None or not _reads_enhancement(root):
            model.sample_rate = rate
        made = _features(model, root, rate)
        model.stacks.append(made.stack())
        with model.deriving("encoder"):
            _encoder(model, root, made)
    _blocks(model, root)
    _tokens(model, root)
    if root["enh_encoder"].exists:
        with model.deriving("enhancement"):
            raise NotComputable("the enhancement in front of the features is not counted", root["enh_encoder"].where)
    yield model


def _features(model: Model, root: Cursor, rate: Value[int]) -> Features:
    """Encoders that read the waveform have their features built in.

    Raises:
        NotComputable: the encoder reads the frames of an enhancement.
    """
    if _reads_enhancement(root):
        _enhanced_labels(model, root)
        raise NotComputable("the encoder reads frames of the enhancement", root["enh_separator"].where)
    place, name, _ = encoder_of(root)
    if name in WAVEFORM:
        stages = WAVEFORM[name](place)
        hop = derived(int(Stack("frontend", "features", stages).coverage.step), place.where)
        return Features(rate, hop, tuple(stages))
    return features(model, root, rate)


def _reads_enhancement(root: Cursor) -> bool:
    """Whether diarisation gets the frames of the separator; a front end is stretched to them (diar/espnet_model.py)."""
    return root["diar_encoder"].exists and named(root["enh_separator"], {"tcn_nomask"})


def _enhanced_labels(model: Model, root: Cursor) -> None:
    """The step of labels where the frames are those of a convolution over the waveform."""
    if not named(root["enh_encoder"], {"conv"}) or not root["label_aggregator_conf"].is_mapping():
        return
    _, name, conf = encoder_of(root)
    stride = positive(root["enh_encoder_conf"]["stride"].int())
    step = stride.value * Stack("encoder", name, NETWORKS[name](conf)).coverage.step
    _labels(model, root, derived(step))


def _labels(model: Model, root: Cursor, step: Value[int]) -> None:
    because = "labels are counted every hop_length samples, predictions every step of the encoder"
    tie(model, "frames", "equal", root["label_aggregator_conf"]["hop_length"].int(LABEL_HOP), step, "crash", because)


def _encoder(model: Model, root: Cursor, made: Features) -> None:
    place, name, conf = encoder_of(root)
    spliced = _spliced(root["model_conf"])
    stages = [*spliced, *NETWORKS[name](conf), *length_adaptor(root)]
    where = conf["input_layer"].where if conf["input_layer"].exists else place.where
    encoder = made.encoder(name, stages, [strided("input_layer", stages, where)])
    model.stacks.append(encoder)
    if root["label_aggregator_conf"].is_mapping():
        thinned = spliced[-1].layer.step if spliced else 1  # the labels are thinned with the frames
        _labels(model, root, derived(encoder.coverage.step / thinned))


def _spliced(conf: Cursor) -> list[Stage]:
    """Frames joined and thinned as in EEND, which forks add to diarisation (diar/espnet_model.py)."""
    if not conf.has("context_size", "subsampling"):
        return []
    context, every = conf["context_size"].int().value, positive(conf["subsampling"].int())
    if not 0 <= context <= MOST_LAYERS:
        raise NotComputable(f"`context_size` is {context}", conf["context_size"].where)
    joined = Conv(2 * context + 1, 1, 1, (context, context), "stack")
    return [Stage("splice", joined, conf["context_size"].where), Stage("subsample", decimate(every.value), every.where)]


# -- networks -----------------------------------------------------------------------------------------------------


def _attended(name: str) -> Callable[[Cursor], list[Stage]]:
    return lambda conf: [*subsampling(conf), *positions(conf), *ENCODERS[name](conf)]


def _multiconv(conf: Cursor) -> list[Stage]:
    return [*subsampling(conf), *positions(conf), *multiconv_conformer(conf)]


def _contextual(build: Callable[[Cursor], list[Stage]]) -> Callable[[Cursor], list[Stage]]:
    """Blocks of frames, encoded one by one with a vector from the block before: no convolution leaves its block."""

    def network(conf: Cursor) -> list[Stage]:
        kind = conf["input_layer"]
        if kind.given and not named(kind, BLOCKED_LAYERS):
            raise NotComputable(f"contextual blocks take no input layer `{kind.value}`", kind.where)
        size, hop, ahead = (conf[key].int(BLOCKS[key]) for key in ("block_size", "hop_size", "look_ahead"))
        if size.value <= 0:
            return [*subsampling(conf), *build(conf)]
        blocks = Mixer("contextual blocks", None, max(ahead.value, 0), positive(hop, MOST_LAYERS).value)
        return [*subsampling(conf), Stage("blocks", blocks, hop.where)]

    return network


def _rnn(conf: Cursor) -> list[Stage]:
    """Recurrent layers, behind some of which every n-th frame is kept."""
    kind, both = conf["rnn_type"].str(RNN_TYPE), conf["bidirectional"].bool(True)
    count = layers(conf["num_layers"], RNN_LAYERS).value
    keep = [] if _no_subsampling(conf) else conf["subsample"].ints(RNN_SUBSAMPLING).value[:count]
    stages: list[Stage] = []
    for i in range(count):
        stages += recurrent(kind, both.value, 1, conf["num_layers"].where)
        if i < len(keep) and keep[i] > 1:
            stages.append(Stage(f"subsample.{i}", decimate(keep[i]), conf["subsample"].where))
    return stages


def _no_subsampling(conf: Cursor) -> bool:
    """Without projections, and with ``subsample: null``, every frame is kept."""
    return (conf["subsample"].exists and conf["subsample"].value is None) or conf["use_projection"].value is False


def _vgg_rnn(conf: Cursor) -> list[Stage]:
    kind, both = conf["rnn_type"].str(RNN_TYPE), conf["bidirectional"].bool(True)
    count, where = layers(conf["num_layers"], RNN_LAYERS).value, conf["num_layers"].where
    return [*vgg("vgg", VGG_BLOCKS, where), *recurrent(kind, both.value, count, where)]


def _in_front(_: Cursor) -> list[Stage]:
    return []


NETWORKS: dict[str, Callable[[Cursor], list[Stage]]] = {
    "transformer": _attended("transformer"),
    "transformer_multispkr": _attended("transformer"),
    "conformer": _attended("conformer"),
    "branchformer": _attended("branchformer"),
    "e_branchformer": _attended("e_branchformer"),
    "multiconv_conformer": _multiconv,
    "contextual_block_conformer": _contextual(conformer),
    "contextual_block_transformer": _contextual(transformer),
    "longformer": _attended("longformer"),
    "rnn": _rnn,
    "vgg_rnn": _vgg_rnn,
    "whisper": _in_front,
    "wav2vec2": _in_front,
    "hubert": _in_front,
}

WAVEFORM: dict[str, Callable[[Cursor], list[Stage]]] = {
    "whisper": lambda place: whisper_encoder(place.where),
    "wav2vec2": lambda place: upstream("wav2vec2", place.where),
    "hubert": lambda place: upstream("hubert", place.where),
}
"""Encoders that read samples."""


# -- facts --------------------------------------------------------------------------------------------------------


def _blocks(model: Model, root: Cursor) -> None:
    """A block holds its hop and its look-ahead; what is over is its past."""
    _, name, conf = encoder_of(root)
    if not name.startswith("contextual_block"):
        return
    with model.deriving("blocks"):
        block, hop, ahead = (conf[key].int(BLOCKS[key]) for key in ("block_size", "hop_size", "look_ahead"))
        if block.value > 0:
            _held(model, block, hop, ahead)


def _tokens(model: Model, root: Cursor) -> None:
    """CTC needs more frames than tokens. Characters of a script that has thousands are as rare as subwords."""
    kind, tokens = root["token_type"], root["token_list"]
    weight = maybe(lambda: root["model_conf"]["ctc_weight"].number(CTC_WEIGHT))
    if weight is None or weight.value <= 0 or not named(kind, LONGEST_STEP):
        return
    if any(root["model_conf"][key].exists for key in TRANSLATION):
        return
    many = tokens.is_list() and len(list(tokens)) > MOST_LETTERS
    often_enough(model, kind.str(), LONGEST_STEP["bpe" if many else kind.str().value])


def _held(model: Model, block: Value[int], hop: Value[int], ahead: Value[int]) -> None:
    because = "a block is frames of the past, its hop and its look-ahead (contextual_block_conformer_encoder.py)"
    tie(model, "chunk", "at most", derived(hop.value + ahead.value), block, "crash", because)
