"""Codecs of transformers with SEANet: EnCodec, Mimi and Pocket TTS.

Sources: transformers 5, models/*/configuration_*.py for the defaults, modeling_*.py for the layers.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Final

from rflint.coverage import Mixer, seanet, transposed_seanet
from rflint.dialects.codec_facts import both, exact
from rflint.dialects.codec_graphs import Seanet, SeanetDefaults, lstm, norm_over_time
from rflint.dialects.hf_parts import Part, Reader, agree
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Duration, Factor, Model, Stage, Tie, declared

NAMES: Final = {
    "ratios": "upsampling_ratios",
    "n_residual_layers": "num_residual_layers",
    "dilation_base": "dilation_growth_rate",
    "causal": "use_causal_conv",
}
"""audiocraft's names of the keys, and transformers' where they differ."""
ENCODEC = SeanetDefaults(causal=True)
MIMI = SeanetDefaults(ratios=(8, 6, 5, 4), last=3, causal=True)
POCKET = SeanetDefaults(ratios=(6, 5, 4), last=3, causal=True)
RATE, RECURRENT, BOOK = 24000, 2, 1024
"""configuration_encodec.py: sampling_rate (of the others too), num_lstm_layers, codebook_size."""
WINDOW, MIMI_LAYERS, POCKET_LAYERS, POCKET_STRIDE = 250, 8, 2, 16
"""sliding_window; num_hidden_layers of either; latent_stride."""


def _net(config: Cursor, defaults: SeanetDefaults) -> Seanet:
    return Seanet.read(lambda key: config[NAMES.get(key, key)], defaults)


def _same_rate(model: Model, part: Part) -> None:
    because = "the extractor checks clips against its own rate"
    agree(model, "rate", part.own_rate(), part.extractor.rate(), because, "silent")


# -- EnCodec ------------------------------------------------------------------------------------------------------


def read_encodec(model: Model, part: Part) -> None:
    """EnCodec (modeling_encodec.py)."""
    config = part.config
    net = _net(config, ENCODEC)
    memory = lstm(config["num_lstm_layers"].int(RECURRENT).value)
    net = net._replace(memory=memory, norm=norm_over_time(config["norm_type"]))
    model.sample_rate = part.rate(RATE)
    both(model, net.encoder(), net.decoder(), net.factors)
    _same_rate(model, part)
    _state_bandwidth(model, config, ceil(Fraction(model.sample_rate.value, net.hop)))
    _state_chunk(model, part, net)


def _state_bandwidth(model: Model, config: Cursor, rate: int) -> None:
    """The largest bandwidth must be whole codebooks: num_quantizers floors it (configuration_encodec.py)."""
    listed = config["target_bandwidths"]
    last = exact(listed[-1]) if listed.is_list() and listed.value else None
    size = config["codebook_size"].int(BOOK).value
    if last is None or size < 2:
        return
    left: Value[object] = Value(last.value * 1000, last.where, "derived")
    right: Value[object] = Value(rate * (size - 1).bit_length(), None, "derived")
    because = "the number of codebooks is rounded down"
    model.ties.append(Tie("bitrate", "multiple", left, right, "silent", because))


def _state_chunk(model: Model, part: Part, net: Seanet) -> None:
    """A chunk that is no whole number of frames is padded (configuration_encodec.py, chunk_length)."""
    seconds = exact(part.config["chunk_length_s"])
    if seconds is None or model.sample_rate is None:
        return
    samples: Value[object] = Value(seconds.value * model.sample_rate.value, seconds.where, "derived")
    because = "a chunk is filled up to whole frames"
    model.ties.append(Tie("chunk", "multiple", samples, Value(net.hop, None, "derived"), "report", because))
    model.durations.append(Duration(seconds, "s", Fraction(1), "length"))


# -- Mimi and Pocket TTS ------------------------------------------------------------------------------------------


def read_mimi(model: Model, part: Part) -> None:
    """Mimi: SEANet, a transformer, and a strided convolution down to the frame rate (modeling_mimi.py)."""
    net = _net(part.config, MIMI)
    model.sample_rate = part.rate(RATE)
    told = part.config.first("frame_rate", "_frame_rate")
    _resampled(model, part, net, _latent_stride(net, model.sample_rate.value, told), MIMI_LAYERS)
    _same_rate(model, part)
    rate = exact(told)
    if rate is not None:
        because = "the stride behind the transformer is int(rate before / frame_rate)"
        model.claims.append(declared("frame_rate", rate, "Hz", stack="encoder", because=because))


def _latent_stride(net: Seanet, sample_rate: Fraction | int, told: Cursor) -> Value[int]:
    """configuration_mimi.py, latent_stride: 2 unless the file gives a frame rate.

    Raises:
        NotComputable: the frame rate is above that of SEANet, which leaves no stride.
    """
    rate = exact(told)
    if rate is None or net.hop < 1:
        return Value(2, None, "framework default")
    stride = int(ceil(Fraction(sample_rate) / net.hop) / rate.value)
    if stride < 1:
        raise NotComputable("`frame_rate` is above the rate of the convolutions", told.where)
    return Value(stride, rate.where, "derived")


def read_pocket(model: Model, part: Part) -> None:
    """Pocket TTS: as Mimi, with ``latent_stride`` (modeling_pocket_tts_audio_tokenizer.py)."""
    net = _net(part.config, POCKET)
    model.sample_rate = part.rate(RATE)
    _resampled(model, part, net, part.config["latent_stride"].int(POCKET_STRIDE), POCKET_LAYERS)
    _same_rate(model, part)


def _resampled(model: Model, part: Part, net: Seanet, stride: Value[int], layers: int) -> None:
    """SEANet with a transformer and one resampling layer on either side of the codes."""
    window, count = part.config["sliding_window"].int(WINDOW).value, part.config["num_hidden_layers"].int(layers).value
    attention = Stage("transformer", Mixer("attention", max(window - 1, 0) * max(count, 0), 0))
    step = stride.value
    down, up = [], []
    if step > 1:
        raised = transposed_seanet(2 * step, step, is_causal=net.causal, trim_right=net.trim)
        down = [Stage("downsample", seanet(2 * step, step, is_causal=net.causal), stride.where)]
        up = [Stage("upsample", raised, stride.where)]
    latent = Factor(stride.key or "latent_stride", (step,), stride.where)
    encoder, decoder = [*net.encoder(), attention, *down], [*up, attention, *net.decoder()]
    both(model, encoder, decoder, [*net.factors, latent], [latent, *net.factors])


SEANETS: Final[dict[str, Reader]] = {
    "encodec": read_encodec,
    **dict.fromkeys(("mimi", "mimi_encoder", "mimi_decoder"), read_mimi),
    "pocket_tts_audio_tokenizer": read_pocket,
}
