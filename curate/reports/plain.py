"""The report as JSON, and as the lines of ``curate check``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from curate.text.visible import visible_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.core.report import Problem, Report


def render_json(report: Report) -> str:
    """One JSON object, indented; its schema is in ``docs/reference/report-schema.md``."""
    return json.dumps(report.to_dict(), ensure_ascii=False, indent=2)


def render_lines(report: Report) -> str:
    """One line a problem, in the ``file:line: severity: check: message`` form that editors understand."""
    return "\n".join((*_problem_lines(report), *_quarantine_lines(report), *_last_lines(report)))


def place_text(file: str, line: int | None, row: int) -> str:
    """``file:line``, or the row's number where there are no lines."""
    return f"{visible_name(file)}:{line}" if line is not None else f"{visible_name(file)} row {row}"


def plural(count: int, noun: str) -> str:
    """``1 row``, ``2 rows``."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def _problem_lines(report: Report) -> Iterator[str]:
    for problem in report.problems:
        place = problem.examples[0].place
        where = place_text(place.file, place.line, place.row)
        yield f"{where}: {_level(problem)}: {problem.check}: {_count(problem)}; {problem.title}"


def _level(problem: Problem) -> str:
    """What blocks is an error; an error within its budget is a warning."""
    if problem.blocks:
        return "error"
    return "warning" if problem.severity == "error" else problem.severity


def _count(problem: Problem) -> str:
    allowed = f", allowed {problem.budget}" if problem.budget else ""
    first = " from here on" if problem.rows > 1 else ""
    return f"{problem.counted}{first} ({problem.share:.2%}){allowed}"


def _quarantine_lines(report: Report) -> Iterator[str]:
    level = "error" if report.quarantine_blocks else "warning"
    for item in report.quarantine:
        yield f"{place_text(item.file, item.line, item.row)}: {level}: quarantine: {item.reason}"
    hidden = report.rows.quarantined - len(report.quarantine)
    if hidden > 0:
        yield f"and {plural(hidden, 'more record')} that cannot be read"


def _last_lines(report: Report) -> Iterator[str]:
    if any(problem.rows > 1 for problem in report.problems):
        yield "--findings FILE lists every row of every problem"
    rows = report.rows
    account = f"{rows.in_:,} rows in = {rows.kept:,} kept + {rows.dropped:,} dropped + {rows.quarantined:,} quarantined"
    yield f"{report.verdict.headline} ({account})"
