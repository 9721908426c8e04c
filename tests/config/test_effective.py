"""The plan in full says the same as the plan, and who says so."""

from __future__ import annotations

import pytest

from curate.checks.required import required
from curate.config.effective import show_plan
from curate.config.load import load_plan
from curate.config.presets import NAMES
from curate.core.plan import Plan
from curate.engines.registry import check_names, load_check, load_checks
from tests.config.test_asked_sections import FULL as POLICY
from tests.config.test_load import FULL

ALL = [load_check(name) for name in check_names()]
BARE = FULL.replace('own-checks = ["our-checks"]\n', "")
"""The folder of own checks is not there."""


def full(text: str) -> str:
    plan = load_plan(text, "curate.toml")
    return show_plan(text, "curate.toml", plan, [*ALL, *required(plan.require.fields)])


@pytest.mark.parametrize("text", ["", BARE, POLICY, *(f'extends = "{name}"\n{POLICY}' for name in NAMES)])
def test_it_reads_back_as_the_same_plan(text: str) -> None:
    plan, same = load_plan(text, "curate.toml"), load_plan(full(text), "full.toml")
    ours, theirs = load_checks(plan), load_checks(same)
    assert ours == theirs
    for check in ours:
        one, other = (each.budget_of(check.name, check.severity) for each in (plan, same))
        for rows in (0, 1, 2, 5, 50, 500):
            allowed = [budget is None or budget.allows(rows, 1_000) for budget in (one, other)]
            assert allowed[0] == allowed[1], check.name
    for name in ("quarantine", "encoding", "allow", "skip", "options", "require", "mapping", "workers"):
        assert getattr(plan, name) == getattr(same, name)
    assert [one.until for one in plan.waivers] == [one.until for one in same.waivers]


def line(text: str, section: str, check: str) -> str:
    shown = full(text).partition(f"\n[{section}]\n")[2]
    return next(one for one in shown.splitlines() if one.startswith(f'"{check}" = '))


def test_it_says_who_says_so() -> None:
    text = 'extends = "sft-strict"\n\n[budget]\nanswer = "2%"\n"pii.card" = 1\n[severity]\nanswer = "error"\n'
    assert line(text, "budget", "pii.card") == '"pii.card" = 1  # curate.toml:5'
    assert line(text, "budget", "pii.secret") == '"pii.secret" = 0  # sft-strict'
    assert line(text, "budget", "answer.html") == '"answer.html" = "2%"  # curate.toml:4'
    assert line(text, "budget", "schema.no-target") == '"schema.no-target" = 0  # default'
    assert line(text, "severity", "answer.html") == '"answer.html" = "error"  # curate.toml:7'
    assert line("", "budget", "answer.html") == '"answer.html" = "none"  # default'


def test_what_does_not_run_is_ignored_by_name() -> None:
    plan = load_plan(full('select = ["schema"]\nignore = ["schema.encoding"]'), "")
    assert {check.name for check in load_checks(plan)} == {
        check.name for check in load_checks(Plan(select=("schema",), ignore=("schema.encoding",)))
    }
