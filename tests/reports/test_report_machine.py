"""The formats for programs: one line a finding, JSON, SARIF, and what GitHub and GitLab read."""

from __future__ import annotations

import json
import re

import pytest
from jsonschema import Draft202012Validator, ValidationError
from report_samples import ALL, ELSEWHERE, PRODUCT, UNREADABLE, at, run

from rflint.reports import concise, findings_json, github, gitlab, sarif
from rflint.schemas import load_schema

CLOSING = "Found 2 errors, 1 warning in 3 files (3 configs recognised of 41 files, 2 suppressed). 1 fixable with --unsafe-fixes.\n"


def test_concise_gives_a_line_each():
    expected = (
        "broken.yaml:1:1: RF001 [unreadable-file] error: The file is not UTF-8 (byte 0xff at offset 0)\n"
        "configs/v1.json:2:23: RF301 [upsampling-product] error: "
        "`upsample_rates` multiplies to 240, but `hop_size: 256` needs 256\n"
        "recipe/train.yaml:2:6: RF701 [sample-rates-disagree] warning: "
        "`sr: 22050` differs from the 24000 of `data.yaml`\n"
    )

    assert expected + CLOSING == concise.render(ALL, run(suppressed=2))


def test_concise_keeps_one_line_a_finding_whatever_the_text():
    expected = "a\\nb.yaml:3:1: RF101 [step-missed] error: 10 ms -> \\u5e27\\x07"
    finding = at(3, 1, 4, 9, path="a\nb.yaml", message="10 ms → 帧\x07")

    assert expected == concise.render([finding], run(unicode=False)).splitlines()[0]


def test_concise_without_colours_matches_a_problem_matcher():
    matcher = re.compile(r"^(.+):(\d+):(\d+): (RF\d+) \[[a-z-]+\] (error|warning|info): (.+)$")
    lines = concise.render(ALL, run()).splitlines()

    assert [f.message for f in ALL] == [found[6] for found in map(matcher.match, lines) if found]


def test_concise_colours_add_nothing_else():
    assert concise.render(ALL, run()) == re.sub(r"\x1b\[[0-9;]*m", "", concise.render(ALL, run(color=True)))


def test_json_holds_everything_that_a_finding_says():
    expected = {
        "path": "configs/v1.json",
        "line": 2,
        "column": 23,
        "end_line": 2,
        "end_column": 32,
        "code": "RF301",
        "name": "upsampling-product",
        "severity": "error",
        "message": "`upsample_rates` multiplies to 240, but `hop_size: 256` needs 256",
        "declared": "256",
        "computed": "240",
        "derivation": "8·5·3·2 = 240",
        "pointer": "/upsample_rates",
        "related": [
            {"path": "configs/v1.json", "line": 7, "column": 17, "end_line": 7, "end_column": 20, "label": "needs 256"}
        ],
        "notes": ["240 samples are made for every 256: 1.07 times too fast"],
        "help": ["choose factors whose product is 256, or set the hop to 240"],
        "fixes": [
            {"title": "set `hop_size` to 240", "safe": False, "edits": [{"start": 171, "end": 174, "text": "240"}]}
        ],
    }

    assert [expected] == json.loads(findings_json.render([PRODUCT], run()))["findings"]


def test_json_of_a_whole_file_and_the_summary_in_full():
    expected = (
        '{"schema_version": 1, "findings": [\n'
        '{"path": "broken.yaml", "line": 1, "column": 1, "end_line": 1, "end_column": 1, "code": "RF001", '
        '"name": "unreadable-file", "severity": "error", "message": "The file is not UTF-8 (byte 0xff at offset 0)", '
        '"declared": null, "computed": null, "derivation": null, "pointer": "", "related": [], "notes": [], '
        '"help": [], "fixes": []}\n'
        "],\n"
        '"summary": {"files": 41, "recognised": 3, "errors": 1, "warnings": 0, "infos": 0, "suppressed": 4}}\n'
    )

    assert expected == findings_json.render([UNREADABLE], run(suppressed=4))


def test_json_of_nothing():
    expected = (
        '{"schema_version": 1, "findings": [],\n'
        '"summary": {"files": 0, "recognised": 0, "errors": 0, "warnings": 0, "infos": 0, "suppressed": 0}}\n'
    )

    assert expected == findings_json.render([], run(files=0, recognised=0))


@pytest.mark.parametrize("findings", [[], ALL, [at(1, 1, 2, 2, message="\ud800 \x00", path="x\udcff")]])
def test_json_meets_its_schema(findings):
    schema = load_schema("report-check")
    Draft202012Validator.check_schema(schema)
    text = findings_json.render(findings, run())

    assert text.isascii()
    Draft202012Validator(schema).validate(json.loads(text))


def test_the_schema_refuses_what_is_no_report():
    report = json.loads(findings_json.render(ALL, run()))
    del report["findings"][1]["derivation"]

    with pytest.raises(ValidationError, match="derivation"):
        Draft202012Validator(load_schema("report-check")).validate(report)


def test_github_puts_the_gravest_first_and_closes_with_a_plain_line():
    expected = (
        "::error title=RF001 unreadable-file,file=broken.yaml,line=1,col=1,endLine=1,endColumn=1::"
        "broken.yaml:1:1: RF001 The file is not UTF-8 (byte 0xff at offset 0)\n"
        "::error title=RF301 upsampling-product,file=configs/v1.json,line=2,col=23,endLine=2,endColumn=32::"
        "configs/v1.json:2:23: RF301 `upsample_rates` multiplies to 240, but `hop_size: 256` needs 256"
        "%0Aderivation: 8·5·3·2 = 240%0Ahelp: choose factors whose product is 256, or set the hop to 240\n"
        "::warning title=RF701 sample-rates-disagree,file=recipe/train.yaml,line=2,col=6,endLine=2,endColumn=11::"
        "recipe/train.yaml:2:6: RF701 `sr: 22050` differs from the 24000 of `data.yaml`\n"
    )

    assert expected + CLOSING == github.render([ELSEWHERE, UNREADABLE, PRODUCT], run(suppressed=2))


def test_github_escapes_what_would_end_a_command():
    expected = (
        "::notice title=RF101 step-missed,file=50%25%2Ca%3Ab.yaml,line=1,endLine=3::"
        "50%25,a:b.yaml:1:4: RF101 5 %25 off\\r\\n::error::"
    )
    finding = at(1, 4, 3, 2, path="50%,a:b.yaml", message="5 % off\r\n::error::", severity="info")

    assert expected == github.render([finding], run()).splitlines()[0]


@pytest.mark.parametrize("report", [concise, github])
def test_a_clean_run_is_one_line(report):
    expected = "All good: 3 configs recognised in 41 files.\n"

    assert expected == report.render([], run())


def sarif_run(findings, **changes):
    log = json.loads(sarif.render(findings, run(**changes)))

    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    return log["runs"][0]


def test_sarif_names_the_rules_that_spoke_and_every_result_points_at_its_own():
    found = sarif_run(ALL, pages={"RF301": "The product of the factors\n\n## What it does\n\nMultiplies.\n"})
    rules = found["tool"]["driver"]["rules"]

    assert [rule["id"] for rule in rules] == ["RF001", "RF301", "RF701"]
    assert rules[1]["shortDescription"]["text"] == "The product of the factors"
    assert rules[1]["help"]["markdown"].startswith("## What it does")
    assert rules[0]["shortDescription"]["text"] == "unreadable-file" and "help" not in rules[0]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in found["results"])
    assert [result["level"] for result in found["results"]] == ["error", "error", "warning"]


def test_sarif_holds_place_text_related_places_and_edits():
    result = sarif_run([PRODUCT])["results"][0]
    place = result["locations"][0]["physicalLocation"]

    assert place["artifactLocation"]["uri"] == "configs/v1.json"
    assert place["region"] == {"startLine": 2, "startColumn": 23, "endLine": 2, "endColumn": 32}
    assert result["message"]["text"].splitlines() == [
        "`upsample_rates` multiplies to 240, but `hop_size: 256` needs 256",
        "Derivation: 8·5·3·2 = 240",
        "240 samples are made for every 256: 1.07 times too fast",
        "Help: choose factors whose product is 256, or set the hop to 240",
    ]
    assert result["relatedLocations"][0]["message"]["text"] == "needs 256"
    change = result["fixes"][0]["artifactChanges"][0]
    assert change["replacements"] == [
        {"deletedRegion": {"charOffset": 171, "charLength": 3}, "insertedContent": {"text": "240"}}
    ]


@pytest.mark.parametrize(
    ("path", "uri"), [("a b/ü%.yaml", "a%20b/%C3%BC%25.yaml"), ("./x.yaml", "x.yaml"), ("x\udcff", "x%FF")]
)
def test_sarif_writes_paths_as_relative_references(path: str, uri: str):
    result = sarif_run([at(1, 1, 1, 2, path=path)])["results"][0]

    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_sarif_and_gitlab_of_nothing_are_empty_reports():
    assert sarif_run([])["results"] == []
    assert json.loads(gitlab.render([], run())) == []


def test_gitlab_gives_description_severity_and_lines():
    expected = {
        "description": "RF301: `upsample_rates` multiplies to 240, but `hop_size: 256` needs 256",
        "check_name": "RF301 upsampling-product",
        "severity": "major",
        "location": {"path": "configs/v1.json", "lines": {"begin": 2, "end": 2}},
    }
    issue = json.loads(gitlab.render([PRODUCT], run()))[0]

    assert re.fullmatch("[0-9a-f]{64}", issue.pop("fingerprint"))
    assert expected == issue


def test_fingerprints_are_unique_and_outlive_a_shift_of_lines():
    twins = [at(3, 1, 3, 2, pointer="/a"), at(3, 5, 3, 6, pointer="/a"), at(4, 1, 4, 2, pointer="/b")]
    moved = [finding._replace(span=finding.span._replace(line=9, end_line=9)) for finding in twins]
    marks = [[issue["fingerprint"] for issue in json.loads(gitlab.render(found, run()))] for found in (twins, moved)]
    sarif_marks = [result["partialFingerprints"]["rflint/v1"] for result in sarif_run(twins)["results"]]

    assert len(set(marks[0])) == 3
    assert marks[0] == marks[1] == sarif_marks
