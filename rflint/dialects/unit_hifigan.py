"""Unit HiFi-GAN: speech from discrete codes (facebookresearch/speech-resynthesis, fairseq CodeHiFiGAN).

`code_hop_size` is the frame step; `hop_size`, `n_fft` and `win_size` parameterise the mel loss alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

from rflint.dialects import flat_hifigan as flat, jukebox
from rflint.dialects.analysis import Analysis, known
from rflint.dialects.generators import V1, decoder, factors, hifigan
from rflint.documents import Cursor, Value
from rflint.model import Duration, Factor, Model, Stack, Tie, declared

NAME, TITLE = "unit_hifigan", "unit HiFi-GAN (flat JSON with code_hop_size or num_embeddings)"
SCHEMA, LOADER = "hifigan", "pyyaml"

F0_HOP = 80  # speech-resynthesis dataset.py get_yaapt_f0: frame_space 20 ms, then audio.shape[-1] // 80
PRODUCT = "the audio is cut to codes x code_hop_size samples (dataset.py), and the loss compares the output with it"
CROP = "the crop is rounded down to whole codes (dataset.py _sample_interval)"
REPEAT = (
    "the slower of codes and f0 is repeated a whole number of times, else NotImplementedError (models.py _upsample)"
)
ENCODER = "the code encoder must give a code every code_hop_size samples"


def recognise(root: Cursor) -> bool:
    return flat.is_flat(root) and (root.has("code_hop_size") or root.has("num_embeddings"))


def read(root: Cursor) -> Iterator[Model]:
    analysis = flat.analysis_of(root)
    model = Model(NAME, sample_rate=analysis.rate)
    analysis.describe(model)
    flat.dead_bins(model, root)
    hop = known(root["code_hop_size"])
    if hop is not None:
        model.durations.append(Duration(hop, "samples", analysis.sample_rate, "step"))
        crops(model, root, hop, analysis)
    with model.deriving("code encoder"):
        code_encoder(model, root["code_encoder_params"], hop, analysis.sample_rate)
    with model.deriving("generator"):
        lists = flat.read_lists(model, root)
        # fairseq builds the three-dilation block whatever `resblock` says (hifigan.py)
        shape = V1 if hop is None else flat.shape_of(root)
        step = hop.value if hop else lists.factor
        rate = Fraction(analysis.rate.value, step) if analysis.rate and step else None
        model.stacks.append(decoder("generator", hifigan(lists, shape), rate, factors(lists)))
        if hop is not None:
            model.claims.append(
                declared("upsampling", hop, "samples", stack="decoder", outcome="crash", because=PRODUCT)
            )
    flat.of_fragment(model, root, hop)
    yield model


def crops(model: Model, root: Cursor, hop: Value[int], analysis: Analysis) -> None:
    """The crop against codes, and against quantised f0 where it is a condition."""
    crop = known(root["segment_size"])
    analysis.lasting(model, crop)
    if crop is None:
        return
    left = cast(Value[object], crop)
    model.ties.append(Tie("segment", "multiple", left, cast(Value[object], hop), "repaired", CROP))
    with model.deriving("f0"):
        if root["f0"].value is True and root["f0_quantizer"].is_mapping():
            code = jukebox.downsampling(root["f0_quantizer"]["f0_encoder_params"])
            step: Value[object] = Value(F0_HOP * code.value, code.where, "derived")
            model.ties.append(Tie("segment", "multiple", left, step, "crash", REPEAT))


def code_encoder(model: Model, params: Cursor, hop: Value[int] | None, rate: Fraction | None) -> None:
    """The VQ-VAE that makes the codes of the waveform, where it is learnt together with the vocoder."""
    if not params.is_mapping():
        return
    step = jukebox.downsampling(params)
    if hop is not None:
        made, wanted = cast(Value[object], step), cast(Value[object], hop)
        model.ties.append(Tie("upsampling", "equal", made, wanted, "crash", ENCODER))
    strides = [Factor("strides_t", jukebox.factors(params), step.where)]
    model.stacks.append(Stack("encoder", "codes", jukebox.encoder(params), input_rate=rate, factors=strides))
