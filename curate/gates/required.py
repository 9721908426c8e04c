"""What must be there beside sound rows: enough of them. Fields that every row must have are checks of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curate.core.report import Example, Harm, Problem
from curate.gates.waivers import place_of

if TYPE_CHECKING:
    from curate.core.plan import Plan
    from curate.core.report import Report

TOO_FEW = "require.minimum-rows"


def too_few(report: Report, plan: Plan) -> tuple[Problem, ...]:
    """A problem if fewer rows can be read than the plan asks for; none otherwise."""
    least, rows = plan.require.rows, report.rows.kept
    if rows >= least:
        return ()
    place = place_of(plan.places.get("require.rows", ""), report)
    return (
        Problem(
            check=TOO_FEW,
            title=f"There are fewer than {least:,} rows",
            why="The plan asks for so many: a file that was cut short, or filtered by mistake, has fewer.",
            mend="Find out where the others are, or ask for fewer in the plan: [require] rows.",
            command="",
            severity="error",
            blocks=True,
            budget=f"{least:,} or more",
            findings=1,
            rows=rows,
            share=rows / least,
            harm=Harm(tokens=0, share=0.0),
            examples=(Example(place, f"{rows:,} rows can be read"),),
            about="readable row",
        ),
    )
