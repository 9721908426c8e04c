"""The verdict and the exit code: one function of the report's facts and the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curate.core.report import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.plan import Plan
    from curate.core.report import Problem, RowAccount

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
    reasons = [
        f"{problem.check}: {problem.counted} ({problem.share:.2%}), allowed {problem.budget}"
        for problem in blocking
    ]
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


def _rows(count: int) -> str:
    return f"{count:,} row{'s' * (count != 1)}"
