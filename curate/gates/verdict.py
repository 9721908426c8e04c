"""The verdict and the exit code: one function of the report's facts and the plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from curate.core.report import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.plan import Plan
    from curate.core.report import Problem, Report, RowAccount

ROWS_AND_FILES = ("row", "file")

PASS, OVER_BUDGET, NOTHING = 0, 1, 3


def judge_facts(problems: Sequence[Problem], rows: RowAccount, evaluated: int, plan: Plan) -> Verdict:
    """Fit or unfit, and why.

    Args:
        problems: in order of harm.
        rows: the row account.
        evaluated: how many checks looked at how many rows, multiplied; zero means that nothing was shown.
        plan: budgets.
    """
    if evaluated == 0:
        what = "no row could be read" if not rows.kept else "no check was selected"
        return Verdict("nothing", NOTHING, "Nothing was evaluated", (what,))
    blocking = [problem for problem in problems if problem.blocks]
    reasons = list(map(_reason, blocking))
    if not plan.quarantine.allows(rows.quarantined, rows.in_):
        reasons.insert(0, f"{_rows(rows.quarantined)} cannot be read, allowed {plan.quarantine}")
    if reasons:
        count = len(reasons)
        headline = f"Not fit to train on: {count} problem{'s' * (count != 1)} block{'s' * (count == 1)}"
        return Verdict("unfit", OVER_BUDGET, headline, tuple(reasons))
    warnings = sum(problem.severity != "info" for problem in problems)
    if warnings:
        headline = f"Fit to train on, with {warnings} warning{'s' * (warnings != 1)}"
        return Verdict("fit", PASS, headline)
    return Verdict("fit", PASS, "Fit to train on: no problem found")


def judged_with(report: Report, more: Sequence[Problem], evaluated: int, plan: Plan) -> Report:
    """The report with further problems, judged again; ``evaluated`` as for :func:`judge_facts`."""
    problems = sorted((*report.problems, *more), key=lambda p: (not p.blocks, -p.harm.score, p.check))
    verdict = judge_facts(problems, report.rows, evaluated, plan)
    return replace(report, problems=tuple(problems), verdict=verdict)


def _reason(problem: Problem) -> str:
    """How many there are and how many are allowed; what is no count of faults is said in words."""
    if problem.about not in ROWS_AND_FILES:
        return f"{problem.check}: {problem.title} ({problem.counted})"
    return f"{problem.check}: {problem.counted} ({problem.share:.2%}), allowed {problem.budget}"


def _rows(count: int) -> str:
    return f"{count:,} row{'s' * (count != 1)}"
