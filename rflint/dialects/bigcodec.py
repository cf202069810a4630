"""BigCodec (Aria-K-Alethia/BigCodec) and X-codec2 (zhenye234/X-Codec-2.0): DAC whose activations filter, in Hydra groups.

``codec_encoder.up_ratios`` is the encoder's strides. X-codec2 has a decoder of its own, Vocos with attention, whose hop of
320 is fixed in lightning_module.py. The main file composes the groups preprocess, dataset and model; the file of the model
alone knows no sample rate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from rflint.coverage import Mixer, centred, recurrent, residual, same
from rflint.dialects.codec_facts import both, crop, hop, inverse, ordered, product
from rflint.dialects.codec_graphs import alias_free, factor
from rflint.dialects.generators import anti_aliased
from rflint.dialects.vocos_stacks import istft_head
from rflint.documents import Cursor, Document, Value
from rflint.model import Dead, Factor, Model, Stage

NAME, TITLE = "bigcodec", "BigCodec, X-codec2 (codec_encoder, codec_decoder)"
SCHEMA, LOADER = "bigcodec", "omegaconf"

compose = Document.composed  # Hydra: groups preprocess, dataset, model

# vq/codec_encoder.py and vq/codec_decoder.py, CodecEncoder and CodecDecoder
DOWN, UP, DILATIONS, LAYERS = [2, 2, 2, 5, 5], [5, 5, 2, 2, 2], [1, 3, 9], 2
XCODEC2_DOWN, XCODEC2_HOP = [2, 2, 4, 4, 5], 320

ANALYSIS = "preprocess.stft.hop_length says what a frame of the codec is; the code computes it from up_ratios"
CROPS = "the losses compare the output, which is whole frames, with the crop"
MIRROR = "the decoder undoes the encoder stage by stage in every published model"
UNREAD = "CodecDecoderVocos is built without it: ISTFT of hop 320 (lightning_module.py)"
FSQ = "ResidualFSQ with eight levels of 4 is built, whatever the codebook's size (vq/codec_decoder_vocos.py)"


def recognise(root: Cursor) -> bool:
    return _is_codec(_model(root))


def _model(root: Cursor) -> Cursor:
    return root["model"] if root["model"].is_mapping() else root


def _is_codec(model: Cursor) -> bool:
    return model["codec_encoder"].has("up_ratios") and model["codec_decoder"].is_mapping()


def read(root: Cursor) -> Iterator[Model]:
    parts = _model(root)
    model = Model(NAME)
    with model.deriving("sample_rate"):
        model.sample_rate = root["preprocess"]["audio"]["sr"].int()
    with model.deriving("codec"):
        if parts["codec_decoder"].exists and not parts["codec_decoder"]["upsample_initial_channel"].exists:
            down = _xcodec2(model, parts)
        else:
            down = _bigcodec(model, parts)
        step = product(down)
        hop(model, root["preprocess"]["stft"]["hop_length"], step, ANALYSIS, "silent")
        crop(model, root["dataset"]["min_audio_length"], step.value, CROPS)
    yield model


def _memory(part: Cursor) -> Sequence[Stage]:
    """The residual LSTM of one side (vq/module.py, ResLSTM)."""
    if not part["use_rnn"].bool(True).value or part["rnn_num_layers"].int(LAYERS).value < 1:
        return ()
    return (Stage("rnn", recurrent("LSTM", bidirectional=part["rnn_bidirectional"].bool(False).value)),)


def _bigcodec(model: Model, parts: Cursor) -> Value[list[int]]:
    encoder, decoder = parts["codec_encoder"], parts["codec_decoder"]
    down, up = encoder["up_ratios"].ints(DOWN), decoder["up_ratios"].ints(UP)
    sides = [alias_free(part["dilations"].ints(DILATIONS).value, anti_aliased()) for part in (encoder, decoder)]
    factors, back = [factor("up_ratios", down)], [factor("up_ratios", up)]
    stages = sides[0].encoder(down, _memory(encoder)), sides[1].decoder(up, _memory(decoder))
    both(model, *stages, factors, back)
    inverse(model, factors)
    ordered(model, up, down, "reversed", "report", MIRROR)
    return down


def _xcodec2(model: Model, parts: Cursor) -> Value[list[int]]:
    encoder, decoder = parts["codec_encoder"], parts["codec_decoder"]
    down = encoder["up_ratios"].ints(XCODEC2_DOWN)
    family = alias_free(encoder["dilations"].ints(DILATIONS).value, anti_aliased())
    factors, back = [factor("up_ratios", down)], [Factor("hop_length", (XCODEC2_HOP,))]
    both(model, family.encoder(down), _vocos(), factors, back)
    inverse(model, factors)
    for key in ("up_ratios", "dilations"):
        if decoder[key].is_list():
            listed: Value[object] = Value(cast(object, decoder[key].ints().value), decoder[key].where)
            model.dead.append(Dead(listed, None, UNREAD))
    if decoder["codebook_size"].given:
        model.dead.append(Dead(cast(Value[object], decoder["codebook_size"].int()), None, FSQ))
    return down


def _vocos() -> list[Stage]:
    """A convolution, two residual blocks, attention to the whole clip, two more, and an ISTFT of four hops."""
    block = Stage("resnet", residual(centred(3), centred(3)))
    middle = [block, block, Stage("transformers", Mixer("attention")), Stage("norm", Mixer("group norm")), block, block]
    head = Stage("head", istft_head(4 * XCODEC2_HOP, XCODEC2_HOP, "same"))
    return [Stage("embed", same(7)), *middle, head]
