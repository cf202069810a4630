"""ESPnet2 GAN-based synthesis: VITS, JETS, joint text2wav, VISinger (tts_conf or svs_conf)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

from rflint.coverage import centred
from rflint.dialects.analysis import Analysis, equal, known
from rflint.dialects.generators import Lists, decoder
from rflint.dialects.pwg_family import LISTS, PQMF_TAPS, TWICE, generator, hifigan_of, reversed_order
from rflint.documents import Cursor, Value
from rflint.model import Model, Stage, Tie

NAME, TITLE = "espnet/tts", "ESPnet2 GAN-based synthesis (tts_conf, svs_conf)"
SCHEMA, LOADER = "espnet_tts", "pyyaml"

RATE = 22050  # espnet2/gan_tts/vits/vits.py, sampling_rate; only for saving
JOINED = 3
"""Kernel of the convolutions that join the sine to the generator (espnet2/gan_svs/visinger2/visinger2_vocoder.py)."""

LATENT = "this is the hop of the mel loss; the product must be that of the features (`--n_shift`)"
SINE = "the sine, hop_length samples a frame, is brought down by the scales and joins the generator at each of them"


def recognise(root: Cursor) -> bool:
    conf = _conf(root)
    if conf["vocoder_params"].is_mapping():
        return True
    params = conf["generator_params"]
    return any(params.has(f"{prefix}upsample_scales") for prefix in ("decoder_", "generator_")) or (
        params.is_mapping() and root.first("tts", "svs").value in ("vits", "jets")
    )


def _conf(root: Cursor) -> Cursor:
    return root["tts_conf"] if root["tts_conf"].is_mapping() else root["svs_conf"]


def read(root: Cursor) -> Iterator[Model]:
    conf = _conf(root)
    rate = known(conf["sampling_rate"]) or Value(RATE, None, "framework default")
    mel = conf["mel_loss_params"]
    analysis = Analysis.read(mel["fs"], mel["hop_length"], mel["win_length"], mel["n_fft"])
    model = Model(NAME, _kind(root, conf), sample_rate=rate if rate.where else analysis.rate or rate)
    because = "waveforms are saved at this rate, and the mel loss takes them to have that of `fs`"
    equal(model, rate if rate.where else None, analysis.rate, because, "silent")
    analysis.describe(model)
    analysis.below_nyquist(model, mel["fmax"])
    with model.deriving("decoder"):
        _decoder(model, conf, analysis)
    yield model


def _kind(root: Cursor, conf: Cursor) -> str:
    if conf["vocoder_params"].is_mapping():
        return "joint"
    return "jets" if conf["generator_params"].has("generator_upsample_scales") else str(root.first("tts", "svs").value)


def _decoder(model: Model, conf: Cursor, analysis: Analysis) -> None:
    joint = model.name == "joint"
    params = conf["vocoder_params"] if joint else conf["generator_params"]
    prefix = "" if joint else "generator_" if model.name == "jets" else "decoder_"
    # A crop of frames; the waveform's crop follows from it by the upsampling factor.
    analysis.framed(model, known((conf if joint else params)["segment_size"]))
    vocoder = conf["vocoder_generator_type"].value
    if vocoder == "uhifigan":
        because = "the excitation joins the generator at every scale (espnet2/gan_svs/uhifigan)"
        reversed_order(model, params["decoder_downsample_scales"], params["decoder_upsample_scales"], because)
    stages, lists = hifigan_of(model, params, prefix, LISTS)
    taps = conf["pqmf_params"]["taps"].int(PQMF_TAPS).value
    joined = vocoder == "visinger2"
    if joined:
        stages = list(_joined(stages))
    stages, parts = generator(stages, lists.rates, bands=params["out_channels"].int(1) if joint else None, taps=taps)
    model.stacks.append(decoder("generator", stages, analysis.frame_rate, parts, TWICE))
    # The features' own hop stands in the recipe (n_shift in run.sh), and that of the loss need not be the same; but the
    # sine of VISinger2 is made with it (espnet2/gan_svs/vits/vits.py).
    analysis.inverted(model, SINE if joined else LATENT, "crash" if joined else "report")
    _bands(model, conf["discriminator_params"]["pqmf_config"], lists)


def _joined(stages: Sequence[Stage]) -> Iterator[Stage]:
    """VISinger2: behind the first convolution and every upsampling a convolution takes in the sine of the pitch."""
    for stage in stages:
        yield stage
        if stage.name == "conv_pre":
            yield Stage("concat_pre", centred(JOINED))
        elif stage.name.startswith("ups."):
            yield Stage(stage.name.replace("ups", "concat_conv"), centred(JOINED))


def _bands(model: Model, config: Cursor, lists: Lists) -> None:
    """Avocodo's discriminators compare sub-bands with the generator's last inner outputs (espnet2/gan_svs/avocodo)."""
    for count, level in enumerate(("lv1", "lv2"), 1):
        bands = known(config[level][0])
        if bands is None or len(lists.rates.value) <= count:
            continue
        left: Value[object] = Value(bands.value, bands.where)
        right: Value[object] = Value(prod(lists.rates.value[-count:]), lists.rates.where, "derived")
        because = f"{level} splits the waveform into as many bands as the last {count} scales make samples"
        model.ties.append(Tie("upsampling", "equal", left, right, "crash", because))
