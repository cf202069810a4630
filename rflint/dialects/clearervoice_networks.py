"""The networks of ClearerVoice-Studio that a config chooses by name: what their analysis is, and what they rely on.

Sources: modelscope/ClearerVoice-Studio, train/speech_{enhancement,separation,super_resolution} (networks.py, models,
dataloader, utils/decode.py, utils/misc.py) and their copies in clearvoice. All of them look at the whole utterance:
squeeze and excitation in FRCRN (frcrn/se_layer.py), linear attention over all groups in MossFormer2
(mossformer2_block.py), attention over all frames in MossFormerGAN (generator.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from rflint.coverage import Conv, centred, framing
from rflint.dialects.analysis import known
from rflint.dialects.asr_frontend import Frames, ms_truncated, positive, tie
from rflint.dialects.speech_facts import Features, counted, maybe, over_utterance
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Model, Stage

RATE, WINDOW, HOP, FFT, MELS, KERNEL = 16000, 400, 100, 512, 60, 16
"""The defaults of train.py and inference.py; training has none for the window."""
FRCRN_FFT, MOSSFORMER_FFT, MOSSFORMER_MELS = 640, 1920, 60
"""Sizes that stand in the networks: frcrn/unet.py comes back to 321 bins alone, and mossformer2_se_wrapper.py takes 180
features to 961 bins."""

STFT = "torch.stft and the kernels of conv_stft.py refuse a window longer than the FFT"
UNET = "the U-Net leads from 321 bins to the one that its FSMN takes, and back (frcrn/unet.py)"
MASK = "the mask has 961 bins (mossformer2_se_wrapper.py) and multiplies the spectrum"
MEL = "the network takes 180 features: 60 bands with two deltas (mossformer2_se_wrapper.py)"
HALVED = "the encoder halves the bins and the decoder doubles them, which needs an odd number (generator.py)"
LINED_UP = "the mask, a frame for every one of the filter bank, multiplies the spectrum, a frame every win_inc"
WHOLE = "counted in samples: without padding the transform gives back (frames - 1) × win_inc + win_len, {}"
COMPARED = "which the loss compares with the crop (losses/loss.py)"
WRITTEN = "which decoding writes into windows (utils/decode.py), once an input is longer than one_time_decode_length"


def read_network(dialect: str, root: Cursor) -> Model:
    """The model of a config whose ``network`` is one of `NETWORKS`."""
    name = root["network"].str().value
    model = Model(dialect, name, sample_rate=known(root["sampling_rate"], None if name in OTHERWISE else RATE))
    for key in ("max_length", "decode_window"):
        counted(model, root[key], "s", 1)
    with model.deriving("encoder"):
        NETWORKS[name](model, root)
    return model


# -- over spectra -------------------------------------------------------------------------------------------------


def _frames(model: Model, root: Cursor) -> Frames:
    """The STFT, with the facts that hold for every network. Raises `NotComputable` where a size is not known."""
    rate = positive(root["sampling_rate"].int(RATE))
    trained = root["mode"].value == "train"
    window = positive(root["win_len"].int() if trained else root["win_len"].int(WINDOW))
    frames = Frames(rate, window, positive(root["win_inc"].int(HOP)), positive(root["fft_len"].int(FFT)))
    counted(model, root["win_inc"], "samples", rate.value, "step")
    counted(model, root["win_len"], "samples", rate.value, "window")
    counted(model, root["fft_len"], "samples", rate.value, "window")
    frames.state(model, STFT)
    return frames


def _even(fft: Value[int] | None) -> Value[int]:
    """An FFT size that makes as many bins as the file's: an odd one makes those of the even one below."""
    size = fft.value if fft else 0
    return Value(size - size % 2, fft.where if fft else None, "derived")


def _frcrn(model: Model, root: Cursor) -> None:
    frames = _frames(model, root)
    tie(model, "bins", "equal", _even(frames.fft), Value(FRCRN_FFT, None, "derived"), "crash", UNET)
    for key, why in (("max_length", COMPARED), ("decode_window", WRITTEN)):
        _given_back(model, frames, root[key], WHOLE.format(why))
    stft = Stage("stft", framing(frames.window.value, frames.hop.value), frames.hop.where)
    _over(model, root, Features(frames.rate, frames.hop, (stft,)), "squeeze and excitation")


def _given_back(model: Model, frames: Frames, seconds: Cursor, because: str) -> None:
    """State that a length in seconds is one that the transform without padding gives back."""
    length = maybe(seconds.number)
    if length is None:
        return
    whole, window, hop = int(length.value * frames.rate.value), frames.window.value, frames.hop.value
    if whole >= window:
        made = Value((whole - window) // hop * hop + window, None, "derived")
        tie(model, "frames", "equal", Value(whole, length.where, "derived"), made, "crash", because)


def _mossformer_gan(model: Model, root: Cursor) -> None:
    frames = _frames(model, root)
    tie(model, "bins", "multiple", _even(frames.fft), Value(4, None, "derived"), "crash", HALVED)
    stft = frames.centred("stft", mirrored=True)
    _over(model, root, Features(frames.rate, frames.hop, (stft,)), "attention over all frames")


def _mossformer2_se(model: Model, root: Cursor) -> None:
    """A mask for a spectrum without padding, made from Kaldi's filter bank, its deltas and theirs."""
    frames = _frames(model, root)
    tie(model, "bins", "equal", _even(frames.fft), Value(MOSSFORMER_FFT, None, "derived"), "crash", MASK)
    tie(model, "bins", "equal", root["num_mels"].int(MELS), Value(MOSSFORMER_MELS, None, "derived"), "crash", MEL)
    rounding = _whole_ms if root["mode"].value == "train" else _broken_ms
    window, hop = (_fbank(size, frames.rate, rounding) for size in (frames.window, frames.hop))
    tie(model, "frames", "equal", frames.hop, Value(hop.value, None, "derived"), "crash", LINED_UP)
    fbank = Stage("fbank", framing(window.value, hop.value), hop.where)
    deltas = [Stage(name, centred(5)) for name in ("deltas", "deltas of deltas")]  # torchaudio compute_deltas
    _over(model, root, Features(frames.rate, hop, (fbank, *deltas)), "attention over all groups")


def _fbank(size: Value[int], rate: Value[int], rounding: Callable[[float, int], int]) -> Value[int]:
    """The samples that Kaldi's filter bank makes of a size that it gets in milliseconds."""
    return positive(Value(rounding(float(size.value), rate.value), size.where, "derived"))


def _broken_ms(size: float, rate: int) -> int:
    """Inference: the quotient as it is (utils/misc.py, compute_fbank)."""
    return ms_truncated(size / rate * 1000, rate)


def _whole_ms(size: float, rate: int) -> int:
    """Training: whole milliseconds (dataloader.py, Fbank_Processor)."""
    return ms_truncated(int(size / rate * 1000), rate)


# -- over waveforms -----------------------------------------------------------------------------------------------


def _mossformer2_ss(model: Model, root: Cursor) -> None:
    """A learnt encoder with half of its kernel as the stride (mossformer2.py, Encoder)."""
    rate, kernel = positive(root["sampling_rate"].int(RATE)), positive(root["encoder_kernel_size"].int(KERNEL))
    hop = positive(Value(kernel.value // 2, kernel.where, "derived"))
    encoder = Stage("encoder", Conv(kernel.value, hop.value), kernel.where)
    _over(model, root, Features(rate, hop, (encoder,)), "attention over all groups")


def _elsewhere(model: Model, root: Cursor) -> None:
    raise NotComputable("the analysis stands in the file that `config_json` names", root["config_json"].where)


def _over(model: Model, root: Cursor, features: Features, mixer: str) -> None:
    model.stacks.append(features.encoder("network", [over_utterance(mixer, root["network"].where)]))


OTHERWISE: Final = ("MossFormer2_SR_48K",)
"""Networks whose sample rate has no default, since another file gives it."""

NETWORKS: Final[Mapping[str, Callable[[Model, Cursor], None]]] = {
    "FRCRN_SE_16K": _frcrn,
    "MossFormerGAN_SE_16K": _mossformer_gan,
    "MossFormer2_SE_48K": _mossformer2_se,
    "MossFormer2_SS_16K": _mossformer2_ss,
    "MossFormer2_SS_8K": _mossformer2_ss,
    "MossFormer2_SR_48K": _elsewhere,
}
