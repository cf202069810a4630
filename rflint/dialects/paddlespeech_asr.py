"""PaddleSpeech recognisers: U2 encoders and DeepSpeech2 over the features of a preprocessing file beside the config, and
wav2vec 2.0 over samples.

Sources: paddlespeech/s2t/models/{u2/u2.py,ds2/deepspeech2.py,ds2/conv.py,wav2vec2/modules/modeling_wav2vec2.py},
paddlespeech/audio/transform/spectrogram.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from rflint.coverage import framing, stft
from rflint.dialects.analysis import paired
from rflint.dialects.asr_frontend import chain, layers, positive, tie
from rflint.dialects.espnet_encoders import recurrent
from rflint.dialects.speech_facts import MS, Features, counted, kaldi_features, maybe, named, plausible, strided
from rflint.dialects.waveform import ATTENTION, Layers, extractor, positional, state_preset
from rflint.dialects.wenet_encoders import ENCODERS, encode
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Dead, Model, Outcome, Stack, Stage, declared

NAME, TITLE = "paddlespeech/asr", "PaddleSpeech recognisers (preprocess_config, encoder_conf or num_rnn_layers)"
SCHEMA, LOADER = "paddlespeech_asr", "pyyaml"

RATE, SHIFT, WINDOW = 16000, 160, 400  # spectrogram.py, LogMelSpectrogramKaldi: fs, n_shift, win_length
STEM = ((3, 2), (3, 2))  # ds2/conv.py, Conv2dSubsampling4Pure; num_conv_layers changes nothing
RNN_LAYERS = 4  # ds2/deepspeech2.py, num_rnn_layers
KALDI = ("fbank_kaldi", "mfcc_kaldi")
CENTRED = ("fbank", "stft")


def recognise(root: Cursor) -> bool:
    return _has_network(root) or _reads_samples(root) or _features_item(root) is not None


def _reads_samples(root: Cursor) -> bool:
    return root.has("preprocess_config", "conv_kernel", "conv_stride", "num_conv_pos_embeddings")


def _has_network(root: Cursor) -> bool:
    if not root["preprocess_config"].exists:
        return False
    known = named(root["encoder"], ENCODERS) and root["encoder_conf"].is_mapping()
    return known or root.has("num_rnn_layers", "rnn_layer_size")


def read(root: Cursor) -> Iterator[Model]:
    if _reads_samples(root):
        yield _wav2vec2(root)
        return
    preprocessing = _preprocessing(root)
    item = _features_item(preprocessing) if preprocessing else None
    model = Model(NAME)
    with model.deriving("frontend"):
        rate = model.sample_rate = positive(_rate(root, item))
        features = _features(model, root, item, rate)
        model.stacks.append(features.stack())
        plausible(model)
        if _has_network(root):
            _stated(model, root, item)
            with model.deriving("encoder"):
                _network(model, root, features)
    for key in ("min_input_len", "max_input_len"):
        counted(model, root[key], "s", 1)
    yield model


# -- features -----------------------------------------------------------------------------------------------------


def _preprocessing(root: Cursor) -> Cursor | None:
    """The preprocessing file that the config names, or the document itself when it is one.

    Its path is relative to the recipe's folder, ``conf/preprocess.yaml`` beside ``conf``.
    """
    if _features_item(root) is not None:
        return root
    path = maybe(root["preprocess_config"].str)
    if path is None or not path.value:
        return None
    document = root.document.upward(path.value) or root.document.sibling(path.value.rpartition("/")[2])
    return Cursor(document) if document else None


def _features_item(root: Cursor | None) -> Cursor | None:
    """The item of ``process`` that makes features of samples."""
    items = root["process"] if root is not None else ()
    for item in items:
        if item["type"].value in (*KALDI, *CENTRED) and item.has("n_shift"):
            return item
    return None


def _rate(root: Cursor, item: Cursor | None) -> Value[int]:
    if item is not None:
        rate = item["fs"].int(RATE)
        return rate._replace(origin="referenced file") if item.document is not root.document and rate.where else rate
    return maybe(root["target_sample_rate"].int) or Value(RATE, None, "framework default")


def _features(model: Model, root: Cursor, item: Cursor | None, rate: Value[int]) -> Features:
    """The preprocessing file decides; features made beforehand by Kaldi are known by the keys of the older featuriser."""
    if item is None:
        if isinstance(root["preprocess_config"].value, str) and _preprocessing(root) is None:
            raise NotComputable("the preprocessing file is not here", root["preprocess_config"].where)
        return kaldi_features(model, rate, root["stride_ms"], root["window_ms"])
    hop, window = positive(item["n_shift"].int(SHIFT)), item["win_length"].int(WINDOW)
    counted(model, item["n_shift"], "samples", rate.value, "step")
    counted(model, item["win_length"], "samples", rate.value, "window")
    name = item["type"].str().value
    if name in KALDI:
        return Features(rate, hop, (Stage(name, framing(positive(window).value, hop.value), hop.where),))
    fft = positive(item["n_fft"].int())
    length = positive(item["win_length"].int(fft.value))
    if length.where is not None:
        tie(model, "fft", "at most", length, fft, "crash", "librosa.stft refuses a window longer than the FFT")
    return Features(rate, hop, (Stage(name, stft(max(fft.value, length.value), hop.value, length.value), hop.where),))


DECIDES = "the preprocessing file decides"


def _stated(model: Model, root: Cursor, item: Cursor | None) -> None:
    """Keys of the older featuriser beside a preprocessing file that says the same in samples."""
    if item is None:
        return
    because = "the preprocessing file decides; decoding and timestamps go by this key"
    unread = root["encoder_conf"].exists  # exps/u2/model.py reads the stride alone
    _state(model, root["stride_ms"], "frame_step", "silent", because)
    _state(model, root["window_ms"], "receptive_field", *(("report", DECIDES) if unread else ("silent", because)))
    counted(model, root["stride_ms"], "ms", MS, "step")
    counted(model, root["window_ms"], "ms", MS, "window")
    rate, fs = maybe(root["target_sample_rate"].int), maybe(item["fs"].int)
    if rate and fs:
        tie(model, "rate", "equal", rate, fs, "silent", because)
    size, bands = maybe(root["feat_dim"].int), maybe(item["n_mels"].int)
    if size and bands:
        tie(model, "bins", "equal", size, bands, "silent", DECIDES)


def _state(model: Model, key: Cursor, quantity: str, outcome: Outcome, because: str) -> None:
    value = maybe(key.number)
    if value is not None:
        claim = declared(
            quantity, value, "s", stack="frontend", outcome=outcome, because=because, amount=value.value / MS
        )
        model.claims.append(claim)


# -- networks -----------------------------------------------------------------------------------------------------


def _network(model: Model, root: Cursor, features: Features) -> None:
    if root["encoder_conf"].is_mapping():
        encode(model, root, features)
        return
    where, both = root["num_rnn_layers"].where, root["rnn_direction"].str("forward").value != "forward"
    count = layers(root["num_rnn_layers"], RNN_LAYERS)
    kind = Value("gru" if root["use_gru"].bool(False).value else "lstm")
    stages = [*chain("conv", STEM, None), *recurrent(kind, both, count.value, where)]
    model.stacks.append(features.encoder("deepspeech2", stages, [strided("conv", stages, None)]))
    convolutions = maybe(root["num_conv_layers"].int)
    if convolutions and convolutions.value != len(STEM):
        because = "paddlespeech/s2t/models/ds2/conv.py always builds two"
        model.dead.append(Dead(cast(Value[object], convolutions), Value(len(STEM), None, "derived"), because))


def _wav2vec2(root: Cursor) -> Model:
    """modeling_wav2vec2.py: unpadded convolutions, one that tells positions, and attention over all frames."""
    rate = Value(RATE, None, "framework default")
    model = Model(NAME, sample_rate=rate)
    paired(model, root["conv_kernel"], root["conv_stride"], "every convolution takes an entry of each")
    paired(model, root["conv_dim"], root["conv_kernel"], "every convolution takes an entry of each")
    with model.deriving("encoder"):
        kernels, strides = root["conv_kernel"].ints(), root["conv_stride"].ints()
        pairs = tuple(zip(kernels.value, strides.value, strict=False))
        places = tuple(root["conv_kernel"][index].where for index in range(len(pairs)))
        made = Layers("conv_stride", pairs, strides.where, places)
        norm = "group norm" if root["feat_extract_norm"].value == "group" else None
        below = Stack("encoder", "wav2vec2", extractor(made, norm=norm), input_rate=RATE, factors=made.factors)
        model.stacks.append(below)
        state_preset(model, made, rate)
        with model.deriving("context"):
            on_top = [*below.stages, *positional(root["num_conv_pos_embeddings"].int()), ATTENTION]
            model.stacks.append(Stack("context", "transformer", on_top, input_rate=RATE, factors=below.factors))
            if root["add_adapter"].value is True:
                raise NotComputable("the adapter behind the transformer is not counted", root["add_adapter"].where)
    return model
