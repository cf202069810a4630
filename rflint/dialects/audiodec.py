"""AudioDec's codec (facebookresearch/AudioDec): train_mode autoencoder or denoise; its vocoder is `audiodec_vocoder`.

DAC's layers with another padding: causal convolutions are padded by kernel - 1 whatever their stride, so that a frame is
ready at its first sample. The ratios of the class are channel multipliers, the strides are time.
Sources: models/autoencoder/AudioDec.py, its modules/ and layers/conv_layer.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.coverage import causal, centred, transposed_repeated
from rflint.dialects.analysis import known
from rflint.dialects.codec_facts import both, crop, inverse, ordered, product, same_rate, tie
from rflint.dialects.codec_graphs import Dac, exact_up, factor
from rflint.dialects.pwg_family import stft_loss
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Model, Stack

NAME, TITLE = "audiodec", "AudioDec codecs (generator_params.enc_strides)"
SCHEMA, LOADER = "audiodec", "pyyaml"

# models/autoencoder/AudioDec.py, Generator
ENC_STRIDES, DEC_STRIDES, ENC_RATIOS, DEC_RATIOS = [3, 4, 5, 5], [5, 5, 4, 3], [2, 4, 8, 16], [16, 8, 4, 2]

CAUSAL = Dac(
    unit=lambda kernel, dilation: causal(kernel, 1, dilation),
    down=lambda stride: causal(2 * stride, stride),
    up=lambda stride: transposed_repeated(2 * stride, stride),
)
MODES = {"causal": CAUSAL, "noncausal": Dac(down=lambda stride: centred(2 * stride, stride), up=exact_up)}

PAIRED = "the class asserts len(channel_ratios) == len(strides)"
MIRROR = "the decoder undoes the encoder stage by stage in every published model"
COMPARED = "the losses compare the crop with its frames times the hop"
RATE = "the mel loss takes the waveform to have this rate"
ANALYSED = "the vocoder turns the codes of its analyzer back into the same waveform"


def recognise(root: Cursor) -> bool:
    return root["generator_params"].has("enc_strides") and (root.has("sampling_rate") or root.has("train_mode"))


def read(root: Cursor) -> Iterator[Model]:
    params = root["generator_params"]
    model = Model(NAME, sample_rate=known(root["sampling_rate"]))
    with model.deriving("codec"):
        family = _family(params)
        down, up = params["enc_strides"].ints(ENC_STRIDES), params["dec_strides"].ints(DEC_STRIDES)
        _paired(model, down, params["enc_ratios"].ints(ENC_RATIOS))
        _paired(model, up, params["dec_ratios"].ints(DEC_RATIOS))
        factors = [factor("enc_strides", down)]
        both(model, family.encoder(down), family.decoder(up), factors, [factor("dec_strides", up)])
        inverse(model, factors)
        ordered(model, up, down, "reversed", "report", MIRROR)
        for key in ("batch_length", "adv_batch_length"):
            crop(model, root[key], product(down).value, COMPARED, "crash")
    _losses(model, root)
    yield model


def _family(params: Cursor) -> Dac:
    mode = params["mode"].str("causal")
    if mode.value not in MODES:
        raise NotComputable(f"mode {mode.value} is not known", mode.where)
    return MODES[mode.value]


def _paired(model: Model, strides: Value[list[int]], widths: Value[list[int]]) -> None:
    if strides.where is not None and widths.where is not None:
        tie(model, "lists", "same length", widths, Value(len(strides.value), strides.where), "crash", PAIRED)


def _losses(model: Model, root: Cursor) -> None:
    with model.deriving("losses"):
        if root["use_mel_loss"].value is True:
            same_rate(model, root["mel_loss_params"]["fs"], RATE)
            stft_loss(model, root["mel_loss_params"])
        if root["use_stft_loss"].value is True:
            stft_loss(model, root["stft_loss_params"])


# -- the codec of a vocoder ---------------------------------------------------------------------------------------


def analyzer(model: Model, root: Cursor, scales: Value[list[int]]) -> None:
    """Add the encoder of the codec whose checkpoint ``analyzer`` names: its config.yml lies beside it."""
    name = root["analyzer"].value
    folder = name.rpartition("/")[0] if isinstance(name, str) else ""
    document = root.document.upward(f"{folder}/config.yml") if folder else None
    if document is None or not recognise(Cursor(document)):
        return
    codec = Cursor(document)
    params, rate = codec["generator_params"], known(codec["sampling_rate"])
    down = params["enc_strides"].ints(ENC_STRIDES)
    stages = _family(params).encoder(down)
    own = Fraction(rate.value) if rate else None
    model.stacks.append(Stack("encoder", "encoder", stages, input_rate=own, factors=[factor("enc_strides", down)]))
    tie(model, "upsampling", "equal", product(scales), product(down), "crash", ANALYSED)
    tie(model, "rate", "equal", model.sample_rate, rate, "silent", ANALYSED)
