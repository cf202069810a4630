"""WeNet: Conformer-like encoders over Kaldi or Whisper features, for offline and streaming recognition.

Sources: wenet/utils/init_model.py, wenet/models/transformer/embedding.py, wenet/utils/mask.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import lcm
from typing import cast

from rflint.dialects.analysis import paired
from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.speech_facts import (
    SUBWORD_STEP_S,
    Features,
    derived,
    kaldi_features,
    maybe,
    named,
    often_enough,
    plausible,
)
from rflint.dialects.wenet_data import FILTER_HZ, features, frame_counts, sample_rate
from rflint.dialects.wenet_encoders import EFFICIENT, ENCODERS, LOW_RATE, efficient_key, efficient_strides, encode
from rflint.documents import Cursor, NotComputable, Value, Where
from rflint.model import Dead, Model

NAME, TITLE = "wenet", "WeNet (encoder, encoder_conf, dataset_conf)"
SCHEMA, LOADER = "wenet", "pyyaml"

WHISPER_POSITIONS = 1500  # transformer/embedding.py, WhisperPositionalEncoding: max_len
FOREIGN_KEYS = ("frontend", "preprocess_config")  # of ESPnet and FunASR, of PaddleSpeech
OWN_WORDS = "is_json_cmvn"  # wenet/bin/train.py writes it beside input_dim and output_dim, since version 2 in cmvn_conf
OWN_POSITIONS = {"abs_pos_whisper", "embed_learnable_pe", "abs_pos_paraformer", "rope_pos", "rel_pos_firered"}


def recognise(root: Cursor) -> bool:
    encoder, conf = root["encoder"], root["encoder_conf"]
    if not conf.is_mapping() or any(root[key].exists for key in FOREIGN_KEYS):
        return False
    if not encoder.exists:
        return conf.has("use_dynamic_chunk", "input_layer")
    if not named(encoder, ENCODERS):
        return False
    own = encoder.value == "efficientConformer" or named(conf["pos_enc_layer_type"], OWN_POSITIONS)
    return own or root["dataset_conf"].is_mapping() or _trained(root)


def _trained(root: Cursor) -> bool:
    """Whether a file is what training wrote down beside its models; exports of those may leave the data out."""
    return root[OWN_WORDS].exists or root["cmvn_conf"][OWN_WORDS].exists


def _is_bare(root: Cursor) -> bool:
    """Whether such a file says nothing of its features: those of training need not be the defaults."""
    data = (root["dataset_conf"], root["collate_conf"])
    return _trained(root) and not any(section.is_mapping() for section in data)


def read(root: Cursor) -> Iterator[Model]:
    data, conf = root["dataset_conf"], root["encoder_conf"]
    model = Model(NAME)
    if _is_bare(root):
        with model.deriving("encoder"):
            encode(model, root, None)
    with model.deriving("frontend"):
        if _is_bare(root):
            raise NotComputable("`dataset_conf`, which says how frames are made, is not in the file")
        rate = model.sample_rate = sample_rate(data)
        made = _features(model, root, rate)
        model.stacks.append(made.stack())
        frame_counts(model, data, made)
        plausible(model)
        with model.deriving("encoder"):
            encode(model, root, made)
            _limits(model, root, made)
            _decoding(model, root)
            _training_chunk(model, root, made)
            _tokens(model, root)
    paired(model, conf["efficient_conf"]["stride_layer_idx"], conf["efficient_conf"]["stride"], _ASSERTED)
    _sizes(model, root)
    yield model


_ASSERTED = "wenet/models/efficient_conformer/encoder.py asserts one stride a layer"


def _features(model: Model, root: Cursor, rate: Value[int]) -> Features:
    """Before version 2 the features stood in ``collate_conf``."""
    older = root["collate_conf"]["feature_extraction_conf"]
    if older.is_mapping():
        return kaldi_features(model, rate, older["frame_shift"], older["frame_length"])
    return features(model, root["dataset_conf"], rate)


# -- facts --------------------------------------------------------------------------------------------------------


def _limits(model: Model, root: Cursor, made: Features) -> None:
    """Whisper's table of positions against the longest recording that the filter lets through."""
    longest = maybe(root["dataset_conf"]["filter_conf"]["max_length"].int)
    if longest is None or root["encoder_conf"]["pos_enc_layer_type"].value != "abs_pos_whisper":
        return
    step = model.stacks[-1].coverage.step
    frames = WHISPER_POSITIONS * step * FILTER_HZ / made.rate.value
    because = f"the table holds {WHISPER_POSITIONS} positions, and an assertion stops longer inputs (embedding.py)"
    tie(model, "limit", "at most", longest, derived(frames), "crash", because)


def _tokens(model: Model, root: Cursor) -> None:
    """What CTC needs. ``char`` is mostly a script of thousands of characters, and the list of them is another file."""
    weight = maybe(root["model_conf"]["ctc_weight"].number)
    if weight is not None and weight.value > 0 and named(root["tokenizer"], ("bpe", "char")):
        often_enough(model, root["tokenizer"].str(), SUBWORD_STEP_S)


_DECODING_CHUNK = re.compile(r"decoding_chunk_size[ =:]+(\d+)")


def _decoding(model: Model, root: Cursor) -> None:
    """A decoding chunk is whole groups and strides of the encoder; it may stand in a comment with the command."""
    if root["encoder"].value != "efficientConformer":
        return
    conf = root["encoder_conf"]
    group = positive(efficient_key(conf, "group_size").int(EFFICIENT["group_size"]))
    _, strides = efficient_strides(conf)
    unit = derived(lcm(group.value, *_products(strides)), group.where)
    because = "grouped attention and strided layers cut time in whole groups"
    for chunk in _chunks(root):
        tie(model, "chunk", "multiple", chunk, unit, "silent", because)


def _training_chunk(model: Model, root: Cursor, made: Features) -> None:
    """Training draws its chunks up to one second, however the frames are subsampled (transformer/encoder.py, forward)."""
    stated, step = root["max_chunk_size"], model.stacks[-1].coverage.step / made.hop.value
    if stated.exists and root["encoder_conf"]["use_dynamic_chunk"].value is True:
        because = f"chunks are at most 100 // subsampling frames: one second of them, whatever {stated.key} says"
        model.dead.append(
            Dead(cast(Value[object], stated.int()), cast(Value[object], derived(int(100 / step))), because)
        )


def _products(strides: list[int]) -> list[int]:
    product, found = 1, []
    for stride in strides:
        product *= stride
        found.append(product)
    return found


def _chunks(root: Cursor) -> Iterator[Value[int]]:
    """Decoding chunks that the file states, as a key or in a comment; 0 and -1 mean the whole utterance."""
    stated = maybe(root["decoding_chunk_size"].int)
    if stated and stated.value > 0:
        yield stated
    for comment in root.document.comments:
        match = _DECODING_CHUNK.search(comment.text)
        if match and int(match[1]) > 0:
            yield Value(int(match[1]), Where(root.document, ("#", comment.line, "decoding_chunk_size")))


def _sizes(model: Model, root: Cursor) -> None:
    """A stated input size is that of the filter bank, of 7 frames joined where the rate is lowered by 6."""
    size, bands = maybe(root["input_dim"].int), maybe(root["dataset_conf"]["fbank_conf"]["num_mel_bins"].int)
    if size and bands:
        joined = LOW_RATE[0] if root["encoder_conf"]["input_layer"].value == "paraformer_dummy" else 1
        because = f"the encoder reads {joined} frame{'s' if joined > 1 else ''} of {bands.value} values"
        tie(model, "bins", "equal", size, derived(bands.value * joined), "crash", because)
