"""The temporal coverage of one-dimensional stacks: which input positions an output frame can depend on, exactly.

A layer is known by three things: which inputs a stretch of outputs reads (`pull`), which exactly (`touch`), and how many
outputs so many inputs give (`length`). A convolution of kernel k, stride s and dilation d reads, for output i, the inputs
``i·s - left + j·d`` with j = 0..k-1; a transposed convolution the inputs ``(t + left - j·d) / s`` wherever that is whole.
All else follows by going back through the layers from one output:

- the **receptive field** is the hull of what it reads, for a chain ``1 + Σ d·(k - 1)·J`` with J the product of the strides
  before the layer;
- the **step** (hop) is the product of the strides, a fraction where something upsamples; then outputs differ in **phase**,
  and the field is the largest over the phases;
- **left**, **right** and **look-ahead** say where the field lies about the position that the output's index stands for;
- **holes** are positions inside the field that no path reaches; **lengths** compose, layer by layer.

>>> wav2vec = Coverage([Conv(10, 5), Conv(8, 4), Conv(4, 2), Conv(4, 2), Conv(4, 2)])
>>> wav2vec.receptive_field, int(wav2vec.step), wav2vec.length(16000)
(465, 160, 98)
>>> context = Coverage([*wav2vec.layers, *[Conv(3)] * 9])
>>> context.receptive_field                     # 465 + 9·2·160
3345
>>> hop_256 = [transposed_even(16, 8), transposed_even(16, 8), transposed_even(4, 2), transposed_even(4, 2)]
>>> int(Coverage(hop_256).upsampling)
256

Numbers are integers and fractions throughout. Nothing here reads a file or knows what a sample rate is.
"""

from rflint.coverage.coverage import Coverage, Total, drift_per_minute
from rflint.coverage.families import (
    causal,
    centred,
    crop,
    decimate,
    framing,
    istft,
    kaldi_frames,
    linear,
    nearest,
    pool,
    pqmf_analysis,
    pqmf_synthesis,
    resize,
    same,
    seanet,
    stack_frames,
    stft,
    transposed,
    transposed_ceil,
    transposed_dac,
    transposed_even,
    transposed_exact,
    transposed_pwg,
    transposed_same,
    transposed_seanet,
)
from rflint.coverage.graphs import Parallel, Repeat, Sequence, StepMismatch, parts_of, residual
from rflint.coverage.indices import CoverageError, Indices, TooLarge
from rflint.coverage.layers import Conv, Layer, Same, Splice, Transposed
from rflint.coverage.mixers import Mixer

__all__ = [
    "Conv",
    "Coverage",
    "CoverageError",
    "Indices",
    "Layer",
    "Mixer",
    "Parallel",
    "Repeat",
    "Same",
    "Sequence",
    "Splice",
    "StepMismatch",
    "TooLarge",
    "Total",
    "Transposed",
    "causal",
    "centred",
    "crop",
    "decimate",
    "drift_per_minute",
    "framing",
    "istft",
    "kaldi_frames",
    "linear",
    "nearest",
    "parts_of",
    "pool",
    "pqmf_analysis",
    "pqmf_synthesis",
    "residual",
    "resize",
    "same",
    "seanet",
    "stack_frames",
    "stft",
    "transposed",
    "transposed_ceil",
    "transposed_dac",
    "transposed_even",
    "transposed_exact",
    "transposed_pwg",
    "transposed_same",
    "transposed_seanet",
]
