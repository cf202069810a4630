"""CosyVoice (FunAudioLLM) and seed-vc's HiFT vocoder: HiFTNet in HyperPyYAML, beside the mel, f0 and token sections.

The harmonic source is built from f0 and counts as an input of its own; the field is that of the mel's way through the
generator.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import cast

from rflint.coverage import Conv, Layer, Sequence as Chain, causal, nearest
from rflint.dialects.analysis import Analysis, equal, known, paired
from rflint.dialects.generators import (
    REFLECTION_PAD,
    Lists,
    Shape,
    agree,
    body,
    decoder,
    default_lists,
    factors,
    inverse_stft,
)
from rflint.dialects.pwg_family import causal_block1
from rflint.documents import Cursor, Value
from rflint.model import Duration, Model, Stage, Tie, declared

NAME, TITLE = "cosyvoice", "CosyVoice and seed-vc (hift with istft_params)"
SCHEMA, LOADER = "cosyvoice", "ruamel"

# cosyvoice/hifigan/generator.py, HiFTGenerator
LISTS = default_lists([8, 8], [16, 16], [3, 7, 11], [[1, 3, 5]] * 3)
NAMES = ("upsample_rates", "upsample_kernel_sizes", "resblock_kernel_sizes", "resblock_dilation_sizes")
FFT, HOP, RATE, LOOK_RIGHT = 16, 4, 22050, 4
SECTIONS = (("mel_spec_transform1", "sampling_rate", "the mel loss"), ("compute_f0", "sample_rate", "f0"))

SOURCE = "a residual block of the source per upsampling stage (HiFTGenerator.source_resblocks)"
CROP = "audio is cut to whole frames (cosyvoice/dataset/processor.py, truncate)"
TOKENS = "a speech token stands for token_mel_ratio mel frames (cosyvoice/dataset/processor.py, compute_fbank)"


def recognise(root: Cursor) -> bool:
    return root["hift"].has("istft_params")


def read(root: Cursor) -> Iterator[Model]:
    hift, mel = root["hift"], root["feat_extractor"]
    analysis = analysis_of(mel)
    output = known(hift["sampling_rate"]) or Value(RATE, None, "framework default")
    model = Model(NAME, sample_rate=output)
    for transform in (mel, root["mel_spec_transform1"]):
        analysis_of(transform).describe(model)
    analysis.frontend(model, center=False)
    analysis.cropped(model, known(root["truncate"]["truncate_length"]), "crash", CROP)
    with model.deriving("hift"):
        generator(model, hift, Fraction(output.value))
        for section, what in ((mel, "the acoustic model's mel"), *((root[name], what) for name, _, what in SECTIONS)):
            hop = known(section["hop_size"])
            if hop is not None:
                because = f"{what} has one frame for every {hop.value} samples"
                model.claims.append(
                    declared("upsampling", hop, "samples", stack="hift", outcome="crash", because=because)
                )
    rates(model, root, output)
    tokens(model, root, analysis)
    yield model


def analysis_of(mel: Cursor) -> Analysis:
    """The transform of a mel section (matcha/utils/audio.py, mel_spectrogram)."""
    return Analysis.read(mel["sampling_rate"], mel["hop_size"], mel["win_size"], mel["n_fft"])


def generator(model: Model, hift: Cursor, rate: Fraction) -> None:
    """HiFTNet; in CosyVoice 3 every convolution but the first is padded on the left."""
    agree(model, hift, *NAMES)
    lists = Lists.read(hift, *NAMES, defaults=LISTS)
    shape = shape_of(hift)
    sizes = hift["istft_params"]
    fft, hop = sizes["n_fft"].int(FFT), sizes["hop_len"].int(HOP)
    overlap = "torch.istft refuses windows that do not overlap to a sum above zero"
    model.ties.append(Tie("overlap", "at most", cast(Value[object], hop), cast(Value[object], fft), "crash", overlap))
    paired(model, hift["source_resblock_kernel_sizes"], hift["upsample_rates"], SOURCE)
    stages = [*body(lists, shape), *inverse_stft(fft, hop, shape, padded=False)]
    if is_causal(hift):
        look = hift["conv_pre_look_right"].int(LOOK_RIGHT)
        stages[0] = Stage("conv_pre", Conv(look.value + 1, 1, 1, (0, look.value)), look.where)
    frame_rate = rate / (lists.factor * hop.value) if lists.factor * hop.value > 0 else None
    model.stacks.append(decoder("hift", stages, frame_rate, factors(lists, hop)))


def is_causal(hift: Cursor) -> bool:
    return "CausalHiFT" in (hift.tag or "") or hift.has("conv_pre_look_right")


def shape_of(hift: Cursor) -> Shape:
    """The pad of one frame stands in front of the last residual blocks; every dilation is read (ResBlock)."""
    plain = Shape(reads=None, before_blocks=(REFLECTION_PAD,))
    if not is_causal(hift):
        return plain
    return plain._replace(block=causal_block1, upsampler=nearest_then_causal, outer=causal)


def nearest_then_causal(kernel: int, factor: int) -> Layer:
    """CausalConv1dUpsample (cosyvoice/transformer/convolution.py)."""
    return Chain((nearest(factor), causal(kernel)))


def rates(model: Model, root: Cursor, output: Value[int]) -> None:
    """State that every section has the sample rate of the vocoder."""
    because = "all sections work on the same audio"
    places: Sequence[Cursor] = (
        root["sample_rate"],
        root["feat_extractor"]["sampling_rate"],
        root["resample"]["resample_rate"],
        *(root[name][key] for name, key, _ in SECTIONS),
    )
    for place in places:
        equal(model, known(place), output, because, "silent")


def tokens(model: Model, root: Cursor, analysis: Analysis) -> None:
    """State how many mel frames a token is, and how many samples `num_frames` counts for one."""
    rate, ratio = known(root["token_frame_rate"]), known(root["token_mel_ratio"])
    period = analysis.frame_rate
    if rate is not None and ratio is not None and period is not None:
        frames: Value[object] = Value(rate.value * ratio.value, ratio.where, "derived")
        model.ties.append(Tie("frames", "equal", frames, Value(period, None, "derived"), "crash", TOKENS))
    for name in ("compute_fbank", "compute_whisper_fbank"):
        count = known(root[name]["num_frames"])
        if count is not None and analysis.rate is not None:
            model.durations.append(Duration(count, "samples", analysis.sample_rate, "step"))
            if rate is not None:
                samples: Value[object] = Value(Fraction(analysis.rate.value, rate.value), None, "derived")
                because = "audio is padded to num_frames samples for every token"
                model.ties.append(Tie("frames", "equal", cast(Value[object], count), samples, "crash", because))
