"""What audio models are made of, in terms of `Conv` and `Transposed`: paddings by family, transforms, resampling.

Sources: the frameworks named at each function; lengths and fields are those of ``theory`` in every case measured by the
brute-force tests.
"""

from __future__ import annotations

from fractions import Fraction

from rflint.coverage.graphs import Sequence
from rflint.coverage.layers import Conv, Transposed

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


def seanet(kernel: int, stride: int = 1, dilation: int = 1, *, is_causal: bool = False) -> Conv:
    """SEANet (EnCodec, Mimi): extent - stride of padding, and as much on the right as completes the last frame.

    Causal: all of it on the left, so that an output ends with its own hop. Source: audiocraft/modules/conv.py.
    """
    total = dilation * (kernel - 1) + 1 - stride
    right = 0 if is_causal else total // 2
    return Conv(kernel, stride, dilation, (total - right, right), tail="complete")


def pool(kernel: int, stride: int | None = None, padding: int = 0, dilation: int = 1, *, ceil: bool = False) -> Conv:
    """Maximum or average pooling of torch; the stride defaults to the kernel."""
    stride = kernel if stride is None else stride
    return Conv(kernel, stride, dilation, (padding, padding), "pool", "ceil" if ceil else "drop")


def crop(left: int, right: int = 0) -> Conv:
    """Take positions off the ends; negative numbers add padding."""
    return Conv(1, 1, 1, (-left, -right), "crop" if left + right >= 0 else "pad")


def decimate(stride: int) -> Conv:
    """Every ``stride``-th position (``x[::stride]``), the first included."""
    return Conv(1, stride, 1, (0, 0), "decimate", "complete")


def stack_frames(frames: int, every: int) -> Conv:
    """Low frame rate stacking: ``frames`` joined ``every`` so many, (frames - 1) // 2 of them before the first (FunASR)."""
    left = (frames - 1) // 2
    return Conv(frames, every, 1, (left, frames - every - left), "stack", "complete")


# -- analysis -----------------------------------------------------------------------------------------------------


def framing(window: int, hop: int) -> Conv:
    """Frames that lie wholly inside the signal: Kaldi with snip_edges, librosa with center=False."""
    return Conv(window, hop, 1, (0, 0), "frames")


def kaldi_frames(window: int, hop: int) -> Conv:
    """Kaldi with snip_edges=False: frame m is centred on the middle of hop m, floor((n + hop // 2) / hop) frames."""
    left = window // 2 - hop // 2
    right = window - left - hop + hop // 2
    return Conv(window, hop, 1, (left, right), "frames", mode="reflect")


def stft(fft: int, hop: int, window: int | None = None, *, center: bool = True, padding: int | None = None) -> Conv:
    """The short-time Fourier transform: frame m reads the window that lies in the middle of its FFT.

    ``padding`` replaces the fft // 2 that ``center`` puts at both ends; (fft - hop) // 2 with center=False is what
    HiFi-GAN does. 1 + n // hop frames when centred (torch.stft).
    """
    window = fft if window is None else window
    pad = (fft // 2 if center else 0) if padding is None else padding
    lead = (fft - window) // 2
    return Conv(window, hop, 1, (pad - lead, pad - (fft - window - lead)), "frames", mode="reflect")


def pqmf_analysis(bands: int, taps: int) -> Conv:
    """A pseudo-QMF bank of ``taps`` + 1 coefficients (an even number of taps), then every ``bands``-th sample."""
    return Conv(taps + 1, bands, 1, (taps // 2, taps // 2), "pqmf")


# -- synthesis ----------------------------------------------------------------------------------------------------


def transposed(kernel: int, stride: int, padding: int = 0, output_padding: int = 0, dilation: int = 1) -> Transposed:
    """ConvTranspose1d of torch: output padding only lengthens the output on the right."""
    return Transposed(kernel, stride, dilation, (padding, padding - output_padding))


def transposed_even(kernel: int, stride: int) -> Transposed:
    """Family A, padding (kernel - stride) // 2 (HiFi-GAN, VITS): stride·T when kernel - stride is even, else stride·T + 1."""
    return transposed(kernel, stride, (kernel - stride) // 2)


def transposed_ceil(kernel: int, stride: int) -> Transposed:
    """Family A', padding (kernel - stride + 1) // 2 (so-vits-svc): stride·T, less 1 when kernel - stride is odd."""
    return transposed(kernel, stride, (kernel - stride + 1) // 2)


def transposed_pwg(kernel: int, stride: int) -> Transposed:
    """Family B, padding stride // 2 + stride % 2 and output padding stride % 2 (ParallelWaveGAN): exact when kernel = 2·stride."""
    return transposed(kernel, stride, stride // 2 + stride % 2, stride % 2)


def transposed_dac(kernel: int, stride: int) -> Transposed:
    """Family D, padding ceil(stride / 2) without output padding (DAC, Oobleck): an odd stride loses a sample."""
    return transposed(kernel, stride, -(-stride // 2))


def transposed_exact(kernel: int, stride: int) -> Transposed:
    """Family E, padding ceil(stride / 2) and output padding stride % 2 (SNAC, BigCodec): exact when kernel = 2·stride."""
    return transposed(kernel, stride, -(-stride // 2), stride % 2)


def transposed_seanet(
    kernel: int, stride: int, *, is_causal: bool = False, trim_right: Fraction | int = 1
) -> Transposed:
    """Family F, trims kernel - stride (SEANet): causal from the right by ``trim_right``, else half at each end."""
    total = kernel - stride
    right = -int(-(total * Fraction(trim_right)) // 1) if is_causal else total // 2
    return Transposed(kernel, stride, 1, (total - right, right))


def transposed_same(kernel: int, stride: int) -> Transposed:
    """ "SAME" of Keras and TensorFlow: stride·T outputs, max(kernel - stride, 0) // 2 cut from the left."""
    left = max(kernel - stride, 0) // 2
    return Transposed(kernel, stride, 1, (left, kernel - stride - left))


def nearest(factor: int) -> Transposed:
    """Every position ``factor`` times: nearest-neighbour upsampling, stretching, sub-pixel shuffles."""
    return Transposed(factor, factor, kind="upsample")


def linear(factor: int) -> Transposed:
    """Linear upsampling by a whole factor with align_corners=False: two neighbours, one where they coincide."""
    if factor % 2:
        return Transposed(2 * factor - 1, factor, 1, ((factor - 1) // 2,) * 2, "upsample")
    return Transposed(2 * factor, factor, 1, (factor // 2, factor // 2), "upsample")


def istft(fft: int, hop: int, window: int | None = None, *, center: bool = True, trim: int | None = None) -> Transposed:
    """The inverse STFT by overlap and add: hop·(T - 1) samples when centred.

    ``trim`` replaces the fft // 2 that ``center`` cuts off at both ends; (window - hop) // 2 is "same" of Vocos (hop·T).
    """
    window = fft if window is None else window
    cut = (fft // 2 if center else 0) if trim is None else trim
    lead = (fft - window) // 2
    return Transposed(window, hop, 1, (cut - lead, cut - (fft - window - lead)), "istft")


def pqmf_synthesis(bands: int, taps: int) -> Transposed:
    """The inverse of `pqmf_analysis`: ``bands`` samples for every sub-band sample."""
    return Transposed(taps + 1, bands, 1, (taps // 2, taps // 2 - bands + 1), "pqmf")


def resize(factor: Fraction) -> Sequence:
    """Nearest-neighbour resampling by a rational factor p/q: output t reads floor(t·q/p)."""
    return Sequence((nearest(factor.numerator), decimate(factor.denominator)))
