"""What the formats are made of: the closing line, widths, and the registry."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st
from report_samples import ALL, PRODUCT, run

from rflint.documents.values import Span
from rflint.findings import Related
from rflint.reports import FINDING_REPORTS, finding_report
from rflint.reports.excerpt import excerpt
from rflint.reports.full import render
from rflint.reports.pen import Pen, width
from rflint.reports.summary import summary


@pytest.mark.parametrize(
    ("expected", "findings", "changes"),
    [
        ("Found 1 error in 1 file (3 configs recognised of 41 files). 1 fixable with --unsafe-fixes.", [PRODUCT], {}),
        (
            "Found 1 error in 1 file (1 config recognised of 1 file). 1 fixable with --unsafe-fixes.",
            [PRODUCT],
            {"files": 1, "recognised": 1},
        ),
        (
            "Found 1 error, 1 warning, 2 infos in 1 file (3 configs recognised of 41 files, 7 suppressed). 4 fixable with --unsafe-fixes.",
            [PRODUCT, *[PRODUCT._replace(severity=s) for s in ("info", "warning", "info")]],
            {"suppressed": 7},
        ),
        ("All good: 3 configs recognised in 41 files.", [], {}),
        ("All good: 1 config recognised in 1 file (2 suppressed).", [], {"files": 1, "recognised": 1, "suppressed": 2}),
        ("Nothing recognised: no model config in 41 files.", [], {"recognised": 0}),
        ("Nothing to check: no files found.", [], {"files": 0, "recognised": 0}),
        ("All good: 3 configs recognised in 41 files. 0.09 s", [], {"seconds": 0.0912}),
    ],
)
def test_the_closing_line(expected, findings, changes):
    assert expected == summary(findings, run(**changes))


@pytest.mark.parametrize(
    ("expected", "text"), [(3, "abc"), (4, "帧移"), (1, "e\u0301"), (2, "ｋ"), (1, "ｶ"), (0, ""), (1, "·")]
)
def test_width_in_cells(expected, text):
    assert expected == width(text)


@pytest.mark.parametrize("name", FINDING_REPORTS)
def test_every_format_ends_its_last_line_and_gives_the_same_twice(name):
    first, again = (finding_report(name).render(ALL, run()) for _ in range(2))

    assert first.endswith("\n")
    assert first == again


def test_an_unknown_format_is_refused():
    with pytest.raises(KeyError):
        finding_report("xml")


MARKS = st.tuples(st.integers(0, 400), st.integers(0, 400)).map(sorted).map(tuple)


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("ab \t帧\u0301\x07"), max_size=400), st.lists(MARKS, max_size=3), st.booleans())
def test_marks_stand_inside_what_is_shown(line, marks, unicode):
    shown = excerpt(line, marks, Pen(unicode=unicode))

    assert shown.text.isprintable()
    assert len(marks) == len(shown.marks)
    assert all(under >= 1 and 0 <= before <= 5 * (len(line) + 1) for before, under in shown.marks)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(max_size=20), max_size=5), st.lists(st.tuples(*[st.integers(1, 9)] * 4), min_size=1, max_size=3)
)
def test_no_span_and_no_text_brings_the_frame_down(lines, spans):
    first, *others = (Span(*numbers) for numbers in spans)
    finding = PRODUCT._replace(span=first, related=tuple(Related(PRODUCT.path, span, "") for span in others))
    text = render([finding], run({PRODUCT.path: lines}))

    assert all(line.isprintable() for line in text.splitlines())
