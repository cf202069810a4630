"""The envelope ``{train, data, model}`` of VITS and its children: what they share in the file and in the net.

Sources: jaywalnut310/vits models.py, train.py, mel_processing.py. Every child keeps the decoder of HiFi-GAN (or one with
an inverse STFT) and the posterior encoder.
"""

from __future__ import annotations

from fractions import Fraction
from typing import cast

from rflint.coverage import Repeat, same, transposed_even
from rflint.dialects import flat_hifigan as flat
from rflint.dialects.analysis import Analysis, known
from rflint.dialects.generators import (
    Lists,
    Upsampler,
    body,
    hifigan,
    hifigan_shape,
    inverse_sizes,
    inverse_stft,
    sub_bands,
)
from rflint.documents import Cursor, Value
from rflint.model import Model, Stack, Stage, Tie

PRODUCT = "the output of segment_size // hop_length frames is compared with segment_size samples (train.py)"
CROP = "the recording is cut to segment_size samples, the latents to segment_size // hop_length frames (train.py)"
POSTERIOR = (5, 16)  # models.py SynthesizerTrn: PosteriorEncoder(..., kernel_size 5, dilation_rate 1, n_layers 16)
SUB_BANDS = 4  # pqmf.py PQMF(subbands=4); the post filter of multi-stream models takes as many in forks as there are


def is_envelope(root: Cursor) -> bool:
    """True for the envelope, or a fragment of it that still holds the decoder's lists.

    ``istft_layer`` is of EveryVoice, whose spec-to-wav files hold the lists below ``model`` too, and ``istft_n_fft`` of
    vtuber-plan's iSTFTNet, a vocoder.
    """
    net = root["model"]
    if not net[flat.RATES].is_list() or root.has("preprocess") or net.has("istft_layer") or net.has("istft_n_fft"):
        return False
    return root["data"].is_mapping() or net.has(flat.KERNELS)


def analysis_of(root: Cursor) -> Analysis:
    """Sample rate, hop, window and FFT by their names in this family."""
    data = root["data"]
    rate = data.first("sampling_rate", "sample_rate")
    return Analysis.read(rate, data["hop_length"], data["win_length"], data["filter_length"])


def describe(model: Model, root: Cursor, analysis: Analysis) -> None:
    """The facts about analysis and crop, and the posterior encoder on top of the spectrogram."""
    analysis.describe(model)
    analysis.frontend(model, center=False)
    analysis.below_nyquist(model, root["data"]["mel_fmax"])
    flat.whole_frames(model, analysis)
    analysis.cropped(model, known(root["train"]["segment_size"]), "crash", CROP)
    spectrogram = model.stack("frontend")
    if spectrogram is not None:
        kernel, layers = POSTERIOR
        stages = [*spectrogram.stages, Stage("enc_q", Repeat(layers, same(kernel)))]
        with model.deriving("posterior encoder"):
            model.stacks.append(
                Stack("context", "enc_q", stages, input_rate=analysis.sample_rate, factors=spectrogram.factors)
            )


def begin(dialect: str, root: Cursor) -> tuple[Model, Analysis]:
    """A model of the envelope with its analysis described."""
    analysis = analysis_of(root)
    model = Model(dialect, sample_rate=analysis.rate)
    describe(model, root, analysis)
    return model, analysis


def decode(
    model: Model,
    net: Cursor,
    analysis: Analysis,
    *,
    upsampler: Upsampler = transposed_even,
    typed: bool = True,
    because: str = PRODUCT,
    amount: Fraction | None = None,
) -> Lists:
    """The decoder of HiFi-GAN; ``typed`` tells whether ``resblock`` is read, else the block is of type 1.

    Raises:
        NotComputable: a list is missing or of another type.
    """
    lists = flat.read_lists(model, net)
    shape = flat.shape_of(net) if typed else hifigan_shape("1")
    if typed:
        flat.read_dilations(model, net, lists)
    stages = hifigan(lists, shape._replace(upsampler=upsampler))
    flat.generator(model, analysis, lists, stages, because=because, amount=amount)
    return lists


def decode_inverse(model: Model, net: Cursor, analysis: Analysis, *, banded: bool) -> None:
    """The decoder of iSTFT-VITS; ``banded`` with four sub-bands behind the inverse STFT (multi-band, multi-stream).

    Raises:
        NotComputable: a list or a size is missing.
    """
    lists = flat.read_lists(model, net)
    flat.read_dilations(model, net, lists)
    shape = flat.shape_of(net)
    fft, hop = inverse_sizes(model, net["gen_istft_n_fft"], net["gen_istft_hop_size"])
    stages = [*body(lists, shape), *inverse_stft(fft, hop, shape)]
    bands = net["subbands"].int() if banded else None
    if bands is not None:
        if net["mb_istft_vits"].value is True or net["type_"].value == "mb-istft":
            because = "the filter bank is built for four sub-bands (pqmf.py, PQMF)"
            four: Value[object] = Value(SUB_BANDS, None, "derived")
            model.ties.append(Tie("bins", "equal", cast(Value[object], bands), four, "crash", because))
        stages.append(sub_bands(bands))
    flat.generator(model, analysis, lists, stages, hop, bands, because=PRODUCT)


def period(model: Model, analysis: Analysis, frames: int, because: str) -> None:
    """State that the hop is one ``frames``-th of a second, since other features come at that rate (Hz)."""
    if analysis.hop is not None and analysis.rate is not None:
        wanted: Value[object] = Value(Fraction(analysis.rate.value, frames), None, "derived")
        model.ties.append(Tie("frames", "equal", cast(Value[object], analysis.hop), wanted, "crash", because))
