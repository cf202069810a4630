"""The VQ-VAE of F0 contours in facebookresearch/speech-resynthesis: tokens of prosody (train_f0_vq.py).

Sources: models.py (Quantizer), modules/jukebox.py, dataset.py (F0Dataset, get_yaapt_f0), and amfm_decompy pYAAPT.py,
which takes ceil(samples / jump) frames of the signal that get_yaapt_f0 pads by half a frame at both ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.dialects.analysis import known
from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.jukebox import decoder, downsampling, encoder, factors
from rflint.dialects.speech_facts import counted
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stack

NAME, TITLE = "f0_vqvae", "F0 VQ-VAE of speech-resynthesis (f0_encoder_params, f0_decoder_params)"
SCHEMA, LOADER = "f0_vqvae", "pyyaml"

PER_SECOND = 200
"""F0 frames a second: frame_space of 5 ms, whole samples of it (pYAAPT.py frame_jump)."""

FACTORS = "the loss compares the F0 that the decoder makes with the F0 that the encoder reads (train_f0_vq.py)"
CROP = "the encoder drops the F0 frames that fill no code, and the loss then compares contours of different length"
LENGTH = "Decoder asserts a length of codes × stride ** down (modules/jukebox.py)"


def recognise(root: Cursor) -> bool:
    return root["f0_encoder_params"].is_mapping() and root["f0_decoder_params"].is_mapping()


def read(root: Cursor) -> Iterator[Model]:
    rate = known(root["sampling_rate"])
    model = Model(NAME, sample_rate=rate)
    down, up = root["f0_encoder_params"], root["f0_decoder_params"]
    hop = rate.value // PER_SECOND if rate else 0
    frames = Fraction(rate.value, hop) if rate and hop else None
    with model.deriving("encoder"):
        of_encoder = [Factor("strides_t", factors(down), down["strides_t"].where)]
        model.stacks.append(
            Stack("encoder", "f0", encoder(down), input_rate=frames, input_unit="frames", factors=of_encoder)
        )
    with model.deriving("decoder"):
        codes = frames / downsampling(down).value if frames else None
        of_decoder = [Factor("strides_t", factors(up), up["strides_t"].where)]
        model.stacks.append(
            Stack("decoder", "f0", decoder(up), input_rate=codes, factors=of_decoder, inexact="crash", because=LENGTH)
        )
        tie(model, "upsampling", "equal", downsampling(up), downsampling(down), "crash", FACTORS)
    if rate is not None:
        counted(model, root["segment_size"], "samples", rate.value)
    with model.deriving("segment_size"):
        _crop(model, root["segment_size"], hop, downsampling(down))
    yield model


def _crop(model: Model, segment: Cursor, hop: int, code: Value[int]) -> None:
    """State that the F0 frames of the crop fill whole codes; F0Dataset takes all of an utterance where it is 0."""
    if not segment.given or not hop:
        raise NotComputable("without a crop or a sample rate no number of F0 frames is known", segment.where)
    samples = segment.int()
    if samples.value <= 0:
        return
    frames = -(-positive(samples).value // hop)
    framed = Value(frames * hop, samples.where, "derived")
    tie(model, "segment", "multiple", framed, Value(code.value * hop, code.where, "derived"), "crash", CROP)
