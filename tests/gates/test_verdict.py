"""Budgets decide; the verdict and the exit code are one function of facts and plan."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from curate.api import report
from curate.core.finding import Severity
from curate.core.plan import Budget, Plan
from curate.core.report import Harm, Problem, RowAccount
from curate.gates.verdict import Agreed, judge_facts
from tests.faults import clean_rows

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def with_a_refusal(tmp_path: Path) -> str:
    rows = [*clean_rows("alpaca"), {"instruction": "Sum up.", "input": "", "output": ""}]
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (Plan(), 1),
        (Plan(budget={"schema.empty-answer": Budget(count=1)}), 0),
        (Plan(budget={"schema.empty-answer": Budget(count=0)}), 1),
        (Plan(budget={"schema.empty-answer": Budget(share=0.2)}), 0),
        (Plan(budget={"schema.empty-answer": Budget(share=0.1)}), 1),
        (Plan(budget={"schema.empty-answer": Budget(share=0.2, count=0)}), 1),
        (Plan(budget={"schema.empty-answer": Budget()}), 0),
        (Plan(severity={"schema.empty-answer": Severity.WARNING}), 0),
        (Plan(severity={"schema": Severity.WARNING}), 0),
        (Plan(ignore=("schema.empty-answer",)), 0),
        (Plan(select=("text",)), 0),
        (Plan(select=("text",), ignore=("text",)), 3),
    ],
)
def test_plan_decides_the_exit_code(with_a_refusal: str, plan: Plan, code: int) -> None:
    assert report(with_a_refusal, plan=plan).verdict.exit_code == code


def test_a_warning_with_a_budget_blocks(with_a_refusal: str) -> None:
    plan = Plan(
        severity={"schema.empty-answer": Severity.WARNING}, budget={"schema.empty-answer": Budget(count=0)}
    )
    result = report(with_a_refusal, plan=plan)
    assert result.verdict.exit_code == 1
    assert result.problems[0].blocks


def test_quarantine_has_a_budget_too() -> None:
    rows = RowAccount(in_=1000, kept=999, dropped=0, quarantined=1, edited=0)
    assert judge_facts([], rows, 1, Plan()).exit_code == 1
    assert judge_facts([], rows, 1, Plan(quarantine=Budget(share=0.001))).exit_code == 0


def test_nothing_evaluated_is_no_pass() -> None:
    empty = RowAccount(in_=0, kept=0, dropped=0, quarantined=0, edited=0)
    verdict = judge_facts([], empty, 0, Plan())
    assert (verdict.status, verdict.exit_code) == ("nothing", 3)


def test_rows_must_balance() -> None:
    assert RowAccount(in_=3, kept=1, dropped=1, quarantined=1, edited=1).balanced
    assert not RowAccount(in_=3, kept=1, dropped=1, quarantined=0, edited=0).balanced
    assert not RowAccount(in_=1, kept=1, dropped=0, quarantined=0, edited=2).balanced


def problem(severity: str) -> Problem:
    return Problem(
        *("a.b", "Title", "", "", "", severity), *(False, "", 1, 1, 0.1), Harm(tokens=0, share=0.0)
    )


@pytest.mark.parametrize(
    ("severities", "unread", "known", "waived", "says"),
    [
        ((), 0, 0, 0, ": no problem found"),
        ((), 0, 1, 0, ": no problem found beside 1 known finding"),
        ((), 0, 25, 0, ": no problem found beside 25 known findings"),
        ((), 0, 0, 5, ": no problem found beside 5 waived findings"),
        ((), 0, 25, 5, ": no problem found beside 25 known and 5 waived findings"),
        (("warning",), 0, 0, 0, ", with 1 warning"),
        (("warning", "error"), 0, 25, 0, ", with 2 warnings"),
        (("info",), 0, 0, 0, ", with 1 note"),
        (("warning", "info"), 0, 0, 0, ", with 1 warning and 1 note"),
        ((), 3, 3, 0, ", with 3 unreadable records"),
        (("warning", "info", "info"), 1, 0, 0, ", with 1 warning, 2 notes and 1 unreadable record"),
    ],
)
def test_what_is_shown_is_in_the_headline(
    severities: tuple[str, ...], unread: int, known: int, waived: int, says: str
) -> None:
    """What is fit may be so with warnings, notes, records that nobody can read, or with what was agreed on before."""
    rows = RowAccount(in_=9 + unread, kept=9, dropped=0, quarantined=unread, edited=0)
    plan = Plan(quarantine=Budget())
    verdict = judge_facts([problem(one) for one in severities], rows, 1, plan, Agreed(known, waived))
    assert verdict.headline == f"Fit to train on{says}"
