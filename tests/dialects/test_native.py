"""The native form: what its texts mean, what it reports, and that it never guesses."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings, strategies as st

from rflint.engine import check_text, explain_text
from rflint.model import Model, Stack


def model_of(text: str, name: str = "config.yaml") -> Model:
    (model,) = explain_text(text, name)
    return model


def stack_of(text: str, name: str = "config.yaml") -> Stack:
    model = model_of(text, name)
    assert model.notes == []
    return model.stacks[-1]


def found(text: str, name: str = "config.yaml") -> list[tuple[str, str]]:
    return [(finding.code, finding.message) for finding in check_text(text, name)]


STACKS = [
    # text, step, receptive field
    ('stack: "k10s5 k8s4 [k4s2]x3"', 160, 465),
    ('stack: "k10s5 k8s4 [k4s2]x3 [k3]x9"', 160, 3345),
    ("stack: [[10, 5], [3, 2], [3, 2], [3, 2], [3, 2], [2, 2], [2, 2]]", 320, 400),
    ("stack: {kernels: [10, 8, 4, 4, 4], strides: [5, 4, 2, 2, 2]}", 160, 465),
    ("stack: [[3, 1, 2], [3]]", 1, 7),
    ("stack: [{tcn: 2, layers: 4, convs: 2, causal: true}]", 1, 31),
    ("stack: [{tcn: 2, layers: 4, causal: true}]", 1, 16),
    ("stack: [{tcn: 3, layers: 3, base: 3, first: 1}]", 1, 1 + 2 * (3 + 9 + 27)),
    ("stack: [{dilated: 3, dilations: [1, 2, 4]}]", 1, 15),
    ("stack: [{conv: 5}, {pool: 2}, {conv: 3, d: 2}]", 2, 14),
    ("stack: [{repeat: 3, stack: [{conv: 3, p: same}, {pool: 2}]}]", 8, 22),
    ("stack: [{repeat: 1000000, stack: [[3]]}]", 1, 2_000_001),
    ('stack: [{residual: "k3p1 k3p1"}]', 1, 5),
    ('stack: [{parallel: ["k3p1", "k7p3"], merge: add}]', 1, 7),
    ('stack: [{splice: [-2, 2], skip: 3}, "k3"]', 3, 11),
    ("stack: [{type: Conv1d, kernel_size: 5}, {type: ReLU}, {type: MaxPool1d, kernel_size: 3, stride: 2}]", 2, 7),
    ('stack: [{unet: {down: ["k3s2p1"], bottom: "k3p1", up: ["t4s2p1"]}}]', 1, 9),
]


@pytest.mark.parametrize(("text", "step", "field"), STACKS, ids=[s[0][:50] for s in STACKS])
def test_shapes(text: str, step: int, field: int) -> None:
    coverage = stack_of("rflint:\n  input: {rate: 16000}\n  " + text).coverage

    assert (step, field) == (coverage.step, coverage.receptive_field)


def test_a_frontend_comes_first() -> None:
    text = """
x-rflint:
  input: {rate: 16000}
  frontend: {win: 25ms, hop: 10ms}
  defaults: {padding: same}
  stack:
    - {type: Conv1d, kernel_size: 5}
    - {type: Conv1d, kernel_size: 3, dilation: 2}
    - {type: Conv1d, kernel_size: 3, dilation: 3}
    - {global: pool}
"""
    stack = stack_of(text)

    assert (stack.coverage.step, stack.coverage.receptive_field) == (160, 400 + 14 * 160)
    assert [mixer.name for mixer in stack.coverage.unbounded_by] == ["pool"]


def test_references_reach_into_the_file() -> None:
    text = """
data: {sample_rate: 8000}
filterbank: {kernel_size: 16, stride: null}
masknet: {n_blocks: 8, n_repeats: 3, conv_kernel_size: 3}
rflint:
  input: {rate: "@/data/sample_rate"}
  stack:
    - {conv: "@/filterbank/kernel_size", s: "@/filterbank/stride ?? = @/filterbank/kernel_size // 2"}
    - {tcn: "@/masknet/conv_kernel_size ?? 3", layers: "@/masknet/n_blocks", cycles: "@/masknet/n_repeats", causal: "@/masknet/causal ?? false"}
  targets: {covers: ">= 1.5s", step: "1 ms"}
"""
    stack = stack_of(text)

    assert (stack.coverage.step, stack.coverage.receptive_field) == (8, 12256)
    assert found(text) == []


def test_each_goes_through_a_list() -> None:
    text = """
block:
  - {kernel: [9], stride: [3], dilation: [1], repeat: 1, type: convolution}
  - {type: batchnorm}
  - {kernel: [5], stride: [1], dilation: [2], repeat: 2, type: convolution}
rflint:
  stack: {each: "@/block", kernel: .kernel, stride: .stride, dilation: .dilation, repeat: .repeat, when: {.type: convolution}}
"""
    assert (stack_of(text).coverage.step, stack_of(text).coverage.receptive_field) == (3, 9 + 2 * 8 * 3)


def test_each_over_tuples_and_a_rate_that_is_declared_elsewhere() -> None:
    text = """
task: {sample_rate: 16000, label_rate: %s}
model: {layers: [[512, 10, 5], [512, 3, 2], [512, 3, 2], [512, 3, 2], [512, 3, 2], [512, 2, 2], [512, 2, 2]]}
rflint:
  input: {rate: "@/task/sample_rate"}
  stack: {each: "@/model/layers", kernel: .1, stride: .2}
  targets: {rate: "@/task/label_rate"}
"""
    assert found(text % 50) == []
    assert [code for code, _ in found(text % 100)] == ["RF102"]


def test_a_decoder_counts_frames() -> None:
    text = """
audio: {hop_length: %d}
rflint:
  input: {rate: 86.1328125, unit: frame}
  stack: "k7p3 t16s8p4 t16s8p4 t4s2p1 t4s2p1 k7p3"
  targets: {upsample: "@/audio/hop_length"}
"""
    stack = stack_of(text % 256)

    assert (stack.role, stack.coverage.upsampling, stack.coverage.receptive_field) == ("decoder", 256, 9)
    assert found(text % 256) == []
    assert [code for code, _ in found(text % 300)] == ["RF105"]


def test_named_stacks_have_targets_of_their_own() -> None:
    text = """
rflint:
  input: {rate: 16000}
  stacks: {encoder: "k10s5 k8s4 [k4s2]x3", context: "k10s5 k8s4 [k4s2]x3 [k3]x9"}
  targets: {encoder: {step: 10ms, rf: ~30ms}, context: {rf: ~210ms, step: 20ms}}
"""
    assert found(text) == [("RF101", "Step is 160 samples = 10 ms, but the target is 20 ms")]


def test_json_takes_a_block_too() -> None:
    text = '{"layers": [10, 5], "x-rflint": {"input": {"rate": 100}, "stack": "k10s5", "targets": {"step": 6}}}'

    assert found(text, "config.json") == [("RF101", "Step is 5 samples, but the target is 6 samples")]


TARGETS = [
    # target, met
    ("step: 160", True), ("step: 161", False), ("step: 10ms", True), ("step: 10.1ms", False), ("hop: 10 ms", True),
    ("rf: 465", True), ("rf: 30ms", True), ("rf: exactly 30 ms", False), ("rf: ~30ms", True), ("rf: ~35ms", False),
    ("rf: {value: 35ms, tol: 20%}", True), ("rf: {value: 35ms, tol: 1%}", False), ("within: <= 40ms", True),
    ("within: <= 20ms", False), ("covers: '>= 29ms'", True), ("covers: '>= 2s'", False), ("rate: 100Hz", True),
    ("rate: 50", False), ("left: 0", True), ("right: 464", True), ("right: <= 10ms", False), ("holes: none", True),
    ("causal: true", False), ("causal: false", True), ("multiple_of: [3200, 1.28s]", True),
    ("multiple_of: [100]", False), ("length: {in: 16000, out: 98}", True), ("length: {in: 16000, out: 100}", False),
    ("rf: 20..40ms", True), ("rf: 10..20ms", False),
]  # fmt: skip


@pytest.mark.parametrize(("target", "met"), TARGETS, ids=[t[0] for t in TARGETS])
def test_targets(target: str, met: bool) -> None:
    text = f'rflint:\n  input: {{rate: 16000}}\n  stack: "k10s5 k8s4 [k4s2]x3"\n  targets: {{{target}}}\n'

    assert met == (found(text) == [])


MISTAKES = [
    ("stak: k3", "did you mean `stack`?"),
    ("stack: {kernels: [3, 3], strides: [2]}", "lists of different length"),
    ("stack: {kernels: [0]}", "at least 1, found `0`"),
    ("stack: {kernels: [2.5]}", "whole number"),
    ("stack: [[3, 0]]", "at least 1"),
    ("stack: [{conv: 3, kernel: 5}]", "name one thing"),
    ("stack: [{convv: 3}]", "did you mean `conv`?"),
    ("stack: [{conv: 3, s: 2, p: same}]", "refused by torch"),
    ("stack: [{conv: 3, p: sane}]", "the padding `sane` is not known"),
    ('stack: [{parallel: ["k3s2", "k3"]}]', "branches with steps of 2 and 1 meet"),
    ('stack: "k3 q4"', "`q4` is no token"),
    ('stack: "[k3"', "not closed"),
    ("stack: []", "no layers"),
    ('stack: [{conv: "@/nowhere"}]', "not in this file"),
    ('stack: [{conv: "= 1 / 0"}]', "cannot be computed"),
    ('stack: [{conv: "= 9 ** 9 ** 9"}]', "cannot be computed"),
    ('stack: [{conv: "= open(1)"}]', "cannot be computed"),
    ('stack: "k3"\n  targets: {stepp: 3}', "did you mean `step`?"),
    ('stack: "k3"\n  targets: {rf: soon}', "not understood"),
    ('stack: "k3"\n  frontend: {win: 25ms, hop: 10ms}', "needs the rate"),
    ("stack: [{repeat: 100000, stack: [[3, 2]]}]", "repetitions is impossible"),
]


@pytest.mark.parametrize(("text", "message"), MISTAKES, ids=[m[0][:40] for m in MISTAKES])
def test_mistakes_in_a_block_are_located(text: str, message: str) -> None:
    found_here = check_text("rflint:\n  " + text + ("" if "stack:" in text else "\n  stack: k3") + "\n", "config.yaml")

    assert found_here and all(finding.severity == "error" for finding in found_here)
    assert message.lower() in "\n".join(finding.message for finding in found_here).lower()
    assert all(finding.span.line > 1 for finding in found_here)


def test_a_value_that_is_not_known_is_a_note_not_a_finding() -> None:
    text = 'net: {k: "???", m: "${oc.env:K}"}\nrflint: {stack: [{conv: "@/net/%s"}]}\n'

    for key in "km":
        assert found(text % key) == []
        assert "is not known" in model_of(text % key).notes[0].reason


def test_a_pragma_comment_declares_a_target() -> None:
    text = (
        '# rflint: target "30 ms frames every 10 ms"\nrflint: {input: {rate: 16000}, stack: "k10s5 k8s4 [k4s2]x%d"}\n'
    )

    assert found(text % 3) == []
    assert [code for code, _ in found(text % 2)] == ["RF101", "RF103"]


def test_a_pragma_that_is_not_understood_is_reported() -> None:
    ((code, message),) = found('# rflint: target "ten frames hence"\nrflint: {stack: k3}\n')

    assert code == "RF903"
    assert "cannot be understood" in message


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 4), st.integers(1, 3)), min_size=1, max_size=6))
def test_all_spellings_mean_the_same(layers: list[tuple[int, int, int]]) -> None:
    tokens = " ".join(f"k{k}s{s}d{d}" for k, s, d in layers)
    tuples = [list(layer) for layer in layers]
    columns = {
        "kernels": [k for k, _, _ in layers],
        "strides": [s for _, s, _ in layers],
        "dilations": [d for *_, d in layers],
    }
    items = [{"type": "Conv1d", "kernel_size": k, "stride": s, "dilation": d} for k, s, d in layers]
    fields = {
        (stack.coverage.receptive_field, stack.coverage.step)
        for form in (f'"{tokens}"', tuples, columns, items)
        for stack in [stack_of(f"rflint: {{stack: {form}}}")]
    }
    step, field = Fraction(1), 1
    for k, s, d in layers:
        field += d * (k - 1) * int(step)
        step *= s

    assert {(field, step)} == fields


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="k0123456789sdpxtup[] ool,samecu@/=*{}:", max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    for finding in check_text(f"rflint:\n  stack: '{text}'\n".replace("''", "'"), "config.yaml"):
        assert finding.code != "RF000", finding.message
