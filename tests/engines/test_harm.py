"""Harm ranks problems: a rare deadly fault comes before a common harmless one."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from curate.api import report
from curate.core.finding import Severity
from curate.core.harm import CHECKS, FAMILIES, WEIGHTS, Grade, harm_of
from curate.core.plan import Budget, Plan
from curate.engines.registry import check_names, load_check
from curate.reports.pages import index_page, markdown_page, terminal_page

if TYPE_CHECKING:
    from pathlib import Path

    from curate.core.report import Problem, Report

FREE = {name: Budget() for name in check_names()}
"""Nothing blocks, so that harm alone ranks."""


def ranked(path: Path, rows: list[tuple[str, str]], **plan: object) -> Report:
    lines = [json.dumps({"instruction": asked, "input": "", "output": said}) for asked, said in rows]
    path.write_text("\n".join(lines), "utf-8")
    return report(str(path), plan=Plan(budget=FREE, **plan))  # type: ignore[arg-type]


def of(result: Report, check: str) -> Problem:
    return next(problem for problem in result.problems if problem.check == check)


def plain(at: int) -> tuple[str, str]:
    return f"Who repairs roof number {at}?", f"The landlord repairs roof {at} before the winter begins."


def test_rare_leaked_end_tokens_come_before_common_no_break_spaces(tmp_path: Path) -> None:
    rows = [plain(at) for at in range(1000)]
    rows[:400] = [(asked, said.replace(" repairs", "\u00a0repairs")) for asked, said in rows[:400]]
    rows[500:505] = [(asked, said + "<|endoftext|>") for asked, said in rows[500:505]]
    result = ranked(tmp_path / "a.jsonl", rows, select=("template.leaked-token", "text.invisible"))
    assert [problem.check for problem in result.problems] == ["template.leaked-token", "text.invisible"]
    rare, common = result.problems
    assert rare.harm.share < 0.01, "by share alone the order is the other way"
    assert common.harm.share > 0.3


@pytest.mark.parametrize("kind", ["empty", "cut off"])
def test_open_ended_conflicts_do_not_outrank_a_few_empty_or_truncated_answers(
    tmp_path: Path, kind: str
) -> None:
    rows = [plain(at) for at in range(1000)]
    for at in range(0, 600, 2):
        asked = f"Write a slogan for shop {at}."
        rows[at : at + 2] = [(asked, f"Come in to shop {at} and stay."), (asked, f"Shop {at} has it all.")]
    for at in range(800, 810):
        asked, said = rows[at]
        rows[at] = (
            asked,
            "" if kind == "empty" else f"{said} It also pays for the gutters, the chimney and the",
        )
    result = ranked(tmp_path / "a.jsonl", rows)
    names = [problem.check for problem in result.problems]
    check = "schema.empty-answer" if kind == "empty" else "answer.cut-off"
    assert names.index(check) < names.index("duplicate.conflict")
    conflict = of(result, "duplicate.conflict")
    assert conflict.rows == 300
    assert conflict.harm.share > 10 * of(result, check).harm.share


def test_what_blocks_comes_first_whatever_its_harm(tmp_path: Path) -> None:
    rows = [plain(at) for at in range(100)]
    rows[:50] = [(asked, said + "<|endoftext|>") for asked, said in rows[:50]]
    rows[60] = (rows[60][0], rows[60][1].replace(" repairs", "\u00a0repairs"))
    lines = [json.dumps({"instruction": asked, "input": "", "output": said}) for asked, said in rows]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    budget = FREE | {"text.invisible": Budget(count=0)}
    plan = Plan(budget=budget, select=("text.invisible", "template.leaked-token"))
    first, second = report(str(tmp_path / "a.jsonl"), plan=plan).problems
    assert first.blocks
    assert not second.blocks
    assert first.harm.score < second.harm.score


def test_harm_is_weight_times_share(tmp_path: Path) -> None:
    rows = [plain(at) for at in range(20)]
    rows[3] = (rows[3][0], "")
    for problem in ranked(tmp_path / "a.jsonl", rows).problems:
        harm = problem.harm
        assert harm.score == pytest.approx(WEIGHTS[Grade(harm.grade)] * harm.share)
        assert harm.weight == WEIGHTS[Grade(harm.grade)]
        assert harm.why
        assert harm.evidence == "no evidence yet"


def test_every_check_is_graded_with_a_reason_and_no_grade_is_for_nothing() -> None:
    names = check_names()
    assert set(CHECKS) <= set(names)
    assert {name.partition(".")[0] for name in names} <= set(FAMILIES)
    assert all(harm_of(name).why for name in names)
    same = [name for name, graded in CHECKS.items() if graded == FAMILIES[name.partition(".")[0]]]
    assert same == []


def test_a_team_s_own_check_is_graded_by_its_severity() -> None:
    grades = [harm_of("house.style", severity).grade for severity in Severity]
    assert grades == [Grade.SERIOUS, Grade.MINOR, Grade.MINOR]


def test_grades_are_orders_of_magnitude() -> None:
    """Near ties must not depend on a weight: a step is worth ten times the share."""
    weights = list(WEIGHTS.values())
    assert weights == sorted(weights, reverse=True)
    assert all(high / low == pytest.approx(10) for high, low in pairwise(weights))


def test_pages_explain_the_grade() -> None:
    check = load_check("template.leaked-token")
    for page in (terminal_page(check), markdown_page(check)):
        assert "Deadly (weight 1): the model learns not to stop" in page
        assert "Effect on a trained model: not measured yet." in " ".join(page.split())
    assert "by judgement" in index_page([check])
