"""BPNet and bpnet-lite: a convolution for motifs, doubling dilations, and a long head, over base pairs.

Sources: kundajelab/bpnet (bpnet/model/arch.py, bpnetdefaults.py), jmschrei/bpnet-lite (bpnetlite/bpnet.py, bpnet).
"""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import Conv, Coverage, Layer, residual, same
from rflint.dialects.analysis import paired
from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.speech_facts import derived
from rflint.documents import Cursor, Value
from rflint.model import Model, Stack, Stage

NAME, TITLE = "bpnet", "BPNet and bpnet-lite (in_window, n_layers; input_len, syntax_module_params)"
SCHEMA, LOADER = "bpnet", "json"

MOTIF, SYNTAX, HEAD = 21, 3, 75  # bpnetlite/bpnet.py, iconv, rconvs, fconv; bpnetdefaults.py, kernel_sizes
LAYERS, IN, OUT = 8, 2114, 1000  # the CLI's default_fit_parameters; bpnetdefaults.py, num_dilation_layers, input_len
DEEPEST = 25


def recognise(root: Cursor) -> bool:
    return root.has("n_filters", "n_layers", "in_window", "out_window") or root.has(
        "input_len", "output_profile_len", "motif_module_params", "syntax_module_params"
    )


def read(root: Cursor) -> Iterator[Model]:
    yield _lite(root) if root["in_window"].exists else _original(root)


def _lite(root: Cursor) -> Model:
    model = Model(NAME, "bpnet-lite")
    with model.deriving("encoder"):
        count = positive(root["n_layers"].int(LAYERS), DEEPEST)
        chain = [Stage("iconv", same(MOTIF), count.where), *_dilated(count, SYNTAX, valid=False)]
        stages = [*chain, Stage("fconv", same(HEAD), count.where)]
        model.stacks.append(Stack("encoder", "profile", stages, input_unit="bp"))
        _fits(model, root["in_window"].int(IN), root["out_window"].int(OUT), stages, "report")
    return model


def _original(root: Cursor) -> Model:
    model = Model(NAME, "bpnet")
    motif, syntax, head = (root[f"{part}_params"] for part in ("motif_module", "syntax_module", "profile_head"))
    with model.deriving("encoder"):
        kernels = motif["kernel_sizes"].ints([MOTIF])
        paired(model, motif["kernel_sizes"], motif["filters"], "a kernel for every convolution (bpnet/model/arch.py)")
        count = positive(syntax["num_dilation_layers"].int(LAYERS), DEEPEST)
        first = [Stage(f"motif.{i}", _conv(k, motif), kernels.where) for i, k in enumerate(kernels.value)]
        size = positive(syntax["kernel_size"].int(SYNTAX)).value
        last = positive(head["kernel_size"].int(HEAD))
        dilated = _dilated(count, size, valid=_valid(syntax))
        stages = [*first, *dilated, Stage("profile_head", _conv(last.value, head), last.where)]
        model.stacks.append(Stack("encoder", "profile", stages, input_unit="bp"))
        if _valid(motif) and _valid(syntax) and _valid(head):
            _fits(model, root["input_len"].int(IN), root["output_profile_len"].int(OUT), stages, "crash")
    return model


def _valid(part: Cursor) -> bool:
    return part["padding"].str("valid").value == "valid"


def _conv(kernel: int, part: Cursor) -> Layer:
    return Conv(positive(Value(kernel)).value) if _valid(part) else same(kernel)


def _dilated(count: Value[int], kernel: int, *, valid: bool) -> list[Stage]:
    """Residual convolutions of dilation 2, 4, 8 …; without padding the identity is cropped to the same middle."""
    convs = [Conv(kernel, 1, 2**i) if valid else residual(same(kernel, 2**i)) for i in range(1, count.value + 1)]
    return [Stage(f"dilated.{i}", conv, count.where) for i, conv in enumerate(convs)]


def _fits(model: Model, given: Value[int], taken: Value[int], stages: list[Stage], outcome: str) -> None:
    """The output must lie where no output reads beyond the sequence."""
    field = Coverage([stage.layer for stage in stages]).receptive_field
    most = given.value - field + 1
    if outcome == "crash":
        because = f"{given.value} positions give {most} without padding, from whose middle the output is cut"
        tie(model, "frames", "at most", taken, derived(most), "crash", because)
    elif most > 0:
        because = f"only {most} of the outputs for {given.value} positions see no padding"
        tie(model, "frames", "at most", taken, derived(most), "report", because)
    else:
        because = "every output sees padding, which the network has learnt to see as the end of the sequence"
        tie(model, "field", "at most", Value(field, taken.where, "derived"), given, "report", because)
    margin = derived(given.value - taken.value)
    because = f"half of {given.value} - {taken.value} is cut from either side"
    tie(model, "frames", "multiple", Value(margin.value, taken.where, "derived"), derived(2), "silent", because)
