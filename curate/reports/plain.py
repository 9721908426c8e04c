"""The report as JSON, and as the lines of ``curate check``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from curate.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from curate.core.report import Problem, Report


def render_json(report: Report) -> str:
    """One JSON object, indented; its schema is in ``docs/report-schema.md``."""
    return json.dumps(report.to_dict(), ensure_ascii=False, indent=2)


def render_lines(report: Report) -> str:
    """One line a problem, in the ``file:line: severity: check: message`` form that editors understand."""
    return "\n".join((*_problem_lines(report), *_quarantine_lines(report), _last_line(report)))


def place_text(file: str, line: int | None, row: int) -> str:
    """``file:line``, or the row's number where there are no lines."""
    return f"{visible(file)}:{line}" if line is not None else f"{visible(file)} row {row}"


def _problem_lines(report: Report) -> Iterator[str]:
    for problem in report.problems:
        yield f"{_first(problem)}: {problem.severity}: {problem.check}: {_count(problem)}; {problem.title}"


def _first(problem: Problem) -> str:
    place = problem.examples[0].place
    return place_text(place.file, place.line, place.row)


def _count(problem: Problem) -> str:
    allowed = f", allowed {problem.budget}" if problem.budget else ""
    return f"{problem.rows:,} row{'s' * (problem.rows != 1)} ({problem.share:.2%}){allowed}"


def _quarantine_lines(report: Report) -> Iterator[str]:
    for item in report.quarantine:
        yield f"{place_text(item.file, item.line, item.row)}: error: quarantine: {item.reason}"
    hidden = report.rows.quarantined - len(report.quarantine)
    if hidden > 0:
        yield f"and {hidden:,} more records that cannot be read"


def _last_line(report: Report) -> str:
    rows = report.rows
    account = f"{rows.in_:,} rows in = {rows.kept:,} kept + {rows.dropped:,} dropped + {rows.quarantined:,} quarantined"
    return f"{report.verdict.headline} ({account})"
