"""What must be there beside sound rows: enough of them. Fields that every row must have are checks of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curate.core.finding import Severity
from curate.core.policy import TOO_FEW
from curate.core.report import Example, Harm, Problem
from curate.gates.waivers import place_of

if TYPE_CHECKING:
    from curate.core.plan import Budget, Plan
    from curate.core.report import Report


def too_few(report: Report, plan: Plan) -> tuple[Problem, ...]:
    """A problem if fewer rows can be read than the plan asks for; none otherwise.

    A budget says how many may be missing, or which share of those that are asked for.
    """
    least, rows = plan.require.rows, report.rows.kept
    if rows >= least or plan.ignores(TOO_FEW):
        return ()
    severity = plan.severity_of(TOO_FEW, Severity.ERROR)
    budget = plan.budget_of(TOO_FEW, severity)
    place = place_of(plan.places.get("require.rows", ""), report)
    return (
        Problem(
            check=TOO_FEW,
            title=f"There are fewer than {least:,} rows",
            why="The plan asks for so many: a file that was cut short, or filtered by mistake, has fewer.",
            mend="Find out where the others are, or ask for fewer in the plan: [require] rows.",
            command="",
            severity=severity.value,
            blocks=budget is not None and not budget.allows(least - rows, least),
            budget=f"{least:,} or more{_room(budget)}",
            findings=1,
            rows=rows,
            share=rows / least,
            harm=Harm(tokens=0, share=0.0),
            examples=(Example(place, f"{rows:,} rows can be read"),),
            about="readable row",
        ),
    )


def _room(budget: Budget | None) -> str:
    """How many may be missing, where the plan says so."""
    has_room = budget is not None and (budget.count or budget.share)
    return f", {budget.told('row')} fewer" if budget is not None and has_room else ""
