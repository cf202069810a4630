"""The default format, as users see it."""

from __future__ import annotations

import re

from report_samples import ALL, ELSEWHERE, PRODUCT, UNREADABLE, at, run

from rflint.documents.values import Span
from rflint.findings import Related
from rflint.reports.full import render

PRODUCT_BLOCK = """\
error[RF301 upsampling-product]: `upsample_rates` multiplies to 240, but `hop_size: 256` needs 256
 --> configs/v1.json:2:23
  |
2 |     "upsample_rates": [8,5,3,2],
  |                       ^^^^^^^^^ product = 8·5·3·2 = 240
  ⋮
7 |     "hop_size": 256
  |                 --- needs 256
  |
  = declared: 256
  = computed: 240
  = derivation: 8·5·3·2 = 240
  = note: 240 samples are made for every 256: 1.07 times too fast
  = help: choose factors whose product is 256, or set the hop to 240
  = fix: set `hop_size` to 240
"""

ELSEWHERE_BLOCK = """\
warning[RF701 sample-rates-disagree]: `sr: 22050` differs from the 24000 of `data.yaml`
  --> recipe/train.yaml:2:6
   |
 2 |   sr: 22050
   |      ^^^^^ 22.05 kHz here
   |
  ::: recipe/data.yaml:1:14
   |
 1 | sample_rate: 24000
   |              ----- 24 kHz there
   |
  ::: recipe/gone.yaml:12:3: 24 kHz, too
"""

UNREADABLE_BLOCK = """\
error[RF001 unreadable-file]: The file is not UTF-8 (byte 0xff at offset 0)
 --> broken.yaml:1:1
"""


def block(finding, lines, **changes):
    """The block of one finding in ``a.yaml``, without the closing line."""
    return render([finding], run({"a.yaml": lines}, **changes)).rsplit("\n\n", 1)[0] + "\n"


def test_two_places_of_one_file_share_a_frame():
    expected = (
        PRODUCT_BLOCK + "\nFound 1 error in 1 file (3 configs recognised of 41 files). 1 fixable with --unsafe-fixes.\n"
    )

    assert expected == render([PRODUCT], run())


def test_a_place_in_another_file_has_a_frame_of_its_own():
    expected = ELSEWHERE_BLOCK + "\nFound 1 warning in 1 file (3 configs recognised of 41 files).\n"

    assert expected == render([ELSEWHERE], run())


def test_a_finding_about_a_whole_file_has_no_frame():
    expected = UNREADABLE_BLOCK + "\nFound 1 error in 1 file (no config recognised of 1 file).\n"

    assert expected == render([UNREADABLE], run(files=1, recognised=0))


def test_a_finding_about_a_whole_file_has_no_frame_when_its_text_is_known():
    expected = UNREADABLE_BLOCK.replace("broken", "a")

    assert expected == block(UNREADABLE._replace(path="a.yaml"), ["text"])


def test_blocks_are_apart_and_the_last_line_counts():
    expected = "\n".join([UNREADABLE_BLOCK, PRODUCT_BLOCK, ELSEWHERE_BLOCK])
    closing = "\nFound 2 errors, 1 warning in 3 files (3 configs recognised of 41 files, 2 suppressed). 1 fixable with --unsafe-fixes.\n"

    assert expected + closing == render(ALL, run(suppressed=2))


def test_nothing_found_is_one_line():
    expected = "All good: 3 configs recognised in 41 files.\n"

    assert expected == render([], run())


def test_carets_stand_by_display_width():
    expected = """\
error[RF101 step-missed]: Frame step is 20 ms
 --> a.yaml:1:5
  |
1 | 帧移: 二十毫秒 # step
  |       ^^^^^^^^ 每10ms
"""

    assert expected == block(at(1, 5, 1, 9, label="每10ms"), ["帧移: 二十毫秒 # step"])


def test_combining_marks_take_no_room():
    expected = ["1 | e\u0301x: 1", "  |  ^"]

    assert expected == block(at(1, 3, 1, 4), ["e\u0301x: 1"]).splitlines()[3:]


def test_tabs_are_expanded_and_carets_follow():
    expected = """\
error[RF101 step-missed]: Frame step is 20 ms
 --> a.yaml:1:9
  |
1 |     "hop":    320,
  |               ^^^
"""

    assert expected == block(at(1, 9, 1, 12), ['\t"hop":\t320,'])


def test_a_long_line_is_cut_around_the_caret():
    line = '{"x": [' + "1, " * 40_000 + '], "hop": 320, ' + '"y": [' + "2, " * 40_000 + "]}"
    start = line.index("320") + 1
    expected = f"""\
error[RF101 step-missed]: Frame step is 20 ms
 --> a.yaml:1:{start}
  |
1 | …, 1, 1, 1, 1, 1, 1, ], "hop": 320, "y": [2, 2, 2, 2, 2, 2, 2, 2…
  |                                ^^^
"""

    assert expected == block(at(1, start, 1, start + 3), [line])


def test_a_long_value_is_cut_inside_and_underlined_through():
    line = "k: [" + "10, " * 500 + "10]"
    expected = """\
error[RF101 step-missed]: Frame step is 20 ms
 --> a.yaml:1:4
  |
1 | k: [10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10,… 10, 10, 10, 10]
  |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 501 kernels
"""

    assert expected == block(at(1, 4, 1, len(line) + 1, label="501 kernels"), [line])


def test_two_places_in_one_long_line_are_both_shown():
    line = '{"rates": [8,5,3,2], "z": "' + "z" * 100_000 + '", "hop": 256}'
    hop = line.index("256") + 1
    expected = """\
error[RF101 step-missed]: Frame step is 20 ms
 --> a.yaml:1:11
  |
1 | {"rates": [8,5,3,2], "z": "zzzz…zz", "hop": 256}
  |           ^^^^^^^^^ 240
  |                                             --- 256
"""

    finding = at(1, 11, 1, 20, label="240", related=(Related("a.yaml", Span(1, hop, 1, hop + 3), "256"),))
    assert expected == block(finding, [line])


def test_the_primary_place_comes_first_under_a_shared_line():
    expected = """\
error[RF101 step-missed]: Frame step is 20 ms
 --> a.yaml:1:15
  |
1 | {hop: 1, win: 2}
  |               ^ window
  |       - hop
"""

    finding = at(1, 15, 1, 16, label="window", related=(Related("a.yaml", Span(1, 7, 1, 8), "hop"),))
    assert expected == block(finding, ["{hop: 1, win: 2}"])


def test_a_block_of_several_lines_is_marked_at_its_ends():
    lines = ["strides:", "  - 5", "  - 4", "  - 2", "  - 2", "", "dropout: 0"]
    expected = """\
error[RF101 step-missed]: Frame step is 20 ms
 --> a.yaml:2:3
  |
2 |   - 5
  |   ^^^
3 |   - 4
4 |   - 2
5 |   - 2
  |   ^^^ product = 80
"""

    assert expected == block(at(2, 3, 7, 1, label="product = 80"), lines)


def test_places_behind_the_end_of_the_text_do_no_harm():
    expected = """\
error[RF101 step-missed]: Frame step is 20 ms
 --> a.yaml:2:9
  |
2 | b
  |  ^
"""

    assert expected == block(at(2, 9, 5, 3), ["a", "b"])


def test_a_place_outside_the_text_is_named_without_a_frame():
    expected = "error[RF101 step-missed]: Frame step is 20 ms\n --> a.yaml:8:1\n"

    assert expected == block(at(8, 1, 8, 2), ["a", "b"])


def test_control_characters_never_reach_the_terminal():
    expected = """\
error[RF101 step-missed]: `\\x1b[2J` is 20 ms
 --> a.yaml:1:1
  |
1 | \\x1b[31mkey\\u202e: 1
  | ^^^^^^^^^^^
  |
  = note: first\\r
          second
"""

    finding = at(1, 1, 1, 9, message="`\x1b[2J` is 20 ms", notes=("first\r\nsecond",))
    assert expected == block(finding, ["\x1b[31mkey\u202e: 1"])


def test_ascii_output_holds_only_ascii():
    expected = """\
error[RF101 step-missed]: Frame step is 20 ms -> 8*2 = 16
 --> a.yaml:1:5
  |
1 | \\u5e27\\u79fb: 20
  |               ^^
...
9 | x
  | - y
"""

    finding = at(
        1, 5, 1, 7, message="Frame step is 20 ms → 8·2 = 16", related=(Related("a.yaml", Span(9, 1, 9, 2), "y"),)
    )
    assert expected == block(finding, ["帧移: 20", *[""] * 7, "x"], unicode=False)


def test_colours_are_added_and_nothing_else():
    colored = render(ALL, run(color=True))

    assert "\x1b[1;31merror[RF301 upsampling-product]\x1b[0m" in colored
    assert render(ALL, run()) == re.sub(r"\x1b\[[0-9;]*m", "", colored)
