"""What audio models are made of, in terms of `Conv` and `Transposed`: paddings by family, transforms, resampling.

Sources: the frameworks named at each function.
"""

from __future__ import annotations

from fractions import Fraction

from rflint.coverage.indices import Mode
from rflint.coverage.layers import Conv, Layer, Splice, Transposed
from rflint.coverage.resampling import Interpolated

PERIODIC_HANN, SYMMETRIC_HANN = (1, 0), (1, 1)
"""Taps of a window that are exactly zero, at its left and its right end (povey as symmetric Hann; Hamming: none)."""

# -- convolutions that keep or divide the length ------------------------------------------------------------------


def centred(kernel: int, stride: int = 1, dilation: int = 1) -> Conv:
    """Padding dilation·(kernel - 1) // 2 at both ends: HiFi-GAN's get_padding, NeMo's get_same_padding.

    An even extent shortens the output by one.
    """
    pad = dilation * (kernel - 1) // 2
    return Conv(kernel, stride, dilation, (pad, pad))


def same(kernel: int, dilation: int = 1) -> Conv:
    """``padding="same"`` of torch (stride 1 only): an odd zero goes to the right."""
    total = dilation * (kernel - 1)
    return Conv(kernel, 1, dilation, (total // 2, total - total // 2))


def causal(kernel: int, stride: int = 1, dilation: int = 1) -> Conv:
    """All padding on the left, dilation·(kernel - 1) of it: Keras "causal", AudioDec, WaveNet."""
    return Conv(kernel, stride, dilation, (dilation * (kernel - 1), 0))


def anticausal(kernel: int, stride: int = 1, dilation: int = 1) -> Conv:
    """All padding on the right: an output looks ahead only (the look-ahead convolution of Deep Speech 2)."""
    return Conv(kernel, stride, dilation, (0, dilation * (kernel - 1)))


def seanet(kernel: int, stride: int = 1, dilation: int = 1, *, is_causal: bool = False) -> Conv:
    """SEANet (EnCodec, Mimi): extent - stride of padding, and as much on the right as completes the last frame.

    Causal: all of it on the left, so that an output ends with its own hop. Source: audiocraft/modules/conv.py.
    """
    total = dilation * (kernel - 1) + 1 - stride
    right = 0 if is_causal else total // 2
    return Conv(kernel, stride, dilation, (total - right, right), tail="complete")


def splice(offsets: tuple[int, ...], stride: int = 1) -> Splice:
    """Frames at some offsets joined, an output for every ``stride`` of them: a TDNN layer with its ends padded."""
    return Splice(offsets, stride, (-min(offsets, default=0), max(offsets, default=0)))


def pool(kernel: int, stride: int | None = None, padding: int = 0, dilation: int = 1, *, ceil: bool = False) -> Conv:
    """Maximum or average pooling of torch; the stride defaults to the kernel."""
    stride = kernel if stride is None else stride
    return Conv(kernel, stride, dilation, (padding, padding), "pool", "ceil" if ceil else "drop")


def crop(left: int, right: int = 0) -> Conv:
    """Take positions off the ends; negative numbers add padding."""
    return Conv(1, 1, 1, (-left, -right), "crop" if left + right >= 0 else "pad")


def pad(left: int, right: int = 0, mode: Mode = "zeros") -> Conv:
    """Add positions at the ends."""
    return Conv(1, 1, 1, (left, right), "pad", mode=mode)


def decimate(stride: int) -> Conv:
    """Every ``stride``-th position (``x[::stride]``), the first included."""
    return Conv(1, stride, 1, (0, 0), "decimate")


def stack_frames(frames: int, every: int) -> Conv:
    """Low frame rate stacking: ``frames`` joined ``every`` so many, (frames - 1) // 2 of them before the first (FunASR)."""
    left = (frames - 1) // 2
    return Conv(frames, every, 1, (left, frames - every - left), "stack", "complete", "replicate")


# -- analysis -----------------------------------------------------------------------------------------------------


def framing(window: int, hop: int) -> Conv:
    """Frames that lie wholly inside the signal: Kaldi with snip_edges, librosa with center=False."""
    return Conv(window, hop, 1, (0, 0), "frames")


def kaldi_frames(window: int, hop: int) -> Conv:
    """Kaldi with snip_edges=False: frame m is centred on the middle of hop m, floor((n + hop // 2) / hop) frames."""
    left = window // 2 - hop // 2
    right = window - left - hop + hop // 2
    return Conv(window, hop, 1, (left, right), "frames", mode="symmetric")


def stft(
    fft: int,
    hop: int,
    window: int | None = None,
    *,
    center: bool = True,
    padding: int | None = None,
    mode: Mode = "reflect",
    zero_taps: tuple[int, int] = (0, 0),
) -> Conv:
    """The short-time Fourier transform: frame m reads the window that lies in the middle of its FFT.

    ``padding`` replaces the fft // 2 that ``center`` puts at both ends; (fft - hop) // 2 with center=False is what
    HiFi-GAN does. 1 + n // hop frames when centred (torch.stft). ``zero_taps`` (`PERIODIC_HANN`) leaves out the taps of
    the window that are exactly zero; the nominal window counts them.
    """
    window = fft if window is None else window
    edge = (fft // 2 if center else 0) if padding is None else padding
    lead = (fft - window) // 2
    left, right = edge - lead - zero_taps[0], edge - (fft - window - lead) - zero_taps[1]
    least = edge + 1 if mode == "reflect" else 1
    return Conv(window - sum(zero_taps), hop, 1, (left, right), "frames", mode=mode, least=least)


def mirrored(layer: Layer) -> Layer:
    """The layer with reflection in the padding of every convolution in it, which asks for an input longer than that."""
    if isinstance(layer, Conv):
        return layer._replace(mode="reflect") if any(layer.padding) else layer
    return layer.rebuilt(tuple(map(mirrored, layer.parts))) if layer.parts else layer


def pqmf_analysis(bands: int, taps: int) -> Conv:
    """A pseudo-QMF bank of ``taps`` + 1 coefficients (an even number of taps), then every ``bands``-th sample."""
    return Conv(taps + 1, bands, 1, (taps // 2, taps // 2 - bands + 1), "pqmf")


# -- synthesis: transposed convolutions, by what they cut off -----------------------------------------------------


def transposed(kernel: int, stride: int, padding: int = 0, output_padding: int = 0, dilation: int = 1) -> Transposed:
    """ConvTranspose1d of torch: output padding only lengthens the output on the right."""
    return Transposed(kernel, stride, dilation, (padding, padding - output_padding))


def transposed_even(kernel: int, stride: int) -> Transposed:
    """Padding (kernel - stride) // 2 (HiFi-GAN, VITS, BigVGAN): stride·T, and 1 more when kernel - stride is odd."""
    return transposed(kernel, stride, (kernel - stride) // 2)


def transposed_ceil(kernel: int, stride: int) -> Transposed:
    """Padding (kernel - stride + 1) // 2 (so-vits-svc): stride·T, and 1 less when kernel - stride is odd."""
    return transposed(kernel, stride, (kernel - stride + 1) // 2)


def transposed_pwg(kernel: int, stride: int) -> Transposed:
    """Padding stride // 2 + stride % 2, output padding stride % 2 (ParallelWaveGAN, UnivNet): exact when kernel = 2·stride."""
    return transposed(kernel, stride, stride // 2 + stride % 2, stride % 2)


def transposed_exact(kernel: int, stride: int) -> Transposed:
    """Padding ceil(stride / 2), output padding stride % 2 (SNAC, BigCodec): the rule of `transposed_pwg`."""
    return transposed_pwg(kernel, stride)


def transposed_dac(kernel: int, stride: int) -> Transposed:
    """Padding ceil(stride / 2), no output padding (DAC, Oobleck): with kernel = 2·stride an odd stride loses a sample."""
    return transposed(kernel, stride, -(-stride // 2))


def transposed_by_parity(kernel: int, stride: int) -> Transposed:
    """The HiFi-GAN rule for even strides, the ParallelWaveGAN rule for odd ones (Applio, hifigan_nsf.py)."""
    return transposed_pwg(kernel, stride) if stride % 2 else transposed_even(kernel, stride)


def transposed_balanced(kernel: int, stride: int) -> Transposed:
    """Padding (kernel - stride + 1) // 2, output padding (kernel - stride) % 2 (NeMo codecs): stride·T always."""
    return transposed(kernel, stride, (kernel - stride + 1) // 2, (kernel - stride) % 2)


def transposed_repeated(kernel: int, stride: int, frames: int = 1) -> Transposed:
    """The first frame repeated ``frames`` times in front, then ``stride`` cut from both ends: causal when kernel = 2·stride.

    One frame in causal ParallelWaveGAN, ceil(kernel / stride) - 1 in AudioDec. Source: layers/causal_conv.py.
    """
    return Transposed(kernel, stride, 1, (stride - frames * stride, stride))


def transposed_seanet(
    kernel: int, stride: int, *, is_causal: bool = False, trim_right: Fraction | int = 1
) -> Transposed:
    """kernel - stride cut off (SEANet): causal from the right by ``trim_right``, else half at each end; stride·T always."""
    total = kernel - stride
    right = -int(-(total * Fraction(trim_right)) // 1) if is_causal else total // 2
    return Transposed(kernel, stride, 1, (total - right, right))


def transposed_causal(kernel: int, stride: int) -> Transposed:
    """kernel - stride cut off at the right (Qwen3-TTS, Mimi): stride·T, reading nothing ahead."""
    return Transposed(kernel, stride, 1, (0, kernel - stride))


def transposed_overcut(kernel: int, stride: int) -> Transposed:
    """kernel - stride cut off at both ends (Qwen3-Omni code2wav): stride·(T - 1) when kernel = 2·stride."""
    return Transposed(kernel, stride, 1, (kernel - stride, kernel - stride))


def transposed_same(kernel: int, stride: int) -> Transposed:
    """ "SAME" of Keras and TensorFlow: stride·T always, max(kernel - stride, 0) // 2 cut from the left."""
    left = max(kernel - stride, 0) // 2
    return Transposed(kernel, stride, 1, (left, kernel - stride - left))


# -- synthesis: interpolation and transforms ----------------------------------------------------------------------


def nearest(factor: int) -> Transposed:
    """Every position ``factor`` times: nearest-neighbour upsampling, stretching, sub-pixel shuffles."""
    return Transposed(factor, factor, kind="upsample")


def linear(factor: int) -> Transposed:
    """Linear upsampling by a whole factor with align_corners=False: two neighbours, one where they coincide."""
    if factor % 2:
        return Transposed(2 * factor - 1, factor, 1, ((factor - 1) // 2,) * 2, "upsample")
    return Transposed(2 * factor, factor, 1, (factor // 2, factor // 2), "upsample")


def resize(factor: Fraction | int, *, linearly: bool = False) -> Layer:
    """Resampling by a rational factor as torch's interpolate: floor(factor·T) outputs.

    Output t reads floor(t / factor); ``linearly`` it reads both neighbours of (t + 1/2) / factor - 1/2.
    """
    step = 1 / Fraction(factor) if factor > 0 else Fraction(0)
    return Interpolated(step, (step - 1) / 2, 2) if linearly else Interpolated(step)


def istft(
    fft: int,
    hop: int,
    window: int | None = None,
    *,
    center: bool = True,
    trim: int | None = None,
    zero_taps: tuple[int, int] = (0, 0),
) -> Transposed:
    """The inverse STFT by overlap and add: hop·(T - 1) samples when centred.

    ``trim`` replaces the fft // 2 that ``center`` cuts off at both ends; (window - hop) // 2 is "same" of Vocos (hop·T).
    ``zero_taps`` as in `stft`.
    """
    window = fft if window is None else window
    cut = (fft // 2 if center else 0) if trim is None else trim
    lead = (fft - window) // 2
    left, right = cut - lead - zero_taps[0], cut - (fft - window - lead) - zero_taps[1]
    return Transposed(window - sum(zero_taps), hop, 1, (left, right), "istft")


def pqmf_synthesis(bands: int, taps: int) -> Transposed:
    """The inverse of `pqmf_analysis`: ``bands`` samples for every sub-band sample."""
    return Transposed(taps + 1, bands, 1, (taps // 2, taps // 2 - bands + 1), "pqmf")
