"""Findings of others as problems of the report: what a schema suite says stands beside what our checks say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from curate.core.finding import FOUND
from curate.core.harm import harm_of
from curate.core.report import Harm, Problem
from curate.engines.examples import show_examples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.outside import Outside
    from curate.core.plan import Plan
    from curate.engines.scan import Scan


def problems_of(found: Sequence[Outside], scan: Scan, plan: Plan) -> list[Problem]:
    """One problem for each, with examples; what is about the data as a whole names its first row."""
    first = scan.index["row"].head(1).to_list()
    rows = {one.name: list(one.rows) or first for one in found}
    frames = {name: _frame(numbers, one) for (name, numbers), one in zip(rows.items(), found, strict=True)}
    problems = [_problem(one, len(rows[one.name]), scan, plan) for one in found]
    return show_examples(problems, replace(scan, found=frames), plan)


def _frame(rows: list[int], one: Outside) -> pl.DataFrame:
    columns = {name: [None] * len(rows) for name in FOUND}
    return pl.DataFrame(
        {**columns, "row": rows, "at": [""] * len(rows), "message": [one.title] * len(rows)}, schema=FOUND
    )


def _problem(one: Outside, rows: int, scan: Scan, plan: Plan) -> Problem:
    severity = plan.severity.get(one.name, one.severity)
    budget = plan.budget_of(one.name, severity)
    is_whole = not one.rows
    total = max(len(scan.opened) if is_whole else len(scan.index), 1)
    graded = harm_of(one.name, severity)
    share = rows / total
    return Problem(
        check=one.name,
        title=one.title,
        why=one.why,
        mend="Mend the rows, or the suite that asks for it.",
        command="",
        severity=severity.value,
        blocks=budget is not None and not budget.allows(rows, total),
        budget=budget.told("file" if is_whole else "row") if budget is not None else "",
        findings=rows,
        rows=rows,
        share=share,
        harm=Harm(
            tokens=0,
            share=share,
            grade=graded.grade.value,
            weight=graded.weight,
            why=graded.why,
            score=share * graded.weight,
        ),
        about="file" if is_whole else "row",
    )
