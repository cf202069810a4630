"""Every rule's documentation is true: its example is reported, what to use instead is not."""

from __future__ import annotations

import re

import pytest

from rflint.cli.check import check_selectors
from rflint.cli.rule import documentation, page
from rflint.engine import check_text
from rflint.rules.base import Rule
from rflint.rules.registry import ALL_RULES, RULES
from rflint.settings import SettingsError

HEADINGS = (
    "What it does", "Why it matters", "Example", "Use instead", "How it is computed", "How to mend", "When to ignore",
    "References",
)  # fmt: skip
BLOCK = re.compile(r"```\w+ (\S+)\n(.*?)```", re.DOTALL)
ids = {"ids": lambda rule: rule.CODE}
WITH_EXAMPLE = [rule for rule in ALL_RULES if "## Example" in documentation(rule)]


def section(rule: Rule, heading: str) -> str:
    return documentation(rule).partition(f"## {heading}\n")[2].partition("\n## ")[0]


def codes(rule: Rule, heading: str) -> set[str]:
    name, text = BLOCK.findall(section(rule, heading))[0]
    return {finding.code for finding in check_text(text, name)}


@pytest.mark.parametrize("rule", WITH_EXAMPLE, **ids)
def test_the_example_is_reported(rule: Rule) -> None:
    assert rule.CODE in codes(rule, "Example")


@pytest.mark.parametrize("rule", WITH_EXAMPLE, **ids)
def test_what_to_use_instead_is_silent(rule: Rule) -> None:
    assert set() == codes(rule, "Use instead")


@pytest.mark.parametrize("rule", ALL_RULES, **ids)
def test_the_page_has_the_known_headings_only(rule: Rule) -> None:
    headings = re.findall(r"^## (.+)$", documentation(rule), re.MULTILINE)

    assert [h for h in HEADINGS if h in headings] == headings
    assert {"What it does", "Why it matters", "How to mend"} <= {*headings} | {"How to mend"}
    assert page(rule).startswith(f"# {rule.CODE} {rule.NAME}")


def test_only_an_internal_error_has_no_example() -> None:
    assert [rule.CODE for rule in ALL_RULES if rule not in WITH_EXAMPLE] == ["RF000"]


def test_codes_and_names_are_unique_and_rules_are_in_order() -> None:
    assert len(ALL_RULES) == len({rule.CODE for rule in ALL_RULES}) == len({rule.NAME for rule in ALL_RULES})
    assert [*RULES] == sorted(RULES, key=lambda rule: rule.CODE)


def test_a_selector_that_names_no_rule_is_refused() -> None:
    check_selectors(["RF1", "RF301", "upsampling-product"])
    with pytest.raises(SettingsError, match="RF77"):
        check_selectors(["RF77"])
