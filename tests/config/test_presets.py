"""Presets: they hold together, give their reasons, and a plan is laid over them."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from curate.config.load import load_plan
from curate.config.presets import NAMES, laid_over, preset_text
from curate.core.errors import ConfigError
from curate.core.finding import Severity
from curate.core.plan import Budget, Plan
from curate.engines.registry import load_checks


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_names_checks_that_exist(name: str) -> None:
    plan = load_plan(f'extends = "{name}"', "curate.toml")
    load_checks(plan)
    assert replace(load_plan(preset_text(name), ""), places={}) == replace(plan, places={})


@pytest.mark.parametrize("name", NAMES)
def test_every_choice_has_its_reason_beside_it(name: str) -> None:
    paragraphs = [part for part in preset_text(name).split("\n\n") if " = " in part]
    assert paragraphs
    assert [part for part in paragraphs if "#" not in part] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_changes_something(name: str) -> None:
    """Without it, what it says would be otherwise: nothing in it is idle."""
    default, plan = Plan(), load_plan(f'extends = "{name}"', "curate.toml")
    checks = {check.name: check.severity for check in load_checks(default)}
    said = tomllib.loads(preset_text(name))["budget"]
    idle = [
        check
        for check in said
        if plan.budget_of(check, checks[check]) == default.budget_of(check, checks[check])
    ]
    assert set(idle) <= {"duplicate.conflict", "template.leaked-token"}, idle


def test_strict_allows_no_more_than_lenient() -> None:
    strict, lenient = (
        load_plan(f'extends = "{name}"', "").budget_of for name in ("sft-strict", "sft-lenient")
    )
    for check in load_checks(Plan()):
        ours, theirs = strict(check.name, check.severity), lenient(check.name, check.severity)
        for rows in (0, 1, 10, 100):
            allowed = ours is None or ours.allows(rows, 1_000)
            assert not allowed or theirs is None or theirs.allows(rows, 1_000), check.name


def test_a_plan_is_laid_over_it() -> None:
    plan = load_plan('extends = "chat"\nignore = ["pii"]\n[budget]\n"duplicate.exact" = 3\n', "curate.toml")
    assert plan.budget["duplicate.exact"] == Budget(count=3)
    assert plan.budget["length.too-long"] == Budget(share=0.01)
    assert plan.ignore == ("pii",)
    assert plan.places["budget.duplicate.exact"] == "curate.toml:4"
    assert "budget.length.too-long" not in plan.places


def test_what_is_said_of_a_family_holds_for_its_checks() -> None:
    plan = load_plan('extends = "sft-strict"\n[budget]\npii = "2%"\n"pii.card" = 1\n', "curate.toml")
    assert plan.budget_of("pii.secret", Severity.WARNING) == Budget(share=0.02)
    assert plan.budget_of("pii.card", Severity.WARNING) == Budget(count=1)
    assert plan.budget_of("text.mojibake", Severity.WARNING) == Budget(count=0)


@pytest.mark.parametrize("said", ['"duplicate.exact"', "duplicate"])
def test_a_severity_of_the_plan_takes_the_budget_of_the_preset_with_it(said: str) -> None:
    """Else what the plan calls a warning would block, for the preset's sake."""
    text = f'extends = "sft-strict"\n[severity]\n{said} = "warning"\n'
    plan = load_plan(text, "curate.toml")
    assert plan.budget_of("duplicate.exact", Severity.WARNING) is None
    assert plan.budget_of("text.mojibake", Severity.WARNING) == Budget(count=0)
    own = load_plan(text + '[budget]\n"duplicate.exact" = 7\n', "curate.toml")
    assert own.budget_of("duplicate.exact", Severity.WARNING) == Budget(count=7)


def test_a_check_that_the_plan_selects_is_not_ignored_by_the_preset() -> None:
    assert load_plan('extends = "chat"\nselect = ["answer.too-short"]', "").wants("answer.too-short")
    assert not load_plan('extends = "chat"\nselect = ["answer"]', "").wants("answer.too-short")
    text = 'extends = "chat"\nselect = ["answer.too-short"]\nignore = ["answer"]'
    assert not load_plan(text, "").wants("answer.too-short")


def test_tables_are_merged_and_the_rest_is_replaced() -> None:
    assert laid_over("chat", {"quarantine": "1%"})["quarantine"] == "1%"
    assert laid_over("chat", {"run": {"seed": 1}})["run"] == {"seed": 1}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            '\nextends = "sft-strickt"',
            "curate.toml:2: there is no preset 'sft-strickt'; did you mean 'sft-strict'?",
        ),
        ("extends = 3", "curate.toml:1: there is no preset '3'; one of: sft-lenient"),
        ('extend = "chat"', "curate.toml:1: unknown key 'extend'; did you mean 'extends'?"),
    ],
)
def test_a_mistyped_preset_is_named(text: str, says: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_plan(text, "curate.toml")
    assert says in str(error.value)
