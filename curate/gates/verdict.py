"""The verdict and the exit code: one function of the report's facts and the plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from curate.core.report import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate.core.plan import Plan
    from curate.core.report import Problem, Report, RowAccount

ROWS_AND_FILES = ("row", "file")

PASS, OVER_BUDGET, NOTHING = 0, 1, 3


class Agreed(NamedTuple):
    """Findings that are in no problem: those that a baseline holds, and those that somebody answers for."""

    known: int = 0
    waived: int = 0


def judge_facts(
    problems: Sequence[Problem], rows: RowAccount, evaluated: int, plan: Plan, agreed: Agreed | None = None
) -> Verdict:
    """Fit or unfit, and why.

    Args:
        problems: in order of harm.
        rows: the row account.
        evaluated: how many checks looked at how many rows, multiplied; zero means that nothing was shown.
        plan: budgets.
        agreed: findings that are in no problem.
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
    return Verdict("fit", PASS, _fit(problems, rows, agreed or Agreed()))


def _fit(problems: Sequence[Problem], rows: RowAccount, agreed: Agreed) -> str:
    """Whatever is shown below it is in it: nobody reads "no problem" above a list of some."""
    notes = sum(problem.severity == "info" for problem in problems)
    shown = [
        _counted(len(problems) - notes, "warning"),
        _counted(notes, "note"),
        _counted(rows.quarantined, "unreadable record"),
    ]
    if any(shown):
        return f"Fit to train on, with {_listed(shown)}"
    beside = _listed([f"{count:,} {word}" for word, count in agreed._asdict().items() if count])
    findings = f" beside {beside} finding{'s' * (sum(agreed) != 1)}" if beside else ""
    return f"Fit to train on: no problem found{findings}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}" if count else ""


def _listed(given: Sequence[str]) -> str:
    """One, one and another, or one, another and a third; without what is empty."""
    parts = [part for part in given if part]
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def judged_with(report: Report, more: Sequence[Problem], evaluated: int, plan: Plan) -> Report:
    """The report with further problems, judged again; ``evaluated`` as for :func:`judge_facts`."""
    problems = sorted((*report.problems, *more), key=lambda p: (not p.blocks, -p.harm.score, p.check))
    known = report.baseline.known if report.baseline is not None else 0
    waived = sum(waiver.findings for waiver in report.waivers)
    verdict = judge_facts(problems, report.rows, evaluated, plan, Agreed(known, waived))
    return replace(report, problems=tuple(problems), verdict=verdict)


def _reason(problem: Problem) -> str:
    """How many there are and how many are allowed; what is no count of faults is said in words."""
    if problem.about not in ROWS_AND_FILES:
        return f"{problem.check}: {problem.title} ({problem.counted})"
    return f"{problem.check}: {problem.counted} ({problem.share:.2%}), allowed {problem.budget}"


def _rows(count: int) -> str:
    return f"{count:,} row{'s' * (count != 1)}"
