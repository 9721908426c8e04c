"""Workflow commands of GitHub Actions: lines that the runner turns into annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from curate.reports.ci.annotations import annotate

if TYPE_CHECKING:
    from curate.core.report import Report
    from curate.reports.ci.annotations import Annotation

MOST = 10
"""Annotations of each level that GitHub keeps of a step."""

COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report) -> str:
    """A line a problem, worst first; what is over the platform's limit is counted in the last one of its level."""
    lines: list[str] = []
    found = annotate(report)
    for level, command in COMMANDS.items():
        some = [one for one in found if one.level == level]
        over = len(some) - MOST
        lines += map(_line, some[: MOST - 1] if over > 0 else some)
        if over > 0:
            names = ", ".join(one.check for one in some[MOST - 1 :])
            lines.append(f"::{command} title=curate::{_text(f'and {over + 1} more: {names}')}")
    if report.verdict.status == "nothing":
        lines.append(f"::error title=curate::{_text(report.verdict.headline)}")
    return "\n".join(lines)


def _line(one: Annotation) -> str:
    where = f"file={_property(one.first.file)}"
    line = f",line={one.first.line}" if one.first.line is not None else ""
    title = f",title={_property(f'curate: {one.check}')}"
    return f"::{COMMANDS[one.level]} {where}{line}{title}::{_text(f'{one.title}: {one.message} {one.mend}'.strip())}"


def _text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
