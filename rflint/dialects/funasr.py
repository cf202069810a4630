"""FunASR: recognition, voice activity and keyword models over Kaldi frames that are stacked to a low rate.

Sources: funasr/frontends/*.py, funasr/models/{sanm,scama,conformer,branchformer,fsmn_vad_streaming,rwkv_bat}/encoder.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import cast

from rflint.coverage import (
    Conv,
    Layer,
    Mixer,
    Parallel,
    Sequence as Chain,
    decimate,
    kaldi_frames,
    stack_frames,
)
from rflint.dialects import espnet_encoders
from rflint.dialects.analysis import paired
from rflint.dialects.asr_frontend import attention, block, chain, layers, positive, tie
from rflint.dialects.conformer_blocks import memory, repeated
from rflint.dialects.speaker_nets import campplus
from rflint.dialects.speech_facts import (
    KALDI_LENGTH_MS,
    MS,
    Features,
    counted,
    derived,
    kaldi_features,
    maybe,
    named,
    over_utterance,
    plausible,
    strided,
)
from rflint.dialects.ssl_upstreams import whisper_features, whisper_stem
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Model, Stack, Stage

NAME, TITLE = "funasr", "FunASR (model, frontend, encoder)"
SCHEMA, LOADER = "funasr", "omegaconf"

RATE = 16000  # funasr/frontends/wav_frontend.py, fs
BANDS = 80  # n_mels
STACKED, EVERY = 1, 1  # lfr_m, lfr_n
BLOCKS, KERNEL, SHIFT = 6, 11, 0  # funasr/models/sanm/encoder.py: num_blocks, kernel_size, sanm_shfit
RWKV = {"kernel": 3, "subsampling_factor": 4, "time_reduction_factor": 1, "num_blocks": 4}  # rwkv_bat/rwkv_encoder.py
MASKED = 0  # funasr/models/specaug/specaug.py, SpecAugLFR: lfr_rate
WHISPER_SECONDS, WHISPER_HOP = 30, 160  # whisper/audio.py

KALDI_FRONTENDS = {"WavFrontend", "WavFrontendOnline", "wav_frontend", "wav_frontend_online"}
WHISPER_FRONTENDS = {"WhisperFrontend"}


def recognise(root: Cursor) -> bool:
    return named(root["frontend"], KALDI_FRONTENDS | WHISPER_FRONTENDS) and isinstance(root["model"].value, str)


def read(root: Cursor) -> Iterator[Model]:
    model = Model(NAME)
    with model.deriving("frontend"):
        rate = model.sample_rate = positive(root["frontend_conf"]["fs"].int(RATE))
        features = _features(model, root, rate)
        model.stacks.append(features.stack())
        plausible(model)
        with model.deriving("encoder"):
            _encoder(model, root, features)
        _masks(model, root)
        _voice_activity(model, root, features)
    _chunks(model, root["encoder_conf"])
    _chunks(model, root["encoder2_conf"])
    yield model


# -- features -----------------------------------------------------------------------------------------------------


def _features(model: Model, root: Cursor, rate: Value[int]) -> Features:
    conf, kind = root["frontend_conf"], root["frontend"].str()
    if kind.value in WHISPER_FRONTENDS:
        return Features(rate, Value(WHISPER_HOP, kind.where, "derived"), tuple(whisper_features(kind.where)))
    features = kaldi_features(model, rate, conf["frame_shift"], conf["frame_length"])
    if not conf["snip_edges"].bool(True).value:
        window = features.stages[0].layer.kernel
        stage = features.stages[0]._replace(layer=kaldi_frames(window, features.hop.value))
        features = features._replace(stages=(stage,))
    return _low_rate(model, conf, features)


def _low_rate(model: Model, conf: Cursor, features: Features) -> Features:
    """``lfr_m`` frames joined every ``lfr_n``."""
    joined, every = positive(conf["lfr_m"].int(STACKED)), positive(conf["lfr_n"].int(EVERY))
    if joined.value == every.value == 1:
        return features
    layer = Stage("lfr", stack_frames(joined.value, every.value), every.where or joined.where)
    return features.then(layer)


# -- encoders -----------------------------------------------------------------------------------------------------


def _encoder(model: Model, root: Cursor, features: Features) -> None:
    name, stages = _network(root)
    where = root["encoder"].where if root["encoder"].exists else root["model"].where
    factors = [
        strided("lfr_n", features.stages[1:], root["frontend_conf"]["lfr_n"].where),
        strided("encoder", stages, where),
    ]
    encoder = features.encoder(name, stages, factors)
    model.stacks.append(encoder)
    _sizes(model, root)
    for key in ("adaptor", "audio_adaptor"):
        rate = maybe(root[f"{key}_conf"]["downsample_rate"].int)
        if root[key].exists and rate and rate.value > 0:
            joined = Stage(key, Conv(rate.value, rate.value, 1, (0, 0), "stack"), rate.where)
            model.stacks.append(Stack("context", key, [*encoder.stages, joined], input_rate=features.rate.value))


def _network(root: Cursor) -> tuple[str, list[Stage]]:
    """The layers behind the features; a model without an encoder is one itself."""
    if root["encoder"].exists:
        name, conf = root["encoder"].str(), root["encoder_conf"]
        if name.value in ENCODERS:
            return name.value, ENCODERS[name.value](conf)
        raise NotComputable(f"the layers of `{name.value}` are not known", name.where)
    name = root["model"].str()
    if name.value == "CAMPPlus":
        mean = over_utterance("mean over the utterance", name.where)
        return name.value, [mean, *campplus(name.where)]
    stated = maybe(root["audio_encoder"].str)
    if name.value in WHISPERS or (stated and "whisper" in stated.value.lower()):
        return name.value, _whisper(root)
    raise NotComputable(f"the layers of `{name.value}` are not known", name.where)


WHISPERS = {"WhisperWarp", "SenseVoice", "QwenAudioWarp"}


def _whisper(root: Cursor) -> list[Stage]:
    where = root["frontend"].where
    return [*whisper_stem(where), over_utterance("self-attention", where)]


def _espnet(name: str) -> Callable[[Cursor], list[Stage]]:
    return lambda conf: [
        *espnet_encoders.subsampling(conf),
        *espnet_encoders.positions(conf),
        *espnet_encoders.ENCODERS[name](conf),
    ]


def _sanm(conf: Cursor) -> list[Stage]:
    """Attention with an FIR memory beside it; SenseVoice has a second row of blocks."""
    kernel, shift = positive(conf["kernel_size"].int(KERNEL)), conf["sanm_shfit"].int(SHIFT)
    layer, stages = block(attention(), memory(kernel.value, shift.value)), espnet_encoders.subsampling(conf)
    stages += repeated("encoders", layer, layers(conf["num_blocks"], BLOCKS).value, kernel.where)
    later = conf["tp_blocks"].int(0)
    return stages + repeated("tp_encoders", layer, positive(later).value if later.value else 0, kernel.where)


def _fsmn(conf: Cursor) -> list[Stage]:
    """Memories of ``lorder`` frames back, this one included, and ``rorder`` ahead, beside a shortcut."""
    left, right = positive(conf["lorder"].int()).value, conf["rorder"].int().value
    back, ahead = positive(conf["lstride"].int()).value, conf["rstride"].int().value
    parts: list[Layer] = [Conv(left, 1, back, ((left - 1) * back, 0)), Chain()]
    if right > 0:
        parts.append(Conv(right, 1, max(ahead, 1), (-ahead, right * ahead)))
    return repeated("fsmn", Parallel(tuple(parts)), layers(conf["fsmn_layers"]).value, conf["lorder"].where)


def _rwkv(conf: Cursor) -> list[Stage]:
    """Six padded convolutions, two of which stride time; forward recurrence; then every n-th frame."""
    kernel, factor = (positive(conf[key].int(RWKV[key])) for key in ("kernel", "subsampling_factor"))
    first, second = (1, 1) if factor.value == 1 else (max(factor.value // 2, 1), 2)
    pad = ((kernel.value - 1) // 2,) * 2
    strides = (1, first, 1, second, 1, 1)
    stages = chain("embed", [(kernel.value, stride) for stride in strides], factor.where, pad)
    stages += repeated("rwkv", Mixer("recurrence", None, 0), layers(conf["num_blocks"], RWKV["num_blocks"]).value, None)
    reduction = positive(conf["time_reduction_factor"].int(RWKV["time_reduction_factor"]))
    return [*stages, Stage("time_reduction", decimate(reduction.value), reduction.where)]


def _whisper_encoder(conf: Cursor) -> list[Stage]:
    return [*whisper_stem(conf.where), over_utterance("self-attention", conf.where)]


ENCODERS: dict[str, Callable[[Cursor], list[Stage]]] = {
    "SANMEncoder": _sanm,
    "SANMEncoderChunkOpt": _sanm,
    "SenseVoiceEncoderSmall": _sanm,
    "sanm": _sanm,
    "sanm_chunk_opt": _sanm,
    "FSMN": _fsmn,
    "FSMNMT": _fsmn,
    "fsmn": _fsmn,
    "RWKVEncoder": _rwkv,
    "WhisperWarp": _whisper_encoder,
    "OpenAIWhisperEncoderWarp": _whisper_encoder,
    "ConformerEncoder": _espnet("conformer"),
    "conformer": _espnet("conformer"),
    "TransformerEncoder": _espnet("transformer"),
    "transformer": _espnet("transformer"),
    "BranchformerEncoder": _espnet("branchformer"),
    "EBranchformerEncoder": _espnet("e_branchformer"),
}


# -- facts --------------------------------------------------------------------------------------------------------


def _sizes(model: Model, root: Cursor) -> None:
    """FSMN states what it reads; a Whisper model states the positions of its 30 s."""
    size, conf = maybe(root["encoder_conf"]["input_dim"].int), root["frontend_conf"]
    if size and named(root["frontend"], KALDI_FRONTENDS):
        bands, joined = conf["n_mels"].int(BANDS), conf["lfr_m"].int(STACKED)
        because = f"{joined.value} frames of {bands.value} values are joined"
        whole = derived(bands.value * joined.value)
        tie(model, "bins", "equal", size, whole, "crash", because)
    places = maybe(root["dims"]["n_audio_ctx"].int)
    if places and named(root["frontend"], WHISPER_FRONTENDS):
        step = Fraction(2 * WHISPER_HOP, RATE)
        because = "one position for each 20 ms of 30 s (whisper/model.py asserts the shape)"
        tie(model, "frames", "equal", places, derived(WHISPER_SECONDS / step), "crash", because)


def _masks(model: Model, root: Cursor) -> None:
    """SpecAugLFR masks lfr_rate + 1 groups of bands, one for each frame of a stack."""
    if not named(root["specaug"], ("SpecAugLFR", "specaug_lfr")) or not named(root["frontend"], KALDI_FRONTENDS):
        return
    masked, joined = root["specaug_conf"]["lfr_rate"].int(MASKED), root["frontend_conf"]["lfr_m"].int(STACKED)
    because = (
        f"the masks take a frame of {joined.value} joined ones for {masked.value + 1} (specaug.py, lfr_rate + 1 groups)"
    )
    # recipes for keywords have the frames between two stacks there: another pattern of masks, and trained so
    shipped = masked.value == root["frontend_conf"]["lfr_n"].int(EVERY).value
    tie(model, "frames", "equal", masked, derived(joined.value - 1), "report" if shipped else "silent", because)


def _voice_activity(model: Model, root: Cursor, features: Features) -> None:
    """The detector counts frames by its own keys."""
    conf, front = root["model_conf"], root["frontend_conf"]
    if not conf.has("frame_in_ms") and not conf.has("frame_length_ms"):
        return
    because = "segments are timed by this key (funasr/models/fsmn_vad_streaming/model.py)"
    step, length = maybe(conf["frame_in_ms"].number), maybe(conf["frame_length_ms"].number)
    made = model.stacks[0].coverage.step * MS / features.rate.value
    if step:
        tie(model, "frames", "equal", step, derived(made), "silent", because)
    if length:
        window = Fraction(front["frame_length"].number(KALDI_LENGTH_MS).value)
        tie(model, "frames", "equal", length, derived(window), "silent", because)
    stated = maybe(conf["sample_rate"].int)
    if stated:
        tie(model, "rate", "equal", stated, features.rate, "silent", because)
    for key in ("window_size_ms", "max_end_silence_time", "lookback_time_start_point", "lookahead_time_end_point"):
        counted(model, conf[key], "ms", MS)


def _chunks(model: Model, conf: Cursor) -> None:
    """One chunk, stride and left padding for each shape; what is over is the look-ahead."""
    for key in ("stride", "pad_left", "encoder_att_look_back_factor", "decoder_att_look_back_factor"):
        paired(
            model, conf["chunk_size"], conf[key], "funasr/models/scama/chunk_utilis.py takes one of each for a shape"
        )
    shapes = zip(*(conf[key] for key in ("chunk_size", "stride", "pad_left")), strict=False)
    for size, stride, pad in shapes if conf["chunk_size"].is_list() else ():
        parts = [maybe(place.int) for place in (size, stride, pad)]
        if all(parts):
            whole, hop, before = cast("list[Value[int]]", parts)
            because = "a chunk is its left padding, its stride and a look-ahead of what is over"
            tie(model, "chunk", "at most", derived(before.value + hop.value, hop.where), whole, "crash", because)
