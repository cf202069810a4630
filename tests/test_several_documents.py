"""Files of several documents: each is judged, with the comments on its own lines, and together they are a pair."""

from __future__ import annotations

import pytest

from rflint.documents import read
from rflint.engine import check_text, explain_text

HIFIGAN = """\
resblock: "1"
sampling_rate: 22050
hop_size: {hop}
upsample_rates: [8, 8, 2, 2]
upsample_kernel_sizes: [16, 16, 4, 4]
upsample_initial_channel: 512
resblock_kernel_sizes: [3]
resblock_dilation_sizes: [[1, 3, 5]]
"""
SOUND, BROKEN = HIFIGAN.format(hop=256), HIFIGAN.format(hop=300)
WAV2VEC2 = 'conv_feature_layers: "[(512, 10, 5)] + [(512, 3, 2)] * 4 + [(512, 2, 2)] * 2"\n'
WAV2VEC = 'conv_feature_layers: "[(512, 10, 5), (512, 8, 4), (512, 4, 2), (512, 4, 2), (512, 4, 2)]"\n'


def found(text: str) -> list[tuple[str, int]]:
    return [(finding.code, finding.span.line) for finding in check_text(text, "config.yaml")]


@pytest.mark.parametrize("first", [SOUND, "other: 1\n", "# nothing\nname: x\n"])
def test_a_later_document_is_judged_too(first: str) -> None:
    start = first.count("\n") + 1

    assert found(f"{first}---\n{SOUND}") == []
    assert ("RF301", start + 4) in found(f"{first}---\n{BROKEN}")


def test_every_document_has_its_models() -> None:
    assert [model.dialect for model in explain_text(f"{SOUND}---\n{WAV2VEC}", "config.yaml")] == ["hifigan", "fairseq"]


def test_the_lines_of_documents() -> None:
    text = "# head\n---\n{a: 1}\n# of a\n--- # b\nb:\n  - 2\n\n---\nc: |\n  ---\n  text\n"

    first, second, third = (document.lines for document in read(text, "config.yaml").documents)
    assert (first, second, third.start) == (range(1, 5), range(5, 9), 9)
    assert len(read("a: 1\n", "config.yaml").documents[0].lines) > 1_000_000


def test_a_target_speaks_of_its_own_document() -> None:
    target = '# rflint: target encoder "frames every 20 ms"\n'

    assert ("RF101", 5) in found(f"{WAV2VEC2}{target}---\n{target}{WAV2VEC}")
    assert ("RF101", 4) not in found(f"{WAV2VEC}---\n{target}{WAV2VEC2}")


def test_a_suppression_covers_its_own_document() -> None:
    hop = "hop_size: 300"
    comment = "  # rflint: ignore[RF301] known"
    covered, open_ = BROKEN.replace(hop, hop + comment), BROKEN

    assert [code for code, _ in found(f"{covered}---\n{open_}")].count("RF301") == 1
    assert [code for code, _ in found(f"{open_}---\n{covered}")].count("RF301") == 1
    assert [code for code, _ in found(f"{covered}---\n{covered}")].count("RF301") == 0


def test_two_encoders_that_make_other_frames() -> None:
    (finding,) = check_text(f"{WAV2VEC2}---\n{WAV2VEC}", "config.yaml")

    assert (finding.code, finding.severity, finding.span.line) == ("RF701", "warning", 3)
    assert "a frame every 320 samples = 20 ms from at least 400" in finding.message
    assert "a frame every 160 samples = 10 ms from at least 465" in finding.message
    assert found(f"{WAV2VEC2}---\n{WAV2VEC2}") == []


def test_two_vocoders_that_take_other_frames() -> None:
    other = SOUND.replace("22050", "24000")
    (finding,) = check_text(f"{SOUND}---\n{other}", "config.yaml")

    assert (finding.code, finding.severity) == ("RF701", "warning")
    assert finding.message == (
        "Frames come every 256 / 22050 Hz = 11.61 ms in one config and every 256 / 24000 Hz = 10.67 ms in the other"
    )


def test_many_documents_end() -> None:
    assert found("---\n".join([SOUND] * 300)) == []
