"""The networks of Music-Source-Separation-Training: how each shows itself, its transform, and its layers in time."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rflint.coverage import Conv, Layer, Mixer, Repeat, Sequence, centred, residual, stft, transposed
from rflint.dialects.asr_frontend import layers, positive
from rflint.dialects.demucs_spectrogram import FFT
from rflint.documents import Cursor, NotComputable, Value, Where
from rflint.model import Stage

# hop, window, FFT in samples, where the class has defaults
ROFORMER = 512, 2048, 2048  # models/bs_roformer/bs_roformer.py, stft_hop_length, stft_win_length, stft_n_fft
SCNET = 1024, 4096, 4096  # models/scnet/scnet.py, hop_size, win_size, nfft
SCNET_UNOFFICIAL = 1024, 4096, 4096  # models/scnet_unofficial/scnet.py, hop_length, win_length, n_fft
BANDIT = 512, 2048, 2048  # models/bandit/core/model/_spectral.py, hop_length, win_length, n_fft
BS_MAMBA = 512, 2048, 2048  # models/ts_bs_mamba2.py, stride, win
MOISES_LIGHT = 1024, 6144, 6144  # moises_light, hop_size, win_size, n_fft
CONFORMER = 1024, 4096, 4096  # models/conformer_model.py, hop_length, win_length, n_fft
DEEPEST = 20


class Transform(NamedTuple):
    """An STFT in samples. ``stated_twice``: its hop is a key of the network, beside ``audio.hop_length``."""

    hop: Value[int]
    window: Value[int]
    fft: Value[int]
    stated_twice: bool = False
    center: bool = True

    def stage(self) -> Stage:
        size = max(self.fft.value, self.window.value)
        layer = stft(size, self.hop.value, self.window.value, center=self.center)
        return Stage("stft", layer, self.hop.where or self.window.where)


class Kind(NamedTuple):
    """A kind of network.

    ``network`` finds the mapping that describes it; ``exact`` tells whether its inverse STFT gives a chunk back only
    when that is a whole number of hops; ``seconds``: it separates excerpts of ``training.segment``; ``halves``: a U-Net
    in time.
    """

    name: str
    network: Callable[[Cursor], Cursor | None]
    transform: Callable[[Cursor, Cursor], Transform]
    layers: Callable[[Cursor], list[Stage]]
    exact: Callable[[Cursor], bool] = lambda net: False
    seconds: bool = False
    halves: bool = False


def _holding(*keys: str, section: str = "model") -> Callable[[Cursor], Cursor | None]:
    """The section, when it holds all the keys."""
    return lambda root: root[section] if root[section].has(*keys) else None


def _named(*names: str) -> Callable[[Cursor], Cursor | None]:
    """The mapping that ``model`` names."""

    def network(root: Cursor) -> Cursor | None:
        name = root["model"].value
        return root[name] if isinstance(name, str) and name in names and root[name].is_mapping() else None

    return network


# -- transforms ---------------------------------------------------------------------------------------------------


def _keys(hop: str, window: str, fft: str, defaults: tuple[int, int, int]) -> Callable[[Cursor, Cursor], Transform]:
    """A transform by three keys of the network."""
    step, length, size = defaults

    def transform(root: Cursor, net: Cursor) -> Transform:
        points = net[fft].int(size)
        twice, center = hop.startswith("stft"), net["center"].bool(True).value
        return Transform(net[hop].int(step), net[window].int(length), points, twice, center)

    return transform


def _of_audio(root: Cursor, net: Cursor) -> Transform:
    """The window is as long as the FFT (models/mdx23c_tfc_tdf_v3.py, STFT)."""
    audio = root["audio"]
    return Transform(audio["hop_length"].int(), audio["n_fft"].int(), audio["n_fft"].int())


def _of_section(root: Cursor, net: Cursor) -> Transform:
    """The section ``stft``; the window is as long as the FFT unless it is stated."""
    section, (step, _, size) = root["stft"], CONFORMER
    fft = section["n_fft"].int(size)
    window, center = section["win_length"].int(fft.value), section["center"].bool(True).value
    return Transform(section["hop_length"].int(step), window, fft, center=center)


def _apollo(root: Cursor, net: Cursor) -> Transform:
    """``win`` in milliseconds: int(sr · win // 1000) samples, and half of them as hop (look2hear/models/apollo.py)."""
    window = positive(net["sr"].int()).value * positive(net["win"].int()).value // 1000
    length = positive(Value(window, net["win"].where, "derived"))
    return Transform(positive(Value(window // 2, net["win"].where, "derived")), length, length)


def _quarter(root: Cursor, net: Cursor) -> Transform:
    fft = net["nfft"].int(FFT)
    return Transform(Value(fft.value // 4, fft.where, "derived"), fft, fft)


# -- layers -------------------------------------------------------------------------------------------------------


def _across(name: str) -> Callable[[Cursor], list[Stage]]:
    """Something that looks along the whole chunk."""
    return lambda net: [Stage(name, Mixer(name), None)]


def _frames_alone(net: Cursor) -> list[Stage]:
    """Layers over time that are not derived: the transform stands for itself."""
    raise NotComputable("the layers over time behind the transform are not derived", net.where)


def _band_sequence(net: Cursor) -> list[Stage]:
    """Apollo: attention runs over bands; over time three residual convolutions of 7 a layer (look2hear/models/apollo.py)."""
    count = layers(net["layer"])
    return [Stage("seq_net", Repeat(3 * count.value, residual(centred(7))), count.where)]


def unet_factor(net: Cursor) -> Value[int]:
    """Frames that one position at the bottom of the U-Net stands for."""
    depth, (scale, where) = positive(net["num_scales"].int(), DEEPEST).value, _scale(net)
    return Value(scale**depth, where, "derived")


def _scale(net: Cursor) -> tuple[int, Where]:
    scale = net["scale"]
    if not scale.is_list():
        raise NotComputable("`scale` is no pair of factors (time, frequency)", scale.where)
    return positive(scale[0].int(), 1000).value, scale[0].where


def _tfc_tdf(net: Cursor) -> list[Stage]:
    """TFC-TDF v3: at each scale blocks of two convolutions of 3; a skip around all that is below it."""
    scale, where = _scale(net)
    blocks = Repeat(2 * layers(net["num_blocks_per_scale"]).value, Conv(3, padding=(1, 1)))
    inner: Layer = blocks
    for _ in range(positive(net["num_scales"].int(), DEEPEST).value):
        below = residual(Conv(scale, scale), inner, transposed(scale, scale))
        inner = Sequence((blocks, below, blocks))
    return [Stage("U-Net", inner, where), *_norm(net["norm"])]


def _norm(norm: Cursor) -> list[Stage]:
    """Statistics of the chunk, unless they are those of the training set (models/mdx23c_tfc_tdf_v3.py, get_norm)."""
    over_time = "InstanceNorm" in str(norm.value) or "GroupNorm" in str(norm.value)
    return [Stage("norm", Mixer("norm over time"), norm.where)] if over_time else []


def _mel_without_length(net: Cursor) -> bool:
    """models/bs_roformer/mel_band_roformer.py passes ``length`` only when match_input_audio_length is set."""
    return not net["match_input_audio_length"].bool(False).value


_ROFORMER_KEYS = _keys("stft_hop_length", "stft_win_length", "stft_n_fft", ROFORMER)

KINDS: tuple[Kind, ...] = (
    Kind("mdx23c", _holding("num_scales", "scale", "num_blocks_per_scale"), _of_audio, _tfc_tdf, lambda net: True,
         halves=True),
    Kind("bs_roformer", _holding("stft_hop_length", "freqs_per_bands"), _ROFORMER_KEYS, _across("attention")),
    Kind("mel_band_roformer", _holding("stft_hop_length", "num_bands"), _ROFORMER_KEYS, _across("attention"),
         _mel_without_length),
    Kind("bs_mamba2", _holding("stft_hop_length"), _ROFORMER_KEYS, _across("state space")),
    Kind("scnet", _holding("band_SR", "band_stride"), _keys("hop_size", "win_size", "nfft", SCNET), _across("LSTM")),
    Kind("scnet_unofficial", _holding("downsample_strides", "n_conv_modules"),
         _keys("hop_length", "win_length", "n_fft", SCNET_UNOFFICIAL), _across("LSTM")),
    Kind("bandit", _holding("n_sqm_modules"), _keys("hop_length", "win_length", "n_fft", BANDIT), _across("LSTM")),
    Kind("bandit_v2", _holding("n_sqm_modules", section="kwargs"),
         _keys("hop_length", "win_length", "n_fft", BANDIT), _across("LSTM")),
    Kind("apollo", _holding("sr", "win", "feature_dim", "layer"), _apollo, _band_sequence),
    Kind("ts_bs_mamba2", _holding("sr", "win", "stride", "num_repeat_mask"),
         _keys("stride", "win", "win", BS_MAMBA), _across("state space")),
    Kind("moises_light", _holding("n_bands", "hop_size", "win_size"),
         _keys("hop_size", "win_size", "n_fft", MOISES_LIGHT), _across("attention")),
    Kind("segm_models", _holding("num_subbands"), _of_audio, _frames_alone, lambda net: True),
    Kind("htdemucs", _named("htdemucs"), _quarter, _frames_alone, seconds=True),
    Kind("hdemucs", _named("hdemucs"), _quarter, _frames_alone, seconds=True),
    Kind("conformer", _holding("hop_length", "n_fft", section="stft"), _of_section, _across("attention")),
)  # fmt: skip
"""Every kind, the one with more telling keys before the one with fewer."""
