"""The dialects in the order of recognition: the first that recognises a file reads it.

The signature is a regular expression over the raw bytes: a file in which none matches is let go unparsed, and a
dialect's module is imported only when its own signature matches. A signature must match every file that the dialect's
``recognise`` accepts.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Entry(NamedTuple):
    """``module`` below ``rflint.dialects``, and the bytes that every file of the dialect holds."""

    module: str
    signature: bytes


DIALECTS: Final[tuple[Entry, ...]] = (
    Entry("hf_wav2vec2", rb'"model_type"\s*:\s*"(wav2vec2|hubert|wavlm|unispeech|sew|data2vec-audio|speecht5)'),
    Entry("fairseq", rb"conv_feature_layers|conv_aggregator_layers|feature_encoder_spec|label_rate"),
    Entry("vits", rb"upsample_rates"),
    Entry("hifigan", rb"upsample_rates"),
)
