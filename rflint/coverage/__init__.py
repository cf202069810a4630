"""The temporal coverage of one-dimensional stacks: which input positions an output can depend on, exactly.

A lesson in ten steps. Numbers are whole or fractions throughout; nothing here reads a file or knows a sample rate.

**1. A layer is three facts.** `pull`: from where to where a stretch of outputs reads; `touch`: which positions exactly;
`length`: how many outputs so many inputs give. A convolution of kernel k, stride s and dilation d with p zeros in front
reads, for output i, the inputs ``i·s - p + j·d``, j = 0..k-1. Activations and 1×1 layers do not matter; weights are taken
for anything but zero.

>>> Conv(3, 2, padding=(1, 1)).pull(0, 4), Conv(3, 2, padding=(1, 1)).length(9)
((-1, 9), 5)

**2. A stack is read backwards,** from one output through the layers. What it reaches is the receptive field, in a chain
``1 + Σ d·(k - 1)·J`` with J the product of the strides before the layer; the step (hop) is the product of all strides.

>>> wav2vec = Coverage([Conv(10, 5), Conv(8, 4), Conv(4, 2), Conv(4, 2), Conv(4, 2)])
>>> wav2vec.receptive_field, int(wav2vec.step)                     # 29.06 ms every 10 ms at 16 kHz
(465, 160)
>>> context = Coverage([*wav2vec.layers, Repeat(9, causal(3))])
>>> context.receptive_field                                         # 465 + 9·2·160
3345

**3. Padding moves the field and never resizes it.** Frame i reads from ``i·step - left`` to ``i·step + right``.

>>> (wav2vec.left, wav2vec.right), (context.left, context.right)
((0, 464), (2880, 464))
>>> context.centre(0), wav2vec.time(0, 16000)                       # samples; seconds
(Fraction(-1208, 1), Fraction(29, 2000))

**4. Lengths compose, and go back.** Padding counts here, and so does what becomes of a rest that fills no window.

>>> wav2vec.length(16000), wav2vec.inputs_for(98), wav2vec.unread_tail(16000)
(98, range(15985, 16145), 15)

**5. What upsamples has phases.** A transposed convolution reads, for output t, the inputs ``(t + p - j·d) / s`` wherever
that is whole. Outputs then differ, and repeat every ``period``; the field is the largest over them.

>>> hop = Coverage([transposed_even(16, 8), transposed_even(16, 8), transposed_even(4, 2)])
>>> int(hop.upsampling), hop.receptive_field_min, hop.receptive_field
(128, 2, 3)
>>> for first, last, begin, end in hop.phases():
...     print(f"{first}-{last}: [{begin},{end}]")
0-54: [-1,0]
55-72: [-1,1]
73-127: [0,1]
>>> Coverage([transposed(2, 4)]).empty_phases                       # a kernel below its stride: outputs made of nothing
2

**6. Fields can have holes.** The hull says from where to where, the touched set what is read of it.

>>> gridded = Coverage([Conv(3, dilation=2)] * 3)
>>> gridded.receptive_field, gridded.touched, gridded.gridding, list(gridded.gaps())[:2]
(13, 7, 2, [(1, 1), (3, 3)])
>>> Coverage([Conv(2, 5)]).unread_share                             # no frame ever reads these
Fraction(3, 5)

**7. Branches that meet read the union,** and must have the same step; else they drift apart with every frame.

>>> tcn = Coverage([residual(causal(3, 1, d), causal(3, 1, d)) for d in (1, 2, 4, 8)])
>>> tcn.receptive_field, tcn.look_ahead
(61, 0)
>>> Coverage([residual(Conv(3, 2))])
Traceback (most recent call last):
rflint.coverage.graphs.StepMismatch: branches with steps of 2 and 1 meet

**8. Some layers look at everything:** recurrence, attention, global pooling, norms over time. They count as pointwise in
the field, and are named beside it; with limits, they are counted in ``total``.

>>> Coverage([Conv(3), recurrent("GRU")]).unbounded_by[0].sides
'left'
>>> Coverage([attention(5, 2)] * 3).total
Total(receptive_field=22, left=15, right=6)

**9. Not every position counts alike.** Paths thin out towards the ends: their law is near Gaussian, and its variance
``Σ (k² - 1) / 12 · (d·J)²`` is exact.

>>> Coverage([Conv(3)] * 4).paths()
{0: 1, 1: 4, 2: 10, 3: 16, 4: 19, 5: 16, 6: 10, 7: 4, 8: 1}
>>> wav2vec.effective_width                                         # four standard deviations
412

**10. Near its ends an input shows what padding holds.** A path that enters zeros between two layers ends there.

>>> short = Coverage([Conv(3, padding=(1, 1)), Conv(2, dilation=3, padding=(3, 0))])
>>> list(short.reading(2).positions()), list(short.border(2, 12).positions())
([-2, -1, 0, 1, 2, 3], [1, 2, 3])

A new kind of layer is a record of its numbers and a class with `pull`, `touch` and `length`; all the rest follows.
The names of audio frameworks for paddings, spectral transforms and resampling are in `rflint.coverage.families`.
"""

from rflint.coverage.coverage import Coverage, Phases, Total, drift_per_minute
from rflint.coverage.families import (
    PERIODIC_HANN,
    SYMMETRIC_HANN,
    anticausal,
    causal,
    centred,
    crop,
    decimate,
    framing,
    istft,
    kaldi_frames,
    linear,
    mirrored,
    nearest,
    pad,
    pool,
    pqmf_analysis,
    pqmf_synthesis,
    resize,
    same,
    seanet,
    splice,
    stack_frames,
    stft,
    transposed,
    transposed_balanced,
    transposed_by_parity,
    transposed_causal,
    transposed_ceil,
    transposed_dac,
    transposed_even,
    transposed_exact,
    transposed_overcut,
    transposed_pwg,
    transposed_repeated,
    transposed_same,
    transposed_seanet,
)
from rflint.coverage.graphs import Parallel, Sequence, StepMismatch, parts_of, residual, unet
from rflint.coverage.indices import CoverageError, Indices, Mode, TooLarge
from rflint.coverage.layers import Conv, Layer, Same, Splice, Transposed
from rflint.coverage.mixers import (
    Mixer,
    attention,
    chunked_attention,
    global_pooling,
    norm_over_time,
    recurrent,
    squeeze_excite,
)
from rflint.coverage.repeats import Repeat, each
from rflint.coverage.resampling import Adaptive, Interpolated, Stretched

__all__ = [
    "PERIODIC_HANN",
    "SYMMETRIC_HANN",
    "Adaptive",
    "Conv",
    "Coverage",
    "CoverageError",
    "Indices",
    "Interpolated",
    "Layer",
    "Mixer",
    "Mode",
    "Parallel",
    "Phases",
    "Repeat",
    "Same",
    "Sequence",
    "Splice",
    "StepMismatch",
    "Stretched",
    "TooLarge",
    "Total",
    "Transposed",
    "anticausal",
    "attention",
    "causal",
    "centred",
    "chunked_attention",
    "crop",
    "decimate",
    "drift_per_minute",
    "each",
    "framing",
    "global_pooling",
    "istft",
    "kaldi_frames",
    "linear",
    "mirrored",
    "nearest",
    "norm_over_time",
    "pad",
    "parts_of",
    "pool",
    "pqmf_analysis",
    "pqmf_synthesis",
    "recurrent",
    "residual",
    "resize",
    "same",
    "seanet",
    "splice",
    "squeeze_excite",
    "stack_frames",
    "stft",
    "transposed",
    "transposed_balanced",
    "transposed_by_parity",
    "transposed_causal",
    "transposed_ceil",
    "transposed_dac",
    "transposed_even",
    "transposed_exact",
    "transposed_overcut",
    "transposed_pwg",
    "transposed_repeated",
    "transposed_same",
    "transposed_seanet",
    "unet",
]
