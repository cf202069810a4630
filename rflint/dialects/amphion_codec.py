"""Codecs of Amphion (open-mmlab/Amphion models/codec): the acoustic codec of MaskGCT, RepCodec over HuBERT, RepCoco.

Sources: amphion_codec/codec.py, kmeans/repcodec_model.py, coco/rep_coco_model.py. ``encoder.up_ratios`` is the encoder's
strides. Files are JSON5.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

from rflint.coverage import Conv, Mixer, Transposed
from rflint.dialects.analysis import known
from rflint.dialects.codec_facts import both, inverse, lasting, ordered, product, tie
from rflint.dialects.codec_graphs import EXACT, factor
from rflint.dialects.vocos_stacks import convnext, istft_head
from rflint.dialects.waveform import WAV2VEC2
from rflint.documents import Cursor, Value
from rflint.model import Dead, Factor, Model, Stack, Stage

NAME, TITLE = "amphion_codec", "Amphion codecs (up_ratios with num_quantizers, repcodec, coco)"
SCHEMA, LOADER = "amphion_codec", "json"

# amphion_codec/codec.py, CodecDecoder.__init__
UP, USE_VOCOS, FFT, HOP, LAYERS, PADDING = [5, 5, 4, 2], False, 800, 200, 8, "same"
REPCODEC_LAYERS = 12  # kmeans/repcodec_model.py, RepCodec.__init__
HUBERT_RATE, HUBERT_HOP = 16000, 320
COCO_RATE = 50
"""Whisper's frames a second, which RepCoco reads and thins."""
MOST_HALVINGS = 10

EXTRACTED = "what is extracted beside the codes is cut at this hop"
MIRROR = "the decoder undoes the encoder stage by stage in every published model"
VOCOS = "with use_vocos the decoder is Vocos: hop_size and n_fft count"
MISSPELT = "the class reads in_channels; this works only where the default is the same"
STRETCHED = "codes are stretched by it to the 50 Hz of the mel frames"
HALVED = "np.log2(downsample_rate) must be whole: the class asserts it"


def recognise(root: Cursor) -> bool:
    return any(True for _ in _codecs(root)) or _is_repcodec(root) or root["model"]["coco"].has("downsample_rate")


def _codecs(root: Cursor) -> Iterator[Cursor]:
    """The acoustic codecs of a file: a mapping with an encoder and a decoder that quantises."""
    for place in (root, root["model"]):
        for name in ("acoustic_codec", "codec"):
            codec = place[name]
            if codec["encoder"].has("up_ratios") and codec["decoder"].has("num_quantizers"):
                yield codec


def _is_repcodec(root: Cursor) -> bool:
    return root["model"]["repcodec"].is_mapping() and root["model"]["representation_type"].value == "hubert"


def read(root: Cursor) -> Iterator[Model]:
    for codec in _codecs(root):
        model = _begun(root, str(codec.path[-1]))
        with model.deriving("codec"):
            _acoustic(model, root, codec)
        yield model
    if _is_repcodec(root):
        model = _begun(root, "repcodec")
        with model.deriving("repcodec"):
            _repcodec(model, root)
        yield model
    if root["model"]["coco"].has("downsample_rate"):
        model = _begun(root, "coco")
        with model.deriving("coco"):
            _coco(model, root)
        yield model


def _begun(root: Cursor, name: str) -> Model:
    model = Model(NAME, name)
    preprocess = root["preprocess"]
    if preprocess.is_mapping():
        with model.deriving("sample_rate"):
            model.sample_rate = preprocess["sample_rate"].int()
        lasting(model, known(preprocess["hop_size"]), "step")
        window, fft = known(preprocess["win_size"]), known(preprocess["n_fft"])
        lasting(model, window, "window")
        lasting(model, fft, "window")
        tie(model, "fft", "at most", window, fft, "crash", "torch.stft refuses a window longer than the FFT")
    return model


# -- the acoustic codec -------------------------------------------------------------------------------------------


def _acoustic(model: Model, root: Cursor, codec: Cursor) -> None:
    encoder, decoder = codec["encoder"], codec["decoder"]
    down, up = encoder["up_ratios"].ints(), decoder["up_ratios"].ints(UP)
    factors = [factor("up_ratios", down)]
    if decoder["use_vocos"].bool(USE_VOCOS).value:
        hop, stages = _vocos(decoder)
        both(model, EXACT.encoder(down), stages, factors, [Factor("hop_size", (hop.value,), hop.where)])
        if up.where is not None:
            model.dead.append(Dead(Value(cast(object, up.value), up.where), None, VOCOS))
    else:
        both(model, EXACT.encoder(down), EXACT.decoder(up), factors, [factor("up_ratios", up)])
        ordered(model, up, down, "reversed", "report", MIRROR)
    inverse(model, factors)
    misspelt = decoder["in_channel"]
    if misspelt.exists and not decoder["in_channels"].exists:
        model.dead.append(Dead(misspelt.literal(), None, MISSPELT))
    step = known(root["preprocess"]["hop_size"])
    tie(model, "subsampling", "equal", step, product(down), "silent", EXTRACTED)


def _vocos(decoder: Cursor) -> tuple[Value[int], list[Stage]]:
    fft, hop = decoder["n_fft"].int(FFT), decoder["hop_size"].int(HOP)
    layer = istft_head(fft.value, hop.value, decoder["padding"].str(PADDING).value)
    return hop, [*convnext(decoder["vocos_num_layers"].int(LAYERS)), Stage("head", layer, hop.where)]


# -- over frames of other models ----------------------------------------------------------------------------------


def _repcodec(model: Model, root: Cursor) -> None:
    """A Vocos backbone over HuBERT's frames, which come every 320 samples at 16 kHz."""
    config = root["model"]
    rate = config["representation_sample_rate"].int(HUBERT_RATE)
    where = config["representation_type"].where
    hubert = [Stage(f"hubert.{i}", Conv(kernel, stride), where) for i, (_, kernel, stride) in enumerate(WAV2VEC2)]
    stages = [*hubert, Stage("hubert.transformer", Mixer("HuBERT"), where)]
    factors = [Factor("representation_type", tuple(stride for _, _, stride in WAV2VEC2), where)]
    model.stacks.append(Stack("encoder", "hubert", stages, input_rate=rate.value, factors=factors))
    layers = config["repcodec"]["vocos_num_layers"].int(REPCODEC_LAYERS)
    model.stacks.append(
        Stack("context", "repcodec", [*stages, *convnext(layers)], input_rate=rate.value, factors=factors)
    )
    step, own = known(root["preprocess"]["hop_size"]), model.sample_rate
    if own is not None:
        wanted = Value(Fraction(HUBERT_HOP * own.value) / HUBERT_RATE, None, "derived")
        tie(model, "subsampling", "equal", step, wanted, "silent", "masks are made at this hop, HuBERT has 20 ms")


def _coco(model: Model, root: Cursor) -> None:
    """Halvings of Whisper's frames, a Vocos backbone, and back."""
    config = root["model"]["coco"]
    rate = config["downsample_rate"].int()
    halvings = max(rate.value, 1).bit_length() - 1
    tie(model, "chunk", "equal", rate, Value(1 << min(halvings, MOST_HALVINGS), None, "derived"), "crash", HALVED)
    if halvings > MOST_HALVINGS:
        return
    down = [Stage(f"down.{i}", Conv(3, 2, 1, (1, 1)), rate.where) for i in range(halvings)]
    up = [Stage(f"up.{i}", Transposed(4, 2, 1, (1, 1)), rate.where) for i in range(halvings)]
    factors = [Factor("downsample_rate", (1 << halvings,), rate.where)]
    encoder = [*down, *convnext(config["encoder"]["vocos_num_layers"].int())]
    model.stacks.append(Stack("encoder", "coco", encoder, input_rate=COCO_RATE, input_unit="frames", factors=factors))
    if config["decoder"].is_mapping():
        decoder = [*convnext(config["decoder"]["vocos_num_layers"].int()), *up]
        frames = Fraction(COCO_RATE, 1 << halvings)
        model.stacks.append(Stack("decoder", "coco", decoder, input_rate=frames, factors=factors))
    stretched = known(root["model"]["flow_matching_transformer"]["cond_scale_factor"])
    tie(model, "subsampling", "equal", stretched, Value(1 << halvings, rate.where, "derived"), "crash", STRETCHED)
